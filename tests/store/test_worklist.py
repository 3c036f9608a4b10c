"""The worklist: kept at once, shared by two windows, brought up to date, set aside where it is damaged, forgotten."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reading import Examination, Reading
from bone_age_gui.core.values.types import Patient, Sex
from bone_age_gui.store import schema
from bone_age_gui.store.entered import NOTHING, Entered, from_values, to_values, typed_patient
from bone_age_gui.store.worklist import FILE, open_worklist
from worklists import FILM, FULL, GIRL, OTHER, opened


def test_everything_that_was_entered_comes_back(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.enter(FILM, NOTHING, FULL)
    first.close()
    second = opened(tmp_path)
    assert second.entered(FILM) == replace(FULL, patient=tuple(sorted(FULL.patient, key=_order)))
    assert second.entered(OTHER) == NOTHING
    assert second.entered_at(FILM)
    assert second.entered_at(OTHER) is None


def _order(item: tuple[str, object]) -> int:
    return ("sex", "birth_date", "study_date", "height_cm").index(item[0])


def test_values_go_to_text_and_back() -> None:
    assert from_values(to_values(NOTHING)) == NOTHING
    assert to_values(NOTHING) == {}
    assert typed_patient(replace(GIRL, sex=None, height_cm=140.0), GIRL) == (("sex", None), ("height_cm", 140.0))
    assert Entered((("sex", None),)).patient_of(GIRL).sex is None


def test_a_value_of_the_wrong_kind_costs_that_value_only() -> None:
    values = {
        **to_values(FULL), "reading.remark": "7", "patient.birth_date": '"yesterday"', "unknown": "1", "insisted": "{",
        "patient.name": '"Doe"', "reading.sex": '"F"',
    }  # fmt: skip
    read = from_values(values)
    assert read.reading == replace(FULL.reading, remark="")
    assert "birth_date" not in dict(read.patient)
    assert not read.insisted


def test_a_decision_for_an_age_that_is_gone_is_none() -> None:
    values = {name: text for name, text in to_values(FULL).items() if name != "reading.age_months"}
    assert from_values(values).reading.decided_by is None


def test_two_windows_on_one_film_keep_each_others_values(tmp_path: Path) -> None:
    one, two = opened(tmp_path), opened(tmp_path)
    one.enter(FILM, NOTHING, Entered(reading=Reading(138.0, None)))
    two.enter(FILM, NOTHING, Entered(reading=Reading(None, None, "Remark")))
    assert one.entered(FILM).reading == two.entered(FILM).reading == Reading(138.0, None, "Remark")
    one.enter(FILM, Entered(reading=Reading(138.0, None)), NOTHING)
    assert two.entered(FILM).reading == Reading(None, None, "Remark")


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    opened(tmp_path).close()
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            worklist = opened(tmp_path)
            for step in range(15):
                worklist.enter(f"{number:064d}", Entered(reading=Reading(float(step), None)) if step else NOTHING,
                               Entered(reading=Reading(float(step + 1), None)))  # fmt: skip
            worklist.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    after = opened(tmp_path)
    assert [after.entered(f"{number:064d}").reading.age_months for number in range(4)] == [15.0] * 4


_WRITER = """
import sys
from pathlib import Path
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.store.entered import NOTHING, Entered
from bone_age_gui.store.outbox import Outbox
from bone_age_gui.store.worklist import open_worklist
worklist, _ = open_worklist(Path(sys.argv[1]))
before, number = NOTHING, 0
while True:
    number += 1
    after = Entered(reading=Reading(float(number), None, "x" * number))
    worklist.enter("a" * 64, before, after)
    before = after
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
def test_a_program_that_is_ended_hard_loses_at_most_the_last_value(tmp_path: Path) -> None:
    for most in (3, 17, 40):
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        program = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path / FILE)], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert program.stdout is not None
        written = 0
        for line in program.stdout:
            written = int(line)
            if written >= most:
                break
        program.send_signal(signal.SIGKILL)
        rest = program.stdout.read().split()
        program.wait()
        written = max(written, *(int(number) for number in rest)) if rest else written
        worklist, error = open_worklist(tmp_path / FILE)
        reading = worklist.entered(FILM).reading
        worklist.close()
        assert error is None
        assert reading.age_months is not None
        assert written <= reading.age_months <= written + 1
        assert len(reading.remark) == reading.age_months


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has the rights of the profile's folder")
def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / FILE
    opened(path.parent).enter(FILM, NOTHING, FULL)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    opened(path.parent).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_file_names_nobody(tmp_path: Path) -> None:
    worklist = opened(tmp_path)
    worklist.enter(FILM, NOTHING, FULL)
    child = worklist.child_of(GIRL, FILM)
    worklist.put_final(FILM, child, Examination("image", 136.0, "2026-11-20", 152.6), "m" * 64)
    worklist.close()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (b"Doe", b"Jane", b"MRN", b"7788994"):
        assert secret not in content


def test_a_child_is_known_by_number_birth_date_and_sex(tmp_path: Path) -> None:
    worklist = opened(tmp_path)
    child = worklist.child_of(GIRL, FILM)
    assert child == worklist.child_of(replace(GIRL, name="Other", study_date=None, patient_id=" MRN-7788994 "), OTHER)
    for other in (
        replace(GIRL, patient_id="MRN-1"), replace(GIRL, sex=Sex.MALE), replace(GIRL, birth_date=date(2014, 3, 3)),
    ):  # fmt: skip
        assert worklist.child_of(other, FILM) != child
    for unknown in (replace(GIRL, patient_id=None), replace(GIRL, sex=None), replace(GIRL, birth_date=None)):
        assert worklist.child_of(unknown, FILM) != worklist.child_of(unknown, OTHER)


def test_the_newest_final_age_of_each_film_in_order_of_the_dates(tmp_path: Path) -> None:
    worklist = opened(tmp_path)
    child = worklist.child_of(GIRL, FILM)
    late, early = Examination("1", 136.0, "2026-11-20"), Examination("2", 120.0, "2025-11-20")
    worklist.put_final(FILM, child, late, "m1")
    worklist.put_final(OTHER, child, early, "m1")
    worklist.put_final(FILM, child, replace(late, bone_age_months=137.0), "m2")
    assert [each.bone_age_months for each in worklist.examinations(child)] == [120.0, 137.0]
    worklist.put_final(FILM, child, replace(late, bone_age_months=138.0), "m1")
    assert worklist.examinations(child)[1].bone_age_months == 138.0
    assert worklist.examinations("nobody") == ()


def test_films_are_put_together_and_separated_by_hand(tmp_path: Path) -> None:
    worklist = opened(tmp_path)
    films = ["1" * 64, "2" * 64, "3" * 64]
    children = [worklist.child_of(Patient(), film) for film in films]
    for film, child in zip(films, children, strict=True):
        worklist.put_final(film, child, Examination(film, 100.0, f"202{film[0]}-01-01"), "m")
    assert len(worklist.examinations(children[0])) == 1
    worklist.join(children[1], children[2])
    worklist.join(children[0], children[2])
    for child in children:
        assert len(worklist.examinations(child)) == 3
        assert worklist.films_of(child) == frozenset(films)
    worklist.separate(children[2])
    assert len(worklist.examinations(children[2])) == 1


def test_a_file_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE)
    connection.executescript(schema.STEPS[0])
    connection.execute("INSERT INTO secret VALUES (?)", (b"k" * 32,))
    for name, text in to_values(FULL).items():
        connection.execute("INSERT INTO entered VALUES (?, ?, ?, ?)", (FILM, name, text, "2026-01-01T00:00:00"))
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    worklist = opened(tmp_path)
    assert worklist.entered(FILM).reading == FULL.reading
    worklist.put_final(FILM, "child", Examination("1", 136.0), "m")
    worklist.close()
    connection = sqlite3.connect(tmp_path / FILE)
    assert schema.version_of(connection) == schema.VERSION
    connection.close()


def test_a_file_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    opened(tmp_path).close()
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(BoneAgeError) as refused:
        open_worklist(tmp_path / FILE)
    assert refused.value.code == "worklist_newer"
    assert (tmp_path / FILE).read_bytes() == before


def test_a_file_that_another_program_locks_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bone_age_gui.store.worklist.WAIT_SECONDS", 0.05)
    worklist = opened(tmp_path)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(BoneAgeError) as refused:
        worklist.enter(FILM, NOTHING, FULL)
    assert refused.value.code == "worklist_not_written"
    other.execute("ROLLBACK")
    worklist.enter(FILM, NOTHING, FULL)
    assert worklist.entered(FILM) != NOTHING
    other.close()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BoneAgeError) as refused:
        open_worklist(tmp_path / "file" / FILE)
    assert refused.value.code == "worklist_not_written"


def test_only_what_no_report_holds_is_unreported() -> None:
    assert not NOTHING.is_unreported
    assert not FULL.is_unreported
    assert replace(FULL, reported=False).is_unreported
    assert Entered(reading=Reading(None, None, "words")).is_unreported
    assert not Entered(reading=Reading(None, None, " ", model_shown=True)).is_unreported
