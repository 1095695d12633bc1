"""The parts of one region as text: its sign, its kind and numbers, and what follows them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..marks import Sketch
from .kept import body_of, items_again
from .properties import write_properties
from .sketches import SKETCHED
from .spelling import Manner, items_of, kind_of, plain, spell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..entries import RegionEntry
    from ..shapes import Shape
    from ..systems import Surroundings
    from .pieces import Piece
    from .sketches import Item

COMMENTED = SKETCHED - {"panda", "cpanda", "epanda", "bpanda", "pie"} | {"vector", "text", "ruler"}
"""Kinds that DS9 writes behind a ``#``."""
_UNEVEN = frozenset({"panda", "epanda", "bpanda"})
"""Properties with numbers of their own; such regions stay in their system."""


def kind_written(entry: RegionEntry) -> str:
    """The word for a region: its own where it still fits its shape."""
    if entry.shape is None or isinstance(entry.shape, Sketch):
        return entry.kind
    kind = kind_of(entry.shape)
    return "rotbox" if (entry.kind, kind) == ("rotbox", "box") else kind


def system_for(entry: RegionEntry, target: str) -> str:
    """The system a region can be written in: its own where its place is not known."""
    is_known = entry.shape is not None and not _UNEVEN & entry.properties.keys()
    return target if is_known else entry.system


def numbers_of(
    entry: RegionEntry,
    system: str,
    surroundings: Surroundings,
    piece: Piece | None = None,
    old: RegionEntry | None = None,
) -> str:
    """Write the kind and the numbers of a region; those not understood are as they were."""
    kind = kind_written(entry)
    if entry.shape is None or (isinstance(entry.shape, Sketch) and system == entry.system):
        return body_of(entry)
    is_kept = isinstance(entry.shape, Sketch)
    items = items_again(entry, surroundings) if is_kept else items_of(entry.shape)
    manner = Manner(system)
    if piece is not None and old is not None and system == piece.system:
        words = tuple(word for word in piece.words or () if word[0] not in "nN")
        is_whole = len(words) == len(piece.words or ())
        manner = Manner(system, words, _items_said(old, kind) if is_whole else ())
    return f"{kind}({','.join(spell(items, manner, surroundings))})"


def _items_said(old: RegionEntry, kind: str) -> tuple[Item, ...]:
    """What the words of a region say, where each word stands for a number of its shape."""
    if old.shape is None or isinstance(old.shape, Sketch) or old.kind != kind:
        return ()
    return items_of(old.shape)


def sign_of(entry: RegionEntry, base: Mapping[str, str]) -> str:
    """Write whether a region is taken away, where the globals do not tell."""
    if not entry.include:
        return "-"
    return "+" if base.get("include") == "0" else ""


def text_turned(entry: RegionEntry, system: str, surroundings: Surroundings) -> RegionEntry:
    """Turn the angle of a text, which belongs to the system as well."""
    word = entry.properties.get("textangle")
    if system == entry.system or word is None:
        return entry
    place = _place_of(entry.shape)
    try:
        angle_deg = surroundings.plane(entry.system, word).angle(float(word), place)
    except ValueError:
        return entry
    turned = plain(surroundings.plane(system, system).angle_of(angle_deg, place) % 360.0, 8)
    return replace(entry, properties={**entry.properties, "textangle": turned})


def _place_of(shape: Shape | None) -> tuple[float, float]:
    """The first place of a shape."""
    if shape is None or isinstance(shape, Sketch):
        return 0.0, 0.0
    x, y = items_of(shape)[0].values
    return x, y


def is_said_alike(entry: RegionEntry, old: RegionEntry) -> bool:
    """Whether the words behind the numbers say the same of both."""
    is_include_said = "include" in entry.properties or "include" in old.properties
    return (
        entry.properties == old.properties
        and entry.tags == old.tags
        and entry.background == old.background
        and not (is_include_said and entry.include != old.include)
    )


def tail_of(piece: Piece, entry: RegionEntry, tail: str, *, is_marked: bool) -> str:
    """Write what follows the numbers of a region anew; `tail` is what did."""
    joint = " ||" if tail.lstrip().startswith("||") else ""
    told = write_properties(entry, piece.base, piece.statement.properties)
    return f"{joint} {'' if is_marked else '# '}{told}" if told else joint
