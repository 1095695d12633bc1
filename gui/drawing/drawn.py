"""A region made ready to be painted: outline, style and label; made once for each change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSizeF
from PyQt6.QtGui import QFontMetricsF, QPainterPath, QTransform
from PyQt6.QtWidgets import QApplication

from ...core.regions.geometry.placement import (
    Sized,
    angle_of,
    centre_of,
    half_sizes,
    is_boxy,
    middle,
)
from ...core.regions.marks import Line, Point, Ruler, Sketch, Text, Vector
from ...core.regions.shapes import Polygon, Shape
from .colours import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...core.regions.entries import RegionEntry

_WIDEST = 20.0
_SYMBOL_PX = 11.0
_HAIR = (-0.05, -0.05, 0.05, 0.05)


@dataclass(frozen=True)
class Style:
    """What the pen of a region depends on; regions of one style are painted together."""

    color: str
    width: float = 1.0
    is_dashed: bool = False
    is_faint: bool = False


@dataclass(frozen=True)
class Symbol:
    """A sign of constant size at a place: that of a point, or an arrow head."""

    x: float
    y: float
    form: str
    size_px: float = _SYMBOL_PX
    towards: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class DrawnRegion:
    """One region in 0-based image coordinates; each part is made when it is needed first.

    Attributes
    ----------
    entry : RegionEntry
    shape : Shape
        That of the entry.
    arcsec_per_px : float or None
        For the words of rulers.
    """

    entry: RegionEntry
    shape: Shape
    arcsec_per_px: float | None = None

    @cached_property
    def path(self) -> QPainterPath:
        """Its lines."""
        return shape_path(self.shape)

    @cached_property
    def rect(self) -> QRectF:
        """Around all of it, also what holds no pixel."""
        left, bottom, right, top = self.shape.bounds()
        # A rectangle without an area would meet nothing.
        return QRectF(left - 1.0, bottom - 1.0, right - left, top - bottom).adjusted(*_HAIR)

    @cached_property
    def style(self) -> Style:
        """What its pen depends on."""
        return _style(self.entry, self.shape)

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """Its signs of constant size."""
        return tuple(_symbols(self.entry, self.shape))

    @cached_property
    def strike(self) -> QPainterPath | None:
        """The bar across one that is excluded."""
        return None if self.entry.include else _strike(self.shape)

    @cached_property
    def words(self) -> str:
        """What is written beside it, in constant size."""
        return _words(self.entry, self.shape, self.arcsec_per_px)

    @cached_property
    def words_size(self) -> QSizeF:
        """Their size on the screen, in logical pixels."""
        if not self.words:
            return QSizeF()
        return QFontMetricsF(QApplication.font()).size(0, self.words)

    @cached_property
    def middle(self) -> QPointF | None:
        """Where the words are centred; None puts them over the outline."""
        return _middle(self.shape)


def drawn_region(entry: RegionEntry, arcsec_per_px: float | None = None) -> DrawnRegion | None:
    """Make a region ready; None for one whose place is not known."""
    return None if entry.shape is None else DrawnRegion(entry, entry.shape, arcsec_per_px)


def shape_path(shape: Shape) -> QPainterPath:
    """Lines of a shape in 0-based image coordinates."""
    path = QPainterPath()
    match shape:
        case Polygon(points=points):
            _add_line(path, (*points, points[0]))
        case Line(x0=x0, y0=y0, x1=x1, y1=y1):
            _add_line(path, ((x0, y0), (x1, y1)))
        case Vector(x=x, y=y):
            _add_line(path, ((x, y), shape.tip))
        case Sketch(paths=paths):
            for line in paths:
                _add_line(path, line)
    return _sized_path(shape) if isinstance(shape, Sized) else path


def _sized_path(shape: Sized) -> QPainterPath:
    path = QPainterPath()
    add = path.addRect if is_boxy(shape) else path.addEllipse
    for a, b in half_sizes(shape):
        add(QRectF(-a, -b, 2 * a, 2 * b))
    return _placing(shape).map(path)


def _placing(shape: Sized) -> QTransform:
    x, y = centre_of(shape)
    return QTransform.fromTranslate(x - 1.0, y - 1.0).rotate(angle_of(shape))


def _strike(shape: Shape) -> QPainterPath:
    """Cross out what is excluded, as DS9 does."""
    path = QPainterPath()
    if isinstance(shape, Sized):
        a, b = half_sizes(shape)[-1]
        reach = 1.0 if is_boxy(shape) else math.sqrt(0.5)
        ends = [QPointF(sign * a * reach, sign * b * reach) for sign in (-1, 1)]
        path.moveTo(ends[0])
        path.lineTo(ends[1])
        return _placing(shape).map(path)
    left, bottom, right, top = shape.bounds()
    _add_line(path, ((left, bottom), (right, top)))
    return path


def _add_line(path: QPainterPath, points: Iterable[tuple[float, float]]) -> None:
    for number, (x, y) in enumerate(points):
        place = QPointF(x - 1.0, y - 1.0)
        if number:
            path.lineTo(place)
        else:
            path.moveTo(place)


def _style(entry: RegionEntry, shape: Shape) -> Style:
    said = entry.properties
    if isinstance(shape, Sketch):
        return Style(said.get("color", DEFAULT), is_faint=True)
    is_dashed = said.get("dash", "0") == "1" or entry.background
    return Style(said.get("color", DEFAULT), _width(said.get("width", "1")), is_dashed)


def _width(word: str) -> float:
    try:
        width = float(word)
    except ValueError:
        return 1.0
    return min(width, _WIDEST) if width >= 1.0 else 1.0


def _symbols(entry: RegionEntry, shape: Shape) -> Iterable[Symbol]:
    said = entry.properties
    match shape:
        case Point():
            yield _point_symbol(shape, said.get("point", "boxcircle").split())
        case Vector() if said.get("vector", "1") != "0":
            yield _arrow(shape.tip, (shape.x, shape.y))
        case Line():
            start, end = (shape.x0, shape.y0), (shape.x1, shape.y1)
            heads = said.get("line", "0 0").split()
            if isinstance(shape, Ruler):
                heads = ["1", "1"]
            for head, (at, other) in zip(heads, ((start, end), (end, start)), strict=False):
                if head == "1":
                    yield _arrow(at, other)


def _point_symbol(point: Point, words: list[str]) -> Symbol:
    """DS9 gives a form and may give its size in pixels of the screen: ``point=cross 15``."""
    sizes = [float(word) for word in words if word.isdecimal() and int(word)]
    forms = [word for word in words if not word.isdecimal()]
    form = forms[0] if forms else "boxcircle"
    return Symbol(point.x - 1.0, point.y - 1.0, form, (sizes or [_SYMBOL_PX])[0])


def _arrow(at: tuple[float, float], other: tuple[float, float]) -> Symbol:
    return Symbol(
        at[0] - 1.0, at[1] - 1.0, "head", _SYMBOL_PX, (at[0] - other[0], at[1] - other[1])
    )


def _words(entry: RegionEntry, shape: Shape, arcsec_per_px: float | None) -> str:
    if not isinstance(shape, Ruler):
        return entry.text
    length = math.dist((shape.x0, shape.y0), (shape.x1, shape.y1))
    words = f"{length:.2f} px"
    if arcsec_per_px is not None:
        words += f", {length * arcsec_per_px:.2f}″"
    return f"{entry.text} {words}" if entry.text else words


def _middle(shape: Shape) -> QPointF | None:
    if not isinstance(shape, Text | Line):
        return None
    x, y = middle(shape)
    return QPointF(x - 1.0, y - 1.0)
