"""What there is to say about a fold beside its numbers: one line, all of it on a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget, QWidgetAction

from ...core.wording import counted
from ..theme import set_cue, spaced
from ..widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH_CHARACTERS = 64
SIGN = "▲"
TIP = "All that was put right or is uncertain, to be read and copied"


class NoticeLine(QWidget):
    """The first notice, muted, and how many more there are; Details shows all, to be copied."""

    def __init__(self) -> None:
        super().__init__()
        self.line = ElidedLabel()
        set_cue(self.line, "muted")
        self.details = QToolButton()
        self.details.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.text = QLabel()
        self._fill_menu()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(spaced(1))
        row.addWidget(self.line, 1)
        row.addWidget(self.details)
        self._notices: tuple[str, ...] = ()
        self._is_brief = False
        self.show_notices(())

    def _fill_menu(self) -> None:
        menu = QMenu(self.details)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setFixedWidth(self.fontMetrics().averageCharWidth() * WIDTH_CHARACTERS)
        self.text.setContentsMargins(spaced(2), spaced(2), spaced(2), spaced(2))
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        entry = QWidgetAction(menu)
        entry.setDefaultWidget(self.text)
        menu.addAction(entry)
        self.details.setMenu(menu)

    def show_notices(self, notices: Sequence[str]) -> None:
        """Say this; without anything to say the line takes no room."""
        self._notices = tuple(notices)
        self.setVisible(bool(notices))
        if notices:
            self._write(self._notices)

    def set_brief(self, is_brief: bool) -> None:
        """Leave all but the number of the notices to the button, where a line has no room."""
        self._is_brief = is_brief
        self.line.setVisible(not is_brief)
        self._write(self._notices)

    def _write(self, notices: tuple[str, ...]) -> None:
        if not notices:
            return
        self.details.setText(f"{SIGN} {len(notices)}" if self._is_brief else "Details")
        self.details.setToolTip("\n".join(notices) if self._is_brief else TIP)
        more = f"  (and {counted(len(notices) - 1, 'more notice')})" if len(notices) > 1 else ""
        self.line.show_whole(f"{SIGN} {notices[0]}{more}", "\n".join(notices[1:]))
        text = "\n\n".join(notices)
        if text != self.text.text():
            self.text.setText(text)
