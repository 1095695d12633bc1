"""Kinds of regions that are drawn and hold no pixel, in 1-based image pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .shapes import Shape, unit

if TYPE_CHECKING:
    from .shapes import Bounds, Mask, Places


class _Mark(Shape):
    """What is drawn and holds no pixel."""

    has_pixels = False

    def contains(
        self,
        x: Places,
        y: Places,
        *,
        strict: bool = False,  # noqa: ARG002 - it holds nothing
    ) -> Mask:
        return np.zeros(np.broadcast(x, y).shape, np.bool_)

    @property
    def area_px(self) -> float:
        return 0.0


@dataclass(frozen=True)
class Point(_Mark):
    """A place."""

    x: float
    y: float

    def bounds(self) -> Bounds:  # noqa: D102
        return self.x, self.y, self.x, self.y


@dataclass(frozen=True)
class Text(_Mark):
    """Words around a place; what they say and how they are turned are properties of the region."""

    x: float
    y: float

    def bounds(self) -> Bounds:  # noqa: D102
        return self.x, self.y, self.x, self.y


@dataclass(frozen=True)
class Line(_Mark):
    """From (x0, y0) to (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float

    def bounds(self) -> Bounds:  # noqa: D102
        xs, ys = sorted((self.x0, self.x1)), sorted((self.y0, self.y1))
        return xs[0], ys[0], xs[1], ys[1]


@dataclass(frozen=True)
class Ruler(Line):
    """A line that tells its length."""


@dataclass(frozen=True)
class Vector(_Mark):
    """An arrow from (x, y), `length` pixels along `angle`."""

    x: float
    y: float
    length: float
    angle: float = 0.0

    @property
    def tip(self) -> tuple[float, float]:
        """Where it points to."""
        cosine, sine = unit(self.angle)
        return self.x + self.length * cosine, self.y + self.length * sine

    def bounds(self) -> Bounds:  # noqa: D102
        return Line(self.x, self.y, *self.tip).bounds()


@dataclass(frozen=True)
class Sketch(_Mark):
    """Lines of a kind that is kept and drawn and not edited, such as panda or compass."""

    paths: tuple[tuple[tuple[float, float], ...], ...]

    def bounds(self) -> Bounds:  # noqa: D102
        xs, ys = zip(*(point for path in self.paths for point in path), strict=True)
        return min(xs), min(ys), max(xs), max(ys)
