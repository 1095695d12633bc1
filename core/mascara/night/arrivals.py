"""When a batch is closed: by the frames that came after it, or by silence. No clock is asked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ...timing.sidereal import BATCH
from .plan import Batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from .plan import CameraPlan, Plan, Sequence

GRACE_S = 60.0
"""A batch without its last frames is closed after this silence of its camera."""


class Arrivals:
    """Watches each camera's newest frame.

    Parameters
    ----------
    clock : callable
        Seconds that never go back; the machine's time of day may be set at night.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._newest: dict[str, int] = {}
        self._content: dict[str, CameraPlan] = {}
        self._moved_s: dict[str, float] = {}

    def look(self, plan: Plan) -> None:
        """Hear what is there now."""
        for camera in plan.cameras:
            if self._content.get(camera.camera) != camera:
                self._content[camera.camera] = camera
                self._moved_s[camera.camera] = self._clock()
                self._newest[camera.camera] = newest_slot(camera)

    def is_closed(self, unit: Batch | Sequence) -> bool:
        """Whether no more frames of this unit are expected; one that comes re-opens it."""
        if self._clock() - self._moved_s[unit.camera] > GRACE_S:
            return True
        if not all(file.is_whole for file in unit.files):
            return False
        newest = self._newest[unit.camera]
        if isinstance(unit, Batch):
            return unit.is_full or newest // BATCH > unit.number
        return newest > unit.last_slot

    def silence_s(self, camera: str) -> float:
        """Seconds since anything of a camera came or grew."""
        return self._clock() - self._moved_s[camera]


def newest_slot(camera: CameraPlan) -> int:
    """The newest lstseq of a camera, of any kind of frame."""
    slots = [batch.files[-1].lstseq for batch in camera.batches[-1:]]
    slots += [sequence.last_slot for sequence in camera.sequences]
    return max(slots)
