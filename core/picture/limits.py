"""Which counts become the first and the last colour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from .counts import Correction, Counts, counts_of
from .zscale import CONTRAST, LINE_SAMPLES, SAMPLES, sample_grid, zscale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..frames.encoding import Encoding

Mode = Literal["zscale", "minmax", "percentile", "manual"]
PERCENTILES: Final = (90.0, 95.0, 98.0, 99.0, 99.5, 99.9)

# Beyond this many pixels a percentile no longer moves by anything the eye can see.
_PERCENTILE_SAMPLE = 1 << 20
_VALUE_SAMPLE = 1 << 18


@dataclass(frozen=True, slots=True)
class Limits:
    """How to find the limits of a picture.

    Attributes
    ----------
    mode : str
        "zscale", "minmax", "percentile" or "manual".
    percent : float
        Share of the pixels between the limits, for "percentile"; as many lie below as above.
    low, high : float
        The limits themselves, for "manual", in the frame's units.
    contrast, samples, per_line : float, int, int
        The parameters of zscale.
    """

    mode: Mode = "zscale"
    percent: float = 99.5
    low: float = 0.0
    high: float = 1.0
    contrast: float = CONTRAST
    samples: int = SAMPLES
    per_line: int = LINE_SAMPLES


def find_limits(
    frame: NDArray[Any],
    limits: Limits,
    encoding: Encoding | None = None,
    correction: Correction | None = None,
) -> tuple[float, float]:
    """Find the values shown in the first and the last colour.

    Parameters
    ----------
    frame : ndarray, shape (rows, columns)
        Stored numbers of `encoding`, or values.
    limits : Limits
    encoding : Encoding or None
    correction : Correction or None
        Applied before the limits are found.

    Returns
    -------
    low, high : float
        Finite, in the frame's units, high above low: (c, c + 1) for a constant frame, (0, 1)
        for one without numbers.
    """
    return limits_of(counts_of(frame, encoding), limits, correction)


def limits_of(
    counts: Counts, limits: Limits, correction: Correction | None = None
) -> tuple[float, float]:
    """As `find_limits`, for a frame that is ready for the kernels."""
    if limits.mode == "manual":
        return apart(limits.low, limits.high)
    if limits.mode == "zscale":
        grid = sample_grid(_shape(counts), limits.samples, limits.per_line)
        return apart(*zscale(sample(counts, grid, correction), limits.contrast))
    if limits.mode == "minmax":
        return apart(*_extremes(counts, correction))
    return apart(*_percentiles(counts, limits.percent, correction))


def apart(low: float, high: float) -> tuple[float, float]:
    """The same limits, in order and never equal."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return 0.0, 1.0
    low, high = min(low, high), max(low, high)
    # One unit, or as little as the numbers can still tell apart.
    return (low, high) if high > low else (low, low + max(1.0, 4 * math.ulp(low)))


def even_grid(shape: tuple[int, int], most: int) -> tuple[slice, slice]:
    """Rows and columns of an even sample of at most about `most` pixels."""
    step = max(1, math.ceil(math.sqrt(shape[0] * shape[1] / most)))
    return slice(step // 2 if step <= shape[0] else 0, None, step), slice(None, None, step)


def sample(
    counts: Counts, where: tuple[slice, slice], correction: Correction | None = None
) -> NDArray[np.float64]:
    """Finite values of a part of the frame, corrected, as one row."""
    values = counts.values(where)
    if correction is not None:
        values = correction.apply(values, where)
    return values[np.isfinite(values)]


def _shape(counts: Counts) -> tuple[int, int]:
    rows, columns = counts.pixels.shape
    return rows, columns


def _extremes(counts: Counts, correction: Correction | None) -> tuple[float, float]:
    if correction is not None or not counts.are_integers:
        values = sample(counts, (slice(None), slice(None)), correction)
        return (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    from . import kernels

    ends = kernels.count_range(counts.pixels, counts.swap, counts.flip)
    low, high = (counts.scale * int(end) + counts.offset for end in ends)
    return low, high


def _percentiles(
    counts: Counts, percent: float, correction: Correction | None
) -> tuple[float, float]:
    tail = (100.0 - min(max(percent, 0.0), 100.0)) / 200
    if correction is None and counts.are_integers:
        low, high = _count_quantiles(counts, tail)
        return counts.scale * low + counts.offset, counts.scale * high + counts.offset
    values = sample(counts, even_grid(_shape(counts), _VALUE_SAMPLE), correction)
    if values.size == 0:
        return 0.0, 1.0
    outside = int(tail * values.size)
    ends = outside, values.size - 1 - outside
    ordered = np.partition(values, ends)
    return float(ordered[ends[0]]), float(ordered[ends[1]])


def _count_quantiles(counts: Counts, tail: float) -> tuple[int, int]:
    """Counts with at most a share `tail` of the pixels below, and above."""
    some = counts.integers(even_grid(_shape(counts), _PERCENTILE_SAMPLE))
    growing = np.cumsum(np.bincount(some.ravel(), minlength=1 << 16))
    outside = tail * some.size
    low = np.searchsorted(growing, outside, side="right")
    high = np.searchsorted(growing, some.size - outside, side="left")
    return int(low), int(high)
