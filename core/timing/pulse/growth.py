"""How the significance of a pulse grows with time, and when it will be enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from .measured import SNR_OF_PULSE, SNR_RANGES_TEXT, SNR_TEXT, ratio, root_error, snr_scale
from .moments import HARMONICS, sums_of_h
from .ranges import on_off_weights
from .smearing import binned_powers, chi_square, variance_of_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .ranges import PhaseRange

    Numbers = NDArray[np.float64]

GOAL = SNR_OF_PULSE
"""S/N that is foretold."""
MOST_TIMES = 200
_LEAST_TIMES = 4
_SURE = 2.0

State = Literal["reached", "ahead", "unknown", "none"]


@dataclass(frozen=True)
class Forecast:
    """When S/N 5 is there.

    Attributes
    ----------
    state : {"reached", "ahead", "unknown", "none"}
        Already, will be, cannot be said yet, or no pulse seen.
    seconds : float
        Of exposure since the start at which S/N is 5; with "none" it takes longer than this; NaN
        if unknown.
    text : str
        The sentence for the observer.
    """

    state: State
    seconds: float
    text: str


@dataclass(frozen=True, eq=False)
class Growth:
    """Significance of all light until a time, shape (n,) each.

    Attributes
    ----------
    seconds : ndarray of float64
        Of exposure since the start, ascending.
    frames : ndarray of float64
    snr : ndarray of float64
        Signal-to-noise ratio, see `text`.
    reduced_chi2 : ndarray of float64
        Chi-square a degree of freedom; NaN where there is none yet.
    h : ndarray of float64
        H of the binned light.
    slope, slope_error : float
        Of S/N = slope sqrt(seconds); NaN where it cannot be told.
    forecast : Forecast
    text : str
        What S/N means.
    """

    seconds: Numbers
    frames: Numbers
    snr: Numbers
    reduced_chi2: Numbers
    h: Numbers
    slope: float
    slope_error: float
    forecast: Forecast
    text: str


def growth_of(
    sums: Numbers,
    variances: Numbers,
    shares: Numbers,
    seconds: Numbers,
    *,
    smear_turns: float = 0.0,
    on: PhaseRange | None = None,
    off: PhaseRange | None = None,
    most: int = MOST_TIMES,
) -> Growth:
    """Follow the significance through pieces of a fold.

    Parameters
    ----------
    sums, variances, shares : ndarray of float64, shape (n_pieces, n_bins)
        Of each piece alone, in order of time.
    seconds : ndarray of float64, shape (n_pieces,)
        Of exposure since the start, at the end of each piece.
    smear_turns : float
        Turns that a frame lasts.
    on, off : PhaseRange or None
        On which S/N is measured; without any it is that of chi-square.
    most : int
        Times at most, spread evenly over the root of time.
    """
    ends = _ends(seconds, shares, most)
    lit, spread, frames = (_cumulated(part, ends) for part in (sums, variances, shares))
    chi2, dof = chi_square(lit, spread, frames, smear_turns)
    at = np.asarray(seconds[ends], np.float64)
    by_ranges = on is not None or off is not None
    if by_ranges:
        snr, fit = _by_ranges(at, lit, spread, frames, smear_turns, on, off)
    else:
        snr, fit = _by_chi_square(at, chi2, dof)
    return Growth(
        at,
        frames.sum(axis=1),
        snr,
        ratio(chi2, dof),
        _h(lit, spread, frames, smear_turns),
        fit.slope,
        fit.error,
        _forecast(at, snr, fit),
        SNR_RANGES_TEXT if by_ranges else SNR_TEXT,
    )


def _ends(seconds: Numbers, shares: Numbers, most: int) -> NDArray[np.int64]:
    """Give the pieces after which to look, of those with frames; the last is among them."""
    lit = np.flatnonzero(shares.sum(axis=1) > 0.0)
    if lit.size <= most:
        return lit
    roots = np.sqrt(np.maximum(seconds[lit], 0.0))
    wanted = np.linspace(roots[0], roots[-1], most)
    return np.asarray(lit[np.unique(np.searchsorted(roots, wanted).clip(0, lit.size - 1))])


def _cumulated(part: Numbers, ends: NDArray[np.int64]) -> Numbers:
    """Sum of all pieces up to each end, shape (n, n_bins)."""
    if ends.size == 0:
        return np.zeros((0, part.shape[1]))
    starts = np.concatenate([[0], ends[:-1] + 1])
    return np.asarray(np.cumsum(np.add.reduceat(part[: ends[-1] + 1], starts, axis=0), axis=0))


def _h(lit: Numbers, spread: Numbers, frames: Numbers, smear_turns: float) -> Numbers:
    powers = binned_powers(lit, spread, frames, smear_turns, HARMONICS)
    return np.asarray(sums_of_h(powers).max(axis=1))


@dataclass(frozen=True)
class _Fit:
    """S/N = slope sqrt(seconds).

    `is_seen` where the pulse is two errors from none, `at_most` two errors above the slope.
    """

    slope: float = math.nan
    error: float = math.nan
    is_seen: bool = False
    at_most: float = math.nan


def _by_ranges(
    at: Numbers,
    lit: Numbers,
    spread: Numbers,
    frames: Numbers,
    smear_turns: float,
    on: PhaseRange | None,
    off: PhaseRange | None,
) -> tuple[Numbers, _Fit]:
    """S/N and its fit: least squares of the difference of light, which grows evenly."""
    weights = on_off_weights(frames, on, off)
    known = np.isfinite(weights).all(axis=1, keepdims=True)
    weights = np.where(known, weights, 0.0)
    error = np.sqrt(variance_of_sum(weights, spread, smear_turns))
    snr = ratio((weights * lit).sum(axis=1), error)
    good = np.isfinite(snr) & (at > 0.0)
    if not good.any():
        return snr, _Fit()
    times = at[good]
    total = float(times.sum())
    slope = float((snr[good] * np.sqrt(times)).sum()) / total
    doubt = math.sqrt(float(_least(times).sum())) / total
    return snr, _Fit(slope, doubt, slope > _SURE * doubt, slope + _SURE * doubt)


def _by_chi_square(at: Numbers, chi2: Numbers, dof: Numbers) -> tuple[Numbers, _Fit]:
    """S/N and its fit: least squares of the excess of chi-square, which grows evenly."""
    scale = snr_scale(dof)
    power = scale * (chi2 - dof)
    snr = np.sqrt(np.maximum(power, 0.0))
    good = np.isfinite(power) & (at > 0.0)
    if not good.any():
        return snr, _Fit()
    times, last = at[good], float(scale[good][-1])
    total, least = float(times.sum()), _least(times)
    rate = float(power[good].sum()) / total
    noise = 2.0 * float(dof[good][-1]) * (least / np.maximum(times[:, None], times)).sum()
    pulse = 4.0 * max(rate, 0.0) / last * least.sum()
    alone = last * math.sqrt(float(noise)) / total
    spread = last * math.sqrt(float(noise + pulse)) / total
    slope = math.sqrt(max(rate, 0.0))
    at_most = math.sqrt(max(rate, 0.0) + _SURE * spread)
    return snr, _Fit(slope, root_error(slope, spread), rate > _SURE * alone, at_most)


def _least(times: Numbers) -> Numbers:
    """Covariance of sums that grew until these times, shape (n, n)."""
    return np.minimum(times[:, None], times)


def _forecast(seconds: Numbers, snr: Numbers, fit: _Fit) -> Forecast:
    """Tell when S/N is 5, from how it grew; times are seconds of exposure."""
    good = np.isfinite(snr)
    if good.sum() < _LEAST_TIMES:
        return _unknown()
    times, values = seconds[good], snr[good]
    now = float(times[-1])
    if values[-1] >= GOAL:
        below = np.flatnonzero(values < GOAL)
        since = float(times[below[-1] + 1]) if below.size else float(times[0])
        return Forecast("reached", since, f"5 sigma was reached after {_told(since)}.")
    if fit.is_seen:
        at = (GOAL / fit.slope) ** 2
        if at <= now:
            # The curve has fallen behind its fit; what it is now counts.
            at = now * (GOAL / max(float(values[-1]), 1.0)) ** 2
        return Forecast(
            "ahead", at, f"5 sigma in about {_told(at - now)} more, {_told(at)} in all."
        )
    least = (GOAL / fit.at_most) ** 2 if fit.at_most > 0.0 else math.inf
    if least > 2.0 * now:
        return Forecast("none", least, _nothing(now, least))
    return _unknown()


def _unknown() -> Forecast:
    return Forecast("unknown", math.nan, "When 5 sigma will be reached cannot be said yet.")


def _nothing(now: float, least: float) -> str:
    seen = f"No pulse seen in {_told(now)}"
    return (
        f"{seen}; 5 sigma would take more than {_told(least)}." if least < math.inf else f"{seen}."
    )


def _told(seconds: float) -> str:
    """Give a time in the unit that suits it."""
    if seconds < 90.0:
        return f"{seconds:.0f} s" if seconds >= 10.0 else f"{seconds:.1f} s"
    if seconds < 5400.0:
        return f"{seconds / 60.0:.0f} min" if seconds >= 600.0 else f"{seconds / 60.0:.1f} min"
    hours = seconds / 3600.0
    return f"{hours:.1f} h" if hours < 100.0 else f"{hours / 24.0:,.0f} d"
