"""Text for FITS cards, which hold nothing but ASCII, in one card or as many as there are lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from astropy.io.fits import Header


def ascii_text(text: str) -> str:
    """Spell as escapes what a card cannot hold; the degree sign becomes a word."""
    return text.replace("°", "deg ").encode("ascii", "backslashreplace").decode()


def write_lines(header: Header, letters: str, lines: Iterable[str]) -> None:
    """Write lines into numbered cards, such as NOTE0001, NOTE0002."""
    for number, line in enumerate(lines, start=1):
        header[f"{letters}{number:0{8 - len(letters)}d}"] = ascii_text(line)
