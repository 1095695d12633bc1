"""Shapes of new regions, from the places where they are drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..entries import RegionEntry
from ..marks import Line, Point, Ruler, Sketch, Text, Vector
from ..shapes import Annulus, Box, BoxAnnulus, Circle, Ellipse, EllipseAnnulus
from .handles import LEAST_PX, snapped_end
from .placement import Pair, direction

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..shapes import Shape

DRAWN_KINDS = (
    "circle", "ellipse", "box", "polygon", "line", "point", "annulus", "ellipse annulus",
    "box annulus", "vector", "text", "ruler",
)  # fmt: skip
"""What can be drawn; all but the polygon by one drag."""

_HOLE = 0.5
_HEIGHTS = {"circle": 0.0, "annulus": 0.0, "ellipse": 0.6, "ellipse annulus": 0.6}
"""How far up the usual form is drawn to; a circle through its rightmost place."""
_PLACES = frozenset({"point", "text"})
_STRAIGHT = frozenset({"line", "vector", "ruler"})


def shape_between(kind: str, start: Pair, end: Pair, *, keep_aspect: bool = False) -> Shape:
    """Make a shape by a drag: boxes from corner to corner, lines from end to end, others from
    the centre outwards.

    Parameters
    ----------
    kind : str
        One of `DRAWN_KINDS` except the polygon.
    start, end : tuple of float
        1-based image pixels.
    keep_aspect : bool
        As wide as high, or in a direction of a multiple of 15 degrees.
    """  # noqa: D205 - one sentence
    if keep_aspect:
        end = snapped_end(start, end) if kind in _STRAIGHT else _squared(start, end)
    return _MAKERS[kind](start, end)


def shape_at(kind: str, place: Pair, size_px: float) -> Shape:
    """Make a shape of a usual form around a place.

    Parameters
    ----------
    kind : str
        One of `DRAWN_KINDS` except the polygon.
    place : tuple of float
        1-based image pixels.
    size_px : float
        Radius or half of the longer side.
    """
    x, y = place
    if kind in _PLACES:
        return shape_between(kind, place, place)
    if kind in _STRAIGHT:
        return shape_between(kind, (x - size_px, y), (x + size_px, y))
    height = size_px * _HEIGHTS.get(kind, 1.0)
    start = (x - size_px, y - height) if kind == "box" else place
    return shape_between(kind, start, (x + size_px, y + height))


def entry_of(kind: str, shape: Shape) -> RegionEntry:
    """A new region in image coordinates, without properties but the words of a text."""
    word = kind.split(maxsplit=1)[0]
    return RegionEntry(word, shape, properties={"text": "Text"} if kind == "text" else {})


def name_of(entry: RegionEntry) -> str:
    """What to call the kind of a region, for instance "box annulus"."""
    shape = entry.shape
    if shape is None or isinstance(shape, Sketch):
        return entry.kind
    return _NAMES.get(type(shape), entry.kind)


def _squared(start: Pair, end: Pair) -> Pair:
    dx, dy = end[0] - start[0], end[1] - start[1]
    size = max(abs(dx), abs(dy))
    return start[0] + math.copysign(size, dx), start[1] + math.copysign(size, dy)


def _reach(start: Pair, end: Pair) -> float:
    return max(math.dist(start, end), LEAST_PX)


def _halves(start: Pair, end: Pair) -> Pair:
    """Half sizes of what is drawn from its centre."""
    return max(abs(end[0] - start[0]), LEAST_PX), max(abs(end[1] - start[1]), LEAST_PX)


def _box(start: Pair, end: Pair) -> Box:
    width, height = _halves(start, end)
    return Box((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, width, height)


def _annulus(start: Pair, end: Pair) -> Annulus:
    reach = _reach(start, end)
    return Annulus(*start, _HOLE * reach, reach)


def _ellipse_annulus(start: Pair, end: Pair) -> EllipseAnnulus:
    a, b = _halves(start, end)
    return EllipseAnnulus(*start, _HOLE * a, _HOLE * b, a, b)


def _box_annulus(start: Pair, end: Pair) -> BoxAnnulus:
    a, b = _halves(start, end)
    return BoxAnnulus(*start, 2 * _HOLE * a, 2 * _HOLE * b, 2 * a, 2 * b)


_MAKERS: dict[str, Callable[[Pair, Pair], Shape]] = {
    "circle": lambda start, end: Circle(*start, _reach(start, end)),
    "ellipse": lambda start, end: Ellipse(*start, *_halves(start, end)),
    "box": _box,
    "annulus": _annulus,
    "ellipse annulus": _ellipse_annulus,
    "box annulus": _box_annulus,
    "line": lambda start, end: Line(*start, *end),
    "ruler": lambda start, end: Ruler(*start, *end),
    "vector": lambda start, end: Vector(*start, _reach(start, end), direction(start, end)),
    "point": lambda _, end: Point(*end),
    "text": lambda _, end: Text(*end),
}

_NAMES: dict[type[Shape], str] = {
    Annulus: "annulus",
    EllipseAnnulus: "ellipse annulus",
    BoxAnnulus: "box annulus",
    Box: "box",
}
