"""What the panels of a night call its states, and how they write its numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ....core.mascara.report.moments import iso

if TYPE_CHECKING:
    from ....core.mascara.watching.snapshot import BatchState

NOTHING = "–"
MINUS = "−"


class Look(NamedTuple):
    """How a state is shown: its drawing, and the role of its colour."""

    icon: str
    role: str


CAMERA_LOOKS = {
    "waiting": Look("clock", "muted"),
    "darks": Look("dark", "accent"),
    "reducing": Look("play", "good"),
    "merging": Look("stack", "accent"),
    "done": Look("check", "good"),
    "stopped": Look("cancel", "muted"),
    "paused": Look("pause", "warn"),
    "interrupted": Look("problems", "bad"),
    "error": Look("error", "bad"),
}
UNKNOWN_LOOK = Look("notice", "muted")

BATCH_STATES: tuple[BatchState, ...] = (
    "done", "partial", "failed", "running", "waiting", "skipped",
)  # fmt: skip
"""In the order of the legend."""


def whole(number: float) -> str:
    """A count with marks between the thousands."""
    return f"{number:,.0f}" if math.isfinite(number) else NOTHING


def fixed(number: float, digits: int, unit: str = "") -> str:
    """A number with so many digits after the point, and its unit."""
    if not math.isfinite(number):
        return NOTHING
    # A minus before nothing but zeros says nothing.
    written = f"{number + 0.0:,.{digits}f}"
    if not float(written.replace(",", "")):
        written = written.lstrip("-")
    return f"{written.replace('-', MINUS)} {unit}".rstrip()


def signed(number: float, digits: int, unit: str = "") -> str:
    """A difference, its sign always there."""
    written = fixed(number, digits, unit)
    is_bare = written == NOTHING or written.startswith(MINUS)
    return written if is_bare else f"+{written}"


def clock(utc: str) -> str:
    """Hours, minutes and seconds of an ISO moment; a dash where there is none."""
    return utc[11:19] or NOTHING


def clock_of(jd: float) -> str:
    """Hours and minutes (UTC) of a Julian date."""
    return iso(jd)[11:16] or NOTHING


def size(count: float) -> str:
    """Bytes in gigabytes, or megabytes where they are few."""
    if not math.isfinite(count) or count < 0:
        return NOTHING
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"


def camera_of(unit: str) -> str:
    """Camera of a unit; empty where its name does not begin with one."""
    head, dash, _ = unit.partition("-")
    return head if dash and " " not in head else ""
