"""The slider under the timeline: one step is one frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QSlider, QStyle

if TYPE_CHECKING:
    from PyQt6.QtGui import QMouseEvent
    from PyQt6.QtWidgets import QWidget

PAGE_FRAMES = 100


class Scrubber(QSlider):
    """Slider over all frames; a click jumps there, keys step."""

    frameRequested = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setPageStep(PAGE_FRAMES)
        self.setRange(0, 0)
        self.setToolTip("Frame shown; arrows step one frame, Page keys 100")
        self.setAccessibleName("Frame")
        self._waiting: tuple[int, int] | None = None
        self.valueChanged.connect(self.frameRequested)
        self.sliderReleased.connect(self._on_released)

    def show_frame(self, frame: int, n_frames: int) -> None:
        """Put the handle on `frame` of `n_frames`; not while a hand holds it."""
        if self.isSliderDown():
            self._waiting = (frame, n_frames)
            return
        self._waiting = None
        was = self.blockSignals(True)
        self.setMaximum(max(0, n_frames - 1))
        self.setValue(frame)
        self.blockSignals(was)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Bring the handle under the pointer, then take hold of it."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._frame_at(event.position().x()))
        super().mousePressEvent(event)

    def _frame_at(self, x: float) -> int:
        style = self.style()
        half = 0 if style is None else style.pixelMetric(QStyle.PixelMetric.PM_SliderLength) // 2
        return QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), round(x) - half, self.width() - 2 * half
        )

    def _on_released(self) -> None:
        if self._waiting is not None:
            # The frame under the hand stays; only the length of the capture is taken over.
            self.show_frame(self.value(), self._waiting[1])
