"""IRAF's zscale: limits that show the sky and what is a little brighter, from a small sample.

The algorithm is that of IRAF's `display` task (NOAO, ``pkg/images/tv/display/zscale.x``),
which DS9 follows: fit a line to the sorted sample, reject what lies off it, take the limits
where the line divided by the contrast crosses the ends of the sample.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONTRAST = 0.25
SAMPLES = 600
LINE_SAMPLES = 120

_MAX_REJECTED = 0.5
_MIN_PIXELS = 5
_SIGMAS = 2.5
_GROW = 0.01
_ROUNDS = 5


def sample_grid(
    shape: tuple[int, int], samples: int = SAMPLES, per_line: int = LINE_SAMPLES
) -> tuple[slice, slice]:
    """Rows and columns of the frame that IRAF samples.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns of the frame.
    samples, per_line : int
        Pixels wanted in all, and on each line.
    """
    rows, columns = shape
    # DS9 takes at most every second pixel of a line, and never the last line.
    column_step = max(2, -(-columns // min(columns, per_line)))
    on_line = -(-columns // column_step)
    wanted = max(samples // per_line, min(rows, -(-samples // on_line)), 1)
    row_step = max(2, rows // wanted)
    first = (row_step + 1) // 2 - 1
    return slice(first, max(rows - 1, first + 1), row_step), slice(None, None, column_step)


def zscale(sample: NDArray[np.floating], contrast: float = CONTRAST) -> tuple[float, float]:
    """Limits of a sample of pixel values.

    Parameters
    ----------
    sample : ndarray
        Pixel values in any order; what is not finite is left out.
    contrast : float
        Slope adjustment, 0 to 1; DS9's and IRAF's default is 0.25.

    Returns
    -------
    low, high : float
        In the sample's units; (0, 0) for an empty sample.
    """
    ordered = np.sort(sample[np.isfinite(sample)].astype(np.float64))
    count = ordered.size
    if count == 0:
        return 0.0, 0.0
    low, high = float(ordered[0]), float(ordered[-1])
    slope, good = _fit_line(ordered)
    if good < max(_MIN_PIXELS, int(count * _MAX_REJECTED)):
        return low, high
    if contrast > 0:
        slope /= contrast
    centre = max(1, (count + 1) // 2)
    middle = float(np.median(ordered))
    return (
        max(low, middle - (centre - 1) * slope),
        min(high, middle + (count - centre) * slope),
    )


def _fit_line(ordered: NDArray[np.float64]) -> tuple[float, int]:
    """Slope per pixel of the sorted sample and the number of pixels kept."""
    count = ordered.size
    if count == 1:
        return 0.0, 1
    x = np.linspace(-1.0, 1.0, count)
    least = max(_MIN_PIXELS, int(count * _MAX_REJECTED))
    grow = max(1, int(count * _GROW + 0.5))
    kept, quiet = np.ones(count, bool), np.ones(count, bool)
    zero, slope = _straight_line(x, ordered)
    good, before = count, count + 1
    for _ in range(_ROUNDS):
        if good >= before or good < least:
            break
        before = good
        residual = ordered - (zero + slope * x)
        outliers = kept & (np.abs(residual) > _SIGMAS * _scatter(residual[kept & quiet]))
        kept &= ~_spread(outliers, grow, 0)
        quiet &= ~_spread(outliers, 0, grow - 1)
        good = int(kept.sum())
        if good > 1:
            zero, slope = _straight_line(x[kept], ordered[kept])
    return slope * 2 / (count - 1), good


def _scatter(residual: NDArray[np.float64]) -> float:
    return float(residual.std(ddof=1)) if residual.size > 1 else 0.0


def _spread(flags: NDArray[np.bool_], back: int, forward: int) -> NDArray[np.bool_]:
    """Flags and so many neighbours before and behind each.

    An outlier and the pixels before it are rejected for good; those behind it only take no
    part in the scatter, and are one fewer. That is what DS9 does, found by comparison.
    """
    places = np.flatnonzero(flags)
    # +1 where a run of flags begins, -1 behind its end.
    change = np.zeros(flags.size + 1, np.int64)
    np.add.at(change, np.maximum(places - back, 0), 1)
    np.add.at(change, np.minimum(places + forward + 1, flags.size), -1)
    return np.asarray(np.cumsum(change[:-1]) > 0)


def _straight_line(x: NDArray[np.float64], z: NDArray[np.float64]) -> tuple[float, float]:
    mean_x, mean_z = float(x.mean()), float(z.mean())
    spread = float(((x - mean_x) ** 2).sum())
    slope = float(((x - mean_x) * (z - mean_z)).sum()) / spread if spread > 0 else 0.0
    return mean_z - slope * mean_x, slope
