"""When the simulated camera exposes, and what its own clock says then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .hashing import Stream
from .instant import DAY_S, parse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .settings import CaptureSettings


def mid_exposures(
    settings: CaptureSettings, frames: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """True mid-exposure of the middle row of camera frames.

    The rolling shutter reaches the middle row half a readout after the first one, so the
    middle of its exposure is start + frame * interval + exposure / 2 + readout / 2.

    Parameters
    ----------
    settings : CaptureSettings
    frames : int64 (n,)
        Camera frame numbers from 0.

    Returns
    -------
    day : int64 (n,)
        MJD day (UTC).
    seconds : float64 (n,)
        Seconds of that day.
    """
    start = parse(settings.start)
    middle = (settings.exposure_s + settings.readout_s) / 2
    since = start.seconds + (frames * settings.interval_s + middle)
    days = np.floor(since / DAY_S).astype(np.int64)
    return start.day + days, np.asarray(since - days * DAY_S, dtype=np.float64)


def clock_zero_us(settings: CaptureSettings) -> int:
    """Camera-clock microseconds of the first stamp: arbitrary before December 2025, then 0."""
    if settings.era == "2025-12":
        return 0
    return 10_000_000 + int(Stream(settings.seed, "camera clock").unit() * 3.99e9)


def timestamps(settings: CaptureSettings, bundles: NDArray[np.int64]) -> NDArray[np.float64]:
    """TIMESTAMP column: start of each bundle on the camera clock, to its 1 microsecond.

    Parameters
    ----------
    settings : CaptureSettings
    bundles : int64 (n,)
        Camera bundle numbers from 0.

    Returns
    -------
    float64 (n,)
        Seconds plus 1e-6 times microseconds, added as the acquisition program adds them.
    """
    step_us = settings.bundle * settings.interval_s * 1e6
    stamp = np.rint(bundles * step_us).astype(np.int64) + clock_zero_us(settings)
    return np.asarray(stamp // 1_000_000 + (stamp % 1_000_000) * 1e-6)
