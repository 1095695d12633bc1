"""Bias, dark and flat."""

from __future__ import annotations

import pytest
from nightglass.gui.calibration_dock import CalibrationPanel
from PyQt6.QtCore import Qt

KINDS = ("bias", "dark", "flat")


@pytest.fixture
def panel(qtbot):
    made = CalibrationPanel()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_there_at_first(panel, kind):
    assert panel.names[kind].text() == "none"
    assert not panel.uses[kind].isEnabled()
    assert not panel.notes[kind].isVisible()
    assert not panel.buttons[f"remove {kind}"].isVisible()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("word", ["choose", "make", "remove"])
def test_buttons_ask_for_their_kind(panel, qtbot, kind, word):
    panel.set_master(kind, "bias_20251210.fits")
    signal = getattr(panel, f"{word}Requested")
    with qtbot.waitSignal(signal) as got:
        qtbot.mouseClick(panel.buttons[f"{word} {kind}"], Qt.MouseButton.LeftButton)
    assert got.args == [kind]


def test_use_is_told_when_switched_by_hand_only(panel, qtbot):
    panel.set_master("dark", "dark.fits")
    with qtbot.assertNotEmitted(panel.useChanged):
        panel.set_used("dark", True)
    with qtbot.waitSignal(panel.useChanged) as got:
        qtbot.keyClick(panel.uses["dark"], Qt.Key.Key_Space)
    assert got.args == ["dark", False]


def test_mismatch_is_a_sentence_with_a_glyph(panel):
    panel.set_master("flat", "flat_g.fits", ["The filter differs.", "The binning differs."])
    assert panel.notes["flat"].text() == "▲ The filter differs. The binning differs."
    assert panel.notes["flat"].isVisible()
    assert panel.names["flat"].property("cue") == "warn"
    panel.set_master("flat", "flat_r.fits")
    assert not panel.notes["flat"].isVisible()
    assert panel.names["flat"].property("cue") == "good"


def test_making_needs_a_capture(panel):
    panel.set_can_make(False)
    assert not any(panel.buttons[f"make {kind}"].isEnabled() for kind in KINDS)


def test_nothing_is_ticked_without_a_file_and_the_wish_is_kept(panel):
    panel.set_used("bias", True)
    assert not panel.uses["bias"].isChecked()
    panel.set_master("bias", "bias.fits")
    assert panel.uses["bias"].isChecked()
