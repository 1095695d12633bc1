"""How the cells of the whole sky are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainterPath

from ...widgets.pens import cosmetic_pen
from .sky_paint import around
from .sky_scale import ink_on, percent, step_of

if TYPE_CHECKING:
    from PyQt6.QtGui import QColor, QPainter

    from ....core.mascara.field.whole_sky import SkyView
    from ...theme import Roles
    from .dome import Dome

WIDEST_SHARE = 0.75
"""Part of a cell that its number may take."""


class CellPaint:
    """Cells in the colours of their transparency, as far as chips and horizon reach.

    Parameters
    ----------
    dome : Dome
    view : SkyView
    colours : list of QColor
        Of the scale.
    """

    def __init__(self, dome: Dome, view: SkyView, colours: list[QColor]) -> None:
        self._cells = view.cells
        self._shapes = [dome.polygon(edge) for edge in view.cell_edges_deg]
        self._colours = [colours[step_of(cell.transparency)] for cell in view.cells]
        self._seen = _seen(dome, view)

    def paint(self, painter: QPainter) -> None:
        """Fill the cells."""
        painter.save()
        painter.setClipPath(self._seen)
        for shape, colour in zip(self._shapes, self._colours, strict=True):
            painter.setBrush(colour)
            # Its own colour closes the seams between neighbours.
            painter.setPen(cosmetic_pen(colour))
            painter.drawPolygon(shape)
        painter.restore()

    def paint_numbers(self, painter: QPainter, roles: Roles) -> None:
        """Write hundredths into the middle of each cell that is wide enough."""
        for cell, shape, colour in zip(self._cells, self._shapes, self._colours, strict=True):
            text, room = percent(cell.transparency), shape.boundingRect()
            place = around(painter, room.center(), text)
            if place.width() < WIDEST_SHARE * room.width() and self._seen.contains(room.center()):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                painter.drawRoundedRect(place, 2.0, 2.0)
                painter.setPen(ink_on(colour, roles))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _seen(dome: Dome, view: SkyView) -> QPainterPath:
    """The part of the disc at which a camera looks."""
    seen, disc = QPainterPath(), QPainterPath()
    for chip in view.chips:
        if chip.is_measured:
            outline = QPainterPath()
            outline.addPolygon(dome.polygon(chip.edge_deg))
            outline.closeSubpath()
            seen = seen.united(outline)
    disc.addEllipse(dome.rectangle)
    return disc.intersected(seen)
