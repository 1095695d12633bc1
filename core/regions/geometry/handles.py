"""Handles of shapes: where they are, and what becomes of a shape when one is dragged."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from ..marks import Line, Vector
from ..shapes import Box, Polygon, Rings, Shape, unit
from .placement import (
    Angled,
    Pair,
    Sized,
    along_across,
    angle_of,
    centre_of,
    direction,
    half_sizes,
    is_boxy,
    is_round,
    middle,
    turned,
    with_angle,
    with_half_sizes,
)

LEAST_PX = 0.1
"""No size becomes smaller, and no two outlines come closer."""
TURN_GAP_PX = 20.0
SNAP_DEG = 15.0

HandleKind = Literal["size", "vertex", "turn", "end"]

_AXES = ((1, 0), (0, 1), (-1, 0), (0, -1))
_CORNERS = ((1, 1), (-1, 1), (-1, -1), (1, -1))


@dataclass(frozen=True)
class Handle:
    """A place of a shape to drag it by.

    Attributes
    ----------
    name : str
        Unique within its shape and kept while it is dragged.
    x, y : float
        Where it is, 1-based image pixels.
    kind : {"size", "vertex", "turn", "end"}
    index : int
        Which outline from the inside out, which vertex or which end.
    along, across : int
        Which side of the shape's own axes, each -1, 0 or 1; only for sizes.
    """

    name: str
    x: float
    y: float
    kind: HandleKind
    index: int = 0
    along: int = 0
    across: int = 0


def handles(shape: Shape, *, turn_gap_px: float = TURN_GAP_PX) -> tuple[Handle, ...]:
    """Give the handles of a shape; none for what is only kept or has just a place.

    Parameters
    ----------
    shape : Shape
    turn_gap_px : float
        How far outside the handle that turns it stands, in image pixels; it lies on the first
        axis, and so shows the angle.

    Returns
    -------
    tuple of Handle
        From the inside out, the one that turns last.
    """
    match shape:
        case Polygon(points=points):
            corners = tuple(Handle(f"vertex {i}", *p, "vertex", i) for i, p in enumerate(points))
            return (*corners, _polygon_turn(shape, turn_gap_px))
        case Line(x0=x0, y0=y0, x1=x1, y1=y1):
            return Handle("start", x0, y0, "end", 0), Handle("end", x1, y1, "end", 1)
        case Vector():
            x, y = _beyond(shape, shape.length + turn_gap_px)
            start = Handle("start", shape.x, shape.y, "end", 0)
            return start, Handle("end", *shape.tip, "end", 1), Handle("turn", x, y, "turn")
    if not isinstance(shape, Sized):
        return ()
    sizes = tuple(_size_handles(shape))
    return sizes if is_round(shape) else (*sizes, _turn_handle(shape, turn_gap_px))


def dragged(
    shape: Shape, handle: Handle, x: float, y: float, *, keep_aspect: bool = False
) -> Shape:
    """Drag a handle of a shape to a place.

    A box keeps the side or corner opposite; all others keep their centre, a line or vector its
    other end. Sizes act along the shape's own axes.

    Parameters
    ----------
    shape : Shape
    handle : Handle
        One of `handles(shape)`.
    x, y : float
        Where to, 1-based image pixels.
    keep_aspect : bool
        Sizes keep their proportion; directions snap to multiples of 15 degrees.

    Returns
    -------
    Shape
        Of the same kind; no size below 0.1 px, and every outline at least as much inside the next.
    """
    if handle.kind == "turn":
        return _turned_to(shape, handle, (x, y), snaps=keep_aspect)
    match shape:
        case Polygon(points=points):
            return Polygon((*points[: handle.index], (x, y), *points[handle.index + 1 :]))
        case Line():
            return _line_to(shape, handle.index, (x, y), snaps=keep_aspect)
        case Vector():
            return _vector_to(shape, handle.index, (x, y), snaps=keep_aspect)
        case Box():
            return _box_to(shape, handle, (x, y), keep_aspect=keep_aspect)
    if not isinstance(shape, Sized):
        raise TypeError(f"{type(shape).__name__} has no handles")
    return _sized_to(shape, handle, (x, y), keep_aspect=keep_aspect)


def with_vertex(polygon: Polygon, edge: int, x: float, y: float) -> Polygon:
    """Put one more vertex on the edge that starts at vertex `edge`."""
    return Polygon((*polygon.points[: edge + 1], (x, y), *polygon.points[edge + 1 :]))


def without_vertex(polygon: Polygon, index: int) -> Polygon:
    """Take a vertex away; a triangle stays as it is."""
    if len(polygon.points) <= 3:
        return polygon
    return Polygon(polygon.points[:index] + polygon.points[index + 1 :])


def _size_handles(shape: Sized) -> list[Handle]:
    places: tuple[tuple[int, int], ...] = _CORNERS if is_boxy(shape) else _AXES
    if isinstance(shape, Box):
        places = _AXES + _CORNERS
    return [
        Handle(
            f"size {index} {along:+d} {across:+d}",
            *_outside(shape, along * a, across * b),
            "size",
            index,
            along,
            across,
        )
        for index, (a, b) in enumerate(half_sizes(shape))
        for along, across in places
    ]


def _turn_handle(shape: Sized, gap_px: float) -> Handle:
    a, _ = half_sizes(shape)[-1]
    return Handle("turn", *_outside(shape, a + gap_px, 0.0), "turn")


def _polygon_turn(shape: Polygon, gap_px: float) -> Handle:
    _, y = middle(shape)
    return Handle("turn", shape.bounds()[2] + gap_px, y, "turn")


def _beyond(shape: Vector, length: float) -> Pair:
    return replace(shape, length=length).tip


def _outside(shape: Sized, along: float, across: float) -> Pair:
    """Image place from one along and across the axes of a shape."""
    (x, y), (cosine, sine) = centre_of(shape), unit(angle_of(shape))
    return x + along * cosine - across * sine, y + along * sine + across * cosine


def _turned_to(shape: Shape, handle: Handle, place: Pair, *, snaps: bool) -> Shape:
    about = middle(shape)
    if place == about:
        return shape
    to = direction(about, place)
    if isinstance(shape, Polygon):
        by = to - direction(about, (handle.x, handle.y))
        return turned(shape, _snapped(by) if snaps else by)
    if isinstance(shape, Vector):
        return replace(shape, angle=_snapped(to) if snaps else to)
    assert isinstance(shape, Angled | Rings)
    return with_angle(shape, _snapped(to) if snaps else to)


def _snapped(degrees: float) -> float:
    return round(degrees / SNAP_DEG) * SNAP_DEG % 360.0


def snapped_end(start: Pair, end: Pair) -> Pair:
    """The place nearest to `end` that lies in a multiple of 15 degrees from `start`."""
    cosine, sine = unit(_snapped(direction(start, end)))
    reach = (end[0] - start[0]) * cosine + (end[1] - start[1]) * sine
    return start[0] + reach * cosine, start[1] + reach * sine


def _line_to(line: Line, index: int, place: Pair, *, snaps: bool) -> Line:
    other = (line.x0, line.y0) if index else (line.x1, line.y1)
    x, y = snapped_end(other, place) if snaps else place
    return replace(line, x1=x, y1=y) if index else replace(line, x0=x, y0=y)


def _vector_to(vector: Vector, index: int, place: Pair, *, snaps: bool) -> Vector:
    start = (vector.x, vector.y)
    other = start if index else vector.tip
    place = snapped_end(other, place) if snaps else place
    start, tip = (start, place) if index else (place, other)
    length = max(math.dist(start, tip), LEAST_PX)
    angle = direction(start, tip) if start != tip else vector.angle
    return Vector(*start, length, angle)


def _box_to(box: Box, handle: Handle, place: Pair, *, keep_aspect: bool) -> Box:
    """Size about the side or corner opposite to the handle, as DS9 does."""
    sizes = (box.width, box.height)
    signs = (handle.along, handle.across)
    wanted = [
        max(size / 2 + sign * at, LEAST_PX) if sign else size
        for size, sign, at in zip(sizes, signs, along_across(box, place), strict=True)
    ]
    if keep_aspect and all(sizes):
        scale = max(w / s for w, s, sign in zip(wanted, sizes, signs, strict=True) if sign)
        wanted = [max(size * scale, LEAST_PX) for size in sizes]
    shifts = [sign * (new - old) / 2 for new, old, sign in zip(wanted, sizes, signs, strict=True)]
    return Box(*_outside(box, *shifts), wanted[0], wanted[1], box.angle)


def _sized_to(shape: Sized, handle: Handle, place: Pair, *, keep_aspect: bool) -> Sized:
    sizes, index = half_sizes(shape), handle.index
    rooms = (_room(sizes, index, 0), _room(sizes, index, 1))
    old = sizes[index]
    wanted = _wanted(shape, handle, place)
    if keep_aspect and all(old):
        new = _scaled(old, wanted, rooms)
    else:
        new = _clamped(wanted[0], rooms[0]), _clamped(wanted[1], rooms[1])
    return with_half_sizes(shape, (*sizes[:index], new, *sizes[index + 1 :]))


def _wanted(shape: Sized, handle: Handle, place: Pair) -> Pair:
    """Half sizes that put the handle there, whatever the other outlines say."""
    along, across = along_across(shape, place)
    if is_round(shape):
        return math.hypot(along, across), math.hypot(along, across)
    a, b = half_sizes(shape)[handle.index]
    return (
        handle.along * along if handle.along else a,
        handle.across * across if handle.across else b,
    )


def _scaled(old: Pair, wanted: Pair, rooms: tuple[Pair, Pair]) -> Pair:
    """Scale both sizes by what the one dragged further asks for."""
    scales = [new / size for new, size in zip(wanted, old, strict=True) if new != size]
    least = max(low / size for (low, _), size in zip(rooms, old, strict=True))
    most = min(high / size for (_, high), size in zip(rooms, old, strict=True))
    scale = _clamped(max(scales, default=1.0), (least, most))
    return old[0] * scale, old[1] * scale


def _room(sizes: tuple[Pair, ...], index: int, axis: int) -> Pair:
    """From where to where an outline may go between the ones next to it."""
    least = (sizes[index - 1][axis] if index else 0.0) + LEAST_PX
    most = sizes[index + 1][axis] - LEAST_PX if index + 1 < len(sizes) else math.inf
    return (least, most) if least <= most else (sizes[index][axis],) * 2


def _clamped(value: float, room: Pair) -> float:
    return min(max(value, room[0]), room[1])
