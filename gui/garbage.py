"""Garbage in circles, collected on the Qt thread at moments when nobody waits.

Left to itself the interpreter looks through every object it knows, on whichever thread makes the
next one: 30 to 50 ms without a picture once the compiled loops are loaded, and Qt's objects might
be destroyed on a working thread.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress

from PyQt6.QtCore import QObject, Qt, QTimer
from PyQt6.QtGui import QGuiApplication

LOOK_MS = 1000
OLD_LOOKS = 60
"""Once a minute what has been kept so far is looked through, and then taken to stay for good."""

_M_MMAP_THRESHOLD = -3  # of glibc's malloc.h
_LARGE_BYTES = 4 << 20


def return_large_arrays() -> None:
    """Give arrays of 4 MB and more back to the system as soon as they are let go.

    By itself glibc keeps more and more of them for later: 40 MB after ten minutes of a fast
    capture, for arrays that live a tenth of a second.
    """
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # another C library
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


class GarbageCollector(QObject):
    """Takes over from the interpreter until `stop`; nothing is collected before `settle`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def settle(self) -> None:
        """All that is loaded by now stays to the end: never look at it again."""
        gc.freeze()
        self._timer.start(LOOK_MS)

    def thaw(self) -> None:
        """Something large was let go: look through everything at the next occasion."""
        gc.unfreeze()
        self._looks = OLD_LOOKS

    def stop(self) -> None:
        """Leave it to the interpreter again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _look(self) -> None:
        self._looks += 1
        is_held = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if self._looks < OLD_LOOKS or is_held:
            gc.collect(0)
            return
        self._looks = 0
        gc.collect()
        gc.freeze()
