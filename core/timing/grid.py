"""The fixed grid of windows on the UTC day, and times sorted into it. Pure arithmetic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ..errors import NightglassError
from ..frames.times import DAY_S, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# An hour: short enough for a two-hour orbit at degree 12, and 24 of them meet midnight, where
# the linear interpolation of UT1 has its kinks.
WINDOW_S = 3600.0
WINDOWS_PER_DAY = 24

_PLAIN_DAY_S = 86400.0
_MJD_ZERO = date(1858, 11, 17)


@cache
def leap_days() -> frozenset[int]:
    """UTC MJDs of the days of 86401 seconds, from ERFA's table."""
    import erfa

    entries = [
        (date(int(row["year"]), int(row["month"]), 1) - _MJD_ZERO).days
        for row in erfa.leap_seconds.get()
        if (int(row["year"]), int(row["month"])) > (1972, 1)
    ]
    return frozenset(day - 1 for day in entries)


def day_length_s(day: NDArray[np.int64]) -> NDArray[np.float64]:
    """Seconds in each UTC day: 86400, or 86401 where a leap second was inserted.

    Parameters
    ----------
    day : ndarray of int64
        UTC MJDs, any shape.
    """
    leaps = np.isin(day, sorted(leap_days()))
    return np.where(leaps, _PLAIN_DAY_S + 1.0, _PLAIN_DAY_S)


def later(
    day: int, seconds: float, elapsed_s: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """UTC of instants so many seconds after a starting one, leap seconds between them counted.

    Parameters
    ----------
    day : int
        UTC MJD of the start.
    seconds : float
        Of that day.
    elapsed_s : ndarray of float64, shape (n,)
        True seconds, may be below 0; NaN for an instant that is not known.

    Returns
    -------
    day : ndarray of int64, shape (n,)
    seconds : ndarray of float64, shape (n,)
        Inside their day, which may have 86401; NaN where `elapsed_s` is.
    """
    days, secs = spread(day, seconds, elapsed_s)
    leaps = np.array(sorted(leap_days()))
    first, last = days.min(initial=day), days.max(initial=day)
    if not ((first <= leaps) & (leaps < last)).any():
        return days, secs
    secs = secs - (np.searchsorted(leaps, days) - np.searchsorted(leaps, day))
    early = secs < 0.0
    days = days - early
    secs = np.where(early, secs + day_length_s(days), secs)
    late = secs >= day_length_s(days)
    secs = np.where(late, secs - day_length_s(days), secs)
    return days + late, secs


def exact_mjd(day: int, seconds: float) -> Decimal:
    """MJD of an instant, more digits than a float has; any day counts 86400 seconds."""
    return day + Decimal(seconds) / Decimal(DAY_S)


def check_times(day: NDArray[np.int64], seconds: NDArray[np.float64]) -> None:
    """Refuse times that are not inside their day.

    Raises
    ------
    NightglassError
        If a time is NaN, negative or beyond the end of its day.
    """
    if seconds.size == 0:
        return
    inside = (seconds >= 0.0) & (seconds <= _PLAIN_DAY_S)
    if not inside.all():
        inside |= (seconds > _PLAIN_DAY_S) & (seconds <= day_length_s(day))
    if not inside.all():
        first = int(np.flatnonzero(~inside)[0])
        raise NightglassError(
            "Could not compute phases",
            f"Time {first + 1} is {seconds[first]} seconds of the UTC day MJD {day[first]}, "
            "which is not inside that day.",
            "Check the time stamps of the capture.",
        )


def window_numbers(day: NDArray[np.int64], seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number of the window each time lies in: 24 a day, counted from MJD 0."""
    hour = (seconds / WINDOW_S).astype(np.int64)
    # The last window of a day holds its last instant, and its leap second if there is one.
    return day * WINDOWS_PER_DAY + np.minimum(hour, WINDOWS_PER_DAY - 1)


def window_bounds(number: int) -> tuple[int, float, float]:
    """UTC day, and first and last second, of a window."""
    day, hour = divmod(number, WINDOWS_PER_DAY)
    start = hour * WINDOW_S
    if hour < WINDOWS_PER_DAY - 1:
        return day, start, start + WINDOW_S
    return day, start, float(day_length_s(np.array([day]))[0])


def runs(labels: NDArray[np.int64]) -> Iterator[tuple[int, slice]]:
    """Stretches of equal neighbouring labels, as (label, slice)."""
    if labels.size == 0:
        return
    edges = np.flatnonzero(labels[1:] != labels[:-1]) + 1
    starts = [0, *edges.tolist()]
    stops = [*edges.tolist(), labels.size]
    for start, stop in zip(starts, stops, strict=True):
        yield int(labels[start]), slice(start, stop)
