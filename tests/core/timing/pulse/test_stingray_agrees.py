"""Z^2, H, probabilities and shifts against stingray, where it is installed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.timing.pulse import probability as tried
from nightglass.core.timing.pulse.moments import HARMONICS, moments_of
from nightglass.core.timing.pulse.smearing import binned_powers
from nightglass.core.timing.pulse.template import Template, match

from .folding import CRAB, GOLDEN, folded, harmonics

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def test_probabilities_agree() -> None:
    stats = pytest.importorskip("stingray.stats")
    assert tried.with_trials(1e-9, 1000) == pytest.approx(
        stats.p_multitrial_from_single_trial(1e-9, 1000), rel=1e-6
    )
    for z, n in ((30.0, 2), (120.0, 10)):
        assert tried.z_probability(z, n) == pytest.approx(stats.z2_n_probability(z, n), rel=1e-6)
    assert tried.chi2_log_probability(5000.0, 31) == pytest.approx(
        float(stats.fold_profile_logprobability(5000.0, 32)), rel=1e-6
    )
    assert tried.sigma_of_log(-2000.0) == pytest.approx(
        float(stats.equivalent_gaussian_Nsigma_from_logp(-2000.0)), rel=1e-5
    )


def test_photons_agree() -> None:
    pulsar = pytest.importorskip("stingray.pulse.pulsar")
    generator = np.random.default_rng(1)
    phase = (np.arange(50_000) + 0.5) / 50_000
    chance = 0.02 * (1 + 0.4 * np.cos(2 * np.pi * phase) + 0.2 * np.cos(4 * np.pi * phase))
    values = (generator.random(phase.size) < chance).astype(np.float64)
    made = moments_of(phase, values, values)
    photons, scale = phase[values > 0], made.scatter / values.sum()
    _, powers = pulsar.z_n_events_all(photons, HARMONICS)
    np.testing.assert_allclose(np.cumsum(made.powers()) * scale, powers, rtol=1e-9)
    best, h = pulsar.htest(photons, HARMONICS, "events")
    assert made.h_test().h == pytest.approx(float(h), rel=0.03)
    assert made.h_test().harmonics == best


def test_light_with_normal_errors_agrees() -> None:
    pulsar = pytest.importorskip("stingray.pulse.pulsar")
    generator = np.random.default_rng(2)
    n_bins, error = 64, 3.0
    phase = (np.arange(n_bins) + 0.5) / n_bins
    sums = 100.0 + 2.0 * np.cos(2 * np.pi * phase) + generator.normal(0, error, n_bins)
    variances = np.full(n_bins, error**2)
    powers = binned_powers(sums, variances, np.ones(n_bins), 0.0, HARMONICS)
    _, expected = pulsar.z_n_gauss_all(sums, error, HARMONICS)
    np.testing.assert_allclose(np.cumsum(powers), expected, rtol=1e-9)
    # Frames that hold a bin each: their scatter stands for the errors.
    made = moments_of(phase, sums, variances)
    scale = made.scatter / (n_bins * error**2)
    np.testing.assert_allclose(np.cumsum(made.powers()) * scale, expected, rtol=1e-9)
    assert made.h_test().harmonics == pulsar.htest(sums, HARMONICS, "gauss", math.sqrt(
        made.scatter / n_bins))[0]  # fmt: skip


def test_a_shift_agrees() -> None:
    pulsar = pytest.importorskip("stingray.pulse.pulsar")
    late = PulseShape([(phase + 0.2, width, share) for phase, width, share in CRAB], 0.8)
    made = folded(1, 200_000, 64, 0.001 * GOLDEN, 50.0, late)
    template = Template.of(harmonics(PulseShape(CRAB, 0.8), 31))
    shift = match(made, template)
    middles = (np.arange(64) + 0.5) / 64
    _, _, phase, error = pulsar.fftfit(made.rate, template.rate(middles))[:4]
    assert shift.phase_shift == pytest.approx(float(phase), abs=5 * max(float(error), 1e-4))
