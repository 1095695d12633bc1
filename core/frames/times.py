"""UTC as (day, seconds) pairs, exact to well below a nanosecond.

A day is an integer Modified Julian Day, the seconds count from its midnight: a float64 of seconds
since 1858 would only be good to a microsecond. Days have 86,400 seconds here. The last leap
second was that of 2016, before any camera this program knows was built.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY_S = 86_400
UNKNOWN = "unknown"
_ORDINAL_OF_MJD_0 = date(1858, 11, 17).toordinal()
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d*)?))?)?Z?", re.ASCII)

TimeQuality = Literal["gps", "telescope", "file name", "none"]


class FrameTime(NamedTuple):
    """Middle of one exposure: UTC day (MJD) and seconds since its midnight."""

    day: int
    seconds: float

    def iso(self, decimals: int = 6) -> str:
        """ISO text such as 2025-12-10T03:15:00.069600."""
        return iso(self.day, self.seconds, decimals)


def day_of(year: int, month: int, day: int) -> int:
    """Modified Julian Day of a date of the Gregorian calendar.

    Raises
    ------
    ValueError
        If there is no such date.
    """
    return date(year, month, day).toordinal() - _ORDINAL_OF_MJD_0


def normalised(day: int, seconds: float) -> FrameTime:
    """Same instant with 0 <= seconds < 86,400."""
    whole = int(seconds // DAY_S)
    rest = seconds - whole * DAY_S
    # A tiny negative rest rounds up to a whole day.
    if rest >= DAY_S:
        whole, rest = whole + 1, 0.0
    return FrameTime(day + whole, max(rest, 0.0))


def parse_iso(text: str) -> FrameTime:
    """Day and seconds of an ISO date with or without time, such as 2025-09-13T06:00:00.004290000.

    Raises
    ------
    ValueError
        If the text is no such date.
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not an ISO date and time")
    year, month, day, hour, minute, second = match.groups()
    hours, minutes, seconds = int(hour or 0), int(minute or 0), float(second or 0)
    if hours > 23 or minutes > 59 or seconds >= 61:
        raise ValueError(f"{text!r} has no valid time of day")
    mjd = day_of(int(year), int(month), int(day))
    return normalised(mjd, hours * 3600 + minutes * 60 + seconds)


def iso(day: int, seconds: float, decimals: int = 6) -> str:
    """ISO text of an instant, rounded with the carry going into the day; `unknown` for NaN."""
    if not math.isfinite(seconds):
        return UNKNOWN
    unit = 10**decimals
    ticks = round(float(seconds) * unit) if decimals else round(float(seconds))
    extra_days, ticks = divmod(ticks, DAY_S * unit)
    whole, fraction = divmod(ticks, unit)
    when = date.fromordinal(int(day) + extra_days + _ORDINAL_OF_MJD_0)
    hours, rest = divmod(whole, 3600)
    text = f"{when.isoformat()}T{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    return f"{text}.{fraction:0{decimals}d}" if decimals else text


@dataclass(frozen=True, eq=False)
class FrameTimes:
    """Mid-exposure times of the frames of a source.

    Attributes
    ----------
    day : ndarray of int64, shape (n,)
        UTC day (MJD); 0 throughout when `quality` is "none".
    seconds : ndarray of float64, shape (n,)
        Seconds since midnight of that day; since the first exposure when `quality` is "none".
        NaN for a frame without a time.
    quality : str
        Where the zero point comes from: "gps", "telescope" or "file name" clock, or "none".
    constant_s : float
        Constant term included in every time (start of the first row to mid-exposure).
    note : str
        What was assumed, as sentences; may be empty.
    """

    day: NDArray[np.int64]
    seconds: NDArray[np.float64]
    quality: TimeQuality = "none"
    constant_s: float = 0.0
    note: str = ""

    def __len__(self) -> int:
        return len(self.day)

    def __getitem__(self, index: int) -> FrameTime:
        return FrameTime(int(self.day[index]), float(self.seconds[index]))

    def part(self, first: int, last: int) -> FrameTimes:
        """Times of the frames `first` to `last` - 1."""
        frames = slice(first, last)
        return replace(self, day=self.day[frames], seconds=self.seconds[frames])

    @property
    def known(self) -> int:
        """Number of frames that have a time."""
        return int(np.count_nonzero(np.isfinite(self.seconds)))

    def iso(self, index: int, decimals: int = 6) -> str:
        """ISO text of one frame's time, `unknown` for a frame without one."""
        return UNKNOWN if self.quality == "none" else self[index].iso(decimals)

    def relative_s(self) -> NDArray[np.float64]:
        """Seconds since the first frame, shape (n,)."""
        return self._relative

    @cached_property
    def _relative(self) -> NDArray[np.float64]:
        return self._since(0) if len(self) else np.empty(0)

    @cached_property
    def _rising(self) -> bool:
        return bool(np.all(np.diff(self._relative) >= 0))

    def nearest(self, day: int, seconds: float) -> int:
        """Index of the frame nearest to an instant.

        Raises
        ------
        ValueError
            If no frame has a time.
        """
        if not np.isfinite(self.seconds).any():
            raise ValueError("no frame has a time")
        base = int(np.flatnonzero(np.isfinite(self.seconds))[0])
        wanted = (day - int(self.day[base])) * float(DAY_S) + (seconds - float(self.seconds[base]))
        if self._rising:
            return _nearest_sorted(self._relative, wanted)
        return int(np.nanargmin(np.abs(self._since(base) - wanted)))

    def _since(self, base: int) -> NDArray[np.float64]:
        days = (self.day - self.day[base]).astype(np.float64)
        since: NDArray[np.float64] = days * DAY_S + (self.seconds - self.seconds[base])
        return since


def _nearest_sorted(values: NDArray[np.float64], wanted: float) -> int:
    """Index of the value nearest to `wanted` in a rising array."""
    right = int(np.searchsorted(values, wanted))
    if right == 0:
        return 0
    if right == len(values):
        return right - 1
    return right if values[right] - wanted < wanted - values[right - 1] else right - 1


def unknown_times(count: int) -> FrameTimes:
    """Times of `count` frames of which nothing is known."""
    return FrameTimes(np.zeros(count, np.int64), np.full(count, np.nan))


def spread(
    day: int, seconds: float, elapsed_s: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Days and seconds of instants `elapsed_s` after a starting instant, shape (n,) each."""
    total = seconds + elapsed_s
    carry = np.floor_divide(np.nan_to_num(total), DAY_S)
    return day + carry.astype(np.int64), total - carry * DAY_S
