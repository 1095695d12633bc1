"""What keys do to the plots of a night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt

from ....core.timing.sidereal import BATCH_S

if TYPE_CHECKING:
    from PyQt6.QtGui import QKeyEvent

    from .stack import PlotStack

_KEY = Qt.Key
PAN_SHARE = 0.1
_STEPS = {_KEY.Key_Left: -1.0, _KEY.Key_Right: 1.0}
_ZOOMS = {_KEY.Key_Plus: 1.0, _KEY.Key_Equal: 1.0, _KEY.Key_Minus: -1.0}
_SCROLLS = {_KEY.Key_Up: -0.25, _KEY.Key_Down: 0.25, _KEY.Key_PageUp: -0.9, _KEY.Key_PageDown: 0.9}
NEEDED = frozenset({*_STEPS, *_ZOOMS, *_SCROLLS, _KEY.Key_Home, _KEY.Key_Escape})
TIP = (
    "Wheel: zoom in time. Drag: move. Double-click or Home: the whole night.\n"
    "Beside the lines the wheel scrolls. Click a point: choose its batch.\n"
    "Keys: left and right move the cursor, with Shift the plots; + and − zoom; Enter: menu."
)


def take_key(stack: PlotStack, event: QKeyEvent) -> bool:
    """Do what a key stands for; whether it stands for something."""
    key = Qt.Key(event.key())
    is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if key in _STEPS:
        _step(stack, _STEPS[key], is_shifted)
    elif key in _ZOOMS:
        stack.zoom(_ZOOMS[key], stack.cursor_hour)
    elif key in _SCROLLS:
        stack.scroll_by(_SCROLLS[key])
    elif key == _KEY.Key_Home:
        stack.fit()
    elif key == _KEY.Key_Escape and stack.cursor_hour is not None:
        stack.show_cursor(None)
    else:
        return False
    return True


def _step(stack: PlotStack, sign: float, is_shifted: bool) -> None:
    left, right = stack.hours
    if is_shifted:
        stack.pan(sign * PAN_SHARE * (right - left))
        return
    now = stack.cursor_hour
    if now is None or not left <= now <= right:
        stack.show_cursor(left if sign > 0 else right)
        return
    stack.show_cursor(min(max(now + sign * BATCH_S / 3600.0, left), right))
