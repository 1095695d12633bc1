"""States, times and sizes of a night as the panel says them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

STATES = {
    "running": ("play", "good", "running"),
    "paused": ("pause", "warn", "paused"),
    "finished": ("check", "good", "finished"),
    "stopped": ("cancel", "warn", "stopped"),
    "interrupted": ("error", "bad", "ended early"),
    "empty": ("night", "muted", "not begun"),
    "missing": ("error", "muted", "folder is away"),
}
"""Icon, role and word of each state."""

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_GB = 1e9
_DAY_S = 86_400.0


def night_text(night: str) -> str:
    """An evening date, YYYYMMDD, as people write it; what is none stays as it is."""
    if len(night) != 8 or not night.isdigit() or not 1 <= int(night[4:6]) <= 12:
        return night
    return f"{int(night[6:])} {_MONTHS[int(night[4:6]) - 1]} {night[:4]}"


def span_text(seconds: float) -> str | None:
    """A time that is left, in the two largest units; None where it is not known."""
    if not math.isfinite(seconds):
        return None
    if seconds < 60.0:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60.0)
    if minutes < 60:
        return f"{minutes} min"
    if seconds < _DAY_S:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"


def room_text(n_bytes: float) -> str | None:
    """Room on a disk; None where it is not known."""
    if not math.isfinite(n_bytes) or n_bytes < 0.0:
        return None
    return f"{n_bytes / _GB:,.0f} GB" if n_bytes >= 10 * _GB else f"{n_bytes / _GB:.2f} GB"


def moment_text(moment: datetime | None) -> str:
    """A time of a list."""
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
