"""What the colours of the grid mean: names of the states, or a scale with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QSizePolicy, QWidget

from ...theme import spaced, tabular_font, worn
from ...widgets.pens import cosmetic_pen
from .cell_looks import paint_state, scale_colours
from .words import BATCH_STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from PyQt6.QtGui import QPaintEvent

    from ...theme import Roles
    from .grid_paint import Shading

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
SIGN_PX = 11
RAMP_PX = 120


class GridScale(QWidget):
    """The legend of the grid: states with their counts, or the scale of a measure."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = worn()
        self._shading: Shading | None = None
        self._counts: Mapping[str, int] = {}
        self.setFont(tabular_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def text(self) -> str:
        """What it says."""
        return self._scale_text() if self._shading is not None else ", ".join(self._entries())

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many batches are in each state."""
        self._counts = counts
        self._tell()

    def set_shading(self, shading: Shading | None) -> None:
        """Show a scale; None: the states."""
        self._shading = shading
        self._tell()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self.update()

    def _tell(self) -> None:
        self.setAccessibleName(self.text)
        self.setToolTip(self.text)
        self.update()

    def _entries(self) -> Iterator[str]:
        for state in BATCH_STATES:
            if self._counts.get(state):
                yield f"{self._counts[state]:,} {state}"

    def _ends(self) -> tuple[str, str]:
        shading = self._shading
        if shading is None:
            return "", ""
        low, high = shading.limits
        return shading.measure.written(low), shading.measure.written(high)

    def _scale_text(self) -> str:
        low, high = self._ends()
        shading = self._shading
        is_auto = shading is not None and shading.measure.limits is None
        return f"{low} to {high}{', from the batches shown' if is_auto else ''}"

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(spaced(80), self.fontMetrics().height() + spaced(1))

    def minimumSizeHint(self) -> QSize:
        """One line of little."""
        return QSize(spaced(10), self.fontMetrics().height() + spaced(1))

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw as much as there is room for."""
        painter = QPainter(self)
        if self._shading is None:
            self._paint_states(painter)
        else:
            self._paint_scale(painter)

    def _paint_states(self, painter: QPainter) -> None:
        left, advance = 0, self.fontMetrics().horizontalAdvance
        for state, words in zip(self._shown_states(), self._entries(), strict=True):
            width = SIGN_PX + spaced(1) + advance(words) + spaced(3)
            if left + width - spaced(3) > self.width():
                return
            sign = QRectF(left, (self.height() - SIGN_PX) // 2, SIGN_PX, SIGN_PX)
            paint_state(painter, sign, state, self._roles)
            painter.setPen(QColor(self._roles.muted))
            painter.drawText(self._line(left + SIGN_PX + spaced(1)), LEFT, words)
            left += width

    def _shown_states(self) -> list[str]:
        return [state for state in BATCH_STATES if self._counts.get(state)]

    def _paint_scale(self, painter: QPainter) -> None:
        low, high = self._ends()
        advance = self.fontMetrics().horizontalAdvance
        painter.setPen(QColor(self._roles.text))
        painter.drawText(self._line(0), LEFT, low)
        left = advance(low) + spaced(2)
        self._paint_ramp(painter, left)
        right = left + RAMP_PX + spaced(2)
        painter.setPen(QColor(self._roles.text))
        painter.drawText(self._line(right), LEFT, high)
        if self._shading is not None and self._shading.measure.limits is None:
            painter.setPen(QColor(self._roles.muted))
            painter.drawText(self._line(right + advance(high) + spaced(2)), LEFT, "auto")

    def _paint_ramp(self, painter: QPainter, left: int) -> None:
        """A wedge of colours, higher where the bars of the cells are higher."""
        colours = scale_colours(self._roles)
        top, bottom = spaced(1), self.height() - spaced(1)
        for step in range(RAMP_PX):
            share = step / (RAMP_PX - 1)
            height = max(2, round(share * (bottom - top)))
            colour = colours[int(share * (len(colours) - 1))]
            painter.fillRect(left + step, bottom - height, 1, height, colour)
        painter.setPen(cosmetic_pen(self._roles.line))
        painter.drawRect(QRectF(left - 0.5, top - 0.5, RAMP_PX + 1, bottom - top + 1))

    def _line(self, left: int) -> QRect:
        return QRect(left, 0, max(0, self.width() - left), self.height())
