"""The way of a film from the archive and back, in the real window; an archive that does not answer holds nothing up."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from archives import PASSWORD, Orthanc, orthanc_program, running
from bone_age_gui.core.values.reported import MANUFACTURER, FiledReport
from bone_age_gui.core.values.types import Reading
from bone_age_gui.gui.archive.nodes_dialog import NodesDialog
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.pacs.nodes import Node, Protocol, read_nodes, write_nodes
from bone_age_gui.pacs.secrets import secret_of
from bone_age_gui.store.outbox import Outbox
from bundles import make_seeing_bundle
from films import hand_like, write_dicom
from hostile import raw
from reports import write_foreign_report
from windows import drive, wait_for_flag, wait_for_model

pytest.importorskip("pynetdicom", reason="pynetdicom is not installed (extra 'pacs')")
WAIT_MS = 60_000


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_settings: Path) -> Path:
    monkeypatch.setenv("BONE_AGE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return tmp_path / "data"


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    orthanc_program()
    with running(Orthanc(tmp_path_factory.mktemp("orthanc"), with_web=True)) as started:
        yield started


def accept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dialogs that ask are answered at once."""
    monkeypatch.setattr(QDialog, "exec", lambda dialog: QDialog.DialogCode.Accepted)


def test_a_film_is_fetched_estimated_and_its_report_filed_with_it(
    qtbot: QtBot, orthanc: Orthanc, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("Müller^Jürgen", "Other^One")):
        film = hand_like(seed=number)
        path = write_dicom(tmp_path / f"{number}.dcm", film, PatientName=name, SpecificCharacterSet="ISO_IR 192")
        orthanc.upload(path)
    original = pydicom.dcmread(tmp_path / "0.dcm", stop_before_pixels=True)
    orthanc.upload(write_foreign_report(tmp_path / "earlier.dcm", 100.0))
    orthanc.upload(write_foreign_report(tmp_path / "another.dcm", 100.0, patient_id="OTHER"))
    write_nodes(data, [orthanc.node(name="Hospital")])
    bundle = make_seeing_bundle(tmp_path / "model").directory

    def script(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        actions = window.actions_by_name
        actions["from_archive"].trigger()
        dialog = window.archives.dialog
        assert dialog is not None
        dialog.fields["name"].setText("müller")  # Qt's own keyClicks types ASCII only
        qtbot.mouseClick(dialog.search, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: dialog.matches.rowCount() == 1, timeout=WAIT_MS)
        qtbot.waitUntil(dialog.search.isEnabled, timeout=WAIT_MS)
        assert not dialog.fetch.isEnabled()
        dialog.table.selectRow(0)
        qtbot.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: len(window.session.films) == 1 and window.session.is_idle, timeout=WAIT_MS)
        assert not actions["send"].isEnabled()
        actions["estimate"].trigger()
        number = wait_for_flag(qtbot, window).number
        assert [each.study_date for each in window.session.films[0].case.earlier] == ["2024-11-18"]
        assert not actions["send"].isEnabled(), "nobody has released it"
        assert "Decide first" in actions["send"].toolTip()
        window.session.set_reading(number, Reading(None, "model"))
        assert actions["send"].isEnabled()
        accept(monkeypatch)
        said: list[str] = []
        window.session.said.connect(said.append)
        for words in ("1 report in the archive", "0 reports in the archive, 1 sent before"):
            actions["send"].trigger()
            qtbot.waitUntil(lambda words=words: words in said, timeout=WAIT_MS)  # type: ignore[misc]
        said.clear()
        outbox = data / "outbox"  # gone, as on another workstation; the sending may still tidy up in it
        qtbot.waitUntil(lambda: shutil.rmtree(outbox, ignore_errors=True) is None and not outbox.exists())
        window.session.set_reading(number, Reading(138.0, "reader"))
        actions["send"].trigger()
        qtbot.waitUntil(lambda: "1 report in the archive" in said, timeout=WAIT_MS)

    assert drive(qtbot, ["--model", str(bundle), "--device", "cpu"], script) == 0
    held = [pydicom.dcmread(BytesIO(orthanc.file(listed))) for listed in orthanc.instances("SR")]
    ours = [each for each in held if each.get("Manufacturer") == MANUFACTURER]
    first, second = sorted(ours, key=lambda each: "PredecessorDocumentsSequence" in each)
    named = second.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    assert named.ReferencedSOPInstanceUID == first.SOPInstanceUID, "a changed decision names the report before it"
    report = first
    assert report.StudyInstanceUID == original.StudyInstanceUID
    assert str(report.PatientName) == "Müller^Jürgen"


def test_the_window_never_waits_for_an_archive(qtbot: QtBot, data: Path, tiny_bundle: Path) -> None:
    with raw(lambda connection: time.sleep(3)) as node:
        write_nodes(data, [node])

        def script(window: MainWindow) -> None:
            window.actions_by_name["from_archive"].trigger()
            dialog = window.archives.dialog
            assert dialog is not None
            ticks: list[float] = []
            timer = QTimer()
            timer.timeout.connect(lambda: ticks.append(time.monotonic()))
            timer.start(20)
            qtbot.mouseClick(dialog.search, Qt.MouseButton.LeftButton)
            assert dialog.cancel.isEnabled()
            qtbot.waitUntil(lambda: len(ticks) > 10, timeout=WAIT_MS)
            assert dialog.cancel.isEnabled()
            qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(dialog.search.isEnabled, timeout=WAIT_MS)
            assert dialog.message.text().startswith("Cancelled.")
            qtbot.mouseClick(dialog.search, Qt.MouseButton.LeftButton)
            qtbot.wait(200)

        started = time.monotonic()
        assert drive(qtbot, ["--model", str(tiny_bundle), "--device", "cpu"], script) == 0
        assert time.monotonic() - started < 60, "closing cancels"


def test_an_archive_that_refuses_says_why_in_the_dialog(qtbot: QtBot, data: Path, tiny_bundle: Path) -> None:
    write_nodes(data, [Node("gone", host="127.0.0.1", port=1, ae_title="A")])
    Outbox(data).add("gone", b"a report of another day", FiledReport("1", "1", "1", "1.9"))

    def script(window: MainWindow) -> None:
        qtbot.waitUntil(window.actions_by_name["send_waiting"].isVisible, timeout=WAIT_MS)
        window.actions_by_name["from_archive"].trigger()
        dialog = window.archives.dialog
        assert dialog is not None
        dialog.fields["birth_date"].setText("2.3.2014")
        qtbot.mouseClick(dialog.search, Qt.MouseButton.LeftButton)
        assert dialog.message.text().startswith("Birth date is not a date")
        dialog.fields["birth_date"].clear()
        qtbot.mouseClick(dialog.search, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "refused the connection" in dialog.message.text(), timeout=WAIT_MS)

    assert drive(qtbot, ["--model", str(tiny_bundle), "--device", "cpu"], script) == 0


def test_archives_are_set_up_and_tried(
    qtbot: QtBot, orthanc: Orthanc, data: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes: list[str] = []

    def use(dialog: NodesDialog) -> QDialog.DialogCode:
        def test() -> str:
            qtbot.mouseClick(dialog.test, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda: dialog.test.isEnabled() and bool(dialog.outcome.text()), timeout=WAIT_MS)
            return dialog.outcome.text()

        dialog.show()
        form = dialog.form
        qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
        form.name.clear()
        qtbot.keyClicks(form.name, "DICOM")
        outcomes.append(test())
        form.lines["host"].setText("127.0.0.1")
        form.port.setValue(orthanc.dicom_port)
        form.lines["ae_title"].setText("OTHER")
        outcomes.append(test())
        form.lines["ae_title"].setText("ORTHANC")
        outcomes.append(test())
        qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
        form.protocol.setCurrentIndex(1)
        form.lines["url"].setText(f"http://127.0.0.1:{orthanc.http_port}/dicom-web")
        form.lines["user"].setText("radiologist")
        outcomes.append(test())
        form.password.setText(PASSWORD)
        outcomes.append(test())
        dialog.accept()
        return QDialog.DialogCode(dialog.result())

    def rename(dialog: NodesDialog) -> QDialog.DialogCode:
        dialog.show()
        dialog.list.setCurrentRow(1)
        dialog.form.name.clear()
        qtbot.keyClicks(dialog.form.name, "Web")
        qtbot.mouseClick(dialog.test, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: dialog.test.isEnabled() and bool(dialog.outcome.text()), timeout=WAIT_MS)
        outcomes.append(dialog.outcome.text())
        dialog.accept()
        return QDialog.DialogCode(dialog.result())

    def script(window: MainWindow) -> None:
        for dialog in (use, rename):
            monkeypatch.setattr(NodesDialog, "exec", dialog)
            window.actions_by_name["archives"].trigger()

    assert drive(qtbot, ["--model", str(tiny_bundle), "--device", "cpu"], script) == 0
    assert "host is missing" in outcomes[0]
    assert outcomes[1].startswith("The archive has another AE title.")
    assert outcomes[2] == "DICOM answers."
    assert outcomes[3].startswith("The archive wants a password.")
    assert outcomes[4] == "Archive 1 answers."
    dicom, web = read_nodes(data)
    assert (dicom.name, dicom.protocol, web.protocol) == ("DICOM", Protocol.DIMSE, Protocol.DICOMWEB)
    assert outcomes[5] == "Web answers.", "with the password that was kept under its old name"
    assert (web.name, secret_of("Web", data), secret_of("Archive 1", data)) == ("Web", PASSWORD, None)
    assert PASSWORD not in (data / "nodes.json").read_text(encoding="utf-8")
