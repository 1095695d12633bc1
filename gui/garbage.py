"""Garbage in circles, collected on the Qt thread at moments when nobody waits.

Left to itself the interpreter looks through every object it knows, on whichever thread makes the
next one: 30 to 50 ms without a picture once the compiled loops are loaded, and Qt's objects might
be destroyed on a working thread.
"""

from __future__ import annotations

import gc

from PyQt6.QtCore import QObject, Qt, QTimer
from PyQt6.QtGui import QGuiApplication

LOOK_MS = 1000
FULL_LOOKS = 60
"""Old objects are looked through once a minute, or when the hand next lets go of the mouse."""


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

    def stop(self) -> None:
        """Leave it to the interpreter again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _look(self) -> None:
        self._looks += 1
        is_held = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if self._looks >= FULL_LOOKS and not is_held:
            self._looks = 0
            gc.collect()
        else:
            gc.collect(0)
