"""Outlines of shapes as lines, and how far a place is from a shape."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ..marks import Line, Point, Sketch, Text, Vector
from ..shapes import Polygon, Shape, unit
from .placement import Pair, Sized, along_across, angle_of, centre_of, half_sizes, is_boxy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Polyline = NDArray[np.float64]

_FEWEST, _MOST = 12, 720


def outline(shape: Shape, step: float) -> tuple[Polyline, ...]:
    """Give the lines to draw a shape with; none for a place.

    Parameters
    ----------
    shape : Shape
    step : float
        Longest piece of a curve, in pixels; a curve has 12 to 720 pieces.

    Returns
    -------
    tuple of ndarray of float64, shapes (points, 2)
        1-based image pixels; a closed line ends where it begins.
    """
    match shape:
        case Polygon(points=points):
            return (np.array([*points, points[0]], np.float64),)
        case Line(x0=x0, y0=y0, x1=x1, y1=y1):
            return (np.array([(x0, y0), (x1, y1)], np.float64),)
        case Vector(x=x, y=y):
            return (np.array([(x, y), shape.tip], np.float64),)
        case Sketch(paths=paths):
            return tuple(np.array(path, np.float64) for path in paths)
    if not isinstance(shape, Sized):
        return ()
    trace = _corners if is_boxy(shape) else _curve
    turn = np.array([unit(angle_of(shape)), unit(angle_of(shape) + 90.0)])
    return tuple(trace(*size, step) @ turn + centre_of(shape) for size in half_sizes(shape))


def distance(shape: Shape, x: float, y: float) -> float:
    """How far a place is from a shape in pixels; 0 inside one that holds pixels.

    The hole of a ring is outside. The place is in 1-based image pixels.
    """
    if shape.has_pixels and bool(shape.contains(x, y)):
        return 0.0
    if isinstance(shape, Point | Text):
        return math.hypot(x - shape.x, y - shape.y)
    return outline_distance(shape, x, y)


def outline_distance(shape: Shape, x: float, y: float) -> float:
    """How far a place is from the nearest line of a shape, in pixels."""
    if isinstance(shape, Sized) and not is_boxy(shape):
        return _curve_distance(shape, x, y)
    return min(
        segment_distance((x, y), tuple(start), tuple(end))
        for line in outline(shape, math.inf)
        for start, end in pairwise(line.tolist())
    )


def nearest_edge(polygon: Polygon, x: float, y: float) -> tuple[int, float]:
    """The vertex that the nearest edge starts at, and how far that edge is, in pixels."""
    ends = pairwise([*polygon.points, polygon.points[0]])
    distances = [segment_distance((x, y), *edge) for edge in ends]
    index = min(range(len(distances)), key=distances.__getitem__)
    return index, distances[index]


def segment_distance(place: Pair, start: Pair, end: Pair) -> float:
    """How far a place is from a straight line between two others."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((place[0] - start[0]) * dx + (place[1] - start[1]) * dy) / length if length else 0.0
    along = min(max(along, 0.0), 1.0)
    return math.hypot(place[0] - start[0] - along * dx, place[1] - start[1] - along * dy)


def _corners(a: float, b: float, step: float) -> Polyline:  # noqa: ARG001 - straight lines
    return np.array([(a, b), (-a, b), (-a, -b), (a, -b), (a, b)])


def _curve(a: float, b: float, step: float) -> Polyline:
    pieces = math.ceil(min(max(2 * math.pi * max(a, b) / step, _FEWEST), _MOST))
    angles = np.linspace(0.0, 2 * math.pi, pieces + 1)
    line = np.column_stack([a * np.cos(angles), b * np.sin(angles)])
    line[-1] = line[0]
    return line


def _curve_distance(shape: Sized, x: float, y: float) -> float:
    along, across = map(abs, along_across(shape, (x, y)))
    return min(_ellipse_distance(*size, along, across) for size in half_sizes(shape))


def _ellipse_distance(a: float, b: float, x: float, y: float) -> float:
    """Distance of a place in the first quarter to an ellipse with half axes a and b.

    The foot (a² x / (t + a²), b² y / (t + b²)) lies on the ellipse for one t, found by bisection
    (Eberly, Distance from a point to an ellipse, 2013).
    """
    if a < b:
        a, b, x, y = b, a, y, x
    if not b:
        return math.hypot(max(x - a, 0.0), y)
    if a == b:
        return abs(math.hypot(x, y) - a)
    if not y:
        gap = a * a - b * b
        if a * x < gap:
            foot = a * a * x / gap
            return math.hypot(foot - x, b * math.sqrt(1.0 - (foot / a) ** 2))
        return abs(x - a)
    t = _foot(a, b, x, y)
    return math.hypot(x - a * a * x / (t + a * a), y - b * b * y / (t + b * b))


def _foot(a: float, b: float, x: float, y: float) -> float:
    low, high = b * y - b * b, math.hypot(a * x, b * y) - b * b
    while True:
        t = (low + high) / 2
        if t in {low, high}:
            return t
        excess = (a * x / (t + a * a)) ** 2 + (b * y / (t + b * b)) ** 2 - 1.0
        low, high = (t, high) if excess > 0 else (low, t)
