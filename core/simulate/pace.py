"""When the frames of a cube may be written: at once, or as the camera exposes them."""

from __future__ import annotations

import threading
import time
from itertools import pairwise
from typing import TYPE_CHECKING

from ..errors import Cancelled

if TYPE_CHECKING:
    from .plan import CubePlan
    from .settings import CaptureSettings

_SLOW_EVERY, _SLOW_PLACE = 8, 3


class AtOnce:
    """No camera to wait for.

    Parameters
    ----------
    stop : threading.Event
        Set by whoever wants the writing to end.
    """

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def start(self) -> None:
        """Begin the capture."""

    def exposed(self, cube: CubePlan, bundles: int) -> None:  # noqa: ARG002 - shared interface
        """Return at once, or raise `Cancelled` after a stop."""
        if self._stop.is_set():
            raise Cancelled

    def halfway(self, cube: CubePlan) -> None:
        """Pass the middle of a file without a pause."""

    def finished(self, cube: CubePlan) -> None:
        """Hear that a file is whole."""

    @property
    def latest_s(self) -> float:
        """Largest delay against the camera: none."""
        return 0.0


class CameraPace(AtOnce):
    """The camera's pace times `speed`, by deadlines counted from one start, so without drift.

    Every eighth file rests half written until the next one is whole: the acquisition program
    writes from two threads, and readers do meet cube n + 1 complete before cube n.

    Parameters
    ----------
    settings : CaptureSettings
    cubes : tuple of CubePlan
        The files that will be written.
    speed : float
        Camera seconds per second.
    stop : threading.Event
    """

    def __init__(
        self,
        settings: CaptureSettings,
        cubes: tuple[CubePlan, ...],
        speed: float,
        stop: threading.Event,
    ) -> None:
        super().__init__(stop)
        self._bundle_s = settings.bundle * settings.interval_s / speed
        self._lock = threading.Condition()
        self._next = {cube.number: after.number for cube, after in pairwise(cubes)}
        self._whole: set[int] = set()
        self._latest_s = 0.0
        self._start = time.monotonic()

    def start(self) -> None:
        """Open the camera's shutter: deadlines count from here."""
        self._start = time.monotonic()

    def exposed(self, cube: CubePlan, bundles: int) -> None:
        """Return when the first `bundles` of a cube have been exposed."""
        due = self._start + (int(cube.bundles[bundles - 1]) + 1) * self._bundle_s
        if self._stop.wait(max(0.0, due - time.monotonic())):
            raise Cancelled
        with self._lock:
            self._latest_s = max(self._latest_s, time.monotonic() - due)

    def halfway(self, cube: CubePlan) -> None:
        """Hold a slow file until its follower is whole, or the capture ends."""
        if cube.number % _SLOW_EVERY != _SLOW_PLACE or cube.number not in self._next:
            return
        follower = self._next[cube.number]
        with self._lock:
            while follower not in self._whole and not self._stop.is_set():
                self._lock.wait(0.1)

    def finished(self, cube: CubePlan) -> None:
        """Hear that a file is whole."""
        with self._lock:
            self._whole.add(cube.number)
            self._lock.notify_all()

    @property
    def latest_s(self) -> float:
        """Largest delay of a file against the camera, seconds."""
        return self._latest_s
