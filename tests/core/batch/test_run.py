"""A batch from folder to records: complete, exactly once, whatever happens on the way."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

import harmful
from batches import GOOD, copy_films, journal_files, make_films, run_folder
from bone_age_gui.core.batch.progress import Progress, RunProgress
from bone_age_gui.core.batch.run import BatchControl, BatchRow
from bone_age_gui.core.batch.worker import THUMBNAIL
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import process
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.workers.limits import WorkerLimits
from bone_age_gui.wording.runs import duration_words, progress_words
from bundles import make_bundle
from films import hand_like, write_picture
from refused import refused


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(tmp_path_factory.mktemp("bundles") / "tiny").directory


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_films(tmp_path_factory.mktemp("batch") / "films")


@pytest.fixture(autouse=True)
def _nothing_left() -> object:
    yield
    assert not multiprocessing.active_children()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("bone-age")]


def test_every_film_has_one_record_in_the_order_of_names(films: Path, bundle: Path, tmp_path: Path) -> None:
    rows: list[BatchRow] = []
    summary = run_folder(films, tmp_path / "out", bundle, on_row=rows.append)
    assert [record.file for record in summary.records] == ["1.2.840.9", "a.dcm", "b.dcm", "c.png", "d.jpg", "e.png"]
    assert (summary.refused, summary.earlier, summary.is_complete) == (1, 0, True)
    assert summary.records[5].error_code == "truncated"
    assert sorted(row.film.number for row in rows) == list(range(6))
    assert all(row.thumbnail is not None for row in rows if not row.is_refused)
    assert {max(row.thumbnail.shape) for row in rows if row.thumbnail is not None} == {THUMBNAIL}
    assert sorted(journal_files(tmp_path / "out")) == sorted(record.file for record in summary.records)


def test_the_batch_answers_as_the_single_line_does(films: Path, bundle: Path, tmp_path: Path) -> None:
    from bone_age_gui import paths
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.core.model.bundle import load_bundle
    from bone_age_gui.core.values.record import record_of

    record = run_folder(films, tmp_path / "out", bundle).records[1]
    predictor = Predictor(load_bundle(bundle), "cpu", 1)
    case = process(films / "a.dcm", predictor, GrowthReference.load(paths.growth_dir() / "brush_foundation.json"))
    single = record_of(case, program_version="test", created=record.created)
    same = {"file": "a.dcm", "seconds": record.seconds}
    assert record.to_plain() == single.to_plain() | same


def test_the_table_of_patients_outranks_the_tags(films: Path, bundle: Path, tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("file,sex,age_months,reader_age_months\na.dcm,M,100,97\nc.png,F,80,\n", encoding="utf-8")
    records = {record.file: record for record in run_folder(films, tmp_path / "out", bundle, patients=table).records}
    assert (records["a.dcm"].sex, records["a.dcm"].chronological_age_months) == ("M", 100.0)
    assert (records["a.dcm"].reader_age_months, records["a.dcm"].decided_by) == (97.0, None)
    assert (records["c.png"].sex, records["c.png"].chronological_age_months) == ("F", 80.0)
    assert records["d.jpg"].sex is None


@pytest.mark.parametrize("after", [1, 3, 5])
def test_a_cancelled_run_goes_on_where_it_stopped(films: Path, bundle: Path, tmp_path: Path, after: int) -> None:
    control, rows = BatchControl(), []

    def stop(row: BatchRow) -> None:
        rows.append(row)
        if len(rows) == after:
            control.cancel()

    first = run_folder(films, tmp_path / "out", bundle, on_row=stop, control=control)
    assert (first.is_complete, len(first.records)) == (False, after)
    second = run_folder(films, tmp_path / "out", bundle, on_row=rows.append, resume=True)
    assert (second.earlier, second.is_complete) == (after, True)
    assert len(journal_files(tmp_path / "out")) == len(set(journal_files(tmp_path / "out"))) == 6
    assert sum(row.is_earlier for row in rows) == after


def test_a_finished_run_computes_nothing_again_but_what_changed(films: Path, bundle: Path, tmp_path: Path) -> None:
    folder = make_films(tmp_path / "films")
    before = run_folder(folder, tmp_path / "out", bundle)
    os.utime(folder / "c.png", ns=(1, 1))
    rows: list[BatchRow] = []
    after = run_folder(folder, tmp_path / "out", bundle, on_row=rows.append, resume=True)
    assert [row.film.name for row in rows if not row.is_earlier] == ["c.png"]
    assert [record.file for record in after.records] == [record.file for record in before.records]


def test_a_resume_with_other_settings_is_refused_in_words(films: Path, bundle: Path, tmp_path: Path) -> None:
    run_folder(films, tmp_path / "out", bundle)
    other = make_bundle(tmp_path / "other", months=50.0).directory
    with refused(match="the model"):
        run_folder(films, tmp_path / "out", other, resume=True)
    with refused(match="the limit in SD"):
        run_folder(films, tmp_path / "out", bundle, resume=True, threshold_sd=1.5)


def test_a_run_is_continued_by_a_program_that_adds_to_what_it_reads_of_a_card(bundle: Path, tmp_path: Path) -> None:
    older, films = tmp_path / "older", make_films(tmp_path / "films")
    shutil.copytree(bundle, older)
    card = json.loads((older / "card.json").read_text(encoding="utf-8")) | {"schema_version": 7}
    (older / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    run_folder(films, tmp_path / "out", older)
    head = json.loads((tmp_path / "out" / "journal.jsonl").read_text(encoding="ascii").splitlines()[0])
    written = hashlib.sha256((older / "card.json").read_bytes()).hexdigest()
    assert head["identity"]["the model's card"] == written


@pytest.mark.parametrize("workers", [1, 2])
def test_a_film_that_ends_its_workers_costs_only_itself(bundle: Path, tmp_path: Path, workers: int) -> None:
    folder = make_films(tmp_path / "films")
    write_picture(folder / "b_harmful.png", hand_like(300, 240))
    summary = run_folder(folder, tmp_path / "out", bundle, prepare=harmful.ends_at_harmful, workers=workers)
    codes = {record.file: record.error_code for record in summary.records}
    assert codes.pop("b_harmful.png") == "worker_ended"
    assert codes.pop("e.png") == "truncated"
    assert list(codes.values()) == [None] * GOOD


def test_a_film_whose_worker_ended_once_is_tried_again(bundle: Path, tmp_path: Path) -> None:
    folder = make_films(tmp_path / "films")
    write_picture(folder / "b_harmful.png", hand_like(300, 240))
    summary = run_folder(folder, tmp_path / "out", bundle, prepare=harmful.ends_once, workers=1)
    assert (folder / "b_harmful.ended").exists()
    assert (summary.films, summary.refused) == (7, 1)


def test_a_worker_that_hangs_is_ended(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bone_age_gui.core.batch.local.LIMITS", WorkerLimits(seconds=8.0))
    folder = make_films(tmp_path / "films")
    write_picture(folder / "b_harmful.png", hand_like(300, 240))
    summary = run_folder(folder, tmp_path / "out", bundle, prepare=harmful.hangs)
    codes = {record.file: record.error_code for record in summary.records}
    assert (codes["b_harmful.png"], summary.refused) == ("too_slow", 2)


def test_films_that_go_through_the_network_together_get_the_same_answers(
    films: Path, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    single = run_folder(films, tmp_path / "single", bundle).records
    monkeypatch.setattr(Predictor, "batch_size", 4)
    together = run_folder(films, tmp_path / "together", bundle).records
    for one, other in zip(single, together, strict=True):
        assert (one.file, one.flag, one.error_code) == (other.file, other.flag, other.error_code)
        assert one.bone_age_months == pytest.approx(other.bone_age_months, abs=1e-3)


def test_workers_that_never_start_are_an_error_in_words(films: Path, bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(BoneAgeError) as caught:
        run_folder(films, tmp_path / "out", bundle, prepare=harmful.NeverStarts())
    assert caught.value.code == "no_workers"


def test_films_that_are_deleted_midway_are_refused_in_their_rows(bundle: Path, tmp_path: Path) -> None:
    folder = make_films(tmp_path / "films")
    for number in range(6):
        write_picture(folder / f"z{number}.png", hand_like(300, 240))

    def delete(row: BatchRow) -> None:
        (folder / "z5.png").unlink(missing_ok=True)

    summary = run_folder(folder, tmp_path / "out", bundle, on_row=delete, workers=1)
    assert (summary.records[-1].file, summary.records[-1].error_code) == ("z5.png", "unreadable")
    assert summary.refused == 2


def test_a_paused_run_waits_and_goes_on(bundle: Path, tmp_path: Path) -> None:
    control, rows, rested = BatchControl(), [], []

    def go_on_when_nothing_comes() -> None:
        before = -1
        while len(rows) > before:
            before = len(rows)
            time.sleep(3.0)  # more than a film takes on a busy machine
        rested.append(before)
        control.pause(False)

    waiter = threading.Thread(target=go_on_when_nothing_comes)

    def pause(row: BatchRow) -> None:
        rows.append(row)
        if len(rows) == 1:
            control.pause()
            waiter.start()

    folder = copy_films(tmp_path / "films")
    summary = run_folder(folder, tmp_path / "out", bundle, on_row=pause, control=control, workers=1)
    waiter.join()
    assert rested[0] < len(rows)  # only what was at work already came to its end
    assert (len(rows), summary.is_complete, summary.refused) == (40, True, 0)


def test_an_anonymised_run_writes_no_name_and_no_number_twice(films: Path, bundle: Path, tmp_path: Path) -> None:
    def anonymise(key: bytes) -> object:
        assert len(key) == 16
        return lambda record: CaseRecord("x", bone_age_months=record.bone_age_months, error_code=record.error_code)

    control = BatchControl()

    def stop(row: BatchRow) -> None:
        control.cancel()

    run_folder(films, tmp_path / "out", bundle, on_row=stop, control=control, anonymise=anonymise, workers=1)
    run_folder(films, tmp_path / "out", bundle, anonymise=anonymise, resume=True)
    assert sorted(journal_files(tmp_path / "out")) == [f"film-{number:04d}" for number in range(1, 7)]
    text = (tmp_path / "out" / "journal.jsonl").read_text(encoding="ascii")
    assert not any(word in text for word in ("Zyxwvut", "QQ-4711", "a.dcm", "c.png"))  # digits alone may be an age's


def test_the_pace_counts_only_what_this_run_did() -> None:
    progress = RunProgress(10)
    progress.start(100.0)
    progress.count(100.0, is_earlier=True)
    assert progress.so_far() == Progress(1, 10)
    progress.count(101.0, is_refused=True)
    progress.pause(101.0)
    progress.start(200.0)
    progress.count(201.0)
    assert progress.so_far() == Progress(3, 10, 1, 1.0, 7.0)
    assert progress_words(progress.so_far()) == "3 of 10 films, 1 refused, 1.0 films/s, 7 s left"
    assert [duration_words(seconds) for seconds in (0.4, 59.6, 75, 3725)] == [
        "0 s",
        "1 min 0 s",
        "1 min 15 s",
        "1 h 2 min",
    ]


def test_a_journal_of_before_the_study_was_kept_gets_it_at_resume(bundle: Path, tmp_path: Path) -> None:
    """A DICOM report needs the study's tags, and no report opens the film again."""
    folder = make_films(tmp_path / "films")
    before = run_folder(folder, tmp_path / "out", bundle)
    journal = tmp_path / "out" / "journal.jsonl"
    header, *lines = journal.read_text(encoding="ascii").splitlines()
    records = [json.loads(line) for line in lines]
    for record in records:
        del record["record"]["study"]
    journal.write_text("\n".join([header, *map(json.dumps, records)]) + "\n", encoding="ascii")
    rows: list[BatchRow] = []
    after = run_folder(folder, tmp_path / "out", bundle, on_row=rows.append, resume=True)
    assert sorted(row.film.name for row in rows if not row.is_earlier) == ["1.2.840.9", "a.dcm", "b.dcm"]
    assert [record.study for record in after.records] == [record.study for record in before.records]
