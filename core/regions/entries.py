"""What a region file holds: every region with its words, in the order of the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .shapes import Shape


@dataclass(frozen=True)
class RegionEntry:
    """One region of a file.

    Attributes
    ----------
    kind : str
        The word of the file in lower case, for instance ``rotbox``.
    shape : Shape or None
        Where it lies; None where that is not known (a kind that is not understood, or a place on
        the sky of a frame without one): its text is kept.
    include : bool
        False where it is taken away (a leading ``-``).
    background : bool
        Whether it is sky.
    properties : mapping of str to str
        Its properties over those of the ``global`` line; a bare word has the value "1".
    tags : tuple of str
        Names of its groups; a region may have several.
    system : str
        Coordinate system of the file's numbers.
    line : int
        Where it stands in the file, from 1.
    raw : str
        Its text as in the file; "" for one that was drawn.
    piece : int or None
        Which statement of its document it is, from 0; None for one that was drawn.
    """

    kind: str
    shape: Shape | None
    include: bool = True
    background: bool = False
    properties: Mapping[str, str] = field(default_factory=dict, hash=False)
    tags: tuple[str, ...] = ()
    system: str = "image"
    line: int = 0
    raw: str = ""
    piece: int | None = None

    @property
    def text(self) -> str:
        """What the observer called it; empty for most."""
        return self.properties.get("text", "")

    @property
    def has_pixels(self) -> bool:
        """Whether it can hold pixels; points and kinds that are only kept do not."""
        return self.shape is not None and self.shape.has_pixels

    def detached(self) -> RegionEntry:
        """Give the region apart from the file it stood in."""
        return replace(self, line=0, piece=None)


@dataclass(frozen=True)
class RegionFile:
    """All regions of a file in their order.

    Attributes
    ----------
    entries : tuple of RegionEntry
    path : Path or None
        None for text that came from elsewhere.
    """

    entries: tuple[RegionEntry, ...]
    path: Path | None = None
