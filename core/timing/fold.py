"""Values of frames folded into bins of phase, spread over the turns that a frame lasted.

A frame of mid-exposure phase p that lasted s turns covers [p - s/2, p + s/2]. A bin gets the
share of the frame that falls into it, so that sums and exposures are conserved, also for frames
that last longer than a turn. With s = 0 a frame goes whole into the bin that holds p; bin j of n
holds phases from j/n to below (j+1)/n, and what rounds to a whole turn belongs to bin 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import NightglassError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]


MOST_BINS = 1_000_000


@dataclass(frozen=True, eq=False)
class Folded:
    """Sums over the bins of a turn; those of parts of the frames may be added.

    Attributes
    ----------
    sums : ndarray of float64, shape (rows, n_bins)
        Values times the shares of their frames.
    variances : ndarray of float64, shape (rows, n_bins)
        Of `sums`: values' variances times squared shares. A frame split over two bins makes
        these correlated, which is not kept. NaN where no variances were given.
    exposure_s : ndarray of float64, shape (n_bins,)
        Exposures times shares.
    counts : ndarray of float64, shape (n_bins,)
        Frames, in shares.
    """

    sums: Numbers
    variances: Numbers
    exposure_s: Numbers
    counts: Numbers

    @property
    def n_bins(self) -> int:
        """Bins in a turn."""
        return self.counts.size

    @property
    def rate(self) -> Numbers:
        """Values per second, shape (rows, n_bins); NaN in a bin without exposure."""
        return self._per_second(self.sums)

    @property
    def error(self) -> Numbers:
        """Standard deviation of `rate`."""
        return self._per_second(np.sqrt(self.variances))

    def _per_second(self, values: Numbers) -> Numbers:
        exposed = np.broadcast_to(self.exposure_s > 0, values.shape)
        rates = np.full(values.shape, np.nan)
        np.divide(values, self.exposure_s, out=rates, where=exposed)
        return rates

    def __add__(self, other: Folded) -> Folded:
        """Add up two parts; in a fixed order of parts the result is the same to the last bit.

        Raises
        ------
        NightglassError
            If bins or rows differ.
        """
        if self.sums.shape != other.sums.shape:
            raise NightglassError(
                "Cannot add folded values",
                f"One has {_told(self)}, the other {_told(other)}.",
                "Fold both with the same number of bins.",
            )
        return Folded(
            self.sums + other.sums,
            self.variances + other.variances,
            self.exposure_s + other.exposure_s,
            self.counts + other.counts,
        )


def fold(
    phase: ArrayLike,
    values: ArrayLike,
    exposure_s: ArrayLike,
    n_bins: int,
    *,
    smear_turns: ArrayLike = 0.0,
    variances: ArrayLike | None = None,
) -> Folded:
    """Fold the values of frames.

    Parameters
    ----------
    phase : array_like, shape (n,)
        Mid-exposure phase in turns; whole turns do not matter.
    values : array_like, shape (n,) or (rows, n)
        What was counted in each frame. A frame with any value, variance, phase or exposure that
        is not finite is left out of all rows, with its exposure.
    exposure_s : array_like, shape (n,) or one for all
        Seconds.
    n_bins : int
        Bins in a turn.
    smear_turns : array_like, shape (n,) or one for all
        Turns that a frame lasted: exposure times spin frequency. Not negative.
    variances : array_like of the shape of `values`, or None
        Of `values`.

    Returns
    -------
    Folded

    Raises
    ------
    NightglassError
        If there is no bin or too many, a frame lasts a negative time, or the shapes do not fit.

    Notes
    -----
    Frames are added in their order by one thread. To use more threads, fold parts of the frames
    and add the parts in their order.
    """
    from .fold_kernels import fold_frames, fold_short_frames

    if not 1 <= n_bins <= MOST_BINS:
        raise _refusal(f"{n_bins} bins are not between 1 and {MOST_BINS}")
    turns = _numbers(phase)
    rows = np.atleast_2d(_numbers(values))
    spread = np.atleast_2d(_numbers(variances)) if variances is not None else rows[:0]
    smear, exposure = np.atleast_1d(_numbers(smear_turns)), np.atleast_1d(_numbers(exposure_s))
    _check(turns, rows, spread, smear, exposure)
    out = np.zeros((4 * n_bins + 1, 2 + len(rows) + len(spread)))
    covers = np.zeros(2 * n_bins, np.int64)
    if len(rows) == 1 and n_bins > 1 and smear.max(initial=0.0) * n_bins <= 1.0:
        fold_short_frames(turns, smear, exposure, rows[0], spread.ravel(), out)
    else:
        fold_frames(turns, smear, exposure, rows, spread, out, covers)
    counts, seconds, *sums = _collected(out, covers)
    unknown = np.full((len(rows), n_bins), np.nan)
    squares = np.array(sums[len(rows) :]) if variances is not None else unknown
    return Folded(np.array(sums[: len(rows)]), squares, seconds, counts)


def _numbers(values: ArrayLike) -> Numbers:
    return np.ascontiguousarray(values, np.float64)


def _collected(out: Numbers, covers: NDArray[np.int64]) -> Numbers:
    """Bring together what the kernel left, shape (2 + rows, n_bins)."""
    twice = covers.size
    running = np.cumsum(out[twice:-1], axis=0)
    # Rounding leaves a trace of what came and went; where nothing is, nothing shall be.
    running[np.cumsum(covers) == 0] = 0.0
    first, second = np.split(out[:twice] + running, 2)
    return np.ascontiguousarray((first + second + out[-1]).T)


def _check(
    phase: Numbers, rows: Numbers, variances: Numbers, smear: Numbers, exposure: Numbers
) -> None:
    frames = phase.size
    fits = phase.ndim == 1 and rows.shape[1:] == (frames,) and variances.shape[1:] == (frames,)
    fits &= len(rows) > 0 and len(variances) in {0, len(rows)}
    if not fits or any(part.shape not in {(1,), (frames,)} for part in (smear, exposure)):
        shapes = ", ".join(str(part.shape) for part in (phase, rows, variances, exposure, smear))
        raise _refusal(f"the shapes of phases, values and the rest do not fit: {shapes}")
    if (smear < 0).any():
        raise _refusal("a frame lasts a negative number of turns")


def _told(folded: Folded) -> str:
    return f"{len(folded.sums)} rows of {folded.n_bins} bins"


def _refusal(text: str) -> NightglassError:
    return NightglassError("Cannot fold", f"{text[0].upper()}{text[1:]}.")
