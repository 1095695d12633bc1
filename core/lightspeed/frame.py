"""One frame of a capture in electrons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..frames.times import FrameTime


class Frame:
    """One exposure.

    Parameters
    ----------
    image : ndarray of float64, shape (rows, columns)
        Electrons, with bias and dark taken off where there are any; NaN where a cosmic ray was
        cut. Neither the flat nor the internal quantum efficiency is applied.
    timestamp : float
        Seconds from the start of the first exposure of the capture to the middle of this one,
        less the timing offset.
    duration : float
        Exposure time in seconds.
    utc : FrameTime or None
        The same instant as UTC day (MJD) and seconds of that day, exact to the picosecond; None
        where nothing tells the date.
    is_saturated : bool
        Whether a pixel reached the full well or the end of the counts.
    """

    def __init__(
        self,
        image: NDArray[np.float64],
        timestamp: float,
        duration: float,
        *,
        utc: FrameTime | None = None,
        is_saturated: bool = False,
    ) -> None:
        self.image = image
        self.timestamp = timestamp
        self.duration = duration
        self.utc = utc
        self.is_saturated = is_saturated

    @property
    def time(self) -> Any:
        """Middle of the exposure as an astropy Time (UTC); None where the date is unknown."""
        if self.utc is None:
            return None
        from ..timing.nodes import utc_time

        return utc_time(*_arrays(self.utc))[0]


def _arrays(when: FrameTime) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    import numpy as np

    return np.array([when.day]), np.array([when.seconds])
