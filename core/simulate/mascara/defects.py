"""The ways a night goes wrong at the station, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..words import defect_and_place
from .refusal import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

FRAME_DEFECTS: dict[str, str] = {
    "missing": "the frame was never written",
    "truncated": "the file ends amid its counts",
    "empty": "the file has no bytes",
    "garbage": "the file holds noise instead of FITS",
    "no-card": "the header lacks the Julian date",
    "wrong-size": "the frame has fewer rows than the others",
    "wrong-site": "the header names another station",
    "cloud": "a bank of clouds comes in with this frame and passes",
    "overcast": "no star is seen from this frame to the end of its batch",
    "satellite": "a bright satellite crosses the chip",
    "bump": "the camera is moved by 0.2 degrees from this frame on",
    "temperature-step": "the chip is 2 degrees warmer for 100 frames",
}
"""What begins with, or befalls, one frame of every camera."""
NIGHT_DEFECTS: dict[str, str] = {
    "short-batches": "the last frame of every batch is missing, as at La Silla since 2017",
    "moon": "a full Moon stands on the chip",
    "twilight": "the Sun is 9 degrees below the horizon",
    "obstruction": "something stands in the corner of the view",
    "no-darks": "no darks were taken",
    "few-darks": "only five darks were taken",
    "warm-darks": "the darks were taken 8 degrees too warm",
    "bright-darks": "light fell on the darks",
    "short-darks": "the darks are exposed for half the time",
    "no-catalogue": "no catalogue lies beside the frames",
    "gzip": "frames are packed, as in the archive",
}
"""What concerns the whole night."""
DEFECTS = {**FRAME_DEFECTS, **NIGHT_DEFECTS}


class Defect(NamedTuple):
    """One defect and the frame it befalls, from 1; 0 stands for the middle one."""

    name: str
    frame: int = 0


def parse(words: Sequence[str]) -> tuple[Defect, ...]:
    """Read ``NAME`` and ``NAME:FRAME`` words.

    Raises
    ------
    NightglassError
        For a name that is no defect or a frame that is no number.
    """
    return tuple(
        Defect(*defect_and_place(word, DEFECTS, FRAME_DEFECTS, "frame", refusal)) for word in words
    )


class Faults:
    """Which defects are in force at a frame.

    Parameters
    ----------
    words : sequence of str
        As given.
    frames : int
        Frames of the night.
    """

    def __init__(self, words: Sequence[str], frames: int) -> None:
        middle = (frames + 1) // 2
        self._defects = tuple(Defect(d.name, d.frame or middle) for d in parse(words))

    def night(self, name: str) -> bool:
        """Whether the whole night has this defect."""
        return any(defect.name == name for defect in self._defects)

    def at(self, name: str, frame: int) -> bool:
        """Whether this very frame (from 1) is named."""
        return Defect(name, frame) in self._defects

    def since(self, name: str, frame: int) -> int | None:
        """Frames since this defect began last, at a frame from 1; None before."""
        begun = [d.frame for d in self._defects if d.name == name and d.frame <= frame]
        return frame - max(begun) if begun else None
