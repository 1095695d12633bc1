"""Work in slices: one a turn of the event loop, so that nobody waits for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Iterator


class Slices(QObject):
    """Goes through an iterator, a step in each turn of the event loop.

    Parameters
    ----------
    steps : iterator
        What it gives is not looked at.
    parent : QObject
    """

    def __init__(self, steps: Iterator[None], parent: QObject) -> None:
        super().__init__(parent)
        self._steps = steps
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self._timer.start(0)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return not self._timer.isActive()

    def finish(self) -> None:
        """Do at once what is left."""
        self._timer.stop()
        for _ in self._steps:
            pass

    def stop(self) -> None:
        """Do no more."""
        self._timer.stop()

    def _go_on(self) -> None:
        if next(self._steps, self) is self:
            self._timer.stop()
