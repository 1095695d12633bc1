"""The text of a region file, cut into statements, words and properties."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_END = re.compile(r"\r\n|\r|\n")
_BODY = re.compile(r"[^;#]*")
_QUOTED = r"""\{[^}]*\}|"[^"]*"|'[^']*'"""
_PROPERTIES = re.compile(rf"(?:{_QUOTED}|[^;])*")
_PROPERTY = re.compile(rf"([A-Za-z_]\w*)\s*=\s*({_QUOTED}|[^\s=]+)|({_QUOTED}|[^\s=]+)")
_COMMENTED = re.compile(
    r"\s*#\s*([+-]?(?:vector|text|ruler|compass|projection|composite|segment)\s*\([^()]*\))",
    re.IGNORECASE,
)
"""Kinds that DS9 writes as comments, which older programs pass over."""
_COMMENT = re.compile(r"\s*#")
_GLOBAL = re.compile(r"\s*global\b", re.IGNORECASE)
_NUMBER = re.compile(r"""([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([drip"']?)""", re.IGNORECASE)
_COLONS = re.compile(r"([+-]?)(\d+):(\d+)(?::(\d+\.?\d*))?")
_LETTERS = re.compile(r"([+-]?)(\d+)[hd](\d+)m(\d+\.?\d*)s", re.IGNORECASE)
_FLAGS = frozenset({"background", "source", "fixed", "select", "edit", "move", "delete", "rotate"})


class BadWord(Exception):  # noqa: N818 - it is told as a NightglassError, with file and line
    """A word that cannot be understood, and why."""

    def __init__(self, word: str, why: str) -> None:
        super().__init__(word, why)
        self.word, self.why = word, why


class Statement(NamedTuple):
    """What stands between line ends and semicolons, and where `raw` starts in the text."""

    line: int
    body: str
    properties: str
    raw: str
    start: int
    is_comment: bool


class Number(NamedTuple):
    """A number with its unit, a character of ``drip"'`` or nothing."""

    value: float
    unit: str


def statements(text: str) -> Iterator[Statement]:
    """Cut a text; comments are left out, but for the kinds that DS9 writes as comments."""
    start = len(text) - len(text.removeprefix("\ufeff"))
    ends = [match.span() for match in _LINE_END.finditer(text)]
    for line, (end, following) in enumerate([*ends, (len(text), 0)], start=1):
        if start < end:
            yield from _statements_of_line(text[start:end], line, start)
        start = following


def _statements_of_line(words: str, line: int, start: int) -> Iterator[Statement]:
    place, may_be_comment, has_more = 0, "#" in words, ";" in words
    if not may_be_comment and not has_more:
        # Most lines are one statement without properties, and need no search.
        if body := words.strip():
            begin = start + len(words) - len(words.lstrip())
            yield Statement(line, body, "", body, begin, False)
        return
    while place < len(words):
        commented = _COMMENTED.match(words, place) if may_be_comment else None
        if not commented and _COMMENT.match(words, place):
            break
        body, middle = _body(words, place, commented)
        end = _end(_PROPERTIES, words, middle) if has_more else len(words)
        if body:
            whole = words[place:end]
            raw = whole.strip()
            begin = start + place + len(whole) - len(whole.lstrip())
            properties = words[middle:end].strip(" \t#|")
            yield Statement(line, body, properties, raw, begin, commented is not None)
        place = end + 1


def _body(words: str, place: int, commented: re.Match[str] | None) -> tuple[str, int]:
    """Give what a statement is about, and where its properties begin."""
    if commented:
        return commented[1], commented.end()
    middle = _end(_PROPERTIES if _GLOBAL.match(words, place) else _BODY, words, place)
    return words[place:middle].strip(), middle


def _end(pattern: re.Pattern[str], words: str, place: int) -> int:
    match = pattern.match(words, place)
    return match.end() if match else place


def parse_properties(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Read ``name=value`` pairs and bare words; gives them and the tags, of which there are many.

    A value may go on over blanks (``dashlist=8 3``); a bare flag has the value "1".
    """
    found: dict[str, str] = {}
    tags: list[str] = []
    if not text:
        return found, ()
    name = ""
    for key, value, bare in _PROPERTY.findall(text):
        if key:
            name = key.lower()
            found[name] = _unquoted(value)
            if name == "tag":
                tags.append(found[name])
        elif bare.lower() in _FLAGS:
            found[bare.lower()] = "1"
        elif name:
            found[name] = f"{found[name]} {bare}"
    return found, tuple(tags)


def loose_words(text: str) -> list[str]:
    """Words in front of all properties that are no flag; they mean nothing and are carried on."""
    found: list[str] = []
    for key, _, bare in _PROPERTY.findall(text):
        if key:
            break
        if bare.lower() not in _FLAGS:
            found.append(bare)
    return found


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in {"{", '"', "'"} and len(value) > 1 else value


def number(word: str) -> Number:
    """Read a number with its unit.

    Raises
    ------
    BadWord
        If it is none.
    """
    match = _NUMBER.fullmatch(word)
    value = math.nan if match is None else float(match[1])
    if match is None or not math.isfinite(value):
        raise BadWord(word, "is not a number")
    return Number(value, match[2].lower())


def value_of(word: str) -> float:
    """Read a number without a unit; faster than `number`, for the words that most are.

    Raises
    ------
    BadWord
        If it is none.
    """
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in word:
        raise BadWord(word, "is not a number")
    return value


def sexagesimal(word: str) -> tuple[float, bool] | None:
    """Read '12:34:56.7', '12h34m56.7s' or '12d34m56.7s'; None for other words.

    Returns
    -------
    value, is_degrees : float, bool
        In the unit of the first number; whether that was said to be degrees.
    """
    if ":" not in word and word[-1:] not in {"s", "S"}:
        return None
    match = _COLONS.fullmatch(word) or _LETTERS.fullmatch(word)
    if match is None:
        return None
    sign, whole, minutes, seconds = match.groups()
    if int(minutes) >= 60 or float(seconds or 0) >= 60:
        raise BadWord(word, "has more than 59 minutes or seconds")
    value = int(whole) + (int(minutes) + float(seconds or 0) / 60) / 60
    return (-value if sign == "-" else value), "d" in word.lower()
