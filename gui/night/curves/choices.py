"""What an observer may choose about the plot of a light curve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ....core.mascara.browsing.values import BATCH_WIDTH

if TYPE_CHECKING:
    from ....core.mascara.browsing.curve import Kind
    from ....core.mascara.browsing.values import Axis, Quantity

ALL_APERTURES, LARGEST = None, -1
BATCH_MIN = 60.0 * BATCH_WIDTH["utc"]
MINUTES_A_DAY = 1440.0


@dataclass(frozen=True)
class PlotChoices:
    """What is plotted against what.

    Attributes
    ----------
    kind : {"fast", "slow"}
    what : str
        A key of `values.QUANTITIES`.
    aperture : int or None
        Which one; -1 for the largest, None for all at once.
    axis : str
        A key of `values.AXES`.
    has_bars, shows_flagged : bool
    bin_min : float
        Minutes that a median is taken over; 0 for none.
    period_d, epoch_jd : float
        For the phase; NaN where they are not known: the epoch is the first point then.
    """

    kind: Kind = "fast"
    what: Quantity = "flux"
    aperture: int | None = LARGEST
    axis: Axis = "utc"
    has_bars: bool = False
    shows_flagged: bool = True
    bin_min: float = 0.0
    period_d: float = math.nan
    epoch_jd: float = math.nan

    @property
    def bin_width(self) -> float:
        """Width of a bin in units of the axis; 0 for no bins."""
        if self.axis == "phase":
            width = self.bin_min / MINUTES_A_DAY / self.period_d
            return width if math.isfinite(width) else 0.0
        return BATCH_WIDTH[self.axis] * self.bin_min / BATCH_MIN
