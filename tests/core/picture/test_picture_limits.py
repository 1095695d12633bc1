"""Limits of the colours, against astropy, numpy and plain sense."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from nightglass.core.frames.encoding import Encoding
from nightglass.core.picture.counts import Correction
from nightglass.core.picture.limits import PERCENTILES, Limits, apart, even_grid, find_limits
from nightglass.core.picture.zscale import sample_grid, zscale

CAMERA = Encoding(">i2", 1.0, 32768.0)
ALL_MODES = [Limits("zscale"), Limits("minmax"), *(Limits("percentile", p) for p in PERCENTILES)]


def sky(seed: int, shape: tuple[int, int] = (500, 700)) -> np.ndarray:
    generator = np.random.default_rng(seed)
    frame = generator.poisson(300, shape).astype(np.uint16)
    stars = generator.random(shape) > 0.99
    frame[stars] += generator.integers(100, 20000, int(stars.sum())).astype(np.uint16)
    return frame


def stored(frame: np.ndarray) -> np.ndarray:
    return (frame.astype(np.int32) - 32768).astype(">i2")


@pytest.mark.parametrize("seed", range(5))
def test_zscale_is_close_to_that_of_astropy(seed) -> None:
    from astropy.visualization import ZScaleInterval

    frame = sky(seed)
    low, high = find_limits(frame, Limits("zscale"))
    theirs = ZScaleInterval(n_samples=600, contrast=0.25).get_limits(frame)
    # Both fit a line to 600 pixels, but not to the same ones.
    assert (low, high) == pytest.approx(theirs, abs=40)


def test_zscale_shows_the_sky_and_not_the_stars() -> None:
    low, high = find_limits(sky(1), Limits("zscale"))
    assert 200 < low < 300 < high < 500


@pytest.mark.parametrize("limits", ALL_MODES, ids=str)
def test_stored_and_native_counts_have_the_same_limits(limits) -> None:
    frame = sky(2)
    assert find_limits(stored(frame), limits, CAMERA) == find_limits(frame, limits)


@pytest.mark.parametrize("limits", ALL_MODES, ids=str)
def test_float_frame_has_the_limits_of_the_same_counts(limits) -> None:
    frame = sky(3, (300, 301))
    wanted = find_limits(frame, limits)
    assert find_limits(frame.astype(np.float32), limits) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("percent", PERCENTILES)
def test_percentile_limits_hold_that_share_of_the_pixels(percent) -> None:
    frame = np.random.default_rng(4).permutation(60000).astype(np.uint16).reshape(200, 300)
    low, high = find_limits(frame, Limits("percentile", percent))
    inside = ((frame >= low) & (frame <= high)).mean()
    assert 100 * inside == pytest.approx(percent, abs=0.01)
    assert (frame < low).sum() == pytest.approx((frame > high).sum(), abs=2)


def test_minmax_sees_every_pixel() -> None:
    frame = np.full((400, 500), 900, np.uint16)
    frame[399, 498], frame[1, 0] = 3, 65535
    assert find_limits(frame, Limits("minmax")) == (3, 65535)
    assert find_limits(stored(frame), Limits("minmax"), CAMERA) == (3, 65535)


def test_minmax_of_scaled_counts_is_in_their_units() -> None:
    raw = np.array([[0, 10], [20, -10]], ">i2")
    falling = Encoding(">i2", -2.0, 5.0)
    assert find_limits(raw, Limits("minmax"), falling) == (-35, 25)
    assert find_limits(raw, Limits("percentile", 90), falling) == (-35, 25)


@pytest.mark.parametrize("limits", ALL_MODES, ids=str)
@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.float64])
def test_constant_frame_has_limits_one_apart(limits, dtype) -> None:
    assert find_limits(np.full((50, 60), 777, dtype), limits) == (777, 778)


@pytest.mark.parametrize("limits", ALL_MODES, ids=str)
def test_frame_without_numbers_has_some_limits(limits) -> None:
    frame = np.full((50, 60), np.nan, np.float32)
    assert find_limits(frame, limits) == (0, 1)


@pytest.mark.parametrize("limits", ALL_MODES, ids=str)
def test_holes_do_not_move_the_limits_far(limits) -> None:
    frame = sky(5).astype(np.float32)
    wanted = find_limits(frame, limits)
    frame[::7, ::5] = np.nan
    frame[::11, ::3] = np.inf
    low, high = find_limits(frame, limits)
    assert low == pytest.approx(wanted[0], rel=0.1)
    assert high == pytest.approx(wanted[1], rel=0.3)


@pytest.mark.parametrize("limits", ALL_MODES, ids=str)
def test_limits_are_those_of_the_calibrated_frame(limits) -> None:
    frame = sky(6, (300, 301))
    planes = Correction(np.full(frame.shape, 200, np.float32), np.full(frame.shape, 2, np.float32))
    low, high = find_limits(frame.astype(np.float32), limits)
    found = find_limits(frame, limits, None, planes)
    assert found == pytest.approx((2 * (low - 200), 2 * (high - 200)), rel=1e-5)


@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 12), st.integers(1, 12)),
        elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
    ),
    st.sampled_from(ALL_MODES),
)
def test_limits_are_finite_and_apart_for_any_frame(frame, limits) -> None:
    low, high = find_limits(frame, limits)
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low < high


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_zscale_sample_is_small_and_inside_the_frame(rows, columns) -> None:
    down, across = sample_grid((rows, columns))
    taken = [range(*part.indices(size)) for part, size in ((down, rows), (across, columns))]
    assert all(len(part) > 0 for part in taken)
    assert len(taken[0]) * len(taken[1]) <= 1300


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 100000))
def test_even_sample_is_never_empty_and_never_much_too_large(rows, columns, most) -> None:
    down, across = even_grid((rows, columns), most)
    count = len(range(*down.indices(rows))) * len(range(*across.indices(columns)))
    assert 1 <= count <= most + rows + columns


def test_manual_limits_are_put_in_order() -> None:
    assert find_limits(np.ones((3, 3)), Limits("manual", low=9, high=-1)) == (-1, 9)
    assert apart(math.nan, 3) == (0, 1)
    assert apart(5e20, 5e20)[1] > 5e20


def test_zscale_of_a_ramp_reaches_beyond_it_no_further_than_its_ends() -> None:
    ramp = np.arange(600.0)
    assert zscale(ramp) == (0, 599)
    # At full contrast the line itself crosses the ends.
    assert zscale(ramp, contrast=1.0) == pytest.approx((0, 599), abs=1)
    assert zscale(np.array([])) == (0, 0)
