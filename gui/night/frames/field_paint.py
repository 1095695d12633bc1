"""Masks, Moon, targets and residual vectors over a frame; everything in logical pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPolygonF, QTransform

from ...theme import DASHED, LineCue
from ...widgets.pens import cosmetic_pen
from .field_names import draw_names, draw_shaded
from .star_marks import radius_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from ....core.mascara.field.overlay import FieldOverlay, Moon
    from ....core.mascara.field.residuals import StarResiduals
    from ...theme import Roles

    Numbers = npt.NDArray[np.float64]

_DIAMOND, _BEYOND_PX = 1.42, 4.0
_START_PX = 1.5
_LEAST_MOON_PX = 5.0
_SHADOW = QPointF(1.0, 1.0)


def ink(roles: Roles) -> tuple[str, str]:
    """Colour of words over a picture, and of what shades them: pictures are dark in any theme."""
    light, dark = sorted((roles.text, roles.view_background), key=_lightness, reverse=True)
    return light, dark


def star_colour(roles: Roles) -> str:
    """Stars."""
    return roles.lines[0].color


def target_colour(roles: Roles) -> str:
    """Stars of which thumbnails are kept."""
    return max((roles.lines[1].color, roles.warn), key=_lightness)


def residual_colour(roles: Roles) -> str:
    """Measured minus computed."""
    return max((roles.lines[3].color, roles.bad), key=_lightness)


def mask_cue(roles: Roles) -> LineCue:
    """What stands in the view."""
    return LineCue(ink(roles)[0], DASHED)


def _lightness(colour: str) -> float:
    return QColor(colour).lightnessF()


def on_screen(to_screen: QTransform, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Logical pixels of image places; the view is never turned."""
    return to_screen.m11() * x + to_screen.dx(), to_screen.m22() * y + to_screen.dy()


def draw_masks(
    painter: QPainter, overlay: FieldOverlay, to_screen: QTransform, roles: Roles
) -> None:
    """Hatch what stands in the view."""
    cue = mask_cue(roles)
    for left, right, bottom, top in overlay.masks:
        box = to_screen.mapRect(QRectF(left - 0.5, bottom - 0.5, right - left, top - bottom))
        painter.setPen(cue.pen())
        painter.setBrush(QBrush(QColor(cue.color), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(box)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        at = box.topLeft() + QPointF(6.0, 4.0 + painter.fontMetrics().ascent())
        draw_shaded(painter, at, "masked", *ink(roles))


def draw_moon(painter: QPainter, moon: Moon, to_screen: QTransform, roles: Roles) -> None:
    """Draw the disc of the Moon and, dashed, how far stars are flagged."""
    middle, scale = to_screen.map(QPointF(moon.x, moon.y)), abs(to_screen.m11())
    disc = max(_LEAST_MOON_PX, moon.radius_px * scale)
    light, dark = ink(roles)
    for shift, colour in ((_SHADOW, dark), (QPointF(), light)):
        painter.setPen(cosmetic_pen(colour))
        painter.drawEllipse(middle + shift, disc, disc)
        painter.setPen(LineCue(colour, DASHED).pen())
        painter.drawEllipse(middle + shift, moon.flagged_px * scale, moon.flagged_px * scale)
    at = middle + QPointF(max(disc, moon.flagged_px * scale) + 4.0, 4.0)
    draw_shaded(painter, at, "Moon", light, dark)


def draw_targets(
    painter: QPainter, overlay: FieldOverlay, to_screen: QTransform, roles: Roles
) -> None:
    """Put a diamond with its number around each chosen star."""
    chosen, scale = np.flatnonzero(overlay.is_target), abs(to_screen.m11())
    front, (_, dark) = target_colour(roles), ink(roles)
    halves = [
        radius_of(float(vmag), scale) * _DIAMOND + _BEYOND_PX for vmag in overlay.vmag[chosen]
    ]
    across, down = on_screen(to_screen, overlay.x[chosen], overlay.y[chosen])
    for shift, colour in ((_SHADOW, dark), (QPointF(), front)):
        painter.setPen(cosmetic_pen(colour))
        for x, y, half in zip(across, down, halves, strict=True):
            painter.drawPolygon(_diamond(QPointF(x, y) + shift, half))
    named = [
        (float(x) + half, float(y), str(overlay.ascc[star]))
        for x, y, half, star in zip(across, down, halves, chosen, strict=True)
    ]
    draw_names(painter, named, front, dark)


def _diamond(middle: QPointF, half: float) -> QPolygonF:
    x, y = middle.x(), middle.y()
    corners = ((x - half, y), (x, y - half), (x + half, y), (x, y + half))
    return QPolygonF([QPointF(*corner) for corner in corners])


def draw_residuals(
    painter: QPainter, found: StarResiduals, factor: int, to_screen: QTransform, roles: Roles
) -> None:
    """Draw lines from computed places towards measured ones, magnified, a dot at their start."""
    x0, y0 = on_screen(to_screen, found.x, found.y)
    x1, y1 = on_screen(to_screen, found.x + factor * found.dx, found.y + factor * found.dy)
    lines = [QLineF(*ends) for ends in zip(x0, y0, x1, y1, strict=True)]
    if not lines:
        return
    starts = QPolygonF([line.p1() for line in lines])
    for shift, colour in ((_SHADOW, ink(roles)[1]), (QPointF(), residual_colour(roles))):
        pen = cosmetic_pen(colour)
        painter.setPen(pen)
        painter.drawLines(*(line.translated(shift) for line in lines))
        pen.setWidthF(2.0 * _START_PX)
        painter.setPen(pen)
        painter.drawPoints(starts.translated(shift))
