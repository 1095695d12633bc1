"""Outlines of the kinds of DS9 that are kept and drawn and not edited.

What their numbers are is told by a row of letters: p place, l length, a angle, n count of parts;
``p*`` stands for any number of places. Pandas run from their first to their second angle.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..marks import Sketch
from .words import BadWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .arguments import Arguments

_Path = tuple[tuple[float, float], ...]

_LETTERS = {
    "panda": "paanlln",
    "cpanda": "paanlln",
    "epanda": "paanlllln|a",
    "bpanda": "paanlllln|a",
    "pie": "pllaa",
    "segment": "p*",
    "projection": "ppl",
    "compass": "pl",
    "composite": "pa",
}
SKETCHED = frozenset(_LETTERS)
_STEP_DEG = 5.0
SAME_DEG = 1e-6
"""Two angles as near as this are one, and a panda between them goes all round."""


class Item(NamedTuple):
    """A number of a region in image pixels or degrees from +x; a place has two."""

    letter: str
    values: tuple[float, ...]


def read_items(arguments: Arguments) -> tuple[Item, ...]:
    """Read the numbers of a kept kind.

    Raises
    ------
    BadWord
        If they are too few or too many, or one is not understood.
    """
    needed, _, optional = _LETTERS[arguments.kind].partition("|")
    if needed == "p*":
        if arguments.left < 4 or arguments.left % 2:
            raise BadWord(arguments.kind, f"needs pairs and has {arguments.left} numbers")
        return tuple(_item(arguments, "p") for _ in range(arguments.left // 2))
    shortest = len(needed) + needed.count("p")
    arguments.need(*{shortest, shortest + len(optional)})
    letters = needed + (optional if arguments.left > shortest else "")
    return _ascending([_item(arguments, letter) for letter in letters])


def _item(arguments: Arguments, letter: str) -> Item:
    if letter == "p":
        return Item(letter, arguments.place())
    read = {"l": arguments.length_px, "a": arguments.angle, "n": arguments.whole}
    return Item(letter, (read[letter](),))


def _ascending(items: list[Item]) -> tuple[Item, ...]:
    """Let the second of two angles be larger than the first, as a panda goes round."""
    for place, (first, second) in enumerate(pairwise(tuple(items))):
        if first.letter == second.letter == "a":
            span = (second.values[0] - first.values[0]) % 360.0
            span = span if SAME_DEG < span < 360.0 - SAME_DEG else 360.0
            items[place + 1] = Item("a", (first.values[0] + span,))
    return tuple(items)


def pies(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """Part a panda into pieces of a pie: a place, two radii and two angles each."""
    place, start, stop, parts, inner, outer, rings = items
    angles = np.linspace(start.values[0], stop.values[0], int(parts.values[0]) + 1).tolist()
    radii = np.linspace(inner.values[0], outer.values[0], int(rings.values[0]) + 1).tolist()
    for near, far in pairwise(radii):
        for first, second in pairwise(angles):
            numbers = zip("llaa", (near, far, first, second), strict=True)
            yield (place, *(Item(letter, (value,)) for letter, value in numbers))


def sketch(arguments: Arguments) -> Sketch:
    """Draw the outlines of a kept kind."""
    kind = arguments.kind
    items = read_items(arguments)
    places = [item.values for item in items if item.letter == "p"]
    lengths = [item.values[0] for item in items if item.letter == "l"]
    angles = [item.values[0] for item in items if item.letter == "a"]
    counts = [int(item.values[0]) for item in items if item.letter == "n"] or [1, 1]
    x, y = places[0]
    if kind == "segment":
        return Sketch((tuple((px, py) for px, py in places),))
    if kind == "projection":
        return Sketch(_projection(places, lengths[0]))
    if kind == "compass":
        return Sketch((((x + lengths[0], y), (x, y), (x, y + lengths[0])),))
    if kind == "composite":
        return Sketch((((x - 1.0, y), (x + 1.0, y)), ((x, y - 1.0), (x, y + 1.0))))
    halves = list(zip(lengths[::2], lengths[1::2], strict=True))
    sizes = [(radius, radius) for radius in lengths] if len(halves) == 1 else halves
    turn = angles[2] if len(angles) > 2 else 0.0
    return Sketch(tuple(_panda((x, y), angles, counts, sizes, turn, is_box=kind == "bpanda")))


def _projection(places: Sequence[tuple[float, ...]], width: float) -> tuple[_Path, ...]:
    """A line, and the far side of the band that is averaged over."""
    (x0, y0), (x1, y1) = places
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    dx, dy = -(y1 - y0) / length * width, (x1 - x0) / length * width
    return (
        ((x0, y0), (x1, y1)),
        ((x0, y0), (x0 + dx, y0 + dy), (x1 + dx, y1 + dy), (x1, y1)),
    )


def _panda(
    centre: tuple[float, float],
    angles: Sequence[float],
    counts: Sequence[int],
    sizes: Sequence[tuple[float, float]],
    turn: float,
    *,
    is_box: bool,
) -> Iterator[_Path]:
    """Arcs of every ring, and spokes between them; `sizes` are half axes, full sides of boxes."""
    start, stop = angles[0], angles[1]
    rings = np.linspace(sizes[0], sizes[-1], counts[-1] + 1)
    steps = max(math.ceil((stop - start) / _STEP_DEG - 0.01), 2)
    whole = 1 if stop - start >= 360.0 - SAME_DEG else 0
    for size in rings:
        yield _arc(centre, size, np.linspace(start, stop, steps + 1), turn, is_box=is_box)
    for angle in np.linspace(start, stop, counts[0] + 1)[: counts[0] + 1 - whole]:
        ends = [_arc(centre, size, np.array([angle]), turn, is_box=is_box) for size in rings]
        yield ends[0] + ends[-1]


def _arc(
    centre: tuple[float, float],
    size: np.ndarray[tuple[int], np.dtype[np.float64]],
    angles_deg: np.ndarray[tuple[int], np.dtype[np.float64]],
    turn: float,
    *,
    is_box: bool,
) -> _Path:
    """Give places on an ellipse or box in directions seen from its centre, from its own axis."""
    along, across = np.cos(np.radians(angles_deg)), np.sin(np.radians(angles_deg))
    with np.errstate(divide="ignore", invalid="ignore"):
        u, v = np.abs(along / size[0]), np.abs(across / size[1])
        far = 0.5 / np.maximum(u, v) if is_box else 1.0 / np.hypot(u, v)
    far = np.nan_to_num(far, posinf=0.0)
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    x = centre[0] + far * (along * cosine - across * sine)
    y = centre[1] + far * (along * sine + across * cosine)
    return tuple(zip(x.tolist(), y.tolist(), strict=True))
