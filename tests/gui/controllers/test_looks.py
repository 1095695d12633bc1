"""How the picture is made: stacks, differences, limits, colours, two captures at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.session.view import Stack
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QInputDialog

if TYPE_CHECKING:
    from pathlib import Path

    from ..desktop import Desktop

KEY = Qt.Key


def test_stacks(crab: Desktop) -> None:
    crab.act("frame.last")
    crab.wait_for_picture()
    frames = np.stack([crab.capture.source.read(index) for index in range(290, 300)]).astype(float)
    for method in ("mean", "sum", "median", "max", "std"):
        crab.act(f"stack.{method}")
        crab.wait(crab.is_idle)
        assert crab.view.stack == Stack(10, method)
        assert crab.is_checked(f"stack.{method}")
        expected = frames.std(axis=0, ddof=1) if method == "std" else getattr(np, method)(frames, 0)
        np.testing.assert_allclose(crab.picture.values(), expected, rtol=1e-5)
    crab.act("stack.none")
    crab.wait_for_picture()
    np.testing.assert_array_equal(crab.picture.values(), frames[-1])


def test_the_depth_of_a_stack_is_asked_for(crab: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (40, True))
    crab.act("stack.depth")
    assert crab.view.stack.frames == 1
    crab.act("stack.sum")
    assert crab.view.stack == Stack(40, "sum")
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (60, True))
    crab.act("stack.depth")
    assert crab.view.stack == Stack(60, "sum")
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (5, False))
    crab.act("stack.depth")
    assert crab.view.stack == Stack(60, "sum")


def test_the_difference_is_switched_on_and_off(crab: Desktop) -> None:
    crab.act("difference.set")
    crab.act("frame.last")
    crab.wait_for_picture()
    first, last = (crab.capture.source.read(index).astype(float) for index in (0, 299))
    np.testing.assert_array_equal(crab.picture.values(), last - first)
    crab.act("difference.show")
    crab.wait(crab.is_idle)
    assert not crab.is_checked("difference.show")
    np.testing.assert_array_equal(crab.picture.values(), last)
    crab.act("difference.show")
    crab.wait(crab.is_idle)
    assert crab.is_checked("difference.show")
    np.testing.assert_array_equal(crab.picture.values(), last - first)


def test_limits(crab: Desktop) -> None:
    for key, mode, percent in (
        ("minmax", "minmax", 99.5), ("zscale", "zscale", 99.5), ("90", "percentile", 90.0),
        ("99.9", "percentile", 99.9), ("92.5", "percentile", 92.5),
    ):  # fmt: skip
        crab.act(f"limits.{key}")
        assert (crab.view.limits.mode, crab.view.limits.percent) == (mode, percent)
        assert crab.is_checked(f"limits.{key}")
        crab.wait(crab.is_idle)
    crab.act("limits.minmax")
    crab.wait(crab.is_idle)
    frame = crab.capture.source.read(0)
    assert (crab.picture.picture.low, crab.picture.picture.high) == (frame.min(), frame.max())


def test_manual_limits_start_from_those_shown(crab: Desktop) -> None:
    low, high = crab.picture.picture.low, crab.picture.picture.high
    crab.act("limits.manual")
    assert (crab.view.limits.low, crab.view.limits.high) == (low, high)
    assert crab.is_checked("limits.manual")
    assert crab.window.cuts.low_edit.hasFocus()
    crab.press("150")
    crab.press(KEY.Key_Return)
    assert crab.view.limits.low == 150.0
    assert crab.view.limits.high == pytest.approx(high, rel=1e-5)


def test_locked_limits_stay_and_a_finds_new_ones(crab: Desktop) -> None:
    crab.act("limits.minmax")
    crab.act("scale.lock")
    crab.wait(crab.is_idle)
    crab.act("frame.last")
    crab.wait_for_picture()
    frames = [crab.capture.source.read(index) for index in (0, 299)]
    assert crab.picture.picture.high == frames[0].max()
    crab.look_at_picture()
    crab.press("a")
    crab.wait(crab.is_idle)
    assert crab.picture.picture.high == frames[1].max()
    assert crab.is_checked("scale.lock")
    assert crab.window.cuts.lock_box.isChecked()
    crab.act("scale.reset")
    assert not crab.is_checked("scale.lock")
    assert crab.view.limits.mode == "zscale"


def test_colours_and_inversion(crab: Desktop) -> None:
    plain = crab.area.grab().toImage()
    crab.act("colouring.invert")
    assert crab.area.grab().toImage() != plain
    crab.act("colouring.invert")
    assert crab.area.grab().toImage() == plain
    crab.act("colour.heat")
    assert crab.is_checked("colour.heat")
    assert crab.area.grab().toImage() != plain
    crab.bench.session.change(contrast=4.0, bias=0.1)
    crab.act("colouring.reset")
    assert (crab.view.contrast, crab.view.bias) == (1.0, 0.5)


def test_flips(crab: Desktop) -> None:
    crab.look_at_picture()
    crab.press("[")
    crab.press("]")
    assert (crab.frame_view.camera.flip_x, crab.frame_view.camera.flip_y) == (True, True)
    assert crab.is_checked("view.flip-x")
    crab.press("[")
    assert (crab.frame_view.camera.flip_x, crab.frame_view.camera.flip_y) == (False, True)


def test_tile_and_blink(crab: Desktop, night: Path) -> None:
    crab.open(night / "vela")
    first, second = crab.bench.desk.order
    crab.look_at_picture()
    crab.press("t")
    crab.wait(crab.is_idle)
    assert (crab.view.capture, crab.view.other, crab.area.mode) == (second, first, "tile")
    assert crab.is_checked("view.tile")
    assert crab.is_checked("view.lock")
    shown = crab.bench.pictures.shown
    crab.wait(lambda: "other" in shown and shown["other"].capture == first)
    main, other = crab.area.views
    main.set_zoom(4.0)
    assert other.camera.zoom == 4.0
    crab.act("view.lock")
    main.set_zoom(6.0)
    assert other.camera.zoom == 4.0
    assert not crab.is_checked("view.lock")
    crab.act("view.blink")
    assert crab.area.mode == "blink"
    assert not crab.is_checked("view.tile")
    crab.area.set_blink_interval(0.125)
    crab.wait(lambda: crab.area.active == 1)
    crab.wait(lambda: crab.area.active == 0)
    crab.act("view.blink")
    assert (crab.view.layout, crab.view.other) == ("single", None)
    assert not crab.area.views[1].isVisible()


@pytest.mark.expected_log
def test_one_capture_alone_is_not_compared(crab: Desktop) -> None:
    crab.act("view.tile")
    (problem,) = crab.problems
    assert problem.title == "There is nothing to compare with"
    assert not crab.is_checked("view.tile")
