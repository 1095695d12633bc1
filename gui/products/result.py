"""What a command found: its curve, and its numbers."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QColor, QGuiApplication
from PyQt6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ..theme import (
    ALIGN_NUMBER,
    DASH_DOT,
    DASHED,
    DOTTED,
    SOLID,
    set_cue,
    spaced,
    tabular_font,
    worn,
)
from ..widgets.elided_label import ElidedLabel
from ..widgets.plain_plot import PlainPlot
from ..widgets.scrolling import Scrolling
from .numbers import Number, numbers_of

if TYPE_CHECKING:
    from ...core.workbench.product_tables import Curve, ProductTable
    from ...core.workbench.products import Product
    from ..theme import LineCue, Roles

SIZE_CHARACTERS = (150, 32)
MOST_ERRORS = 5_000
MARGIN = 0.05
LEAST_HIGHEST, MOST_HIGHEST = 0.01, 1e5
"""Highest numbers that are written out at an axis."""
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
DASHES = (SOLID, DASHED, DOTTED, DASH_DOT)
GLYPHS = ("━━", "╍╍", "┉┉", "━·")
AXIS_CHARACTERS = "−88888.8"


class CurvePlot(PlainPlot):
    """The curves of a table with their errors; the wheel and dragging zoom along x."""

    def __init__(self, table: ProductTable) -> None:
        super().__init__()
        self._table = table
        self._lines: list[Any] = []
        self._errors: list[Any] = []
        for curve in table.curves:
            self._add(curve)
        self.box.setMouseEnabled(x=True, y=False)
        self.axes["bottom"].setLabel(table.x_title)
        self.axes["left"].setLabel(self._scaled_title())
        # Room for the halves of the labels at the ends of the axes.
        self.centralWidget.setContentsMargins(0, spaced(2), spaced(3), 0)
        metrics = self.fontMetrics()
        room = metrics.horizontalAdvance(AXIS_CHARACTERS) + metrics.height()
        self.axes["left"].setWidth(room + spaced(3))
        self._fit()
        self.set_roles(worn())

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.setBackground(roles.panel)
        for axis in self.axes.values():
            axis.setPen(roles.line)
            axis.setTextPen(roles.muted)
        for place, line in enumerate(self._lines):
            cue: LineCue = roles.lines[place % len(roles.lines)]
            if self._table.is_points:
                line.setSymbolBrush(QColor(cue.color))
            else:
                line.setPen(cue.pen())
            if self._errors[place] is not None:
                colour = QColor(cue.color)
                colour.setAlpha(150)
                self._errors[place].setOpts(pen=pg.mkPen(colour))

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What is drawn."""
        return self._table.curves

    def legend(self) -> str:
        """Names of several curves, each in its colour behind its glyph; "" for one."""
        roles, curves = worn(), self._table.curves
        if len(curves) < 2:
            return ""
        parts = []
        for place, curve in enumerate(curves):
            cue = roles.lines[place % len(roles.lines)]
            glyph = GLYPHS[DASHES.index(cue.dash)]
            parts.append(f'<span style="color:{cue.color}">{glyph}</span> {escape(curve.name)}')
        return "&nbsp;&nbsp;&nbsp; ".join(parts)

    def _add(self, curve: Curve) -> None:
        made: dict[str, Any] = {"autoDownsample": True, "downsampleMethod": "peak"}
        x, y = curve.x, curve.y
        if self._table.is_points:
            made |= {"pen": None, "symbol": "o", "symbolSize": 3, "symbolPen": None}
            known = np.isfinite(x) & np.isfinite(y)
            x, y = x[known], y[known]
        elif curve.edges is not None:
            # Bins are drawn as steps; pyqtgraph thins no steps.
            x, made = curve.edges, {"stepMode": "center"}
        line = pg.PlotDataItem(x, y, connect="finite" if curve.edges is None else "auto", **made)
        error = self._made_errors(curve)
        self.box.addItem(line)
        self._lines.append(line)
        self._errors.append(error)

    def _made_errors(self, curve: Curve) -> Any:
        if curve.error is None or not 0 < len(curve.x) <= MOST_ERRORS:
            return None
        known = np.isfinite(curve.y) & np.isfinite(curve.error)
        item = pg.ErrorBarItem(
            x=curve.x[known], y=curve.y[known], height=2.0 * curve.error[known], beam=0.0
        )
        self.box.addItem(item)
        return item

    def _scaled_title(self) -> str:
        """Title of the upright axis, with the power of ten that its numbers leave out."""
        highest = max((float(np.max(np.abs(c.y), initial=0.0, where=np.isfinite(c.y)))
                       for c in self._table.curves), default=0.0)  # fmt: skip
        if highest == 0.0 or LEAST_HIGHEST <= highest < MOST_HIGHEST:
            return self._table.y_title
        power = 3 * math.floor(math.log10(highest) / 3)
        self.axes["left"].setScale(10.0**-power)
        name, bracket, unit = self._table.y_title.partition(" (")
        factor = f"10{str(power).translate(RAISED)}"
        return f"{name} ({factor} {unit}" if bracket else f"{name} ({factor})"

    def _fit(self) -> None:
        """Show everything, errors included."""
        xs = [c.x if c.edges is None else c.edges for c in self._table.curves]
        ys = [
            c.y + sign * (0.0 if c.error is None else c.error)
            for c in self._table.curves
            for sign in (-1.0, 1.0)
        ]
        for values, show in ((xs, self.box.setXRange), (ys, self.box.setYRange)):
            every = np.concatenate([one.ravel() for one in values]) if values else np.empty(0)
            every = every[np.isfinite(every)]
            if every.size:
                low, high = float(every.min()), float(every.max())
                pad = MARGIN * (high - low) if high > low else 1.0
                pad = 0.0 if show == self.box.setXRange and high > low else pad
                show(low - pad, high + pad, padding=0.0)


class ResultView(QDialog):
    """The product of one run: where it lies, its curve, its numbers.

    `folderRequested` carries the product.
    """

    folderRequested = pyqtSignal(object)

    def __init__(self, product: Product, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.product = product
        self.numbers = numbers_of(product.summary)
        self.legend = QLabel(self)
        self.legend.hide()
        self.plot = None if product.table is None else CurvePlot(product.table)
        name = "" if product.path is None else product.path.name
        self.setWindowTitle(f"{title}: {name}" if name else title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lay_out()
        metrics = self.fontMetrics()
        columns, lines = SIZE_CHARACTERS
        self.resize(
            metrics.averageCharWidth() * (columns if self.plot else columns // 2),
            metrics.height() * lines,
        )

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        if self.plot is not None:
            self.plot.set_roles(roles)
            self.legend.setText(self.plot.legend())

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        if self.plot is not None:
            splitter.addWidget(self._made_drawing(self.plot))
        splitter.addWidget(Scrolling(self._made_side()))
        splitter.setStretchFactor(0, 1)
        path = ElidedLabel()
        path.show_whole("" if self.product.path is None else str(self.product.path))
        path.setContentsMargins(spaced(3), spaced(2), spaced(3), spaced(2))
        set_cue(path, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(path)
        column.addWidget(splitter, 1)
        column.addLayout(self._made_buttons())

    def _made_drawing(self, plot: CurvePlot) -> QWidget:
        """The plot, and above it which curve is which."""
        self.legend.setText(plot.legend())
        self.legend.setVisible(len(plot.curves) > 1)
        self.legend.setContentsMargins(spaced(3), spaced(2), spaced(3), spaced(1))
        self.legend.setWordWrap(True)
        drawing = QWidget()
        drawing.setObjectName("panel")
        column = QVBoxLayout(drawing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.legend)
        column.addWidget(plot, 1)
        return drawing

    def _made_side(self) -> QWidget:
        """Numbers, and below them what has to be said about them."""
        side = QWidget()
        side.setObjectName("panel")
        grid = QGridLayout(side)
        grid.setContentsMargins(spaced(3), spaced(2), spaced(3), spaced(2))
        grid.setHorizontalSpacing(spaced(2))
        grid.setVerticalSpacing(spaced(1))
        grid.setColumnStretch(1, 1)
        for line, number in enumerate(self.numbers):
            _add_number(grid, line, number)
        line = len(self.numbers)
        for notice in self.product.notices:
            note = QLabel(f"▲ {notice}")
            note.setWordWrap(True)
            note.setTextFormat(Qt.TextFormat.PlainText)
            set_cue(note, "warn")
            line += 1
            grid.addWidget(note, line, 0, 1, 3)
        grid.setRowStretch(line + 1, 1)
        return side

    def _made_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(spaced(3), spaced(2), spaced(3), spaced(3))
        row.setSpacing(spaced(2))
        self.buttons = {
            name: QPushButton(text)
            for name, text in (
                ("folder", "Show folder"), ("copy", "Copy numbers"), ("close", "Close"),
            )
        }  # fmt: skip
        self.buttons["folder"].clicked.connect(lambda: self.folderRequested.emit(self.product))
        self.buttons["copy"].clicked.connect(self._copy)
        self.buttons["close"].clicked.connect(self.close)
        row.addStretch(1)
        for button in self.buttons.values():
            button.setAutoDefault(False)
            row.addWidget(button)
        return row

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        lines = [f"{n.label}\t{n.text}\t{n.unit}".rstrip() for n in self.numbers]
        if clipboard is not None:
            clipboard.setText("\n".join(lines))


def _add_number(grid: QGridLayout, line: int, number: Number) -> None:
    label, value, unit = QLabel(number.label), QLabel(number.text), QLabel(number.unit)
    value.setFont(tabular_font())
    value.setAlignment(ALIGN_NUMBER)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    for part in (label, unit):
        set_cue(part, "muted")
    for column, part in enumerate((label, value, unit)):
        part.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(part, line, column)
