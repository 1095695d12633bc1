"""Par files are chosen by mouse and by key, alone or several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core.workbench.fold.listing import ParListing, ParRow
from nightglass.gui.fold.pars.chooser import NO_FOLDER, NO_RECENT, ParChooser
from nightglass.gui.fold.pars.par_dialog import ParDialog
from nightglass.gui.fold.pars.par_model import COLUMNS, separation_text
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QFontInfo
from PyQt6.QtWidgets import QApplication, QDialogButtonBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

FOLDER = Path("/data/pars")
KEY, BUTTON = Qt.Key, Qt.MouseButton
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


def row(name: str, apart: float | None = 1.0, note: str = "", *, usable: bool = True) -> ParRow:
    return ParRow(FOLDER / f"{name}.par", name.title(), 29.9, apart, note, note, usable)


ROWS = (
    row("crab", 0.01),
    row("geminga", 14.6, "The solution was fitted up to MJD 60000; this capture is 9 days after."),
    row("vela", 78.8),
    row("lost", None, "It lacks F0.", usable=False),
)
LISTING = ParListing(FOLDER, ROWS, (ROWS[2],), "", has_pointing=True)


class Heard:
    """What a chooser has emitted."""

    def __init__(self, chooser: ParChooser) -> None:
        self.chosen: list[tuple[Path, ...]] = []
        self.folders = 0
        self.texts: list[Path] = []
        chooser.chosen.connect(self.chosen.append)
        chooser.textRequested.connect(self.texts.append)
        chooser.folderRequested.connect(self._count)

    def _count(self) -> None:
        self.folders += 1


@pytest.fixture
def chooser(qtbot: QtBot) -> ParChooser:
    made = ParChooser()
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def heard(chooser: ParChooser) -> Heard:
    return Heard(chooser)


def place_of(chooser: ParChooser, number: int) -> QPoint:
    return chooser.table.visualRect(chooser.table.pars.index(number, 3)).center()


def click(qtbot: QtBot, chooser: ParChooser, number: int, with_key=NONE) -> None:
    port = chooser.table.viewport()
    qtbot.mouseClick(port, BUTTON.LeftButton, with_key, place_of(chooser, number))


def names(chooser: ParChooser) -> list[str]:
    return [one.name for one in chooser.table.rows]


def cells(chooser: ParChooser, number: int) -> list[str]:
    model = chooser.table.pars
    return [model.index(number, column).data() for column in range(len(COLUMNS))]


def test_the_list_shows_pulsar_separation_frequency_file_and_note(chooser: ParChooser) -> None:
    chooser.set_listing(LISTING)
    assert cells(chooser, 0) == ["Crab", "36″", "29.900000", "crab.par", ""]
    assert cells(chooser, 3) == ["Lost", "–", "29.900000", "lost.par", "It lacks F0."]
    assert chooser.status.whole == "4 par files, the nearest to where the telescope points first."
    assert chooser.place.whole == str(FOLDER)


@pytest.mark.parametrize(
    ("degrees", "text"),
    [(None, "–"), (0.0, "0″"), (0.0165, "59″"), (0.5, "30.0′"), (1.0, "1.0°"), (123.456, "123.5°")],
)
def test_separations_are_told_in_the_unit_that_suits_them(degrees, text) -> None:
    assert separation_text(degrees) == text


def test_enter_folds_on_the_nearest_at_once(qtbot, chooser: ParChooser, heard: Heard) -> None:
    chooser.set_listing(LISTING)
    assert chooser.search.hasFocus()
    qtbot.keyClick(chooser.search, KEY.Key_Return)
    assert heard.chosen == [(ROWS[0].path,)]
    assert not chooser.isVisible()


def test_arrows_move_in_the_list_from_the_search_field(
    qtbot, chooser: ParChooser, heard: Heard
) -> None:
    chooser.set_listing(LISTING)
    qtbot.keyClick(chooser.search, KEY.Key_Down)
    qtbot.keyClick(chooser.search, KEY.Key_Down)
    assert names(chooser) == ["vela.par"]
    qtbot.keyClick(chooser.search, KEY.Key_Up)
    qtbot.keyClick(chooser.search, KEY.Key_Return)
    assert heard.chosen == [(ROWS[1].path,)]


def test_enter_in_the_list_folds_once(qtbot, chooser: ParChooser, heard: Heard) -> None:
    chooser.set_listing(LISTING)
    chooser.table.setFocus()
    qtbot.keyClick(chooser.table, KEY.Key_Down)
    qtbot.keyClick(chooser.table, KEY.Key_Return)
    assert heard.chosen == [(ROWS[1].path,)]


def test_a_double_click_folds(qtbot, chooser: ParChooser, heard: Heard) -> None:
    chooser.set_listing(LISTING)
    click(qtbot, chooser, 2)
    port = chooser.table.viewport()
    qtbot.mouseDClick(port, BUTTON.LeftButton, pos=place_of(chooser, 2))
    assert heard.chosen == [(ROWS[2].path,)]
    assert not chooser.isVisible()


def test_several_are_overlaid_in_the_order_of_the_list(
    qtbot, chooser: ParChooser, heard: Heard
) -> None:
    chooser.set_listing(LISTING)
    click(qtbot, chooser, 2)
    click(qtbot, chooser, 0, CTRL)
    assert chooser.fold_button.text() == "Overlay 2"
    qtbot.mouseClick(chooser.fold_button, BUTTON.LeftButton)
    assert heard.chosen == [(ROWS[0].path, ROWS[2].path)]


def test_a_file_that_cannot_be_used_cannot_be_chosen(
    qtbot, chooser: ParChooser, heard: Heard
) -> None:
    chooser.set_listing(LISTING)
    click(qtbot, chooser, 3)
    assert not chooser.fold_button.isEnabled()
    assert chooser.status.whole == "lost.par: It lacks F0."
    qtbot.keyClick(chooser.table, KEY.Key_Return)
    qtbot.mouseDClick(chooser.table.viewport(), BUTTON.LeftButton, pos=place_of(chooser, 3))
    assert heard.chosen == []
    assert chooser.isVisible()


def test_more_than_four_cannot_be_overlaid(chooser: ParChooser) -> None:
    chooser.set_listing(ParListing(FOLDER, tuple(row(f"p{number}") for number in range(6))))
    chooser.table.select_places(range(4))
    assert chooser.fold_button.isEnabled()
    chooser.table.select_places(range(5))
    assert not chooser.fold_button.isEnabled()
    assert chooser.status.whole == "5 are selected; at most 4 can be overlaid."


def test_the_note_of_the_selected_file_is_told(qtbot, chooser: ParChooser) -> None:
    chooser.set_listing(LISTING)
    click(qtbot, chooser, 1)
    assert chooser.status.whole == ROWS[1].note
    assert chooser.fold_button.isEnabled()


def test_the_text_of_the_selected_file_is_asked_for_and_shown(
    qtbot, chooser: ParChooser, heard: Heard
) -> None:
    chooser.set_listing(LISTING)
    click(qtbot, chooser, 2)
    assert heard.texts == [ROWS[0].path, ROWS[2].path]
    chooser.set_text(ROWS[0].path, "F0 1\n")
    assert chooser.text.toPlainText() == ""
    chooser.set_text(ROWS[2].path, "F0 11.2\nF1 -1e-11\n")
    assert chooser.text.toPlainText() == "F0 11.2\nF1 -1e-11\n"
    assert chooser.text.isReadOnly()


def test_the_text_is_in_letters_of_one_width(chooser: ParChooser) -> None:
    assert QFontInfo(chooser.text.font()).fixedPitch()
    metrics = chooser.text.fontMetrics()
    assert metrics.horizontalAdvance("iiii") == metrics.horizontalAdvance("WWWW")


def test_searching_keeps_what_fits(qtbot, chooser: ParChooser, heard: Heard) -> None:
    chooser.set_listing(LISTING)
    qtbot.keyClicks(chooser.search, "vEL")
    assert [one.name for one in chooser.table.pars.rows] == ["vela.par"]
    qtbot.keyClicks(chooser.search, "x")
    assert chooser.table.pars.rows == ()
    assert not chooser.fold_button.isEnabled()
    chooser.search.clear()
    assert len(chooser.table.pars.rows) == 4
    qtbot.keyClicks(chooser.search, "vel")
    qtbot.keyClick(chooser.search, KEY.Key_Return)
    assert heard.chosen == [(ROWS[2].path,)]


def test_the_selection_stays_when_the_list_is_read_anew(qtbot, chooser: ParChooser) -> None:
    chooser.set_listing(LISTING)
    click(qtbot, chooser, 0)
    click(qtbot, chooser, 1, CTRL)
    chooser.set_listing(ParListing(FOLDER, ROWS[::-1], (), "", has_pointing=True))
    assert names(chooser) == ["geminga.par", "crab.par"]
    chooser.set_listing(ParListing(FOLDER, ROWS[1:], (), "", has_pointing=True))
    assert names(chooser) == ["geminga.par"]


def test_without_a_folder_the_way_to_one_is_shown(qtbot, chooser: ParChooser, heard: Heard) -> None:
    chooser.set_listing(ParListing())
    assert chooser.empty.isVisible()
    assert chooser.empty.text == NO_FOLDER
    assert not chooser.fold_button.isEnabled()
    qtbot.mouseClick(chooser.empty.buttons["folder"], BUTTON.LeftButton)
    qtbot.mouseClick(chooser.folder_button, BUTTON.LeftButton)
    assert heard.folders == 2


def test_an_empty_or_lost_folder_says_so(chooser: ParChooser) -> None:
    chooser.set_listing(ParListing(FOLDER))
    assert chooser.empty.text == "There is no par file in pars."
    chooser.set_listing(ParListing(FOLDER, trouble="/data/pars is not there."))
    assert chooser.empty.text == "/data/pars is not there."


def test_par_files_used_of_late_have_a_list_of_their_own(
    qtbot, chooser: ParChooser, heard: Heard
) -> None:
    chooser.set_listing(LISTING)
    chooser.tabs.setFocus()
    qtbot.keyClick(chooser.tabs, KEY.Key_Right)
    assert [one.name for one in chooser.table.pars.rows] == ["vela.par"]
    assert chooser.status.whole == "1 par file, the one used last first."
    qtbot.keyClick(chooser.tabs, KEY.Key_Return)
    assert heard.chosen == [(ROWS[2].path,)]


def test_recent_ones_are_shown_first_where_there_is_no_folder(chooser: ParChooser) -> None:
    chooser.set_listing(ParListing(None, (), (ROWS[2],)))
    assert [one.name for one in chooser.table.pars.rows] == ["vela.par"]
    chooser.set_listing(ParListing())
    assert chooser.empty.text == NO_RECENT


def test_without_a_pointing_the_order_is_explained(chooser: ParChooser) -> None:
    chooser.set_listing(ParListing(FOLDER, ROWS[:1]))
    assert chooser.status.whole == "1 par file by name: nothing tells where the telescope points."


def test_the_files_in_use_have_a_mark(chooser: ParChooser) -> None:
    chooser.set_listing(LISTING)
    glyph = Qt.ItemDataRole.DecorationRole

    def drawn(number: int) -> object:
        return chooser.table.pars.index(number, 0).data(glyph).pixmap(16, 16).toImage()

    before = drawn(0)
    assert before == drawn(2)
    chooser.set_in_use([ROWS[0].path])
    assert drawn(0) != before
    assert drawn(2) == before
    assert drawn(3) != before


def test_escape_chooses_nothing(qtbot, chooser: ParChooser, heard: Heard) -> None:
    chooser.set_listing(LISTING)
    qtbot.keyClick(chooser.search, KEY.Key_Escape)
    assert not chooser.isVisible()
    assert heard.chosen == []


def test_a_par_file_is_shown_alone_with_its_notices_and_copied(qtbot: QtBot) -> None:
    text = "F0 29.9\n# a comment\n"
    shown = ParDialog("crab.par", text, "/data/crab.par", ("DE440 is used instead.",))
    shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitExposed(shown)
    assert shown.view.toPlainText() == text
    assert shown.view.isReadOnly()
    assert shown.place.whole == "/data/crab.par"
    assert shown.notices.text() == "DE440 is used instead."
    qtbot.mouseClick(shown.copy_button, BUTTON.LeftButton)
    assert QApplication.clipboard().text() == text
    box = shown.findChild(QDialogButtonBox)
    qtbot.mouseClick(box.button(QDialogButtonBox.StandardButton.Close), BUTTON.LeftButton)
    assert not shown.isVisible()
