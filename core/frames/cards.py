"""FITS header cards, read fast and without ever refusing one.

A camera that writes twenty cubes a second repeats the same hundred cards in each of them, so
every distinct card is parsed once. Opening a window must not wait for astropy either;
`Cards.header` makes the astropy object for those who want it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from astropy.io.fits import Header

CARD_BYTES = 80

CardValue = str | bool | int | float | None

_STRING = re.compile(r"'((?:[^']|'')*)'")
_INTEGER = re.compile(r"[+-]?\d+$")
_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([EeDd][+-]?\d+)?$")
_COMMENTARY = frozenset({"", "COMMENT", "HISTORY", "END"})


def _plain_value(text: str) -> CardValue:
    """Value of a card that is not a string; what no rule fits stays text."""
    word = text.split("/", 1)[0].strip()
    if word in ("T", "F"):
        return word == "T"
    if _INTEGER.match(word) and len(word) < 400:
        return int(word)
    if _FLOAT.match(word):
        return float(word.upper().replace("D", "E"))
    return word or None


def _value(text: str) -> CardValue:
    """Value of the part of a card after its `=`."""
    text = text.strip()
    quoted = _STRING.match(text)
    if quoted:
        return quoted.group(1).replace("''", "'").rstrip()
    return _plain_value(text)


def parse_card(card: bytes) -> tuple[str, CardValue] | None:
    """Keyword and value of one 80-byte card; None for comments, blanks and cards without value.

    HIERARCH keywords come without the word HIERARCH. Nothing is ever raised: a malformed value
    is given as the text found.
    """
    text = card.decode("latin-1")
    if text.startswith("HIERARCH "):
        keyword, equals, rest = text[9:].partition("=")
        return (keyword.strip().upper(), _value(rest)) if equals else None
    keyword = text[:8].rstrip().upper()
    if keyword == "CONTINUE":
        return keyword, _value(text[8:])
    if keyword in _COMMENTARY or text[8:9] != "=":
        return None
    return keyword, _value(text[9:])


@lru_cache(maxsize=8192)
def _known_card(card: bytes) -> tuple[bytes, tuple[str, CardValue] | None]:
    """The card and its meaning, shared by all headers that have it, to save time and memory."""
    return card, parse_card(card)


class Cards(Mapping[str, CardValue]):
    """The cards of one header, by keyword; the first of several equal keywords counts.

    Parameters
    ----------
    raw : bytes
        Header text in whole 80-byte cards, with or without the END card.
    """

    __slots__ = ("_cards", "_values")

    def __init__(self, raw: bytes) -> None:
        starts = range(0, len(raw), CARD_BYTES)
        known = [_known_card(raw[start : start + CARD_BYTES]) for start in starts]
        self._cards = tuple([card for card, _ in known])
        self._values: dict[str, CardValue] = {}
        last = ""
        for _, parsed in known:
            if parsed is None:
                continue
            keyword, value = parsed
            if keyword == "CONTINUE":
                self._continue(last, value)
                continue
            self._values.setdefault(keyword, value)
            last = keyword

    def _continue(self, keyword: str, more: CardValue) -> None:
        """Add a CONTINUE card to the string before it, which must end in an ampersand."""
        before = self._values.get(keyword)
        if isinstance(before, str) and before.endswith("&") and isinstance(more, str):
            self._values[keyword] = before[:-1] + more

    def __getitem__(self, keyword: str) -> CardValue:
        return self._values[keyword]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def raw(self) -> bytes:
        """The header text."""
        return b"".join(self._cards)

    def text(self, keyword: str) -> str | None:
        """Value as stripped text, None when absent, empty or `N/A`."""
        value = self._values.get(keyword)
        if value is None:
            return None
        text = str(value).strip()
        return None if text.upper() in ("", "N/A") else text

    def number(self, keyword: str) -> float | None:
        """Value as a finite float, also from numeric text; None when it is not one."""
        value = self._values.get(keyword)
        if value is None or isinstance(value, bool):
            return None
        try:
            number = float(value)
        except (ValueError, OverflowError):
            return None
        return number if math.isfinite(number) else None

    def integer(self, keyword: str) -> int | None:
        """Value as an integer when it is one exactly (40 or 40.0), else None."""
        number = self.number(keyword)
        return int(number) if number is not None and number == int(number) else None

    def header(self) -> Header:
        """Give the same cards as an astropy `Header`."""
        from astropy.io.fits import Header

        return Header.fromstring(self.raw.decode("latin-1"))
