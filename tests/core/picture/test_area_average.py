"""Pictures smaller than life: exact area averages, whatever the frame is stored as."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nightglass.core.frames.encoding import Encoding
from nightglass.core.picture.codes import BLANK_CODE, NAN_CODE, SATURATED_CODE, SCALE_CODES
from nightglass.core.picture.counts import Correction
from nightglass.core.picture.limits import Limits
from nightglass.core.picture.plan import plan_axis
from nightglass.core.picture.render import RenderRequest, render
from nightglass.core.picture.stretch import Stretch
from nightglass.core.picture.viewport import Viewport

CAMERA = Encoding(">i2", 1.0, 32768.0)


def stored(frame: np.ndarray) -> np.ndarray:
    """Counts as the camera writes them."""
    return (frame.astype(np.int32) - 32768).astype(">i2")


def overlap(low: float, high: float, cells: int, pixels: int) -> np.ndarray:
    """Length of each pixel in each cell, shape (cells, pixels), the slow and obvious way."""
    edges = np.linspace(low, high, cells + 1)
    begin = np.maximum(edges[:-1, None], np.arange(pixels))
    end = np.minimum(edges[1:, None], np.arange(pixels) + 1)
    return np.clip(end - begin, 0, None)


def averages(frame: np.ndarray, view: Viewport) -> tuple[np.ndarray, np.ndarray]:
    """Means of the finite pixels and the area with a number, row 0 at the top of the screen."""
    down = overlap(view.bottom, view.top, view.height, frame.shape[0])[::-1]
    across = overlap(view.left, view.right, view.width, frame.shape[1])
    finite = np.isfinite(frame)
    area = down @ finite.astype(float) @ across.T
    total = down @ np.where(finite, frame, 0).astype(float) @ across.T
    return np.divide(total, area, out=np.zeros_like(total), where=area > 0), area


def expected(frame: np.ndarray, view: Viewport, low: float, high: float) -> np.ndarray:
    """Codes on the linear scale before rounding; -1 where no pixel is."""
    mean, area = averages(frame, view)
    code = np.clip((mean - low) / (high - low), 0, 1) * (SCALE_CODES - 1)
    return np.where(touched(view, frame.shape) & (area > 0), code, -1)


def touched(view: Viewport, shape: tuple[int, int]) -> np.ndarray:
    """Cells that reach into the frame by more than rounding, on either axis."""
    down = overlap(view.bottom, view.top, view.height, shape[0])[::-1].sum(axis=1)
    across = overlap(view.left, view.right, view.width, shape[1]).sum(axis=1)
    return (down > 1e-9)[:, None] & (across > 1e-9)


def picture_of(frame, encoding, view, **wishes):
    request = RenderRequest(view, Limits("manual", low=0, high=2000), **wishes)
    return render(frame, encoding, request)


def assert_codes(index: np.ndarray, wanted: np.ndarray) -> None:
    covered = wanted >= 0
    assert (index[~covered] == BLANK_CODE).all()
    np.testing.assert_allclose(index[covered], wanted[covered], atol=1.01)


shapes = st.tuples(st.integers(1, 60), st.integers(1, 60))


@st.composite
def shrinking_views(draw, shape=None):
    rows, columns = shape or draw(shapes)
    zoom = draw(st.floats(0.05, 0.999))
    x = draw(st.floats(-0.5, 1.5)) * columns
    y = draw(st.floats(-0.5, 1.5)) * rows
    width, height = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    return Viewport.centred(x, y, zoom, width, height), (rows, columns)


HAIR = Viewport(
    -0.6427771672212717, -11.569989009982889, 0.6427771672212717, 11.569989009982889, 1, 18
)


@example((HAIR, (1, 1)), 0)
@given(shrinking_views(), st.integers(0, 2**32 - 1))
def test_stored_counts_are_averaged_over_the_area_of_each_cell(case, seed) -> None:
    view, shape = case
    frame = np.random.default_rng(seed).integers(0, 2000, shape).astype(np.uint16)
    picture = picture_of(stored(frame), CAMERA, view)
    assert picture.index.shape == (view.height, view.width)
    assert_codes(picture.index, expected(frame, view, 0, 2000))


@given(shrinking_views(), st.integers(0, 2**32 - 1))
def test_pixels_without_a_number_take_no_part_in_an_average(case, seed) -> None:
    view, shape = case
    generator = np.random.default_rng(seed)
    frame = generator.uniform(0, 2000, shape).astype(np.float32)
    frame[generator.random(shape) < 0.3] = np.nan
    frame[generator.random(shape) < 0.1] = np.inf
    index = picture_of(frame, None, view).index
    inside = touched(view, shape)
    wanted = expected(frame, view, 0, 2000)
    assert (index[inside & (wanted < 0)] == NAN_CODE).all()
    numbers = wanted >= 0
    np.testing.assert_allclose(index[numbers], wanted[numbers], atol=1.01)


@given(st.floats(-20, 0), st.floats(0, 20), st.integers(1, 50), st.integers(1, 80))
def test_every_pixel_counts_once_so_that_flux_is_conserved(below, above, cells, pixels) -> None:
    low, high = below, pixels + above
    plan = plan_axis(low, high, cells, pixels)
    # What each pixel gives to all cells: its share of each mean times the length inside.
    given_away = np.zeros(pixels)
    taps = plan.taps()
    inside = np.clip(np.linspace(low, high, cells + 1), 0, pixels)
    lengths = np.diff(inside)[plan.cells]
    for tap, weights in enumerate(taps):
        used = weights > 0
        np.add.at(given_away, plan.first[used] + tap, (weights * lengths)[used])
    np.testing.assert_allclose(given_away, 1, atol=1e-5)
    np.testing.assert_allclose(taps.sum(axis=0), 1, atol=1e-5)


@pytest.mark.parametrize("dtype", ["u1", "<u2", ">u2", "<i2", ">i2", "<f4", ">f4", "<f8", "<i4"])
def test_every_number_type_gives_the_same_picture(dtype) -> None:
    frame = np.random.default_rng(1).integers(0, 128, (50, 70))
    view = Viewport.fit(frame.shape, 31, 17)
    index = picture_of(frame.astype(dtype), None, view).index
    assert_codes(index, expected(frame, view, 0, 2000))


@pytest.mark.parametrize(
    "encoding",
    [
        Encoding("u1", 2.0, 10.0),
        Encoding(">i2", 0.5, 100.0),
        Encoding(">i2", -1.0, 300.0),
        Encoding(">i2", 1.0, 0.0),
        Encoding(">i2", 1.0, 32768.0, blank=-32700),
        Encoding(">i4", 1.0, 0.0),
        Encoding(">i4", 1e-3, 5.0, blank=77),
        Encoding(">f4", 2.0, -3.0),
        Encoding(">f8"),
    ],
    ids=str,
)
def test_every_encoding_is_decoded(encoding) -> None:
    raw = np.random.default_rng(2).integers(0, 200, (40, 60)).astype(encoding.dtype)
    values = encoding.decode(raw)
    view = Viewport.fit(raw.shape, 21, 17)
    low, high = float(np.nanmin(values)) - 1, float(np.nanmax(values)) + 1
    picture = render(raw, encoding, RenderRequest(view, Limits("manual", low=low, high=high)))
    assert_codes(picture.index, expected(values, view, low, high))


def test_decoded_values_may_be_given_beside_their_encoding() -> None:
    frame = np.random.default_rng(3).integers(0, 2000, (40, 60)).astype(np.uint16)
    view = Viewport.fit(frame.shape, 21, 17)
    raw = picture_of(stored(frame), CAMERA, view).index
    np.testing.assert_array_equal(picture_of(frame, CAMERA, view).index, raw)


def test_wide_numbers_keep_small_differences_on_a_large_pedestal() -> None:
    frame = 1e9 + np.arange(400, dtype=np.float64).reshape(20, 20) / 100
    view = Viewport.fit(frame.shape, 9, 9)
    low, high = 1e9, 1e9 + 4
    picture = render(frame, None, RenderRequest(view, Limits("manual", low=low, high=high)))
    assert_codes(picture.index, expected(frame, view, low, high))


@pytest.mark.parametrize("given_encoding", [CAMERA, None])
def test_calibration_is_applied_to_each_pixel_before_the_average(given_encoding) -> None:
    generator = np.random.default_rng(4)
    frame = generator.integers(200, 2000, (50, 64)).astype(np.uint16)
    subtract = generator.uniform(90, 110, frame.shape).astype(np.float32)
    multiply = generator.uniform(0.5, 1.5, frame.shape).astype(np.float32)
    multiply[10:40:5, 20:50:5] = np.inf
    view = Viewport.fit(frame.shape, 25, 19)
    given_frame = frame if given_encoding is None else stored(frame)
    correction = Correction(subtract, multiply)
    picture = picture_of(given_frame, given_encoding, view, correction=correction)
    assert_codes(picture.index, expected((frame - subtract) * multiply, view, 0, 2000))


def test_calibration_of_another_shape_is_refused() -> None:
    view = Viewport.fit((8, 8), 4, 4)
    wrong = Correction(np.zeros((8, 9), np.float32))
    with pytest.raises(ValueError, match="calibration"):
        picture_of(np.ones((8, 8)), None, view, correction=wrong)


@pytest.mark.parametrize("shape", [(0, 5), (5,), (2, 3, 4)])
def test_what_is_not_an_image_is_refused(shape) -> None:
    with pytest.raises(ValueError, match="rows and columns"):
        picture_of(np.ones(shape), None, Viewport(0, 0, 1, 1, 1, 1))


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_one_saturated_pixel_marks_the_cells_it_touches(dtype) -> None:
    frame = np.full((90, 90), 100, dtype)
    frame[40, 50] = 60000
    view = Viewport.fit(frame.shape, 20, 20)
    index = picture_of(frame, None, view, saturation=60000.0).index
    touched = averages((frame == 60000).astype(float), view)[0] > 0
    np.testing.assert_array_equal(index == SATURATED_CODE, touched)
    assert touched.any()
    assert not (picture_of(frame, None, view).index == SATURATED_CODE).any()


def test_saturation_is_judged_before_calibration() -> None:
    frame = np.full((20, 20), 60000, np.uint16)
    correction = Correction(np.full(frame.shape, 59000, np.float32))
    view = Viewport.fit(frame.shape, 10, 10)
    picture = picture_of(frame, None, view, saturation=60000.0, correction=correction)
    assert (picture.index == SATURATED_CODE).all()


def test_light_of_a_single_pixel_does_not_come_and_go_while_panning() -> None:
    frame = np.zeros((100, 100), np.uint16)
    frame[50, 50] = 20000
    start = Viewport.centred(50, 50, 0.31, 20, 20)
    totals = []
    for shift in np.linspace(0, 7, 29):
        index = picture_of(frame, None, start.moved(shift, -shift / 2)).index
        totals.append(int(index.sum()))
    np.testing.assert_allclose(totals, np.mean(totals), rtol=1e-3)


def test_y_points_up_and_x_to_the_right() -> None:
    frame = np.zeros((40, 40), np.uint16)
    frame[30:, :10] = 2000
    index = picture_of(frame, None, Viewport.fit(frame.shape, 20, 20)).index
    assert (index[:5, :5] == SCALE_CODES - 1).all()
    assert index.sum() == 25 * (SCALE_CODES - 1)


def test_view_beside_the_frame_is_blank() -> None:
    picture = picture_of(np.ones((10, 10)), None, Viewport(50, 50, 90, 90, 20, 20))
    assert (picture.index == BLANK_CODE).all()
    assert picture.covered == (50, 50, 90, 90)


@settings(max_examples=25)
@given(shrinking_views((37, 53)))
def test_two_threads_make_the_same_picture_as_one(case) -> None:
    view, shape = case
    frame = np.random.default_rng(5).integers(0, 2000, shape).astype(np.uint16)
    request = RenderRequest(view, Limits("manual", low=0, high=2000))
    with ThreadPoolExecutor(1) as executor:
        two = render(frame, None, request, executor)
    np.testing.assert_array_equal(two.index, render(frame, None, request).index)


def test_locked_limits_are_used_as_they_are() -> None:
    frame = np.random.default_rng(6).integers(0, 900, (30, 30)).astype(np.uint16)
    view = Viewport.fit(frame.shape, 10, 10)
    picture = render(frame, None, RenderRequest(view, Limits("minmax"), lock=(100.0, 300.0)))
    assert (picture.low, picture.high) == (100.0, 300.0)
    assert_codes(picture.index, expected(frame, view, 100, 300))


def test_histogram_stretch_spreads_the_colours_evenly() -> None:
    frame = np.random.default_rng(7).exponential(300, (200, 200))
    view = Viewport(0, 0, 200, 200, 199, 199)
    request = RenderRequest(view, Limits("minmax"), Stretch("histogram"))
    whole = render(frame, None, replace(request, viewport=Viewport(0, 0, 200, 200, 200, 200)))
    counts, _ = np.histogram(whole.index, bins=10, range=(0, SCALE_CODES))
    np.testing.assert_allclose(counts, 4000, rtol=0.05)
    assert render(frame, None, request).index.max() < SCALE_CODES


def test_read_only_and_strided_frames_are_taken() -> None:
    frame = np.random.default_rng(8).integers(0, 2000, (60, 80)).astype(np.uint16)
    view = Viewport.fit((30, 40), 15, 11)
    wanted = expected(frame[::2, ::2], view, 0, 2000)
    assert_codes(picture_of(frame[::2, ::2], None, view).index, wanted)
    fixed = frame[::2, ::2].copy()
    fixed.flags.writeable = False
    assert_codes(picture_of(fixed, None, view).index, wanted)


def test_picture_carries_a_histogram_about_its_limits() -> None:
    frame = np.random.default_rng(9).normal(500, 50, (300, 300)).astype(np.float32)
    request = RenderRequest(Viewport.fit(frame.shape, 50, 50), lock=(400.0, 600.0))
    histogram = render(frame, None, request).histogram
    assert (histogram.low, histogram.high) == (300.0, 700.0)
    total = histogram.counts.sum() + histogram.below + histogram.above
    assert total == pytest.approx(1 << 14, rel=0.5)
    middle = (histogram.edges()[:-1] + histogram.edges()[1:]) / 2
    mean = (middle * histogram.counts).sum() / histogram.counts.sum()
    assert mean == pytest.approx(500, abs=2)
