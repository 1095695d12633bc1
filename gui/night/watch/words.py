"""How the states of cameras and batches are called and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ....core.mascara.watching.snapshot import BatchState


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
