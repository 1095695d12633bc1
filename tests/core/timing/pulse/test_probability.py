"""Probabilities against closed forms, near and far out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.timing.pulse import probability as tried
from scipy import stats


@pytest.mark.parametrize("dof", [1, 2, 7.5, 31, 1023])
def test_chi_square_agrees_with_scipy(dof: float) -> None:
    for chi2 in (0.0, 0.3 * dof, dof, 1.5 * dof, dof + 200.0):
        expected = stats.chi2.sf(chi2, dof)
        assert tried.chi2_probability(chi2, dof) == pytest.approx(expected, rel=1e-10)
        assert tried.chi2_log_probability(chi2, dof) == pytest.approx(
            math.log(expected), rel=1e-10, abs=1e-14
        )


@pytest.mark.parametrize("chi2", [1.0, 100.0, 1300.0, 1400.0, 1e5, 1e12])
def test_chi_square_is_right_where_its_probability_is_no_float_any_more(chi2: float) -> None:
    half = chi2 / 2
    assert tried.chi2_log_probability(chi2, 2) == pytest.approx(-half, rel=1e-12)
    assert tried.chi2_log_probability(chi2, 4) == pytest.approx(
        math.log1p(half) - half, rel=1e-12
    )  # fmt: skip
    assert tried.chi2_log_probability(chi2, 6) == pytest.approx(
        math.log1p(half + half**2 / 2) - half, rel=1e-12
    )


@pytest.mark.parametrize("dof", [1.0, 31.0, 800.0])
def test_the_tail_goes_on_where_the_direct_way_ends(dof: float) -> None:
    chi2 = np.linspace(1200.0, 6000.0, 400)
    logs = np.array([tried.chi2_log_probability(one, dof) for one in chi2])
    slopes = np.diff(logs)
    assert (slopes < 0.0).all()
    # Smooth through the change of methods: the slope changes by no more than its own drift.
    assert np.abs(np.diff(slopes)).max() < 0.02 * np.abs(slopes).max()


def test_what_is_unknown_has_no_probability_and_the_impossible_none() -> None:
    assert math.isnan(tried.chi2_probability(math.nan, 3))
    assert math.isnan(tried.chi2_probability(3.0, 0))
    assert tried.chi2_log_probability(math.inf, 3) == -math.inf
    assert tried.chi2_probability(1e6, 3) == 0.0
    assert tried.chi2_probability(-2.0, 3) == 1.0


def test_z_and_h_have_the_probabilities_of_the_papers() -> None:
    assert tried.z_probability(30.0, 2) == pytest.approx(stats.chi2.sf(30.0, 4))
    assert tried.h_probability(50.0) == pytest.approx(math.exp(-20.0))
    assert tried.h_log_probability(5000.0) == pytest.approx(-2000.0)
    assert tried.h_probability(5000.0) == 0.0
    assert tried.h_probability(0.0) == 1.0


@pytest.mark.parametrize("sigma", [-3.0, 0.0, 1.0, 5.0, 30.0, 37.0])
def test_sigmas_are_those_of_a_normal_deviate_upwards(sigma: float) -> None:
    assert tried.sigma_of(float(stats.norm.sf(sigma))) == pytest.approx(sigma, abs=1e-9)
    log_p = float(stats.norm.logsf(sigma))
    assert tried.sigma_of_log(log_p) == pytest.approx(sigma, abs=1e-9)


def test_sigmas_go_on_where_probabilities_end() -> None:
    assert tried.sigma_of_log(float(stats.norm.logsf(1000.0))) == pytest.approx(1000.0)
    assert tried.sigma_of(0.0) == math.inf
    assert tried.sigma_of(1.0) == -math.inf
    assert math.isnan(tried.sigma_of(math.nan))


def test_trials_make_chance_likelier() -> None:
    assert tried.with_trials(0.01, 1) == pytest.approx(0.01)
    assert tried.with_trials(0.01, 100) == pytest.approx(1 - 0.99**100)
    assert tried.with_trials(1e-30, 1e6) == pytest.approx(1e-24)
    assert tried.with_trials(0.5, 10_000) == 1.0
    assert tried.with_trials(1.0, 3) == 1.0


def test_trials_count_also_where_probabilities_are_no_floats() -> None:
    assert tried.log_with_trials(math.log(0.01), 100) == pytest.approx(math.log(1 - 0.99**100))
    assert tried.log_with_trials(-5000.0, 1000) == pytest.approx(-5000.0 + math.log(1000))
    assert tried.log_with_trials(-705.0, 1e300) == pytest.approx(-705.0 + 300 * math.log(10))
    assert tried.log_with_trials(-699.9, 10) == pytest.approx(-699.9 + math.log(10))
    assert tried.log_with_trials(0.0, 5) == 0.0
