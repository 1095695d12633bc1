"""Sums over pieces: the order of arrival and the length of the capture change no bit."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.lightspeed.fold.running import (
    MOST_ROWS,
    PIECE_S,
    Cuts,
    Frames,
    RunningFold,
    RunningMoments,
    pieces_of,
)

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def night(frames: int, interval_s: float, seed: int = 3) -> Arrays:
    rng = np.random.default_rng(seed)
    seconds = interval_s * np.arange(frames)
    light = rng.normal(20.0, 5.0, frames)
    return seconds, (29.9 * seconds) % 1.0, light, np.abs(light) + 1.0


def grown(of: Arrays, ends: list[int], steps: list[int], n_bins: int = 16) -> RunningFold:
    """Fold cubes that end there, so many at a time."""
    running, cuts, done = RunningFold(n_bins, 0.01, 2), Cuts(), 0
    for step in steps:
        done += step
        last = ends[done]
        seconds, *light = (row[:last] for row in of)
        cuts.extend(seconds, tuple(ends[: done + 1]))
        running.add(Frames(*light), cuts)
    return running


def test_rows_that_grow_longer_on_the_way_hold_the_same_bits() -> None:
    of, ends = night(30_000, 0.021), [0, *range(500, 30_001, 500)]
    at_once = grown(of, ends, [60])
    assert at_once.row_s > PIECE_S
    assert at_once.raster.shape[1] <= MOST_ROWS
    for steps in ([1] * 60, [7, 13, 40], [59, 1]):
        live = grown(of, ends, steps)
        assert live.row_s == at_once.row_s
        np.testing.assert_array_equal(live.total, at_once.total)
        np.testing.assert_array_equal(live.raster, at_once.raster)


def test_a_stamp_years_away_makes_no_room_for_years() -> None:
    seconds, *light = night(2000, 0.01)
    seconds[1500:] += 4e8
    running, cuts = RunningFold(8, 0.0, 1), Cuts()
    cuts.extend(seconds, (0, 1000, 2000))
    running.add(Frames(*light), cuts)
    assert running.raster.shape[1] <= MOST_ROWS
    assert running.total[2].sum() == pytest.approx(2000)


def test_pieces_end_at_quarters_of_a_second_and_at_cubes() -> None:
    seconds = np.array([0.0, 0.1, 0.2, 0.3, np.nan, 0.45, 0.55, 0.6, 0.9])
    starts, rows = pieces_of(seconds, np.array([0, 6, 9]))
    assert starts.tolist() == [0, 3, 6, 8, 9]
    assert rows.tolist() == [0, 1, 2, 3]


def test_many_bins_and_slow_frames_are_folded_in_parts() -> None:
    of = night(6000, 0.5)
    at_once = grown(of, [0, 6000], [1], n_bins=1024)
    in_steps = grown(of, [0, 2000, 4000, 6000], [1, 1, 1], n_bins=1024)
    np.testing.assert_array_equal(at_once.total, in_steps.total)
    np.testing.assert_array_equal(at_once.raster, in_steps.raster)


def test_moments_of_cubes_add_up_in_their_order() -> None:
    _, *light = night(5000, 0.01)
    ends = (0, 100, 2500, 5000)
    one, other = RunningMoments(1), RunningMoments(3)
    one.add(Frames(*light), ends)
    for last in range(2, 5):
        other.add(Frames(*light), ends[:last])
    assert one.moments is not None
    assert other.moments is not None
    np.testing.assert_array_equal(one.moments.value_cos, other.moments.value_cos)
    assert one.moments.frames == 5000
