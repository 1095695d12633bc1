"""The tile of one camera, painted in one go: numbers that change make no layout anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QContextMenuEvent, QFont, QHelpEvent, QKeyEvent, QPainter
from PyQt6.QtWidgets import QMenu, QToolTip, QWidget

from ...icons import icon
from ...theme import ALIGN_NUMBER, icon_side, spaced, tabular_font, worn
from ...widgets.pens import cosmetic_pen
from .ring import paint_ring
from .tile_content import MARK, WIDEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent

    from ...theme import Roles
    from .tile_content import TileContent, TileLine

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
WHOLE, SHORT = range(2)
"""How much a tile says: words and values, or short values alone."""
USUAL_STATE = "reducing"
WIDEST_TIME = "88:88:88 UTC"
MARK_GAP_PX = 2
LOW_LINES = ("lag", "frames", "lost", "told")
"""What a low tile still says; its tool tip and its messages have the rest."""


class CameraTile(QWidget):
    """Shows one camera.

    Signals: `frameRequested` and `messagesRequested` with the camera, `batchRequested` with the
    unit at work. Return or a double click asks for the newest frame.
    """

    frameRequested = pyqtSignal(str)
    messagesRequested = pyqtSignal(str)
    batchRequested = pyqtSignal(str)

    def __init__(self, content: TileContent, parent: QWidget | None = None) -> None:
        self._widths: dict[int, int] = {}  # first: Qt tells of changes while it is made
        super().__init__(parent)
        self._roles = worn()
        self._content = content
        self._level = WHOLE
        self._is_low = False
        self.setFont(tabular_font(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._describe()

    def set_content(self, content: TileContent) -> None:
        """Show a camera as it is now."""
        if content != self._content:
            self._content = content
            self._describe()
            self.update()

    def set_low(self, is_low: bool) -> None:
        """Show the most important lines only, or all of them."""
        self._is_low = is_low
        self.update()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self.update()

    def _describe(self) -> None:
        self.setAccessibleName(f"Camera {self._content.camera}")
        self.setAccessibleDescription(self._content.sentence)

    # Its size

    def least_width(self, level: int) -> int:
        """Room that it needs to say so much."""
        if level not in self._widths:
            widest = max(self._line_width(line, level) for line in WIDEST.values())
            self._widths[level] = max(widest, self._header_width(level)) + 2 * _margin(level)
        return self._widths[level]

    def changeEvent(self, event: QEvent | None) -> None:
        """Measure anew in another type."""
        self._widths.clear()
        super().changeEvent(event)

    def _line_width(self, line: TileLine, level: int) -> int:
        advance = self.fontMetrics().horizontalAdvance
        word = advance(line.word) + spaced(2) if level == WHOLE else 0
        return word + advance(written(line, level)) + MARK_GAP_PX + advance(MARK)

    def _header_width(self, level: int) -> int:
        advance = self.fontMetrics().horizontalAdvance
        time = advance(WIDEST_TIME)
        letter = spaced(2) + self._bold_metrics_width(self._content.letter)
        state = icon_side(self) + letter + advance(USUAL_STATE)
        return state if level == SHORT else max(state, time) + spaced(1) + self._ring_px()

    def _bold_metrics_width(self, text: str) -> int:
        return round(self.fontMetrics().horizontalAdvance(text) * 1.2)

    def _ring_px(self) -> int:
        return 2 * self._line_px()

    def _line_px(self) -> int:
        return self.fontMetrics().height() + 1

    def sizeHint(self) -> QSize:
        """Room for words and values."""
        return QSize(self.least_width(WHOLE), self._height())

    def minimumSizeHint(self) -> QSize:
        """Room for short values."""
        return QSize(self.least_width(SHORT), self._height())

    def _height(self) -> int:
        lines = len(LOW_LINES if self._is_low else WIDEST)
        return (2 + lines) * self._line_px() + 2 * spaced(1) + spaced(1)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Say as much as there is room for, whatever the numbers are now."""
        super().resizeEvent(event)
        self._level = WHOLE if self.least_width(WHOLE) <= self.width() else SHORT

    # Painting

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw all of it."""
        painter = QPainter(self)
        self._paint_ground(painter)
        beside = _margin(self._level)
        inside = self.rect().adjusted(beside, spaced(1), -beside, -spaced(1))
        self._paint_header(painter, inside)
        for line, place in self._places(inside):
            self._paint_line(painter, line, place)

    def _paint_ground(self, painter: QPainter) -> None:
        roles = self._roles
        painter.fillRect(self.rect(), QColor(roles.panel))
        edge = roles.accent if self.hasFocus() else roles.bad if self._content.alarm else roles.line
        painter.setPen(cosmetic_pen(edge))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_header(self, painter: QPainter, inside: QRect) -> None:
        content, roles, height = self._content, self._roles, self._line_px()
        side = icon_side(self)
        left, top = inside.left(), inside.top()
        icon(*content.look).paint(painter, QRect(left, top, side, height))
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(roles.text))
        width = self._bold_metrics_width(content.letter)
        at = left + side + spaced(1)
        painter.drawText(QRect(at, top, width, height), LEFT, content.letter)
        painter.setFont(self.font())
        painter.setPen(QColor(getattr(roles, content.look.role)))
        room = QRect(at + width + spaced(1), top, inside.right() - at - width - spaced(1), height)
        self._write(painter, room, LEFT, content.state)
        self._paint_moment(painter, QRect(left, top + height, inside.width(), height))
        self._paint_slot(painter, inside)

    def _paint_moment(self, painter: QPainter, place: QRect) -> None:
        painter.setPen(QColor(self._roles.text))
        painter.drawText(place, LEFT, self._content.when)
        if self._level == WHOLE:
            advance = self.fontMetrics().horizontalAdvance(f"{self._content.when} ")
            painter.setPen(QColor(self._roles.muted))
            painter.drawText(place.adjusted(advance, 0, 0, 0), LEFT, "UTC")

    def _paint_slot(self, painter: QPainter, inside: QRect) -> None:
        side = self._ring_px()
        if self._level != SHORT:
            ring = QRectF(inside.right() + 1 - side, inside.top(), side, side)
            paint_ring(painter, ring, self._content.slot, self._roles)
        elif self._content.slot >= 0:
            place = QRect(inside.left(), inside.top() + side // 2, inside.width(), side // 2)
            painter.setPen(QColor(self._roles.muted))
            painter.drawText(place, ALIGN_NUMBER, str(self._content.slot))

    def _paint_line(self, painter: QPainter, line: TileLine, place: QRect) -> None:
        roles = self._roles
        if self._level == WHOLE:
            painter.setPen(QColor(roles.muted))
            painter.drawText(place, LEFT, line.word)
        painter.setPen(QColor(getattr(roles, line.cue) if line.cue else roles.text))
        mark = self.fontMetrics().horizontalAdvance(MARK)
        # The glyph has a place of its own: numbers stay below each other with and without it.
        if line.cue:
            painter.drawText(place, ALIGN_NUMBER, MARK)
        number = place.adjusted(0, 0, -mark - MARK_GAP_PX, 0)
        self._write(painter, number, ALIGN_NUMBER, written(line, self._level))

    def _write(self, painter: QPainter, place: QRect, side: Qt.AlignmentFlag, text: str) -> None:
        """Write what fits; the tool tip has the rest."""
        dots = Qt.TextElideMode.ElideRight
        painter.drawText(place, side, self.fontMetrics().elidedText(text, dots, place.width()))

    def _places(self, inside: QRect) -> list[tuple[TileLine, QRect]]:
        height, top = self._line_px(), inside.top() + 2 * self._line_px() + spaced(1)
        return [
            (line, QRect(inside.left(), top + row * height, inside.width(), height))
            for row, line in enumerate(self._shown_lines())
        ]

    def _shown_lines(self) -> list[TileLine]:
        lines = self._content.lines
        return [line for line in lines if not self._is_low or line.key in LOW_LINES]

    # What the observer does

    def event(self, event: QEvent | None) -> bool:
        """Explain the line under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos().y()), self)
            return True
        return super().event(event)

    def tip_at(self, y: int) -> str:
        """What a line means."""
        inside = self.rect().adjusted(0, spaced(1), 0, -spaced(1))
        for line, place in self._places(inside):
            if place.top() <= y <= place.bottom():
                return f"{line.word}: {line.text}\n{line.tip}"
        content = self._content
        facts = (
            f"{content.camera}: {content.state}",
            f"At work: {content.unit}" if content.unit else "",
            f"Slot {content.slot} of its batch, 0 to 49" if content.slot >= 0 else "",
            content.alarm,
        )
        return "\n".join(fact for fact in facts if fact)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Return shows the newest frame."""
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.frameRequested.emit(self._content.camera)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Show the newest frame."""
        super().mouseDoubleClickEvent(event)
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.frameRequested.emit(self._content.camera)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Offer what there is to see of the camera."""
        if event is not None:
            self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """What there is to see of the camera."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        camera, unit = self._content.camera, self._content.unit
        self._add(menu, "image", "Show its newest &frame", lambda: self.frameRequested.emit(camera))
        self._add(menu, "notice", "Show its &messages",
                  lambda: self.messagesRequested.emit(camera))  # fmt: skip
        if unit:
            self._add(menu, "play", f"Show {unit}, which is at &work",
                      lambda: self.batchRequested.emit(unit))  # fmt: skip
        return menu

    def _add(self, menu: QMenu, drawing: str, text: str, deed: Callable[[], object]) -> None:
        row = menu.addAction(icon(drawing), text)
        assert row is not None  # made just now
        row.triggered.connect(deed)


def written(line: TileLine, level: int) -> str:
    """The value of a line at a level."""
    return line.short if level == SHORT else line.text


def _margin(level: int) -> int:
    """Room on the left and on the right."""
    return spaced(2 if level == WHOLE else 1)
