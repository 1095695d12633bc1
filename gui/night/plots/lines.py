"""What is drawn in the plots of a night: lines and points of its cameras against UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ...timeline_curves import HOLE_STEPS
from ..glyphs import GLYPHS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Mark = Literal["line", "points", "dots", "rings"]


@dataclass(frozen=True, eq=False)
class PlotLine:
    """One row of numbers against time.

    Attributes
    ----------
    camera : str
        Id of the camera; empty for all of them together.
    name : str
        What the numbers are, where a plot shows several of a camera.
    hours, values : ndarray, shape (n,)
        Hours since 0 h UTC of the evening, ascending; not known is NaN.
    mark : {"line", "points", "dots", "rings"}
        A line; a line with a glyph on each point; glyphs without a line, filled or open.
    glyph : str
        One of `GLYPHS`.
    is_told : bool
        Whether the value at the cursor is written above the plot.
    stars : ndarray of int64, shape (n,), or None
        ASCC number of each point.
    """

    camera: str
    name: str
    hours: Floats
    values: Floats
    mark: Mark = "points"
    glyph: str = GLYPHS[0]
    is_told: bool = True
    stars: NDArray[np.int64] | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Which line of its plot it is."""
        return self.camera, self.name

    def says_the_same_as(self, other: PlotLine) -> bool:
        """Whether the other one draws the same points."""
        return (
            self.mark == other.mark
            and np.array_equal(self.hours, other.hours)
            and np.array_equal(self.values, other.values, equal_nan=True)
        )

    def at(self, hour: float) -> float:
        """Value nearest to a time; NaN where the next known one is farther than usual."""
        known = np.isfinite(self.values)
        hours, values = self.hours[known], self.values[known]
        if not len(hours):
            return float("nan")
        place = int(np.abs(hours - hour).argmin())
        return float(values[place]) if abs(hours[place] - hour) <= _reach(hours) else float("nan")

    @property
    def last(self) -> float:
        """Newest known value; NaN where there is none."""
        known = self.values[np.isfinite(self.values)]
        return float(known[-1]) if len(known) else float("nan")


def _reach(hours: Floats) -> float:
    """How far from its time a value still tells something: as far as a line would be drawn."""
    steps = np.diff(hours)
    usual = float(np.median(steps)) if len(steps) else 0.1
    return 0.5 * HOLE_STEPS * usual
