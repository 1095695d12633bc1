"""Where shapes lie: a sized one has a centre, half sizes and an angle; all are moved and turned."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from ..marks import Line, Point, Sketch, Text, Vector
from ..shapes import (
    Annulus,
    Box,
    BoxAnnulus,
    Circle,
    Ellipse,
    EllipseAnnulus,
    Polygon,
    Rings,
    Shape,
    unit,
)

Pair = tuple[float, float]
Round = Circle | Annulus
Angled = Ellipse | Box | EllipseAnnulus | BoxAnnulus
Simple = Round | Angled
"""Shapes of one centre and one or two outlines."""
Sized = Simple | Rings


def centre_of(shape: Sized) -> Pair:
    """Centre, 1-based image pixels."""
    one = shape.rings[0] if isinstance(shape, Rings) else shape
    return one.x, one.y


def angle_of(shape: Sized) -> float:
    """Angle of the first axis in degrees from +x; 0 for round shapes."""
    one = shape.rings[0] if isinstance(shape, Rings) else shape
    return one.angle if isinstance(one, Angled) else 0.0


def is_round(shape: Sized) -> bool:
    """Whether it is made of circles, which have one size and no angle."""
    return isinstance(shape.rings[0] if isinstance(shape, Rings) else shape, Round)


def is_boxy(shape: Sized) -> bool:
    """Whether it has corners."""
    one = shape.rings[0] if isinstance(shape, Rings) else shape
    return isinstance(one, Box | BoxAnnulus)


def along_across(shape: Sized, place: Pair) -> Pair:
    """Place along and across the axes of a shape, from its centre."""
    (x, y), (cosine, sine) = centre_of(shape), unit(angle_of(shape))
    dx, dy = place[0] - x, place[1] - y
    return dx * cosine + dy * sine, dy * cosine - dx * sine


def half_sizes(shape: Sized) -> tuple[Pair, ...]:
    """Half sizes along and across of every outline, from the inside out, in pixels."""
    match shape:
        case Circle(r=r):
            return ((r, r),)
        case Ellipse(a=a, b=b):
            return ((a, b),)
        case Box(width=width, height=height):
            return ((width / 2, height / 2),)
        case Rings(rings=rings):
            return half_sizes(rings[0])[:1] + tuple(half_sizes(ring)[1] for ring in rings)
        case Annulus() | EllipseAnnulus() | BoxAnnulus():
            return half_sizes(shape.inner) + half_sizes(shape.outer)


def with_half_sizes(shape: Sized, sizes: tuple[Pair, ...]) -> Sized:
    """The same shape with other half sizes, as many as `half_sizes` gives."""
    if isinstance(shape, Rings):
        steps = zip(shape.rings, pairwise(sizes), strict=True)
        return Rings(tuple(_ring_with(ring, *step) for ring, step in steps))
    a, b = sizes[-1]
    match shape:
        case Circle():
            return replace(shape, r=a)
        case Ellipse():
            return replace(shape, a=a, b=b)
        case Box():
            return replace(shape, width=2 * a, height=2 * b)
        case Annulus() | EllipseAnnulus() | BoxAnnulus():
            return _ring_with(shape, *sizes)


def _ring_with(
    ring: Annulus | EllipseAnnulus | BoxAnnulus, inner: Pair, outer: Pair
) -> Annulus | EllipseAnnulus | BoxAnnulus:
    (a_in, b_in), (a_out, b_out) = inner, outer
    match ring:
        case Annulus():
            return replace(ring, r_in=a_in, r_out=a_out)
        case EllipseAnnulus():
            return replace(ring, a_in=a_in, b_in=b_in, a_out=a_out, b_out=b_out)
        case BoxAnnulus():
            return replace(
                ring,
                width_in=2 * a_in,
                height_in=2 * b_in,
                width_out=2 * a_out,
                height_out=2 * b_out,
            )


def moved(shape: Shape, dx: float, dy: float) -> Shape:
    """Push a shape by pixels right and up."""
    match shape:
        case Polygon(points=points):
            return Polygon(_pushed(points, dx, dy))
        case Sketch(paths=paths):
            return Sketch(tuple(_pushed(path, dx, dy) for path in paths))
        case Line(x0=x0, y0=y0, x1=x1, y1=y1):
            return replace(shape, x0=x0 + dx, y0=y0 + dy, x1=x1 + dx, y1=y1 + dy)
        case Rings(rings=rings):
            return Rings(tuple(replace(r, x=r.x + dx, y=r.y + dy) for r in rings))
    if isinstance(shape, Simple | Vector | Point | Text):
        return replace(shape, x=shape.x + dx, y=shape.y + dy)
    raise TypeError(f"{type(shape).__name__} has no place")


def turned(shape: Shape, degrees: float) -> Shape:
    """Turn a shape anticlockwise about `middle`; what has no direction stays as it is."""
    match shape:
        case Polygon(points=points):
            return Polygon(_turned_points(points, middle(shape), degrees))
        case Line():
            ends = ((shape.x0, shape.y0), (shape.x1, shape.y1))
            (x0, y0), (x1, y1) = _turned_points(ends, middle(shape), degrees)
            return replace(shape, x0=x0, y0=y0, x1=x1, y1=y1)
        case Ellipse() | Box() | EllipseAnnulus() | BoxAnnulus() | Rings():
            return with_angle(shape, angle_of(shape) + degrees)
        case Vector():
            return replace(shape, angle=(shape.angle + degrees) % 360.0)
    return shape


def with_angle(shape: Sized, degrees: float) -> Sized:
    """Give the first axis a direction; round shapes have none."""
    if isinstance(shape, Rings):
        return Rings(tuple(_ring_at(ring, degrees) for ring in shape.rings))
    return replace(shape, angle=degrees % 360.0) if isinstance(shape, Angled) else shape


def _ring_at(
    ring: Annulus | EllipseAnnulus | BoxAnnulus, degrees: float
) -> Annulus | EllipseAnnulus | BoxAnnulus:
    return ring if isinstance(ring, Annulus) else replace(ring, angle=degrees % 360.0)


def middle(shape: Shape) -> Pair:
    """Place a shape is turned about: its centre, the foot of a vector, a polygon's centroid."""
    match shape:
        case Polygon(points=points):
            return _centroid(points)
        case Vector() | Point() | Text():
            return shape.x, shape.y
        case Line() | Sketch():
            left, bottom, right, top = shape.bounds()
            return (left + right) / 2, (bottom + top) / 2
    if isinstance(shape, Sized):
        return centre_of(shape)
    raise TypeError(f"{type(shape).__name__} has no place")


def direction(start: Pair, end: Pair) -> float:
    """Direction from one place to another in degrees from +x, from 0 to 360."""
    return math.degrees(math.atan2(end[1] - start[1], end[0] - start[0])) % 360.0


def _pushed(points: tuple[Pair, ...], dx: float, dy: float) -> tuple[Pair, ...]:
    return tuple((x + dx, y + dy) for x, y in points)


def _turned_points(points: tuple[Pair, ...], about: Pair, degrees: float) -> tuple[Pair, ...]:
    cosine, sine = unit(degrees)
    x0, y0 = about
    return tuple(
        (x0 + cosine * (x - x0) - sine * (y - y0), y0 + sine * (x - x0) + cosine * (y - y0))
        for x, y in points
    )


def _centroid(points: tuple[Pair, ...]) -> Pair:
    """Centroid of the area (shoelace formula), seen from the first point to keep digits."""
    x0, y0 = points[0]
    seen = [(x - x0, y - y0) for x, y in points]
    twice = along = up = 0.0
    for (ax, ay), (bx, by) in pairwise([*seen, seen[0]]):
        cross = ax * by - bx * ay
        twice += cross
        along += (ax + bx) * cross
        up += (ay + by) * cross
    extent = max(max(abs(x), abs(y)) for x, y in seen)
    if abs(twice) <= 1e-9 * extent * extent:
        return x0 + sum(x for x, _ in seen) / len(seen), y0 + sum(y for _, y in seen) / len(seen)
    return x0 + along / (3 * twice), y0 + up / (3 * twice)
