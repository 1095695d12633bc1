"""The banner over the cameras: what is wrong now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ....core.wording import counted
from ...icons import icon
from ...theme import spaced
from .alarm_row import AlarmRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ....core.mascara.watching.snapshot import Alarm
    from ...theme import Roles

    Key = tuple[str, str]

MOST_SHOWN, MOST_SHOWN_LOW = 2, 1


class AlarmBanner(QWidget):
    """Alarms one below the other, trouble first; nothing at all while all is well.

    At most two are shown, in a low window one, so that the cameras below keep their place; a
    button shows the rest.
    Notices can be hidden until they come anew.

    Signal: `actionChosen` with the action and the subject of an alarm.
    """

    actionChosen = pyqtSignal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alarms: dict[Key, Alarm] = {}
        self._hidden: set[Key] = set()
        self._rows: dict[Key, AlarmRow] = {}
        self._most = MOST_SHOWN
        self.more = QToolButton()
        self.more.setCheckable(True)
        self.more.setIcon(icon("expand"))
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.toggled.connect(self._show)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(spaced(1))
        self._column.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("Alarms")
        self.hide()

    def set_alarms(self, alarms: Iterable[Alarm]) -> None:
        """Show what is wrong now."""
        self._alarms = {_key(alarm): alarm for alarm in alarms}
        # What went away and comes back is told again.
        self._hidden &= self._alarms.keys()
        self._show()

    def set_low(self, is_low: bool) -> None:
        """Take less room, or what is usual."""
        self._most = MOST_SHOWN_LOW if is_low else MOST_SHOWN
        self._show()

    def set_roles(self, _: Roles) -> None:
        """Take the colours of a theme: those of the pictures, the rest is in the style sheet."""
        for row in self._rows.values():
            row.dress()

    def _show(self, *_: object) -> None:
        open_ones = [key for key in self._alarms if key not in self._hidden]
        most = len(open_ones) if self.more.isChecked() else self._most
        self._keep_rows(open_ones[:most])
        others = len(open_ones) - self._most
        self.more.setText("Show fewer" if self.more.isChecked() else counted(others, "more alarm"))
        self.more.setIcon(icon("collapse" if self.more.isChecked() else "expand"))
        self.more.setVisible(others > 0)
        self.setVisible(bool(open_ones))

    def _keep_rows(self, keys: list[Key]) -> None:
        """Rows of alarms that stay are kept, with the keyboard where it is in them."""
        for key in self._rows.keys() - set(keys):
            row = self._rows.pop(key)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, key in enumerate(keys):
            row = self._rows.get(key) or self._made_row(key)
            if row.alarm != self._alarms[key]:
                row.set_alarm(self._alarms[key])
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
        self._rows = {key: self._rows[key] for key in keys}

    def _made_row(self, key: Key) -> AlarmRow:
        row = self._rows[key] = AlarmRow(self._alarms[key])
        row.actionChosen.connect(self.actionChosen)
        row.dismissed.connect(self._on_dismissed)
        return row

    def _on_dismissed(self) -> None:
        row = self.sender()
        if isinstance(row, AlarmRow):
            self._hidden.add(_key(row.alarm))
            self._show()


def _key(alarm: Alarm) -> tuple[str, str]:
    return alarm.kind, alarm.subject
