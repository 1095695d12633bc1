"""A profile as PRESTO's ``.bestprof``, which `prepfold` writes beside its plots.

The lines, their order and their formats are those of `write_bestprof` in PRESTO's
src/prepfold_plot.c; PRESTO's own reader is python/presto/bestprof.py. As for any fold on a par
file there, the epoch is topocentric and nothing barycentric is told.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ....frames.times import spread
from ....timing.grid import exact_mjd
from ...card_text import ascii_text
from ...products import new_file
from .provenance import require_finished
from .tables import require_suffix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ....frames.times import FrameTime
    from ....timing.edits import PivotedPhases
    from ..result import FoldResult, SourceFold
    from .provenance import Origin

    Numbers = NDArray[np.float64]

BESTPROF_SUFFIX = ".bestprof"
_LINE = "######################################################"
_UNKNOWN = "N/A"
_BINARY = ("P_orb (s)", "asin(i)/c (s)", "eccentricity", "w (rad)", "T_peri")
_BARYCENTRIC = ("P_bary (ms)", "P'_bary (s/s)", "P''_bary (s/s^2)")
# Frequencies are taken over seconds so short that no orbit bends them within.
_REACH_S = 1.0
# Over less the second derivative would be rounding.
_LEAST_SPAN_S = 60.0


def write_bestprof(
    result: FoldResult,
    fold: SourceFold,
    clock: PivotedPhases,
    path: str | Path,
    origin: Origin,
    *,
    clobber: bool = False,
) -> Path:
    """Write one profile as PRESTO does.

    Parameters
    ----------
    result : FoldResult
    fold : SourceFold
        One of its folds.
    clock : PivotedPhases
        That gave its phases: tells the derivative of the period seen at the telescope.
    path : path-like
        Ends in ``.bestprof``.
    origin : Origin
    clobber : bool
        Whether a file of this name may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    NightglassError
        If nothing is folded, the file exists or cannot be written; nothing is left then.
    """
    require_finished(result)
    path = Path(path)
    require_suffix(path, (BESTPROF_SUFFIX,), "a profile for PRESTO")
    text = "".join(f"{line}\n" for line in _lines(result, fold, clock, origin))
    with new_file(path, clobber=clobber) as temporary:
        temporary.write_text(text, encoding="ascii")
    return path


def equal_exposure(fold: SourceFold) -> Numbers:
    """Electrons of each bin had all bins been exposed alike, as PRESTO takes them, (n_bins,)."""
    profile = fold.profile
    return profile.rate * (float(profile.exposure_s.sum()) / profile.n_bins)


def _lines(
    result: FoldResult, fold: SourceFold, clock: PivotedPhases, origin: Origin
) -> Iterator[str]:
    yield _told("Input file", ascii_text(result.path.name))
    yield _told("Candidate", ascii_text(f"PSR_{fold.psr}"))
    yield _told("Telescope", ascii_text(origin.site.name))
    yield _told("Epoch_topo", f"{exact_mjd(*result.start):.12f}")
    yield _told("Epoch_bary", _UNKNOWN)
    yield from _statistics(result, fold)
    yield from _significance(fold)
    yield from _periods(result, clock)
    yield from (_told(name, _UNKNOWN) for name in (*_BARYCENTRIC, *_BINARY))
    yield _LINE
    yield from (
        f"{number:4d}  {value:.15g}" for number, value in enumerate(equal_exposure(fold).tolist())
    )


def _told(name: str, value: str) -> str:
    return f"# {name:<16} =  {value}"


def _statistics(result: FoldResult, fold: SourceFold) -> Iterator[str]:
    """Of the data, electrons a frame, and of the profile that noise would give."""
    moments, n_bins = fold.moments, fold.profile.n_bins
    frames = max(moments.frames, 1)
    mean, variance = moments.total / frames, moments.scatter / frames
    yield _told("T_sample", f"{result.interval_s:.6g}")
    yield _told("Data Folded", f"{moments.frames:.0f}")
    yield _told("Data Avg", f"{mean:<17.15g}")
    yield _told("Data StdDev", f"{math.sqrt(variance):<17.15g}")
    yield _told("Profile Bins", f"{n_bins}")
    yield _told("Profile Avg", f"{mean * moments.frames / n_bins:<17.15g}")
    yield _told("Profile StdDev", f"{math.sqrt(variance * moments.frames / n_bins):<17.15g}")


def _significance(fold: SourceFold) -> Iterator[str]:
    from ....timing.pulse.probability import chi2_log_probability, sigma_of_log

    chi = fold.profile.chi_square()
    sigma = sigma_of_log(chi2_log_probability(chi.chi2, chi.dof))
    yield _told("Reduced chi-sqr", f"{chi.reduced:.3f}")
    yield f"# {'Prob(Noise)':<16} <  {chi.probability:.3g}   (~{sigma:.1f} sigma)"


def _periods(result: FoldResult, clock: PivotedPhases) -> Iterator[str]:
    """Period at the telescope with its derivatives; they were not fitted, so without errors."""
    frequency_hz, derivative_hz_s, second_hz_s2 = seen_frequency(clock, result)
    period_s = 1.0 / frequency_hz
    first = -derivative_hz_s * period_s**2
    second = 2.0 * derivative_hz_s**2 * period_s**3 - second_hz_s2 * period_s**2
    for name, value in (
        ("P_topo (ms)", 1e3 * period_s), ("P'_topo (s/s)", first), ("P''_topo (s/s^2)", second),
    ):  # fmt: skip
        yield _told(name, f"{value:<17.15g} +/- 0")


def seen_frequency(clock: PivotedPhases, result: FoldResult) -> tuple[float, float, float]:
    """Spin frequency at the telescope at the start of a capture, and its two derivatives.

    A parabola through the frequency at start, middle and end of the capture (of a minute at least),
    Hz, Hz/s, Hz/s^2.
    """
    span_s = max(result.span_s, _LEAST_SPAN_S)
    offsets_s = np.array([0.0, 0.5, 1.0]) * span_s
    # Turns made in the reach to both sides: known but for whole turns, which the pivot tells.
    before = _phase(clock, result.start, offsets_s - _REACH_S)
    after = _phase(clock, result.start, offsets_s + _REACH_S)
    guess = 2.0 * _REACH_S * clock.frequency_hz
    turns = guess + _nearest(after - before - guess)
    second, first, start = np.polyfit(offsets_s, turns / (2.0 * _REACH_S), 2)
    return float(start), float(first), float(2.0 * second)


def _phase(clock: PivotedPhases, start: FrameTime, offsets_s: Numbers) -> Numbers:
    return clock.phase(*spread(start.day, start.seconds, offsets_s))


def _nearest(turns: Numbers) -> Numbers:
    return np.asarray(turns - np.round(turns))
