"""The page of plots under the hand of an observer."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from nightglass.gui.night.plots.page import PlotsPage
from nightglass.gui.night.plots.specs import KEYS
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from ...core.mascara.watching.made_night import FIRST_BATCH, made_snapshot

# Menus and tool tips come up above the window, which the offscreen platform cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    return made_snapshot(
        tmp_path_factory.mktemp("plots"), cameras="NC", batches=14, frames=50, is_whole=True
    )


@pytest.fixture
def page(on_screen, night, qtbot):
    made = PlotsPage()
    made.set_plots(("sky", "stars", "rms", "steady"))
    on_screen(made, 900, 500)
    made.show_snapshot(night)
    settle(made, qtbot)
    return made


def settle(page, qtbot):
    """Until every plot is drawn and its hours are shown."""
    stack = page.stack
    qtbot.waitUntil(lambda: not stack._filling.isActive() and not stack._apply._is_waiting)
    qtbot.waitUntil(lambda: all(shows(stack, key) for key in stack.shown))


def shows(stack, key):
    panel = stack.panels[key]
    return not panel.is_seen or panel.hours == pytest.approx(stack.hours)


def told(signal):
    got = []
    signal.connect(lambda *args: got.append(args))
    return got


def place_of(panel, line, point):
    """Where a point of a line is in the viewport."""
    one = panel.lines[line]
    return panel.point_of(float(one.hours[point]), float(one.values[point])).toPoint()


def turn_wheel(panel, place, steps):
    viewport = panel.viewport()
    QApplication.sendEvent(
        viewport,
        QWheelEvent(
            QPointF(place), QPointF(viewport.mapToGlobal(place)), QPoint(), QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip


def drag(panel, start, end):
    viewport = panel.viewport()
    QTest.mousePress(viewport, LEFT, pos=start)
    middle = QPoint((start.x() + end.x()) // 2, end.y())
    for place in (middle, end):
        QTest.mouseMove(viewport, place)
    QTest.mouseRelease(viewport, LEFT, pos=end)


def entries(page):
    return {action.text(): action for action in page.menu.actions() if action.text()}


def test_without_a_batch_it_says_what_would_fill_it(on_screen, night):
    page = on_screen(PlotsPage(), 500, 300)
    page.show_snapshot(None)
    assert page.empty.isVisible()
    page.show_snapshot(replace(night, series={}))
    assert "first reduced batch" in page.empty.text
    page.show_snapshot(night)
    assert page.stack.isVisible()


def test_the_whole_night_is_shown_in_all_plots(page, night):
    left, right = page.stack.hours
    sky = page.stack.panels["sky"]
    hours = sky.lines[0].hours
    assert left < hours[0] < hours[-1] < right
    assert right - left < 1.3 * (hours[-1] - hours[0])
    assert all(
        page.stack.panels[key].hours == pytest.approx((left, right)) for key in ("sky", "rms")
    )


def test_values_are_inside_their_axes_with_the_limits(page):
    _, (low, high) = page.stack.panels["rms"].box.viewRange()
    assert low < math.log10(0.3)
    assert math.log10(2.0) < high
    _, (low, high) = page.stack.panels["sky"].box.viewRange()
    assert low < 160.0 < high


def test_wheel_zooms_all_plots_round_the_pointer_and_double_click_shows_all(page, qtbot):
    sky, rms = page.stack.panels["sky"], page.stack.panels["rms"]
    whole = page.stack.hours
    place = sky.frame().center().toPoint()
    hour = sky.hour_at(place.x())
    turn_wheel(sky, place, 4)
    settle(page, qtbot)
    left, right = page.stack.hours
    assert right - left == pytest.approx((whole[1] - whole[0]) / 1.25**4)
    assert sky.hour_at(place.x()) == pytest.approx(hour, abs=1e-3)
    assert rms.hours == pytest.approx((left, right))
    QTest.mouseDClick(rms.viewport(), LEFT, pos=place)
    settle(page, qtbot)
    assert page.stack.hours == pytest.approx(whole)


def test_wheel_beside_the_lines_scrolls_and_zooms_nothing(page, qtbot):
    page.set_plots(KEYS)
    settle(page, qtbot)
    bar = page.stack.area.verticalScrollBar()
    before = page.stack.hours
    turn_wheel(page.stack.panels["sky"], QPoint(5, 40), -1)
    assert bar.value() > 0
    assert page.stack.hours == before


def test_drag_moves_the_hours_with_the_hand_and_new_data_leave_them(page, night, qtbot):
    sky = page.stack.panels["sky"]
    chosen = told(page.unitChosen)
    place = sky.frame().center().toPoint()
    hour = sky.hour_at(place.x())
    drag(sky, place, place + QPoint(60, 3))
    settle(page, qtbot)
    moved = page.stack.hours
    assert sky.hour_at(place.x() + 60) == pytest.approx(hour, abs=0.01)
    page.show_snapshot(replace(night, revision=night.revision + 1))
    settle(page, qtbot)
    assert page.stack.hours == moved
    assert chosen == []


def test_fitted_hours_grow_with_the_night(page, night, qtbot):
    before = page.stack.hours
    later = {name: replace(one, frame_jd=one.frame_jd + 0.02) for name, one in night.series.items()}
    page.show_snapshot(replace(night, series=later))
    settle(page, qtbot)
    assert page.stack.hours[1] == pytest.approx(before[1] + 0.48, abs=0.01)


def test_cursor_runs_through_all_plots_and_tells_their_values(page):
    sky, stars = page.stack.panels["sky"], page.stack.panels["stars"]
    newest = {name: text for name, text, _ in stars.told}
    hour = float(stars.lines[0].hours[4])
    QTest.mouseMove(sky.viewport(), QPoint(2, 2))
    QTest.mouseMove(sky.viewport(), place_at(sky, hour))
    assert page.stack.cursor_hour == pytest.approx(hour, abs=0.02)
    there = {name: text for name, text, _ in stars.told}
    assert there["N"] == f"{stars.lines[0].values[4]:.0f}"
    assert there != newest
    assert page.stack.axes[0]._cursor == page.stack.cursor_hour
    QApplication.sendEvent(sky, QEvent(QEvent.Type.Leave))
    assert page.stack.cursor_hour is None
    assert {name: text for name, text, _ in stars.told} == newest


def place_at(panel, hour):
    return QPoint(round(panel.point_of(hour, 200.0).x()), round(panel.frame().center().y()))


def test_click_on_a_point_chooses_its_batch(page):
    chosen = told(page.unitChosen)
    stars = page.stack.panels["stars"]
    QTest.mouseClick(stars.viewport(), LEFT, pos=place_of(stars, 0, 6))
    assert chosen == [(f"LPN-{FIRST_BATCH + 6:08d}",)]
    QTest.mouseClick(stars.viewport(), LEFT, pos=QPoint(3, 3))
    assert len(chosen) == 1


def test_menu_of_a_frame_shows_frame_and_binned_image(page):
    frames, binned, units = told(page.frameChosen), told(page.binnedChosen), told(page.unitChosen)
    sky = page.stack.panels["sky"]
    point = sky.nearest(QPointF(place_of(sky, 1, 120)))
    QTest.mouseClick(sky.viewport(), Qt.MouseButton.RightButton, pos=place_of(sky, 1, 120))
    page.menu.close()
    offered = entries(page)
    camera = point.line.camera
    slot = FIRST_BATCH * 50 + point.place
    offered[f"{camera}: show frame {slot}"].trigger()
    offered[f"{camera}: show the binned image"].trigger()
    offered[f"{camera}: choose batch {slot // 50}"].trigger()
    assert frames == [(camera, slot)]
    assert binned == units == [(f"{camera}-{slot // 50:08d}",)]


def test_menu_of_a_steady_star_leads_to_its_light_curve(page):
    chosen = told(page.starChosen)
    steady = page.stack.panels["steady"]
    point = steady.nearest(QPointF(place_of(steady, 0, 8)))
    page.fill_menu(point.hour, point)
    star = int(point.line.stars[point.place])
    entries(page)[f"Light curve of ASCC {star}"].trigger()
    assert chosen == [(star,)]
    assert f"ASCC {star}" in steady.tip_of(point)
    assert steady.tip_of(point).endswith("ADU/s")


def test_batch_chosen_elsewhere_is_marked_in_every_plot(page):
    page.mark_unit(f"LPC-{FIRST_BATCH + 3:08d}")
    left, right = page.stack.panels["sky"].backdrop._chosen
    middle = float(page.stack.panels["stars"].lines[0].hours[3])
    assert left < middle < right
    assert right - left == pytest.approx(319.13 / 3600.0, rel=1e-3)
    page.mark_unit("LPC-00000001")
    assert page.stack.panels["sky"].backdrop._chosen is None


def test_cameras_are_switched_off_and_on(page, qtbot):
    button = page.legend.cameras["LPN"]
    QTest.mouseClick(button, LEFT)
    settle(page, qtbot)
    assert {one.camera for one in page.stack.panels["sky"].lines} == {"LPC"}
    QTest.keyClick(button, Qt.Key.Key_Space)
    settle(page, qtbot)
    assert {one.camera for one in page.stack.panels["sky"].lines} == {"LPN", "LPC"}


def test_plots_are_chosen_and_told(page, qtbot):
    chosen = told(page.plotsChosen)
    page.legend.choices["rms"].trigger()
    assert chosen == [(("sky", "stars", "steady"),)]
    assert page.stack.shown == ("sky", "stars", "steady")
    for key in ("sky", "stars", "steady"):
        page.legend.choices[key].trigger()
    assert page.no_plot.isVisible()
    QTest.mouseClick(page.no_plot.buttons["all"], LEFT)
    settle(page, qtbot)
    assert page.stack.shown == KEYS
    assert page.stack.panels["flags"].lines


def test_keys_move_the_cursor_the_plots_and_the_zoom(page, qtbot):
    stack = page.stack
    stack.setFocus()
    whole = stack.hours
    assert colour_of_line(page) == THEMES["dark"].accent
    QTest.keyClick(stack, Qt.Key.Key_Right)
    assert stack.cursor_hour == whole[0]
    QTest.keyClick(stack, Qt.Key.Key_Right)
    assert stack.cursor_hour == pytest.approx(whole[0] + 319.13 / 3600.0, rel=1e-5)
    QTest.keyClick(stack, Qt.Key.Key_Plus)
    assert stack.hours[1] - stack.hours[0] == pytest.approx((whole[1] - whole[0]) / 1.25)
    QTest.keyClick(stack, Qt.Key.Key_Right, SHIFT)
    assert stack.hours[0] > whole[0]
    QTest.keyClick(stack, Qt.Key.Key_Home)
    assert stack.hours == pytest.approx(whole)
    QTest.keyClick(stack, Qt.Key.Key_Return)
    page.menu.close()
    assert f"LPN: choose batch {FIRST_BATCH}" in entries(page)
    QTest.keyClick(stack, Qt.Key.Key_Escape)
    assert stack.cursor_hour is None


def colour_of_line(page):
    axis = page.stack.axes[0]
    return axis.grab().toImage().pixelColor(axis.width() // 2, 1).name()


def test_plots_stand_in_more_columns_where_there_is_room(page, qtbot):
    page.set_plots(KEYS)
    for width, columns in ((1120, 2), (500, 1), (1600, 3)):
        page.resize(width, 500)
        settle(page, qtbot)
        assert len(page.stack.axes) == columns
        first, axis = page.stack.panels["lag"], page.stack.axes[0]
        assert axis.width() == pytest.approx(first.width(), abs=2)


def test_plot_scrolled_into_sight_shows_the_hours_of_the_others(page, qtbot):
    page.set_plots(KEYS)
    page.resize(500, 300)
    settle(page, qtbot)
    page.stack.zoom(3.0)
    page.stack.setFocus()
    for _ in range(8):
        QTest.keyClick(page.stack, Qt.Key.Key_PageDown)
    settle(page, qtbot)
    flags = page.stack.panels["flags"]
    assert flags.is_seen
    assert flags.hours == pytest.approx(page.stack.hours)


def test_hours_without_a_point_are_told(page, qtbot):
    sky = page.stack.panels["sky"]
    assert "No batch" in sky.spec.empty
    page.stack.pan(30.0)
    settle(page, qtbot)
    assert sky.words_for_nothing == "Nothing at these hours: double-click shows all"


@pytest.mark.parametrize("roles", THEMES.values(), ids=THEMES)
def test_lines_are_painted_in_the_colours_of_the_theme(page, roles, qtbot):
    page.set_roles(roles)
    settle(page, qtbot)
    sky = page.stack.panels["sky"]
    image, frame = sky.grab().toImage(), sky.frame()
    ratio = image.devicePixelRatio()
    seen = {
        image.pixelColor(round(x * ratio), round(y * ratio)).name()
        for x in range(int(frame.left()) + 1, int(frame.right()))
        for y in range(int(frame.top()) + 1, int(frame.bottom()))
    }
    assert roles.lines[4].color in seen  # of camera C


def test_other_night_is_shown_whole(page, night, qtbot, tmp_path):
    whole = page.stack.hours
    page.stack.zoom(5.0)
    page.show_snapshot(replace(night, output=tmp_path))
    settle(page, qtbot)
    assert page.stack.hours == pytest.approx(whole)
