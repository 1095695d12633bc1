"""Parts of pixels against closed forms, many small pixels and other libraries."""

from __future__ import annotations

import math
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nightglass.core.regions.marks import Point
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.numbers.covers import CoverCache
from nightglass.core.regions.numbers.weights import METHODS, Method, box_of, weights
from nightglass.core.regions.shapes import (
    Annulus,
    Box,
    BoxAnnulus,
    Circle,
    Ellipse,
    EllipseAnnulus,
    Polygon,
    Rings,
    Shape,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAME = (40, 50)
TURNS = np.pi / 2 + np.arange(5) * 4 * np.pi / 5
STAR = Polygon(tuple(zip(20.2 + 15 * np.cos(TURNS), 19.7 + 15 * np.sin(TURNS), strict=True)))
SHAPES = [
    Circle(20.3, 18.7, 5.3),
    Circle(20.1, 18.2, 0.2),
    Ellipse(20.3, 18.7, 12.2, 5.1, 30),
    Ellipse(20.3, 18.7, 0.6, 0.2, 77),
    Box(20.3, 18.7, 8.3, 4.1, 23),
    Box(20, 18, 8, 4),
    Polygon(((10.3, 10.2), (30.4, 12.7), (22.1, 30.6))),
    Polygon(((11, 11), (19, 11), (19, 19), (15, 13), (11, 19))),
    Annulus(20.3, 18.7, 3.1, 7.2),
    EllipseAnnulus(20.3, 18.7, 3.1, 2.1, 9.3, 6.3, 50),
    BoxAnnulus(20.3, 18.7, 3.1, 2.1, 9.3, 6.3, 50),
    Rings((Annulus(20.3, 18.7, 0, 3), Annulus(20.3, 18.7, 3, 8.1))),
]


def whole(shape: Shape, method: Method, frame: tuple[int, int] = FRAME) -> NDArray[Any]:
    found = weights(shape, frame, method)
    image = np.zeros(frame)
    image[found.rows, found.columns] = found.values
    return image


def sampled(shape: Shape, side: int) -> NDArray[np.float64]:
    """Share of side x side places in each pixel that lie inside."""
    rows, columns = FRAME
    y = (np.arange(rows * side) + 0.5) / side + 0.5
    x = (np.arange(columns * side) + 0.5) / side + 0.5
    inside = shape.contains(x, y[:, None])
    return inside.reshape(rows, side, columns, side).mean(axis=(1, 3))


@pytest.mark.parametrize("shape", SHAPES)
def test_centres_are_those_of_the_masks(shape: Shape) -> None:
    expected = np.zeros(FRAME, bool)
    if not isinstance(shape, (Circle, Ellipse)) or shape.area_px > 1:
        expected = mask_of(shape, FRAME)
    np.testing.assert_array_equal(whole(shape, "center"), expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_exact_parts_add_up_to_the_area(shape: Shape) -> None:
    assert whole(shape, "exact").sum() == pytest.approx(shape.area_px, rel=1e-9)


@pytest.mark.parametrize("shape", [*SHAPES, STAR])
def test_exact_parts_are_those_of_many_small_pixels(shape: Shape) -> None:
    difference = abs(whole(shape, "exact") - sampled(shape, 40))
    # Edges of the star cross at 5 places, one of them on the side of a pixel.
    assert np.count_nonzero(difference > 0.02) <= (6 if shape is STAR else 0)


@pytest.mark.parametrize("shape", [*SHAPES, STAR])
def test_subpixels_are_five_by_five_places(shape: Shape) -> None:
    np.testing.assert_allclose(whole(shape, "subpixel"), sampled(shape, 5), atol=1e-9)


def test_subpixels_of_a_shape_in_general_position_are_those_of_the_library() -> None:
    regions = pytest.importorskip("regions")
    mask = regions.CirclePixelRegion(regions.PixCoord(19.313, 17.717), 5.3).to_mask("subpixels", 5)
    expected = mask.to_image(FRAME)
    np.testing.assert_allclose(whole(Circle(20.313, 18.717, 5.3), "subpixel"), expected, atol=1e-12)


def test_a_star_drawn_in_one_line_has_a_hole() -> None:
    # Five points outside the pentagon that its edges make, whose radius is this part of its own.
    inner = 15 * math.cos(2 * math.pi / 5) / math.cos(math.pi / 5)
    points = 5 * 15 * inner * math.sin(math.pi / 5)
    pentagon = 2.5 * inner**2 * math.sin(2 * math.pi / 5)
    assert whole(STAR, "exact").sum() == pytest.approx(points - pentagon, rel=0.01)


COORDINATES = st.floats(-10, 60, allow_nan=False)


@settings(max_examples=60)
@given(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=3, max_size=3))
def test_any_triangle_over_the_edges_of_the_frame(points: list[tuple[float, float]]) -> None:
    shape = Polygon(tuple(points))
    ours = whole(shape, "exact")
    assert ours.min() >= 0
    assert ours.max() <= 1
    np.testing.assert_allclose(ours, sampled(shape, 20), atol=0.12)
    assert ours.sum() == pytest.approx(sampled(shape, 20).sum(), abs=1.5)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_part_of_the_frame_has_its_part_of_the_weights(shape: Shape, method: Method) -> None:
    found = weights(shape, (9, 11), method, corner=(17, 14))
    image = np.zeros((9, 11))
    image[found.rows, found.columns] = found.values
    np.testing.assert_allclose(image, whole(shape, method)[14:23, 17:28], atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [Circle(200, 20, 5), Box(20, -30, 5, 5), Point(200, 4)])
def test_outside_the_frame_there_is_nothing(shape: Shape, method: Method) -> None:
    assert not weights(shape, FRAME, method).values.any()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [Circle(9, 9, 0), Ellipse(9, 9, 3, 0), Point(9, 9)])
def test_no_area_holds_nothing_or_the_centre_of_a_pixel(shape: Shape, method: Method) -> None:
    assert whole(shape, method).sum() == 0


@pytest.mark.parametrize("method", METHODS)
def test_a_region_far_larger_than_the_frame_is_not_drawn_as_a_whole(method: Method) -> None:
    assert whole(Circle(20, 20, 1e7), method).min() == 1
    assert whole(Box(20, 20, 1e9, 1e9, 30), method).min() == 1


@pytest.mark.parametrize("angle", [0, 30, 90, 200])
def test_exact_parts_are_those_of_photutils(angle: float) -> None:
    aperture = pytest.importorskip("photutils.aperture")
    turn, place = math.radians(angle), (19.3, 17.7)
    pairs = [
        (Circle(20.3, 18.7, 5.3), aperture.CircularAperture(place, 5.3)),
        (Annulus(20.3, 18.7, 3.1, 7.2), aperture.CircularAnnulus(place, 3.1, 7.2)),
        (Ellipse(20.3, 18.7, 9, 4, angle), aperture.EllipticalAperture(place, 9, 4, theta=turn)),
        (
            EllipseAnnulus(20.3, 18.7, 4, 2, 10, 5, angle),
            aperture.EllipticalAnnulus(place, 4, 10, 5, b_in=2, theta=turn),
        ),
    ]
    for shape, theirs in pairs:
        expected = theirs.to_mask(method="exact").to_image(FRAME)
        np.testing.assert_allclose(whole(shape, "exact"), expected, atol=1e-9)


def test_the_library_is_loaded_for_parts_of_pixels_only(python: str) -> None:
    program = (
        "import sys; from nightglass.core.regions.numbers.weights import weights;"
        "from nightglass.core.regions.shapes import Circle;"
        "weights(Circle(9, 9, 3), (20, 20)); assert 'regions' not in sys.modules;"
        "weights(Circle(9, 9, 3), (20, 20), 'exact'); assert 'regions' in sys.modules"
    )
    subprocess.run([python, "-c", program], check=True, timeout=120)


def test_pixels_of_a_shape_are_kept_wherever_the_part_of_the_frame_begins() -> None:
    cache, shape = CoverCache(), Circle(20.3, 18.7, 5.3)
    first = cache.get(shape, FRAME, "center", (0, 0))
    second = cache.get(Circle(20.3, 18.7, 5.3), (36, 50), "center", (0, 4))
    assert second.inside is first.inside
    assert (second.rows.start, second.columns) == (first.rows.start - 4, first.columns)
    assert cache.get(shape, FRAME, "exact", (0, 0)).inside is not first.inside


def test_pixels_kept_take_little_memory_and_any_thread_may_ask() -> None:
    cache = CoverCache(largest_bytes=4_000)
    frame = mask_of(Circle(20, 20, 9), FRAME)
    wrong: list[float] = []

    def ask(seed: int) -> None:
        generator = np.random.default_rng(seed)
        for radius in generator.integers(1, 18, 200):
            shape = Circle(20, 20, float(radius))
            found = cache.get(shape, FRAME, "center", (0, 0))
            if found.inside.sum() != np.count_nonzero(
                np.hypot(*np.mgrid[-19:21, -19:31]) <= radius
            ):
                wrong.append(radius)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert cache.nbytes <= 4_000
    assert cache.get(Circle(20, 20, 9), FRAME, "center", (0, 0)).inside.sum() == frame.sum()
    # Larger than the cache: given, and not kept.
    assert cache.get(Box(20, 20, 500, 500), (200, 200), "center", (0, 0)).inside.all()
    assert cache.nbytes <= 4_000


def test_the_box_of_a_region_ends_at_the_frame() -> None:
    assert box_of(Circle(2, 39, 5), FRAME) == (slice(33, 40), slice(0, 7))
    assert box_of(Circle(2, 39, 5), FRAME, corner=(3, 30)) == (slice(3, 14), slice(0, 4))
