"""What a command found: its curve, and its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
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

from ..clipboard import put_on_clipboard
from ..theme import ALIGN_NUMBER, set_cue, spaced, tabular_font
from ..widgets.elided_label import ElidedLabel
from ..widgets.scrolling import Scrolling
from .curve_plot import CurvePlot
from .numbers import Number, numbers_of

if TYPE_CHECKING:
    from ...core.workbench.products import Product
    from ..theme import Roles

SIZE_CHARACTERS = (150, 32)


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
        lines = [f"{n.label}\t{n.text}\t{n.unit}".rstrip() for n in self.numbers]
        put_on_clipboard("\n".join(lines))


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
