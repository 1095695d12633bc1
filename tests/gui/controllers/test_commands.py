"""Every row of the action table does something, by menu and by the keys DS9 has taught."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from nightglass.core.session.view import Stack
from nightglass.gui.specs import SPECS
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication

if TYPE_CHECKING:
    from pathlib import Path

    from ..desktop import Desktop

# They open a dialog of the system, a dialog of ours, end the program, or start a camera.
ASKING = frozenset({
    "file.open", "file.open-folder", "file.follow", "file.save-view", "file.export-movie",
    "file.quit", "edit.settings", "help.shortcuts", "help.about", "help.simulate",
    "stack.depth", "file.save-table", "file.new-session", "file.open-session", "file.save-session",
    "file.save-session-as", "region.open", "region.save", "region.save-as", "region.export",
    "fold.choose", "fold.export", "night.start", "night.open",
})  # fmt: skip
QUIET = tuple(spec.key for spec in SPECS if spec.key not in ASKING)
KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_every_action_has_a_command_and_every_command_an_action(desktop: Desktop) -> None:
    assert desktop.running.commands.keys == {spec.key for spec in SPECS}


@pytest.mark.expected_log
def test_no_action_of_an_empty_window_fails(desktop: Desktop) -> None:
    for key in QUIET:
        desktop.act(key)
    assert {problem.title for problem in desktop.problems} <= {
        "There is no picture", "There is nothing to compare with", "Could not measure a profile",
        "No capture is open", "No region", "No place on the sky", "No cursor",
        "Nothing is folded", "No par file is in use", "No phase movie", "No night is watched",
        "No light curve is shown",
    }  # fmt: skip
    assert all(problem.hint for problem in desktop.problems)


@pytest.mark.expected_log
@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 3))])
def test_actions_in_any_order_leave_a_window_that_works(
    crab: Desktop, night: Path, seed: int
) -> None:
    crab.open(night / "vela")
    crab.open(night / "crab")
    chance = random.Random(seed)
    keys = [key for key in QUIET if key != "file.close"] * 2
    chance.shuffle(keys)
    for key in keys:
        crab.act(key)
        QApplication.processEvents()
    told = {problem.title for problem in crab.problems}
    assert told <= {
        "Could not measure a profile", "No region", "No cursor", "DS9 is not running",
        "Nothing is folded", "No par file is in use", "No phase movie",
        "No SAMP hub", "Not on a SAMP hub", "No night is watched", "No light curve is shown",
    }  # fmt: skip
    crab.act("frame.first")
    crab.wait_for_picture()


def test_plus_and_minus_step_through_the_frames(crab: Desktop) -> None:
    crab.look_at_picture()
    for key, frame in (("+", 1), ("=", 2), ("+", 3), ("-", 2)):
        crab.press(key)
        assert crab.view.frame == frame
    crab.press(KEY.Key_End)
    assert crab.view.frame == 299
    crab.press(KEY.Key_PageUp)
    assert crab.view.frame == 199
    crab.press(KEY.Key_PageDown)
    assert crab.view.frame == 299
    crab.press(KEY.Key_Home)
    assert crab.view.frame == 0


def test_space_plays_and_pauses(crab: Desktop) -> None:
    crab.look_at_picture()
    crab.press(KEY.Key_Space)
    crab.wait(lambda: crab.view.frame > 10)
    assert crab.is_checked("frame.play")
    crab.press(KEY.Key_Space)
    frame = crab.view.frame
    crab.wait(lambda: not crab.is_checked("frame.play"))
    crab.wait_for_picture()
    assert crab.view.frame == frame
    crab.press(KEY.Key_Space, SHIFT)
    crab.wait(lambda: crab.view.frame != frame)
    assert crab.is_checked("frame.play-backward")
    crab.press(KEY.Key_Space)
    assert not crab.bench.transport.playback.playing


def test_z_and_the_digits_zoom(crab: Desktop) -> None:
    crab.look_at_picture()
    fitted = crab.frame_view.camera.zoom
    crab.press("z")
    assert crab.frame_view.camera.zoom == pytest.approx(2 * fitted)
    crab.press("Z", SHIFT)
    assert crab.frame_view.camera.zoom == pytest.approx(fitted)
    for digit in (1, 4, 9):
        crab.press(str(digit))
        assert crab.frame_view.camera.zoom == digit
    crab.press(KEY.Key_4, Qt.KeyboardModifier.AltModifier)
    assert crab.frame_view.camera.zoom == 0.25
    crab.press("`")
    assert crab.frame_view.camera.zoom == pytest.approx(fitted)
    assert crab.frame_view.is_fitted


def test_arrows_and_hjkl_move_the_cursor_by_pixels(crab: Desktop) -> None:
    crab.look_at_picture()
    crab.frame_view.set_marker(10.0, 20.0)
    for key, place in (
        (KEY.Key_Right, (11, 20)), (KEY.Key_Up, (11, 21)), (KEY.Key_Left, (10, 21)),
        (KEY.Key_Down, (10, 20)), (KEY.Key_L, (11, 20)), (KEY.Key_K, (11, 21)),
        (KEY.Key_H, (10, 21)), (KEY.Key_J, (10, 20)),
    ):  # fmt: skip
        crab.press(key)
        assert crab.frame_view.marker == place
    crab.running.frames._show_readout()
    crab.window.readout.copy_one_based()
    assert QGuiApplication.clipboard().text() == "11.00, 21.00"


def test_shift_and_an_arrow_pan_by_a_screen(crab: Desktop) -> None:
    crab.look_at_picture()
    crab.press("8")
    before = crab.frame_view.camera
    crab.press(KEY.Key_Right, SHIFT)
    after = crab.frame_view.camera
    assert after.x - before.x == pytest.approx(crab.frame_view.width() / 8, rel=0.02)
    assert after.y == before.y


def test_tab_and_b_change_captures_only_from_the_picture(crab: Desktop, night: Path) -> None:
    crab.open(night / "vela")
    crab.look_at_picture()
    first, second = crab.bench.desk.order
    for key, modifiers, shown in (
        (KEY.Key_Tab, Qt.KeyboardModifier.NoModifier, first),
        (KEY.Key_Backtab, SHIFT, second),
        (KEY.Key_B, Qt.KeyboardModifier.NoModifier, first),
        (KEY.Key_B, SHIFT, second),
    ):
        crab.press(key, modifiers)
        assert crab.view.capture == shown
    crab.window.captures.tree.setFocus()
    crab.press(KEY.Key_Tab)
    assert crab.view.capture == second
    assert not crab.window.captures.tree.hasFocus()


def test_keys_typed_into_a_field_stay_there(crab: Desktop) -> None:
    crab.act("frame.go-to")
    crab.press("12")
    crab.press(KEY.Key_Return)
    assert crab.view.frame == 11
    assert crab.frame_view.is_fitted


def test_going_to_a_time_by_key(crab: Desktop) -> None:
    crab.look_at_picture()
    crab.press(KEY.Key_T, CONTROL)
    crab.press("03:15:00.5")
    crab.press(KEY.Key_Return)
    assert crab.view.frame == 99
    crab.act("frame.go-to-utc")
    crab.window.playback.utc_field.setText("nonsense")
    crab.press(KEY.Key_Return)
    assert crab.view.frame == 99
    assert crab.problems == ()
    assert crab.window.playback.utc_field.property("cue") == "bad"


def test_c_writes_the_pixel_to_the_log(crab: Desktop) -> None:
    crab.look_at_picture()
    crab.point_at(10.0, 20.0)
    crab.press("c")
    x, y = crab.running.frames.pointed
    assert (x, y) == pytest.approx((10.0, 20.0), abs=0.2)
    wanted = f"{crab.capture.source.read(0)[20, 10]} ADU"
    line = f"x {x + 1:.2f}  y {y + 1:.2f}  {wanted}  frame 1  2025-12-10T03:15:00.002615"
    assert line in [record.getMessage() for record in crab.running.ring.records()]
    crab.wait(lambda: wanted in crab.window.log.view.toPlainText())


def test_f_freezes_the_readout(crab: Desktop) -> None:
    crab.look_at_picture()
    crab.point_at(10.0, 20.0)
    frozen = crab.running.frames.pointed
    crab.press("f")
    assert crab.is_checked("tool.freeze")
    crab.point_at(40.0, 30.0)
    assert crab.running.frames.pointed == frozen
    crab.press("f")
    crab.point_at(40.0, 30.0)
    assert crab.running.frames.pointed == pytest.approx((40.0, 30.0), abs=0.2)


def test_r_measures_the_star_under_the_pointer(crab: Desktop) -> None:
    crab.bench.session.change(stack=Stack(100, "mean"))
    crab.act("frame.last")
    crab.wait_for_picture()
    crab.look_at_picture()
    crab.point_at(33.0, 30.5)
    crab.press("r")
    crab.wait(lambda: crab.is_in_front("radial"))
    summary = crab.window.radial.widget.summary
    # The pulsar is at the centre of the frame, the seeing 0.4 arcsec of 0.05 arcsec pixels.
    words = summary.split()
    assert float(words[1]) == pytest.approx(32.5, abs=0.3)
    assert float(words[3]) == pytest.approx(32.5, abs=0.3)
    assert float(words[5]) == pytest.approx(8.0, abs=0.8)
    assert summary.endswith(f"{float(words[5]) * 0.05:.2f}″")


@pytest.mark.expected_log
def test_r_without_a_star_says_what_to_do(desktop: Desktop) -> None:
    desktop.act("tool.radial-profile")
    (problem,) = desktop.problems
    assert problem.title == "Could not measure a profile"
    assert "press R" in problem.hint


def test_question_mark_opens_the_sheet_and_escape_closes_it(crab: Desktop) -> None:
    crab.look_at_picture()

    def read(sheet: object) -> None:
        text = sheet.page.toPlainText()
        assert "Next frame" in text
        assert "Right drag" in text
        crab.press(KEY.Key_Escape)

    crab.in_dialog("help.shortcuts", read)
    assert "?" in crab.window.actions_set.keys_of("help.shortcuts")


def test_the_range_is_marked_and_played(crab: Desktop) -> None:
    crab.bench.transport.go_to(20)
    crab.act("range.in")
    crab.bench.transport.go_to(40)
    crab.act("range.out")
    assert crab.view.play_range == (20, 40)
    assert crab.window.timeline._range == (20, 40)
    crab.act("frame.first")
    assert crab.view.frame == 20
    crab.act("range.clear")
    assert crab.view.play_range is None


def test_what_happens_at_the_end(desktop: Desktop) -> None:
    for rule in ("stop", "loop", "bounce"):
        desktop.act(f"ending.{rule}")
        assert desktop.bench.transport.playback.end_rule == rule
        assert desktop.is_checked(f"ending.{rule}")


def test_a_pixel_is_copied_for_python(crab: Desktop) -> None:
    crab.frame_view.set_marker(7.0, 9.0)
    crab.act("edit.copy-pixel")
    assert QGuiApplication.clipboard().text() == "[9, 7]"


def test_the_picture_is_copied(crab: Desktop) -> None:
    crab.act("edit.copy-image")
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (crab.area.width(), crab.area.height())


def test_keys_of_the_settings_hold(crab: Desktop) -> None:
    crab.bench.use_settings(crab.bench.settings.changed(keys={"frame.next": "X"}))
    crab.look_at_picture()
    crab.press("x")
    assert crab.view.frame == 1
    crab.press("+")
    assert crab.view.frame == 1
