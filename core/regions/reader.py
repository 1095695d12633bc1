"""Region files of DS9 (4.1) and CIAO, read into shapes in image pixels.

What is read: ``global`` lines, coordinate systems, several regions a line parted by ``;``,
numbers parted by commas or blanks, ``+`` and ``-``, properties after ``#``, units and
sexagesimal places. Numbers before any coordinate system are physical. Kinds without pixels are
kept with their text. Coordinates may lie outside the frame.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NightglassError, translate
from .arguments import Arguments
from .entries import RegionEntry, RegionFile
from .kinds import KEPT, build
from .systems import OTHER_SYSTEMS, SYSTEMS, SkyToPixel, Surroundings
from .words import BadWord, Statement, parse_properties, statements

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from .shapes import Shape

__all__ = ["RegionEntry", "RegionFile", "SkyToPixel", "parse_regions", "read_regions"]

_REGION = re.compile(r"([+-]?)\s*([a-z_]\w*)\s*(.*)", re.IGNORECASE | re.DOTALL)
_ARGUMENTS = re.compile(
    r"\(\s*([^()]*?)\s*\)\s*(?:\|\||[|&]?(?=\s*[+-]))?\s*(.*)|([^()]*?)", re.DOTALL
)
_BETWEEN = re.compile(r"\s*,\s*|\s+")
_DIRECTIVES = frozenset({"tile"})
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
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES)
    except OSError as error:
        raise translate(error, path) from error
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    return parse_regions(text, path=path, sky=sky, cards=cards, corner=corner, binning=binning)


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
    reading = _Reading(Surroundings(sky, cards or {}, corner, binning))
    entries: list[RegionEntry] = []
    for statement in statements(text):
        try:
            entries += reading.take(statement)
        except BadWord as bad:
            raise _error(path, statement, bad) from None
    if not entries:
        name = "The text" if path is None else str(path)
        raise NightglassError(
            "No region", f"{name} has no region.", "Draw one in DS9 and save it.", path
        )
    return RegionFile(tuple(entries), path)


class _Reading:
    """What holds for the statements to come."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._system = "physical"
        self._globals: dict[str, str] = {}

    def take(self, statement: Statement) -> Iterator[RegionEntry]:
        """Read one statement; gives its regions."""
        match = _REGION.fullmatch(statement.body)
        if match is None:
            raise BadWord(statement.body.split(maxsplit=1)[0], "is not a known word")
        sign, word, rest = match.groups()
        kind = word.lower()
        if kind == "global":
            self._globals |= parse_properties(rest)[0]
        elif kind in SYSTEMS and not sign:
            self._system = kind
            if rest:
                yield from self.take(statement._replace(body=rest))
        elif kind in OTHER_SYSTEMS:
            raise BadWord(word, "is a coordinate system that cannot be read")
        elif kind not in _DIRECTIVES:
            yield from self._regions(statement, sign, kind, rest)

    def _regions(
        self, statement: Statement, sign: str, kind: str, rest: str
    ) -> Iterator[RegionEntry]:
        if kind in KEPT:
            yield self._entry(statement, sign, kind, None)
            return
        match = _ARGUMENTS.fullmatch(rest)
        if match is None:
            raise BadWord(rest.split(maxsplit=1)[0] if rest else kind, "is not a list of numbers")
        words = [word for word in _BETWEEN.split((match[1] or match[3] or "").strip()) if word]
        for shape in build(Arguments(kind, words, self._system, self._surroundings)):
            yield self._entry(statement, sign, kind, shape)
        if match[2]:
            yield from self.take(statement._replace(body=match[2]))

    def _entry(
        self, statement: Statement, sign: str, kind: str, shape: Shape | None
    ) -> RegionEntry:
        own, tags = parse_properties(statement.properties)
        properties = self._globals | own
        included = properties.get("include", "1") != "0"
        return RegionEntry(
            kind,
            shape,
            include=sign == "+" or (included and not sign),
            background=_is_sky(own, default=_is_sky(self._globals)),
            properties=properties,
            tags=tags,
            system=self._system,
            line=statement.line,
            raw=statement.raw,
        )


def _is_sky(properties: Mapping[str, str], *, default: bool = False) -> bool:
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
