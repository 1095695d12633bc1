"""How long the main thread was kept from its events, and when the program was ready."""

from __future__ import annotations

import os
import time
from array import array
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QEvent, QObject, Qt, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QWidget

TICK_MS = 4
UNSEEN_MS = 1000


class StallMonitor(QObject):
    """Measure by how much a quick timer comes late: that is how long a click would wait."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late_ms = array("f")
        self._last_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin, or begin anew."""
        self._late_ms = array("f")
        self._last_s = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """Stop measuring; the figures stay."""
        self._timer.stop()

    def worst_ms(self) -> float:
        """Longest stall in milliseconds."""
        return max(self._late_ms, default=0.0)

    def percentile_ms(self, percent: float) -> float:
        """Stall in milliseconds that `percent` of the turns stay below."""
        return float(np.percentile(self._late_ms, percent)) if self._late_ms else 0.0

    def turns_over(self, late_ms: float) -> int:
        """How many turns came later than that."""
        return int(np.count_nonzero(np.asarray(self._late_ms) > late_ms))

    def _tick(self) -> None:
        now_s = time.perf_counter()
        self._late_ms.append(max(0.0, (now_s - self._last_s) * 1e3 - TICK_MS))
        self._last_s = now_s


class FirstPaint(QObject):
    """Calls `then` once, when a window has been painted for the first time.

    Work that competes for the interpreter begins after that, so that it does not delay the
    picture. A window that nobody can see is never painted: then it is called after a second.
    """

    def __init__(self, window: QWidget, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._then: Callable[[], None] | None = then
        window.installEventFilter(self)
        QTimer.singleShot(UNSEEN_MS, self._call)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Wait for the paint event; what lies inside the window is painted right after it."""
        if event is not None and event.type() == QEvent.Type.Paint and watched is not None:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._call)
        return False

    def _call(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()


def seconds_since_process_start() -> float | None:
    """Age of this process, start of the interpreter included; None where it cannot be known."""
    try:
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        started_s = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started_s
    except (OSError, ValueError, AttributeError, IndexError):
        return None
