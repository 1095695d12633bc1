"""Newton's steps to the maximum of a likelihood of rates that are never negative.

The unknowns are rates of groups (phase bins, or pixels), each of which enters its own samples
only, and one rate that enters all of them: the matrix of second derivatives is a diagonal with
a border, and a step costs no more than the likelihood.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

TOLERANCE = 1e-6
_HALVINGS = 40
# A likelihood of a million samples carries this rounding.
_ROUNDING = 1e-13
# Part of the border's information that the groups may take away before it counts as none left.
_SINGULAR = 1e-9
_NO_INFORMATION = 1e-300


class Curvature(NamedTuple):
    """Second derivatives with the sign turned: diagonal, border and corner."""

    diagonal: Numbers
    border: Numbers
    corner: float


class Point(NamedTuple):
    """The likelihood at some rates.

    `information` is the observed one, `squares` the sum of squared scores, which is never
    negative; they agree on average at the true rates.
    """

    value: Numbers
    gradient: Numbers
    shared_gradient: float
    information: Curvature
    squares: Curvature


class Ascent(NamedTuple):
    """Where the steps ended."""

    rates: Numbers
    shared: float
    point: Point
    iterations: int
    converged: Flags


# Likelihood at (rates, shared rate) of the groups that are flagged; others are not looked at.
Likelihood = Callable[["Numbers", float, "Flags"], Point]


class Limits(NamedTuple):
    """Smallest and largest rates."""

    low: float
    high: float


def ascend(
    likelihood: Likelihood,
    rates: Numbers,
    shared: float,
    *,
    limits: Limits,
    shared_limits: Limits | None = None,
    max_iterations: int = 25,
) -> Ascent:
    """Climb to the maximum; no step ever makes the likelihood smaller.

    Parameters
    ----------
    likelihood : callable
        See `Likelihood`.
    rates : ndarray of float64, shape (m,)
        Where to start.
    shared : float
        Rate that all groups have in common.
    limits, shared_limits : Limits
        The rates stay between these; the shared rate is fixed if it has none.
    max_iterations : int
        Most steps.

    Returns
    -------
    Ascent
        Converged are groups whose last step was below a millionth of the rate or its error.
    """
    is_free = shared_limits is not None
    active = np.ones(rates.shape, np.bool_)
    point = likelihood(rates, shared, active)
    iterations = 0
    while iterations < max_iterations and active.any():
        iterations += 1
        step, shared_step = _step(point, rates, shared, limits, shared_limits)
        tried = _search(
            likelihood, point, (rates, shared), (np.where(active, step, 0.0), shared_step),
            limits, shared_limits or Limits(shared, shared), active,
        )  # fmt: skip
        still = np.abs(tried.rates - rates) > _small(tried.rates, tried.point)
        if is_free:
            moved = abs(tried.shared - shared) > _small_shared(tried.shared, tried.point)
            still = np.full(still.shape, bool(moved or still.any()))
        rates, shared, point = tried.rates, tried.shared, tried.point
        active = active & still
    return Ascent(rates, shared, point, iterations, ~active)


def _small(rates: Numbers, point: Point) -> Numbers:
    """A step that changes nothing: a millionth of the rate or of its error."""
    known = np.maximum(point.information.diagonal, point.squares.diagonal)
    error = 1.0 / np.sqrt(np.maximum(known, _NO_INFORMATION))
    return np.asarray(TOLERANCE * np.maximum(np.abs(rates), error), np.float64)


def _small_shared(shared: float, point: Point) -> float:
    known = max(point.information.corner, point.squares.corner, _NO_INFORMATION)
    return TOLERANCE * max(abs(shared), 1.0 / sqrt(known))


def _step(
    point: Point, rates: Numbers, shared: float, limits: Limits, shared_limits: Limits | None
) -> tuple[Numbers, float]:
    """Newton's step with what lies at a limit and pulls outwards held there."""
    free = ~_is_held(rates, point.gradient, limits)
    is_free = shared_limits is not None and not bool(
        _is_held(np.asarray(shared), np.asarray(point.shared_gradient), shared_limits)
    )
    information, squares = point.information, point.squares
    bad = ~(information.diagonal > 0.0)
    diagonal = np.where(bad, squares.diagonal, information.diagonal)
    border = np.where(bad, squares.border, information.border)
    curvature = Curvature(diagonal, border, information.corner)
    if is_free and not _rest(curvature, free) > 0.0:
        curvature = squares
    return solve(curvature, np.where(free, point.gradient, 0.0), point.shared_gradient, free,
                 is_free)  # fmt: skip


def _is_held(rates: Numbers, gradient: Numbers, limits: Limits) -> Flags:
    low = (rates <= limits.low) & (gradient <= 0.0)
    high = (rates >= limits.high) & (gradient >= 0.0)
    return np.asarray(low | high, np.bool_)


def _rest(curvature: Curvature, free: Flags) -> float:
    """Information on the shared rate that is left when the groups are fitted as well."""
    known = free & (curvature.diagonal > 0.0)
    diagonal = np.where(known, curvature.diagonal, 1.0)
    taken = np.where(known, curvature.border**2 / diagonal, 0.0).sum()
    rest = float(curvature.corner - taken)
    return rest if rest > _SINGULAR * curvature.corner else 0.0


def solve(
    curvature: Curvature, gradient: Numbers, shared_gradient: float, free: Flags, is_free: bool
) -> tuple[Numbers, float]:
    """Solve the bordered system for a step; what is held or has no information stays."""
    known = free & (curvature.diagonal > 0.0)
    inverse = np.where(known, 1.0 / np.where(known, curvature.diagonal, 1.0), 0.0)
    shared_step = 0.0
    rest = _rest(curvature, free) if is_free else 0.0
    if rest > 0.0:
        taken = float((curvature.border * inverse * gradient).sum())
        shared_step = (shared_gradient - taken) / rest
    return (gradient - curvature.border * shared_step) * inverse, shared_step


def variances(curvature: Curvature, is_free: bool) -> tuple[Numbers, Numbers, float]:
    """Invert the bordered matrix.

    Returns
    -------
    variance, covariance, shared_variance : ndarray (m,), ndarray (m,), float
        Of the rates, of each with the shared one, and of that; NaN where the matrix has no
        inverse, and 0 for a shared rate that is not free.
    """
    known = curvature.diagonal > 0.0
    inverse = np.where(known, 1.0 / np.where(known, curvature.diagonal, 1.0), np.nan)
    if not is_free:
        return inverse, np.zeros(inverse.shape), 0.0
    rest = _rest(curvature, known)
    shared = 1.0 / rest if rest > 0.0 else np.nan
    slope = -curvature.border * inverse
    return inverse + slope**2 * shared, slope * shared, shared


def _search(
    likelihood: Likelihood,
    old: Point,
    start: tuple[Numbers, float],
    step: tuple[Numbers, float],
    limits: Limits,
    shared_limits: Limits,
    active: Flags,
) -> Ascent:
    """Go along the step, and halve it where the likelihood would fall.

    Groups are halved one by one, all together where the shared rate moves.
    """
    together = step[1] != 0.0
    part = np.where(active, 1.0, 0.0)
    waiting = active.copy()
    point, rates, shared = old, start[0], start[1]
    for halving in range(_HALVINGS):
        rates = np.where(part > 0.0, np.clip(start[0] + part * step[0], *limits), start[0])
        if together:
            shared = float(np.clip(start[1] + 0.5**halving * step[1], *shared_limits))
        point = merged(point, likelihood(rates, shared, waiting), waiting)
        waiting = _falls(point, old, together) & active
        if not waiting.any():
            return Ascent(rates, shared, point, 0, active)
        part = np.where(waiting, 0.5 * part, part)
    rates = np.where(waiting, start[0], rates)
    return Ascent(rates, start[1] if together else shared, merged(point, old, waiting), 0, active)


def _falls(new: Point, old: Point, together: bool) -> Flags:
    """Tell which groups (all or none where they move together) lost likelihood."""
    if together:
        allowed = _ROUNDING * float(np.abs(old.value).sum())
        falls = not float(new.value.sum()) >= float(old.value.sum()) - allowed
        return np.full(new.value.shape, falls)
    return ~(new.value >= old.value - _ROUNDING * np.abs(old.value))


def merged(old: Point, new: Point, chosen: Flags) -> Point:
    """Take the new point for the chosen groups; sums over groups come from the new one."""
    return Point(
        np.where(chosen, new.value, old.value),
        np.where(chosen, new.gradient, old.gradient),
        new.shared_gradient,
        _merged(old.information, new.information, chosen),
        _merged(old.squares, new.squares, chosen),
    )


def _merged(old: Curvature, new: Curvature, chosen: Flags) -> Curvature:
    return Curvature(
        np.where(chosen, new.diagonal, old.diagonal),
        np.where(chosen, new.border, old.border),
        new.corner,
    )
