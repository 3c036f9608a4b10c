"""The form of a batch: what is typed into it, and the window that begins a new run."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from bone_age_gui.gui.batch.form import RESULTS, BatchForm
from bone_age_gui.gui.batch.panel import BatchPanel
from bone_age_gui.gui.work.batch.values import BatchRequest, Shown


def test_a_typed_folder_enables_start_and_the_proposed_folder_takes_the_reports(qtbot: QtBot, tmp_path: Path) -> None:
    form = BatchForm(lambda _out: False)
    qtbot.addWidget(form)
    form.set_engine_reason(None)
    assert not form.start.isEnabled()
    qtbot.keyClicks(form.folder, str(tmp_path))
    assert form.start.isEnabled()
    wanted: list[BatchRequest] = []
    form.start_wanted.connect(wanted.append)
    form.start.click()
    assert (wanted[0].folder, wanted[0].out) == (tmp_path, tmp_path / RESULTS)
    qtbot.keyClicks(form.out, str(tmp_path / "elsewhere"))
    form.start.click()
    assert wanted[1].out == tmp_path / "elsewhere"


def test_a_filter_does_not_outlive_its_run(qtbot: QtBot, tmp_path: Path) -> None:
    panel = BatchPanel(lambda _out: False)
    qtbot.addWidget(panel)
    panel.only[Shown.REFUSED].click()
    qtbot.keyClicks(panel.search, "doe")
    panel.begin(tmp_path)
    assert panel.only[Shown.ALL].isChecked()
    assert panel.search.text() == ""
