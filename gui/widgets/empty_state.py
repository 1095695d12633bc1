"""What a panel says while it has nothing to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ..theme import set_cue, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence


class EmptyState(QWidget):
    """One line on what would fill the panel, and the buttons that do it.

    Parameters
    ----------
    text : str
        The line.
    choices : sequence of tuple of str
        Name and label of each button; `chosen` carries the name.
    """

    chosen = pyqtSignal(str)

    def __init__(
        self, text: str, choices: Sequence[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label = QLabel(text)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setWordWrap(True)
        set_cue(self._label, "muted")
        self.buttons = {name: self._made_button(name, label) for name, label in choices}
        row = QHBoxLayout()
        row.setSpacing(spaced(2))
        row.addStretch(1)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(spaced(3))
        layout.addStretch(1)
        layout.addWidget(self._label)
        layout.addLayout(row)
        layout.addStretch(1)

    def _made_button(self, name: str, label: str) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.clicked.connect(self._on_button_clicked)
        return button

    def _on_button_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.chosen.emit(sender.objectName())

    @property
    def text(self) -> str:
        """The line shown."""
        return self._label.text()

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._label.setText(text)
