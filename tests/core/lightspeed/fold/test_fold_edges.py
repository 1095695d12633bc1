"""Where phases meet the edges of bins and the end of the turn, and what gaps leave."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.lightspeed.fold.store import FoldStore
from nightglass.core.lightspeed.region_sums import SpotSums
from nightglass.core.timing.pulse.pieces import fold_pieces
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.core.timing.pulse.shift import shifted_phases

from .injected import PULSARS

CRAB = PULSARS["crab"]
BELOW_1 = math.nextafter(1.0, 0.0)


def binned(phase: list[float], n_bins: int, smear: float = 0.0) -> Any:
    """Shares of frames of one electron each."""
    turns = np.array(phase)
    ones = np.ones(turns.size)
    made = fold_pieces(turns, ones, ones, np.array([0, turns.size]), n_bins, smear)
    return made.shares[0]


@pytest.mark.parametrize("n_bins", [4, 7, 10, 32, 1000, 1024])
def test_a_phase_on_an_edge_is_in_the_bin_that_begins_there(n_bins: int) -> None:
    edges = np.arange(n_bins) / n_bins
    exact = edges * n_bins == np.arange(n_bins)
    for number, shares in ((0, binned([0.0], n_bins)), (n_bins - 1, binned([BELOW_1], n_bins))):
        assert shares[number] == pytest.approx(1.0)
        assert shares.sum() == pytest.approx(1.0)
    shares = binned(edges[exact].tolist(), n_bins)
    np.testing.assert_allclose(shares[exact], 1.0)


@pytest.mark.parametrize("phase", [0.0, BELOW_1, 1e-17, 0.05, 0.95, 0.5])
@pytest.mark.parametrize("smear", [1e-12, 0.04, 0.1, 0.99, 1.0, 1.5, 3.25])
def test_a_frame_across_the_end_of_the_turn_loses_nothing(phase: float, smear: float) -> None:
    """Against the overlap of the frame with each bin in each turn."""
    shares, n_bins = binned([phase], 10, smear), 10
    begin, end = phase - smear / 2, phase + smear / 2
    edges = np.arange(-4 * n_bins, 5 * n_bins + 1) / n_bins
    inside = np.clip(edges[1:], begin, end) - np.clip(edges[:-1], begin, end)
    expected = inside.reshape(-1, n_bins).sum(axis=0) / smear
    np.testing.assert_allclose(shares, expected, atol=1e-9 if smear > 1e-9 else 0.6)
    assert shares.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("offset", [0.0, -0.0, -1e-17, 1e-17, BELOW_1, -BELOW_1, 1.0, -3.0, 1e9])
def test_phases_stay_in_the_turn_whatever_is_added(offset: float) -> None:
    phase = np.array([0.0, 1e-17, 0.25, 0.5, BELOW_1, np.nan])
    made = shifted_phases(phase, np.zeros(6), 0.0, 0.0, offset_turns=offset)
    assert np.isnan(made[5])
    assert ((made[:5] >= 0.0) & (made[:5] < 1.0)).all()
    away = made[:5] - phase[:5] - offset
    assert np.abs(away - np.round(away)).max() < 1e-6


@pytest.mark.parametrize("offset", [1.0, -2.0])
def test_whole_turns_of_offset_change_nothing(offset: float) -> None:
    store = FoldStore(1)
    plain, turned = CRAB.folded(store, 1), CRAB.folded(store, 1, phase_offset=offset)
    np.testing.assert_allclose(turned.profile.sums, plain.profile.sums, rtol=1e-9)


def test_an_offset_of_some_bins_rolls_the_profile() -> None:
    store = FoldStore(1)
    plain, turned = CRAB.folded(store, 1), CRAB.folded(store, 1, phase_offset=0.75)
    np.testing.assert_allclose(turned.profile.sums, np.roll(plain.profile.sums, 48), rtol=1e-9)
    np.testing.assert_allclose(turned.moments.powers(), plain.moments.powers(), rtol=1e-6)


@pytest.mark.parametrize("turns", [0.0, 0.3, 0.62, 0.9])
def test_ranges_that_wrap_measure_the_same(turns: float) -> None:
    """The pulse and its ranges turned together, through the end of the turn for some."""
    store = FoldStore(1)

    def measured(offset: float) -> Any:
        on, off = PhaseRange(0.2 + offset, 0.4 + offset), PhaseRange(0.85 + offset, 0.15 + offset)
        made = CRAB.folded(store, 2, phase_offset=offset, on=on, off=off, n_bins=100)
        ratio = made.profile.signal_to_noise(on, off)
        return made.pulsed_fraction.value, made.pulsed_fraction.error, ratio.value

    assert measured(turns) == pytest.approx(measured(0.0), rel=1e-6)
    assert measured(turns)[0] == pytest.approx(CRAB.fraction, rel=0.03)


def test_gaps_leave_empty_rows_and_take_nothing_from_the_pulse() -> None:
    cubes = CRAB.cubes(3)
    apart = [moved(cube, 5.0 * number) for number, cube in enumerate(cubes)]
    made = FoldStore(1).fold(CRAB.request(apart), JobContext())
    (fold,) = made.folds
    assert fold.frames_counted == CRAB.frames
    assert made.span_s == pytest.approx(CRAB.frames * CRAB.interval_s + 15.0)
    rows, begins = fold.raster.shares.sum(axis=1), fold.raster.edges_s[:-1]
    empty = (begins >= 3.0) & (begins < 8.0)
    assert (rows[empty] == 0.0).all()
    assert np.isnan(fold.raster.rate[empty]).all()
    assert rows.sum() == pytest.approx(CRAB.frames)


def test_frames_without_time_or_pixel_are_not_counted() -> None:
    cubes = CRAB.cubes(4)
    cubes[1].seconds = cubes[1].seconds.copy()
    cubes[1].seconds[10:20] = np.nan
    pixels = np.full(1500, 40)
    pixels[5:8] = 0
    cubes[2].source = SpotSums(cubes[2].source.sums, pixels)
    result = FoldStore(1).fold(CRAB.request(cubes), JobContext())
    assert result.frames_read == CRAB.frames
    assert result.frames_counted == CRAB.frames - 13
    assert result.folds[0].profile.frames == pytest.approx(CRAB.frames - 13)


def test_a_capture_of_one_frame_has_a_result() -> None:
    one = CRAB.cubes(5)[0]
    spots = [SpotSums(spot.sums[:1], spot.pixels[:1]) for spot in (one.source, one.sky)]
    cube = SimpleNamespace(seconds=one.seconds[:1], source=spots[0], sky=spots[1])
    made = FoldStore(1).fold(CRAB.request([cube]), JobContext())
    (fold,) = made.folds
    assert made.frames_counted == 1
    assert fold.profile.frames == pytest.approx(1.0)
    assert math.isnan(fold.pulsed_fraction.value)
    assert math.isnan(fold.moments.h_test().h)


def moved(cube: SimpleNamespace, by_s: float) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(cube), "seconds": cube.seconds + by_s})
