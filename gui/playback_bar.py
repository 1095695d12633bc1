"""Transport: first, back, play, on, last, live; speed; frame number and time to go to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QToolButton, QWidget

from .actions import GroupButton
from .icons import icon
from .speed_box import SpeedBox
from .theme import ALIGN_NUMBER, icon_side, set_cue, spaced, tabular_font
from .widgets.number_label import NumberLabel
from .widgets.parts import muted_label

if TYPE_CHECKING:
    from .actions import ActionSet

BUTTONS = (
    "frame.first",
    "frame.previous",
    "frame.play-backward",
    "frame.play",
    "frame.next",
    "frame.last",
)

_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2}[T ])?[0-2]?\d:[0-5]\d(:[0-6]\d(\.\d*)?)?Z?")


class PlaybackBar(QWidget):
    """Controls of time; the buttons are the actions of the table.

    `frameRequested` counts from 0, the field shows numbers from 1. `utcRequested` carries the
    time as typed: ``hh:mm:ss.sss``, with or without a date.
    """

    frameRequested = pyqtSignal(int)
    utcRequested = pyqtSignal(str)
    speedChosen = pyqtSignal(str, float)

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("playbackBar")
        self._actions = actions
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(spaced(2), spaced(1), spaced(2), spaced(1))
        self._row.setSpacing(spaced(1))
        self._add_buttons()
        self._add_places()
        self._row.addStretch(1)
        self._add_live()
        self.set_frame(0, 0)
        self.set_live(is_live=False, behind=None)

    def set_frame(self, frame: int, n_frames: int) -> None:
        """Show the frame (from 0) and how many there are; not while a number is being typed."""
        for key in BUTTONS:
            self._actions.action(key).setEnabled(n_frames > 0)
        self.utc_field.setEnabled(n_frames > 0)
        self.frame_field.setEnabled(n_frames > 0)
        self._count.show_text(f"{n_frames:,}" if n_frames else None)
        if self._is_typing():
            return
        with QSignalBlocker(self.frame_field):
            self.frame_field.setRange(min(1, n_frames), n_frames)
            self.frame_field.setValue(frame + 1)

    def set_playing(self, direction: int) -> None:
        """Show whether frames pass: 1 forward, -1 backward, 0 not at all."""
        for key, way, name in (
            ("frame.play", 1, "play"),
            ("frame.play-backward", -1, "play-backward"),
        ):
            action = self._actions.action(key)
            if action.isChecked() != (direction == way):
                action.setChecked(direction == way)
                action.setIcon(icon("pause" if direction == way else name))

    def set_speed(self, unit: str, amount: float) -> None:
        """Show a speed: "realtime" multiples or "fps"."""
        self.speed_box.set_speed(unit, amount)

    def set_live(self, is_live: bool, behind: int | None) -> None:
        """Show live mode and how many frames are newer (None: nothing is being written)."""
        self._actions.set_checked("frame.live", is_live)
        self._actions.action("frame.live").setEnabled(behind is not None)
        self._behind.show_text("" if not behind else f"{behind:,} behind")
        set_cue(self._behind, "warn" if behind and not is_live else "muted")

    def edit_frame(self) -> None:
        """Put the keyboard into the frame number."""
        self.frame_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.frame_field.selectAll()

    def edit_utc(self) -> None:
        """Put the keyboard into the time."""
        self.utc_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.utc_field.selectAll()

    def refuse_utc(self, sentence: str) -> None:
        """Say at the field why that time cannot be shown."""
        set_cue(self.utc_field, "bad")
        self.utc_field.setToolTip(sentence)

    def _add_buttons(self) -> None:
        for key in BUTTONS:
            self._row.addWidget(self._made_button(key))
        self._row.addWidget(GroupButton(self._actions.group("ending"), is_small=True))
        self._row.addSpacing(spaced(2))
        self.speed_box = SpeedBox()
        self.speed_box.speedChosen.connect(self.speedChosen)
        self._row.addWidget(self.speed_box)
        self._row.addSpacing(spaced(2))

    def _add_places(self) -> None:
        self.frame_field = QSpinBox()
        self.frame_field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.frame_field.setKeyboardTracking(False)
        self.frame_field.setGroupSeparatorShown(True)
        self.frame_field.setAlignment(ALIGN_NUMBER)
        self.frame_field.setFont(tabular_font())
        self.frame_field.setMinimumWidth(self._width_of("88,888,888"))
        self.frame_field.setToolTip("Frame number, counted from 1 (Ctrl+G)")
        self.frame_field.setAccessibleName("Frame number")
        self.frame_field.valueChanged.connect(self._on_number_changed)
        self._count = NumberLabel("8,888,888")
        self.utc_field = QLineEdit()
        self.utc_field.setFont(tabular_font())
        self.utc_field.setPlaceholderText("hh:mm:ss.sss")
        self.utc_field.setMinimumWidth(self._width_of("8888-88-88 88:88:88"))
        self.utc_field.setAccessibleName("Go to time, UTC")
        self.utc_field.returnPressed.connect(self._on_time_entered)
        self.utc_field.textEdited.connect(self._forgive_utc)
        self._forgive_utc()
        for word, field in (("Frame", self.frame_field), ("of", self._count)):
            self._row.addWidget(muted_label(word))
            self._row.addWidget(field)
        self._row.addSpacing(spaced(2))
        self._row.addWidget(muted_label("Go to UTC"))
        self._row.addWidget(self.utc_field)

    def _add_live(self) -> None:
        self._behind = NumberLabel("888,888 behind")
        self._behind.setToolTip("Frames newer than the one shown; none of them is lost")
        live = self._made_button("frame.live")
        live.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._actions.action("frame.live").setIconText("Live")
        self._row.addWidget(self._behind)
        self._row.addWidget(live)

    def _made_button(self, key: str) -> QToolButton:
        button = self._actions.button(key)
        side = icon_side(button)
        size = button.iconSize()
        size.setWidth(side)
        size.setHeight(side)
        button.setIconSize(size)
        return button

    def _width_of(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text) + spaced(5)

    def _is_typing(self) -> bool:
        edit = self.frame_field.lineEdit()
        return edit is not None and edit.isModified() and self.frame_field.hasFocus()

    def _on_number_changed(self, number: int) -> None:
        edit = self.frame_field.lineEdit()
        if edit is not None:
            edit.setModified(False)
        self.frameRequested.emit(number - 1)

    def _on_time_entered(self) -> None:
        text = self.utc_field.text().strip()
        if _CLOCK.fullmatch(text):
            self.utcRequested.emit(text.removesuffix("Z"))
        else:
            self.refuse_utc("Type a time such as 03:15:07.5 or 2025-12-10 03:15:07")

    def _forgive_utc(self, _: str = "") -> None:
        set_cue(self.utc_field, "")
        self.utc_field.setToolTip("Go to the frame nearest to this UTC; Enter goes (Ctrl+T)")
