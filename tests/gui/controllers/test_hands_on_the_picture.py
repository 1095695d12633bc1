"""The mouse on the picture, the histogram panel, magnifier, panner and readout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.picture.limits import Limits
from nightglass.core.session.view import Stack
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

if TYPE_CHECKING:
    from pathlib import Path

    from ..desktop import Desktop

RIGHT, MIDDLE, LEFT = (
    Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton,
)  # fmt: skip


def test_the_keyboard_begins_in_the_picture(desktop: Desktop) -> None:
    assert desktop.area.hasFocus() or desktop.area.isAncestorOf(desktop.window.focusWidget())


def test_the_wheel_zooms_about_the_pointer(crab: Desktop) -> None:
    place = crab.at(10.0, 50.0)
    zoom = crab.frame_view.camera.zoom
    crab.turn_wheel(10.0, 50.0, 4)
    assert crab.frame_view.camera.zoom == pytest.approx(2 * zoom, rel=1e-3)
    now = crab.at(10.0, 50.0)
    assert (now - place).manhattanLength() <= 3
    crab.turn_wheel(10.0, 50.0, -4)
    assert crab.frame_view.camera.zoom == pytest.approx(zoom, rel=1e-3)


def test_a_right_drag_changes_contrast_and_bias_and_paints_no_new_picture(crab: Desktop) -> None:
    painted: list[str] = []
    crab.bench.pictures.ready.connect(lambda slot, _: painted.append(slot))
    width, height = crab.frame_view.width(), crab.frame_view.height()
    crab.drag(QPoint(width // 2, height // 2), QPoint(width // 4, height // 5), RIGHT)
    assert crab.view.bias == pytest.approx(0.25, abs=0.01)
    assert crab.view.contrast == pytest.approx(2.0, abs=0.05)
    colours = crab.window.cuts.colours
    assert colours.contrast_slider.value() != colours.contrast_slider.minimum()
    assert (crab.view.colour_map, False, crab.view.contrast, crab.view.bias) == (
        crab.frame_view.colours
    )
    assert painted == []


def test_a_middle_click_centres(crab: Desktop) -> None:
    crab.frame_view.set_zoom(4.0)
    crab.click(20.0, 40.0, MIDDLE)
    camera = crab.frame_view.camera
    assert (camera.x, camera.y) == pytest.approx((20.0, 40.0), abs=0.3)


def test_a_left_drag_moves_the_picture_or_the_crosshair(crab: Desktop) -> None:
    crab.frame_view.set_zoom(4.0)
    before = crab.frame_view.camera
    crab.drag(QPoint(200, 200), QPoint(240, 200), LEFT)
    assert crab.frame_view.camera.x == pytest.approx(before.x - 10.0, abs=0.3)
    crab.act("mouse.crosshair")
    before = crab.frame_view.camera
    crab.drag(crab.at(20, 20), crab.at(25, 30), LEFT)
    assert crab.frame_view.camera == before
    assert crab.frame_view.marker == pytest.approx((25, 30), abs=0.3)
    assert crab.is_checked("mouse.crosshair")


def test_a_click_marks_the_pixel_read(crab: Desktop) -> None:
    crab.click(12.0, 34.0)
    crab.running.frames._on_cursor_moved(None, None)
    assert crab.running.frames.pointed == pytest.approx((12.0, 34.0), abs=0.3)


def test_a_double_click_measures_the_star(crab: Desktop) -> None:
    crab.bench.session.change(stack=Stack(100, "mean"))
    crab.act("frame.last")
    crab.wait_for_picture()
    QTest.mouseDClick(crab.frame_view.viewport(), LEFT, pos=crab.at(32.0, 31.0))
    crab.wait(lambda: crab.is_in_front("radial"))
    assert "FWHM" in crab.window.radial.widget.summary


def test_the_readout_follows_the_pointer(crab: Desktop) -> None:
    crab.point_at(5.0, 6.0)
    crab.running.frames._show_readout()
    readout, source = crab.window.readout, crab.capture.source
    x, y = crab.running.frames.pointed
    assert readout.text_of("x") == f"{x + 1:.2f}"
    assert readout.text_of("adu") == str(source.read(0)[round(y), round(x)])
    column, row = source.detector_offset
    assert readout.text_of("detector_x") == f"{x + column + 1:.2f}"
    assert readout.text_of("detector_y") == f"{y + row + 1:.2f}"
    assert readout.text_of("frame") == "1"
    assert readout.text_of("time") == source.frame_time(0).iso().replace("T", " ")
    assert readout.text_of("dec").startswith("+22:00:5")
    assert "counted from 1" in readout.tip_of("x").lower() or "from 1" in readout.tip_of("x")


def test_the_readout_follows_the_frame(crab: Desktop) -> None:
    crab.act("frame.last")
    crab.wait_for_picture()
    crab.wait(lambda: crab.window.readout.text_of("frame") == "300")
    assert crab.window.readout.text_of("time").startswith("2025-12-10 03:15:01.49")


def test_a_mark_outside_of_the_next_capture_goes(crab: Desktop, night: Path) -> None:
    crab.frame_view.set_marker(60.0, 60.0)
    crab.open(night / "vela")
    assert crab.frame_view.marker is None
    crab.frame_view.set_marker(10.0, 10.0)
    crab.act("capture.next")
    assert crab.frame_view.marker == (10.0, 10.0)


def test_magnifier_and_panner_follow(crab: Desktop) -> None:
    crab.act("view.magnifier")
    crab.act("view.panner")
    shown = crab.bench.pictures.shown
    crab.wait(lambda: {"magnifier", "panner"} <= set(shown))
    limits = (crab.picture.picture.low, crab.picture.picture.high)
    assert (shown["magnifier"].picture.low, shown["magnifier"].picture.high) == limits
    crab.act("frame.last")
    crab.wait(lambda: shown["magnifier"].frame == shown["panner"].frame == 299)
    crab.act("view.magnifier")
    painted: list[str] = []
    crab.bench.pictures.ready.connect(lambda slot, _: painted.append(slot))
    crab.act("frame.first")
    crab.wait(lambda: shown["panner"].frame == 0)
    assert "magnifier" not in painted


def test_limits_dragged_and_typed_in_the_histogram(crab: Desktop) -> None:
    cuts = crab.window.cuts
    crab.wait(lambda: cuts.low_edit.text() != "")
    cuts.plot.limitsDragged.emit(190.0, 260.0)
    assert crab.view.limits == Limits("manual", crab.view.limits.percent, 190.0, 260.0)
    crab.wait(lambda: crab.picture.picture.high == 260.0)
    cuts.high_edit.setFocus()
    cuts.high_edit.setText("300")
    crab.press(Qt.Key.Key_Return)
    assert crab.view.limits.high == 300.0
    assert crab.is_checked("limits.manual")


def test_the_panel_of_the_histogram_and_the_menus_agree(crab: Desktop) -> None:
    cuts = crab.window.cuts
    cuts.stretch_combo.setCurrentIndex(cuts.stretch_combo.findData("asinh"))
    rows = [cuts.limits_combo.itemData(row) for row in range(cuts.limits_combo.count())]
    cuts.limits_combo.setCurrentIndex(rows.index(("percentile", 99.0)))
    cuts.lock_box.click()
    assert crab.view.stretch.kind == "asinh"
    assert crab.is_checked("stretch.asinh")
    assert crab.is_checked("limits.99")
    assert crab.is_checked("scale.lock")
    crab.act("stretch.sqrt")
    assert cuts.stretch_combo.currentData() == "sqrt"
    crab.act("limits.minmax")
    assert cuts.limits_combo.currentData()[0] == "minmax"


@pytest.mark.parametrize("worth", [np.nan, np.inf, -np.inf])
def test_a_pixel_without_a_number_is_read_as_that(desktop: Desktop, tmp_path: Path, worth) -> None:
    values = np.random.default_rng(3).normal(100, 3, (20, 30)).astype(np.float32)
    values[10, 12] = worth
    fits.PrimaryHDU(values).writeto(tmp_path / "sky.fits")
    desktop.open(tmp_path / "sky.fits")
    desktop.frame_view.set_marker(12.0, 10.0)
    desktop.running.frames._show_readout()
    assert desktop.window.readout.text_of("adu") in {"NaN", "∞", "−∞"}
    assert desktop.running.frames.sentence()
    desktop.act("tool.radial-profile")
    desktop.wait(desktop.is_idle)
    assert desktop.problems == ()


def test_saturated_pixels_are_painted_over(crab: Desktop) -> None:
    crab.bench.use_settings(crab.bench.settings.changed(saturation_adu=205))
    plain = crab.area.grab().toImage()
    crab.act("view.saturation")
    crab.wait(crab.is_idle)
    assert crab.area.grab().toImage() != plain
    crab.act("view.saturation")
    crab.wait(crab.is_idle)
    assert crab.area.grab().toImage() == plain


def test_the_readout_is_that_of_the_capture_in_front(crab: Desktop, night: Path) -> None:
    crab.open(night / "vela")
    first, second = crab.bench.desk.order
    crab.act("view.tile")
    shown = crab.bench.pictures.shown
    crab.wait(lambda: "other" in shown and shown["other"].capture == first)
    times = [crab.bench.desk.get(key).source.frame_time(0).iso()[:19] for key in (second, first)]
    for place, time in enumerate(times):
        QTest.mouseClick(crab.area.views[place].viewport(), LEFT)
        wanted = time.replace("T", " ")
        crab.wait(lambda wanted=wanted: crab.window.readout.text_of("time").startswith(wanted))
