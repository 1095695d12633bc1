"""What a movie needs to be told: where, how fast, which frames."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from ..core.wording import counted
from .theme import set_cue

MOVIE_FILES = "Movie (*.mp4);;Animated picture (*.gif)"


@dataclass(frozen=True)
class MovieWish:
    """The answer of the dialog."""

    path: Path
    fps: float
    step: int


class MovieDialog(QDialog):
    """Asks for name, frames a second and step; says how long the movie will be."""

    def __init__(self, path: Path, frames: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export movie")
        self._frames = frames
        self.path = QLineEdit(str(path))
        self.path.setMinimumWidth(360)
        self.fps = QDoubleSpinBox()
        self.fps.setRange(0.5, 60.0)
        self.fps.setValue(25.0)
        self.fps.setSuffix(" frames/s")
        self.step = QSpinBox()
        self.step.setRange(1, max(1, frames))
        self.step.setPrefix("one in ")
        self.step.setSpecialValueText("every frame")
        for field in (self.fps, self.step):
            field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self._length = QLabel()
        set_cue(self._length, "muted")
        self.fps.valueChanged.connect(self._show_length)
        self.step.valueChanged.connect(self._show_length)
        self._lay_out()
        self._show_length()

    def answer(self) -> MovieWish:
        """What was chosen; a name without an ending becomes an MP4."""
        path = Path(self.path.text())
        if path.suffix.lower() not in (".mp4", ".gif"):
            path = path.with_name(path.name + ".mp4")
        return MovieWish(path, self.fps.value(), self.step.value())

    def _lay_out(self) -> None:
        browse = QPushButton("Browse…")
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self.path)
        place.addWidget(browse)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow("File", place)
        form.addRow("Speed", self.fps)
        form.addRow("Frames", self.step)
        form.addRow("", self._length)
        form.addRow(buttons)

    def _browse(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export movie", self.path.text(), MOVIE_FILES)
        if name:
            self.path.setText(name)

    def _show_length(self) -> None:
        count = -(-self._frames // self.step.value())
        self._length.setText(f"{counted(count, 'frame')}, {count / self.fps.value():,.1f} s")
