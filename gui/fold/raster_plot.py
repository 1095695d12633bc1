"""Light against phase and time, with the ridge line that changes F0 and F1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QPoint, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QLinearGradient

from ..theme import spaced
from .plot import PHASE_LABEL, TURNS, FoldPlot
from .raster_item import RasterItem, coarse
from .ridge import pulse_marks, starting_phase
from .ridge_hand import KEY_HANDLES, RidgeHand
from .ridge_item import HANDLES, RidgeItem
from .spans import time_unit
from .wording import amount

if TYPE_CHECKING:
    from PyQt6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter

    from ...core.lightspeed.fold.result import Raster
    from ..theme import Roles
    from .ridge import Handle

HANDLE_REACH_PX, LINE_REACH_PX = 10.0, 5.0
ROOM_PX = 7.0
"""Left free below and above the raster, for the handles."""
BAR_PX = 56
TIP = (
    "Drag the upper end of the line onto the ridge: F0 changes until the ridge is straight.\n"
    "Drag its middle: F1. Drag its foot: only the line moves. Alt or Shift: without steps; "
    "Esc takes back.\n"
    "Keys: left and right F0, up and down F1, Ctrl for a tenth of a step."
)


class RasterPlot(FoldPlot):
    """The raster over two turns, time upward; the picture itself follows what it is told.

    Signals: `ridgeDragged` at most once a frame, with the changes of frequency (Hz) and of its
    derivative (Hz/s) at the start of the capture since the hand took hold; `ridgeReleased`. After
    Escape `ridgeDragged` carries zeros.
    """

    ridgeDragged = pyqtSignal(float, float)
    ridgeReleased = pyqtSignal()

    keys = frozenset(KEY_HANDLES)

    def __init__(self) -> None:
        super().__init__()
        self.hand = RidgeHand(self)
        self.picture = RasterItem(self.roles)
        self.ridge = RidgeItem(self.roles)
        self._raster: Raster | None = None
        self._span_s = 0.0
        self._is_placed = False
        self._cursor = QPointF()
        self._unit = ""
        for item in (self.picture, self.ridge):
            self.box.addItem(item, ignoreBounds=True)
        self.axes["bottom"].setLabel(PHASE_LABEL)
        self.box.setXRange(0.0, TURNS, padding=0.0)
        self.box.sigRangeChanged.connect(self._show_view)
        self.box.sigResized.connect(self._fit)
        self.hand.changed.connect(self._show_ridge)
        self.hand.taken.connect(self._mark_pulse)
        self.hand.dragged.connect(self.ridgeDragged)
        self.hand.released.connect(self.ridgeReleased)
        self.setToolTip(TIP)
        self.setAccessibleName("Phase-time raster")
        self.set_roles(self.roles)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        super().set_roles(roles)
        self.picture.set_roles(roles)
        self.ridge.set_roles(roles)

    # What it is told

    def show_raster(self, raster: Raster, span_s: float, name: str) -> None:
        """Show a raster of a capture that lasts `span_s`; axes under a hand stay."""
        self._raster = raster
        seen = coarse(raster)
        self.picture.set_rates(seen.rate, float(seen.edges_s[-1]))
        self.set_caption(name)
        self.refresh()
        if self.hand.is_held:
            return
        if span_s != self._span_s:
            self._span_s = span_s
            self._fit()
        if not self._is_placed:
            self.hand.set_foot(starting_phase(seen.sums, seen.variances, seen.shares))
        self._show_ridge()

    def forget(self) -> None:
        """Look for the pulse anew: another capture, region or par file is to come."""
        self._is_placed = False

    @property
    def levels(self) -> tuple[float, float]:
        """Rates at the ends of the colours, electrons per second."""
        return self.picture.levels

    def _fit(self, *_: object) -> None:
        if self._raster is None or self.hand.is_held:
            return
        end_s = max(self._span_s, float(self._raster.edges_s[-1]))
        room_s = end_s * ROOM_PX / max(self.box.height() - 2.0 * ROOM_PX, 1.0)
        self.box.setYRange(-room_s, end_s + room_s, padding=0.0)
        unit, scale = time_unit(end_s)
        if unit != self._unit:
            self._unit = unit
            self.axes["left"].setScale(1.0 / scale)
            self.axes["left"].setLabel(f"Time ({unit}) →")

    def _show_view(self, *_: object) -> None:
        for item in (self.picture, self.ridge):
            item.set_view(self.view())

    def _show_ridge(self) -> None:
        hand = self.hand
        self.ridge.show_line(hand.line, hand.span_s if hand.is_held else self._span_s)
        if not hand.is_held:
            self.ridge.show_marks(np.empty(0), np.empty(0))
        self.refresh()

    def _mark_pulse(self) -> None:
        """Show where the pulse is now: these places stay while the picture follows the hand."""
        raster = self._raster
        if raster is None:
            return
        rows, phases = pulse_marks(raster.sums, raster.variances, raster.shares)
        times = np.interp(rows, np.arange(len(raster.edges_s)), raster.edges_s)
        self.ridge.show_marks(times, phases)

    # What the observer does

    def handle_at(self, point: QPointF) -> Handle | None:
        """Handle at a point of the viewport; the line between them is the foot's."""
        if self._span_s <= 0.0 or not self.frame().contains(point):
            return None
        near = {handle: self._distance(handle, point) for handle in HANDLES}
        nearest = min(HANDLES, key=near.__getitem__)
        if near[nearest] <= HANDLE_REACH_PX:
            return nearest
        return "foot" if self._is_on_line(point) else None

    def _distance(self, handle: Handle, point: QPointF) -> float:
        phase, part = self.hand.line.place(handle)
        ways = (self.point_of(phase + turn, part * self._span_s) - point for turn in (-1, 0, 1))
        return min(abs(way.x()) + abs(way.y()) for way in ways)

    def _is_on_line(self, point: QPointF) -> bool:
        place = self.position_of(point)
        part = min(max(place.y() / self._span_s, 0.0), 1.0)
        off = (place.x() - float(self.hand.line.phase(part)) + 0.5) % 1.0 - 0.5
        return abs(off) * self.frame().width() / TURNS <= LINE_REACH_PX

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Take hold of the line."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        handle = self.handle_at(event.position())
        if handle is not None:
            self._cursor = event.position()
            self.hand.press(handle, self.position_of(event.position()).x(), self._span_s)
            self._is_placed |= handle == "foot"

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Drag what is held, or show what could be."""
        if event is None:
            return
        self._cursor = event.position()
        if self.hand.is_held:
            self.hand.move(self.position_of(event.position()).x(), event.modifiers())
        else:
            self._show_grip(self.handle_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Let go."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.hand.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Put the line back onto the pulse."""
        if event is not None and self._raster is not None:
            self.forget()
            self.show_raster(self._raster, self._span_s, self.caption)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Arrows change F0 and F1 as a drag does; Escape takes back."""
        if event is None:
            return
        phase, part = self.hand.line.place("end")
        self._cursor = self.point_of(phase % TURNS, part * self._span_s)
        if self._span_s <= 0.0 or not self.hand.press_key(event, self._span_s):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        """A key that is let go ends the drag."""
        if event is not None and not self.hand.release_key(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """A key whose release goes elsewhere is let go of here."""
        super().focusOutEvent(event)
        self.hand.release()

    def needs(self, event: QKeyEvent) -> bool:
        """Escape is needed only while something is held."""
        is_escape = event.key() == Qt.Key.Key_Escape
        return self.hand.is_held if is_escape else super().needs(event)

    def _show_grip(self, handle: Handle | None) -> None:
        self.ridge.warm_up(handle)
        shape = Qt.CursorShape.ArrowCursor if handle is None else Qt.CursorShape.SizeHorCursor
        self.show_cursor(shape)

    # Over the picture

    def paint_over(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the scale of colours above the box and the readout of the hand."""
        super().paint_over(painter, frame)
        if self._raster is not None:
            self._paint_scale(painter, frame)
        if self.hand.handle is not None:
            self._paint_readout(painter, frame)

    def _scale_text(self) -> tuple[str, str]:
        low, high = self.levels
        return amount(low), f"{amount(high)} e⁻/s"

    def _scale_width(self) -> float:
        words = "".join(self._scale_text())
        return self.small_metrics.horizontalAdvance(words) + BAR_PX + spaced(3)

    def caption_room(self, frame: QRectF) -> float:
        """Leave room for the scale of colours."""
        return max(0.0, frame.width() - self._scale_width())

    def _paint_scale(self, painter: QPainter, frame: QRectF) -> None:
        low, high = self._scale_text()
        height, right = float(self.small_metrics.height()), frame.right()
        top = frame.top() - 1.0 - height
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self.roles.muted))
        painter.drawText(QRectF(0.0, top, right, height), flags, high)
        bar = QRectF(0.0, top + 0.25 * height, BAR_PX, 0.5 * height)
        bar.moveRight(right - self.small_metrics.horizontalAdvance(high) - spaced(1))
        painter.drawText(QRectF(0.0, top, bar.left() - spaced(1), height), flags, low)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        colours = self.picture.colours[::15].tolist()
        for place, colour in enumerate(colours):
            gradient.setColorAt(place / (len(colours) - 1), QColor.fromRgb(colour))
        painter.fillRect(bar, gradient)

    def _paint_readout(self, painter: QPainter, frame: QRectF) -> None:
        text = self.hand.line.text(self.hand.handle or "foot", self.hand.span_s)
        painter.setFont(self.font())
        size = painter.boundingRect(QRectF(), 0, text).size()
        box = QRectF(QPointF(), size).adjusted(0.0, 0.0, spaced(2), spaced(1))
        box.moveTopLeft(self._cursor + QPointF(spaced(3), spaced(3)))
        if box.right() > frame.right():
            box.moveRight(self._cursor.x() - spaced(3))
        box.moveBottom(min(box.bottom(), frame.bottom()))
        box.moveLeft(max(box.left(), frame.left()))
        painter.fillRect(box, QColor(self.roles.panel))
        painter.setPen(QColor(self.roles.line))
        painter.drawRect(box)
        painter.setPen(QColor(self.roles.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def tip_at(self, point: QPoint) -> str:
        """Phase, time and light under the pointer, and what the line is for."""
        place = self.position_of(point)
        found = self._cell(place.x(), place.y())
        return TIP if not found else f"{found}\n\n{TIP}"

    def _cell(self, phase: float, time_s: float) -> str:
        raster = self._raster
        if raster is None or not 0.0 <= time_s < raster.edges_s[-1]:
            return ""
        row = int(np.searchsorted(raster.edges_s, time_s, "right")) - 1
        bins = raster.sums.shape[1]
        rate = raster.rate[row, min(int(phase % 1.0 * bins), bins - 1)]
        light = f"{rate:.5g} e⁻/s" if np.isfinite(rate) else "nothing exposed"
        return f"Phase {phase % 1.0:.3f}, {time_s:,.2f} s after the start: {light}"
