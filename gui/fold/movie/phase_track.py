"""The slider of a phase movie: one turn, a step is a bin, with the ranges on and off the pulse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QLineF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QSizePolicy, QWidget

from ...theme import LineCue, spaced, tabular_font, worn
from ...widgets.keys import keeps_key
from .hatches import hatch

if TYPE_CHECKING:
    from PyQt6.QtCore import QEvent
    from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent

    from ....core.timing.pulse.ranges import PhaseRange
    from ...theme import Roles

TICKS = (("0", 0.0), ("0.25", 0.25), ("0.5", 0.5), ("0.75", 0.75), ("1", 1.0))
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Up: 1}
LEAST_HANDLE_PX = 3.0
HELP = (
    "Phase shown, in turns: drag, or step with the arrows and the wheel.\n"
    "Hatched: the ranges on and off the pulse, chosen on the profile."
)


class PhaseTrack(QWidget):
    """Draws a turn from phase 0 to 1; `binRequested` follows the hand, bins counted from 0."""

    binRequested = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = worn()
        self._n_bins, self._bin, self._phase = 0, 0, 0.0
        self._ranges: dict[str, PhaseRange | None] = {"on": None, "off": None}
        self._has_handle = True
        self._asked: int | None = None
        self.setFont(tabular_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Phase")
        self.setToolTip(HELP)

    def sizeHint(self) -> QSize:
        """A line for the turn and one for its numbers."""
        return QSize(spaced(60), spaced(4) + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Room to take hold of bins."""
        return QSize(spaced(30), self.sizeHint().height())

    # What is shown

    def show_bin(self, place: int, n_bins: int, phase: float | None) -> None:
        """Put the handle on a bin, whose middle has this phase (turns)."""
        shown = place, n_bins, phase or 0.0
        if shown != (self._bin, self._n_bins, self._phase):
            self._bin, self._n_bins, self._phase = shown
            self.update()

    def show_ranges(self, on: PhaseRange | None, off: PhaseRange | None) -> None:
        """Hatch the phases on and off the pulse."""
        ranges = {"on": on, "off": off}
        if ranges != self._ranges:
            self._ranges = ranges
            self.update()

    def show_handle(self, is_shown: bool) -> None:
        """Show which bin is seen, or only the ranges."""
        if is_shown != self._has_handle:
            self._has_handle = is_shown
            self.update()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self.update()

    # The hand

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Go to the bin under the pointer."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._asked = None
            self._ask_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Follow the pointer while the button is down."""
        if event is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._ask_at(event.position().x())

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Step a bin a notch."""
        if event is not None and event.angleDelta().y():
            self._step(-1 if event.angleDelta().y() < 0 else 1)
            event.accept()

    def event(self, event: QEvent | None) -> bool:
        """Keep the arrows from the actions of the window."""
        return keeps_key(event, lambda key: key.key() in STEPS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Step with the arrows."""
        step = None if event is None else STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._step(step)

    def _step(self, bins: int) -> None:
        if self._n_bins:
            self.binRequested.emit((self._bin + bins) % self._n_bins)

    def _ask_at(self, x: float) -> None:
        line = self._line()
        if not self._n_bins or line.width() <= 0:
            return
        first = self._phase - self._bin / self._n_bins
        turns = (x - line.left()) / line.width() - first + 0.5 / self._n_bins
        place = min(max(0, int(turns * self._n_bins)), self._n_bins - 1)
        if place != self._asked:
            self._asked = place
            self.binRequested.emit(place)

    def bin_at(self, place: int) -> QRectF:
        """Where a bin lies on the widget."""
        line, width = self._line(), 1.0 / max(1, self._n_bins)
        left = self._phase + (place - self._bin) * width - 0.5 * width
        return QRectF(
            line.left() + left * line.width(), line.top(), width * line.width(), line.height()
        )

    def _line(self) -> QRectF:
        """The turn; numbers at its ends have half their width in the margins."""
        margin = self.fontMetrics().horizontalAdvance("0.00") / 2
        return QRectF(margin, 0.5, self.width() - 2 * margin, spaced(4) - 1.0)

    # Painting

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002 - given by Qt
        """Draw ranges, bins, the handle and the numbers."""
        painter, line = QPainter(self), self._line()
        painter.fillRect(line, QColor(self._roles.field))
        painter.save()
        painter.setClipRect(line)
        for which, phases in reversed(self._ranges.items()):
            if phases is not None:
                self._paint_range(painter, line, which, phases)
        self._paint_bins(painter, line)
        painter.restore()
        is_focused = self.hasFocus()
        painter.setPen(LineCue(self._roles.accent if is_focused else self._roles.line).pen())
        painter.drawRect(line)
        self._paint_numbers(painter, line)
        painter.end()

    def _paint_range(self, painter: QPainter, line: QRectF, which: str, phases: PhaseRange) -> None:
        for begin in (phases.start - 1.0, phases.start):
            left, right = max(begin, 0.0), min(begin + phases.width, 1.0)
            if right <= left:
                continue
            area = QRectF(line)
            area.setLeft(line.left() + left * line.width())
            area.setWidth((right - left) * line.width())
            hatch(painter, area, which, self._roles)
            painter.setPen(LineCue(self._roles.text).pen())
            if painter.fontMetrics().horizontalAdvance(which) + spaced(1) < area.width():
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, which)

    def _paint_bins(self, painter: QPainter, line: QRectF) -> None:
        """Mark where bins meet, and the one that is shown."""
        if not self._n_bins:
            return
        painter.setPen(LineCue(self._roles.line).pen())
        foot = line.bottom() - spaced(1)
        for place in range(self._n_bins):
            x = self.bin_at(place).left()
            painter.drawLine(QLineF(x, foot, x, line.bottom()))
        if not self._has_handle:
            return
        handle = self.bin_at(self._bin)
        if handle.width() < LEAST_HANDLE_PX:
            handle.adjust(-1.0, 0.0, LEAST_HANDLE_PX - handle.width(), 0.0)
        painter.fillRect(handle, QColor(self._roles.accent))

    def _paint_numbers(self, painter: QPainter, line: QRectF) -> None:
        painter.setPen(QColor(self._roles.muted))
        metrics = painter.fontMetrics()
        room = line.width() / (len(TICKS) - 1) - metrics.horizontalAdvance("0.255")
        for text, phase in TICKS if room > 0 else TICKS[::2]:
            width = metrics.horizontalAdvance(text)
            left = line.left() + phase * line.width() - width / 2
            area = QRectF(left - 1, line.bottom(), width + 2, metrics.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
