"""Times for axes and lines of numbers: in the unit that suits them, at round places."""

from __future__ import annotations

SECOND, MINUTE, HOUR = 1.0, 60.0, 3600.0
_STEPS = (1, 2, 5, 10, 20, 30)
ROUND_S = (
    *(0.1, 0.2, 0.5),
    *(step * SECOND for step in _STEPS),
    *(step * MINUTE for step in _STEPS),
    *(step * HOUR for step in (1, 2, 5, 10, 20)),
)
"""Times that an axis may be marked at, s."""


def time_unit(span_s: float) -> tuple[str, float]:
    """Unit for an axis that goes so far, and its seconds."""
    if span_s < 300.0:
        return "s", SECOND
    return ("min", MINUTE) if span_s < 4 * HOUR else ("h", HOUR)


def duration(seconds: float) -> str:
    """Length of time with as much detail as it deserves, such as ``1 h 02 min``."""
    if seconds < 100.0:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    minutes, rest_s = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours} h {minutes_left:02d} min" if hours else f"{minutes} min {rest_s:02d} s"


def brief_time(seconds: float) -> str:
    """One of the round times, as an axis has room for."""
    for unit, length in (("h", HOUR), ("min", MINUTE)):
        if seconds >= length:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"


def root_ticks(end_s: float, most: int) -> list[tuple[float, str]]:
    """Round times on an axis of the square root of seconds: places and words, at most `most`."""
    ticks: list[tuple[float, str]] = []
    least = end_s**0.5 / max(most, 1)
    # From the far end, where a square root leaves most room and what matters is.
    for time_s in reversed([time for time in ROUND_S if time <= end_s]):
        place = time_s**0.5
        if place >= least and (not ticks or ticks[-1][0] - place >= least):
            ticks.append((place, brief_time(time_s)))
    return ticks[::-1]
