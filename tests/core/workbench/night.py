"""Captures for the tests of the workbench and of the window, and ways to wait for an engine."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.frames.encoding import Encoding
from nightglass.core.frames.times import FrameTimes, unknown_times
from nightglass.core.picture.viewport import Viewport
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.settings import CaptureSettings

from ..lightspeed.writer import CubeSpec, pixels, write_capture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nightglass.core.engine.engine import Engine
    from nightglass.core.workbench import Workbench
    from numpy.typing import NDArray

PATIENCE_S = 20.0
LOOK_S = 0.1  # for what neither a letter nor a job announces
ROWS, COLUMNS, BUNDLES, CUBES = 24, 32, 10, 3
SPEC = CubeSpec(rows=ROWS, columns=COLUMNS, bundles=BUNDLES)
OTHER = SPEC.with_(object_name="vela", start="20251210_011500")
WHOLE = Viewport(0.0, 0.0, float(COLUMNS), float(ROWS), 4 * COLUMNS, 4 * ROWS)

SKY = CaptureSettings(object_name="crab", frames=300, shape=(64, 64), star_rate=2e5, stars=2)
SMALL = CaptureSettings(object_name="vela", frames=60, shape=(40, 48), frames_per_cube=20, seed=2,
                        start="2025-12-10T04:15:00", star_rate=2e5, stars=1)  # fmt: skip
BIAS = CaptureSettings(calibration="bias", frames=20, shape=(128, 128), frames_per_cube=20)
FLAT = CaptureSettings(calibration="flat", frames=6, shape=(128, 128), filter_name="r'")


def written(folder: Path, spec: CubeSpec = SPEC, cubes: int = CUBES) -> Path:
    """A capture of known counts in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    write_capture(folder, spec, range(1, cubes + 1))
    return folder


def frames_of(spec: CubeSpec = SPEC, numbers: tuple[int, ...] = (1, 2, 3)) -> NDArray[np.uint16]:
    """Every frame of that capture, as it was written."""
    return np.concatenate([pixels(spec, number) for number in numbers])


def simulated(folder: Path) -> Path:
    """A night of the simulated camera: two captures of the sky, a bias and a flat."""
    for settings in (SKY, SMALL, BIAS, FLAT):
        simulate_capture(settings, folder / settings.object_name.partition("_")[0])
    return folder


class BrokenSource:
    """A source whose disk goes away at some frame."""

    name = "broken"
    shape = (8, 9)
    encoding = Encoding("<u2")
    n_frames = 20
    generation = 0

    def __init__(self, path: Path, error: Exception, good_frames: int = 5) -> None:
        self.path = path
        self.error = error
        self.good_frames = good_frames
        self.closed = False

    def read_raw(self, index: int, rows: slice | None = None, into: Any = None) -> NDArray[Any]:
        if index >= self.good_frames:
            raise self.error
        return np.full(self.shape, index, np.uint16)[rows or slice(None)]

    def read(self, index: int, rows: slice | None = None) -> NDArray[Any]:
        return self.read_raw(index, rows)

    def frame_time(self, index: int) -> None:
        return None

    def frame_times(self) -> FrameTimes:
        return unknown_times(self.n_frames)

    def close(self) -> None:
        self.closed = True


class Waiter:
    """Drains an engine's mailbox whenever something arrives, until a condition holds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._woken = threading.Event()
        engine.mailbox.wake = self._woken.set
        engine.subscribe(self._woken.set)

    def __call__(self, condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        end_s = time.monotonic() + patience_s
        while True:
            self._woken.clear()
            self._engine.mailbox.drain()
            if condition():
                return
            left_s = end_s - time.monotonic()
            assert left_s > 0, "it did not happen in time"
            self._woken.wait(min(left_s, LOOK_S))


def shown_values(bench: Workbench, slot: str = "main") -> NDArray[np.float64]:
    """What the picture of a slot shows, before it becomes colours."""
    return np.asarray(bench.pictures.shown[slot].calibrated(), np.float64)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self, now_s: float = 100.0) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s
