"""Rates and their errors from sums of electrons."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.lightspeed.image import rates as made_here
from nightglass.core.lightspeed.image.rates import Scale, rates, rounded_variance
from nightglass.core.lightspeed.weight.trap import mean_response


def test_detected_electrons_are_the_sum_over_the_exposure() -> None:
    sums, good = np.array([[30.0, 0.0]]), np.array([[10, 5]])
    made = rates(sums, good, 0.3, Scale(0.5, is_photons=False))
    np.testing.assert_allclose(made.rate, [[6.0, 0.0]])
    np.testing.assert_allclose(made.exposure_s, [[5.0, 2.5]])


def test_a_pixel_without_frames_has_no_rate_and_no_exposure() -> None:
    made = rates(np.zeros((1, 1)), np.zeros((1, 1), int), 0.3, Scale(0.5, is_photons=True))
    assert np.isnan(made.rate).all()
    assert np.isnan(made.error).all()
    assert made.exposure_s == 0.0


def test_photons_undo_the_traps_of_each_frame_and_not_of_the_sum() -> None:
    photons = np.array([[0.01, 0.5, 4.0, 60.0]])
    good = np.full(photons.shape, 1000)
    made = rates(mean_response(photons) * good, good, 0.3, Scale(0.01, is_photons=True))
    np.testing.assert_allclose(made.rate, photons / 0.01, rtol=1e-9)


def test_the_error_is_that_of_poisson_and_read_noise_through_the_slope() -> None:
    generator = np.random.default_rng(5)
    frames, photons, width = 400, 0.05, 0.3
    # Rare photo-electrons are lost one by one: what is left is Poisson again.
    caught = generator.poisson(0.627 * photons, (2000, frames))
    noise = generator.normal(0.0, width, caught.shape)
    sums = (caught + noise).sum(1).reshape(1, -1)
    made = rates(sums, np.full(sums.shape, frames), np.full(sums.shape, width),
                 Scale(1.0, is_photons=True))  # fmt: skip
    pull = (made.rate - photons) / made.error
    assert pull.std() == pytest.approx(1.0, abs=0.06)
    assert pull.mean() == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("width", [0.05, 0.2, 0.3, 0.45, 1.5])
def test_rounded_noise_has_the_variance_of_its_probabilities(width: float) -> None:
    from scipy.stats import norm

    k = np.arange(-40, 41)
    chance = norm.cdf((k + 0.5) / width) - norm.cdf((k - 0.5) / width)
    expected = (k**2 * chance).sum() - (k * chance).sum() ** 2
    assert rounded_variance(width) == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_the_noise_of_the_bias_is_in_every_frame() -> None:
    sums, good = np.zeros((1, 1)), np.full((1, 1), 100)
    widths = np.full((1, 1), 0.3)
    alone = rates(sums, good, widths, Scale(1.0, is_photons=False))
    with_bias = rates(sums, good, widths, Scale(1.0, is_photons=False, bias_frames=100))
    assert with_bias.error == pytest.approx(alone.error * np.sqrt(2.0))


def test_bands_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    sums, good = generator.normal(50.0, 60.0, (37, 11)), generator.integers(0, 9, (37, 11))
    widths, scale = generator.uniform(0.2, 0.5, (37, 11)), Scale(0.1, is_photons=True)
    whole = rates(sums, good, widths, scale)
    monkeypatch.setattr(made_here, "BAND_PX", 30)
    for one, other in zip(whole, rates(sums, good, widths, scale), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("compat", ["v1", "v3"])
def test_published_curves_leave_a_pixel_without_frames_unknown(compat: str) -> None:
    sums, good = np.array([[0.0, 100.0]]), np.array([[0, 10]])
    made = rates(sums, good, 0.3, Scale(1.0, is_photons=True, compat=compat))
    assert np.isnan(made.rate[0, 0])
    assert made.rate[0, 1] > 10.0
    assert made.error[0, 1] > 0.0
