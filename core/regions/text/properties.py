"""The properties of a region, written as DS9 writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .reader import is_sky
from .words import loose_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..entries import RegionEntry

STANDARD: Mapping[str, str] = {
    "color": "green",
    "dashlist": "8 3",
    "width": "1",
    "font": "helvetica 10 normal roman",
    "select": "1",
    "highlite": "1",
    "dash": "0",
    "fixed": "0",
    "edit": "1",
    "move": "1",
    "delete": "1",
    "include": "1",
    "source": "1",
}
"""What DS9 takes for granted, in the order of its ``global`` line."""

_OF_KINDS = (
    *("line", "vector", "point", "ruler", "format", "compass", "projection", "composite"),
    *("panda", "epanda", "bpanda", "textangle", "fill"),
)
_COMMON = (
    *("color", "dashlist", "width", "font", "text", "select", "highlite", "dash", "fixed"),
    *("edit", "move", "rotate", "delete"),
)
_AS_THEY_ARE = frozenset({*_OF_KINDS, "dashlist"}) - {"format"}
_ORDERED = (*_OF_KINDS, *_COMMON)
_PLACED = frozenset({*_ORDERED, "tag", "include", "source", "background"})
_BARE = re.compile(r"[\w#.+-]+")


def standard_header(line_end: str = "\n") -> str:
    """The first lines of a file of DS9."""
    told = (f"{name}={_value(name, value)}" for name, value in STANDARD.items())
    return line_end.join(("# Region file format: DS9 version 4.1", f"global {' '.join(told)}", ""))


def write_properties(entry: RegionEntry, base: Mapping[str, str], were: str = "") -> str:
    """Write what differs from the globals.

    Parameters
    ----------
    entry : RegionEntry
    base : mapping of str to str
        The global properties that hold where it stands.
    were : str
        Its properties as they are in the file; words of no known meaning are kept.

    Returns
    -------
    str
        Without the mark ``#``; empty where there is nothing to tell.
    """
    told = list(_named(entry, base, _ORDERED))
    if entry.background != is_sky(base):
        told.append("background" if entry.background else "source")
    told += [f"tag={quoted(tag)}" for tag in entry.tags]
    told += _named(entry, base, [name for name in entry.properties if name not in _PLACED])
    return " ".join([*loose_words(were), *told])


def _named(
    entry: RegionEntry, base: Mapping[str, str], names: tuple[str, ...] | list[str]
) -> Iterator[str]:
    for name in names:
        value = entry.properties.get(name)
        if value is None and name in base:
            value = STANDARD.get(name)
        if value is not None and value != base.get(name):
            yield f"{name}={_value(name, value)}"


def _value(name: str, value: str) -> str:
    if name == "font":
        return '"' + value.replace('"', "") + '"'
    if name == "text":
        return quoted(value)
    if name in _AS_THEY_ARE:
        return " ".join(value.replace(";", " ").split()) or "0"
    return value if _BARE.fullmatch(value) else quoted(value)


def quoted(text: str) -> str:
    """Put a text in braces as DS9 does, or in quotes where a brace would end it too early.

    DS9 has no word for a text with a closing brace and both sorts of quotes: its double quotes
    are written as two single ones, with a line end as a blank.
    """
    text = " ".join(text.splitlines()) if len(text.splitlines()) > 1 else text.strip("\r\n")
    if "}" not in text:
        return f"{{{text}}}"
    if '"' not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    return '"' + text.replace('"', "''") + '"'
