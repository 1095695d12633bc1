"""Painting of regions, their words and their handles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from ...core.regions.marks import Line
from ..widgets.pens import cosmetic_pen
from .drawn import DrawnRegion, Style
from .grips import GRIP_PX, TURN_GAP_PX
from .symbols import add_symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from PyQt6.QtCore import QSizeF

    from .grips import Grip
    from .ink import Ink

SHADOW = QPointF(1.0, 1.0)
_STRIKE = "red"
_WORDS_GAP_PX = 3.0
_MARK_PX = 5.0
_PLACE_HALF_PX = 11.0


class Batch:
    """Outlines of regions gathered by style, so that one stroke paints hundreds of them."""

    def __init__(self, regions: Iterable[DrawnRegion]) -> None:
        self._regions = tuple(regions)
        self._lines: dict[Style, QPainterPath] = {}
        self._wide: list[tuple[Style, QPainterPath]] = []
        for drawn in self._regions:
            self._take(drawn.style, drawn.path)
            if drawn.strike is not None:
                self._take(Style(_STRIKE), drawn.strike)
        self._marked = [drawn for drawn in self._regions if drawn.symbols]

    def _take(self, style: Style, path: QPainterPath) -> None:
        # Wide lines are stroked one by one: as one path they would be cut at every crossing.
        if style.width > 1.0:
            self._wide.append((style, path))
        else:
            self._lines.setdefault(style, QPainterPath()).addPath(path)

    def paint(self, painter: QPainter, ink: Ink, to_screen: QTransform, ratio: float) -> None:
        """Draw outlines, signs and words; the painter draws in logical pixels of the screen."""
        # Lines along pixel edges fall into the middle of device pixels and stay sharp.
        half, beside = 0.5 / ratio, SHADOW / ratio
        for style, path in self._on_screen(to_screen * QTransform.fromTranslate(half, half)):
            shadow, line = ink.pens(style)
            # A shadow needs no smooth edge, which would take three times as long.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(shadow)
            painter.drawPath(path.translated(beside))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(line)
            painter.drawPath(path)
        draw_words(painter, ink, self._regions, to_screen, ratio)

    def _on_screen(self, to_screen: QTransform) -> Iterable[tuple[Style, QPainterPath]]:
        signs: dict[Style, QPainterPath] = {}
        for drawn in self._marked:
            style = Style(drawn.style.color, drawn.style.width)
            path = signs.setdefault(style, QPainterPath())
            for symbol in drawn.symbols:
                add_symbol(path, symbol, to_screen)
        for style, path in (*self._lines.items(), *self._wide):
            yield style, to_screen.map(path)
        yield from signs.items()


def draw_words(
    painter: QPainter,
    ink: Ink,
    regions: Iterable[DrawnRegion],
    to_screen: QTransform,
    ratio: float,
) -> None:
    """Write what regions are called, upright and in one size at every zoom."""
    for drawn in regions:
        if drawn.words:
            picture = ink.words(drawn.words, drawn.style.color, drawn.words_size, ratio)
            painter.drawImage(words_rect(drawn, to_screen).topLeft() - SHADOW, picture)


def words_rect(drawn: DrawnRegion, to_screen: QTransform) -> QRectF:
    """Where the words of a region stand on the screen; without an area when it has none."""
    size, outline = drawn.words_size, to_screen.mapRect(drawn.rect)
    if drawn.middle is None:
        corner = QPointF(outline.center().x() - size.width() / 2, outline.top() - size.height())
        corner -= QPointF(0.0, _WORDS_GAP_PX)
    else:
        corner = to_screen.map(drawn.middle) - QPointF(size.width(), size.height()) / 2
        if isinstance(drawn.entry.shape, Line):
            corner += _beside_line(size, outline)
    # Whole pixels keep letters sharp.
    return QRectF(QPointF(corner.toPoint()), size)


def _beside_line(size: QSizeF, outline: QRectF) -> QPointF:
    """Push words from the middle of a line up, or to the right, until it crosses them no more."""
    across, down = max(outline.width(), 1e-9), max(outline.height(), 1e-9)
    rise = (size.height() + min(size.width() * down / across, down)) / 2 + _WORDS_GAP_PX
    aside = (size.width() + min(size.height() * across / down, across)) / 2 + _WORDS_GAP_PX
    return QPointF(0.0, -rise) if rise <= aside else QPointF(aside, 0.0)


def draw_grips(
    painter: QPainter, ink: Ink, color: str, grips: Iterable[Grip], middle: QPointF
) -> None:
    """Draw the handles of one region; `middle` is that of the region on the screen."""
    squares = []
    for grip in grips:
        if grip.handle.kind == "turn":
            _draw_stem(painter, cosmetic_pen(ink.colour(color)), grip.place, middle)
            _fill_with(painter, ink, color)
            painter.drawEllipse(grip.place, GRIP_PX / 2, GRIP_PX / 2)
        else:
            squares.append(grip.place)
    _draw_squares(painter, ink, color, squares, GRIP_PX)


def _draw_stem(painter: QPainter, pen: QPen, place: QPointF, middle: QPointF) -> None:
    """A short line from the handle that turns back to the outline."""
    towards = middle - place
    length = math.hypot(towards.x(), towards.y())
    if length > TURN_GAP_PX:
        painter.setPen(pen)
        painter.drawLine(place, place + towards * (TURN_GAP_PX / length))


def draw_frame(painter: QPainter, ink: Ink, drawn: DrawnRegion, to_screen: QTransform) -> None:
    """Mark the corners of a selected region that has no handles."""
    half = _PLACE_HALF_PX
    around = to_screen.mapRect(drawn.rect).adjusted(-half, -half, half, half)
    if drawn.words and drawn.middle is not None:
        around = words_rect(drawn, to_screen).adjusted(-4.0, -2.0, 4.0, 2.0)
    corners = (around.topLeft(), around.topRight(), around.bottomRight(), around.bottomLeft())
    _draw_squares(painter, ink, drawn.style.color, corners, _MARK_PX)


def middles_of(regions: Iterable[DrawnRegion]) -> dict[str, QPolygonF]:
    """Middles of regions in image coordinates, by colour."""
    middles: dict[str, list[QPointF]] = {}
    for drawn in regions:
        middles.setdefault(drawn.style.color, []).append(drawn.rect.center())
    return {color: QPolygonF(places) for color, places in middles.items()}


def draw_middles(
    painter: QPainter, ink: Ink, middles: Mapping[str, QPolygonF], to_screen: QTransform
) -> None:
    """Mark many selected regions by one square each; see `middles_of`."""
    for color, places in middles.items():
        squares = to_screen.map(places)
        for pen, width in ((ink.shadow(color), _MARK_PX + 2.0), (ink.colour(color), _MARK_PX)):
            painter.setPen(_dot_pen(pen, width))
            painter.drawPoints(squares)


def _dot_pen(colour: QColor, width: float) -> QPen:
    pen = cosmetic_pen(colour)
    pen.setWidthF(width)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    return pen


def _fill_with(painter: QPainter, ink: Ink, color: str) -> None:
    painter.setPen(cosmetic_pen(ink.shadow(color)))
    painter.setBrush(ink.colour(color))


def _draw_squares(
    painter: QPainter, ink: Ink, color: str, places: Sequence[QPointF], size_px: float
) -> None:
    if places:
        _fill_with(painter, ink, color)
        painter.drawRects(*(_square(place, size_px) for place in places))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_draft(painter: QPainter, ink: Ink, draft: QPolygonF) -> None:
    """Draw a polygon that is not closed yet; its first corner can be pressed to close it."""
    for pen, shift in zip(ink.accent_pens(is_dashed=False), (SHADOW, QPointF()), strict=True):
        painter.setPen(pen)
        painter.drawPolyline(draft.translated(shift))
        painter.drawRect(_square(draft[0] + shift, GRIP_PX))


def draw_band(painter: QPainter, ink: Ink, band: QRectF) -> None:
    """Draw a rubber band."""
    for pen, shift in zip(ink.accent_pens(is_dashed=True), (SHADOW, QPointF()), strict=True):
        painter.setPen(pen)
        painter.drawRect(band.translated(shift))


def _square(place: QPointF, size: float) -> QRectF:
    # On whole pixels, so that all squares look the same.
    return QRectF(round(place.x() - size / 2), round(place.y() - size / 2), size, size)
