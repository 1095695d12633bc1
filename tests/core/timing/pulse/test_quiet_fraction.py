"""The pulsed fraction without ranges: none in noise, and nearly what a Crab was given."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.timing.pulse.profile import Profile
from nightglass.core.timing.pulse.quiet import QUIET_TEXT, quiet_fraction, quiet_range

from .folding import CRAB, FRAME_S, GOLDEN, pieces_of

MANY = pytest.mark.parametrize("seeds", [100, pytest.param(1500, marks=pytest.mark.slow)])
DEMO = ((0.30, 0.045, 0.6), (0.70, 0.09, 0.4))


def halves(seed: int, smear: float, rate_e: float, shape: PulseShape | None) -> list[Profile]:
    """Two halves of consecutive frames, in turns, as the rows of a raster are."""
    pieces, _ = pieces_of(seed, 8000, 32, smear, rate_e, shape, sky_e=1.0, pieces=32)
    return [
        Profile(*(part[half::2].sum(axis=0) for part in pieces), FRAME_S, smear)
        for half in range(2)
    ]


@MANY
@pytest.mark.parametrize("rate_e", [3.0, 50.0])
def test_noise_has_none_and_scatters_as_it_says(rate_e: float, seeds: int) -> None:
    found = [quiet_fraction(*halves(seed, 0.06 * GOLDEN, rate_e, None)) for seed in range(seeds)]
    pulls = np.array([one.value / one.error for one in found])
    assert abs(pulls.mean()) < 0.1 + 3.5 / math.sqrt(seeds)
    slack = 3.5 / math.sqrt(2 * seeds)
    assert 0.85 - slack < pulls.std() < 1.15 + slack
    assert found[0].text == QUIET_TEXT


@MANY
@pytest.mark.parametrize("fraction", [0.3, 0.9])
@pytest.mark.parametrize("peaks", [CRAB, DEMO])
def test_a_crab_has_nearly_what_it_was_given(
    peaks: tuple[tuple[float, float, float], ...], fraction: float, seeds: int
) -> None:
    shape = PulseShape(peaks, fraction)
    values = [
        quiet_fraction(*halves(seed, 0.06 * GOLDEN, 50.0, shape)).value
        for seed in range(seeds // 5)
    ]
    assert np.mean(values) == pytest.approx(fraction, rel=0.03)


def test_the_quiet_phases_may_go_through_the_end_of_the_turn() -> None:
    rate = np.full(20, 5.0)
    rate[[18, 19, 0, 1]] = [1.0, 2.0, 2.0, 1.0]
    found = quiet_range(Profile(rate, rate, np.ones(20), 1.0))
    assert (found.start, found.stop) == (0.9, 0.1)
    assert found.width == pytest.approx(0.2)


@pytest.mark.parametrize("n_bins", [4, 5, 7, 1024])
def test_any_number_of_bins_has_quiet_phases(n_bins: int) -> None:
    rate = 2.0 + np.cos(2 * np.pi * (np.arange(n_bins) + 0.5) / n_bins)
    found = quiet_range(Profile(rate, rate, np.ones(n_bins), 1.0))
    assert found.contains(0.5)
    assert 0.1 < found.width < 0.3


def test_a_bin_without_exposure_is_not_quiet() -> None:
    rate, shares = np.full(20, 5.0), np.ones(20)
    rate[3], shares[3] = 0.0, 0.0
    rate[10:14] = 4.0
    found = quiet_range(Profile(rate, rate, shares, 1.0))
    assert (found.start, found.stop) == (0.5, 0.7)


def test_without_light_in_a_half_there_is_no_fraction() -> None:
    lit, dark = np.full(8, 100.0), np.zeros(8)
    made = quiet_fraction(Profile(lit, lit, lit, 0.1), Profile(dark, dark, dark, 0.1))
    assert math.isnan(made.value)
    assert math.isnan(made.error)
