"""The dialog of the archives: what is typed stays with its archive, and nothing that cannot work is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.archive.nodes_dialog import NodesDialog
from bone_age_gui.pacs.nodes import Node, Protocol

FIRST = Node("First", host="pacs.example", ae_title="PACS", port=11112, words=("hand", "carpus"))
WEB = Node("Web", protocol=Protocol.DICOMWEB, url="https://pacs.example/dicom-web", user="doctor")


def opened(qtbot: QtBot, *nodes: Node, kept: tuple[str, ...] = ()) -> NodesDialog:
    dialog = NodesDialog(nodes, lambda name: name in kept)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_what_was_not_touched_comes_back_as_it_was(qtbot: QtBot) -> None:
    dialog = opened(qtbot, FIRST, WEB, kept=("Web",))
    dialog.list.setCurrentRow(1)
    assert dialog.form.password.placeholderText().startswith("kept")
    assert dialog.form.password.text() == ""
    dialog.list.setCurrentRow(0)
    assert dialog.form.password.placeholderText() == ""
    dialog.accept()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.accepted_nodes == (FIRST, WEB)
    assert (dialog.passwords, dialog.renamed) == ({}, {})


def test_only_the_fields_of_the_protocol_are_shown(qtbot: QtBot) -> None:
    dialog = opened(qtbot, FIRST, WEB)
    form = dialog.form
    assert (form.port.isVisible(), form.tls.isVisible(), form.password.isVisible()) == (True, True, False)
    dialog.list.setCurrentRow(1)
    assert (form.port.isVisible(), form.lines["url"].isVisible(), form.password.isVisible()) == (False, True, True)


def test_a_password_goes_along_with_a_new_name_and_ends_with_its_archive(qtbot: QtBot) -> None:
    dialog = opened(qtbot, FIRST, WEB)
    dialog.list.setCurrentRow(1)
    qtbot.keyClicks(dialog.form.password, "secret")
    dialog.form.name.clear()
    qtbot.keyClicks(dialog.form.name, "Hospital")
    assert dialog.list.item(1).text() == "Hospital"
    dialog.list.setCurrentRow(0)
    assert dialog.form.password.text() == "", "of another archive"
    qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    dialog.accept()
    assert [node.name for node in dialog.accepted_nodes] == ["Hospital"]
    assert (dialog.passwords, dialog.renamed) == ({"Hospital": "secret"}, {"Web": "Hospital"})


def test_what_cannot_work_is_shown_and_not_kept(qtbot: QtBot) -> None:
    dialog = opened(qtbot, FIRST, WEB)
    dialog.list.setCurrentRow(1)
    dialog.form.lines["url"].setText("pacs.example")
    dialog.list.setCurrentRow(0)
    dialog.accept()
    assert dialog.isVisible()
    assert dialog.list.currentRow() == 1, "the one that is wrong"
    assert "should begin with https://" in dialog.outcome.text()
    dialog.form.lines["url"].setText(WEB.url)
    dialog.form.name.setText(FIRST.name)
    dialog.accept()
    assert dialog.isVisible()
    assert dialog.outcome.text() == "Two archives have the name First."


def test_a_new_archive_is_named_and_none_is_tried_that_cannot_work(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    assert (dialog.test.isEnabled(), dialog.remove.isEnabled(), dialog.form.isVisible()) == (False, False, False)
    for name in ("Archive 1", "Archive 2"):
        qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
        assert dialog.form.name.text() == name
    wanted: list[tuple[Node, str | None, str]] = []
    dialog.test_wanted.connect(lambda *asked: wanted.append(asked))
    qtbot.mouseClick(dialog.test, Qt.MouseButton.LeftButton)
    assert wanted == []
    assert "host is missing" in dialog.outcome.text()
    dialog.form.lines["host"].setText("pacs.example")
    dialog.form.lines["ae_title"].setText("PACS")
    qtbot.mouseClick(dialog.test, Qt.MouseButton.LeftButton)
    assert wanted == [(dialog.form.node(), None, "Archive 2")]
    assert not dialog.test.isEnabled(), "one test at a time"
    dialog.show_test("It answers.")
    assert (dialog.test.isEnabled(), dialog.outcome.text()) == (True, "It answers.")
