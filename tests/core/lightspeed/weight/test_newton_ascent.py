"""Newton's steps on likelihoods whose maximum is known."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.lightspeed.weight.newton import (
    Curvature,
    Limits,
    Point,
    ascend,
    solve,
    variances,
)

DIAGONAL, BORDER, CORNER = np.array([4.0, 3.0, 2.0]), np.array([1.0, -0.5, 0.3]), 5.0
LIMITS = Limits(1e-9, 1e9)


def whole() -> np.ndarray:
    matrix = np.diag([*DIAGONAL, CORNER])
    matrix[3, :3] = matrix[:3, 3] = BORDER
    return matrix


def separate(counts):
    """Poisson counts of groups with the mean x: maximum at the counts."""

    def likelihood(x, shared, active):
        assert active.any()
        none = np.zeros(x.shape)
        return Point(
            counts * np.log(x) - x, counts / x - 1.0, 0.0,
            Curvature(counts / x**2, none, 0.0), Curvature((counts / x - 1.0) ** 2, none, 0.0),
        )  # fmt: skip

    return likelihood


def bordered(counts, sky):
    """Poisson counts of the mean x + b in each group and of 3 b on the sky."""

    def likelihood(x, b, active):
        mean = x + b
        curve = counts / mean**2
        sky_curve = sky / b**2
        value = counts * np.log(mean) - mean + (sky * np.log(b) - 3 * b) / len(x)
        information = Curvature(curve, curve, curve.sum() + sky_curve)
        gradient = counts / mean - 1
        return Point(value, gradient, gradient.sum() + sky / b - 3, information, information)

    return likelihood


def test_bordered_systems_agree_with_the_whole_matrix():
    gradient = np.array([1.0, 2.0, 3.0, -1.0])
    step, shared = solve(
        Curvature(DIAGONAL, BORDER, CORNER), gradient[:3], -1.0, np.ones(3, np.bool_), True
    )
    np.testing.assert_allclose([*step, shared], np.linalg.solve(whole(), gradient))


def test_variances_agree_with_the_whole_inverse():
    inverse = np.linalg.inv(whole())
    variance, covariance, shared = variances(Curvature(DIAGONAL, BORDER, CORNER), True)
    np.testing.assert_allclose([*variance, shared], np.diag(inverse))
    np.testing.assert_allclose(covariance, inverse[3, :3])


def test_a_matrix_without_inverse_has_no_variances():
    curvature = Curvature(np.array([2.0]), np.array([2.0]), 2.0)
    variance, _, shared = variances(curvature, True)
    assert np.isnan(variance).all()
    assert np.isnan(shared)
    variance, _, shared = variances(Curvature(np.array([0.0, 2.0]), np.zeros(2), 0.0), False)
    assert np.isnan(variance).tolist() == [True, False]
    assert shared == 0.0


@pytest.mark.parametrize("start", [1e-4, 0.3, 1.0, 40.0, 1e4])
def test_groups_climb_to_their_own_maxima(start):
    counts = np.array([0.5, 3.0, 700.0])
    ascent = ascend(separate(counts), np.full(3, start), 0.0, limits=LIMITS, max_iterations=60)
    assert ascent.converged.all()
    np.testing.assert_allclose(ascent.rates, counts, rtol=1e-5)


def test_a_group_without_counts_ends_at_the_limit():
    ascent = ascend(separate(np.array([0.0, 2.0])), np.ones(2), 0.0, limits=Limits(1e-3, 10.0))
    assert ascent.converged.all()
    assert ascent.rates[0] == 1e-3
    assert ascent.rates[1] == pytest.approx(2.0, rel=1e-6)


def test_the_upper_limit_holds():
    ascent = ascend(separate(np.array([50.0])), np.ones(1), 0.0, limits=Limits(1e-3, 10.0))
    assert ascent.rates[0] == 10.0


@pytest.mark.parametrize("start", [0.1, 5.0, 300.0])
def test_a_shared_rate_is_found_with_the_others(start):
    counts = np.array([20.0, 35.0, 100.0])
    ascent = ascend(
        bordered(counts, 30.0), np.full(3, start), start, limits=LIMITS, shared_limits=LIMITS,
        max_iterations=60,
    )  # fmt: skip
    assert ascent.converged.all()
    assert ascent.shared == pytest.approx(10.0, rel=1e-6)
    np.testing.assert_allclose(ascent.rates, counts - 10.0, rtol=1e-6)


def test_a_rate_below_zero_is_held_at_zero_and_shares_its_counts():
    counts = np.array([4.0, 50.0])
    ascent = ascend(
        bordered(counts, 30.0), np.ones(2), 1.0, limits=Limits(1e-9, 1e9), shared_limits=LIMITS,
        max_iterations=60,
    )  # fmt: skip
    assert ascent.converged.all()
    assert ascent.rates[0] == 1e-9
    assert ascent.shared == pytest.approx(34.0 / 4.0, rel=1e-6)


def test_few_steps_are_told_from_enough():
    ascent = ascend(
        separate(np.array([700.0])), np.full(1, 1e-3), 0.0, limits=LIMITS, max_iterations=3
    )
    assert ascent.iterations == 3
    assert not ascent.converged.any()
