"""The dock of the night: which it is, how it stands, and the buttons that drive it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ....core.mascara.report.moments import in_words
from ...icons import icon
from ...theme import icon_side, set_cue, spaced
from ...widgets.elided_label import ElidedLabel
from ...widgets.empty_state import EmptyState
from ...widgets.number_label import NumberLabel
from ..words import size
from .night_words import STATES, night_text
from .remembered_list import RememberedList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench.night.remembered import RememberedNight
    from ...theme import Roles

EMPTY = "No night is watched. Start one, or watch the folder of one."
CHOICES = (("night.start", "Start…"), ("night.open", "Watch…"))
NOTHING_RUNS = "Nothing runs here now."
BUTTON_LINES = 1.9


@dataclass(frozen=True)
class ButtonState:
    """What a button says, and why it cannot be pressed; empty where it can."""

    key: str
    text: str
    icon: str
    why_not: str = ""


def button_states(state: str, *, is_running: bool) -> tuple[ButtonState, ButtonState]:
    """The two buttons that drive a night in a state."""
    if is_running and state != "paused":
        first = ButtonState("night.pause", "Pause", "pause")
    else:
        # Also one that is finished: units and frames may wait to be made again.
        can_resume = state in {"paused", "stopped", "interrupted", "finished"}
        first = ButtonState("night.resume", "Resume", "play", "" if can_resume else NOTHING_RUNS)
    return first, ButtonState("night.stop", "Stop…", "cancel", "" if is_running else NOTHING_RUNS)


class NightPanel(QWidget):
    """Shows a `NightSnapshot` in short.

    Signals: `actionRequested` with the key of an action, `nightChosen` with the folder of a
    night to watch.
    """

    actionRequested = pyqtSignal(str)
    nightChosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.numbers: dict[str, NumberLabel] = {}
        self.empty = EmptyState(EMPTY, CHOICES)
        self.empty.chosen.connect(self.actionRequested)
        self.title, self.place = ElidedLabel(), ElidedLabel()
        self.glyph, self.state = QLabel(), QLabel()
        self._drawn = ("", "")
        self.drive, self.stop = self._made_button(), self._made_button()
        self.start, self.watch = self._made_button(), self._made_button()
        self.nights = RememberedList()
        self.nights.chosen.connect(self.nightChosen)
        self._lay_out()
        self._name_buttons("empty", is_running=False)
        self.show_nights((), None)

    def set_roles(self, _: Roles) -> None:
        """Paint the glyph anew; all else is dressed by the style sheet."""
        self._draw_glyph()

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Show how the night stands, or what would fill the panel."""
        self._upper.setCurrentIndex(0 if snapshot is None else 1)
        if snapshot is None:
            return
        status = snapshot.status
        name = night_text(status.night) or snapshot.output.name
        self.title.show_whole("  ".join(part for part in (name, status.site) if part))
        self.place.show_whole(str(snapshot.output))
        self._show_state(status.state)
        self._name_buttons(status.state, is_running=snapshot.is_running)
        self._show_numbers(snapshot)

    def show_nights(self, nights: Sequence[RememberedNight], watched: Path | None) -> None:
        """List the nights that were watched recently."""
        self.nights.show_nights(nights, watched)
        self._heading.setVisible(bool(nights))
        self.nights.setVisible(bool(nights))

    # Parts

    def _lay_out(self) -> None:
        upper = QWidget()
        self._upper = QStackedLayout(upper)
        self._upper.addWidget(self.empty)
        self._upper.addWidget(self._made_content())
        self._heading = QLabel("Recent nights")
        self._heading.setContentsMargins(spaced(2), spaced(2), 0, 0)
        set_cue(self._heading, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spaced(1))
        column.addWidget(upper)
        column.addWidget(self._heading)
        column.addWidget(self.nights, 1)
        upper.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _made_content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(spaced(2), spaced(2), spaced(2), 0)
        column.setSpacing(spaced(2))
        set_cue(self.place, "muted")
        heading = QHBoxLayout()
        heading.setSpacing(spaced(1))
        heading.addWidget(self.title, 1)
        heading.addWidget(self.glyph)
        heading.addWidget(self.state)
        column.addLayout(heading)
        column.addWidget(self.place)
        column.addLayout(self._made_buttons())
        column.addLayout(self._made_figures())
        return content

    def _made_buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(spaced(1))
        for place, button in enumerate((self.drive, self.stop, self.start, self.watch)):
            grid.addWidget(button, place // 2, place % 2)
        self._name(self.start, ButtonState("night.start", "Start…", "night"))
        self._name(self.watch, ButtonState("night.open", "Watch…", "folder"))
        self.start.setToolTip("Start another night")
        self.watch.setToolTip("Watch the night in another folder")
        return grid

    def _made_button(self) -> QPushButton:
        button = QPushButton()
        button.setMinimumHeight(round(self.fontMetrics().height() * BUTTON_LINES))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(self._on_button_clicked)
        return button

    def _made_figures(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(spaced(2))
        grid.setVerticalSpacing(spaced(1))
        grid.setColumnStretch(1, 1)
        for row, (name, label, widest, tip) in enumerate(_FIGURES):
            word = QLabel(label)
            set_cue(word, "muted")
            word.setToolTip(tip)
            number = NumberLabel(widest)
            number.setToolTip(tip)
            number.setAccessibleName(label)
            grid.addWidget(word, row, 0)
            grid.addWidget(number, row, 1)
            self.numbers[name] = number
        return grid

    # What is shown

    def _show_state(self, state: str) -> None:
        drawing, role, word = STATES.get(state, STATES["empty"])
        self.state.setText(word)
        set_cue(self.state, role)
        self._drawn = (drawing, role)
        self._draw_glyph()

    def _draw_glyph(self) -> None:
        drawing, role = self._drawn
        if drawing:
            side = icon_side(self)
            self.glyph.setPixmap(icon(drawing, role).pixmap(side, side))

    def _name_buttons(self, state: str, *, is_running: bool) -> None:
        first, second = button_states(state, is_running=is_running)
        self._name(self.drive, first)
        self._name(self.stop, second)

    def _name(self, button: QPushButton, shown: ButtonState) -> None:
        if (button.objectName(), button.toolTip()) == (shown.key, shown.why_not):
            return
        button.setObjectName(shown.key)
        button.setText(shown.text)
        button.setIcon(icon(shown.icon))
        button.setEnabled(not shown.why_not)
        button.setToolTip(shown.why_not)

    def _show_numbers(self, snapshot: NightSnapshot) -> None:
        cameras, forecast = snapshot.status.cameras, snapshot.forecast
        received = sum(one.received for one in cameras)
        reduced = sum(one.reduced for one in cameras)
        batch_s = max(forecast.batch_left_s.values(), default=math.nan)
        texts = {
            "frames": f"{reduced:,} of {received:,}" if received else None,
            "rate": _number(forecast.frames_per_s, "{:.2f} frames/s"),
            "sky": _number(100.0 * forecast.sky_ratio, "{:,.0f} %"),
            "batch": _span(batch_s),
            "night": _span(forecast.night_left_s),
            "end": _moment(forecast.ends_utc),
            "disk": size(forecast.bytes_free),
            "hours": _span(forecast.disk_hours * 3600.0),
        }
        for name, text in texts.items():
            self.numbers[name].show_text(text)
        is_slow = snapshot.is_running and forecast.sky_ratio < 1.0
        set_cue(self.numbers["sky"], "warn" if is_slow else "")

    def _on_button_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.actionRequested.emit(sender.objectName())


def _number(value: float, form: str) -> str | None:
    return form.format(value) if math.isfinite(value) else None


def _span(seconds: float) -> str | None:
    return in_words(seconds) if math.isfinite(seconds) else None


def _moment(utc: str) -> str | None:
    return f"{datetime.fromisoformat(utc):%H:%M} UTC" if utc else None


_FIGURES = (
    ("frames", "Frames", "88,888 of 88,888", "Reduced of those that came"),
    ("rate", "Throughput", "88.88 frames/s", "Frames reduced lately, in real time"),
    ("sky", "Sky's pace", "888 %",
     "Throughput over the pace of the cameras: below 100 % the night falls behind"),
    ("batch", "Batch left", "88 h 88 min", "Until the batch at work is done"),
    ("night", "Night left", "88 h 88 min", "Until the last frame is reduced"),
    ("end", "Done at", "10:00 UTC", "When that will be"),
    ("disk", "Disk free", "8,888.8 GB", "On the disk of the products"),
    ("hours", "Disk lasts", "88 d 88 h", "At the pace so far"),
)  # fmt: skip
