"""Units to be made again and frames to be marked are chosen."""

from __future__ import annotations

import pytest
from nightglass.core.workbench.night.choices import FrameChoice, UnitChoice
from nightglass.gui.night.launch.choose_dialog import ChooseDialog
from nightglass.gui.night.launch.questions import MARK, RETRY, listed_frames, listed_units
from PyQt6.QtCore import Qt

UNITS = (
    UnitChoice("LPC-00000001", "failed", "No stars"),
    UnitChoice("LPC-00000002", "partial", ""),
    UnitChoice("LPE-00000003", "done", ""),
)


@pytest.fixture
def shown(qtbot):
    def show(question, choices):
        dialog = ChooseDialog(question)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.set_choices(choices)
        dialog.show()
        qtbot.waitExposed(dialog)
        return dialog

    return show


def names(dialog):
    return [one.key for one in dialog.names.shown]


def test_units_are_listed_by_group(shown):
    dialog = shown(RETRY, listed_units(UNITS))
    assert [dialog.group.itemText(k) for k in range(3)] == ["Failed (1)", "Partial (1)", "All (3)"]
    dialog.show_group("failed")
    assert names(dialog) == ["LPC-00000001"]
    dialog.show_group("")
    assert names(dialog) == [one.unit for one in UNITS]


def test_a_unit_is_found_by_typing_and_made_again_by_enter(shown, qtbot):
    dialog = shown(RETRY, listed_units(UNITS))
    dialog.show_group("")
    qtbot.keyClicks(dialog.search, "lpe")
    with qtbot.waitSignal(dialog.decided) as got:
        qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert got.args == ["retry", ("LPE-00000003",)]


def test_several_are_chosen_with_the_arrows(shown, qtbot):
    dialog = shown(RETRY, listed_units(UNITS))
    dialog.show_group("")
    dialog.list.clearSelection()
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.state.whole == "2 units chosen."
    assert dialog.chosen == ("LPC-00000001", "LPC-00000002")


def test_nothing_chosen_presses_no_button(shown):
    dialog = shown(RETRY, listed_units(UNITS))
    dialog.show_group("")
    dialog.list.clearSelection()
    assert not dialog.buttons["retry"].isEnabled()
    dialog.search.setText("no such unit")
    assert dialog.chosen == ()
    assert dialog.state.whole == "No unit is listed here."


def test_what_is_selected_stays_so_when_the_list_is_another(shown, qtbot):
    dialog = shown(RETRY, listed_units(UNITS))
    dialog.show_group("")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    chosen = dialog.chosen
    dialog.set_choices(listed_units((UnitChoice("LPA-00000000", "failed", ""), *UNITS)))
    assert dialog.chosen == chosen


def test_a_frame_is_left_out_or_taken_in_again(shown, qtbot):
    frames = [
        FrameChoice("1LPC.fits", "used", "LPC-00000001"),
        FrameChoice("2LPC.fits", "marked", ""),
    ]
    dialog = shown(MARK, listed_frames(frames))
    dialog.show_group("marked")
    with qtbot.waitSignal(dialog.decided) as got:
        qtbot.mouseClick(dialog.buttons["unmark"], Qt.MouseButton.LeftButton)
    assert got.args == ["unmark", ("2LPC.fits",)]


def test_a_frame_that_no_journal_names_may_be_typed(shown, qtbot):
    dialog = shown(MARK, listed_frames([FrameChoice("1LPC.fits", "used", "")]))
    qtbot.keyClicks(dialog.search, "9LPC.fits")
    assert dialog.state.whole == "9LPC.fits: not in the journal yet."
    with qtbot.waitSignal(dialog.decided) as got:
        qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert got.args == ["mark", ("9LPC.fits",)]


def test_while_names_are_read_it_says_so(qtbot):
    dialog = ChooseDialog(MARK)
    qtbot.addWidget(dialog)
    assert dialog.state.whole == "Reading the journal…"
    assert not dialog.buttons["mark"].isEnabled()
