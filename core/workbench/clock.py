"""Times as people type them."""

from __future__ import annotations

from ..errors import NightglassError
from ..frames.times import DAY_S, FrameTime, parse_iso

_ANY_DATE = "2000-01-01"


def parse_clock(text: str, start: FrameTime) -> FrameTime:
    """Read a UTC time such as ``03:15:00.07`` or ``2025-12-10T03:15:00.07``.

    Parameters
    ----------
    text : str
        A time of day, with or without a date in front.
    start : FrameTime
        Start of the capture. A time without a date means the one nearest to the start, so that
        a capture may cross midnight.

    Raises
    ------
    NightglassError
        If the text is no time.
    """
    words = text.strip()
    has_date = words.count("-") == 2
    try:
        when = parse_iso(words if has_date else f"{_ANY_DATE}T{words}")
    except ValueError:
        raise NightglassError(
            "Could not go to that time",
            f"“{text}” is not a time.",
            "Type UTC as HH:MM:SS.sss, with the date in front if you like.",
        ) from None
    if has_date:
        return when
    ahead_s = when.seconds - start.seconds
    days = 1 if ahead_s < -DAY_S / 2 else -1 if ahead_s > DAY_S / 2 else 0
    return FrameTime(start.day + days, when.seconds)
