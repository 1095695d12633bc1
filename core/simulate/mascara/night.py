"""Nights of the simulated station, at once or at the sky's pace."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import NightglassError, translate
from ...stars.table import write_catalogue
from ...timing.stations import find_station
from . import truth
from .files import write_frame
from .plan import NightPlan
from .refusal import refusal
from .scene import CameraScene
from .sky import Passages, night_stars

if TYPE_CHECKING:
    from collections.abc import Generator

    from ...stars.table import StarTable
    from .plan import Exposure
    from .settings import NightSettings

Report = Callable[[int, int], None]
"""Called with files written so far and files in all."""

CATALOGUE_NAME = "catalogue.csv"
_RENDERERS = 2
_AHEAD, _AHEAD_LIVE = 4, 12
_OURS = re.compile(r"[0-9T]{8,15}L[PS][NESWC](dark|bias|flat)?\.fits(\.gz)?")


@dataclass(frozen=True)
class NightReport:
    """What was written.

    Attributes
    ----------
    files : tuple of Path
        Raw frames, damaged ones included, in the order of writing.
    truth : Path
    frames : int
        Science frames among them.
    stars : int
        Stars of the catalogue beside them.
    elapsed_s : float
        From the first file to the last.
    latest_s : float
        Most a live file was late; 0 when not live.
    stopped : bool
        Whether it was stopped before the end.
    """

    files: tuple[Path, ...]
    truth: Path
    frames: int
    stars: int
    elapsed_s: float
    latest_s: float = 0.0
    stopped: bool = False

    @property
    def frames_per_s(self) -> float:
        """Files a second."""
        return len(self.files) / self.elapsed_s if self.elapsed_s > 0 else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "files": [str(path) for path in self.files],
            "truth": str(self.truth),
            "frames": self.frames,
            "stars": self.stars,
            "elapsed_s": self.elapsed_s,
            "frames_per_s": self.frames_per_s,
            "latest_s": self.latest_s,
            "stopped": self.stopped,
        }


def simulate_night(
    settings: NightSettings,
    output: str | Path,
    progress: Report | None = None,
    *,
    clobber: bool = False,
    stop: threading.Event | None = None,
) -> NightReport:
    """Write raw frames, calibrations, catalogue and truth as fast as possible.

    Parameters
    ----------
    settings : NightSettings
    output : path-like
        Folder, made when absent.
    progress : callable, optional
        Called with files written and files in all.
    clobber : bool
        Replace an earlier night in the folder.
    stop : threading.Event, optional
        Ends the writing when set.

    Raises
    ------
    NightglassError
        If the folder holds a night already, cannot be written, or the catalogue cannot be read.
    """
    return _Night(settings, Path(output), progress, stop, clobber=clobber).run(None)


def simulate_night_live(
    settings: NightSettings,
    output: str | Path,
    speed: float = 1.0,
    progress: Report | None = None,
    *,
    clobber: bool = False,
    stop: threading.Event | None = None,
) -> NightReport:
    """Write like `simulate_night`, every frame when it would be read out, `speed` times as fast.

    Calibration frames are there from the start; catalogue and truth.json as well.
    """
    if not 0.0 < speed < float("inf"):
        raise refusal(f"the speed is {speed}", "Give a number above zero.")
    return _Night(settings, Path(output), progress, stop, clobber=clobber).run(speed)


class _Night:
    """One night being written."""

    def __init__(
        self,
        settings: NightSettings,
        folder: Path,
        progress: Report | None,
        stop: threading.Event | None,
        *,
        clobber: bool,
    ) -> None:
        self._folder = folder
        self._progress = progress
        self._stop = stop or threading.Event()
        self._clobber = clobber
        self._station = find_station(settings.site)
        self._plan = NightPlan(settings)
        self._written: list[Path] = []
        self._frames = 0
        self._latest_s = 0.0

    def run(self, speed: float | None) -> NightReport:
        """Write everything; None for `speed` means at once."""
        earlier = self._earlier()
        stars = night_stars(self._plan, self._station)
        scenes = self._scenes(stars)
        told = truth.describe(self._plan, self._station, scenes)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in earlier:
                path.unlink()
            if not self._plan.faults.night("no-catalogue"):
                write_catalogue(self._folder / CATALOGUE_NAME, stars)
            truth_path = truth.write(told, self._folder)
            elapsed_s = self._write(scenes, speed)
        except OSError as error:
            raise translate(error, self._folder) from error
        return NightReport(
            tuple(self._written), truth_path, self._frames, len(stars), elapsed_s,
            self._latest_s, self._stop.is_set(),
        )  # fmt: skip

    def _earlier(self) -> list[Path]:
        """Files of an earlier night; refuse them without `clobber`."""
        names = (truth.TRUTH_NAME, truth.ARRAYS_NAME, CATALOGUE_NAME)
        found = sorted(
            path for path in self._folder.glob("*")
            if path.name in names or _OURS.fullmatch(path.name)
        )  # fmt: skip
        if found and not self._clobber:
            raise NightglassError(
                "Could not write the night",
                f"{found[0].name} is in the folder already.",
                "Choose another folder, or allow replacing it with --clobber.",
                found[0],
            )
        return found

    def _scenes(self, stars: StarTable) -> dict[str, CameraScene]:
        passages = Passages(self._plan, self._station, stars)
        return {
            camera: CameraScene(
                self._plan, camera, self._station,
                stars.select(passages.on_chip(camera).any(axis=0)),
            )
            for camera in self._plan.cameras
        }  # fmt: skip

    def _exposures(self, *, live: bool) -> list[Exposure]:
        """In the order of writing: live by time, else one camera after the other."""
        every = [one for camera in self._plan.cameras for one in self._plan.of(camera)]
        if live:
            every.sort(key=lambda one: (one.frame > 0, one.jd, one.camera))
        return [one for one in every if one.is_written]

    def _write(self, scenes: dict[str, CameraScene], speed: float | None) -> float:
        exposures = self._exposures(live=speed is not None)
        arrays = truth.TruthArrays(
            self._folder / truth.ARRAYS_NAME, scenes, self._plan.settings.frames
        )
        begun = time.monotonic()
        pace = _Pace(exposures, speed, self._stop)
        ahead = _AHEAD if speed is None else _AHEAD_LIVE
        try:
            with closing(_rendered(scenes, exposures, ahead, self._stop)) as rendered:
                for exposure, stored, told in rendered:
                    if not pace.wait(exposure):
                        break
                    if told is not None:
                        arrays.put(exposure, told)
                    self._put(exposure, stored, len(exposures))
        finally:
            arrays.close()
        self._latest_s = pace.latest_s
        return time.monotonic() - begun

    def _put(self, exposure: Exposure, stored: Any, total: int) -> None:
        path = self._folder / exposure.name
        write_frame(path, exposure, self._station, self._plan.settings.shape, stored)
        self._written.append(path)
        self._frames += exposure.frame > 0
        if self._progress is not None:
            self._progress(len(self._written), total)


def _rendered(
    scenes: dict[str, CameraScene], exposures: list[Exposure], ahead: int, stop: threading.Event
) -> Generator[tuple[Exposure, Any, Any], None, None]:
    """Yield exposures with counts and truth, in order, a few being worked on ahead."""
    waiting = iter(exposures)
    queued: deque[tuple[Exposure, Future[Any]]] = deque()
    crew = ThreadPoolExecutor(_RENDERERS, "night renderer")
    try:
        while not stop.is_set():
            while len(queued) < ahead and (one := next(waiting, None)) is not None:
                queued.append((one, crew.submit(scenes[one.camera].counts, one)))
            if not queued:
                return
            exposure, future = queued.popleft()
            yield exposure, *future.result()
    finally:
        crew.shutdown(cancel_futures=True)


class _Pace:
    """When frames may be written: at once, or as the camera reads them out.

    Parameters
    ----------
    exposures : list of Exposure
    speed : float or None
        Of the sky; None for at once.
    stop : threading.Event
    """

    def __init__(
        self, exposures: list[Exposure], speed: float | None, stop: threading.Event
    ) -> None:
        self._speed = speed
        self._stop = stop
        self._first_jd = min((e.jd for e in exposures if e.frame), default=0.0)
        self._start: float | None = None
        self.latest_s = 0.0

    def wait(self, exposure: Exposure) -> bool:
        """Return when a frame may be written; False after a stop."""
        if self._speed is None or not exposure.frame:
            return not self._stop.is_set()
        if self._start is None:
            self._start = time.monotonic()
        due = self._start + (exposure.end_jd - self._first_jd) * 86400.0 / self._speed
        if self._stop.wait(max(0.0, due - time.monotonic())):
            return False
        self.latest_s = max(self.latest_s, time.monotonic() - due)
        return True
