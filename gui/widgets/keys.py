"""Keys that a widget keeps from the actions of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent
from PyQt6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from collections.abc import Callable


def keeps_key(event: QEvent | None, is_needed: Callable[[QKeyEvent], bool]) -> bool:
    """Whether this event asks about a key that is needed; it is accepted then."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if not is_needed(event):
        return False
    event.accept()
    return True
