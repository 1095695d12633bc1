"""Regions as DS9 writes them for CIAO: bare shapes, one a line, in physical coordinates.

Places on the sky are FK5 in hours and degrees with minutes and seconds, lengths are then minutes
of arc, and angles run from the image's +x. An annulus of several steps is a ring a line, a panda a
part a line. DS9 has no line for rings of ellipses and boxes: they are written as the published
tools read them, inner sizes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NightglassError
from ..marks import Line, Sketch, Text, Vector
from ..shapes import Rings
from .kept import items_again
from .sketches import pies
from .spelling import Manner, items_of, kind_of, spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..entries import RegionEntry
    from ..systems import Surroundings
    from .sketches import Item

_WORDLESS = (Line, Text, Vector, Sketch)
_ROUND_PANDAS = frozenset({"panda", "cpanda", "pie"})


def write_ciao(
    entries: Sequence[RegionEntry], surroundings: Surroundings, system: str | None = None
) -> str:
    """Write regions for CIAO; those that are no shape of CIAO are left out.

    Parameters
    ----------
    entries : sequence of RegionEntry
    surroundings : Surroundings
    system : str or None
        "fk5" for places on the sky; None, "image" and "physical" are physical.

    Raises
    ------
    NightglassError
        If CIAO's files have no such system.
    """
    if system not in {None, "image", "physical", "fk5", "j2000"}:
        raise NightglassError(
            "No such coordinates in CIAO files",
            f"A CIAO file holds physical or fk5 coordinates, not {system}.",
            "Choose physical or fk5, or the format of DS9.",
        )
    is_sky = system in {"fk5", "j2000"}
    lines = (
        ("" if entry.include else "-") + _line(kind, items, surroundings, is_sky=is_sky) + "\n"
        for entry in entries
        for kind, items in _parts(entry, surroundings)
    )
    return "".join(lines)


def is_of_ciao(entry: RegionEntry) -> bool:
    """Whether a CIAO file can hold a region."""
    if entry.kind in _ROUND_PANDAS:
        return entry.shape is not None
    return entry.shape is not None and not isinstance(entry.shape, _WORDLESS)


def _parts(
    entry: RegionEntry, surroundings: Surroundings
) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """Give the shapes of CIAO that make up a region, each with its kind."""
    if not is_of_ciao(entry) or entry.shape is None:
        return
    if entry.kind in _ROUND_PANDAS:
        items = items_again(entry, surroundings)
        yield from (("pie", part) for part in ((items,) if entry.kind == "pie" else pies(items)))
        return
    shapes = entry.shape.rings if isinstance(entry.shape, Rings) else (entry.shape,)
    for shape in shapes:
        yield kind_of(shape), items_of(shape)


def _line(kind: str, items: Sequence[Item], surroundings: Surroundings, *, is_sky: bool) -> str:
    manners = {letter: _manner(letter, is_sky=is_sky) for letter in "pla"}
    words: list[str] = []
    for place, item in enumerate(items):
        # The second of two angles goes on from the first.
        before = [other for other in items[place - 1 : place] if item.letter == other.letter == "a"]
        spelt = spell([*before, item], manners[item.letter], surroundings)
        words += spelt if item.letter == "p" else spelt[-1:]
    return f"{kind}({','.join(words)})"


def _manner(letter: str, *, is_sky: bool) -> Manner:
    if not is_sky:
        return Manner("physical")
    return {"p": Manner("fk5", ("0:0:0", "0:0:0")), "l": Manner("fk5", ("0'",))}.get(
        letter, Manner("image")
    )
