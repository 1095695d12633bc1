"""A page with the plots of the fold: what it is of, names of the profiles, and the plots below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetrics, QPainter, QRegion
from PyQt6.QtWidgets import QWidget

from ...theme import spaced, tabular_font
from ..shown import fold_name
from ..steps_item import fold_cue
from ..wording import figures_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ....core.lightspeed.fold.result import FoldResult
    from ...theme import Roles

BETWEEN = "  ·  "
SAMPLE_STEPS = 7
_FIGURES = (
    ("frames", "{} frames"), ("covered", "{}"), ("chi2", "χ²/dof {}"), ("h", "H {}"),
    ("chance", "P {}"), ("fraction", "pulsed {}"), ("snr", "S/N {}"),
)  # fmt: skip


def title_lines(result: FoldResult) -> tuple[str, ...]:
    """What was folded and what came out."""
    pulsars = dict.fromkeys(fold.psr for fold in result.folds)
    figures = figures_of(result)
    told = [form.format(figures[key].text) for key, form in _FIGURES if figures[key].text]
    start = f"{result.start.iso(3).replace('T', ' ')} UTC"
    return BETWEEN.join([result.capture, *pulsars, start]), BETWEEN.join(told)


def profile_names(result: FoldResult) -> tuple[str, ...]:
    """Names of the profiles where there are several."""
    if len(result.folds) < 2:
        return ()
    return tuple(fold_name(fold, result) for fold in result.folds)


class Page:
    """Paints lines of text, names with their glyphs, and widgets as they are placed in a window.

    Attributes
    ----------
    size : QSize
        In pixels of the window.
    paper : QColor
    """

    def __init__(
        self, plots: Sequence[QWidget], lines: Sequence[str], names: Sequence[str], roles: Roles
    ) -> None:
        self._plots, self._lines, self._names, self._roles = plots, lines, names, roles
        self._font = tabular_font(plots[0].font())
        self._metrics = QFontMetrics(self._font)
        self._places = [QRect(plot.mapToGlobal(QPoint()), plot.size()) for plot in plots]
        around = QRect()
        for place in self._places:
            around = around.united(place)
        self._margin = spaced(2)
        head = (len(lines) + bool(names)) * self._metrics.height()
        top = self._margin + (head + self._margin if head else 0)
        self._corner = around.topLeft() - QPoint(self._margin, top)
        self.paper = QColor(roles.panel)
        self.size = around.size() + QSize(2 * self._margin, top + self._margin)

    def draw(self, painter: QPainter) -> None:
        """Paint all of it, in pixels of the window."""
        painter.fillRect(QRect(QPoint(), self.size), self.paper)
        painter.setFont(self._font)
        for number, line in enumerate(self._lines):
            self._write(painter, self._row(number), line)
        if self._names:
            self._draw_names(painter, self._row(len(self._lines)))
        for plot, place in zip(self._plots, self._places, strict=True):
            # A view of a scene would by itself render that alone, without what is drawn over it.
            at = place.topLeft() - self._corner
            QWidget.render(plot, painter, at, QRegion(), QWidget.RenderFlag.DrawChildren)

    def _row(self, number: int) -> QRectF:
        step = self._metrics.height()
        width = self.size.width() - 2 * self._margin
        return QRectF(self._margin, self._margin + number * step, width, step)

    def _write(self, painter: QPainter, room: QRectF, text: str) -> None:
        painter.setPen(QColor(self._roles.text))
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def _draw_names(self, painter: QPainter, room: QRectF) -> None:
        """Draw a piece of its line before each name."""
        sample, gap = spaced(SAMPLE_STEPS), spaced(2)
        for number, name in enumerate(self._names):
            painter.setPen(fold_cue(self._roles, number).pen())
            middle = round(room.center().y())
            left = round(room.left())
            painter.drawLine(left, middle, left + sample, middle)
            room.setLeft(left + sample + gap)
            self._write(painter, room, name)
            room.setLeft(room.left() + self._metrics.horizontalAdvance(name) + 2 * gap)
