"""Regions read again from their own text: the numbers of kinds that are kept and not edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import Arguments
from .pieces import Cutter
from .sketches import read_items
from .words import BadWord

if TYPE_CHECKING:
    from ..entries import RegionEntry
    from ..systems import Surroundings
    from .pieces import Piece
    from .sketches import Item


def piece_of(entry: RegionEntry) -> Piece | None:
    """Cut the text of a region again; None for one that was drawn."""
    pieces = Cutter().cut(f"{entry.system}\n{entry.raw}")
    return next((piece for piece in pieces if piece.word == entry.kind), None)


def body_of(entry: RegionEntry) -> str:
    """Give the kind and the numbers of a region as they are in its text."""
    piece = piece_of(entry)
    if piece is None:
        return f"{entry.kind}()"
    body = entry.raw[piece.start - len(entry.system) - 1 : piece.body_end - len(entry.system) - 1]
    return body.lstrip("# \t+-")


def items_again(entry: RegionEntry, surroundings: Surroundings) -> tuple[Item, ...]:
    """Read the numbers of a kept kind.

    Raises
    ------
    BadWord
        If it has none, or they are not understood.
    """
    piece = piece_of(entry)
    if piece is None or piece.words is None:
        raise BadWord(entry.kind, "has no numbers")
    return read_items(Arguments(entry.kind, piece.words, entry.system, surroundings))
