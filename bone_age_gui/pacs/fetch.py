"""Films from an archive: looked for study by study, fetched object by object, each only once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from bone_age_gui.core.reader.header import read_header
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs import identifiers, refusals
from bone_age_gui.pacs.archive import Archive
from bone_age_gui.pacs.contexts import REPORT_CLASSES
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.query import Instance, MatchPage, Query, SeriesMatch, StudyMatch

PAGE = 50
"""Studies of a page."""
MOST_REPORTS = 50
"""Structured reports of one patient that are looked into."""
_BONE_AGE = b"85151-9"
"""LOINC's code of the bone age, which every report of one holds."""
_UIDS = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")


class Shelf(Protocol):
    """Where fetched objects lie; ``store.film_cache.FilmCache`` is one."""

    def path_of(self, uid: str, /) -> Path | None:
        """The file of an object that is here, else ``None``."""

    def put(self, uid: str, content: bytes, /) -> Path:
        """Keep an object. ``BoneAgeError`` (``disk_full read_only no_folder not_written``) where the disk fails."""


@dataclass(frozen=True)
class Fetched:
    """What came: files, how many of them were here before, and how many are missing or were not what was asked for."""

    paths: tuple[Path, ...] = ()
    earlier: int = 0
    missing: int = 0
    strange: int = 0

    def problem(self) -> BoneAgeError | None:
        """Why not everything is here; ``None`` if it is."""
        if self.strange:
            return refusals.strange_object()
        return refusals.not_delivered() if self.missing else None


def find_page(archive: Archive, query: Query, charset: str, offset: int = 0, size: int = PAGE) -> MatchPage:
    """The series that match among ``size`` studies, the first ``offset`` left out.

    Raises ``BoneAgeError`` with the codes that ``archive.Archive`` lists.
    """
    with closing(_studies(archive, query, charset)) as studies:
        chosen = list(islice(studies, offset, offset + size))
        has_more = next(studies, None) is not None
    series = tuple(each for study in chosen for each in series_of(archive, study, query, charset))
    return MatchPage(series, offset, len(chosen), has_more)


def _studies(archive: Archive, query: Query, charset: str) -> Generator[StudyMatch, None, None]:
    """Each study once. One modality at a time: archives differ in what they make of a list."""
    listed = set()
    for modality in query.modalities or ("",):
        keys = identifiers.study_query(replace(query, modalities=(modality,) if modality else ()))
        with closing(archive.find(keys)) as answers:
            for answer in answers:
                study = identifiers.study_match(answer, charset)
                if study is not None and study.study_uid not in listed:
                    listed.add(study.study_uid)
                    yield study


def series_of(archive: Archive, study: StudyMatch, query: Query, charset: str) -> Iterator[SeriesMatch]:
    """The series of a study that the query wants."""
    for answer in archive.find(identifiers.series_query(study.study_uid)):
        series = identifiers.series_match(answer, study, charset)
        if series is not None and series.is_wanted(query.modalities, query.words):
            yield series


def instances_of(archive: Archive, series: SeriesMatch) -> tuple[list[Instance], int]:
    """The objects of a series, and how many were listed by UIDs that are none."""
    study_uid, series_uid = series.study.study_uid, series.series_uid
    answers = archive.find(identifiers.instance_query(study_uid, series_uid))
    listed = [identifiers.instance_match(answer, study_uid, series_uid) for answer in answers]
    instances = dict.fromkeys(each for each in listed if each is not None)
    return list(instances), sum(each is None for each in listed)


def fetch_series(
    archive: Archive,
    series: SeriesMatch,
    shelf: Shelf,
    control: Control,
    on_film: Callable[[Path], None] = lambda path: None,
) -> Fetched:
    """Have the objects of a series here; those that are already are not fetched again.

    ``on_film`` is called for each as it comes. Raises ``BoneAgeError`` with the codes that ``archive.Archive`` lists,
    and ``disk_full read_only no_folder not_written`` by ``shelf``.
    """
    instances, strange = instances_of(archive, series)
    fetched = fetch_instances(archive, instances, shelf, control, on_film)
    return replace(fetched, strange=fetched.strange + strange)


def fetch_instances(
    archive: Archive,
    instances: Iterable[Instance],
    shelf: Shelf,
    control: Control,
    on_film: Callable[[Path], None] = lambda path: None,
    is_kept: Callable[[bytes], bool] = lambda content: True,
) -> Fetched:
    """Fetch objects that were listed; those that are not kept count as missing.

    Raises ``BoneAgeError`` with the codes that ``archive.Archive`` lists, and ``disk_full read_only no_folder
    not_written`` by ``shelf``.
    """
    wanted = {instance.uid: instance for instance in instances}
    here = {uid: path for uid in wanted if (path := shelf.path_of(uid)) is not None}
    earlier, strange = len(here), 0
    for path in here.values():
        on_film(path)

    def take(content: bytes) -> bool:
        nonlocal strange
        control.look()
        uid = object_uid(content, wanted)
        if uid is None:
            strange += 1
            return False
        if uid not in here and is_kept(content):
            here[uid] = shelf.put(uid, content)
            on_film(here[uid])
        return True

    missing = [instance for uid, instance in wanted.items() if uid not in here]
    if missing:
        archive.get(missing, take)
    paths = tuple(here[uid] for uid in wanted if uid in here)
    return Fetched(paths, earlier, len(wanted) - len(here), strange)


def object_uid(content: bytes, wanted: Mapping[str, Instance]) -> str | None:
    """Which of the wanted objects this DICOM file is; ``None`` if it is none, or says different things of itself."""
    try:
        header = read_header(content, list(_UIDS))
        uid, study = str(header.SOPInstanceUID), str(header.StudyInstanceUID)
        named = str(header.file_meta.MediaStorageSOPInstanceUID)
    except Exception:  # whatever an archive sends
        return None
    instance = wanted.get(uid)
    return uid if instance is not None and named == uid and study == instance.study_uid else None


def fetch_earlier(archive: Archive, patient_id: str, shelf: Shelf, control: Control, charset: str) -> tuple[Path, ...]:
    """The structured reports of a patient that hold a bone age, whoever wrote them; none without a patient's number.

    Raises ``BoneAgeError`` with the codes that ``archive.Archive`` lists, and ``disk_full read_only no_folder
    not_written`` by ``shelf``.
    """
    if not patient_id.strip():
        return ()
    query = Query(patient_id=patient_id, modalities=("SR",))
    listed = list(islice(_reports(archive, query, charset), MOST_REPORTS))
    return fetch_instances(archive, listed, shelf, control, is_kept=lambda content: _BONE_AGE in content).paths


def _reports(archive: Archive, query: Query, charset: str) -> Iterator[Instance]:
    kinds = {str(kind) for kind in REPORT_CLASSES}
    with closing(_studies(archive, query, charset)) as answers:
        studies = list(islice(answers, MOST_REPORTS))
    for study in studies:
        if study.patient_id and study.patient_id != query.patient_id.strip():
            continue
        for series in list(series_of(archive, study, query, charset)):
            instances, _ = instances_of(archive, series)
            yield from (instance for instance in instances if instance.class_uid in kinds)
