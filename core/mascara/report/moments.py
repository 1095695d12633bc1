"""Moments of a night in words and on axes."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from ...timing.sidereal import datetime_from, jd_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

_JD_OF_DAY_0 = 1721424.5


def iso(jd: float) -> str:
    """UTC with milliseconds, such as ``2016-01-30T21:04:11.123``; a dash for NaN."""
    if not math.isfinite(jd):
        return "-"
    return datetime_from(jd).replace(tzinfo=None).isoformat(timespec="milliseconds")


def mid_slot_jd(lstseq: float) -> float:
    """Julian date (UTC) of the middle of a slot."""
    return float(jd_of(lstseq + 0.5))


def evening_jd(night: str, jd: ArrayLike) -> float:
    """Julian date of 0 h UTC of the evening date; of the first time given where it is no date."""
    import numpy as np

    try:
        day = datetime.strptime(night, "%Y%m%d")  # noqa: DTZ007 - a date, not a moment
    except ValueError:
        finite = np.asarray(jd, np.float64)
        finite = finite[np.isfinite(finite)]
        return math.floor(finite.min() - 0.5) + 0.5 if len(finite) else 0.0
    return day.toordinal() + _JD_OF_DAY_0


def hours(jd: ArrayLike, zero_jd: float) -> NDArray[np.float64]:
    """Hours since `zero_jd`."""
    import numpy as np

    return np.asarray((np.asarray(jd, np.float64) - zero_jd) * 24.0)


def in_words(seconds: float) -> str:
    """A duration as people say it: ``45 s``, ``12 min``, ``3 h 20 min``, ``4 d 7 h``.

    A dash for NaN.
    """
    if not math.isfinite(seconds):
        return "-"
    sign, minutes = "-" if seconds < 0 else "", round(abs(seconds) / 60.0)
    if abs(seconds) < 120.0:
        return f"{seconds:.0f} s"
    if minutes < 120:
        return f"{sign}{minutes} min"
    if minutes < 2880:
        return f"{sign}{minutes // 60} h {minutes % 60:02d} min"
    return f"{sign}{minutes // 1440:,} d {minutes % 1440 // 60} h"
