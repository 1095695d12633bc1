"""The filters over the messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QLineEdit, QToolButton, QWidget

from ...icons import icon
from ...theme import spaced
from ...widgets.parts import choice_box
from .message_list import ALL, MessageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVELS = (("All levels", ALL), ("Errors", "ERROR"), ("Warnings", "WARNING"))


class MessageBar(QWidget):
    """Camera, level and text; `changed` tells that the filter is another."""

    changed = pyqtSignal()
    copyRequested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera = choice_box("Camera", "Messages of one camera only", (("All cameras", ALL),))
        self.level = choice_box("Level", "Errors only, or warnings only", LEVELS)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Only messages with…")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Only messages with this text")
        self.copy = QToolButton()
        self.copy.setIcon(icon("copy"))
        self.copy.setToolTip("Copy the messages shown")
        self.copy.setAccessibleName("Copy")
        self._lay_out()
        self.camera.currentIndexChanged.connect(self.changed)
        self.level.currentIndexChanged.connect(self.changed)
        self.search.textChanged.connect(self.changed)
        self.copy.clicked.connect(self.copyRequested)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(spaced(1), spaced(1), spaced(1), spaced(1))
        grid.setSpacing(spaced(1))
        grid.addWidget(self.camera, 0, 0)
        grid.addWidget(self.level, 0, 1)
        grid.addWidget(self.search, 1, 0, 1, 2)
        grid.addWidget(self.copy, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    @property
    def filter(self) -> MessageFilter:
        """What is to be shown."""
        return MessageFilter(
            self.camera.currentData() or ALL,
            self.level.currentData() or ALL,
            self.search.text().strip(),
        )

    def set_filter(self, wanted: MessageFilter) -> None:
        """Show another filter; told once, where it is another."""
        before = self.filter
        for box, value in ((self.camera, wanted.camera), (self.level, wanted.level)):
            box.blockSignals(True)
            box.setCurrentIndex(max(0, box.findData(value)))
            box.blockSignals(False)
        self.search.blockSignals(True)
        self.search.setText(wanted.text)
        self.search.blockSignals(False)
        if self.filter != before:
            self.changed.emit()

    def set_cameras(self, cameras: Sequence[str]) -> None:
        """Offer these cameras; the one chosen stays chosen while it is there. Emits nothing."""
        box = self.camera
        if [box.itemData(row) for row in range(1, box.count())] == list(cameras):
            return
        chosen = box.currentData()
        box.blockSignals(True)
        while box.count() > 1:
            box.removeItem(1)
        for camera in cameras:
            box.addItem(camera, camera)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)
