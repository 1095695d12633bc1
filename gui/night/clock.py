"""Marks of a time axis: hours since midnight of the evening as UTC."""

from __future__ import annotations

import math

STEPS_S = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
)  # fmt: skip
_DAY_S = 86400


def step_s(span_h: float, most: int) -> int:
    """Seconds between marks, so that there are at most so many."""
    least = span_h * 3600.0 / max(1, most)
    return next((step for step in STEPS_S if step >= least), STEPS_S[-1])


def marks(left_h: float, right_h: float, most: int) -> list[tuple[float, str]]:
    """Place in hours and text of the marks of an axis.

    Parameters
    ----------
    left_h, right_h : float
        What is visible.
    most : int
        Marks for which there is room.
    """
    step = step_s(right_h - left_h, most)
    first, last = math.ceil(left_h * 3600.0 / step), math.floor(right_h * 3600.0 / step)
    return [(k * step / 3600.0, utc_text(k * step / 3600.0, step)) for k in range(first, last + 1)]


def utc_text(hour: float, precision_s: float = 1.0) -> str:
    """Time of day, with seconds where they matter."""
    second = round(hour * 3600.0) % _DAY_S
    if precision_s >= 60:
        second = round(hour * 60.0) * 60 % _DAY_S
        return f"{second // 3600:02d}:{second // 60 % 60:02d}"
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
