"""One alarm in the banner: what is wrong, what to do, and the button that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from ...clipboard import put_on_clipboard
from ...icons import icon
from ...theme import icon_side, set_cue, spaced
from .sentence import Sentence

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from ....core.mascara.watching.snapshot import Alarm, AlarmAction

GLYPHS = {"trouble": ("error", "bad"), "notice": ("notice", "accent")}
ACTIONS: dict[AlarmAction, tuple[str, str]] = {
    "resume": ("Resume", "Start the reduction again where it ended"),
    "stop": ("Stop…", "End the reduction; what is done stays done"),
    "retry": ("Retry", "Have what failed made again"),
    "mark": ("Mark a frame…", "Leave a frame or a dark out"),
    "new": ("Start a night…", "Check raw frames and start their reduction"),
}


class AlarmRow(QFrame):
    """Shows one alarm, whole: sentences that do not fit into a line are broken.

    Signals: `actionChosen` with the action and the subject of the alarm, `dismissed`.
    """

    actionChosen = pyqtSignal(str, str)
    dismissed = pyqtSignal()

    def __init__(self, alarm: Alarm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.alarm = alarm
        self.glyph = QLabel()
        self.title, self.hint = Sentence(), Sentence()
        set_cue(self.hint, "muted")
        self.button = QPushButton()
        self.button.clicked.connect(self._on_clicked)
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close", "muted"))
        self.close_button.setToolTip("Hide this until it happens again")
        self.close_button.setAccessibleName("Hide")
        self.close_button.clicked.connect(self.dismissed)
        self._lay_out()
        self._add_copy()
        self.set_alarm(alarm)

    def _lay_out(self) -> None:
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.title)
        lines.addWidget(self.hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(spaced(2), spaced(1), spaced(1), spaced(1))
        row.setSpacing(spaced(2))
        row.addWidget(self.glyph)
        row.addLayout(lines, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)

    def _add_copy(self) -> None:
        copy = QAction("&Copy", self)
        copy.triggered.connect(self._copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def set_alarm(self, alarm: Alarm) -> None:
        """Say how it is now."""
        self.alarm = alarm
        is_trouble = alarm.level == "trouble"
        self.setProperty("severity", "error" if is_trouble else "notice")
        side = icon_side(self)
        self.glyph.setPixmap(icon(*GLYPHS[alarm.level]).pixmap(side, side))
        self.title.say(f"{alarm.title}. {alarm.text}" if alarm.text else alarm.title)
        set_cue(self.title, "bad" if is_trouble else "")
        self.hint.say(alarm.hint)
        self.hint.setVisible(bool(alarm.hint))
        self._show_buttons(alarm)
        self.setAccessibleName(f"{alarm.level}: {alarm.title}")
        self.setAccessibleDescription(f"{alarm.text} {alarm.hint}")

    def _show_buttons(self, alarm: Alarm) -> None:
        text, tip = ACTIONS.get(alarm.action, ("", ""))
        self.button.setText(text)
        self.button.setToolTip(tip)
        self.button.setVisible(bool(text))
        self.close_button.setVisible(alarm.level == "notice")

    @property
    def text(self) -> str:
        """All of it, to be copied."""
        return "\n".join(filter(None, (self.title.whole, self.hint.whole)))

    def dress(self) -> None:
        """Take the colours of the theme that is worn now."""
        self.set_alarm(self.alarm)

    def _copy(self) -> None:
        put_on_clipboard(self.text)

    def _on_clicked(self) -> None:
        self.actionChosen.emit(self.alarm.action, self.alarm.subject)
