"""Sums over frames: those of even times and of folds are what frames give one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from nightglass.core.timing.pulse.moments import moments_of
from nightglass.core.timing.search.even_times import Span, on_even_times
from nightglass.core.timing.search.grid import Axis
from nightglass.core.timing.search.light import SearchLight
from nightglass.core.timing.search.trials import chi_squares

from .lights import light, times


def directly(of: SearchLight, harmonic: int, hz: Any, hz_s: float) -> Any:
    phase = of.turns + np.atleast_1d(hz)[:, None] * of.clock_s + hz_s * of.half_square_s2
    return (of.values * np.exp(2j * np.pi * harmonic * phase)).sum(axis=1)


@pytest.mark.parametrize("harmonic", [1, 2, 7, 20])
@pytest.mark.parametrize(("count", "oversampling"), [(1, 4.0), (301, 4.0), (300, 1.0), (64, 40.0)])
def test_even_times_give_the_sums_of_frames(harmonic: int, count: int, oversampling: float) -> None:
    some = light(1, 3000, height=0.3)
    span = Span(Axis(count, 1.0 / (oversampling * some.span_s)), 0, count)
    made = on_even_times(some, span, harmonic, 0.0).sums(0.0)
    scale = np.abs(some.values).sum()
    assert np.abs(made - directly(some, harmonic, span.offsets, 0.0)).max() < 1e-9 * scale


@pytest.mark.parametrize("turns", [-300.0, 2.5, 40.0])
def test_a_derivative_turns_the_even_times(turns: float) -> None:
    some = light(2, 3000, height=0.3)
    f1 = turns / some.span_s**2
    span = Span(Axis(201, 0.25 / some.span_s), 30, 90)
    for harmonic in (1, 4):
        made = on_even_times(some, span, harmonic, abs(f1))
        expected = directly(some, harmonic, span.offsets, f1)
        assert np.abs(made.sums(f1) - expected).max() < 1e-9 * np.abs(some.values).sum()
        offset = span.offsets[17]
        assert made.at(offset - span.middle_hz, f1) == pytest.approx(expected[17], rel=1e-9)


def test_gaps_and_uneven_times_need_no_care() -> None:
    rng = np.random.default_rng(3)
    seconds = np.sort(np.concatenate([rng.uniform(0.0, 1.0, 500), rng.uniform(7.0, 7.5, 300)]))
    some = SearchLight.of(rng.standard_normal(800), seconds + 1e5, 3.3 * seconds)
    span = Span(Axis(400, 0.1), 0, 400)
    made = on_even_times(some, span, 3, 0.0).sums(0.0)
    expected = directly(some, 3, span.offsets, 0.0)
    assert np.abs(made - expected).max() < 1e-9 * np.abs(some.values).sum()


@pytest.mark.parametrize("bins", [3, 16, 32])
def test_folds_are_those_of_numpy(bins: int) -> None:
    some = light(4, 9000, height=0.2)  # more than two blocks of frames
    offsets, f1 = np.linspace(-0.4, 0.5, 7), 0.01
    chi2, occupied = chi_squares(some, offsets, f1, bins)
    for trial, offset in enumerate(offsets):
        phase = some.turns + offset * some.clock_s + f1 * some.half_square_s2
        place = ((phase - np.floor(phase)) * bins).astype(int) % bins
        sums = np.bincount(place, some.values, bins)
        frames = np.bincount(place, minlength=bins)
        expected = (sums**2 / frames).sum() / (some.values**2).mean()
        assert chi2[trial] == pytest.approx(expected, rel=1e-10)
        assert occupied[trial] == bins


def test_frames_in_step_with_the_pulse_leave_bins_empty() -> None:
    some = light(5, 1000, predicted_hz=0.0)
    some = replace(some, turns=some.turns + 0.01)
    chi2, occupied = chi_squares(some, np.array([250.0]), 0.0, 32)
    assert occupied.tolist() == [4]
    assert 0.0 <= chi2[0] < 30.0


def test_powers_are_those_of_the_fold() -> None:
    some = light(6, 5000, height=0.4)
    powers = moments_of(some.turns, some.values + 20.0, np.zeros(some.frames)).powers()
    for harmonic in (1, 5, 20):
        sums = on_even_times(some, Span(Axis(1, 0.01), 0, 1), harmonic, 0.0).sums(0.0)
        assert 2.0 * abs(sums[0]) ** 2 / some.scatter == pytest.approx(powers[harmonic - 1])


def test_frames_without_light_or_time_are_left_out() -> None:
    values, seconds = np.arange(40.0), times(40)
    values[3], seconds[7] = np.nan, np.nan
    made = SearchLight.of(values, seconds)
    assert made.frames == 38
    assert made.values.sum() == pytest.approx(0.0, abs=1e-12)
    assert made.clock_s.mean() == pytest.approx(0.0, abs=1e-15)
    assert made.mean_s == pytest.approx(np.nanmean(np.where(np.isfinite(values), seconds, np.nan)))
