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
from ..systems import NOWHERE, OTHER_SYSTEMS
from .arguments import Arguments
from .kinds import KEPT, build
from .pieces import Cutter, Piece
from .words import BadWord, Statement, parse_properties

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from ..shapes import Shape
    from ..systems import Surroundings

LARGEST_BYTES = 16 << 20
"""Larger files are refused: read in part, the rest would be lost when they are saved."""
_LONGEST_WORD = 60
_TITLE = "Could not read the regions"


def read_regions(path: str | os.PathLike[str], surroundings: Surroundings = NOWHERE) -> RegionFile:
    """Read a region file.

    Parameters
    ----------
    path : path-like
    surroundings : Surroundings
        What is known about the frame.

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
    return parse_regions(text, surroundings, path)


def read_text(path: Path, errors: str) -> str:
    """Read a file of text in UTF-8; `errors` says what to do about other bytes."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise translate(error, path) from error
    if len(content) > LARGEST_BYTES:
        text = f"{path} has more than {LARGEST_BYTES >> 20} MB, which no region file has."
        raise NightglassError(_TITLE, text, "Choose a region file.", path)
    return content.decode("utf-8", errors)


def parse_regions(
    text: str, surroundings: Surroundings = NOWHERE, path: Path | None = None
) -> RegionFile:
    """Read the text of a region file; see `read_regions`."""
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
    statement, base = piece.statement, piece.base
    own, tags = parse_properties(statement.properties)
    properties = {**base, **own} if own else base
    included = properties.get("include", "1") != "0"
    if "include" not in own and piece.sign:
        included = piece.sign == "+"
    background = is_sky(own, default=is_sky(base)) if own else is_sky(base)
    return RegionEntry(
        piece.word, shape, included, background, properties, tags, piece.system,
        statement.line, statement.raw, number,
    )  # fmt: skip


def is_sky(properties: Mapping[str, str], *, default: bool = False) -> bool:
    """Read ``background``, ``background=1``, ``source`` and ``source=0``."""
    if "background" in properties:
        return properties["background"] != "0"
    return properties["source"] == "0" if "source" in properties else default


def _error(path: Path | None, statement: Statement, bad: BadWord) -> NightglassError:
    where = f"line {statement.line}" + (f" of {path}" if path else "")
    return NightglassError(
        _TITLE,
        f"'{_shown(bad.word)}' in {where} {bad.why}.",
        "Correct the line, or save the regions again in DS9.",
        path,
    )


def _shown(word: str) -> str:
    """A word as a sentence can hold it: a file of something else may have anything in it."""
    short = word if len(word) <= _LONGEST_WORD else f"{word[:_LONGEST_WORD]}..."
    return "".join(part if part.isprintable() else repr(part)[1:-1] for part in short)
