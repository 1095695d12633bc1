"""The raster and its ridge line under a hand."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.gui.fold.raster_item import coarse, raster_colours, robust_levels
from nightglass.gui.fold.raster_plot import RasterPlot
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QColor, QKeyEvent
from PyQt6.QtWidgets import QApplication

from .made import drag, made_fold, made_raster, mouse

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SPAN_S = 16.0


def handle(plot, name):
    """Point of the viewport where a handle is, in the first turn."""
    phase, part = plot.hand.line.place(name)
    return plot.point_of(phase, part * SPAN_S)


def drag_handle(plot, name, turns, modifiers=Qt.KeyboardModifier.NoModifier, **how):
    start = handle(plot, name)
    by = plot.point_of(turns, 0.0) - plot.point_of(0.0, 0.0)
    drag(plot, start, start + by, modifiers, **how)


def release(plot, point):
    mouse(plot.viewport(), QEvent.Type.MouseButtonRelease, point)


def test_time_runs_upward_and_both_turns_are_painted(raster):
    assert raster.axes["left"].labelText == "Time (s) →"
    assert raster.axes["bottom"].labelText == "Phase (turns)"
    image = raster.picture.image
    assert (image.width(), image.height()) == (64, 64)
    rates = made_fold(drift=0.3).raster.rate
    row, place = np.unravel_index(np.argmax(rates), rates.shape)
    x, y = int(place), 63 - int(row)
    assert image.pixel(x, y) == image.pixel(x + 32, y) == raster_colours(THEMES["dark"])[-1]


def test_rows_without_frames_show_the_hatched_ground(raster):
    raster.show_raster(made_raster(64, 32, gap=(10, 20)), SPAN_S, "x")
    alphas = [QColor.fromRgba(raster.picture.image.pixel(5, 63 - row)).alpha() for row in (9, 10)]
    assert alphas == [255, 0]


def test_levels_leave_out_what_is_far_away():
    rates = np.random.default_rng(1).normal(100.0, 10.0, (200, 32))
    rates[0, 0], rates[1] = 1e9, np.nan
    low, high = robust_levels(rates)
    assert 60.0 < low < 90.0
    assert 110.0 < high < 140.0
    assert robust_levels(np.full((2, 2), np.nan)) == (0.0, 1.0)


def test_fine_rasters_are_added_up_for_the_eye():
    fine = made_raster(200, 1024, rate=4000.0)
    seen = coarse(fine)
    assert seen.sums.shape == (100, 128)
    assert seen.sums.sum() == fine.sums.sum()
    assert seen.edges_s[-1] == pytest.approx(fine.edges_s[-1])
    odd = coarse(made_raster(129, 100))
    assert odd.sums.shape == (65, 100)
    assert odd.edges_s[-1] == pytest.approx(65 * 0.5)


@pytest.mark.parametrize("name", THEMES)
def test_picture_wears_the_theme(raster, name):
    raster.set_roles(THEMES[name])
    image = raster.picture.image
    pixels = {image.pixel(x, y) for x in range(32) for y in range(0, 64, 8)}
    assert pixels <= set(raster_colours(THEMES[name]).tolist())
    if name == "red":
        assert all(not QColor.fromRgb(pixel).green() for pixel in pixels)


def test_line_stands_where_the_pulse_begins(raster):
    assert raster.hand.line.foot == pytest.approx(0.25, abs=0.02)
    assert raster.hand.line.is_straight
    assert raster.ridge.span == SPAN_S


def test_end_dragged_onto_the_ridge_tells_the_frequency(raster, told):
    dragged, released = told(raster.ridgeDragged), told(raster.ridgeReleased)
    drag_handle(raster, "end", 0.3)
    assert dragged[-1][0] == pytest.approx(-0.3 / SPAN_S)
    assert dragged[-1][1] == 0.0
    assert released == [()]
    assert raster.hand.line.is_straight


def test_end_is_held_in_the_second_turn_as_well(raster, told):
    dragged = told(raster.ridgeDragged)
    start = raster.point_of(raster.hand.line.foot + 1.0, SPAN_S)
    drag(raster, start, start + (raster.point_of(-0.2, 0.0) - raster.point_of(0.0, 0.0)))
    assert dragged[-1][0] == pytest.approx(0.2 / SPAN_S)


def test_end_moves_in_steps_but_with_alt_freely(raster, told):
    dragged = told(raster.ridgeDragged)
    drag_handle(raster, "end", 0.107)
    assert dragged[-1][0] * SPAN_S * 50 == pytest.approx(-5.0)
    drag_handle(raster, "end", 0.107, ALT)
    assert dragged[-1][0] * SPAN_S == pytest.approx(-0.107, abs=0.004)
    assert abs(dragged[-1][0] * SPAN_S * 50 % 1.0) > 1e-6


def test_middle_bends_the_line_for_the_derivative(raster, told):
    dragged = told(raster.ridgeDragged)
    drag_handle(raster, "middle", -0.1)
    assert dragged[-1][1] == pytest.approx(-8 * 0.1 / SPAN_S**2)
    assert dragged[-1][0] == pytest.approx(4 * 0.1 / SPAN_S)


def test_foot_and_body_move_the_line_alone(raster, told):
    dragged, released = told(raster.ridgeDragged), told(raster.ridgeReleased)
    foot = raster.hand.line.foot
    drag_handle(raster, "foot", 0.2)
    assert raster.hand.line.foot == pytest.approx(foot + 0.2, abs=0.01)
    start = raster.point_of(raster.hand.line.foot, 0.3 * SPAN_S)
    drag(raster, start, start + (raster.point_of(0.7, 0.0) - raster.point_of(0.0, 0.0)))
    assert raster.hand.line.foot == pytest.approx(foot - 0.1, abs=0.01)
    assert dragged == released == []


def test_moved_foot_stays_until_a_double_click(raster, qtbot):
    pulse = raster.hand.line.foot
    drag_handle(raster, "foot", 0.2)
    raster.show_raster(made_fold(drift=0.3).raster, SPAN_S, "circle 1")
    assert raster.hand.line.foot == pytest.approx(pulse + 0.2, abs=0.01)
    qtbot.mouseDClick(
        raster.viewport(), Qt.MouseButton.LeftButton, pos=raster.point_of(1.8, 3.0).toPoint()
    )
    assert raster.hand.line.foot == pytest.approx(pulse)


def test_marks_stay_where_the_pulse_was_when_the_hand_took_hold(raster):
    drag_handle(raster, "end", 0.3, release=False)
    times, phases = raster.ridge.marks
    assert len(times) == 16
    assert phases == pytest.approx(0.25 + 0.3 * times / SPAN_S, abs=0.015)
    raster.show_raster(made_fold(drift=0.0).raster, SPAN_S, "circle 1")
    assert raster.ridge.marks[1] is phases
    release(raster, handle(raster, "end"))
    assert not raster.ridge.marks[0].size


def test_picture_follows_but_axis_and_line_stay_under_the_hand(raster):
    drag_handle(raster, "end", 0.3, release=False)
    before, line = raster.box.viewRange(), raster.hand.line
    image = raster.picture.image.copy()
    raster.show_raster(made_raster(80, 32), 20.0, "circle 1")
    assert raster.picture.image != image
    assert (raster.box.viewRange(), raster.hand.line) == (before, line)
    release(raster, handle(raster, "end"))
    raster.show_raster(made_raster(80, 32), 20.0, "circle 1")
    assert raster.box.viewRange()[1][1] > 20.0


def test_escape_takes_the_drag_back(raster, told, qtbot):
    dragged, released = told(raster.ridgeDragged), told(raster.ridgeReleased)
    drag_handle(raster, "end", 0.3, release=False)
    qtbot.keyClick(raster, Qt.Key.Key_Escape)
    assert dragged[-1] == (0.0, 0.0)
    assert released == [()]
    assert raster.hand.line.is_straight
    release(raster, handle(raster, "end"))
    assert released == [()]


def test_click_on_a_handle_changes_nothing(raster, told):
    dragged, released = told(raster.ridgeDragged), told(raster.ridgeReleased)
    drag_handle(raster, "end", 0.0)
    assert dragged == released == []


def test_quick_moves_are_told_once_a_frame_and_the_last_one_always(raster, told):
    dragged = told(raster.ridgeDragged)
    raster.hand._told._timer.setInterval(60_000)
    drag_handle(raster, "end", 0.3, steps=20, release=False)
    assert len(dragged) == 1
    release(raster, handle(raster, "end"))
    assert len(dragged) == 2
    assert dragged[-1][0] == pytest.approx(-0.3 / SPAN_S)
    assert not raster.hand._told._timer.isActive()


def test_arrow_keys_drag_and_letting_go_releases(raster, told, qtbot):
    dragged, released = told(raster.ridgeDragged), told(raster.ridgeReleased)
    qtbot.keyPress(raster, Qt.Key.Key_Right)
    assert dragged == [(pytest.approx(-0.02 / SPAN_S), 0.0)]
    assert released == []
    repeated = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, "", True
    )
    QApplication.sendEvent(raster, repeated)
    qtbot.keyRelease(raster, Qt.Key.Key_Right)
    assert dragged[-1][0] == pytest.approx(-0.04 / SPAN_S)
    assert released == [()]
    qtbot.keyClick(raster, Qt.Key.Key_Up, CTRL)
    assert dragged[-1][1] == pytest.approx(8 * 0.002 / SPAN_S**2)


def test_readout_is_painted_at_the_hand(raster):
    drag_handle(raster, "end", 0.3, release=False)
    point = handle(raster, "end")
    near = raster.grab().toImage().copy(round(point.x()) + 14, round(point.y()) + 14, 150, 14)
    texts = {near.pixelColor(x, y).name() for x in range(150) for y in range(14)}
    assert THEMES["dark"].text in texts
    release(raster, point)


def test_pointer_shows_what_could_be_taken(raster):
    shapes = []
    for point in (handle(raster, "end"), raster.point_of(0.6, 8.0)):
        mouse(raster.viewport(), QEvent.Type.MouseMove, point, is_held=False)
        shapes.append(raster.viewport().cursor().shape())
    assert shapes == [Qt.CursorShape.SizeHorCursor, Qt.CursorShape.ArrowCursor]
    assert raster.ridge.warm is None


def test_tip_tells_the_light_of_a_cell(raster):
    tip = raster.tip_at(raster.point_of(1.26, 8.1).toPoint())
    assert tip.startswith("Phase 0.2")
    assert "e⁻/s" in tip
    assert "nothing exposed" not in tip


def test_long_captures_count_minutes(raster):
    raster.show_raster(made_raster(64, 32), 16.0, "x")
    long = made_raster(64, 32)
    long = type(long)(long.sums, long.variances, long.shares, 60.0 * long.edges_s, long.frame_s)
    raster.show_raster(long, 960.0, "x")
    assert raster.axes["left"].labelText == "Time (min) →"
    assert raster.axes["left"].scale == pytest.approx(1 / 60)


def test_nothing_is_held_before_there_is_a_raster(on_screen, told, qtbot):
    plot = on_screen(RasterPlot(), 400, 300)
    dragged = told(plot.ridgeDragged)
    drag(plot, plot.frame().center(), plot.frame().center() + plot.frame().topLeft() / 4)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert dragged == []
