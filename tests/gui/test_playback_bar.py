"""Transport controls."""

from __future__ import annotations

import pytest
from nightglass.gui.actions import ActionSet
from nightglass.gui.playback_bar import PlaybackBar
from nightglass.gui.speed_box import SPEEDS, SpeedBox
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMainWindow


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def actions(window):
    return ActionSet(window)


@pytest.fixture
def bar(window, actions, qtbot):
    made = PlaybackBar(actions)
    window.setCentralWidget(made)
    with qtbot.waitExposed(window):
        window.show()
    made.set_frame(0, 5000)
    return made


def test_bar_without_frames_is_disabled(bar, actions):
    bar.set_frame(0, 0)
    assert not actions.action("frame.play").isEnabled()
    assert not bar.frame_field.isEnabled()
    assert not bar.utc_field.isEnabled()


def test_frame_numbers_are_counted_from_one_for_the_reader(bar):
    bar.set_frame(41, 5000)
    assert bar.frame_field.value() == 42


def test_typed_frame_number_is_asked_for_from_zero(bar, qtbot):
    bar.edit_frame()
    with qtbot.waitSignal(bar.frameRequested) as got:
        qtbot.keyClicks(bar.frame_field, "1200")
        qtbot.keyClick(bar.frame_field, Qt.Key.Key_Return)
    assert got.args == [1199]


def test_number_being_typed_is_not_overwritten(bar, qtbot):
    bar.edit_frame()
    qtbot.waitUntil(bar.frame_field.hasFocus)
    qtbot.keyClicks(bar.frame_field, "12")
    bar.set_frame(7, 5000)
    assert bar.frame_field.cleanText() == "12"


def test_setters_emit_nothing(bar, qtbot):
    with (
        qtbot.assertNotEmitted(bar.frameRequested),
        qtbot.assertNotEmitted(bar.speedChosen),
        qtbot.assertNotEmitted(bar.utcRequested),
    ):
        bar.set_frame(10, 6000)
        bar.set_speed("fps", 30.0)
        bar.set_playing(1)
        bar.set_live(is_live=True, behind=3)


@pytest.mark.parametrize(
    "text", ["03:15:07", "3:15", "03:15:07.004182", "2025-12-10 03:15:07", "2025-12-10T03:15:07Z"]
)
def test_time_is_passed_on(bar, qtbot, text):
    bar.edit_utc()
    with qtbot.waitSignal(bar.utcRequested) as got:
        qtbot.keyClicks(bar.utc_field, text)
        qtbot.keyClick(bar.utc_field, Qt.Key.Key_Return)
    assert got.args == [text.removesuffix("Z")]


@pytest.mark.parametrize("text", ["noon", "25", "03:75", "10.12.2025"])
def test_nonsense_is_refused_at_the_field(bar, qtbot, text):
    with qtbot.assertNotEmitted(bar.utcRequested):
        qtbot.keyClicks(bar.utc_field, text)
        qtbot.keyClick(bar.utc_field, Qt.Key.Key_Return)
    assert bar.utc_field.property("cue") == "bad"
    assert "03:15" in bar.utc_field.toolTip()
    qtbot.keyClicks(bar.utc_field, "1")
    assert bar.utc_field.property("cue") == ""


def test_playing_direction_is_shown_on_the_buttons(bar, actions):
    bar.set_playing(-1)
    assert actions.action("frame.play-backward").isChecked()
    assert not actions.action("frame.play").isChecked()
    bar.set_playing(0)
    assert not actions.action("frame.play-backward").isChecked()


def test_backlog_is_told_beside_the_live_button(bar, actions):
    bar.set_live(is_live=False, behind=1234)
    assert bar._behind.text() == "1,234 behind"
    assert actions.action("frame.live").isEnabled()
    bar.set_live(is_live=True, behind=0)
    assert bar._behind.text() == ""
    assert actions.action("frame.live").isChecked()


def test_live_needs_a_capture_being_written(bar, actions):
    bar.set_live(is_live=False, behind=None)
    assert not actions.action("frame.live").isEnabled()


def test_bar_fits_the_smallest_window(bar):
    assert bar.minimumSizeHint().width() <= 1100


@pytest.fixture
def box(qtbot):
    made = SpeedBox()
    qtbot.addWidget(made)
    return made


def test_speeds_span_what_the_camera_needs():
    real = [amount for unit, amount in SPEEDS if unit == "realtime"]
    rates = [amount for unit, amount in SPEEDS if unit == "fps"]
    assert (min(real), max(real), min(rates), max(rates)) == (0.001, 100, 1, 60)


def test_faster_and_slower_stay_in_their_kind(box, qtbot):
    with qtbot.waitSignal(box.speedChosen) as got:
        box.step(1)
    assert got.args == ["realtime", 3.0]
    box.set_speed("fps", 60.0)
    box.step(1)
    assert box.speed == ("fps", 60.0)
    box.step(-1)
    assert box.speed == ("fps", 30.0)


def test_speed_not_on_offer_is_added(box):
    box.set_speed("fps", 25.0)
    assert box.currentText() == "25 frames/s"
    assert box.speed == ("fps", 25.0)


def test_chosen_speed_is_told(box, qtbot):
    box.setFocus()
    with qtbot.waitSignal(box.speedChosen) as got:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert got.args == ["realtime", 3.0]
