"""Polynomials over the chip: least squares of the stars that belong."""

from __future__ import annotations

import numpy as np
from nightglass.core.mascara.astrometry.polynomial_fit import design, fit, terms_of

SIZE = (4008, 2672)


def stars(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places and their shifts by polynomials of degree 3, with noise of 0.1 px."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 4007, count), rng.uniform(0, 2671, count)
    true = design(x, y, SIZE, 3) @ rng.normal(0.0, 3.0, (terms_of(3), 2))
    return x, y, true.T + rng.normal(0.0, 0.1, (2, count))


def test_clean_stars_are_fitted_by_least_squares() -> None:
    x, y, wanted = stars(400)
    found = fit(x, y, wanted, np.full(400, 0.1), SIZE, 3, 6.0)
    assert found is not None
    assert found.used.all()
    columns = design(x, y, SIZE, 3)
    expected = np.linalg.lstsq(columns, wanted.T, rcond=None)[0]
    np.testing.assert_allclose(wanted - found.off_px, (columns @ expected).T, atol=1e-8)
    np.testing.assert_allclose(found.rms_px, 0.1, rtol=0.1)
    # Ten terms and 400 stars: the error of the fit is a sixth of that of a star.
    assert 0.6 < found.error_px / (0.1 * np.sqrt(10 / 400)) < 1.4


def test_wrong_stars_are_left_out_and_do_no_harm() -> None:
    x, y, wanted = stars(300, seed=2)
    rng = np.random.default_rng(3)
    is_wrong = np.arange(300) % 7 == 0
    spoilt = wanted + is_wrong * rng.uniform(1.0, 5.0, 300) * rng.choice([-1, 1], (2, 300))
    clean = fit(x[~is_wrong], y[~is_wrong], wanted[:, ~is_wrong], np.full(257, 0.1), SIZE, 3, 4.0)
    found = fit(x, y, spoilt, np.full(300, 0.1), SIZE, 3, 4.0)
    assert clean is not None
    assert found is not None
    assert not found.used[is_wrong].any()
    np.testing.assert_allclose(found.tables_px, clean.tables_px, atol=0.02)


def test_stars_on_a_part_of_the_chip_leave_the_fit_uncertain() -> None:
    x, y, wanted = stars(900, seed=4)
    error = np.full(900, 0.1)
    whole = fit(x, y, wanted, error, SIZE, 5, 4.0)
    part = x > 1336
    right = fit(x[part], y[part], wanted[:, part], error[part], SIZE, 5, 4.0)
    assert whole is not None
    assert right is not None
    assert whole.error_px < 0.03
    assert right.error_px > 0.3


def test_a_needless_degree_costs_more_than_it_gains_and_a_missing_one_as_well() -> None:
    x, y, wanted = stars(500, seed=5)
    costs = {}
    for order in (2, 3, 4, 5):
        found = fit(x, y, wanted, np.full(500, 0.1), SIZE, order, 4.0)
        assert found is not None
        costs[order] = found.cost(1.0, 4.0)
    assert min(costs, key=lambda order: costs[order]) == 3


def test_too_few_stars_give_no_fit() -> None:
    x, y, wanted = stars(19)
    assert fit(x, y, wanted, np.full(19, 0.1), SIZE, 3, 4.0) is None
    assert fit(x[:0], y[:0], wanted[:, :0], np.empty(0), SIZE, 0, 4.0) is None
