"""Arithmetic of the camera, against closed forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.gui.frame.camera import (
    NOTCH_ZOOM,
    ZOOM_LEAST,
    ZOOM_MOST,
    Camera,
    Projection,
    clean_zoom,
    fitting_camera,
)

places = st.floats(-5000.0, 5000.0)
zooms = st.floats(0.05, 50.0)
flips = st.booleans()


def test_whole_frame_fits_and_its_edges_touch_the_nearer_side() -> None:
    camera = fitting_camera((2304, 4096), 1400, 800, Camera())
    seen = Projection(camera, 1400, 800).viewport()
    assert camera.zoom == 1400 / 4096
    assert (seen.left, seen.right) == pytest.approx((0.0, 4096.0))
    assert (seen.bottom + seen.top) / 2 == pytest.approx(1152.0, abs=0.5 / camera.zoom)
    assert (seen.width, seen.height) == (1400, 800)


def test_first_pixel_is_bottom_left_with_its_centre_at_zero() -> None:
    at = Projection(fitting_camera((10, 10), 100, 100, Camera()), 100, 100)
    assert at.to_image(5.0, 95.0) == pytest.approx((0.0, 0.0))
    assert at.to_image(0.0, 100.0) == pytest.approx((-0.5, -0.5))


@pytest.mark.parametrize(
    ("flip_x", "flip_y", "corner"),
    [(False, False, (5.0, 95.0)), (True, False, (95.0, 95.0)), (False, True, (5.0, 5.0))],
)
def test_flips_mirror_the_first_pixel(
    flip_x: bool, flip_y: bool, corner: tuple[float, float]
) -> None:
    camera = fitting_camera((10, 10), 100, 100, Camera(flip_x=flip_x, flip_y=flip_y))
    assert Projection(camera, 100, 100).to_device(0.0, 0.0) == pytest.approx(corner)


@given(places, places, zooms, flips, flips, st.integers(1, 4000), st.integers(1, 3000))
def test_device_and_image_coordinates_are_inverse(
    x: float, y: float, zoom: float, flip_x: bool, flip_y: bool, width: int, height: int
) -> None:
    at = Projection(Camera(x, y, zoom, flip_x, flip_y), width, height)
    assert at.to_image(*at.to_device(12.25, -7.5)) == pytest.approx((12.25, -7.5), abs=1e-6)


@given(places, places, zooms, flips, st.integers(-40, 40), st.floats(-700, 700))
def test_place_under_the_pointer_stays_within_half_a_device_pixel(
    x: float, y: float, zoom: float, flip: bool, notches: int, across: float
) -> None:
    before = Camera(x, y, zoom, flip, flip)
    pointer = (700.0 + across, 400.0 - across / 2)
    place = Projection(before, 1400, 800).to_image(*pointer)
    after = before.zoomed(zoom * NOTCH_ZOOM**notches, (across, -across / 2))
    # Half a pixel of rounding at each of the two zooms.
    allowed = 0.5 / before.zoom * after.zoom + 0.5 + 1e-6
    moved = Projection(after, 1400, 800).to_device(*place)
    assert moved == pytest.approx(pointer, abs=allowed)


def test_wheel_there_and_back_returns_to_the_same_camera() -> None:
    camera = start = Camera(100.0, 50.0, 1.0)
    for notch in [NOTCH_ZOOM] * 9 + [1 / NOTCH_ZOOM] * 9:
        camera = camera.zoomed(camera.zoom * notch, (123.0, -45.0))
    assert camera.zoom == start.zoom
    assert (camera.x, camera.y) == pytest.approx((start.x, start.y), abs=1e-9)


def test_four_notches_are_a_factor_of_two_exactly() -> None:
    zoom = 1.0
    for _ in range(4):
        zoom = clean_zoom(zoom * NOTCH_ZOOM)
    assert zoom == 2.0


def test_zoom_stays_in_its_range() -> None:
    assert clean_zoom(1e9) == ZOOM_MOST
    assert clean_zoom(0.0) == ZOOM_LEAST


def test_pixel_edges_fall_on_whole_device_pixels() -> None:
    at = Projection(Camera(10.3, 20.7, 4.0), 401, 303)
    across, down = at.to_device(-0.5, -0.5)
    assert (across, down) == (round(across), round(down))


def test_panning_right_brings_smaller_x_into_view() -> None:
    panned = Camera(100.0, 50.0, 2.0).panned(20.0, 10.0)
    assert (panned.x, panned.y) == (90.0, 55.0)
