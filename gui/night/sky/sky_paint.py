"""How the parts of the whole sky are drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainterPath, QPen, QPolygonF

from ...theme import DASHED, DOTTED, LineCue, spaced
from ...widgets.pens import cosmetic_pen
from ..words import fixed
from .sky_scale import ink_on, step_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PyQt6.QtGui import QPainter

    from ....core.mascara.field.whole_sky import ChipOutline, SkyStars, SkyView
    from ...theme import Roles
    from .dome import Dome

RINGS_DEG = (30.0, 60.0)
CARDINALS = (("N", 0.0), ("E", 90.0), ("S", 180.0), ("W", 270.0))
NEVER_DEG = -18.0
"""The Sun gives no light any more below this."""
BODY_PX = 6.0
SUN_NAME_DEG = 9.0
FAINTEST_PX, PX_PER_MAG, LARGEST_PX = 1.2, 0.55, 5.5
FAINT_VMAG = 6.0
LABEL_ALT_DEG, BESIDE_DEG = 3.0, 4.0
SUNK_ALPHA = 150
OUTLINED_PX = 2.0
"""Larger dots have an edge; smaller ones would be nothing but edge."""
UNSEEN_PX = 1.5
TERSE_PX = 120.0


def star_radius_px(vmag: float) -> float:
    """Half width of the dot of a star."""
    return min(LARGEST_PX, FAINTEST_PX + PX_PER_MAG * max(0.0, FAINT_VMAG - vmag))


def paint_ground(painter: QPainter, dome: Dome, roles: Roles) -> None:
    """The disc of the sky."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(roles.view_background))
    painter.drawEllipse(dome.rectangle)


def paint_rings(painter: QPainter, dome: Dome, roles: Roles) -> None:
    """Horizon and altitude rings, and the four directions outside."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(LineCue(roles.muted).pen())
    painter.drawEllipse(dome.rectangle)
    painter.setPen(LineCue(roles.muted, DOTTED).pen())
    for alt_deg in RINGS_DEG:
        radius = dome.radius * (1.0 - alt_deg / 90.0)
        painter.drawEllipse(QPointF(dome.x, dome.y), radius, radius)
    painter.setPen(QColor(roles.text))
    reach = painter.fontMetrics().height() * 0.7
    for letter, az_deg in CARDINALS:
        at = dome.place(-90.0 * reach / dome.radius, az_deg)
        painter.drawText(around(painter, at, letter), Qt.AlignmentFlag.AlignCenter, letter)


def paint_altitudes(painter: QPainter, dome: Dome, roles: Roles) -> None:
    """Numbers of the altitude rings."""
    for alt_deg in RINGS_DEG:
        _paint_tag(painter, dome.place(alt_deg, 45.0), f"{alt_deg:.0f}°", roles.muted, roles)


def paint_chips(painter: QPainter, dome: Dome, view: SkyView, roles: Roles) -> None:
    """Outlines of the chips with the letters of the cameras; dashed without light curves."""
    disc = QPainterPath()
    disc.addEllipse(dome.rectangle)
    painter.save()
    painter.setClipPath(disc)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for chip in view.chips:
        painter.setPen(LineCue(roles.text, () if chip.is_measured else DASHED).pen())
        painter.drawPolygon(dome.polygon(chip.edge_deg))
    painter.restore()
    for chip in view.chips:
        colour = roles.text if chip.is_measured else roles.muted
        name = chip.camera if dome.radius > TERSE_PX else chip.camera[-1]
        _paint_tag(painter, _label_place(dome, chip), name, colour, roles)


def _label_place(dome: Dome, chip: ChipOutline) -> QPointF:
    """Below the middle of the side that is furthest from the zenith, where chips do not meet."""
    quarter = len(chip.edge_deg) // 4
    sides = [chip.edge_deg[quarter // 2 + quarter * side] for side in range(4)]
    lowest = min(sides, key=lambda place: float(place[0]))
    return dome.place(max(float(lowest[0]) - BESIDE_DEG, LABEL_ALT_DEG), float(lowest[1]))


def paint_stars(
    painter: QPainter,
    places: NDArray[np.float64],
    stars: SkyStars,
    colours: list[QColor],
    roles: Roles,
) -> None:
    """Stars: filled by their own transparency, open where it is not known; small: not measured."""
    unseen = QColor(roles.muted)
    unseen.setAlpha(SUNK_ALPHA)
    painter.setPen(QPen(unseen, UNSEEN_PX))
    painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in places[~stars.is_measured].tolist()]))
    looks = _Looks(colours, roles)
    seen = np.flatnonzero(stars.is_measured)[::-1]
    rows = zip(
        places[seen].tolist(), stars.vmag[seen].tolist(), stars.transparency[seen].tolist(),
        strict=True,
    )  # fmt: skip
    # The brightest come first in the columns, and last on the picture.
    for (x, y), vmag, transparency in rows:
        radius = star_radius_px(vmag)
        fill, edge = looks.of(transparency, radius)
        painter.setBrush(fill)
        painter.setPen(edge)
        painter.drawEllipse(QPointF(x, y), radius, radius)


class _Looks:
    """Fillings and edges of dots, made once for all stars."""

    def __init__(self, colours: list[QColor], roles: Roles) -> None:
        self._unknown = QBrush(Qt.BrushStyle.NoBrush), cosmetic_pen(roles.text)
        self._fills = [QBrush(colour) for colour in colours]
        self._edges = [cosmetic_pen(ink_on(colour, roles)) for colour in colours]
        self._no_edge = QPen(Qt.PenStyle.NoPen)

    def of(self, transparency: float, radius: float) -> tuple[QBrush, QPen]:
        if math.isnan(transparency):
            return self._unknown
        step = step_of(transparency)
        return self._fills[step], self._edges[step] if radius >= OUTLINED_PX else self._no_edge


def paint_bodies(painter: QPainter, dome: Dome, view: SkyView, roles: Roles) -> None:
    """The Moon with its phase, and the Sun while it gives light; the Sun sits on the horizon."""
    alt_deg, az_deg = view.moon_deg
    if alt_deg > 0.0:
        at = dome.place(alt_deg, az_deg)
        _paint_moon(painter, at, view.moon_phase, roles)
        _paint_name(painter, at, "Moon", roles)
    alt_deg, az_deg = view.sun_deg
    if alt_deg > NEVER_DEG:
        at = dome.place(max(alt_deg, 0.0), az_deg)
        _paint_sun(painter, at, roles)
        inside = dome.place(max(alt_deg, 0.0) + SUN_NAME_DEG, az_deg)
        name = "Sun" if alt_deg > 0.0 else f"Sun {fixed(alt_deg, 0, '°')}"
        _paint_tag(painter, inside, name, roles.text, roles)


def _paint_moon(painter: QPainter, at: QPointF, phase: float, roles: Roles) -> None:
    """A disc whose lit part is filled, from one side."""
    disc = QPainterPath()
    disc.addEllipse(at, BODY_PX, BODY_PX)
    dark = QPainterPath()
    dark.addEllipse(at + QPointF(2.0 * BODY_PX * phase, 0.0), BODY_PX, BODY_PX)
    night, day = sorted(
        (QColor(roles.text), QColor(roles.field)), key=lambda colour: colour.lightness()
    )
    painter.setPen(QPen(QColor(roles.text)))
    painter.setBrush(night)
    painter.drawPath(disc)
    painter.setBrush(day)
    painter.drawPath(disc.subtracted(dark))


def _paint_sun(painter: QPainter, at: QPointF, roles: Roles) -> None:
    painter.setPen(QPen(QColor(roles.text)))
    painter.setBrush(QColor(roles.warn))
    painter.drawEllipse(at, BODY_PX * 0.8, BODY_PX * 0.8)
    for step in range(8):
        way = QPointF(math.cos(step * math.pi / 4.0), math.sin(step * math.pi / 4.0))
        painter.drawLine(at + way * BODY_PX * 1.1, at + way * BODY_PX * 1.7)


def _paint_name(painter: QPainter, at: QPointF, text: str, roles: Roles) -> None:
    below = at + QPointF(0.0, BODY_PX + painter.fontMetrics().height() * 0.6)
    _paint_tag(painter, below, text, roles.text, roles)


def _paint_tag(painter: QPainter, at: QPointF, text: str, colour: str, roles: Roles) -> None:
    """A word on a ground of its own, readable over any cell."""
    room = around(painter, at, text)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(roles.view_background))
    painter.drawRoundedRect(room, 2.0, 2.0)
    painter.setPen(QColor(colour))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


def around(painter: QPainter, at: QPointF, text: str) -> QRectF:
    """Room for a word about a place."""
    metrics = painter.fontMetrics()
    room = QRectF(0.0, 0.0, metrics.horizontalAdvance(text) + spaced(1), metrics.height())
    room.moveCenter(at)
    return room
