"""Light curves of regions in the running program: they grow, and hands reach frames by them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed.calibration import CountScale
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Annulus, Circle
from nightglass.gui.controllers import time as time_controller
from PyQt6.QtCore import QPoint, QPointF, Qt

if TYPE_CHECKING:
    from ..desktop import Desktop

STAR = RegionEntry("circle", Circle(32.0, 32.0, 6.0), properties={"text": "target"})
OTHER = RegionEntry("circle", Circle(14.0, 40.0, 5.0))
SKY = RegionEntry("annulus", Annulus(32.0, 32.0, 9.0, 13.0), background=True)


@pytest.fixture
def timeline(crab: Desktop):
    return crab.window.timeline


def place_of(timeline, seconds) -> QPoint:
    low, high = timeline._box.viewRange()[1]
    scene = timeline._box.mapViewToScene(QPointF(seconds, (low + high) / 2))
    return timeline.plot.mapFromScene(scene)


def counted(crab, timeline):
    return timeline.lines and all(len(line.seconds) == 300 for line in timeline.lines)


def test_every_source_gets_its_curve(crab, timeline, qtbot):
    crab.bench.regions.list.add([STAR, OTHER, SKY], "Add")
    crab.wait(lambda: counted(crab, timeline))
    first, second = timeline.lines
    made = crab.bench.light.curves(crab.capture.key)
    assert (first.name, second.name) == ("target", "circle 2")
    np.testing.assert_array_equal(first.values, made[0].values)
    np.testing.assert_allclose(first.seconds, crab.capture.curve.seconds)
    assert timeline.axes["left"].labelText == "Flux"
    assert timeline.axes["left"].labelUnits == "e\u207b"
    assert "UTC" in timeline.axes["bottom"].labelText
    crab.bench.regions.list.undo()
    crab.wait(lambda: not timeline.lines)
    assert timeline.axes["left"].labelText == "Mean"


def test_selected_regions_stand_in_front(crab, timeline):
    regions = crab.bench.regions.list
    first, second = regions.add([STAR, OTHER], "Add")
    crab.wait(lambda: counted(crab, timeline))
    regions.select([second])
    crab.wait(lambda: [line.is_front for line in timeline.lines] == [False, True])
    regions.select([])
    crab.wait(lambda: all(line.is_front for line in timeline.lines))
    assert first != second


def test_curve_moves_while_a_hand_drags(crab, timeline):
    regions = crab.bench.regions.list
    (ident,) = regions.add([STAR], "Add")
    crab.wait(lambda: counted(crab, timeline))
    regions.begin("Move circle")
    regions.edit("Move circle", {ident: replace(STAR, shape=Circle(33.0, 32.0, 6.0))})
    crab.wait(lambda: timeline.lines and len(timeline.lines[0].dots[0]))
    assert not len(timeline.lines[0].seconds)
    regions.commit()
    crab.wait(lambda: counted(crab, timeline))
    assert not len(timeline.lines[0].dots[0])


def test_brushed_frames_are_played_and_stacked(crab, timeline, qtbot):
    seconds = crab.capture.curve.seconds
    viewport, shift = timeline.plot.viewport(), Qt.KeyboardModifier.ShiftModifier
    start, end = place_of(timeline, seconds[100]), place_of(timeline, seconds[200])
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, shift, start)
    qtbot.mouseMove(viewport, end)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, shift, end)
    view = crab.view
    first, last = view.play_range
    assert (first, last) == pytest.approx((100, 200), abs=2)
    assert view.frame == last
    assert view.stack.frames == last - first + 1
    crab.wait_for_picture()


def test_stack_of_a_brush_is_as_deep_as_stacks_can_be(crab, timeline, monkeypatch):
    monkeypatch.setattr(time_controller, "MOST_FRAMES", 50)
    timeline.brushed.emit(10, 250)
    assert crab.view.play_range == (10, 250)
    assert (crab.view.frame, crab.view.stack.frames) == (250, 50)


def test_relative_light_from_the_button(crab, timeline, qtbot):
    star = replace(OTHER, tags=("comparison",))
    crab.bench.regions.list.add([STAR, star], "Add")
    crab.wait(lambda: counted(crab, timeline) and timeline.legend.relative.isVisible())
    plain = timeline.lines[0].values.copy()
    its = timeline.lines[1].values.copy()
    qtbot.mouseClick(timeline.legend.relative, Qt.MouseButton.LeftButton)
    crab.wait(lambda: not np.array_equal(timeline.lines[0].values, plain))
    np.testing.assert_allclose(timeline.lines[0].values, plain / its * its.mean(), rtol=1e-12)


def test_other_capture_shows_its_own_curves(crab, timeline, night):
    crab.bench.regions.list.add([STAR], "Add")
    crab.wait(lambda: counted(crab, timeline))
    crab.open(night / "vela")
    crab.wait(lambda: timeline.lines and len(timeline.lines[0].seconds) == 60)
    crab.bench.show(crab.bench.desk.order[0])
    crab.wait(lambda: counted(crab, timeline))


def test_other_gain_gives_other_electrons(crab, timeline):
    crab.bench.regions.list.add([STAR, SKY], "Add")
    crab.wait(lambda: counted(crab, timeline))
    before, source = timeline.lines[0].values.copy(), crab.capture.lightspeed
    gain = CountScale.of(source.header, crab.bench.settings).adu_per_electron
    settings = crab.bench.settings.changed(use_header_gain=False, adu_per_electron=2 * gain)
    crab.bench.use_settings(settings)
    crab.wait(lambda: not np.array_equal(timeline.lines[0].values, before))
    np.testing.assert_allclose(timeline.lines[0].values, before / 2, rtol=1e-9)
