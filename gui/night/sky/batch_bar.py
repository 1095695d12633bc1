"""Which batch of the night is shown: first, back, slider, on, newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from ...icons import icon
from ...theme import icon_side, spaced
from ...widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QResizeEvent

PAGE_BATCHES = 10
NO_BATCH = "No batch yet"
LEAST_SLIDER, NARROW = 20, 110


class BatchBar(QWidget):
    """Chooses one of the batches; `batchRequested` carries its number.

    While the newest one is shown the bar follows the night, and it says so.
    """

    batchRequested = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._batches: tuple[int, ...] = ()
        self._follows = True
        self.earlier = self._made_button("previous", "Earlier batch (Left)")
        self.later = self._made_button("next", "Later batch (Right)")
        self.newest = self._made_button("live", "Stay at the newest batch (End)")
        self.newest.setText("Newest")
        self.newest.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.newest.setCheckable(True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setPageStep(PAGE_BATCHES)
        self.slider.setToolTip("Batch of the night; arrows step one, Page keys ten")
        self.slider.setAccessibleName("Batch")
        self.slider.setMinimumWidth(spaced(LEAST_SLIDER))
        self._moment = NumberLabel("88:88:88 UTC")
        self.place = NumberLabel("888 of 888")
        self._connect()
        self._lay_out()
        self.show_batches(())

    def _made_button(self, drawing: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(drawing))
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        side = icon_side(button)
        button.setIconSize(QSize(side, side))
        return button

    def _connect(self) -> None:
        self.earlier.clicked.connect(self._on_earlier)
        self.later.clicked.connect(self._on_later)
        self.newest.clicked.connect(self._on_newest)
        self.slider.valueChanged.connect(self._on_moved)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(spaced(1))
        for widget in (self.earlier, self.later):
            row.addWidget(widget)
        row.addWidget(self.slider, 1)
        row.addWidget(self.newest)
        row.addSpacing(spaced(2))
        row.addWidget(self.place)
        row.addSpacing(spaced(2))
        row.addWidget(self._moment)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Where there is little room the slider has it."""
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        is_narrow = self.width() < spaced(NARROW)
        self.place.setVisible(not is_narrow)
        self.newest.setToolButtonStyle(
            style.ToolButtonIconOnly if is_narrow else style.ToolButtonTextBesideIcon
        )

    @property
    def batch(self) -> int | None:
        """Number of the batch chosen; None while there is none."""
        return self._batches[self.slider.value()] if self._batches else None

    def show_batches(self, batches: Sequence[int]) -> None:
        """Take note of the batches there are; the one chosen stays, or the newest is followed."""
        chosen = self.batch
        self._batches = tuple(batches)
        last = max(0, len(self._batches) - 1)
        place = last
        if not self._follows and chosen is not None:
            # A batch that is made again is away for a while: the one before stands for it.
            place = max(0, sum(number <= chosen for number in self._batches) - 1)
        was = self.slider.blockSignals(True)
        self.slider.setRange(0, last)
        self.slider.setValue(place)
        self.slider.blockSignals(was)
        self._renew()

    def show_moment(self, time: str, date: str) -> None:
        """Say when the batch shown was: the time of its middle, and the date as a tool tip."""
        self._moment.show_text(time)
        self._moment.setToolTip(f"Middle of the batch, {date}")

    def step(self, step: int) -> None:
        """Go to an earlier or later batch."""
        self.slider.setValue(self.slider.value() + step)

    def go_to_end(self, *, is_newest: bool) -> None:
        """Go to the newest or the first batch."""
        self.slider.setValue(self.slider.maximum() if is_newest else 0)

    def _on_earlier(self) -> None:
        self.step(-1)

    def _on_later(self) -> None:
        self.step(1)

    def _on_newest(self) -> None:
        self.go_to_end(is_newest=True)
        self._renew()

    def _on_moved(self, place: int) -> None:
        self._follows = place == self.slider.maximum()
        self._renew()
        if self._batches:
            self.batchRequested.emit(self._batches[place])

    def _renew(self) -> None:
        place, count = self.slider.value(), len(self._batches)
        self.newest.setChecked(self._follows)
        self.earlier.setEnabled(place > 0)
        self.later.setEnabled(place < count - 1)
        self.slider.setEnabled(count > 1)
        self.newest.setEnabled(count > 0)
        self.place.show_text(f"{place + 1} of {count}" if count else None)
        self.place.setToolTip(f"Batch {self._batches[place]:,}" if count else NO_BATCH)
