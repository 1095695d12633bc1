"""From working threads to the Qt thread: many posts, one wake-up, at most 200 turns a second."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

if TYPE_CHECKING:
    from collections.abc import Callable

TURN_INTERVAL_S = 1.0 / 200.0
TURN_S = 0.008
"""Letters that take longer than this wait for the next turn, so that no click waits for them."""


class Letters(Protocol):
    """What the bridge needs of a mailbox."""

    wake: Callable[[], None] | None

    def __len__(self) -> int: ...

    def drain(self, most_s: float = ..., /) -> int:
        """Run what has been posted, for about so many seconds."""
        ...


class QtBridge(QObject):
    """Opens the letters of a mailbox on the Qt thread.

    The first letter after a rest is opened at once; under a flood there is a turn every
    1/200 s, and the events of the window run between the turns.
    """

    _woken = pyqtSignal()
    _called = pyqtSignal(object, object)

    def __init__(self, mailbox: Letters, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox: Letters | None = mailbox
        self._last_turn_s = float("-inf")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        # Queued also on the Qt thread: a letter is never opened inside the call that posts it.
        # The stubs of PyQt do not know the second argument.
        queued = Qt.ConnectionType.QueuedConnection
        self._woken.connect(self._on_woken, queued)  # type: ignore[call-arg]
        self._called.connect(self._on_called, queued)  # type: ignore[call-arg]
        mailbox.wake = self._wake
        if len(mailbox):
            self._woken.emit()

    def call_on_main(self, callback: Callable[..., object], *args: object) -> None:
        """Run `callback` on the Qt thread, in the order of the calls; from any thread."""
        self._called.emit(callback, args)

    def stop(self) -> None:
        """Open no more letters; the ones that lie there stay."""
        mailbox, self._mailbox = self._mailbox, None
        self._timer.stop()
        if mailbox is not None:
            mailbox.wake = None

    def _wake(self) -> None:
        """Ask for a turn, from any thread; a letter posted while the window dies wakes nobody."""
        with suppress(RuntimeError):
            self._woken.emit()

    def _on_woken(self) -> None:
        if self._mailbox is None or self._timer.isActive():
            return
        wait_s = self._last_turn_s + TURN_INTERVAL_S - time.monotonic()
        if wait_s <= 0:
            self._turn()
        else:
            self._timer.start(max(1, round(wait_s * 1000)))

    def _turn(self) -> None:
        if self._mailbox is None:
            return
        self._last_turn_s = time.monotonic()
        self._mailbox.drain(TURN_S)

    def _on_called(self, callback: Callable[..., object], args: tuple[object, ...]) -> None:
        if self._mailbox is not None:
            callback(*args)
