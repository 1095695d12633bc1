"""Windows fitted to formulas instead of PINT."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.timing.windows import (
    DEGREE,
    FIT_TOLERANCE_S,
    MAX_DEPTH,
    clenshaw,
    evaluate_leaf,
    fit_windows,
    split,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Formula = Callable[[NDArray[np.float64]], NDArray[np.float64]]

WINDOW = 61000 * 24 + 3
F0_HZ = 400.0
WHOLE_TURNS = 87_654_321_012


class Source:
    """A phase known as a formula of the seconds of the day, far from turn zero."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.calls = 0

    def __call__(
        self, _: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        self.calls += 1
        phase = self.formula(seconds)
        whole = np.round(phase)
        return whole.astype(np.int64) + WHOLE_TURNS, phase - whole


def _orbit(seconds: NDArray[np.float64], period_s: float) -> NDArray[np.float64]:
    return F0_HZ * (seconds - 0.5 * np.sin(2 * np.pi * seconds / period_s))


def _worst_s(source: Source, count: int = 4001) -> tuple[float, int]:
    window = fit_windows([WINDOW], source, F0_HZ)[WINDOW]
    worst = 0.0
    for leaf in window.leaves:
        seconds = np.linspace(leaf.start_s, leaf.stop_s, count)
        turns, fraction = np.empty(count, np.int64), np.empty(count)
        evaluate_leaf(leaf, seconds, turns, fraction)
        error = (turns - WHOLE_TURNS) + fraction - source.formula(seconds)
        worst = max(worst, float(np.abs(error).max()) / F0_HZ)
    return worst, len(window.leaves)


def test_a_gentle_orbit_needs_one_polynomial_and_one_call() -> None:
    source = Source(lambda seconds: _orbit(seconds, 7200.0))
    worst, leaves = _worst_s(source)
    assert (leaves, source.calls) == (1, 1)
    assert worst <= FIT_TOLERANCE_S


def test_a_fast_orbit_is_cut_until_it_agrees() -> None:
    source = Source(lambda seconds: _orbit(seconds, 400.0))
    worst, leaves = _worst_s(source)
    assert leaves >= 8
    assert worst <= 2 * FIT_TOLERANCE_S


def test_a_step_is_left_to_pint_in_one_short_stretch() -> None:
    step_s = 3 * 3600.0 + 1234.5
    source = Source(lambda seconds: F0_HZ * seconds + 0.3 * (seconds > step_s))
    window = fit_windows([WINDOW], source, F0_HZ)[WINDOW]
    unfitted = [leaf for leaf in window.leaves if not leaf.coefficients]
    assert len(unfitted) == 1
    assert unfitted[0].start_s <= step_s <= unfitted[0].stop_s
    assert unfitted[0].stop_s - unfitted[0].start_s == 3600.0 / 2**MAX_DEPTH
    assert source.calls == MAX_DEPTH + 1


def test_scatter_of_pint_itself_is_not_chased_to_the_bottom() -> None:
    scatter = np.random.default_rng(8)
    source = Source(
        lambda seconds: F0_HZ * (seconds + scatter.uniform(-0.4e-9, 0.4e-9, seconds.size))
    )
    window = fit_windows([WINDOW], source, F0_HZ)[WINDOW]
    assert len(window.leaves) <= 4
    assert all(leaf.coefficients for leaf in window.leaves)


def test_leaves_tile_their_window_in_order() -> None:
    leaves = fit_windows([WINDOW], Source(lambda s: _orbit(s, 300.0)), F0_HZ)[WINDOW].leaves
    assert leaves[0].start_s == 3 * 3600.0
    assert leaves[-1].stop_s == 4 * 3600.0
    assert all(a.stop_s == b.start_s for a, b in pairwise(leaves))


def test_clenshaw_sums_a_chebyshev_series() -> None:
    coefficients = np.random.default_rng(9).normal(size=DEGREE + 1)
    x = np.linspace(-1.0, 1.0, 101)
    expected = np.polynomial.chebyshev.chebval(x, coefficients)
    np.testing.assert_allclose(clenshaw(tuple(coefficients), x), expected, atol=1e-13)


@pytest.mark.parametrize(
    ("phase", "turns", "fraction"),
    [(2.25, 2, 0.25), (-0.25, -1, 0.75), (-1e-20, 0, 0.0), (0.0, 0, 0.0), (-3.0, -3, 0.0)],
)
def test_a_fraction_is_never_a_full_turn(phase: float, turns: int, fraction: float) -> None:
    whole, rest = split(np.array([phase]))
    assert (whole[0], rest[0]) == (turns, fraction)
