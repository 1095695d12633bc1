"""Where the keyboard goes among parts that come and go."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PyQt6.QtGui import QFocusEvent


class Leading(QWidget):
    """Passes the keyboard on to one of its parts, for the label that leads here.

    Not by a focus proxy: Tab would go to that part wherever this widget stands among the others,
    and in a circle where it stands behind it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._part: QWidget | None = None

    def lead_to(self, part: QWidget | None) -> None:
        """Pass the keyboard on to a part, or take none."""
        self._part = part
        policy = Qt.FocusPolicy
        self.setFocusPolicy(policy.NoFocus if part is None else policy.ClickFocus)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Pass it on."""
        super().focusInEvent(event)
        if self._part is not None:
            self._part.setFocus(Qt.FocusReason.OtherFocusReason if not event else event.reason())


def lead_on(*widgets: QWidget) -> None:
    """Let Tab go from each to the next."""
    for one, other in pairwise(widgets):
        QWidget.setTabOrder(one, other)
