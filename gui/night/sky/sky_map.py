"""The whole sky in one batch, to be looked at, pointed into and gone through by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QPointF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPen, QPixmap
from PyQt6.QtWidgets import QSizePolicy, QWidget

from ...theme import LineCue, spaced, tabular_font, worn
from . import sky_paint
from .cell_paint import CellPaint
from .dome import Dome
from .sky_scale import scale_colours

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PyQt6.QtCore import QEvent
    from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from ....core.mascara.field.whole_sky import SeenCell, SkyView
    from ...theme import Roles
from ...widgets.keys import keeps_key

NEAR_PX = 8.0
"""A star this near to the pointer is pointed at."""
MARK_PX, MARK_EDGE_PX = 4.0, 3.0
STEPS: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
STARS: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
ENDS: dict[int, bool] = {Qt.Key.Key_Home: False, Qt.Key.Key_End: True}
ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
KEYS = {*STEPS, *STARS, *ENDS, *ENTER}
LEAST_SIDE = 40
HELP = (
    "Left and Right: batches. Up and Down: brighter and fainter stars.\n"
    "Enter or a click: the light curve of the star."
)


class SkyMap(QWidget):
    """Draws a `SkyView`.

    Signals: `starPointed` with the row of a star of the view, or -1; `cellPointed` with a
    `SeenCell` or None; `starChosen` with the row of a star; `batchStepped` with -1 or 1;
    `batchEndWanted` with whether the newest one is.
    """

    starPointed = pyqtSignal(int)
    cellPointed = pyqtSignal(object)
    starChosen = pyqtSignal(int)
    batchStepped = pyqtSignal(int)
    batchEndWanted = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = worn()
        self._colours = scale_colours(self._roles)
        self._view: SkyView | None = None
        self._dome = Dome()
        self._has_numbers = self._has_stars = True
        self._places: NDArray[np.float64] = np.empty((0, 2))
        self._picture = QPixmap()
        self._row = -1
        self._cell: SeenCell | None = None
        self.setFont(tabular_font(self.font()))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Whole sky")
        self.setAccessibleDescription(HELP)

    def minimumSizeHint(self) -> QSize:
        """Room to recognise the cameras."""
        return QSize(spaced(LEAST_SIDE), spaced(LEAST_SIDE))

    # What is shown

    @property
    def row(self) -> int:
        """Row of the star that is pointed at; -1 for none."""
        return self._row

    def show_view(self, view: SkyView | None) -> None:
        """Show another batch; the star that is pointed at stays, where it is still up."""
        pointed = None if self._view is None or self._row < 0 else self._view.stars.ascc[self._row]
        self._view, self._cell = view, None
        self._row = -1
        if view is not None and pointed is not None:
            found = np.flatnonzero(view.stars.ascc == pointed)
            self._row = int(found[0]) if found.size else -1
        self._renew()

    def show_east(self, *, is_left: bool) -> None:
        """Look up at the sky, or down on it as on a map."""
        self._dome = Dome(self._dome.x, self._dome.y, self._dome.radius, is_left)
        self._renew()

    def show_numbers(self, has_numbers: bool) -> None:
        """Write the transparency into the cells."""
        self._has_numbers = has_numbers
        self._renew()

    def show_stars(self, has_stars: bool) -> None:
        """Draw the stars, or the cells alone."""
        self._has_stars = has_stars
        self._renew()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles, self._colours = roles, scale_colours(roles)
        self._renew()

    def place_of(self, row: int) -> QPointF:
        """Where a star stands on the widget."""
        return QPointF(*self._places[row].tolist())

    # What the hand does

    def event(self, event: QEvent | None) -> bool:
        """Keep the keys that move from the actions of the window."""
        return keeps_key(event, lambda key: key.key() in KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Go from batch to batch and from star to star."""
        key = 0 if event is None else event.key()
        if key in STEPS:
            self.batchStepped.emit(STEPS[key])
        elif key in ENDS:
            self.batchEndWanted.emit(ENDS[key])
        elif key in STARS:
            self._step_star(STARS[key])
        elif key in ENTER and self._row >= 0:
            self.starChosen.emit(self._row)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Point at the star or the cell under the pointer."""
        if event is not None and self._view is not None:
            self._point_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Choose the star under the pointer."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            row = self._nearest(event.position())
            if row >= 0:
                self.starChosen.emit(row)

    def _step_star(self, step: int) -> None:
        """The next brighter or fainter star that was measured."""
        if self._view is None or not self._has_stars:
            return
        measured = np.flatnonzero(self._view.stars.is_measured)
        if measured.size:
            place = int(np.searchsorted(measured, self._row)) + (step if self._row >= 0 else 0)
            self._point_star(int(measured[min(max(0, place), measured.size - 1)]))

    def _point_at(self, at: QPointF) -> None:
        row = self._nearest(at)
        if row >= 0:
            self._point_star(row)
            return
        self._point_star(-1)
        direction = self._dome.direction(at)
        cell = None if direction is None or self._view is None else self._view.cell_at(*direction)
        if cell is not self._cell:
            self._cell = cell
            self.cellPointed.emit(cell)
            self.update()

    def _point_star(self, row: int) -> None:
        if row == self._row:
            return
        self._row, self._cell = row, None
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor
        )
        self.starPointed.emit(row)
        self.update()

    def _nearest(self, at: QPointF) -> int:
        """Row of the star at a place: the brightest of those near, measured ones first."""
        if self._view is None or not len(self._places):
            return -1
        away = np.hypot(self._places[:, 0] - at.x(), self._places[:, 1] - at.y())
        near = np.flatnonzero(away <= NEAR_PX)
        if not near.size:
            return -1
        stars = self._view.stars
        order = np.lexsort((away[near], ~stars.is_measured[near]))
        return int(near[order[0]])

    # Painting

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Fill what there is."""
        super().resizeEvent(event)
        self._renew()

    def _renew(self) -> None:
        """Have the picture made anew when it is next seen."""
        room = self.rect()
        margin = self.fontMetrics().height() * 1.4
        radius = max(1.0, min(room.width(), room.height()) / 2.0 - margin)
        self._dome = Dome(room.width() / 2.0, room.height() / 2.0, radius, self._dome.is_east_left)
        stars = self._view.stars if self._view is not None and self._has_stars else None
        self._places = (
            np.empty((0, 2)) if stars is None else self._dome.places(stars.alt_deg, stars.az_deg)
        )
        self._picture = QPixmap()
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002 - given by Qt
        """Draw the sky, and marks at what is pointed at."""
        if self._picture.isNull() or self._picture.devicePixelRatio() != self.devicePixelRatioF():
            self._picture = self._made_picture()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_marks(painter)
        painter.end()

    def _made_picture(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(Qt.GlobalColor.transparent))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        self._paint_sky(painter)
        painter.end()
        return picture

    def _paint_sky(self, painter: QPainter) -> None:
        dome, view, roles = self._dome, self._view, self._roles
        sky_paint.paint_ground(painter, dome, roles)
        if view is None:
            sky_paint.paint_rings(painter, dome, roles)
            return
        cells = CellPaint(dome, view, self._colours)
        cells.paint(painter)
        sky_paint.paint_rings(painter, dome, roles)
        if self._has_stars:
            sky_paint.paint_stars(painter, self._places, view.stars, self._colours, roles)
        if self._has_numbers:
            cells.paint_numbers(painter, roles)
        sky_paint.paint_chips(painter, dome, view, roles)
        sky_paint.paint_bodies(painter, dome, view, roles)
        sky_paint.paint_altitudes(painter, dome, roles)

    def _paint_marks(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(LineCue(self._roles.accent).pen())
        if self.hasFocus():
            painter.drawEllipse(self._dome.rectangle)
        view = self._view
        if view is None:
            return
        for pen in (QPen(QColor(self._roles.view_background), MARK_EDGE_PX), painter.pen()):
            painter.setPen(pen)
            self._paint_mark(painter, view)

    def _paint_mark(self, painter: QPainter, view: SkyView) -> None:
        if 0 <= self._row < len(self._places):
            radius = sky_paint.star_radius_px(float(view.stars.vmag[self._row])) + MARK_PX
            painter.drawEllipse(self.place_of(self._row), radius, radius)
        elif self._cell is not None:
            edge = view.cell_edges_deg[view.cells.index(self._cell)]
            painter.drawPolygon(self._dome.polygon(edge))
