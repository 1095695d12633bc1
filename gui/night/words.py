"""How the panels of a night write numbers, sizes and times of day."""

from __future__ import annotations

import math

from ...core.timing.sidereal import datetime_from

NOTHING = "–"
MINUS = "−"
_HALF_MINUTE_D = 0.5 / 1440.0


def whole(number: float) -> str:
    """A count with marks between the thousands."""
    return f"{number:,.0f}" if math.isfinite(number) else NOTHING


def fixed(number: float, digits: int, unit: str = "") -> str:
    """A number with so many digits after the point, and its unit; a dash where it is not known."""
    if not math.isfinite(number):
        return NOTHING
    written = f"{number:,.{digits}f}"
    # A minus before nothing but zeros says nothing.
    if not float(written.replace(",", "")):
        written = written.lstrip("-")
    gap = "" if unit in {"", "°"} else " "
    return f"{written.replace('-', MINUS)}{gap}{unit}"


def signed(number: float, digits: int, unit: str = "") -> str:
    """A difference, its sign always there."""
    written = fixed(number, digits, unit)
    is_bare = written == NOTHING or written.startswith(MINUS)
    return written if is_bare else f"+{written}"


def clock(utc: str) -> str:
    """Hours, minutes and seconds of an ISO moment; a dash where there is none."""
    return utc[11:19] or NOTHING


def clock_of(jd: float) -> str:
    """Hours and minutes (UTC) of a Julian date, to the nearest minute."""
    return f"{datetime_from(jd + _HALF_MINUTE_D):%H:%M}" if math.isfinite(jd) else NOTHING


def size(count: float) -> str:
    """Bytes in gigabytes, or megabytes where they are few."""
    if not math.isfinite(count) or count < 0:
        return NOTHING
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
