"""The journal: what survives a crash, and who may continue it."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from bone_age_gui.core.batch.films import JOURNAL_FILE
from bone_age_gui.core.batch.journal import Journal, has_journal, seal_journal, write_error
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.record import CaseRecord
from refused import message_of

SAME = {"the model": "tiny", "the limit in SD": "2"}


REFERENCE = {f"{level}_uid": "1.2" for level in ("sop_class", "sop_instance", "study_instance", "series_instance")}


def written(folder: Path, count: int = 3) -> Path:
    with Journal(folder, SAME) as journal:
        for number in range(count):
            journal.add(f"k{number}", CaseRecord(f"{number}.dcm", bone_age_months=100.0 + number))
    return folder / JOURNAL_FILE


def refusal(folder: Path, identity: dict[str, str] = SAME, resume: bool = True) -> BoneAgeError:
    with pytest.raises(BoneAgeError) as caught:
        Journal(folder, identity, resume)
    return caught.value


def test_records_come_back(tmp_path: Path) -> None:
    written(tmp_path / "out")
    with Journal(tmp_path / "out", SAME, resume=True) as journal:
        assert {key: record.bone_age_months for key, record in journal.records.items()} == {
            "k0": 100.0,
            "k1": 101.0,
            "k2": 102.0,
        }
        with pytest.raises(ValueError, match="journal"):
            journal.add("k1", CaseRecord("1.dcm"))


def test_a_film_is_on_the_disk_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_disk: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: on_disk.append(os.fstat(descriptor).st_size))
    with Journal(tmp_path, SAME) as journal:
        for number in range(3):
            journal.add(f"k{number}", CaseRecord(f"{number}.dcm"))
            assert on_disk[-1] == (tmp_path / JOURNAL_FILE).stat().st_size
    before = len(on_disk)
    seal_journal(tmp_path)
    assert len(on_disk) > before, "nor does a secret come back after a power cut"


def test_wherever_it_is_cut_off_whole_lines_stay(tmp_path: Path) -> None:
    content = written(tmp_path / "out").read_bytes()
    for cut in range(0, len(content), 7):
        folder = tmp_path / f"cut{cut}"
        folder.mkdir()
        (folder / JOURNAL_FILE).write_bytes(content[:cut])
        with Journal(folder, SAME, resume=True) as journal:
            whole = content[:cut].count(b"\n")
            assert len(journal.records) == max(0, whole - 1)
            journal.add("new", CaseRecord("new.dcm"))
        with Journal(folder, SAME, resume=True) as journal:
            assert len(journal.records) == max(0, whole - 1) + 1


def test_a_run_is_not_overwritten_and_continues_only_as_it_was(tmp_path: Path) -> None:
    assert not has_journal(tmp_path)
    written(tmp_path)
    assert has_journal(tmp_path)
    assert refusal(tmp_path, resume=False).code == "batch_exists"
    other = refusal(tmp_path, SAME | {"the model": "another"})
    assert (other.code, "the model changed" in message_of(other)) == ("batch_differs", True)


def test_two_runs_never_share_a_folder(tmp_path: Path) -> None:
    with Journal(tmp_path, SAME):
        assert refusal(tmp_path).code == "batch_running"
    Journal(tmp_path, SAME, resume=True).close()


HEADER = '{"format": "bone-age batch journal 1", "salt": "%s", "identity": %s}'


@pytest.mark.parametrize(
    "header",
    [
        '{"format": "mine"}',
        "[" * 100_000,
        HEADER % ("not hex but just as long as it is", "{}"),
        HEADER % ("A" * 32, "{}"),
        HEADER % ("0" * 30, "{}"),
        HEADER % ("a" * 32, "[]"),
    ],
    ids=["another format", "brackets", "salt of words", "salt in capitals", "short salt", "identity"],
)
def test_a_journal_that_is_none(tmp_path: Path, header: str) -> None:
    (tmp_path / JOURNAL_FILE).write_text(f"{header}\n{{}}\n", encoding="ascii")
    error = refusal(tmp_path)
    assert (error.code, "Choose another folder" in message_of(error)) == ("bad_journal", True)
    assert (tmp_path / JOURNAL_FILE).read_text(encoding="ascii") == f"{header}\n{{}}\n"
    with pytest.raises(BoneAgeError) as caught:
        seal_journal(tmp_path)
    assert caught.value.code == "bad_journal"


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"key": "k", "record": ' + "[" * 100_000, "1e999", '"x"', "\x00" * 50]
)
def test_a_line_that_is_no_film_is_refused(tmp_path: Path, line: str) -> None:
    content = written(tmp_path).read_text(encoding="ascii").splitlines(keepends=True)
    content.insert(2, f"{line}\n")
    (tmp_path / JOURNAL_FILE).write_text("".join(content), encoding="ascii")
    assert refusal(tmp_path).code == "bad_journal"


@pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file cannot be deleted")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sex", "foo"), ("flag", "foo"), ("decided_by", "foo"), ("interval_level", 1e308), ("sd_months", 1e-320),
        ("film_rows", 10**400), ("study_date", "\ud800"), ("birth_date", "1.2.2014"), ("created", "today"),
        ("bone_age_months", 1e300), ("patient_name", "\ud800"), ("threshold_sd", -1.0),
        ("reference", REFERENCE | {"sop_class_uid": "zzz"}),
        ("study", {"study_time": "25:99"}),
    ],
)  # fmt: skip
def test_a_record_whose_values_make_no_sense_is_refused(tmp_path: Path, name: str, value: object) -> None:
    path = written(tmp_path)
    header, line, *rest = path.read_text(encoding="ascii").splitlines(keepends=True)
    changed = json.loads(line)
    changed["record"][name] = value
    path.write_text("".join([header, f"{json.dumps(changed)}\n", *rest]), encoding="ascii")
    assert refusal(tmp_path).code == "bad_journal"


@pytest.mark.parametrize("how", ["journal", "folder", "replaced"])
def test_a_folder_that_is_deleted_midway_stops_the_run(tmp_path: Path, how: str) -> None:
    with Journal(tmp_path / "out", SAME) as journal:
        journal.add("a", CaseRecord("a.dcm"))
        path = tmp_path / "out" / JOURNAL_FILE
        path.unlink()
        if how == "folder":
            path.parent.rmdir()
        if how == "replaced":
            path.write_text("another", encoding="ascii")
        with pytest.raises(BoneAgeError) as caught:
            journal.add("b", CaseRecord("b.dcm"))
    assert caught.value.code == "journal_gone"


def test_half_written_reports_of_an_ended_run_are_removed_when_it_goes_on(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "sr").mkdir()
    left = [tmp_path / ".0123456789abcdef.part.csv", tmp_path / "sr" / ".fedcba9876543210.part"]
    kept = [tmp_path / ".mine.part", tmp_path / "results.part.csv", tmp_path / "sr" / "a.part"]
    for path in (*left, *kept):
        path.touch()
    Journal(tmp_path, SAME, resume=True).close()
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in kept)


def test_a_sealed_journal_keeps_its_records_and_loses_its_secret(tmp_path: Path) -> None:
    path = written(tmp_path)
    with Journal(tmp_path, SAME, resume=True) as journal:
        salt = journal.salt
    before = path.read_bytes()
    seal_journal(tmp_path)
    assert path.read_bytes() == before.replace(salt.encode(), b"0" * 32) != before
    assert refusal(tmp_path).code == "batch_sealed"


def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / JOURNAL_FILE).write_text("my diary, in one line", encoding="ascii")
    assert refusal(tmp_path).code == "bad_journal"
    assert (tmp_path / JOURNAL_FILE).read_text(encoding="ascii") == "my diary, in one line"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file" / "out").code == "not_writable"


def test_a_journal_that_is_no_file(tmp_path: Path) -> None:
    (tmp_path / JOURNAL_FILE).mkdir()
    assert refusal(tmp_path).code == "bad_journal"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named(number: int) -> None:
    assert write_error(OSError(number, os.strerror(number))).code == "disk_full"


@pytest.mark.skipif(os.name != "posix", reason="the size of a file is bounded as POSIX does it")
def test_half_a_line_of_a_full_disk_is_in_nobodys_way(tmp_path: Path) -> None:
    import resource

    with Journal(tmp_path, SAME) as journal:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / JOURNAL_FILE).stat().st_size + 3000, before[1]))
        try:
            with pytest.raises(BoneAgeError) as refused:
                journal.add("long", CaseRecord("x" * 9000))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert (refused.value.code, refused.value.why) == ("disk_full", "batch")
        journal.add("short", CaseRecord("a.dcm"))
    with Journal(tmp_path, SAME, resume=True) as journal:
        assert list(journal.records) == ["short"]
