"""What a fold amounts to, on one line; the numbers keep their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ..theme import set_cue, spaced
from ..widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PyQt6.QtGui import QResizeEvent

    from .wording import Written


class Figure(NamedTuple):
    """One number: its word, and the room it keeps."""

    key: str
    word: str
    widest: str


FIGURES = (
    Figure("frames", "frames", "888,888"),
    Figure("covered", "in", "88 min 88 s"),
    Figure("chi2", "χ²/dof", "888.88"),
    Figure("h", "H", "888.8"),
    Figure("chance", "P", "8.8e-88 (88.8 σ)"),
    Figure("fraction", "pulsed", "88.8 ± 8.8 %"),
    Figure("snr", "S/N", "888.8"),
)


class NumbersLine(QWidget):
    """Frames, time, chi-square, H and its probability, pulsed fraction, S/N.

    In a narrow panel they stand on more lines than one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.numbers: dict[str, NumberLabel] = {}
        self._cells: dict[str, QWidget] = {}
        self._lines: list[list[str]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        for figure in FIGURES:
            self._add(figure)
        self._lay([list(self._cells)])
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _add(self, figure: Figure) -> None:
        cell = QWidget()
        row = QHBoxLayout(cell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(spaced(1))
        word, number = QLabel(figure.word), NumberLabel(figure.widest)
        # Next to its word, from which a right end would part it.
        number.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        number.fix()
        set_cue(word, "muted")
        number.setAccessibleName(figure.word)
        row.addWidget(word)
        row.addWidget(number)
        self.numbers[figure.key], self._cells[figure.key] = number, cell

    def show_figures(self, figures: Mapping[str, Written]) -> None:
        """Show these numbers and dashes for all others."""
        for key, number in self.numbers.items():
            written = figures.get(key)
            number.show_text(None if written is None else written.text)
            tip = "" if written is None else written.tip
            cell = self._cells[key]
            if tip != cell.toolTip():
                cell.setToolTip(tip)
        self._keep_room()

    def _keep_room(self) -> None:
        """A number that once needed more room keeps it, so that nothing moves back and forth."""
        grown = [
            one for one in self.numbers.values() if one.sizeHint().width() > one.minimumWidth()
        ]
        for number in grown:
            number.setFixedWidth(number.sizeHint().width())
        if grown:
            self._break()

    def text(self, key: str) -> str:
        """What stands at a number now."""
        return self.numbers[key].text()

    def minimumSizeHint(self) -> QSize:
        """Room for the widest number."""
        widest = max(cell.sizeHint().width() for cell in self._cells.values())
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Break the line where it is too long."""
        super().resizeEvent(event)
        self._break()

    def _break(self) -> None:
        lines: list[list[str]] = [[]]
        room = self.width()
        for key, cell in self._cells.items():
            width = cell.minimumSizeHint().width() + spaced(2)
            if lines[-1] and width - spaced(2) > room:
                lines.append([])
                room = self.width()
            lines[-1].append(key)
            room -= width
        if lines != self._lines:
            self._lay(lines)

    def _lay(self, lines: list[list[str]]) -> None:
        self._lines = lines
        while (line := self._column.takeAt(0)) is not None:
            row = line.layout()
            while row is not None and row.takeAt(0) is not None:
                pass
        for keys in lines:
            row = QHBoxLayout()
            row.setSpacing(spaced(2))
            for key in keys:
                row.addWidget(self._cells[key])
            row.addStretch(1)
            self._column.addLayout(row)
        self.updateGeometry()
