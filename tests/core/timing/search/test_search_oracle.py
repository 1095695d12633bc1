"""Statistics of trials against those of stingray (2.3.2), for the same counts as events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.timing.search.grid import Axis, Grid
from nightglass.core.timing.search.light import SearchLight
from nightglass.core.timing.search.statistic import Statistic
from nightglass.core.timing.search.trials import chi_squares, try_all
from nightglass.core.timing.search.workers import Workers

from .lights import pulse, times

FRAMES, INTERVAL_S, F_HZ = 20_000, 0.002, 11.045
# Whole turns in the time covered: events have no mean to be taken off, which shows between them.
TRIALS_HZ = np.array([11.0, 11.025, 11.05, 11.075, 11.2])
# z_n_search with 65536 bins, epoch_folding_search with 17 bins.
Z = {
    1: [11.50936, 12.90388, 375.52349, 7.28655, 6.27572],
    2: [21.06234, 23.25358, 519.82982, 13.41416, 6.80414],
    5: [26.00882, 26.34587, 536.45347, 25.63084, 10.17294],
}
# Of the three in the middle, whose phases fill 17 bins evenly.
CHI2 = [31.66600, 547.65898, 47.32766]


def counts_of() -> tuple[Any, Any]:
    t = times(FRAMES, INTERVAL_S)
    counts = np.random.default_rng(7).poisson(6 * (1 + 0.25 * pulse(F_HZ * t + 0.2, 0.08)))
    assert counts[:6].tolist() == [6, 7, 8, 6, 2, 3]
    return t, counts


@pytest.fixture(scope="module")
def made() -> SearchLight:
    return SearchLight.of(*reversed(counts_of()))


@pytest.fixture(scope="module")
def per_event(made: SearchLight) -> float:
    """Events are measured by their number, frames by their scatter."""
    return made.scatter / float(counts_of()[1].sum())


@pytest.mark.parametrize("harmonics", Z)
def test_z_squared_is_that_of_events(made: SearchLight, per_event: float, harmonics: int) -> None:
    grid = Grid(Axis(1, 1.0), Axis(1, 1.0))
    for trial_hz, expected in zip(TRIALS_HZ.tolist(), Z[harmonics], strict=True):
        with Workers(JobContext(), 1, 1) as workers:
            turned = made.turned(trial_hz, 0.0)
            trials = try_all(turned, Statistic("z2", harmonics), grid, workers)
        assert trials.values[0, 0] * per_event == pytest.approx(expected, rel=1e-3)


def test_chi_square_is_that_of_folded_events(made: SearchLight, per_event: float) -> None:
    for trial_hz, expected in zip(TRIALS_HZ[1:4].tolist(), CHI2, strict=True):
        from_first = replace(made, turns=made.turns - trial_hz * made.clock_s[0])
        chi2, occupied = chi_squares(from_first, np.array([trial_hz]), 0.0, 17)
        assert chi2[0] * per_event == pytest.approx(expected, rel=0.01)
        assert occupied[0] == 17


@pytest.mark.slow
def test_the_numbers_are_still_those_of_stingray() -> None:
    search = pytest.importorskip("stingray.pulse.search")
    t, counts = counts_of()
    # The last event is left out by stingray.
    events = np.append(np.repeat(t, counts), t[-1] + 1e-9)
    for harmonics, expected in Z.items():
        z = search.z_n_search(events, TRIALS_HZ, nharm=harmonics, nbin=65536)[1]
        np.testing.assert_allclose(z, expected, rtol=1e-5)
    chi2 = search.epoch_folding_search(events, TRIALS_HZ[1:4], nbin=17)[1]
    np.testing.assert_allclose(chi2, CHI2, rtol=1e-5)
