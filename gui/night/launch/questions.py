"""What the two dialogs of choice ask, and how units and frames are listed in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .choose_dialog import Choice, Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ....core.workbench.night.choices import FrameChoice, UnitChoice

RETRY = Question(
    "Retry a unit",
    "The products of these units are made anew from their frames. Batches that are merged already "
    "are merged again.",
    "unit",
    (("failed", "Failed"), ("partial", "Partial")),
    (("retry", "&Retry", "Give the units back to the reduction"),),
)

MARK = Question(
    "Mark a frame",
    "A frame or dark that is left out is not used any more, and the units that it was in are made "
    "anew. Its file is not touched.",
    "frame",
    (("used", "Used"), ("failed", "Not readable"), ("marked", "Left out")),
    (
        ("mark", "&Leave out", "Use it no more"),
        ("unmark", "&Take in again", "Use it as if it had never been left out"),
    ),
    takes_typed=True,
)

_UNITS = {
    "failed": ("failed", "error", "bad"),
    "rejected": ("failed", "error", "bad"),
    "partial": ("partial", "problems", "warn"),
}
_FRAMES = {
    "used": ("image", "muted"),
    "failed": ("error", "bad"),
    "marked": ("exclude", "warn"),
}


def listed_units(units: Iterable[UnitChoice]) -> list[Choice]:
    """Units as lines of the dialog."""
    made = []
    for one in units:
        group, drawing, role = _UNITS.get(one.state, ("done", "check", "good"))
        note = f"{one.state}: {one.note}" if one.note else one.state
        made.append(Choice(one.unit, note, group, drawing, role))
    return made


def listed_frames(frames: Iterable[FrameChoice]) -> list[Choice]:
    """Frames as lines of the dialog."""
    return [Choice(one.name, one.note, one.state, *_FRAMES[one.state]) for one in frames]
