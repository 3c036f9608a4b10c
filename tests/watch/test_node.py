"""An archive that is watched: every hand's film once, whatever happens to the archive meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
import pytest

from archives import PASSWORD, Orthanc, orthanc_program, running
from bone_age_gui.pacs.nodes import write_nodes
from commands import Answer
from films import hand_like, write_dicom

Watch = Callable[..., Answer]
Program = Callable[..., "subprocess.Popen[bytes]"]
FILMS = int(os.environ.get("BONE_AGE_WATCH_FILMS", "20"))
"""The proof was made with 200, which takes minutes."""


@pytest.fixture
def orthanc(tmp_path: Path) -> Iterator[Orthanc]:
    orthanc_program()
    with running(Orthanc(tmp_path / "orthanc", with_web=True)) as started:
        yield started


def fill(orthanc: Orthanc, folder: Path, count: int, children: int = 1, rows: int = 300, **tags: Any) -> list[str]:
    """Upload films of today, by turns of so many children; their UIDs."""
    today = time.strftime("%Y%m%d")
    uids = []
    for number in range(count):
        tags |= {"PatientID": f"TEST-{number % children}"}
        path = write_dicom(folder / f"{number}.dcm", hand_like(rows, 240, number), **({"study_date": today} | tags))
        orthanc.upload(path)
        uids.append(str(pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID))
    return uids


def films_of(orthanc: Orthanc) -> Counter[str]:
    """How many structured reports the archive holds of each film."""
    counts: Counter[str] = Counter()
    for listed in orthanc.instances("SR"):
        report = pydicom.dcmread(BytesIO(orthanc.file(listed)))
        (study,) = report.CurrentRequestedProcedureEvidenceSequence
        counts[study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID] += 1
    return counts


@pytest.mark.parametrize("protocol", ["dimse", "dicomweb"])
def test_hand_films_of_an_archive_get_their_reports_beside_them(
    protocol: str, watch: Watch, orthanc: Orthanc, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BONE_AGE_SECRET_PACS", PASSWORD)
    write_nodes(data, [orthanc.node(name="pacs") if protocol == "dimse" else orthanc.web_node(name="pacs")])
    hands = fill(orthanc, tmp_path, 3)
    fill(orthanc, tmp_path, 1, body_part="CHEST")
    fill(orthanc, tmp_path, 1, modality="CT")
    fill(orthanc, tmp_path, 1, study_date="20200101")
    doubtful = fill(orthanc, tmp_path, 1, ImageComments="Phantom", PatientName="Phantom", modality="CR")
    for _ in range(2):
        assert watch("--node", "pacs", "--send-to", "pacs", "--once").code == 0
        held = films_of(orthanc)
        assert set(held.values()) == {1}
        assert set(hands) <= set(held) <= {*hands, *doubtful}
    state = watch("--status", "--json").record
    assert state["outbox"] == {"pacs": {"sent": len(held)}}
    assert sum(state["films"].values()) == 4, "neither the chest, nor the CT, nor the old film"
    shutil.rmtree(tmp_path / "out")
    shutil.rmtree(data / "outbox")
    assert watch("--node", "pacs", "--send-to", "pacs", "--once", "--threshold-sd", "1.5",
                 "--formats", "sr,dicom-image").code == 0  # fmt: skip
    assert len(orthanc.instances("OT")) == len(held)
    assert set(films_of(orthanc).values()) == {2}, "another limit is another report"
    reports = [pydicom.dcmread(BytesIO(orthanc.file(listed))) for listed in orthanc.instances("SR")]
    before = {report.SOPInstanceUID for report in reports if "PredecessorDocumentsSequence" not in report}
    named = [each.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID
             for report in reports for each in report.get("PredecessorDocumentsSequence", [])]  # fmt: skip
    assert sorted(named) == sorted(before), "which names the one before, as the archive has it"
    others = {len(json.loads(path.read_text())["earlier"]) for path in (tmp_path / "out" / "results").glob("*.json")}
    assert others == {len(held) - 1}, "the other films of the child come from the archive"


def test_a_series_that_says_nothing_of_itself_is_judged_by_its_film(
    watch: Watch, orthanc: Orthanc, data: Path, tmp_path: Path
) -> None:
    write_nodes(data, [orthanc.node(name="pacs")])
    fill(orthanc, tmp_path, 2, rows=1500, body_part=None)
    watch("--node", "pacs", "--once", "--cache-mb", "1")
    assert sum(watch("--status", "--json").record["films"].values()) == 2
    assert len(list((data / "fetched-films").iterdir())) == 1, "there is room for one"


def test_an_archive_that_is_not_there_is_tried_again(
    program: Program, watch: Watch, orthanc: Orthanc, data: Path, tmp_path: Path
) -> None:
    write_nodes(data, [orthanc.node(name="pacs")])
    orthanc.end(at_once=True)
    process = program("--node", "pacs", "--every", "1")
    until = time.monotonic() + 90
    while "archive_refused" not in log_of(tmp_path):
        assert time.monotonic() < until
        time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert watch("--status", "--json").record["facts"]["last_error"]["value"] == "archive_refused"


def log_of(tmp_path: Path) -> str:
    path = tmp_path / "out" / "watch.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.slow
def test_every_film_exactly_once_while_the_archive_ends_and_starts_again(
    program: Program, watch: Watch, orthanc: Orthanc, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orthanc is ended twice in the middle of it, and the watch itself once."""
    write_nodes(data, [orthanc.node(name="pacs")])
    uids = fill(orthanc, tmp_path, FILMS, children=FILMS)
    out = tmp_path / "out"

    def wait_for(count: int) -> None:
        until = time.monotonic() + 400
        while len(list(out.glob("results/[0-9a-f]*.json"))) < count:
            assert time.monotonic() < until, log_of(tmp_path)[-2000:]
            time.sleep(0.1)

    process = program("--node", "pacs", "--send-to", "pacs", "--every", "1")
    for count in (FILMS // 4, FILMS // 2):
        wait_for(count)
        orthanc.end(at_once=True)
        time.sleep(3)
        orthanc.start()
    wait_for(3 * FILMS // 4)
    process.kill()
    process.wait(30)
    process = program("--node", "pacs", "--send-to", "pacs", "--every", "1")
    wait_for(FILMS)
    until = time.monotonic() + 200
    while watch("--status", "--json").record["outbox"]["pacs"].get("sent", 0) < FILMS:  # it looks for each it has sent
        assert time.monotonic() < until, log_of(tmp_path)[-2000:]
        time.sleep(1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert films_of(orthanc) == Counter(dict.fromkeys(uids, 1)), "every film once, nothing lost"
    results = [json.loads(path.read_text()) for path in out.glob("results/*.json")]
    assert Counter(result["reference"]["sop_instance_uid"] for result in results) == Counter(uids)
    state = watch("--status", "--json").record
    assert state["films"] == {"estimated": FILMS}
    assert state["outbox"]["pacs"]["sent"] == FILMS
    assert "failed: archive_" in log_of(tmp_path), "the archive was missed"
    for secret in ("Doe", "TEST-1", *uids[:5]):
        assert secret not in log_of(tmp_path)
