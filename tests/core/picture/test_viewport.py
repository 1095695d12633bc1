"""The rectangle of the image on the screen."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.picture.viewport import Viewport

zooms = st.floats(0.01, 64)
places = st.floats(-5000, 5000)
sizes = st.integers(1, 3000)
views = st.builds(Viewport.centred, places, places, zooms, sizes, sizes)


@given(views, places, places)
def test_screen_and_image_positions_are_inverse(view: Viewport, x: float, y: float) -> None:
    assert view.to_image(*view.to_screen(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(views, st.floats(0.1, 10), places, places)
def test_zooming_keeps_the_point_under_the_pointer(
    view: Viewport, factor: float, x: float, y: float
) -> None:
    near = pytest.approx(view.to_screen(x, y), rel=1e-6, abs=1e-3)
    zoomed = view.zoomed(factor, x, y)
    assert zoomed.to_screen(x, y) == near
    assert zoomed.zoom == pytest.approx(view.zoom * factor, rel=1e-6)


@given(views, places, places)
def test_moving_keeps_the_zoom(view: Viewport, x: float, y: float) -> None:
    moved = view.moved(x, y)
    assert moved.zoom == pytest.approx(view.zoom, rel=1e-6)
    assert moved.centre == pytest.approx((view.centre[0] + x, view.centre[1] + y), abs=1e-6)


@given(views, sizes, sizes)
def test_resizing_keeps_centre_and_zoom(view: Viewport, width: int, height: int) -> None:
    resized = view.resized(width, height)
    assert (resized.width, resized.height) == (width, height)
    assert resized.zoom == pytest.approx(view.zoom, rel=1e-6)
    assert resized.centre == pytest.approx(view.centre, abs=1e-6)


@given(st.tuples(sizes, sizes), sizes, sizes)
def test_fitted_view_just_holds_the_frame(shape: tuple[int, int], width: int, height: int) -> None:
    view = Viewport.fit(shape, width, height)
    spare = (-view.left, -view.bottom, view.right - shape[1], view.top - shape[0])
    assert min(spare) == pytest.approx(0, abs=1e-6)
    assert all(gap > -1e-6 for gap in spare)


def test_row_zero_of_the_screen_is_the_top_of_the_image() -> None:
    view = Viewport(10, 20, 30, 60, 20, 40)
    assert view.to_image(0, 0) == (10, 60)
    assert view.to_screen(30, 20) == (20, 40)


@pytest.mark.parametrize(("zoom", "shrinks"), [(0.5, True), (0.999, True), (1, False), (3, False)])
def test_view_shrinks_below_life_size_only(zoom: float, shrinks: bool) -> None:
    assert Viewport.centred(100.3, 77.7, zoom, 640, 480).shrinks is shrinks


def test_life_size_reached_through_many_steps_is_life_size() -> None:
    view = Viewport.centred(50, 50, 1, 640, 480)
    for _ in range(12):
        view = view.zoomed(2 ** (1 / 3), 12.3, 45.6)
    for _ in range(12):
        view = view.zoomed(2 ** (-1 / 3), 12.3, 45.6)
    assert not view.shrinks


@pytest.mark.parametrize("right", [0.0, -1.0, math.nan, math.inf])
def test_view_without_an_area_is_refused(right: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        Viewport(0, 0, right, 1, 10, 10)
