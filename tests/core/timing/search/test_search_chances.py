"""Probabilities in noise: the independent trials are counted, not the trials."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.timing.pulse.probability import log_with_trials
from nightglass.core.timing.search.blind import Band, search_blind
from nightglass.core.timing.search.clumps import Clumps
from nightglass.core.timing.search.grid import Axis, Grid
from nightglass.core.timing.search.nested_sums import SUMS, counted_once
from nightglass.core.timing.search.statistic import Statistic
from nightglass.core.timing.search.trials import try_all
from nightglass.core.timing.search.workers import Workers
from scipy.stats import kstest

from .lights import noise

ONE_F1 = Axis(1, 1.0)
# Statistic, trials of F0 and their step in 1/T, trials of F1 and their step in 1/T^2.
GRIDS = [
    (Statistic("z2", 1), Grid(Axis(201, 0.25), ONE_F1)),
    (Statistic("z2", 4), Grid(Axis(161, 0.125), ONE_F1)),
    (Statistic("h", 20), Grid(Axis(401, 0.025), ONE_F1)),
    (Statistic("ef", 8, 16), Grid(Axis(201, 1.0 / 16.0), ONE_F1)),
    (Statistic("z2", 2), Grid(Axis(81, 0.25), Axis(11, 2.0))),
]
NAMES = ["Z1", "Z4", "H", "chi2", "Z2 and F1"]


def best_probabilities(statistic: Statistic, grid: Grid, seeds: int, frames: int) -> np.ndarray:
    """Probability of the best trial of each noise, with the trials counted."""
    clumps = Clumps.of(noise(0, frames), statistic, grid)
    made = []
    with Workers(JobContext(), seeds * grid.trials, 1) as workers:
        for seed in range(seeds):
            trials = try_all(noise(seed, frames), statistic, grid, workers)
            place = np.unravel_index(np.argmax(trials.values), trials.values.shape)
            counted = int(trials.counted[place])
            log_once = statistic.log_probability(float(trials.values[place]), counted)
            independent = clumps.independent((grid.f0.count, grid.f1.count), log_once)
            made.append(math.exp(log_with_trials(log_once, independent)))
    return np.array(made)


@pytest.mark.parametrize(("statistic", "grid"), GRIDS[:4], ids=NAMES[:4])
def test_the_best_of_noise_has_any_probability(statistic: Statistic, grid: Grid) -> None:
    made = best_probabilities(statistic, grid, 60, 3000)
    assert kstest(made, "uniform").pvalue > 0.01


@pytest.mark.slow
@pytest.mark.parametrize(("statistic", "grid"), GRIDS, ids=NAMES)
def test_the_best_of_much_noise_has_any_probability(statistic: Statistic, grid: Grid) -> None:
    made = best_probabilities(statistic, grid, 300, 5000)
    assert kstest(made, "uniform").statistic < 0.1
    assert np.mean(made) == pytest.approx(0.5, abs=0.06)
    assert np.mean(made < 0.05) == pytest.approx(0.05, abs=0.03)


def test_oversampling_does_not_count() -> None:
    """Ten times the trials over the same span are hardly more independent ones."""
    light, log_once = noise(1, 4000), -9.0
    statistic = Statistic("z2", 1)
    counted = [
        Clumps.of(light, statistic, Grid(Axis(50 * fine + 1, 1.0 / fine), ONE_F1)).independent(
            (50 * fine + 1, 1), log_once
        )
        for fine in (1, 4, 10, 40)
    ]
    assert counted[0] == pytest.approx(51.0, rel=0.02)
    # Davies 1987 and Baluev 2008 for continuous frequency: W sqrt(z), W = 1.023 span T.
    continuous = 1.0 + math.sqrt(math.pi / 3.0) * 50.0 * math.sqrt(-log_once)
    assert counted[3] == pytest.approx(continuous, rel=0.1)
    assert counted[0] < counted[1] < 1.05 * counted[2]
    assert counted[2] == pytest.approx(counted[3], rel=0.1)


def test_independent_trials_are_never_more_than_trials() -> None:
    grid = Grid(Axis(101, 0.25), Axis(5, 2.0))
    clumps = Clumps.of(noise(2, 2000), Statistic("z2", 2), grid)
    for log_once in (-0.1, -5.0, -30.0, -1e4):
        assert 1.0 <= clumps.independent((101, 5), log_once) <= 505.0
    assert Clumps.of(noise(2, 2000), Statistic("z2", 2), Grid(Axis(1, 1.0), ONE_F1)).independent(
        (1, 1), -3.0
    ) == pytest.approx(1.0)


def test_sums_of_more_harmonics_are_counted_instead() -> None:
    counted = [counted_once(harmonics, 1, math.log(1e-4)) for harmonics in SUMS]
    assert counted[-1] == 1.0
    assert all(0.4 < one < 0.8 for one in counted[:-1])


def blind_probabilities(seeds: int, frames: int, stretches: int) -> np.ndarray:
    made = [
        search_blind(
            noise(seed, frames), Band(10.0, frames / 40.0), stretches=stretches, top=1, threads=1
        ).candidates[0].probability
        for seed in range(seeds)
    ]  # fmt: skip
    return np.array(made)


def test_blind_searches_of_noise_have_any_probability() -> None:
    made = blind_probabilities(10, 2048, 1)
    assert kstest(made, "uniform").pvalue > 0.01


@pytest.mark.slow
# Each search of four stretches takes a second, most of it to count the independent trials.
@pytest.mark.parametrize(("stretches", "seeds"), [(1, 80), (4, 40)], ids=["1", "4"])
def test_blind_searches_of_much_noise_have_any_probability(stretches: int, seeds: int) -> None:
    made = blind_probabilities(seeds, 8192, stretches)
    assert np.mean(made) == pytest.approx(0.5, abs=3.5 * math.sqrt(1.0 / 12.0 / seeds))
    assert np.mean(made < 0.05) < 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / seeds)
