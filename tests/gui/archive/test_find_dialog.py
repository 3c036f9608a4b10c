"""What is looked for in an archive, and the table of what there is."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.archive.find_dialog import FindDialog
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.query import Query, SeriesMatch, StudyMatch

NODES = (Node("First", host="a", ae_title="A", words=("hand",)), Node("Second", host="b", ae_title="B", words=()))


def series(number: int, name: str, born: str | None, films: int | None) -> SeriesMatch:
    study = StudyMatch(f"1.{number}", name, f"P{number}", born, "F", "2024-05-01")
    return SeriesMatch(study, f"1.{number}.1", "CR", "HAND", "", "", films)


@pytest.fixture
def dialog(qtbot: QtBot) -> FindDialog:
    made = FindDialog()
    qtbot.addWidget(made)
    made.show_nodes(NODES)
    made.show()
    return made


def column(dialog: FindDialog, number: int) -> list[str]:
    return [dialog.sorted.index(row, number).data() for row in range(dialog.sorted.rowCount())]


def test_what_is_typed_is_what_is_asked_for(qtbot: QtBot, dialog: FindDialog) -> None:
    asked: list[tuple[Node, Query]] = []
    dialog.find_wanted.connect(lambda node, query: asked.append((node, query)))
    typed = {
        "name": " Doe, Jane ", "patient_id": "4711", "birth_date": "2014-03-02", "accession": "A1",
        "study_from": "2024-01-01", "study_to": "2024-12-31", "modality": "CR, DX,", "words": "wrist, carpus",
    }  # fmt: skip
    for name, text in typed.items():
        dialog.fields[name].setText(text)
    qtbot.keyClick(dialog.fields["name"], Qt.Key.Key_Return)
    assert asked == [
        (
            NODES[0],
            Query(
                "Doe, Jane", "4711", date(2014, 3, 2), date(2024, 1, 1), date(2024, 12, 31), "A1", "", ("CR", "DX"),
                ("wrist", "carpus"),
            ),
        )
    ]  # fmt: skip
    dialog.fields["study_to"].setText("yesterday")
    qtbot.mouseClick(dialog.search, Qt.MouseButton.LeftButton)
    assert len(asked) == 1, "a day that is none is not asked for"
    assert dialog.message.text().startswith("Study to")
    assert dialog.fields["study_to"].hasFocus()


def test_the_words_are_those_of_the_chosen_archive(dialog: FindDialog) -> None:
    assert dialog.fields["words"].text() == "hand"
    dialog.node.setCurrentIndex(1)
    assert dialog.fields["words"].text() == ""
    dialog.show_nodes(NODES[::-1])
    assert dialog.node.currentText() == "Second", "the choice outlasts a change of the list"
    dialog.show_nodes(())
    assert dialog.message.text() == "No archive is set up yet. Choose Set up."
    assert not dialog.search.isEnabled()


def test_columns_sort_by_what_they_hold_and_rows_stay_theirs(qtbot: QtBot, dialog: FindDialog) -> None:
    listed = [series(1, "Roe^Ann", "2014-03-02", 12), series(2, "Doe^Jane", None, 2), series(3, "Poe^Eve", "2009", 3)]
    dialog.show_page(listed, has_more=True)
    assert dialog.message.text() == "3 series. There are more studies."
    dialog.table.sortByColumn(7, Qt.SortOrder.AscendingOrder)
    assert column(dialog, 7) == ["2", "3", "12"]
    fetched: list[list[SeriesMatch]] = []
    dialog.fetch_wanted.connect(fetched.append)
    assert not dialog.fetch.isEnabled()
    assert dialog.fetch.toolTip() == "Choose one or more rows."
    dialog.table.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
    dialog.table.selectRow(0)
    dialog.table.selectRow(2)
    qtbot.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
    assert fetched == [[listed[0], listed[1]]]
    dialog.matches.set_state(listed[1], "waiting")
    assert column(dialog, 8) == ["waiting", "", ""]
    dialog.show_first()
    assert dialog.sorted.rowCount() == 0


def test_while_an_answer_is_waited_for_only_cancel_is_there_and_escape_means_it(
    qtbot: QtBot, dialog: FindDialog
) -> None:
    dialog.show_page([series(1, "Roe^Ann", None, None)], has_more=True)
    assert (dialog.more.isEnabled(), dialog.cancel.isEnabled()) == (True, False)
    dialog.set_busy(True)
    assert not any(button.isEnabled() for button in (dialog.search, dialog.more, dialog.fetch))
    assert dialog.busy.isVisible()
    with qtbot.waitSignal(dialog.cancel_wanted):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    dialog.set_busy(False)
    dialog.show_page([], has_more=False)
    assert not dialog.more.isEnabled()
    assert dialog.more.toolTip() == "All studies that match were looked into."
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
