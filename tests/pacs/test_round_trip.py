"""A film's way from the archive and back, through the command line, with Orthanc and both protocols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
import pytest

from archives import PASSWORD, Orthanc
from bone_age_gui.pacs.nodes import Node
from films import JPEGLSLossless, hand_like, write_dicom
from reports import write_foreign_report

Run = Callable[..., Any]
BONE_AGE = "85151-9"


def numbers(data_set: pydicom.Dataset, code: str) -> list[float]:
    """Every number of this code in a structured report."""
    values = []
    for item in data_set.get("ContentSequence", []):
        name = item.get("ConceptNameCodeSequence")
        if item.get("ValueType") == "NUM" and name and name[0].CodeValue == code:
            values.append(float(item.MeasuredValueSequence[0].NumericValue))
        values += numbers(item, code)
    return values


@pytest.fixture(params=["dimse", "dicomweb"])
def node(request: pytest.FixtureRequest, orthanc: Orthanc, monkeypatch: pytest.MonkeyPatch) -> Node:
    """The same archive by either protocol."""
    monkeypatch.setenv("BONE_AGE_SECRET_HOSPITAL", PASSWORD)
    return orthanc.node(name="hospital") if request.param == "dimse" else orthanc.web_node(name="hospital")


def test_a_film_is_fetched_estimated_and_its_reports_are_filed_with_it(
    run: Run, nodes: Callable[..., None], node: Node, orthanc: Orthanc, tiny_bundle: Path, tmp_path: Path
) -> None:
    nodes(node)
    film = write_dicom(
        tmp_path / "film.dcm", hand_like(), syntax=JPEGLSLossless, PatientName="Müller^Jürgen",
        SpecificCharacterSet="ISO_IR 192", AccessionNumber="A7",
    )  # fmt: skip
    orthanc.upload(film)
    at = ("--node", "hospital", "--json")
    assert run("pacs", "echo", *at).record == {"node": "hospital", "answers": True}

    (series,) = run("pacs", "find", "--name", "müller", *at).records
    assert (series["study"]["patient_name"], series["body_part"]) == ("Müller^Jürgen", "HAND")

    got = run("pacs", "get", "--accession", "A7", "--out", tmp_path / "films", *at)
    (brought,) = got.records
    original = pydicom.dcmread(film)
    fetched = pydicom.dcmread(brought["path"])
    assert fetched.file_meta.TransferSyntaxUID == JPEGLSLossless
    assert fetched.PixelData == original.PixelData
    assert str(original.SOPInstanceUID) not in brought["path"]

    def estimate(folder: str) -> dict[str, Any]:
        options = ("--report", tmp_path / folder, "--formats", "sr,dicom-pdf,dicom-image", "--json")
        record: dict[str, Any] = run(
            "estimate", brought["path"], "--model", tiny_bundle, "--device", "cpu", *options
        ).record
        return record

    record = estimate("reports")
    reports = sorted((tmp_path / "reports").glob("*.dcm"))
    assert len(reports) == 3
    sent = run("pacs", "send", *reports, *at)
    assert (sent.code, sent.record) == (0, {"sent": 3, "sent_before": 0, "waiting": 0, "refusals": []})

    (listed,) = orthanc.instances("SR")
    report = pydicom.dcmread(BytesIO(orthanc.file(listed)))
    assert report.StudyInstanceUID == original.StudyInstanceUID
    assert str(report.PatientName) == "Müller^Jürgen"
    assert numbers(report, BONE_AGE) == [pytest.approx(record["bone_age_months"], abs=0.001)]

    estimate("again")
    again = run("pacs", "send", *sorted((tmp_path / "again").glob("*.dcm")), *at)
    assert again.record == {"sent": 0, "sent_before": 3, "waiting": 0, "refusals": []}
    assert len(orthanc.instances()) == 4
    (page,) = orthanc.instances("OT")
    picture = pydicom.dcmread(BytesIO(orthanc.file(page)))
    assert (picture.StudyInstanceUID, picture.SamplesPerPixel) == (original.StudyInstanceUID, 3)

    orthanc.upload(write_foreign_report(tmp_path / "nothing.dcm", None))
    later = run("pacs", "get", "--accession", "A7", *at).records
    assert [each["kind"] for each in later] == ["film", "report"], "no report but that with a bone age"
    assert numbers(pydicom.dcmread(later[1]["path"]), BONE_AGE) == numbers(report, BONE_AGE)


def test_another_workstation_does_not_send_the_same_report_again(
    run: Run,
    nodes: Callable[..., None],
    node: Node,
    orthanc: Orthanc,
    tiny_bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    film = write_dicom(tmp_path / "film.dcm", hand_like())
    orthanc.upload(film)
    stored = []
    for place in ("one", "two"):
        monkeypatch.setenv("BONE_AGE_DATA", str(tmp_path / place))
        from bone_age_gui.pacs.nodes import write_nodes

        write_nodes(tmp_path / place, [node])
        folder = tmp_path / f"reports-{place}"
        options = ("--report", folder, "--formats", "sr", "--json")
        run("estimate", film, "--model", tiny_bundle, "--device", "cpu", *options)
        assert run("pacs", "send", *folder.glob("*.dcm"), "--node", "hospital", "--json").record["sent"] == 1
        stored.append(orthanc.file(orthanc.instances("SR")[0]))
    assert stored[0] == stored[1], "the first one stays as it is"


def test_a_report_without_its_film_is_not_filed_and_waits(
    run: Run, nodes: Callable[..., None], node: Node, orthanc: Orthanc, tiny_bundle: Path, tmp_path: Path
) -> None:
    nodes(node)
    film = write_dicom(tmp_path / "film.dcm", hand_like())
    options = ("--report", tmp_path / "reports", "--formats", "sr", "--json")
    run("estimate", film, "--model", tiny_bundle, "--device", "cpu", *options)
    (report,) = (tmp_path / "reports").glob("*.dcm")
    nodes(replace(node, host="no.such.invalid", url=node.url.replace("127.0.0.1", "no.such.invalid")))
    unreached = run("pacs", "send", report, "--node", "hospital")
    assert (unreached.code, "1 report waits in the outbox" in unreached.err) == (1, True)
    nodes(node)
    refused = run("pacs", "send", report, "--node", "hospital", "--json")
    assert (refused.code, refused.record["refusals"], refused.record["waiting"]) == (1, ["archive_no_study"], 1)
    assert not orthanc.instances()
    report.unlink()
    orthanc.upload(film)
    later = run("pacs", "send", "--node", "hospital", "--json")
    assert (later.code, later.record["sent"], len(orthanc.instances("SR"))) == (0, 1, 1)


def test_what_is_anonymised_or_not_ours_is_never_sent(
    run: Run, nodes: Callable[..., None], node: Node, orthanc: Orthanc, tiny_bundle: Path, tmp_path: Path
) -> None:
    nodes(node)
    film = write_dicom(tmp_path / "film.dcm", hand_like())
    orthanc.upload(film)
    options = ("--report", tmp_path / "reports", "--formats", "sr", "--anonymise", "--json")
    run("estimate", film, "--model", tiny_bundle, "--device", "cpu", *options)
    (report,) = (tmp_path / "reports").glob("*.dcm")
    for path, code in (
        (report, "archive_anonymised"),
        (film, "archive_no_report"),
        (Path(__file__), "archive_no_report"),
    ):
        answer = run("pacs", "send", path, "--node", "hospital", "--json")
        assert (answer.code, answer.record["error"]["code"]) == (1, code)
    assert len(orthanc.instances()) == 1
