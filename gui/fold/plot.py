"""What the plots of the fold have in common: a line of words on top, two turns below, keys."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QEvent, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QKeyEvent, QPen
from PyQt6.QtWidgets import QToolTip

from ..products.curve_plot import RAISED
from ..theme import LineCue, spaced, tabular_font, worn
from ..widgets.keys import keeps_key
from ..widgets.pens import cosmetic_pen
from ..widgets.plain_plot import PlainPlot

if TYPE_CHECKING:
    from PyQt6.QtCore import QPoint
    from PyQt6.QtGui import QFocusEvent, QPainter

    from ..theme import Roles

TURNS = 2.0
"""So many turns are drawn: a pulse at phase zero is seen whole in the middle."""
AXIS_CHARACTERS = "−88888"
SMALL = 0.88
PHASE_LABEL = "Phase (turns)"
PHASE_TICKS = ((0.0, "0"), (0.5, "0.5"), (1.0, "1"), (1.5, "phase (turns)"), (2.0, "2"))
"""Where an axis has no line of its own for its label."""


class FoldPlot(PlainPlot):
    """A plot that neither zooms nor pans; its caption stands above the box.

    Attributes
    ----------
    keys : frozenset of Qt.Key
        Bare keys that this plot needs while it has the keyboard.
    axis_width : int
        Of the left axis, in logical pixels.
    is_terse : bool
        Whether the label of the lower axis stands between its numbers, where there is no height to
        spare.
    """

    keys: frozenset[Qt.Key] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.roles = worn()
        self._caption = ""
        self._lines = 1
        self.is_terse = False
        self.small_font = small(tabular_font(self.font()))
        self.small_metrics = QFontMetrics(self.small_font)
        self.box.setMouseEnabled(x=False, y=False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(spaced(30), spaced(16))
        self._make_room()
        # Numbers at the ends of the axis have their room in the margins.
        self.axes["bottom"].setStyle(hideOverlappingLabels=False)
        self.axis_width = 0
        self.set_axis_room(AXIS_CHARACTERS)

    def set_axis_room(self, widest: str) -> None:
        """Keep room for numbers as wide as this beside the label of the left axis."""
        metrics = self.fontMetrics()
        self.axis_width = metrics.horizontalAdvance(widest) + metrics.height() + spaced(2)
        self.axes["left"].setWidth(self.axis_width)

    @property
    def caption(self) -> str:
        """The line above the box."""
        return self._caption

    def set_caption(self, text: str) -> None:
        """Write this above the box; what finds no room is left to the tool tip."""
        if text != self._caption:
            self._caption = text
            self.refresh()

    @property
    def lines(self) -> int:
        """How many lines above the box there is room for."""
        return self._lines

    def set_lines(self, lines: int) -> None:
        """Keep room for so many lines above the box."""
        if lines != self._lines:
            self._lines = lines
            self._make_room()

    def set_terse(self, is_terse: bool) -> None:
        """Write the label of the lower axis between its numbers, or on a line of its own."""
        if is_terse != self.is_terse:
            self.is_terse = is_terse
            self.axes["bottom"].showLabel(not is_terse)
            self.show_terse_ticks()

    def show_terse_ticks(self) -> None:
        """Number an axis of phase."""
        self.axes["bottom"].setTicks([PHASE_TICKS] if self.is_terse else None)

    def _make_room(self) -> None:
        above = self._lines * self.small_metrics.height() + 2
        self.centralWidget.setContentsMargins(0, above, spaced(4), 0)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.roles = roles
        self.setBackground(QColor(roles.panel))
        for axis in self.axes.values():
            axis.setPen(LineCue(roles.line).pen())
            axis.setTextPen(QPen(QColor(roles.muted)))
            axis.label.setDefaultTextColor(QColor(roles.muted))
        self.refresh()

    def refresh(self) -> None:
        """Paint anew what is drawn over the items."""
        viewport = self.viewport()
        if viewport is not None:
            viewport.update()

    def show_cursor(self, shape: Qt.CursorShape) -> None:
        """Give the pointer a shape over the plot."""
        viewport = self.viewport()
        if viewport is not None and viewport.cursor().shape() != shape:
            viewport.setCursor(shape)

    # Places

    def position_of(self, point: QPoint | QPointF) -> QPointF:
        """Position on the axes of a point of the viewport."""
        place = point if isinstance(point, QPointF) else QPointF(point)
        # QGraphicsView maps whole pixels only; its scene is not scaled here.
        return QPointF(self.box.mapSceneToView(self.mapToScene(place.toPoint())))

    def point_of(self, x: float, y: float) -> QPointF:
        """Point of the viewport where a position on the axes is drawn."""
        return QPointF(self.mapFromScene(self.box.mapViewToScene(QPointF(x, y))))

    def frame(self) -> QRectF:
        """The box between the axes, in the viewport."""
        return QRectF(self.mapFromScene(self.box.sceneBoundingRect()).boundingRect())

    def view(self) -> QRectF:
        """All that is visible, on the axes."""
        (left, right), (low, high) = self.box.viewRange()
        return QRectF(left, low, right - left, high - low)

    # Qt's events

    def drawForeground(self, painter: QPainter | None, _rect: QRectF) -> None:
        """Draw caption and focus over all items."""
        if painter is None:
            return
        painter.save()
        painter.resetTransform()
        self.paint_over(painter, self.frame())
        painter.restore()

    def paint_over(self, painter: QPainter, frame: QRectF) -> None:
        """Draw in pixels of the viewport, over the items."""
        painter.setFont(self.small_font)
        painter.setPen(QColor(self.roles.muted))
        self.write_above(painter, frame, self._caption, self.caption_room(frame))
        if self.hasFocus():
            painter.setPen(cosmetic_pen(self.roles.accent))
            painter.drawRect(frame.adjusted(-0.5, -0.5, 0.5, 0.5))

    def write_above(self, painter: QPainter, frame: QRectF, text: str, width: float) -> None:
        """Write a text into the lines above the box."""
        height, flags = self.small_metrics.height(), Qt.AlignmentFlag.AlignVCenter
        lines = broken(text, self.small_metrics, width, self._lines)
        top = frame.top() - 1.0 - height * len(lines)
        for place, line in enumerate(lines):
            room = QRectF(frame.left(), top + place * height, width, height)
            shown = self.small_metrics.elidedText(line, Qt.TextElideMode.ElideRight, int(width))
            painter.drawText(room, flags, shown)

    def caption_room(self, frame: QRectF) -> float:
        """How wide the caption may be."""
        return frame.width()

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Show that the keyboard is here."""
        super().focusInEvent(event)
        self.refresh()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.refresh()

    def event(self, event: QEvent | None) -> bool:
        """Keep the keys that this plot needs from the actions of the window."""
        return keeps_key(event, self.needs) or bool(super().event(event))

    def needs(self, event: QKeyEvent) -> bool:
        """Whether a key belongs to this plot now."""
        return event.key() in self.keys

    def viewportEvent(self, event: QEvent | None) -> bool:
        """Tell what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self)
            return True
        return bool(super().viewportEvent(event))

    def tip_at(self, point: QPoint) -> str:
        """Tool tip of a point of the viewport."""
        is_above = point.y() < self.frame().top()
        return self._caption if is_above else str(self.toolTip())


def small(font: QFont) -> QFont:
    """The same font a little smaller, for what is said beside the data."""
    made = QFont(font)
    if made.pointSizeF() > 0:
        made.setPointSizeF(made.pointSizeF() * SMALL)
    return made


def broken(text: str, metrics: QFontMetrics, width: float, most: int) -> list[str]:
    """Lines of a text, broken where a part ends, at most so many."""
    lines = [""]
    for part in text.split("; "):
        longer = f"{lines[-1]}; {part}" if lines[-1] else part
        if lines[-1] and len(lines) < most and metrics.horizontalAdvance(longer) > width:
            lines.append(part)
        else:
            lines[-1] = longer
    return lines


class UnitAxis:
    """Writes name and unit at an axis, with a power of a thousand where numbers are long.

    Parameters
    ----------
    axis : AxisItem
    """

    def __init__(self, axis: Any) -> None:
        self._axis = axis
        self._written: tuple[str, str, int] | None = None

    def show(self, name: str, unit: str, highest: float) -> None:
        """Label the axis for numbers up to `highest`; nothing is laid out where all is the same."""
        power = _power(highest)
        if self._written == (name, unit, power):
            return
        self._written = name, unit, power
        factor = f"10{str(power).translate(RAISED)} " if power else ""
        self._axis.setScale(10.0**-power)
        self._axis.setLabel(f"{name} ({factor}{unit})" if unit else name + f" {factor}".rstrip())


def _power(highest: float) -> int:
    """Power of ten, in steps of three, to be taken out of numbers."""
    if not math.isfinite(highest) or highest == 0.0 or 0.01 <= highest < 1e5:
        return 0
    return 3 * math.floor(math.log10(highest) / 3)
