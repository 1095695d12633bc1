"""Let quick events through at a bounded rate, the last one always."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable


class Throttle(QObject):
    """Call a function at once, then at most once an interval, never losing the last call.

    Parameters
    ----------
    function : callable
        What to call, without arguments: it reads the newest state by itself.
    interval_ms : int
        The least time between two calls.
    parent : QObject
        Owner of the timer.
    """

    def __init__(self, function: Callable[[], None], interval_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._function = function
        self._is_waiting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._on_interval_over)

    def call(self) -> None:
        """Call now, or when the interval is over."""
        if self._timer.isActive():
            self._is_waiting = True
        else:
            self.call_now()

    def call_now(self) -> None:
        """Call now, whatever the interval; what waits is done by that."""
        self._is_waiting = False
        self._timer.start()
        self._function()

    def call_later(self) -> None:
        """Call when an interval is over, unless `call_now` comes before."""
        self._is_waiting = True
        if not self._timer.isActive():
            self._timer.start()

    def cancel(self) -> None:
        """Forget a call that waits."""
        self._timer.stop()
        self._is_waiting = False

    def _on_interval_over(self) -> None:
        if self._is_waiting:
            self.call_now()
