"""How long the main thread was kept from its events, and when the program was ready."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QObject, Qt, QTimer

TICK_MS = 4


class StallMonitor(QObject):
    """Measure by how much a quick timer comes late: that is how long a click would wait."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late_ms: list[float] = []
        self._last_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin, or begin anew."""
        self._late_ms.clear()
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

    def _tick(self) -> None:
        now_s = time.perf_counter()
        self._late_ms.append(max(0.0, (now_s - self._last_s) * 1e3 - TICK_MS))
        self._last_s = now_s


def seconds_since_process_start() -> float | None:
    """Age of this process, start of the interpreter included; None where it cannot be known."""
    try:
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        started_s = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started_s
    except (OSError, ValueError, AttributeError, IndexError):
        return None
