"""What is drawn of a light curve: points of a camera in an aperture, with their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

AxisKind = Literal["hours", "number", "whole", "phase"]


@dataclass(frozen=True, eq=False)
class PointSet:
    """Points that look alike.

    Attributes
    ----------
    name : str
        For the legend.
    camera : str
        Id; it gives colour and glyph.
    rank : int
        0 in front, 1 and more paler and smaller behind.
    x, y, error : ndarray of float64, shape (n,)
        On the axes; errors are NaN where there are none.
    is_flagged : ndarray of bool, shape (n,)
    place : ndarray of int, shape (n,)
        Which point of the curve it is; -1 for a mean of several.
    is_binned : bool
        Whether these are medians of others.
    """

    name: str
    camera: str
    rank: int
    x: Floats
    y: Floats
    error: Floats
    is_flagged: NDArray[np.bool_]
    place: NDArray[np.integer[Any]]
    is_binned: bool = False


@dataclass(frozen=True)
class PlotAxis:
    """Name and unit of an axis, and how its numbers are written."""

    name: str
    unit: str
    kind: AxisKind = "number"


@dataclass(frozen=True, eq=False)
class CurveContent:
    """All that a plot of a light curve shows.

    Attributes
    ----------
    sets : tuple of PointSet
        Those behind come first.
    x_axis, y_axis : PlotAxis
    is_upside_down : bool
        Whether small numbers are on top, as with magnitudes.
    """

    sets: tuple[PointSet, ...]
    x_axis: PlotAxis
    y_axis: PlotAxis
    is_upside_down: bool = False

    def x_ends(self) -> tuple[float, float] | None:
        """First and last place with a point; None without any."""
        known = [one.x[np.isfinite(one.y) & np.isfinite(one.x)] for one in self.sets]
        return _ends(np.concatenate([np.empty(0), *known]))

    def y_ends(self, left: float, right: float) -> tuple[float, float] | None:
        """Lowest and highest value between two places, without the few that are far off.

        Flagged points count where there are no others.
        """
        for with_flagged in (False, True):
            parts = [_values(one, left, right, with_flagged) for one in self.sets]
            every = np.concatenate([np.empty(0), *parts])
            if len(every):
                return _usual_ends(every)
        return None


def _values(one: PointSet, left: float, right: float, with_flagged: bool) -> Floats:
    is_seen = (one.x >= left) & (one.x <= right) & np.isfinite(one.y)
    return one.y[is_seen if with_flagged else is_seen & ~one.is_flagged]


FAR = 8.0
"""Points are far off that are so many times the usual spread away from the middle half."""


def _usual_ends(values: Floats) -> tuple[float, float]:
    low, high = np.percentile(values, (25.0, 75.0)).tolist()
    reach = FAR * (high - low)
    if reach > 0.0:
        values = values[(values >= low - reach) & (values <= high + reach)]
    return float(values.min()), float(values.max())


def _ends(values: Floats) -> tuple[float, float] | None:
    return (float(values.min()), float(values.max())) if len(values) else None
