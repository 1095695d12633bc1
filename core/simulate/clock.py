"""UTC as a day number and seconds of that day, and the camera's own clock."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .hashing import Stream
from .refusal import refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .settings import CaptureSettings

_MJD_ZERO = date(1858, 11, 17)
DAY_S = 86400
_NS = 1_000_000_000
_FORM = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|\+00:?00)?", re.ASCII
)


class Instant(NamedTuple):
    """A UTC moment: MJD day and whole nanoseconds of that day (no leap seconds)."""

    day: int
    nanoseconds: int

    @property
    def seconds(self) -> float:
        """Seconds of the day."""
        return self.nanoseconds / _NS

    def later(self, seconds: float) -> Instant:
        """Return the moment `seconds` later, to the nanosecond."""
        days, rest = divmod(self.nanoseconds + round(seconds * _NS), DAY_S * _NS)
        return Instant(self.day + days, rest)

    def date(self) -> date:
        """Return the calendar date."""
        return _MJD_ZERO + timedelta(days=self.day)

    def time_text(self, decimals: int = 9) -> str:
        """Return hours, minutes and seconds, cut (not rounded) to `decimals`."""
        whole, rest = divmod(self.nanoseconds, _NS)
        text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
        return f"{text}.{rest:09d}"[: 9 + decimals] if decimals else text

    def iso(self) -> str:
        """Return the ISO form with nine decimals, as the acquisition program writes it."""
        return f"{self.date().isoformat()}T{self.time_text()}"

    def stamp(self, offset_h: float) -> str:
        """Return the file-name stamp of a clock `offset_h` hours ahead of UTC."""
        local = self.later(offset_h * 3600)
        return f"{local.date():%Y%m%d}_{local.time_text(0).replace(':', '')}"


def parse(text: str) -> Instant:
    """Read an ISO UTC time.

    Raises
    ------
    NightglassError
        If `text` is no ISO date and time.
    """
    match = _FORM.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        day = (date.fromisoformat(match[1]) - _MJD_ZERO).days
        hours, minutes, seconds = (int(part or 0) for part in match.group(2, 3, 4))
        if hours > 23 or minutes > 59 or seconds > 59:
            raise ValueError
    except ValueError:
        raise refusal(
            f"the start {text!r} is not a UTC time", "Write it like 2025-12-10T03:15:00."
        ) from None
    fraction = int((match[5] or "0").ljust(9, "0"))
    return Instant(day, ((hours * 60 + minutes) * 60 + seconds) * _NS + fraction)


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
