"""A child is forgotten everywhere, and nobody else."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reading import Examination, Reading
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.store.entered import NOTHING, Entered
from bone_age_gui.store.film_cache import FilmCache
from bone_age_gui.store.forget import forget_all, forget_child
from bone_age_gui.store.outbox import Outbox
from bone_age_gui.store.worklist import FILE
from films import hand_like, write_dicom
from reports import write_foreign_report
from worklists import FILM, FULL, GIRL, OTHER, opened


def waiting_report(folder: Path, name: str, patient_id: str) -> bytes:
    path = write_foreign_report(folder / name, 130.0, patient_id=patient_id)
    content = path.read_bytes()
    path.unlink()
    return content


def test_a_child_is_forgotten_and_others_are_not(tmp_path: Path) -> None:
    worklist, cache, outbox = opened(tmp_path), FilmCache(tmp_path), Outbox(tmp_path)
    child = worklist.child_of(GIRL, FILM)
    marked = Entered(reading=Reading(138.0, "reader", "SECRETREMARK"))
    for film, whose in ((FILM, child), (OTHER, "somebody")):
        worklist.enter(film, NOTHING, marked if film == FILM else FULL)
        worklist.put_final(film, whose, Examination("1", 136.0), "m")
    for number, patient_id in enumerate(("MRN-7788994", "MRN-1")):
        for uid in (f"1.{number}", f"2.{number}"):
            report = FiledReport("1.9", f"1.8.{number}", "1.7", uid)
            outbox.add("archive", waiting_report(tmp_path, "a.dcm", patient_id), report)
    for parcel in outbox.claim("archive"):
        outbox.release(parcel) if parcel.address.uid.startswith("1.") else outbox.sent(parcel)
    theirs = cache.put("1.1", b"a film that is open")
    other = cache.put("1.2", b"another")
    open_film = hashlib.sha256(b"a film that is open").hexdigest()
    forget_child(worklist, child, frozenset([open_film]), [cache, outbox], ["1.8.0"])
    assert worklist.entered(FILM) == NOTHING
    assert worklist.examinations(child) == ()
    assert worklist.entered(OTHER) != NOTHING
    assert worklist.examinations("somebody")
    assert not theirs.exists()
    assert other.exists()
    assert [parcel.address.uid for parcel in outbox.claim("archive")] == ["1.1"]
    assert outbox.counts()["archive"] == {"waiting": 1, "sent": 1}, "nor which reports of the child were sent"
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"SECRETREMARK" not in content
    assert b"MRN-7788994" not in content


def test_a_child_that_a_person_put_together_is_forgotten_whole(tmp_path: Path) -> None:
    """Fetched films are known by their tags: by those of either child that was put to the other."""
    worklist, cache = opened(tmp_path), FilmCache(tmp_path)
    twice = replace(GIRL, patient_id="OTHER-NUMBER")
    for patient in (GIRL, twice):
        worklist.put_final(
            f"film of {patient.patient_id}", worklist.child_of(patient, ""), Examination("1", 136.0), "m"
        )
    child, other = worklist.child_of(GIRL, ""), worklist.child_of(twice, "")
    worklist.join(child, other)
    films = []
    for number, patient_id in enumerate(("MRN-7788994", "OTHER-NUMBER", "MRN-1")):
        path = write_dicom(tmp_path / "film.dcm", hand_like(), PatientID=patient_id, SOPInstanceUID=f"1.{number}")
        films.append(cache.put(f"1.{number}", path.read_bytes()))
    forget_child(worklist, child, frozenset(), [cache])
    assert [path.exists() for path in films] == [False, False, True]
    assert worklist.examinations(child) == worklist.examinations(other) == ()
    assert worklist.root_of(other) == other, "nor that they were put together"


def test_what_cannot_be_forgotten_whole_stays_whole(tmp_path: Path) -> None:
    worklist = opened(tmp_path)
    worklist.enter(FILM, NOTHING, FULL)
    worklist.put_final(FILM, "child", Examination("1", 136.0), "m")
    other = sqlite3.connect(tmp_path / FILE)
    other.execute("CREATE TRIGGER stop BEFORE DELETE ON child BEGIN SELECT RAISE(ABORT, 'no'); END")
    other.commit()
    other.close()
    with pytest.raises(BoneAgeError) as refused:
        worklist.forget("child", frozenset([FILM]))
    assert refused.value.code == "worklist_not_written"
    assert worklist.entered(FILM) != NOTHING
    assert worklist.examinations("child")


def test_what_was_forgotten_takes_no_room(tmp_path: Path) -> None:
    worklist = opened(tmp_path)
    for number in range(60):
        worklist.enter(f"{number:064d}", NOTHING, replace(FULL, reading=Reading(1.0, None, "word " * 150)))
    worklist.close()
    full = (tmp_path / FILE).stat().st_size
    worklist = opened(tmp_path)
    forget_all(worklist, [])
    worklist.close()
    assert (tmp_path / FILE).stat().st_size < full / 2


def test_everything_is_forgotten_the_key_too(tmp_path: Path) -> None:
    worklist, cache = opened(tmp_path), FilmCache(tmp_path)
    fetched = cache.put("1.1", b"a film")
    worklist.enter(FILM, NOTHING, replace(FULL, reading=Reading(1.0, None, "SECRETREMARK")))
    child = worklist.child_of(GIRL, FILM)
    worklist.put_final(FILM, child, Examination("1", 136.0), "m")
    worklist.join(child, "other")
    forget_all(worklist, [cache, Outbox(tmp_path)])
    assert worklist.entered(FILM) == NOTHING
    assert worklist.child_of(GIRL, FILM) != child
    assert opened(tmp_path).child_of(GIRL, FILM) == worklist.child_of(GIRL, FILM)
    assert not fetched.exists()
    assert b"SECRETREMARK" not in b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
