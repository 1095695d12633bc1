"""Light curves of regions in the timeline, its brush and its legend."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.gui.theme import THEMES
from nightglass.gui.timeline import Timeline
from nightglass.gui.timeline_curves import MOST_NAMED, LightLine
from nightglass.gui.timeline_marks import GapMark
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QApplication

SECONDS = np.arange(1000) * 0.01


@pytest.fixture
def timeline(qtbot):
    made = Timeline()
    qtbot.addWidget(made)
    made.resize(900, 260)
    with qtbot.waitExposed(made):
        made.show()
    made.set_labels("Flux", "e\u207b", "2025-12-10T03:15:00.069600")
    made.set_times(SECONDS)
    made.set_curve(SECONDS, 300 + np.sin(SECONDS))
    made.set_frame(0)
    qtbot.waitUntil(lambda: made.plot.isVisible() and made._box.width() > 500)
    made.fit()
    return made


def line(ident, level=100.0, n=1000, **more):
    values = level + np.cos(3 * SECONDS[:n])
    return LightLine(ident, f"star {ident}", f"{level:.0f}", SECONDS[:n], values, **more)


def drawn(timeline, ident):
    return timeline._lights._drawn[ident]


def place_of(timeline, seconds) -> QPoint:
    low, high = timeline._box.viewRange()[1]
    scene = timeline._box.mapViewToScene(QPointF(seconds, (low + high) / 2))
    return timeline.plot.mapFromScene(scene)


def move_held(widget, point, modifiers):
    """Move the pointer with the left button down, which QTest does not tell."""
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(point), QPointF(widget.mapToGlobal(point)),
        Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, modifiers,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def brush(timeline, qtbot, start, end, *, release=True):
    viewport, shift = timeline.plot.viewport(), Qt.KeyboardModifier.ShiftModifier
    begin, finish = place_of(timeline, start), place_of(timeline, end)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, shift, begin)
    move_held(viewport, (begin + finish) / 2, shift)
    move_held(viewport, finish, shift)
    if release:
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, shift, finish)


def test_each_region_has_a_curve_in_the_place_of_that_of_the_capture(timeline):
    timeline.set_lines([line(1), line(7, 130.0)])
    assert not timeline._curve.isVisible()
    assert timeline.legend.isVisible()
    x, y = drawn(timeline, 7).curve.getData()
    assert (x[0], x[-1]) == pytest.approx((0.0, 9.99), abs=0.05)
    assert y.max() == pytest.approx(131.0, abs=1e-3)
    low, high = timeline._box.viewRange()[1]
    assert low < 99.0
    assert high > 131.0


def test_curve_of_the_capture_comes_back_without_regions(timeline):
    timeline.set_lines([line(1)])
    timeline.set_lines([])
    assert timeline._curve.isVisible()
    assert not timeline.legend.isVisible()
    assert not timeline._lights._drawn
    low, high = timeline._box.viewRange()[1]
    assert low < 300 < high


def test_lines_are_told_apart_by_colour_and_dash(timeline):
    roles = THEMES["dark"]
    timeline.set_roles(roles)
    timeline.set_lines([line(ident) for ident in range(9)])
    for ident in range(9):
        pen, cue = drawn(timeline, ident).curve.opts["pen"], roles.lines[ident % 7]
        assert pen.color().name() == cue.color
        assert tuple(pen.dashPattern()) == cue.dash
    assert "star 0 100" in timeline.legend.names.text()
    assert "and 2 more" in timeline.legend.names.text()
    assert len(roles.lines) >= MOST_NAMED


def test_names_are_shown_as_they_are(timeline):
    name = "<b>a & b</b> of a very long name indeed"
    timeline.set_lines([LightLine(1, name, "3", SECONDS, SECONDS)])
    assert "&lt;b&gt;a &amp; b&lt;/b&gt;" in timeline.legend.names.text()
    assert "…" in timeline.legend.names.text()


def test_chosen_curve_is_in_front_and_the_axis_is_fitted_to_it(timeline):
    timeline.set_lines([line(1, is_front=False), line(2, 5000.0)])
    back, front = drawn(timeline, 1).curve, drawn(timeline, 2).curve
    assert front.zValue() > back.zValue()
    assert back.opts["pen"].color().alpha() < front.opts["pen"].color().alpha()
    low, high = timeline._box.viewRange()[1]
    assert (low, high) == pytest.approx((5000, 5000), abs=1.5)
    assert "<b>star 2 5000</b>" in timeline.legend.names.text()


def test_growing_curve_looks_only_at_what_is_new(timeline, monkeypatch):
    timeline.set_lines([line(1, n=400)])
    seen, envelope = [], drawn(timeline, 1).envelope
    usual = envelope.set
    monkeypatch.setattr(
        envelope, "set", lambda x, y, kept=0: (seen.append(kept), usual(x, y, kept))
    )
    timeline.set_lines([line(1, n=700, kept=400)])
    timeline.set_lines([line(1, n=700, kept=700)])
    assert seen == [400]
    assert len(envelope) == 700


def test_quick_look_is_shown_as_dots(timeline):
    dots = SECONDS[::50], 500 + SECONDS[::50]
    roles = THEMES["dark"]
    timeline.set_roles(roles)
    timeline.set_lines([LightLine(1, "star", dots=dots)])
    assert drawn(timeline, 1).dots.points[0].tolist() == dots[0].tolist()
    low, high = timeline._box.viewRange()[1]
    assert low < 500
    assert high > 509
    image = timeline.plot.grab().toImage()
    names = {image.pixelColor(x, y).name() for x in range(80, image.width())
             for y in range(5, image.height() - 40)}  # fmt: skip
    assert roles.lines[0].color in names


def test_a_hundred_thousand_points_of_eight_regions_are_few_on_the_screen(timeline):
    seconds = np.arange(100_000) * 1e-4
    timeline.set_times(seconds)
    lines = [LightLine(i, "s", "", seconds, np.sin(seconds * i)) for i in range(8)]
    timeline.set_lines(lines)
    assert all(0 < len(drawn(timeline, i).curve.getData()[0]) < 8000 for i in range(8))


def test_hole_of_missing_frames_breaks_the_line(timeline):
    seconds = np.concatenate([SECONDS[:100], SECONDS[500:]])
    timeline.set_lines([LightLine(1, "s", "", seconds, np.ones(600))])
    assert np.isnan(drawn(timeline, 1).curve.getData()[1]).sum() == 1


def test_shift_and_drag_mark_frames(timeline, qtbot):
    with qtbot.waitSignal(timeline.brushed) as got, qtbot.assertNotEmitted(timeline.frameRequested):
        brush(timeline, qtbot, 2.0, 6.0)
    assert got.args == pytest.approx([200, 600], abs=2)
    assert not timeline._brush.shade.isVisible()


def test_brush_works_from_right_to_left_and_ends_inside_the_capture(timeline, qtbot):
    with qtbot.waitSignal(timeline.brushed) as got:
        brush(timeline, qtbot, 4.0, -5.0)
    assert got.args == pytest.approx([0, 400], abs=2)


def test_brush_shows_what_it_marks_and_escape_lets_go(timeline, qtbot):
    brush(timeline, qtbot, 2.0, 6.0, release=False)
    assert timeline._brush.shade.isVisible()
    assert timeline._brush.shade.getRegion() == pytest.approx((2.0, 6.0), abs=0.03)
    with qtbot.assertNotEmitted(timeline.brushed, wait=20):
        qtbot.keyClick(timeline.plot.viewport(), Qt.Key.Key_Escape)
        viewport, shift = timeline.plot.viewport(), Qt.KeyboardModifier.ShiftModifier
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, shift, place_of(timeline, 6.0))
    assert not timeline._brush.shade.isVisible()


def test_brush_that_does_not_move_marks_nothing(timeline, qtbot):
    with qtbot.assertNotEmitted(timeline.brushed, wait=20):
        brush(timeline, qtbot, 3.0, 3.0)


def test_brush_in_a_gap_marks_nothing(timeline, qtbot):
    timeline.set_times(np.concatenate([SECONDS[:100], SECONDS[600:]]))
    timeline.set_gaps([GapMark(99, 500)])
    with qtbot.assertNotEmitted(timeline.brushed, wait=20):
        brush(timeline, qtbot, 2.0, 5.0)


def test_plain_drag_is_left_to_the_plot(timeline, qtbot):
    viewport = timeline.plot.viewport()
    with qtbot.assertNotEmitted(timeline.brushed, wait=20):
        qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=place_of(timeline, 2.0))
        move_held(viewport, place_of(timeline, 6.0), Qt.KeyboardModifier.NoModifier)
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place_of(timeline, 6.0))


def test_click_on_a_curve_goes_to_the_frame(timeline, qtbot):
    timeline.set_lines([line(1)])
    with qtbot.waitSignal(timeline.frameRequested) as got:
        viewport = timeline.plot.viewport()
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place_of(timeline, 6.0))
    assert abs(got.args[0] - 600) <= 2


def test_relative_button_is_there_with_a_comparison_star(timeline, qtbot):
    timeline.set_lines([line(1), line(2)])
    button = timeline.legend.relative
    timeline.set_relative(is_relative=False, is_possible=False)
    assert not button.isVisible()
    with qtbot.assertNotEmitted(timeline.relativeToggled):
        timeline.set_relative(is_relative=True, is_possible=True)
    assert button.isVisible()
    assert button.isChecked()
    with qtbot.waitSignal(timeline.relativeToggled) as got:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert got.args == [False]


def test_cleared_timeline_has_no_lines(timeline):
    timeline.set_lines([line(1)])
    timeline.clear()
    assert timeline.lines == ()
    assert not timeline.legend.isVisible()


@pytest.mark.parametrize("name", THEMES)
def test_legend_follows_the_theme(timeline, name):
    timeline.set_lines([line(1)])
    timeline.set_roles(THEMES[name])
    assert THEMES[name].lines[0].color in timeline.legend.names.text()


def test_a_curve_keeps_its_colour_while_others_come_and_go(timeline):
    roles = THEMES["dark"]
    timeline.set_roles(roles)
    timeline.set_lines([line(1), line(2), line(3)])
    colours = {ident: drawn(timeline, ident).curve.opts["pen"].color() for ident in (1, 2, 3)}
    assert len({colour.name() for colour in colours.values()}) == 3
    timeline.set_lines([line(2), line(3)])
    timeline.set_lines([line(4), line(2), line(3)])
    for ident, like in ((2, 2), (3, 3), (4, 1)):
        assert drawn(timeline, ident).curve.opts["pen"].color() == colours[like]
    assert roles.lines[0].color in timeline.legend.names.text().split("star 4")[0]
