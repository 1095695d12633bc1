"""What is put in the place of which part of a region file when its regions have changed."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from .phrasing import (
    COMMENTED,
    is_said_alike,
    kind_written,
    numbers_of,
    sign_of,
    system_for,
    tail_of,
    text_turned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..entries import RegionEntry
    from ..systems import Surroundings
    from .document import RegionDocument
    from .pieces import Piece

Edit = tuple[int, int, str]
"""What is put in the place of a part of the text."""


def edited(text: str, edits: Iterator[Edit]) -> str:
    """Make the edits, which are in order; where they overlap the first one counts."""
    parts, place = [], 0
    for start, end, words in edits:
        parts += [text[place : max(start, place)], words]
        place = max(end, place)
    return "".join([*parts, text[place:]])


class Changes:
    """Finds what of a document has to be written anew."""

    def __init__(
        self,
        document: RegionDocument,
        held: Mapping[int, RegionEntry],
        surroundings: Surroundings,
        system: str | None,
    ) -> None:
        self._document, self._held = document, held
        self._surroundings, self._target = surroundings, system
        self._line_end = line_end_of(document.text)
        self._loose: frozenset[int] = frozenset()
        self.system = ""
        """The system that holds, where all regions are written in another one."""

    def of(self, pieces: Sequence[Piece]) -> Iterator[Edit]:
        """Give the edits in order."""
        regions = [piece for piece in pieces if piece.role == "region"]
        self._loose = _loose_joints(self._document.text, regions, self._held)
        numbered = iter(enumerate(regions))
        for _, parts in groupby(pieces, key=lambda piece: piece.statement.start):
            chain = []
            for piece in parts:
                if piece.role == "region":
                    chain.append(next(numbered))
                elif piece.role == "system" and self._target is not None:
                    yield self._removal(piece.start, piece.end)
            if chain:
                yield from self._of_statement(chain)

    def _of_statement(self, chain: list[tuple[int, Piece]]) -> Iterator[Edit]:
        old = self._document.entries
        is_same = all(self._held.get(n) == old[n] and n not in self._loose for n, _ in chain)
        if self._target is None and is_same:
            return
        start, end = chain[0][1].start, chain[-1][1].end
        written = [
            self._written(piece, old[number], self._held[number])
            for number, piece in chain
            if number in self._held
        ]
        if written:
            yield start, end, self._line_end.join(written)
        else:
            yield self._removal(start, end)

    def _written(self, piece: Piece, old: RegionEntry, entry: RegionEntry) -> str:
        system = system_for(entry, self._target or entry.system)
        words = self._region(piece, old, entry, system)
        if self._target is None:
            switched = (system, words, piece.system)
            return words if system == piece.system else self._line_end.join(switched)
        before, self.system = self.system, system
        return words if before == system else self._line_end.join((system, words))

    def _region(self, piece: Piece, old: RegionEntry, entry: RegionEntry, system: str) -> str:
        text = self._document.text
        head, tail = text[piece.start : piece.body_end], text[piece.body_end : piece.end]
        kind, was_marked = kind_written(entry), piece.statement.is_comment
        is_marked = was_marked if kind == piece.word else kind in COMMENTED
        mark = head[: len(head) - len(head.lstrip("# \t"))] if was_marked else "# "
        if entry.shape == old.shape and system == piece.system:
            numbers = head.lstrip("# \t").removeprefix(piece.sign).lstrip()
        else:
            numbers = numbers_of(entry, system, self._surroundings, piece, old)
        sign = piece.sign if entry.include == old.include else sign_of(entry, piece.base)
        entry = text_turned(entry, system, self._surroundings)
        if old.piece in self._loose:
            tail = tail.lstrip().removeprefix("||").rstrip()
        is_kept = piece.is_alone and is_marked == was_marked and is_said_alike(entry, old)
        if not is_kept:
            tail = tail_of(piece, entry, tail, is_marked=is_marked)
        return f"{mark if is_marked else ''}{sign}{numbers}{tail}"

    def _removal(self, start: int, end: int) -> Edit:
        """Take out a statement with the separator, or line end, that belongs to it."""
        text = self._document.text
        first = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        ends = [place for place in (text.find("\n", end), text.find("\r", end)) if place >= 0]
        last = min(ends, default=len(text))
        before, after = text[first:start], text[end:last]
        if not before.strip("\ufeff \t") and not after.strip(" \t;"):
            shift = 1 if before.startswith("\ufeff") else 0
            last += 2 if text[last : last + 2] == "\r\n" else 1
            return first + shift, min(last, len(text)), ""
        if before.rstrip().endswith(";"):
            return first + before.rstrip().rindex(";"), end, ""
        if after.lstrip().startswith(";"):
            end += len(after) - len(after.lstrip(" \t;"))
        return start, end, ""


def _loose_joints(
    text: str, regions: Sequence[Piece], held: Mapping[int, RegionEntry]
) -> frozenset[int]:
    """Find regions joined by ``||`` to a following one, of a composite, that is there no more."""
    loose, last = set(), None
    for number, piece in enumerate(regions):
        is_joined = text[piece.body_end : piece.end].lstrip().startswith("||")
        if number in held:
            last = number if is_joined else None
        elif not is_joined and last is not None:
            loose.add(last)
        if not is_joined:
            last = None
    return frozenset(loose)


def line_end_of(text: str) -> str:
    """The first line end of a text."""
    place = min((text.find(end) for end in "\r\n" if end in text), default=-1)
    return "\r\n" if text[place : place + 2] == "\r\n" else text[place] if place >= 0 else "\n"
