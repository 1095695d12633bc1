"""Rates and errors of a profile, sums, differences and the signal-to-noise ratio."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.timing.pulse.measured import root_error
from nightglass.core.timing.pulse.profile import Profile
from nightglass.core.timing.pulse.ranges import PhaseRange
from scipy import stats

from .folding import BROAD, CRAB, GOLDEN, density, folded

SMEAR = 0.01 * GOLDEN


def plain(scale: float = 1.0) -> Profile:
    shares = np.array([10.0, 20.0, 0.0, 5.0])
    return Profile(scale * np.array([20.0, 60.0, 0.0, 5.0]), 4.0 * shares, shares, 0.5)


def test_rates_are_electrons_a_second_of_exposure() -> None:
    made = plain()
    np.testing.assert_array_equal(made.exposure_s, [5.0, 10.0, 0.0, 2.5])
    np.testing.assert_array_equal(made.rate, [4.0, 6.0, np.nan, 2.0])
    np.testing.assert_allclose(
        made.error, [math.sqrt(40) / 5, math.sqrt(80) / 10, np.nan, math.sqrt(20) / 2.5]
    )
    assert made.frames == 35.0
    assert math.isnan(made.mean_rate)


def test_a_variance_below_nothing_is_none() -> None:
    """Counts below the offset make one, where nothing shines."""
    made = Profile(np.zeros(4), np.array([-1.0, 4.0, 4.0, 4.0]), np.ones(4), 1.0)
    np.testing.assert_array_equal(made.error, [0.0, 2.0, 2.0, 2.0])
    assert made.chi_square().chi2 == 0.0


def test_errors_are_the_scatter_of_rates() -> None:
    made = [folded(seed, 2000, 16, SMEAR, 30.0, sky_e=20.0) for seed in range(200)]
    scatter = np.std([one.rate for one in made], axis=0).mean()
    assert scatter == pytest.approx(np.mean([one.error for one in made]), rel=0.04)


def test_parts_add_up() -> None:
    total = plain() + plain(2.0)
    np.testing.assert_array_equal(total.sums, 3.0 * plain().sums)
    np.testing.assert_array_equal(total.shares, 2.0 * plain().shares)
    np.testing.assert_array_equal(total.variances, 2.0 * plain().variances)


def test_profiles_of_other_bins_or_frames_do_not_add() -> None:
    other = Profile(np.ones(3), np.ones(3), np.ones(3), 0.5)
    with pytest.raises(NightglassError, match=r"4 bins of frames of 0\.5 s, the other 3 bins"):
        plain() + other
    longer = Profile(np.ones(4), np.ones(4), np.ones(4), 0.6)
    with pytest.raises(NightglassError, match="same exposure"):
        plain() + longer


def test_a_normalised_profile_has_mean_one_and_keeps_its_significance() -> None:
    made = folded(1, 5000, 32, SMEAR, 50.0, PulseShape(BROAD, 0.2))
    one = made.normalised()
    assert one.rate.mean() == pytest.approx(1.0)
    np.testing.assert_allclose(one.error / one.rate, made.error / made.rate)


@pytest.mark.parametrize("sums", [np.zeros(8), -np.ones(8)])
def test_light_without_a_mean_can_not_be_normalised(sums: np.ndarray) -> None:
    one = Profile(sums, np.ones(8), np.ones(8), 1.0).normalised()
    assert np.isnan(one.rate).all()


def test_difference_and_ratio_have_errors_of_both() -> None:
    bright = folded(1, 5000, 16, SMEAR, 80.0)
    faint = folded(2, 5000, 16, SMEAR, 20.0)
    value, error = bright.difference(faint)
    np.testing.assert_allclose(value, bright.rate - faint.rate)
    np.testing.assert_allclose(error**2, bright.error**2 + faint.error**2)
    value, error = bright.ratio(faint)
    np.testing.assert_allclose(value, bright.rate / faint.rate)
    relative = (bright.error / bright.rate) ** 2 + (faint.error / faint.rate) ** 2
    np.testing.assert_allclose((error / value) ** 2, relative)


def test_profiles_of_other_bins_are_not_compared() -> None:
    other = Profile(np.ones(3), np.ones(3), np.ones(3), 0.5)
    for compare in (plain().difference, plain().ratio):
        with pytest.raises(NightglassError, match="4 bins, the other 3"):
            compare(other)


def test_there_is_no_ratio_to_nothing() -> None:
    dark = Profile(np.array([0.0, -1.0, 4.0, 1.0]), np.ones(4), np.ones(4), 0.5)
    value, error = plain().ratio(dark)
    np.testing.assert_array_equal(np.isnan(value), [True, True, True, False])
    np.testing.assert_array_equal(np.isnan(error), [True, True, True, False])


def test_five_sigma_of_chi_square_are_as_rare_as_five_sigma() -> None:
    shares = np.full(32, 100.0)
    chi2 = stats.chi2.isf(stats.norm.sf(5.0), 31)
    wave = np.cos(2 * np.pi * np.arange(32) / 32)
    sums = 1e4 + wave * math.sqrt(chi2 * 1e4 / 16.0)
    made = Profile(sums, np.full(32, 1e4), shares, 1.0)
    assert made.chi_square().chi2 == pytest.approx(chi2)
    snr = made.signal_to_noise()
    assert snr.value == pytest.approx(5.0)
    assert 0.5 < snr.error < 1.1
    assert "5 sigma" in snr.text
    assert snr.text.endswith(".")


def test_less_than_noise_is_no_signal() -> None:
    made = Profile(np.full(32, 1e4), np.full(32, 1e4), np.full(32, 100.0), 1.0).signal_to_noise()
    assert made.value == 0.0
    assert made.error > 0.0


@pytest.mark.parametrize(
    ("root", "spread", "error"), [(0.0, 9.0, 3.0), (100.0, 3.0, 0.015), (1.0, 0.0, 0.0)]
)
def test_the_error_of_a_root_is_finite_everywhere(root: float, spread: float, error: float) -> None:
    assert root_error(root, spread) == pytest.approx(error, rel=1e-3)


@pytest.mark.parametrize("smear", [SMEAR, 0.08 * GOLDEN, 0.3 * GOLDEN])
def test_the_ratio_of_ranges_is_a_normal_deviate_in_noise(smear: float) -> None:
    on, off = PhaseRange(0.9, 0.17), PhaseRange(0.4, 0.73)
    values = [
        folded(seed, 3000, 32, smear, 50.0).signal_to_noise(on, off).value for seed in range(300)
    ]
    assert stats.kstest(values, "norm").pvalue > 1e-3


def test_on_less_off_is_the_light_above_the_level() -> None:
    shape = PulseShape(CRAB, 0.8)
    on, off = PhaseRange(3 / 64, 10 / 64), PhaseRange(0.75, 1.0)
    made = folded(1, 50_000, 64, SMEAR, 50.0, shape).on_minus_off(on, off)
    light = density(shape)
    level = [np.average(light, weights=chosen.shares(light.size)) for chosen in (on, off)]
    assert made.value == pytest.approx(50.0 / 0.001 * (level[0] - level[1]), abs=5 * made.error)
    assert made.error < 0.01 * made.value


def test_a_range_is_set_against_the_rest_where_it_is_the_only_one() -> None:
    made = folded(1, 5000, 32, SMEAR, 50.0, PulseShape(BROAD, 0.3))
    on = PhaseRange(0.05, 0.55)
    alone = made.on_minus_off(on, None)
    assert alone == made.on_minus_off(on, on.rest) == made.on_minus_off(None, on.rest)
    snr = made.signal_to_noise(on)
    assert snr.value == pytest.approx(alone.value / alone.error)
    assert "on-pulse" in snr.text


def test_ranges_without_frames_have_no_signal() -> None:
    made = plain().signal_to_noise(PhaseRange(0.5, 0.75), PhaseRange(0.0, 0.25))
    assert math.isnan(made.value)
