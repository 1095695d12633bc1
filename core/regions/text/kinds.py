"""Shapes from the numbers of a region, for every kind whose pixels are known."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ..marks import Line, Point, Ruler, Text, Vector
from ..shapes import Annulus, Box, BoxAnnulus, Circle, Ellipse, EllipseAnnulus, Polygon, Shape
from .sketches import SKETCHED, sketch
from .words import BadWord

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..systems import Pair
    from .arguments import Arguments


def build(arguments: Arguments) -> tuple[Shape, ...]:
    """Make the shapes of a region; several for an annulus of several rings.

    Raises
    ------
    BadWord
        If the numbers do not make one, or the kind is unknown.
    """
    if arguments.kind in SKETCHED:
        return (sketch(arguments),)
    maker = _MAKERS.get(arguments.kind)
    if maker is None:
        raise BadWord(arguments.kind, "is not a known region")
    shapes = maker(arguments)
    arguments.need(0)
    return shapes


def _circle(arguments: Arguments) -> tuple[Shape, ...]:
    arguments.need(3)
    return (Circle(*arguments.place(), arguments.length_px()),)


def _point(arguments: Arguments) -> tuple[Shape, ...]:
    arguments.need(2)
    return (Point(*arguments.place()),)


def _text(arguments: Arguments) -> tuple[Shape, ...]:
    arguments.need(2)
    return (Text(*arguments.place()),)


def _line(arguments: Arguments) -> tuple[Shape, ...]:
    arguments.need(4)
    return (Line(*arguments.place(), *arguments.place()),)


def _ruler(arguments: Arguments) -> tuple[Shape, ...]:
    arguments.need(4)
    return (Ruler(*arguments.place(), *arguments.place()),)


def _vector(arguments: Arguments) -> tuple[Shape, ...]:
    arguments.need(3, 4)
    return (Vector(*arguments.place(), arguments.length_px(), arguments.angle()),)


def _polygon(arguments: Arguments) -> tuple[Shape, ...]:
    if arguments.left < 6 or arguments.left % 2:
        raise BadWord(arguments.kind, f"needs at least 3 pairs and has {arguments.left} numbers")
    return (Polygon(tuple(arguments.place() for _ in range(arguments.left // 2))),)


def _annulus(arguments: Arguments) -> tuple[Shape, ...]:
    if arguments.left < 4:
        raise BadWord(arguments.kind, f"needs at least 4 numbers and has {arguments.left}")
    place = arguments.place()
    radii = [arguments.length_px() for _ in range(arguments.left)]
    steps = _steps(arguments, [(radius, radius) for radius in radii])
    return tuple(Annulus(*place, inner, outer) for (inner, _), (outer, _) in pairwise(steps))


def _ellipse(arguments: Arguments) -> tuple[Shape, ...]:
    place, sizes, angle = _centred(arguments)
    if len(sizes) == 1:
        return (Ellipse(*place, *sizes[0], angle),)
    return tuple(EllipseAnnulus(*place, *inner, *outer, angle) for inner, outer in pairwise(sizes))


def _box(arguments: Arguments) -> tuple[Shape, ...]:
    place, sizes, angle = _centred(arguments)
    if len(sizes) == 1:
        return (Box(*place, *sizes[0], angle),)
    return tuple(BoxAnnulus(*place, *inner, *outer, angle) for inner, outer in pairwise(sizes))


def _rectangle(arguments: Arguments) -> tuple[Shape, ...]:
    """CIAO's box by two corners; turned by an angle about its middle."""
    arguments.need(4, 5)
    first, second = arguments.place(), arguments.place()
    turn = math.radians(arguments.straight())
    dx, dy = second[0] - first[0], second[1] - first[1]
    width = abs(dx * math.cos(turn) + dy * math.sin(turn))
    height = abs(dy * math.cos(turn) - dx * math.sin(turn))
    middle = (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
    return (Box(*middle, width, height, arguments.angle()),)


_MAKERS: dict[str, Callable[[Arguments], tuple[Shape, ...]]] = {
    "circle": _circle,
    "point": _point,
    "text": _text,
    "line": _line,
    "ruler": _ruler,
    "vector": _vector,
    "polygon": _polygon,
    "annulus": _annulus,
    "ellipse": _ellipse,
    "box": _box,
    "rotbox": _box,
    "rectangle": _rectangle,
    "rotrectangle": _rectangle,
}
_UNKNOWN_SHAPE = frozenset({"sector", "field"})
KEPT = frozenset({"line", "vector", "text", "ruler"}) | SKETCHED | _UNKNOWN_SHAPE
"""Kinds without pixels, which are kept as they are where they are not understood."""
KINDS = frozenset(_MAKERS) | KEPT


def _centred(
    arguments: Arguments,
) -> tuple[Pair, list[Pair], float]:
    """Read a place, pairs of sizes and an angle, which may be left out."""
    if arguments.left < 4:
        raise BadWord(arguments.kind, f"needs at least 4 numbers and has {arguments.left}")
    place = arguments.place()
    pairs = [(arguments.length_px(), arguments.length_px()) for _ in range(arguments.left // 2)]
    return place, _steps(arguments, pairs), arguments.angle()


def _steps(arguments: Arguments, sizes: list[Pair]) -> list[Pair]:
    """Sizes from the inside out; ``n=3`` stands for three rings of one width."""
    if any(inner > outer for inner, outer in pairwise(sizes)):
        raise BadWord(arguments.kind, "has sizes that do not grow from the inside out")
    if not arguments.rings:
        return sizes
    parts = np.linspace(sizes[0], sizes[-1], arguments.rings + 1)
    return [(float(first), float(second)) for first, second in parts]
