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
@pytest.mark.parametrize("word", ["choose", "remove"])
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


def offered(panel, kind):
    """What the menu of “Make…” offers when it opens."""
    menu = panel.menus[kind]
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions() if not action.isSeparator()}


@pytest.mark.parametrize("kind", KINDS)
def test_masters_are_made_from_open_captures_or_from_one_still_to_be_chosen(panel, qtbot, kind):
    assert list(offered(panel, kind)) == ["Choose a capture…", "Keep it in a file"]
    panel.set_captures([("b1", "bias_20251210_001500"), ("f&1", "flat & g")])
    entries = offered(panel, kind)
    assert list(entries) == [
        "From bias_20251210_001500", "From flat && g", "Choose a capture…", "Keep it in a file",
    ]  # fmt: skip
    for text, key in (("From flat && g", "f&1"), ("Choose a capture…", "")):
        with qtbot.waitSignal(panel.makeRequested) as got:
            entries[text].trigger()
        assert got.args == [kind, key]


def test_whether_a_master_is_kept_holds_for_all_kinds(panel):
    assert panel.keeps_file
    offered(panel, "bias")["Keep it in a file"].trigger()
    assert not panel.keeps_file
    assert not offered(panel, "flat")["Keep it in a file"].isChecked()


def test_nothing_is_ticked_without_a_file_and_the_wish_is_kept(panel):
    panel.set_used("bias", True)
    assert not panel.uses["bias"].isChecked()
    panel.set_master("bias", "bias.fits")
    assert panel.uses["bias"].isChecked()
