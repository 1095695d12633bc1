"""Shapes in 1-based image pixels, as DS9 counts: the centre of the first pixel is (1, 1).

Angles are degrees anticlockwise from +x. Which places a shape holds follows DS9 where one lies
exactly on the outline:

* a circle or an ellipse holds its outline; a ring holds what its outer shape holds and its
  inner one does not;
* a box holds its two low sides, seen along its own axes, and not its two high ones;
* a polygon holds its left and lower edges and not its right and upper ones, so that polygons
  side by side share no pixel. DS9 8.4 differs from the exact test here and is not followed.

With ``strict`` no outline is held, as the published masks have it (polygons stay as they are).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = Numbers | float
    Mask = NDArray[np.bool_]

Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top."""
FARTHEST_PX = 1e12
"""Places and lengths of files beyond it are refused: squares of some are beyond all numbers."""
_THINNEST_PX = 1e-100


class Shape(ABC):
    """A part of the plane of 1-based image pixels."""

    has_pixels = True
    """False for what only marks a place."""

    @abstractmethod
    def contains(self, x: Places, y: Places, *, strict: bool = False) -> Mask:
        """Tell which places lie inside.

        Parameters
        ----------
        x, y : float or ndarray of float64, shapes that broadcast
            1-based image coordinates.
        strict : bool
            Leave the outline out.

        Returns
        -------
        ndarray of bool, the common shape
        """

    @abstractmethod
    def bounds(self) -> Bounds:
        """Give the left, bottom, right and top of the smallest upright box around it."""

    @property
    @abstractmethod
    def area_px(self) -> float:
        """Area in square pixels."""


@dataclass(frozen=True)
class Circle(Shape):
    """All places within `r` of (x, y)."""

    x: float
    y: float
    r: float

    def contains(self, x: Places, y: Places, *, strict: bool = False) -> Mask:  # noqa: D102
        return Ellipse(self.x, self.y, self.r, self.r, 0.0).contains(x, y, strict=strict)

    def bounds(self) -> Bounds:  # noqa: D102
        return self.x - self.r, self.y - self.r, self.x + self.r, self.y + self.r

    @property
    def area_px(self) -> float:  # noqa: D102
        return math.pi * self.r**2


@dataclass(frozen=True)
class Ellipse(Shape):
    """Half axes `a`, along `angle`, and `b`."""

    x: float
    y: float
    a: float
    b: float
    angle: float = 0.0

    def contains(self, x: Places, y: Places, *, strict: bool = False) -> Mask:  # noqa: D102
        # Squares of thinner ones are below all numbers.
        if min(self.a, self.b) < _THINNEST_PX:
            return np.zeros(np.broadcast(x, y).shape, np.bool_)
        along, across = _turned(x, y, self)
        distance = along * along / (self.a * self.a) + across * across / (self.b * self.b)
        return np.asarray(distance < 1.0 if strict else distance <= 1.0)

    def bounds(self) -> Bounds:  # noqa: D102
        cosine, sine = unit(self.angle)
        half = math.hypot(self.a * cosine, self.b * sine)
        return _around(self.x, self.y, half, math.hypot(self.a * sine, self.b * cosine))

    @property
    def area_px(self) -> float:  # noqa: D102
        return math.pi * self.a * self.b


@dataclass(frozen=True)
class Box(Shape):
    """Full `width` along `angle` and full `height` across."""

    x: float
    y: float
    width: float
    height: float
    angle: float = 0.0

    def contains(self, x: Places, y: Places, *, strict: bool = False) -> Mask:  # noqa: D102
        along, across = _turned(x, y, self)
        half, other = self.width / 2, self.height / 2
        if strict:
            return np.asarray((abs(along) < half) & (abs(across) < other))
        return np.asarray((-half <= along) & (along < half) & (-other <= across) & (across < other))

    def bounds(self) -> Bounds:  # noqa: D102
        cosine, sine = map(abs, unit(self.angle))
        half = (self.width * cosine + self.height * sine) / 2
        return _around(self.x, self.y, half, (self.width * sine + self.height * cosine) / 2)

    @property
    def area_px(self) -> float:  # noqa: D102
        return self.width * self.height


@dataclass(frozen=True)
class Polygon(Shape):
    """Straight edges between `points`, the last joined to the first; even-odd rule."""

    points: tuple[tuple[float, float], ...]

    def contains(  # noqa: D102
        self,
        x: Places,
        y: Places,
        *,
        strict: bool = False,  # noqa: ARG002 - the published rule loses pixels; this is exact
    ) -> Mask:
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        inside = np.zeros(np.broadcast(x, y).shape, np.bool_)
        for start, end in zip(self.points, self.points[1:] + self.points[:1], strict=True):
            (x0, y0), (x1, y1) = sorted((start, end), key=lambda point: point[1])
            if y0 < y1:
                crossed = (y0 <= y) & (y < y1)
                inside ^= crossed & (x < x0 + (x1 - x0) * ((y - y0) / (y1 - y0)))
        return inside

    def bounds(self) -> Bounds:  # noqa: D102
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def area_px(self) -> float:
        """Area by the shoelace formula; right for edges that do not cross."""
        pairs = zip(self.points, self.points[1:] + self.points[:1], strict=True)
        return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


class _Ring(Shape):
    """A shape without the smaller one in its middle."""

    @property
    @abstractmethod
    def outer(self) -> Shape:
        """Outline."""

    @property
    @abstractmethod
    def inner(self) -> Shape:
        """Hole."""

    def contains(self, x: Places, y: Places, *, strict: bool = False) -> Mask:
        return self.outer.contains(x, y, strict=strict) & ~self.inner.contains(x, y)

    def bounds(self) -> Bounds:
        return self.outer.bounds()

    @property
    def area_px(self) -> float:
        return self.outer.area_px - self.inner.area_px


@dataclass(frozen=True)
class Annulus(_Ring):
    """All places between two radii around (x, y)."""

    x: float
    y: float
    r_in: float
    r_out: float

    @property
    def outer(self) -> Circle:
        """Outline."""
        return Circle(self.x, self.y, self.r_out)

    @property
    def inner(self) -> Circle:
        """Hole."""
        return Circle(self.x, self.y, self.r_in)


@dataclass(frozen=True)
class EllipseAnnulus(_Ring):
    """Between two ellipses of one angle."""

    x: float
    y: float
    a_in: float
    b_in: float
    a_out: float
    b_out: float
    angle: float = 0.0

    @property
    def outer(self) -> Ellipse:
        """Outline."""
        return Ellipse(self.x, self.y, self.a_out, self.b_out, self.angle)

    @property
    def inner(self) -> Ellipse:
        """Hole."""
        return Ellipse(self.x, self.y, self.a_in, self.b_in, self.angle)


@dataclass(frozen=True)
class BoxAnnulus(_Ring):
    """Between two boxes of one angle."""

    x: float
    y: float
    width_in: float
    height_in: float
    width_out: float
    height_out: float
    angle: float = 0.0

    @property
    def outer(self) -> Box:
        """Outline."""
        return Box(self.x, self.y, self.width_out, self.height_out, self.angle)

    @property
    def inner(self) -> Box:
        """Hole."""
        return Box(self.x, self.y, self.width_in, self.height_in, self.angle)


@dataclass(frozen=True)
class Rings(Shape):
    """Several rings around one centre, each outside the one before; an annulus of many steps."""

    rings: tuple[Annulus | EllipseAnnulus | BoxAnnulus, ...]

    def contains(self, x: Places, y: Places, *, strict: bool = False) -> Mask:  # noqa: D102
        parts = [ring.contains(x, y, strict=strict) for ring in self.rings]
        return np.asarray(np.logical_or.reduce(parts))

    def bounds(self) -> Bounds:  # noqa: D102
        return self.rings[-1].bounds()

    @property
    def area_px(self) -> float:  # noqa: D102
        return sum(ring.area_px for ring in self.rings)


def unit(angle_deg: float) -> tuple[float, float]:
    """Unit vector in a direction from +x, anticlockwise.

    Exact at right angles, where sides run through the centres of pixels.
    """
    quarters, rest = divmod(angle_deg, 90.0)
    if not rest:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarters) % 4]
    angle = math.radians(angle_deg)
    return math.cos(angle), math.sin(angle)


def _turned(x: Places, y: Places, shape: Ellipse | Box) -> tuple[Numbers, Numbers]:
    """Give places along and across the axes of a shape, from its centre."""
    dx, dy = np.asarray(x, np.float64) - shape.x, np.asarray(y, np.float64) - shape.y
    cosine, sine = unit(shape.angle)
    return cosine * dx + sine * dy, cosine * dy - sine * dx


def _around(x: float, y: float, half_width: float, half_height: float) -> Bounds:
    return x - half_width, y - half_height, x + half_width, y + half_height
