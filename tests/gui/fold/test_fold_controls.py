"""Settings of the fold: typed, turned, chosen."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.core.workbench.fold.listing import ParRow
from nightglass.gui.fold.controls import Controls, derivative_text, frequency_text
from nightglass.gui.fold.pars.par_button import ParButton, par_text
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication

CTRL = Qt.KeyboardModifier.ControlModifier
CRAB = ParRow(Path("/pars/crab.par"), "J0534+2200", 29.9, 0.011)
FAR = ParRow(Path("/pars/far.par"), "J1023+0038", 592.0, 12.34, "Outside its range.")
BAD = ParRow(Path("/pars/bad.par"), "", None, None, "it has no F0", is_usable=False)


@pytest.fixture
def controls(qtbot):
    made = Controls()
    qtbot.addWidget(made)
    made.resize(520, 240)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.set_settings(FoldSettings(), 29.946923, -3.77535e-10)
    made.set_span(200.0)
    return made


def typed(qtbot, field, text, key=Qt.Key.Key_Return):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, key)


def turn(field, degrees, modifiers=Qt.KeyboardModifier.NoModifier):
    """Turn the wheel over a field, an eighth of a degree each."""
    event = QWheelEvent(
        QPointF(3, 3), QPointF(field.mapToGlobal(QPoint(3, 3))), QPoint(), QPoint(0, degrees),
        Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field, event)


def test_frequency_is_shown_with_all_its_digits(controls):
    assert controls.f0.text() == "29.946923"
    assert controls.f1.text() == "-3.77535e-10"


def test_typed_frequency_is_told_when_entered(controls, qtbot, told):
    changed = told(controls.settingsChanged)
    typed(qtbot, controls.f0, "29.9469231234567")
    assert changed == [({"f0_hz": 29.9469231234567},)]
    typed(qtbot, controls.f1, "-3.8e-10", Qt.Key.Key_Tab)
    assert changed[1:] == [({"f1_hz_s": -3.8e-10},)]
    # As copied from a page with the typographic sign, which no key gives.
    controls.f1.setText("−3.9e-10")
    controls.f1.setModified(True)
    qtbot.keyClick(controls.f1, Qt.Key.Key_Return)
    assert changed[2:] == [({"f1_hz_s": -3.9e-10},)]


def test_emptied_frequency_is_that_of_the_par_file(controls, qtbot, told):
    changed = told(controls.settingsChanged)
    controls.f0.setFocus()
    controls.f0.selectAll()
    qtbot.keyClick(controls.f0, Qt.Key.Key_Delete)
    qtbot.keyClick(controls.f0, Qt.Key.Key_Return)
    assert changed == [({"f0_hz": None},)]


def test_what_is_no_number_is_marked_and_not_told(controls, qtbot, told):
    changed = told(controls.settingsChanged)
    typed(qtbot, controls.f0, "29.9 Hz")
    assert changed == []
    assert controls.f0.property("cue") == "bad"
    qtbot.keyClick(controls.f0, Qt.Key.Key_Escape)
    assert controls.f0.text() == "29.946923"
    assert not controls.f0.property("cue")


def test_arrows_step_the_frequency_by_a_turn_over_the_span(controls, qtbot, told):
    changed = told(controls.settingsChanged)
    controls.f0.setFocus()
    qtbot.keyClick(controls.f0, Qt.Key.Key_Up)
    qtbot.keyClick(controls.f0, Qt.Key.Key_Down, CTRL)
    steps = [one["f0_hz"] - 29.946923 for (one,) in changed]
    assert steps == [pytest.approx(1 / 200), pytest.approx(0.9 / 200)]
    controls.f1.setFocus()
    qtbot.keyClick(controls.f1, Qt.Key.Key_Up)
    assert changed[-1][0]["f1_hz_s"] + 3.77535e-10 == pytest.approx(1 / 200**2)


def test_wheel_steps_only_where_the_keyboard_is(controls, told):
    changed = told(controls.settingsChanged)
    controls.f1.setFocus()
    turn(controls.f0, 120)
    assert changed == []
    controls.f0.setFocus()
    for degrees in (120, -60, -60, 60):
        turn(controls.f0, degrees)
    steps = [one["f0_hz"] - 29.946923 for (one,) in changed]
    assert steps == [pytest.approx(1 / 200), pytest.approx(0.0, abs=1e-12)]


def test_text_being_typed_is_not_overwritten(controls, qtbot):
    controls.f0.setFocus()
    controls.f0.selectAll()
    qtbot.keyClicks(controls.f0, "29.5")
    controls.set_settings(FoldSettings(f0_hz=29.8), 29.8, 0.0)
    assert controls.f0.text() == "29.5"
    qtbot.keyClick(controls.f0, Qt.Key.Key_Escape)
    assert controls.f0.text() == "29.8"


def test_edited_numbers_are_marked_at_their_labels(controls):
    controls.set_settings(FoldSettings(f0_hz=29.8), 29.8, -3e-10)
    assert controls.labels["f0_hz"].text() == "F0 (Hz) ✎"
    assert controls.labels["f1_hz_s"].text() == "F1 (Hz/s)"
    controls.set_settings(FoldSettings(), 29.9, -3e-10)
    assert controls.labels["f0_hz"].text() == "F0 (Hz)"


def test_without_a_par_file_there_is_no_frequency(controls, qtbot, told):
    changed = told(controls.settingsChanged)
    controls.set_settings(FoldSettings(), math.nan, math.nan)
    assert controls.f0.text() == controls.f1.text() == ""
    qtbot.keyClick(controls.f0, Qt.Key.Key_Up)
    assert changed == []


def test_offsets_are_told_in_turns_and_in_seconds(controls, qtbot, told):
    changed = told(controls.settingsChanged)
    typed(qtbot, controls.phase, "0.125")
    typed(qtbot, controls.offset, "-1.5")
    assert changed == [({"phase_offset": 0.125},), ({"timing_offset_s": pytest.approx(-1.5e-3)},)]
    controls.set_settings(FoldSettings(timing_offset_s=0.002), 29.9, 0.0)
    assert controls.offset.text() == "2.0000"


def test_bins_are_typed_or_chosen(controls, qtbot, told):
    bins = told(controls.binsChanged)
    assert controls.bins.currentText() == "32"
    edit = controls.bins.lineEdit()
    typed(qtbot, edit, "48")
    assert bins == [(48,)]
    typed(qtbot, edit, "3")
    typed(qtbot, edit, "2000")
    assert bins == [(48,)]
    controls.set_settings(FoldSettings(n_bins=48), 29.9, 0.0)
    edit.clearFocus()
    controls.set_settings(FoldSettings(n_bins=100), 29.9, 0.0)
    assert controls.bins.currentText() == "100"
    qtbot.keyClick(controls.bins, Qt.Key.Key_Down)
    assert bins[1:] == [(128,)]


def test_moment_and_rows_are_told(controls, qtbot, told):
    changed = told(controls.settingsChanged)
    controls.stamp.setFocus()
    qtbot.keyClick(controls.stamp, Qt.Key.Key_Down)
    qtbot.mouseClick(controls.rows, Qt.MouseButton.LeftButton, pos=QPoint(6, 8))
    assert changed == [({"stamp": "end"},), ({"row_delay": True},)]


def test_ranges_are_typed(controls, qtbot, told):
    edited = told(controls.rangeEdited)
    typed(qtbot, controls.on, "0.95-0.1")
    typed(qtbot, controls.off, "nothing")
    assert edited == [("on", PhaseRange(0.95, 0.1))]
    assert controls.on.text() == "0.950-0.100"
    assert controls.off.property("cue") == "bad"
    controls.set_settings(FoldSettings(on=PhaseRange(0.2, 0.3)), 29.9, 0.0)
    assert controls.on.text() == "0.200-0.300"
    controls.on.setFocus()
    controls.on.selectAll()
    qtbot.keyClick(controls.on, Qt.Key.Key_Delete)
    qtbot.keyClick(controls.on, Qt.Key.Key_Return)
    assert edited[1:] == [("on", None)]


def test_second_region_is_chosen(controls, qtbot, told):
    chosen = told(controls.secondChosen)
    controls.set_regions([(3, "circle 3"), (7, "box 7")], 7)
    assert controls.second.currentText() == "box 7"
    qtbot.keyClick(controls.second, Qt.Key.Key_Up)
    qtbot.keyClick(controls.second, Qt.Key.Key_Up)
    assert chosen == [(3,), (None,)]


def test_setters_emit_nothing(controls, told):
    signals = (
        controls.settingsChanged, controls.binsChanged, controls.rangeEdited,
        controls.secondChosen, controls.normalisedToggled,
    )  # fmt: skip
    got = [told(signal) for signal in signals]
    settings = FoldSettings(
        n_bins=64, f0_hz=30.0, f1_hz_s=0.0, phase_offset=0.5, timing_offset_s=1.0, stamp="start",
        row_delay=True, on=PhaseRange(0.1, 0.2),
    )  # fmt: skip
    controls.set_settings(settings, 30.0, 0.0)
    controls.set_regions([(3, "circle 3")], 3)
    controls.set_halves(2)
    assert got == [[]] * len(signals)
    assert controls.stamp.currentText() == "start"
    assert controls.rows.isChecked()


def test_every_field_is_reached_by_tab_in_reading_order(controls, qtbot):
    controls.par.setFocus()
    order = [controls.f0, controls.f1, controls.phase, controls.on, controls.off, controls.bins,
             controls.second, controls.stamp, controls.offset, controls.rows]  # fmt: skip
    for field in order:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() in (field, field.focusProxy()), field.accessibleName()


# The button of the par file


@pytest.fixture
def button(qtbot):
    made = ParButton()
    qtbot.addWidget(made)
    made.set_pars([CRAB, FAR, BAD], [FAR], [CRAB.path], ["J0534+2200"], ["Converted from TCB."])
    made.fill()
    return made


def entries(menu):
    return {entry.text(): entry for entry in menu.actions() if entry.text()}


def test_button_names_the_pulsar_and_tells_its_notices(button):
    assert button.name == "J0534+2200"
    assert button.toolTip() == "Par file\n/pars/crab.par\nConverted from TCB."
    button.set_pars((), (), (), ())
    assert button.name == "Choose a par file"


def test_menu_has_separations_and_warnings(button):
    texts = [entry.text() for entry in button.list.actions() if entry.text()]
    assert texts == [
        "By distance from the pointing", "J0534+2200   40″   crab.par",
        "J1023+0038   12.3°   far.par   ▲ Outside its range.", "bad.par   ▲ it has no F0",
        "Used of late", "J1023+0038   12.3°   far.par   ▲ Outside its range.",
        "Fold on as well", "Choose…", "Show par file",
    ]  # fmt: skip
    assert par_text(ParRow(Path("x.par"), "X", None, 0.5, "n" * 90)).endswith("n…")
    assert entries(button.list)["J0534+2200   40″   crab.par"].isChecked()
    assert not entries(button.list)["bad.par   ▲ it has no F0"].isEnabled()


def test_menu_says_in_a_few_words_what_is_wrong():
    row = ParRow(Path("x.par"), "X", None, 0.5, "n" * 90, brief="5 days after its range")
    assert par_text(row).endswith("▲ 5 days after its range")


def test_frequencies_have_no_zeros_that_say_nothing():
    written = [frequency_text(hz) for hz in (29.946, 30.0, 29.943667085802)]
    assert written == ["29.946", "30.0", "29.943667085802"]
    assert [derivative_text(one) for one in (-3.77e-10, 0.0, 2e-13)] == ["-3.77e-10", "0", "2e-13"]


def test_menu_tells_what_is_chosen(button, told):
    chosen, asked = told(button.parChosen), told(button.actionRequested)
    entries(button.list)["J0534+2200   40″   crab.par"].trigger()
    entries(button.list)["Choose…"].trigger()
    entries(button.list)["Show par file"].trigger()
    assert chosen == [(CRAB.path,)]
    assert asked == [("fold.choose",), ("fold.par-text",)]


def test_par_files_are_overlaid_and_taken_away(button, told):
    added, removed = told(button.parAdded), told(button.parRemoved)
    overlay = entries(entries(button.list)["Fold on as well"].menu())
    overlay[par_text(FAR)].trigger()
    overlay[par_text(CRAB)].trigger()
    assert (added, removed) == ([(FAR.path,)], [(CRAB.path,)])
