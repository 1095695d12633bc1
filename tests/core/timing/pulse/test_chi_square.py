"""Chi-square of bins that share frames, against exact covariances and noise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.timing.pulse.pieces import fold_pieces
from nightglass.core.timing.pulse.profile import Profile
from nightglass.core.timing.pulse.smearing import (
    binned_powers,
    chi_square,
    correlation,
    variance_of_sum,
)
from scipy.stats import kstest

from .folding import BROAD, FRAME_S, GOLDEN, consecutive, density, folded, frames

SMEARS = [0.003, 0.03, 0.1, 0.4, 1.3, 5.2]


def shares_of(n_bins: int, smear: float, count: int) -> np.ndarray:
    """Share of each of many frames, spread evenly over the turn, in each bin."""
    phase, ones = (np.arange(count) + 0.5) / count, np.ones(count)
    return fold_pieces(phase, ones, ones, np.arange(count + 1), n_bins, smear).shares


@pytest.mark.parametrize("n_bins", [4, 5, 32])
@pytest.mark.parametrize("smear", [0.0, 0.004, 0.03, 0.2, 0.41, 0.97, 1.0, 1.6, 3.25])
def test_bins_are_correlated_as_the_frames_they_share_make_them(n_bins: int, smear: float) -> None:
    shares = shares_of(n_bins, smear, 20_000)
    covariance = shares.T @ shares
    made = correlation(n_bins, smear)
    np.testing.assert_allclose(made.by_lag, covariance[0] / covariance[0, 0], atol=2e-4)
    power = np.linalg.eigvalsh(covariance / covariance[0, 0])
    whole = np.fft.fft(made.by_lag).real
    np.testing.assert_allclose(np.sort(whole), power, atol=2e-4 * n_bins)


def test_errors_of_sums_over_bins_count_what_bins_share() -> None:
    n_bins, smear = 16, 0.15
    shares = shares_of(n_bins, smear, 20_000)
    covariance = shares.T @ shares
    weights = np.random.default_rng(1).normal(size=n_bins)
    made = variance_of_sum(weights, np.diag(covariance).copy(), smear)
    assert float(made) == pytest.approx(weights @ covariance @ weights, rel=1e-3)


def test_the_sum_of_all_bins_has_the_error_of_all_frames() -> None:
    for smear in SMEARS:
        profile = folded(3, 4000, 32, smear * GOLDEN, 50.0)
        made = float(variance_of_sum(np.ones(32), profile.variances, profile.smear_turns))
        # 50 electrons and 1 of read noise in each frame.
        assert made == pytest.approx(4000 * 51.0, rel=0.02)


def test_without_smearing_it_is_the_plain_chi_square() -> None:
    generator = np.random.default_rng(2)
    shares = generator.uniform(50, 150, 24)
    variances = shares * generator.uniform(900, 1100, 24)
    sums = 30.0 * shares + generator.normal(0, np.sqrt(variances))
    made = Profile(sums, variances, shares, FRAME_S).chi_square()
    mean = (sums * shares / variances).sum() / (shares**2 / variances).sum()
    assert made.chi2 == pytest.approx((((sums - mean * shares) ** 2) / variances).sum(), rel=1e-3)
    assert made.dof == pytest.approx(23)
    assert made.reduced == pytest.approx(made.chi2 / 23)


def test_bins_of_very_different_noise_keep_their_own() -> None:
    """Frames with a bright sky that fell on one half of the turn only."""
    generator = np.random.default_rng(3)
    variances = np.where(np.arange(32) < 16, 1e4, 1e6)
    probabilities = []
    for _ in range(300):
        sums = 1e5 + generator.normal(0, np.sqrt(variances))
        probabilities.append(Profile(sums, variances, np.full(32, 10.0), 1.0).chi_square())
    values = [one.probability for one in probabilities]
    assert kstest(values, "uniform").pvalue > 1e-3


@pytest.mark.parametrize(
    ("smear", "washed_out"), [(1 / 32, 0), (3 / 32, 1), (0.25, 10), (1.0, 31), (2.0, 31)]
)
def test_harmonics_that_frames_wash_out_are_no_degrees_of_freedom(
    smear: float, washed_out: int
) -> None:
    made = folded(5, 2000, 32, smear + 1e-12, 50.0).chi_square()
    if washed_out == 31:
        assert made.dof == 0.0
        assert math.isnan(made.chi2)
        assert math.isnan(made.probability)
    else:
        assert made.dof <= 31 - washed_out
        assert made.dof >= 8
        assert made.dof == pytest.approx(round(made.dof), abs=1e-6)


@pytest.mark.parametrize("smear", [0.0, 0.02, 0.1])
def test_bins_without_exposure_are_left_out(smear: float) -> None:
    """A pulsar so slow that the frames cover three quarters of a turn."""
    generator = np.random.default_rng(6)
    made = []
    for _ in range(200):
        phase = generator.uniform(smear, 0.75 - smear, 3000)
        seen, variances = frames(generator, phase, smear, 40.0)
        pieces = fold_pieces(phase, seen, variances, [0, 3000], 32, smear)
        made.append(Profile(*(part[0] for part in pieces), FRAME_S, smear).chi_square())
    lit = int((pieces.shares[0] > 0).sum())
    assert lit <= 24
    assert made[0].dof < lit
    # Near the ends frames are not spread evenly over a bin, which long ones show.
    mean = np.mean([one.chi2 for one in made])
    assert mean == pytest.approx(made[0].dof, rel=0.06 if smear < 0.1 else 0.15)


def test_few_photons_make_no_false_pulse() -> None:
    """Two electrons in a bin: those with fewer must not weigh more."""
    made = [folded(seed, 3000, 32, 0.01 * GOLDEN, 0.02, read_e=0.0) for seed in range(400)]
    chi2 = np.array([one.chi_square().chi2 for one in made])
    assert chi2.mean() == pytest.approx(31.0, abs=4.0 * math.sqrt(62.0 / 400))


def probabilities(seeds: range, n_bins: int, smear: float, *, spread: bool) -> list[float]:
    found = []
    for seed in seeds:
        generator = np.random.default_rng([seed, n_bins, 77])
        phase = generator.random(3000) if spread else consecutive(generator, 3000, smear)
        light = frames(generator, phase, smear, 50.0)
        pieces = fold_pieces(phase, *light, [0, 3000], n_bins, smear)
        made = Profile(*(part[0] for part in pieces), FRAME_S, smear)
        found.append(made.chi_square().probability)
    return found


@pytest.mark.parametrize("smear", SMEARS)
def test_noise_gives_uniform_probabilities_for_frames_of_any_length(smear: float) -> None:
    found = probabilities(range(150), 32, smear * GOLDEN, spread=False)
    assert kstest(found, "uniform").pvalue > 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("spread", [False, True])
@pytest.mark.parametrize("n_bins", [4, 10, 32, 128])
@pytest.mark.parametrize("smear", SMEARS)
def test_noise_gives_uniform_probabilities_over_many_seeds(
    smear: float, n_bins: int, spread: bool
) -> None:
    found = probabilities(range(1000, 2500), n_bins, smear * GOLDEN, spread=spread)
    assert kstest(found, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("smear", SMEARS[:4])
def test_powers_of_binned_light_are_two_on_average_in_noise(smear: float) -> None:
    powers = []
    for seed in range(150):
        made = folded(seed, 3000, 32, smear * GOLDEN, 50.0)
        powers.append(
            binned_powers(made.sums, made.variances, made.shares, made.smear_turns, 20)
        )  # fmt: skip
    means = np.mean(powers, axis=0)
    shown = means > 0.0
    assert not means[15:].any()
    assert shown[0]
    np.testing.assert_allclose(means[shown], 2.0, atol=4.5 * 2.0 / math.sqrt(150))


def test_rows_are_measured_as_if_each_were_alone() -> None:
    made = [folded(seed, 2000, 16, 0.11, 50.0, PulseShape(BROAD, 0.1)) for seed in range(4)]
    rows = [np.array([getattr(one, name) for one in made]) for name in ("sums", "variances")]
    shares = np.array([one.shares for one in made])
    together = chi_square(*rows, shares, 0.11)
    for place, one in enumerate(made):
        alone = one.chi_square()
        assert together[0][place] == pytest.approx(alone.chi2, rel=1e-12)
        assert together[1][place] == pytest.approx(alone.dof, rel=1e-12)


def test_a_pulse_is_told_from_noise() -> None:
    shape = PulseShape(BROAD, 0.1)
    made = folded(1, 20_000, 32, 0.05 * GOLDEN, 50.0, shape).chi_square()
    # 20,000 frames of 50 electrons and 1 of read noise.
    excess = 20_000 * 50.0**2 / 51.0 * density(shape).var()
    assert made.chi2 - made.dof == pytest.approx(excess, abs=4.0 * math.sqrt(62 + 4.0 * excess))
    assert made.probability < 1e-100


def test_nothing_folded_has_no_chi_square() -> None:
    nothing = np.zeros(8)
    made = Profile(nothing, nothing, nothing, FRAME_S).chi_square()
    assert math.isnan(made.chi2)
    assert made.dof == 0.0
    assert math.isnan(made.signal_to_noise().value)
