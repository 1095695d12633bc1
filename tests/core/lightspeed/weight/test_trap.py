"""The chain of traps against its definition, drawn and summed."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.lightspeed.weight.trap import (
    mean_response,
    photons_from_electrons,
    photons_per_electron,
    response_slope,
    trap_matrix,
)
from scipy.stats import poisson

from .samples import detected


def test_columns_of_the_matrix_sum_to_one():
    matrix = trap_matrix(300)
    assert matrix.shape == (301, 301)
    np.testing.assert_allclose(matrix.sum(axis=0), 1.0, rtol=1e-13)


def test_no_more_is_lost_than_there_are_traps():
    epsilon, gamma = np.nonzero(trap_matrix(60))
    assert ((gamma - epsilon >= 0) & (gamma - epsilon <= 4)).all()


def test_one_and_two_electrons_by_hand():
    matrix = trap_matrix(2)
    p = 0.89
    assert matrix[1, 1] == pytest.approx(p**4, rel=1e-14)
    assert matrix[2, 2] == pytest.approx(p**8, rel=1e-14)
    assert matrix[0, 2] == pytest.approx((1 - p**4) * (1 - p**3), rel=1e-14)


def test_bright_pixels_lose_four_electrons():
    assert trap_matrix(400)[396, 400] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("gamma", [1, 3, 7, 20])
def test_matrix_agrees_with_draws(gamma):
    draws = 200_000
    kept = detected(np.random.default_rng(gamma), np.full(draws, gamma))
    seen = np.bincount(kept, minlength=gamma + 1) / draws
    expected = trap_matrix(gamma)[:, gamma]
    error = np.sqrt(expected * (1 - expected) / draws)
    assert (np.abs(seen - expected) <= 5 * error).all()


def test_another_number_of_traps():
    matrix = trap_matrix(5, traps=1, chance=0.5)
    assert matrix[5, 5] == pytest.approx(0.5**5)
    assert matrix[4, 5] == pytest.approx(1 - 0.5**5)


@pytest.mark.parametrize("mean", [1e-9, 0.01, 0.3, 1.0, 4.0, 30.0, 150.0])
def test_mean_response_agrees_with_the_sum_over_the_matrix(mean):
    number = np.arange(500)
    means_given_gamma = number @ trap_matrix(499)
    assert mean_response(mean) == pytest.approx(
        means_given_gamma @ poisson.pmf(number, mean), rel=1e-9
    )


def test_faint_light_keeps_five_eighths_and_bright_light_all_but_four():
    assert mean_response(1e-10) / 1e-10 == pytest.approx(0.89**4, rel=1e-9)
    assert mean_response(5000.0) == pytest.approx(4996.0, abs=1e-9)


def test_slope_is_the_derivative_of_the_response():
    mean = np.geomspace(1e-3, 300.0, 40)
    step = 1e-4 * mean
    numeric = (mean_response(mean + step) - mean_response(mean - step)) / (2 * step)
    np.testing.assert_allclose(response_slope(mean), numeric, rtol=1e-7)


def test_inverse_undoes_the_response():
    mean = np.concatenate([[0.0], np.geomspace(1e-12, 9000.0, 2001)])
    np.testing.assert_allclose(photons_from_electrons(mean_response(mean)), mean, rtol=2e-14)


def test_negative_electrons_follow_the_slope_at_zero():
    assert photons_from_electrons(-2.0) == pytest.approx(-2.0 / 0.89**4)
    assert mean_response(photons_from_electrons(-2.0)) == pytest.approx(-2.0)
    assert photons_per_electron(-2.0) == pytest.approx(1 / 0.89**4)


def test_what_is_not_finite_passes_through():
    given = np.array([[np.nan, np.inf], [-np.inf, 1.0]])
    made = photons_from_electrons(given)
    np.testing.assert_array_equal(made[~np.isfinite(given)], given[~np.isfinite(given)])
    assert made[1, 1] == pytest.approx(1.54039253, rel=1e-8)


def test_errors_scale_with_the_derivative_of_the_inverse():
    electrons = np.array([0.1, 2.0, 50.0])
    step = 1e-5
    numeric = photons_from_electrons(electrons + step) - photons_from_electrons(electrons - step)
    np.testing.assert_allclose(photons_per_electron(electrons), numeric / (2 * step), rtol=1e-7)
