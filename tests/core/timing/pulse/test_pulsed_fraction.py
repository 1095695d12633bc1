"""Pulsed fraction and rms: what was put in comes out, with the scatter that errors say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.timing.pulse.profile import Profile
from nightglass.core.timing.pulse.ranges import PhaseRange

from .folding import BROAD, CRAB, GOLDEN, density, folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightglass.core.timing.pulse.measured import Measured

OFF = PhaseRange(0.7, 0.95)
CASES = {
    "short frames": (BROAD, 0.3, 32, 0.01, 50.0, 0.0),
    "a few bins": (BROAD, 0.3, 20, 0.01, 50.0, 0.0),
    "peaks": (CRAB, 0.8, 64, 0.005, 50.0, 0.0),
    "peaks on a sky": (CRAB, 0.6, 64, 0.005, 5.0, 50.0),
    "frames longer than bins": (CRAB, 0.8, 128, 0.02, 50.0, 0.0),
    "frames of a sixth of a turn": (BROAD, 0.5, 32, 0.25, 50.0, 0.0),
    "frames of two fifths of a turn": (BROAD, 0.3, 32, 0.648, 50.0, 0.0),
    "frames longer than a turn": (BROAD, 0.9, 16, 2.1, 200.0, 0.0),
}
MANY = pytest.mark.parametrize("seeds", [60, pytest.param(500, marks=pytest.mark.slow)])


def pulls(found: Sequence[Measured], truth: float) -> np.ndarray:
    return np.array([(one.value - truth) / one.error for one in found])


def check(found: Sequence[Measured], truth: float) -> None:
    """Unbiased to a twentieth of an error or so, and scattered as errors say."""
    deviations, count = pulls(found, truth), len(found)
    assert abs(deviations.mean()) < 0.1 + 3.5 / math.sqrt(count)
    slack = 3.5 / math.sqrt(2 * count)
    assert 0.97 - slack < deviations.std() < 1.03 + slack
    if count >= 500:
        assert 0.9 < deviations.std() < 1.1


@MANY
@pytest.mark.parametrize("case", CASES)
def test_the_rms_put_in_comes_out(case: str, seeds: int) -> None:
    peaks, fraction, n_bins, length, rate, sky = CASES[case]
    shape = PulseShape(peaks, fraction)
    found = [
        folded(seed, 10_000, n_bins, length * GOLDEN, rate, shape, sky_e=sky).rms_fraction()
        for seed in range(seeds)
    ]
    check(found, density(shape).std())


@MANY
@pytest.mark.parametrize("case", ["short frames", "peaks", "peaks on a sky", "a few bins"])
def test_the_light_above_the_level_comes_out(case: str, seeds: int) -> None:
    peaks, fraction, n_bins, length, rate, sky = CASES[case]
    shape = PulseShape(peaks, fraction)
    light = density(shape)
    truth = 1.0 - np.average(light, weights=OFF.shares(light.size))
    found = [
        folded(seed, 10_000, n_bins, length * GOLDEN, rate, shape, sky_e=sky).pulsed_fraction(
            off=OFF
        )
        for seed in range(seeds)
    ]
    check(found, truth)


def test_for_a_sinusoid_it_is_the_amplitude_over_the_mean() -> None:
    phase = (np.arange(32) + 0.5) / 32
    dimming = np.sinc(1 / 32)
    sums = 1e6 * (1.0 + 0.25 * dimming * np.cos(2 * np.pi * (phase - 0.1)))
    made = Profile(sums, sums, np.full(32, 1e4), 0.001)
    fraction, rms = made.pulsed_fraction(), made.rms_fraction()
    assert fraction.value == pytest.approx(0.25, abs=1e-4)
    assert rms.value == pytest.approx(0.25 / math.sqrt(2), abs=1e-4)
    assert "(max - min) / (max + min)" in fraction.text
    assert fraction.text != rms.text


def test_with_an_on_range_alone_the_rest_is_the_level() -> None:
    made = folded(1, 5000, 32, 0.01, 50.0, PulseShape(CRAB, 0.8))
    on = OFF.rest
    assert made.pulsed_fraction(on) == made.pulsed_fraction(off=OFF)
    assert made.pulsed_fraction(PhaseRange(0.0, 0.2), OFF) == made.pulsed_fraction(off=OFF)
    assert "off-pulse" in made.pulsed_fraction(on).text


def test_noise_has_none_within_its_error() -> None:
    found = [folded(seed, 3000, 32, 0.01 * GOLDEN, 50.0).rms_fraction() for seed in range(200)]
    values = np.array([one.value for one in found])
    errors = np.array([one.error for one in found])
    assert (values == 0.0).mean() == pytest.approx(0.55, abs=0.12)
    assert (values < 2.0 * errors).mean() > 0.9


@pytest.mark.parametrize("smear", [1.0, 2.0])
def test_frames_of_whole_turns_show_no_pulse_to_measure(smear: float) -> None:
    made = folded(1, 2000, 16, smear, 50.0, PulseShape(BROAD, 0.5))
    assert math.isnan(made.rms_fraction().value)
    assert math.isnan(made.pulsed_fraction().error)


@pytest.mark.parametrize("missing", ["light", "a bin"])
def test_without_light_or_with_an_empty_bin_there_is_no_fraction(missing: str) -> None:
    sums, shares = np.full(8, 100.0), np.full(8, 10.0)
    if missing == "light":
        sums = -sums
    else:
        shares[3] = sums[3] = 0.0
    made = Profile(sums, np.abs(sums), shares, 0.1)
    for one in (made.rms_fraction(), made.pulsed_fraction(), made.pulsed_fraction(off=OFF)):
        assert math.isnan(one.value)
        assert math.isnan(one.error)
