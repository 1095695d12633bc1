"""A region file of which nothing is lost: its text, and the regions that were found in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...atomic import write_bytes
from ...errors import translate
from ..shapes import Annulus, BoxAnnulus, EllipseAnnulus, Rings
from ..systems import NOWHERE
from .pieces import Cutter, Piece
from .reader import entry_of, read_text, shapes_of
from .words import BadWord

if TYPE_CHECKING:
    import os

    from ..entries import RegionEntry
    from ..shapes import Shape
    from ..systems import Surroundings


@dataclass(frozen=True)
class RegionDocument:
    """A region file.

    Attributes
    ----------
    text : str
        All of it. Bytes that are not UTF-8 stand in it as lone surrogates; `save_text` gives
        them back.
    entries : tuple of RegionEntry
        One for each region in the order of the file; an annulus of several steps is one region
        of shape `Rings`. `RegionEntry.piece` is the index here.
    path : Path or None
        None for text that came from elsewhere.
    """

    text: str
    entries: tuple[RegionEntry, ...]
    path: Path | None = None


def read_document(
    path: str | os.PathLike[str], surroundings: Surroundings = NOWHERE
) -> RegionDocument:
    """Read a region file of DS9 or CIAO and keep all of it.

    Parameters
    ----------
    path : path-like
    surroundings : Surroundings
        What is known about the frame.

    Returns
    -------
    RegionDocument
        Regions that are not understood, or lie where this frame does not tell, have no shape.

    Raises
    ------
    NightglassError
        If the file cannot be read; never for what is in it.
    """
    path = Path(path)
    return parse_document(read_text(path, "surrogateescape"), surroundings, path)


def parse_document(
    text: str, surroundings: Surroundings = NOWHERE, path: Path | None = None
) -> RegionDocument:
    """Read the text of a region file; see `read_document`."""
    pieces = (piece for piece in Cutter().cut(text) if piece.role == "region")
    entries = tuple(
        entry_of(piece, _shape(piece, surroundings), number) for number, piece in enumerate(pieces)
    )
    return RegionDocument(text, entries, path)


def save_text(path: str | os.PathLike[str], text: str) -> None:
    """Write the text of a region file as it is, line ends and odd bytes included.

    Raises
    ------
    NightglassError
        If the file cannot be written.
    """
    path = Path(path)
    try:
        write_bytes(path, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise translate(error, path) from error


def _shape(piece: Piece, surroundings: Surroundings) -> Shape | None:
    try:
        shapes = shapes_of(piece, surroundings)
    except BadWord:
        return None
    if len(shapes) == 1:
        return shapes[0]
    rings = (shape for shape in shapes if isinstance(shape, Annulus | EllipseAnnulus | BoxAnnulus))
    return Rings(tuple(rings))
