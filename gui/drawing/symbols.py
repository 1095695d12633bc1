"""Signs of constant size on the screen: points after DS9, and arrow heads."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QPainterPath, QTransform

    from .drawn import Symbol

_HEAD_PX = 9.0
_HEAD_HALF_PX = 3.5


def add_symbol(path: QPainterPath, symbol: Symbol, to_screen: QTransform) -> None:
    """Add the lines of a sign, in pixels of the screen."""
    at = to_screen.map(QPointF(symbol.x, symbol.y))
    if symbol.form == "head" and symbol.towards is not None:
        _add_head(path, at, _on_screen(symbol.towards, to_screen))
        return
    # In the middle of a pixel and with whole sides, so that signs are sharp and all alike.
    at = QPointF(math.floor(at.x()) + 0.5, math.floor(at.y()) + 0.5)
    for part in _FORMS.get(symbol.form, ("box", "circle")):
        _PARTS[part](path, at, symbol.size_px // 2)


def _on_screen(towards: tuple[float, float], to_screen: QTransform) -> tuple[float, float]:
    return towards[0] * to_screen.m11(), towards[1] * to_screen.m22()


def _add_head(path: QPainterPath, tip: QPointF, towards: tuple[float, float]) -> None:
    length = math.hypot(*towards)
    if not length:
        return
    along = QPointF(towards[0], towards[1]) / length
    across = QPointF(-along.y(), along.x()) * _HEAD_HALF_PX
    foot = tip - along * _HEAD_PX
    _add_lines(path, foot + across, tip, foot - across)


def _add_lines(path: QPainterPath, *places: QPointF) -> None:
    path.moveTo(places[0])
    for place in places[1:]:
        path.lineTo(place)


def _circle(path: QPainterPath, at: QPointF, half: float) -> None:
    path.addEllipse(at, half, half)


def _box(path: QPainterPath, at: QPointF, half: float) -> None:
    path.addRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))


def _diamond(path: QPainterPath, at: QPointF, half: float) -> None:
    corners = [at + QPointF(x * half, y * half) for x, y in ((0, -1), (1, 0), (0, 1), (-1, 0))]
    _add_lines(path, *corners, corners[0])


def _cross(path: QPainterPath, at: QPointF, half: float) -> None:
    _add_lines(path, at - QPointF(half, 0.0), at + QPointF(half, 0.0))
    _add_lines(path, at - QPointF(0.0, half), at + QPointF(0.0, half))


def _x(path: QPainterPath, at: QPointF, half: float) -> None:
    _add_lines(path, at - QPointF(half, half), at + QPointF(half, half))
    _add_lines(path, at + QPointF(-half, half), at + QPointF(half, -half))


def _arrow(path: QPainterPath, at: QPointF, half: float) -> None:
    """Point at the place from the lower right."""
    _add_lines(path, at + QPointF(2 * half, 2 * half), at)
    _add_head(path, at, (-1.0, -1.0))


_PARTS: dict[str, Callable[[QPainterPath, QPointF, float], None]] = {
    "circle": _circle,
    "box": _box,
    "diamond": _diamond,
    "cross": _cross,
    "x": _x,
    "arrow": _arrow,
}
_FORMS = {**{name: (name,) for name in _PARTS}, "boxcircle": ("box", "circle")}
