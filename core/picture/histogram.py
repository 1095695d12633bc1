"""How many pixels have which value, for the panel where limits are dragged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BINS = 256
_MARGIN = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Counts of pixels in equal bins.

    Attributes
    ----------
    low, high : float
        Outer edges, in the frame's units.
    counts : int64 ndarray, shape (n,)
        Sampled pixels in each bin.
    below, above : int
        Sampled pixels outside the edges.
    """

    low: float
    high: float
    counts: NDArray[np.int64]
    below: int
    above: int

    def edges(self) -> NDArray[np.float64]:
        """Edges of the bins, shape (n + 1,)."""
        return np.linspace(self.low, self.high, self.counts.size + 1)


def histogram(
    values: NDArray[np.floating], low: float, high: float, bins: int = _BINS
) -> Histogram:
    """Histogram over the limits and half their distance more on both sides.

    Parameters
    ----------
    values : ndarray
        Finite pixel values.
    low, high : float
        Limits of the picture, high above low.
    bins : int
        Number of bins.
    """
    margin = _MARGIN * (high - low)
    begin, end = low - margin, high + margin
    counts, _ = np.histogram(values, bins=bins, range=(begin, end))
    below, above = int((values < begin).sum()), int((values > end).sum())
    return Histogram(begin, end, counts.astype(np.int64), below, above)
