"""Images made of a capture that are shown in place of its frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from ..frames.source import FrameSource

if TYPE_CHECKING:
    from .desk import OpenCapture

Kind = Literal["counts", "difference", "ratio"]


@dataclass(frozen=True)
class Label:
    """What one image of a series is.

    Attributes
    ----------
    kind : {"counts", "difference", "ratio"}
        Counts hold the detector offset and are calibrated as frames are; a difference has lost
        it, and a ratio has no unit.
    title : str
        Of all images like this one, in two or three words.
    caption : str
        What it is, with its phases.
    slug : str
        The same as part of a file name.
    unit : str
        Of its values, "" for none.
    phase : float or None
        Middle of its phases, turns.
    """

    kind: Kind
    title: str
    caption: str
    slug: str
    unit: str = "ADU"
    phase: float | None = None


class Series(FrameSource, Protocol):
    """Images as large as the frames of the capture they were made of."""

    def label(self, index: int) -> Label:
        """What an image is."""


@dataclass(frozen=True, eq=False)
class StandIn:
    """An image of a series that the picture shows, while the capture stays the one measured."""

    source: Series
    frame: int

    @property
    def label(self) -> Label:
        """What the image is."""
        return self.source.label(self.frame)


def on_screen(capture: OpenCapture, frame: int) -> tuple[FrameSource, int]:
    """Source and number of the image that is shown when a frame of a capture is asked for."""
    if capture.stand_in is not None:
        return capture.stand_in.source, capture.stand_in.frame
    return capture.source, min(frame, capture.captured - 1)
