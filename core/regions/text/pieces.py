"""The text of a region file as pieces: coordinate systems, globals and regions, with their places.

Nothing is said about the frame here: which numbers mean what is for others to find.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..systems import OTHER_SYSTEMS, SYSTEMS
from .kinds import KINDS
from .words import BadWord, Statement, parse_properties, statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_REGION = re.compile(r"([+-]?)\s*([a-z_]\w*)\s*(.*)", re.IGNORECASE | re.DOTALL)
_ARGUMENTS = re.compile(r"\(([^()]*)\)\s*(?:\|\||[|&]?(?=\s*[+-]))?\s*(.*)|([^()]*)", re.DOTALL)
_DIRECTIVES = frozenset({"tile"})

Role = Literal["system", "global", "directive", "region", "unknown"]


class Piece(NamedTuple):
    """A part of a statement.

    Attributes
    ----------
    role : {"system", "global", "directive", "region", "unknown"}
    statement : Statement
        What it is part of.
    start, end : int
        Where it stands in the text. A region goes on to the end of its statement, properties
        included, unless another one follows in it.
    sign, word : str
        Of a region, and its kind in lower case; the name of a system.
    words : tuple of str or None
        The numbers of a region; None where no list of numbers was found.
    body_end : int
        Where the numbers of a region end in the text.
    system : str
        Coordinate system that holds here.
    base : mapping of str to str
        The global properties that hold here.
    is_alone : bool
        Whether it is the only region of its statement.
    bad : BadWord or None
        What is wrong with it.
    """

    role: Role
    statement: Statement
    start: int
    end: int
    sign: str = ""
    word: str = ""
    words: tuple[str, ...] | None = ()
    body_end: int = 0
    system: str = "physical"
    base: Mapping[str, str] = MappingProxyType({})
    is_alone: bool = True
    bad: BadWord | None = None


_Cut = tuple[Piece, str, int]
"""A piece, and what follows in its statement and where."""


class Cutter:
    """Cuts a text into pieces; afterwards `system` and `base` are what holds at its end."""

    def __init__(self) -> None:
        self.system = "physical"
        self.base: Mapping[str, str] = {}

    def cut(self, text: str) -> Iterator[Piece]:
        """Give the pieces in their order."""
        for statement in statements(text):
            body, start, is_first = statement.body, statement.start, True
            while body:
                piece, body, start = self._piece(statement, body, start, is_first=is_first)
                is_first = is_first and piece.role != "region"
                yield piece

    def _piece(self, statement: Statement, body: str, start: int, *, is_first: bool) -> _Cut:
        end = statement.start + len(statement.raw)
        match = _REGION.fullmatch(body)
        if match is None:
            bad = BadWord(body.split(maxsplit=1)[0], "is not a known word")
            return Piece("unknown", statement, start, end, bad=bad), "", end
        _, word, rest = match.groups()
        name = word.lower()
        if name in KINDS:
            return self._region(statement, match, start, is_first=is_first)
        if name in SYSTEMS or name in OTHER_SYSTEMS:
            self.system = name
            begin, close = start + match.start(2), start + match.end(2)
            piece = Piece("system", statement, begin, close, word=name, system=name)
            return piece, rest, start + match.start(3)
        if name == "global":
            self.base = {**self.base, **parse_properties(rest)[0]}
            return Piece("global", statement, start, end), "", end
        if name in _DIRECTIVES:
            return Piece("directive", statement, start, end), "", end
        bad = BadWord(word, "is not a known region")
        return Piece("unknown", statement, start, end, bad=bad), "", end

    def _region(
        self, statement: Statement, match: re.Match[str], start: int, *, is_first: bool
    ) -> _Cut:
        sign, word, rest = match.groups()
        # The words of a kind that DS9 writes as a comment stand behind its mark.
        shift = statement.raw.index(statement.body) if statement.is_comment else 0
        words, length, following, bad = _numbers(word, rest)
        first = start + shift + match.start(3)
        end = statement.start + len(statement.raw)
        if following:
            end = first + len(rest) - len(following)
        piece = Piece(
            "region", statement, start, end, sign, word.lower(), words, first + length,
            self.system, self.base, is_first and not following, bad,
        )  # fmt: skip
        return piece, following, end


def _numbers(word: str, rest: str) -> tuple[tuple[str, ...] | None, int, str, BadWord | None]:
    """Read a list of numbers: its words, how long it is, what follows, and what is wrong."""
    arguments = _ARGUMENTS.fullmatch(rest)
    if arguments is None:
        wrong = rest.split(maxsplit=1)[0] if rest else word
        return None, len(rest), "", BadWord(wrong, "is not a list of numbers")
    bracketed, following, bare = arguments.groups()
    words = tuple((bracketed or bare or "").replace(",", " ").split())
    length = len(rest) if bracketed is None else rest.index(")") + 1
    return words, length, following or "", None
