"""What the stages of a batch hand to its products and to its record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..astrometry.solution import Solution
    from .fast import FastPhotometry
    from .following import Following
    from .sky_of_batch import BatchSky
    from .slow import BinnedPoints


@dataclass(frozen=True, eq=False)
class Measured:
    """All that was measured in a batch.

    Parameters
    ----------
    solution : Solution
        Of single frames.
    fast : FastPhotometry
    binned : BinnedPoints
    sky : BatchSky
        Stars on the chip.
    following : Following
        Which frames the solution does not hold for.
    """

    solution: Solution
    fast: FastPhotometry
    binned: BinnedPoints
    sky: BatchSky
    following: Following
