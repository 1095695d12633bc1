"""Counts without a pulse, through gain, offset, read noise and sky: every significance uniform."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from nightglass.core.lightspeed.fold.store import FoldStore
from scipy import stats

from .injected import PULSARS

LEAST_PROBABILITY = 1e-3
CASES = {
    "light": replace(PULSARS["crab"], fraction=0.0, frames=2000, n_bins=32),
    "a few electrons": replace(PULSARS["crab"], fraction=0.0, frames=2000, n_bins=20, rate=1000.0),
    "accreting": replace(PULSARS["accreting"], fraction=0.0, frames=2000, n_bins=20),
}
MANY = pytest.mark.parametrize("seeds", [150, pytest.param(2000, marks=pytest.mark.slow)])


@cache
def noise(case: str, seeds: int) -> Any:
    """Probabilities of chi-square, of H and of Z^2 of two harmonics."""
    from nightglass.core.timing.pulse.probability import z_probability

    store, rows = FoldStore(1), []
    for seed in range(seeds):
        made = CASES[case].folded(store, seed)
        z = made.moments.z_squared(2)
        rows.append(
            (
                made.profile.chi_square().probability,
                made.moments.h_test().probability,
                z_probability(z, 2),
            )
        )
    return np.array(rows).T


@MANY
@pytest.mark.parametrize("case", CASES)
def test_chi_square_and_z_of_noise_are_as_probable_as_they_say(case: str, seeds: int) -> None:
    chi2, _, z = noise(case, seeds)
    assert stats.kstest(chi2, "uniform").pvalue > LEAST_PROBABILITY
    assert stats.kstest(z, "uniform").pvalue > LEAST_PROBABILITY


@MANY
@pytest.mark.parametrize("case", CASES)
def test_h_of_noise_is_as_rare_as_it_says(case: str, seeds: int) -> None:
    """exp(-0.4 H) is made for the tail; it is nowhere off by more than a few percent."""
    _, h, _ = noise(case, seeds)
    for level in (0.3, 0.1, 0.03):
        expected = seeds * level
        slack = 4.0 * (expected * (1.0 - level)) ** 0.5 + 0.1 * expected
        assert abs(np.count_nonzero(h < level) - expected) < slack
