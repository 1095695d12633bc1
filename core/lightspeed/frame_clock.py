"""Times of the frames a data set uses: cubes in any order, some several times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..frames.times import FrameTime, FrameTimes, normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .capture import Capture
    from .cube import CubeHeader
    from .options import ReadOptions
    from .times import TimeModel


@dataclass(frozen=True, eq=False)
class FrameClock:
    """What turns the stamps of a data set into times.

    Attributes
    ----------
    model : TimeModel
        Of the whole capture; its constant term holds the timing offset.
    clock_s : ndarray of float64, shape (bundles in use,)
        TIMESTAMP of each bundle.
    """

    model: TimeModel
    clock_s: NDArray[np.float64]

    @classmethod
    def of(cls, capture: Capture, cubes: Sequence[CubeHeader], options: ReadOptions) -> FrameClock:
        """Make the clock of some cubes of a capture."""
        model = capture.time_model()
        if options.conventions.exposure_is_spacing:
            model = replace(model, interval_s=capture.exposure_s or 0.0)
        model = replace(model, constant_s=model.constant_s - options.timing_offset)
        stamps = [capture.stamps(cube).clock_s for cube in cubes]
        return cls(model, np.concatenate(stamps))

    def timestamps(self) -> NDArray[np.float64]:
        """Give mid-exposures in seconds after the camera's start, less the timing offset."""
        return self.model.elapsed(self.clock_s) + self.model.constant_s

    def utc(self) -> FrameTimes:
        """Give mid-exposures as UTC days and seconds."""
        return self.model.frame_times(self.clock_s)

    def instant(self, timestamp_s: float) -> FrameTime:
        """Give the UTC of a timestamp."""
        start = self.model.instant
        return normalised(start.day, start.seconds + timestamp_s)
