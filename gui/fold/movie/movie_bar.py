"""The strip under the picture while it shows a capture by phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...icons import icon
from ...theme import icon_side, set_cue, spaced
from ...widgets.elided_label import ElidedLabel
from ...widgets.number_label import NumberLabel
from ...widgets.parts import muted_label
from .movie_wording import told
from .phase_track import PhaseTrack

if TYPE_CHECKING:
    from ....core.workbench.fold.movie.state import MovieState
    from ...theme import Roles

SHEETS = (
    ("movie", "Movie", "movie", "Mean frame of each bin of phase"),
    ("difference", "On − off", "on-off", "Mean frame on the pulse minus that off it"),
    ("ratio", "S/N", "", "On minus off over its standard deviation"),
)
SPEEDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Turns a second."""


class MovieBar(QWidget):
    """Play, scrub by phase, change to the difference, go back to the frames.

    Signals tell what the observer did: `sheetChosen` carries the name of a sheet, `speedChosen`
    turns a second.
    """

    sheetChosen = pyqtSignal(str)
    playToggled = pyqtSignal()
    binRequested = pyqtSignal(int)
    speedChosen = pyqtSignal(float)
    goOnRequested = pyqtSignal()
    backRequested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._make_buttons()
        self._make_numbers()
        self.track = PhaseTrack()
        self.track.binRequested.connect(self.binRequested)
        self._lay_out()
        self.hide()

    def _make_buttons(self) -> None:
        self.play = _button("Play", "play", "Play round and round, or pause")
        self.play.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.play.clicked.connect(self.playToggled)
        self.sheets: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        for name, text, drawing, tip in SHEETS:
            button = self.sheets[name] = _button(text, drawing, tip)
            button.setCheckable(True)
            self._group.addButton(button)
            button.clicked.connect(lambda _, name=name: self.sheetChosen.emit(name))
        self.go_on = _button("Go on", "play", "Add the frames that are missing")
        self.go_on.clicked.connect(self.goOnRequested)
        self.back = _button("Frames", "image", "Back to the frames of the capture")
        self.back.clicked.connect(self.backRequested)

    def _make_numbers(self) -> None:
        self.speed = QComboBox()
        for turns_per_s in SPEEDS:
            self.speed.addItem(f"{turns_per_s:g} turns/s", turns_per_s)
        self.speed.setToolTip("Speed of the movie")
        self.speed.setAccessibleName("Speed of the movie")
        self.speed.activated.connect(lambda _: self.speedChosen.emit(self.speed.currentData()))
        self.state = ElidedLabel()
        self.phase = NumberLabel("0.8888")
        self.phase.setAccessibleName("Phase")
        self.phase.setToolTip("Middle of the bin")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(spaced(2), spaced(1), spaced(2), spaced(1))
        column.setSpacing(spaced(1))
        above, below = QHBoxLayout(), QHBoxLayout()
        for row in (above, below):
            row.setSpacing(spaced(1))
            column.addLayout(row)
        for button in self.sheets.values():
            above.addWidget(button)
        above.addSpacing(spaced(2))
        above.addWidget(self.state, 1)
        above.addWidget(self.go_on)
        above.addWidget(self.back)
        for widget in (self.play, self.speed):
            below.addWidget(widget)
        below.addWidget(self.track, 1)
        below.addWidget(self.phase)
        below.addWidget(muted_label("turns"))

    def show_state(self, state: MovieState) -> None:
        """Show how the movie stands; the strip hides while frames are shown."""
        self.setVisible(state.sheet is not None)
        if state.sheet is None:
            return
        is_movie = state.sheet == "movie"
        self.sheets[state.sheet].setChecked(True)
        self.track.show_bin(state.bin, state.n_bins, state.phase)
        self.track.show_ranges(state.on, state.off)
        self.track.show_handle(is_movie)
        for widget in (self.play, self.speed):
            widget.setEnabled(is_movie)
        has_phase = is_movie and state.phase is not None
        self.phase.show_text(f"{state.phase:.4f}" if has_phase else None)
        self._show_playing(state.is_playing, state.turns_per_s)
        text, cue = told(state)
        self.state.show_whole(text, state.note)
        set_cue(self.state, cue)
        self.go_on.setVisible(state.is_stopped)

    def _show_playing(self, is_playing: bool, turns_per_s: float) -> None:
        name = "pause" if is_playing else "play"
        if self.play.property("shown") != name:
            self.play.setProperty("shown", name)
            self.play.setIcon(icon(name))
            self.play.setText(name.capitalize())
        place = self.speed.findData(turns_per_s)
        if place >= 0 and place != self.speed.currentIndex():
            with QSignalBlocker(self.speed):
                self.speed.setCurrentIndex(place)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.track.set_roles(roles)


def _button(text: str, drawing: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAutoRaise(True)
    button.setToolTip(tip)
    if drawing:
        button.setIcon(icon(drawing))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        side = icon_side(button)
        button.setIconSize(QSize(side, side))
    return button
