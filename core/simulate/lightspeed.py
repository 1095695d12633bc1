"""Captures of the simulated high-speed camera, at once or at the camera's pace."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NightglassError, translate
from . import stray, telescope, truth
from .pace import AtOnce, CameraPace
from .phases import par_text, pulse_phases
from .pixels import FrameRenderer
from .plan import CubePlan, make_plan
from .refusal import refusal
from .settings import CaptureSettings, from_json
from .workers import CubeCrew
from .writer import CubeWriter

if TYPE_CHECKING:
    from ..engine.jobs import JobContext

Report = Callable[[int, int], None]
"""Called with frames written so far and frames in all, from the writing threads."""


@dataclass(frozen=True)
class SimulationReport:
    """What was written.

    Attributes
    ----------
    files : tuple of Path
        Cubes, in order of their numbers; faulty ones included.
    truth : Path
        The file with every injected value.
    frames : int
        Frames in cubes without fault, which a reader should find.
    lost_frames : int
        Frames exposed that reached no file, cubes that went missing not counted.
    duplicate_frames : int
    missing_cubes : tuple of int
    elapsed_s : float
        From the first cube's start to the last one's end.
    latest_s : float
        Most a live cube was late, seconds; 0 when not live.
    stopped : bool
        Whether it was stopped before the end.
    """

    files: tuple[Path, ...]
    truth: Path
    frames: int
    lost_frames: int
    duplicate_frames: int
    missing_cubes: tuple[int, ...]
    elapsed_s: float
    latest_s: float = 0.0
    stopped: bool = False

    @property
    def frames_per_s(self) -> float:
        """Whole frames written per second."""
        return self.frames / self.elapsed_s if self.elapsed_s > 0 else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "files": [str(path) for path in self.files],
            "truth": str(self.truth),
            "frames": self.frames,
            "lost_frames": self.lost_frames,
            "duplicate_frames": self.duplicate_frames,
            "missing_cubes": list(self.missing_cubes),
            "elapsed_s": self.elapsed_s,
            "frames_per_s": self.frames_per_s,
            "latest_s": self.latest_s,
            "stopped": self.stopped,
        }


def simulate_capture(
    settings: CaptureSettings,
    output: str | Path,
    *,
    progress: Report | None = None,
    stop: threading.Event | None = None,
    clobber: bool = False,
) -> SimulationReport:
    """Write a capture and its truth as fast as possible.

    Parameters
    ----------
    settings : CaptureSettings
    output : path-like
        Folder, made when absent.
    progress : callable, optional
        Called with frames written and frames in all, from the writing threads.
    stop : threading.Event, optional
        Ends the writing when set; whole cubes stay, the others are removed.
    clobber : bool
        Replace an earlier capture of the same name.

    Raises
    ------
    NightglassError
        If the par file cannot be used, files are in the way, or the disk refuses.
    """
    return _Capture(settings, Path(output), stop or threading.Event(), progress, clobber).run(None)


def simulate_live(
    settings: CaptureSettings,
    output: str | Path,
    speed: float = 1.0,
    stop: threading.Event | None = None,
    *,
    progress: Report | None = None,
    clobber: bool = False,
) -> SimulationReport:
    """Write a capture at the camera's pace times `speed`; otherwise as `simulate_capture`.

    Files appear under their final names when their frames have been exposed, grow in place and
    may be whole out of order, as those of the acquisition program. Their bytes are the same as
    those of `simulate_capture`.
    """
    if not 0 < speed < float("inf"):
        raise refusal(f"a live speed of {speed} means nothing", "Give a number above zero.")
    return _Capture(settings, Path(output), stop or threading.Event(), progress, clobber).run(speed)


class _Capture:
    """One capture being written."""

    def __init__(
        self,
        settings: CaptureSettings,
        folder: Path,
        stop: threading.Event,
        progress: Report | None,
        clobber: bool,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._stop = stop
        self._progress = progress
        self._clobber = clobber
        self._frames_done = 0
        self.plan = make_plan(settings)
        self._total = sum(cube.bundles.size for cube in self.plan.present) * settings.bundle

    def run(self, speed: float | None) -> SimulationReport:
        """Write everything; None for `speed` means at once."""
        self._earlier()
        text = par_text(self._settings) if self._settings.calibration is None else ""
        phases = pulse_phases(self._settings, text)
        renderer = FrameRenderer(self._settings, phases)
        writer = CubeWriter(self._settings, self.plan, renderer, telescope.pointing_deg(text))
        writer.stored(self.plan.cubes[0].bundles[:1])  # compiles the kernels before the clock runs
        told = truth.describe(self._settings, self.plan, renderer, phases, text)
        try:
            self._prepare_folder()
            if self._settings.truth_maps:
                truth.write_maps(self._settings, renderer, self._folder)
            return self._write(writer, told, speed)
        except OSError as error:
            raise translate(error, self._folder) from error

    def _earlier(self) -> list[Path]:
        """Return the cubes of an earlier capture of this name; refuse without `clobber`."""
        name = re.compile(re.escape(self.plan.stem) + r"_cube\d{3,}\.fits")
        found = sorted(path for path in self._folder.glob("*.fits") if name.fullmatch(path.name))
        if found and not self._clobber:
            raise NightglassError(
                "Could not write the capture",
                f"{found[0]} is there already.",
                "Choose another folder, or allow replacing it with --clobber.",
                found[0],
            )
        return found

    def _prepare_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._earlier():
            path.unlink()

    def _write(
        self, writer: CubeWriter, told: dict[str, Any], speed: float | None
    ) -> SimulationReport:
        cubes, stop = self.plan.present, self._stop
        pace = AtOnce(stop) if speed is None else CameraPace(self._settings, cubes, speed, stop)
        if speed is not None:  # a follower may want it at once; otherwise it marks the end
            truth.write(told, self._folder)
        if self.plan.stray_files:
            stray.write(self._folder, self.plan.stem)
        crew = CubeCrew(writer, cubes, self._folder, pace, stop, self._one_done)
        begun = time.monotonic()
        pace.start()
        try:
            crew.run()
        except BaseException:
            if speed is not None:  # the truth of the whole capture is there already
                with suppress(OSError):
                    truth.write(self._as_written(told, crew), self._folder)
            raise
        elapsed_s = time.monotonic() - begun
        truth_path = truth.write(self._as_written(told, crew), self._folder)
        return self._report(crew, truth_path, elapsed_s, pace.latest_s)

    def _as_written(self, told: dict[str, Any], crew: CubeCrew) -> dict[str, Any]:
        """Return the truth with the cubes named that were written before a stop."""
        if len(crew.written) == len(self.plan.present):
            return told
        return {**told, "stopped_after_cubes": sorted(crew.written)}

    def _one_done(self, cube: CubePlan) -> None:
        self._frames_done += cube.bundles.size * self._settings.bundle
        if self._progress is not None:
            self._progress(self._frames_done, self._total)

    def _report(
        self, crew: CubeCrew, truth_path: Path, elapsed_s: float, latest_s: float
    ) -> SimulationReport:
        plan, size = self.plan, self._settings.bundle
        whole = [cube for cube in plan.present if cube.whole and cube.number in crew.written]
        return SimulationReport(
            files=tuple(crew.written[number] for number in sorted(crew.written)),
            truth=truth_path,
            frames=sum(cube.bundles.size for cube in whole) * size,
            lost_frames=len(plan.lost) * size,
            duplicate_frames=len(plan.duplicated) * size,
            missing_cubes=tuple(c.number for c in plan.cubes if c.fault == "missing-cube"),
            elapsed_s=elapsed_s,
            latest_s=latest_s,
            stopped=len(crew.written) < len(plan.present),
        )


def run(
    ctx: JobContext,
    settings: Mapping[str, Any],
    output: str,
    live: float | None = None,
    clobber: bool = False,
) -> dict[str, Any]:
    """Simulate from JSON values, as a job or in a child process.

    Parameters
    ----------
    ctx : JobContext
    settings : mapping
        Fields of `CaptureSettings`; lists stand for tuples.
    output : str
        Folder.
    live : float or None
        Speed of a live capture; None writes at once.
    clobber : bool
        Replace an earlier capture of the same name.

    Returns
    -------
    dict
        `SimulationReport.as_json`.

    Raises
    ------
    Cancelled
        When the job was cancelled; whole cubes stay.
    NightglassError
        As `simulate_capture`.
    """
    stop = threading.Event()

    def progress(done: int, total: int) -> None:
        ctx.progress(done, total, f"{done:,} frames written")

    wanted = from_json(settings)
    forget = ctx.on_cancel(stop.set)
    try:
        if live is None:
            report = simulate_capture(wanted, output, progress=progress, stop=stop, clobber=clobber)
        else:
            report = simulate_live(wanted, output, live, stop, progress=progress, clobber=clobber)
    finally:
        forget()
    ctx.check()
    return report.as_json()
