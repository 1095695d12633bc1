"""States, times and sizes of a night as the panel says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

STATES = {
    "running": ("play", "good", "running"),
    "paused": ("pause", "warn", "paused"),
    "finished": ("check", "good", "finished"),
    "stopped": ("cancel", "warn", "stopped"),
    "interrupted": ("error", "bad", "interrupted"),
    "empty": ("night", "muted", "not begun"),
    "missing": ("error", "muted", "folder is away"),
}
"""Icon, role and word of each state."""

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def night_text(night: str) -> str:
    """An evening date, YYYYMMDD, as people write it; what is none stays as it is."""
    if len(night) != 8 or not night.isdigit() or not 1 <= int(night[4:6]) <= 12:
        return night
    return f"{int(night[6:])} {_MONTHS[int(night[4:6]) - 1]} {night[:4]}"


def moment_text(moment: datetime | None) -> str:
    """A time of a list."""
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
