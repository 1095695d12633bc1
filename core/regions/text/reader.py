"""Region files of DS9 (4.1) and CIAO, read into shapes in image pixels.

What is read: ``global`` lines, coordinate systems, several regions a line parted by ``;``,
numbers parted by commas or blanks, ``+`` and ``-``, properties after ``#``, units and
sexagesimal places. Numbers before any coordinate system are physical. Kinds without pixels that
are not understood are kept with their text. Coordinates may lie outside the frame.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import NightglassError, translate
from ..entries import RegionEntry, RegionFile
from ..systems import OTHER_SYSTEMS, SkyToPixel, Surroundings
from .arguments import Arguments
from .kinds import KEPT, build
from .pieces import Cutter, Piece
from .words import BadWord, Statement, parse_properties

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from ..shapes import Shape

__all__ = ["RegionEntry", "RegionFile", "SkyToPixel", "parse_regions", "read_regions"]

LARGEST_BYTES = 64 << 20


def read_regions(
    path: str | os.PathLike[str],
    *,
    sky: SkyToPixel | None = None,
    cards: Mapping[str, object] | None = None,
    corner: tuple[int, int] = (0, 0),
    binning: int = 1,
) -> RegionFile:
    """Read a region file.

    Parameters
    ----------
    path : path-like
    sky : SkyToPixel or None
        For places and lengths on the sky.
    cards : mapping or None
        Header with LTM and LTV cards, for physical coordinates.
    corner : (column, row)
        0-based sensor pixel of the frame's first pixel, for detector coordinates.
    binning : int
        Sensor pixels along one side of an image pixel, for detector coordinates.

    Returns
    -------
    RegionFile

    Raises
    ------
    NightglassError
        If the file cannot be read, has no region, or a word is not understood; file, line and
        word are named.
    """
    path = Path(path)
    text = read_text(path, "replace").removeprefix("\ufeff")
    return parse_regions(text, path=path, sky=sky, cards=cards, corner=corner, binning=binning)


def read_text(path: Path, errors: str) -> str:
    """Read a file of text in UTF-8; `errors` says what to do about other bytes."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES).decode("utf-8", errors)
    except OSError as error:
        raise translate(error, path) from error


def parse_regions(
    text: str,
    *,
    path: Path | None = None,
    sky: SkyToPixel | None = None,
    cards: Mapping[str, object] | None = None,
    corner: tuple[int, int] = (0, 0),
    binning: int = 1,
) -> RegionFile:
    """Read the text of a region file; see `read_regions`."""
    surroundings = Surroundings(sky, cards or {}, corner, binning)
    entries: list[RegionEntry] = []
    for piece in Cutter().cut(text):
        try:
            entries += _entries(piece, surroundings)
        except BadWord as bad:
            raise _error(path, piece.statement, bad) from None
    if not entries:
        name = "The text" if path is None else str(path)
        raise NightglassError(
            "No region", f"{name} has no region.", "Draw one in DS9 and save it.", path
        )
    return RegionFile(tuple(entries), path)


def _entries(piece: Piece, surroundings: Surroundings) -> Iterator[RegionEntry]:
    """Give the regions of a piece, each ring of an annulus as one."""
    if piece.role == "system" and piece.word in OTHER_SYSTEMS:
        raise BadWord(piece.word, "is a coordinate system that cannot be read")
    if piece.role == "unknown" and piece.bad is not None:
        raise piece.bad
    if piece.role == "region":
        for shape in _shapes(piece, surroundings):
            yield entry_of(piece, shape)


def _shapes(piece: Piece, surroundings: Surroundings) -> tuple[Shape | None, ...]:
    try:
        return shapes_of(piece, surroundings)
    except BadWord:
        if piece.word in KEPT:
            return (None,)
        raise


def shapes_of(piece: Piece, surroundings: Surroundings) -> tuple[Shape, ...]:
    """Make the shapes of a region; several for an annulus of several rings.

    Raises
    ------
    BadWord
        If its numbers are not understood.
    """
    if piece.words is None:
        raise piece.bad or BadWord(piece.word, "is not understood")
    return build(Arguments(piece.word, piece.words, piece.system, surroundings))


def entry_of(piece: Piece, shape: Shape | None, number: int | None = None) -> RegionEntry:
    """Make the entry of a region, `number` is its place among the regions of a document."""
    own, tags = parse_properties(piece.statement.properties)
    properties = {**piece.base, **own} if own else piece.base
    included = properties.get("include", "1") != "0"
    if "include" not in own and piece.sign:
        included = piece.sign == "+"
    return RegionEntry(
        piece.word,
        shape,
        include=included,
        background=is_sky(own, default=is_sky(piece.base)),
        properties=properties,
        tags=tags,
        system=piece.system,
        line=piece.statement.line,
        raw=piece.statement.raw,
        piece=number,
    )


def is_sky(properties: Mapping[str, str], *, default: bool = False) -> bool:
    """Read ``background``, ``background=1``, ``source`` and ``source=0``."""
    if "background" in properties:
        return properties["background"] != "0"
    return properties["source"] == "0" if "source" in properties else default


def _error(path: Path | None, statement: Statement, bad: BadWord) -> NightglassError:
    where = f"line {statement.line}" + (f" of {path}" if path else "")
    return NightglassError(
        "Could not read the regions",
        f"'{bad.word}' in {where} {bad.why}.",
        "Correct the line, or save the regions again in DS9.",
        path,
    )
