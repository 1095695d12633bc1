"""The plot of a light curve under the hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from nightglass.gui.night.curves.choices import PlotChoices
from nightglass.gui.night.curves.content import content_of
from nightglass.gui.night.curves.curve_plot import CurvePlot
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QContextMenuEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from .curves_made import made_curve

LEFT = Qt.MouseButton.LeftButton
WILD = 50


@pytest.fixture
def plot(on_screen):
    made = on_screen(CurvePlot(), 700, 320)
    show(made, made_curve(points=100))
    made.setFocus()
    return made


def show(plot, curve, is_other=True, has_bars=False, **choices):
    content = content_of(curve, replace(PlotChoices(), **choices))
    plot.show_content(content, has_bars=has_bars, is_other=is_other)


def place_of(plot, row, number=0):
    one = plot.content.sets[number]
    return plot.point_of(float(one.x[row]), float(one.y[row])).toPoint()


def press(plot, *keys, modifier=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        QTest.keyClick(plot, key, modifier)


def wheel(plot, place, steps, modifier=Qt.KeyboardModifier.NoModifier):
    event = QWheelEvent(
        QPointF(place), plot.mapToGlobal(QPointF(place)), QPoint(), QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot.viewport(), event)


def drag(plot, start, end):
    viewport = plot.viewport()
    QTest.mousePress(viewport, LEFT, pos=start)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(viewport, start + (end - start) * share)
    QTest.mouseRelease(viewport, LEFT, pos=end)


def middle(plot):
    return plot.frame().center().toPoint()


def test_all_of_a_new_curve_is_seen(plot):
    (left, right), (low, high) = plot.x_span, plot.y_span
    one = plot.content.sets[0]
    assert left < one.x.min() < one.x.max() < right
    assert low < one.y.min() < one.y.max() < high


def test_a_curve_that_grows_is_followed_until_the_hand_zooms(plot):
    before = plot.x_span
    show(plot, made_curve(points=200), is_other=False)
    assert plot.x_span[1] > before[1]
    wheel(plot, middle(plot), 2)
    zoomed = plot.x_span
    show(plot, made_curve(points=300), is_other=False)
    assert plot.x_span == zoomed


def test_a_height_chosen_by_hand_stays_while_points_come(plot):
    wheel(plot, middle(plot), 2, Qt.KeyboardModifier.ControlModifier)
    zoomed = plot.y_span
    show(plot, made_curve(points=300), is_other=False)
    assert plot.y_span == zoomed


def test_the_next_star_keeps_the_hours_and_gets_its_own_height(plot):
    wheel(plot, middle(plot), 3)
    wheel(plot, middle(plot), 3, Qt.KeyboardModifier.ControlModifier)
    hours = plot.x_span
    faint = made_curve(1010, points=100)
    faint.points["flux1"] /= 100.0
    show(plot, faint)
    assert plot.x_span == hours
    assert plot.y_span[1] < 200.0


def test_the_next_star_is_seen_where_it_has_points(plot):
    wheel(plot, middle(plot), 3)
    later = made_curve(1010, points=100)
    later.points["jdmid"] += 0.2
    show(plot, later)
    assert plot.x_span[0] < plot.content.sets[0].x.min()


def test_another_axis_shows_all_of_it(plot):
    wheel(plot, middle(plot), 3)
    show(plot, made_curve(points=100), is_other=False, axis="slot")
    assert plot.x_span[0] < plot.content.sets[0].x.min()


def test_the_wheel_keeps_the_place_under_the_pointer(plot):
    place = QPoint(middle(plot).x() + 100, middle(plot).y())
    before = plot.position_of(place).x()
    span = plot.x_span
    wheel(plot, place, 1)
    assert plot.position_of(place).x() == pytest.approx(before, abs=1e-3)
    assert plot.x_span[1] - plot.x_span[0] == pytest.approx((span[1] - span[0]) / 1.25)


def test_the_wheel_at_the_left_axis_changes_the_height_alone(plot):
    span, height = plot.x_span, plot.y_span
    wheel(plot, QPoint(10, middle(plot).y()), 1)
    assert plot.x_span == span
    assert plot.y_span[1] - plot.y_span[0] < height[1] - height[0]


def test_a_drag_moves_the_hours(plot):
    wheel(plot, middle(plot), 2)
    span = plot.x_span
    drag(plot, middle(plot), middle(plot) - QPoint(120, 40))
    assert plot.x_span[0] > span[0]
    assert plot.x_span[1] - plot.x_span[0] == pytest.approx(span[1] - span[0])


@pytest.mark.parametrize("what", ["flux", "magnitude"])
def test_a_drag_at_the_left_axis_moves_the_values_with_the_hand(plot, what):
    show(plot, made_curve(points=100), what=what)
    start = QPoint(10, middle(plot).y())
    before = plot.position_of(start).y()
    drag(plot, start, start + QPoint(0, 50))
    assert plot.position_of(start + QPoint(0, 50)).y() == pytest.approx(before, rel=1e-3)


def test_a_double_click_shows_everything_again(plot):
    span, height = plot.x_span, plot.y_span
    wheel(plot, middle(plot), 3)
    wheel(plot, middle(plot), 3, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseDClick(plot.viewport(), LEFT, pos=middle(plot))
    assert plot.x_span == pytest.approx(span)
    assert plot.y_span == pytest.approx(height)


def test_phase_cannot_be_moved_out_of_its_two_turns(plot):
    show(plot, made_curve(points=100), axis="phase", period_d=0.002)
    assert plot.x_span == (0.0, 2.0)
    wheel(plot, middle(plot), -3)
    assert plot.x_span == (0.0, 2.0)
    wheel(plot, middle(plot), 3)
    for _ in range(2):
        drag(plot, middle(plot), middle(plot) + QPoint(250, 0))
    assert plot.x_span[0] == 0.0


def test_the_pointer_finds_the_measurement_under_it(plot):
    QTest.mouseMove(plot.viewport(), place_of(plot, 42))
    assert plot.pointed == (plot.content.sets[0], 42)
    QTest.mouseMove(plot.viewport(), QPoint(3, 3))
    assert plot.pointed is None


def test_upside_down_points_are_found_too(plot):
    show(plot, made_curve(points=100), what="magnitude")
    QTest.mouseMove(plot.viewport(), place_of(plot, 30))
    assert plot.pointed[1] == 30


def test_a_clicked_point_stays_marked_when_the_pointer_leaves(plot):
    QTest.mouseClick(plot.viewport(), LEFT, pos=place_of(plot, 42))
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert plot.pointed[1] == 42


def test_a_marked_point_stays_marked_while_others_come(plot):
    QTest.mouseClick(plot.viewport(), LEFT, pos=place_of(plot, 42))
    show(plot, made_curve(points=150), is_other=False)
    assert plot.pointed == (plot.content.sets[0], 42)


def test_arrows_walk_from_point_to_point(plot):
    press(plot, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert plot.pointed == (plot.content.sets[0], 1)


def test_arrows_walk_through_all_cameras_by_time(plot):
    curve = made_curve(points=5, cameras=2)
    curve.points["jdmid"][5:] += 1e-5
    show(plot, curve, what="normalised")
    press(plot, *[Qt.Key.Key_Right] * 2)
    assert plot.pointed == (plot.content.sets[1], 0)


def test_arrows_walk_over_the_points_behind_bins(plot):
    show(plot, made_curve(points=60), bin_min=1.0)
    press(plot, Qt.Key.Key_Right)
    assert not plot.pointed[0].is_binned


def test_other_keys_zoom_move_and_fit(plot):
    whole = plot.x_span
    press(plot, Qt.Key.Key_Plus)
    zoomed = plot.x_span
    assert zoomed[1] - zoomed[0] < whole[1] - whole[0]
    press(plot, Qt.Key.Key_Right, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert plot.x_span[0] > zoomed[0]
    press(plot, Qt.Key.Key_Home)
    assert plot.x_span == pytest.approx(whole)


def test_up_and_down_ask_for_other_stars(plot):
    steps = []
    plot.starStepped.connect(steps.append)
    press(plot, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert steps == [1, -1]


def test_return_and_the_right_button_ask_for_the_menu(plot):
    places = []
    plot.menuRequested.connect(places.append)
    press(plot, Qt.Key.Key_Right, Qt.Key.Key_Return)
    here = middle(plot)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, here, plot.mapToGlobal(here))
    QApplication.sendEvent(plot.viewport(), event)
    assert places[0] == plot.mapToGlobal(place_of(plot, 0))
    assert len(places) == 2


def test_points_beyond_the_axis_are_counted(plot):
    curve = made_curve(points=100)
    curve.points["flux1"][WILD] = 1e9
    show(plot, curve)
    assert plot._note == "1 above or below"


def test_error_bars_wait_until_there_is_room(plot):
    show(plot, made_curve(points=2000), has_bars=True)
    assert "zoomed in" in plot._note
    wheel(plot, middle(plot), 15)
    assert "zoomed in" not in plot._note


def colours(plot):
    image = plot.grab().toImage()
    places = product(range(image.width()), range(image.height()))
    return {image.pixelColor(x, y).name() for x, y in places}


@pytest.mark.parametrize("theme", THEMES)
def test_points_wear_the_colour_of_their_camera_in_every_theme(plot, theme):
    roles = THEMES[theme]
    plot.set_roles(roles)
    show(plot, made_curve(points=40, cameras=2))
    seen = colours(plot)
    assert QColor(roles.lines[0].color).name() in seen
    assert QColor(roles.lines[1].color).name() in seen


def test_a_flagged_point_is_hollow(plot):
    curve = made_curve(points=2)
    curve.points["flag"] = [0, 1]
    show(plot, curve)
    picture = plot.grab().toImage()
    colour = QColor(THEMES["dark"].lines[0].color)

    def inked(row):
        at = place_of(plot, row)
        near = range(-1, 2)
        names = [picture.pixelColor(at + QPoint(x, y)).name() for x in near for y in near]
        return names.count(colour.name())

    assert inked(0) > inked(1)


def test_an_empty_plot_says_why(plot):
    plot.say("Nothing here.")
    show(plot, made_curve(points=0, cameras=0))
    assert plot.pointed is None
    plot.grab()
    press(plot, Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_Home)
