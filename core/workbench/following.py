"""Following a folder: what the live job tells becomes captures that grow on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psygnal import Signal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..engine.engine import Engine
    from ..engine.jobs import Job, JobContext
    from ..lightspeed.capture import Capture
    from ..lightspeed.counting import CountedCube, Tally
    from ..lightspeed.follow_events import CaptureName
    from ..lightspeed.live import LiveEvent
    from ..problems import ProblemList
    from .desk import Desk

BALANCE_INTERVAL_S = 1.0


class Following:
    """Follows one folder at a time; owner thread only.

    Parameters
    ----------
    engine : Engine
        Runs the job that watches.
    desk : Desk
        Gets the captures.
    problems : ProblemList
        Hears of what cannot be taken.
    """

    started = Signal(str)
    changed = Signal()

    def __init__(self, engine: Engine, desk: Desk, problems: ProblemList) -> None:
        self._engine = engine
        self._desk = desk
        self._problems = problems
        self._job: Job[None] | None = None
        self._keys: dict[CaptureName, str] = {}
        self._on_stop: Callable[[], None] | None = None
        self.folder: Path | None = None
        self.state = ""

    def start(self, folder: Path) -> None:
        """Follow `folder`, which need not exist yet, instead of any other."""
        self.stop()
        self.folder = folder
        self.state = "Waiting for the first cube."
        constant = self._desk.settings.timing_constant

        def follow(ctx: JobContext) -> None:
            from ..lightspeed.follow import Follower
            from ..lightspeed.live import LiveFolder

            LiveFolder(Follower(folder), constant=constant).run(ctx)

        self._job = self._engine.submit(
            follow,
            title=f"Follow {folder.name or folder}",
            lane="watch",
            on_partial=self._take,
        )
        self.changed.emit()

    def on_stop(self, callback: Callable[[], None]) -> None:
        """Call this once, when the folder is no longer followed."""
        self._on_stop = callback

    def stop(self) -> None:
        """Follow nothing; the captures stay open."""
        callback, self._on_stop = self._on_stop, None
        if callback is not None:
            callback()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        for capture in self._desk:
            capture.live = False
        self._keys.clear()
        self.folder = None
        self.state = ""
        self.changed.emit()

    def _take(self, event: LiveEvent) -> None:
        from ..lightspeed import follow_events as seen
        from ..lightspeed import live

        match event:
            case live.CaptureOpened(name, capture):
                self._open(name, capture)
            case live.CubeCounted(name, counted, tally):
                self._take_counts(name, counted, tally)
            case live.CubeLost(name, lost, tally):
                self._desk.tell_lost(lost)
                self._settle(name, tally)
            case live.CubeRefused():
                self._problems.report(event.error)
            case seen.CubeDeleted(name, _, number, True):
                self._forget(name, number)
            case seen.CubeReady():
                self._say("")
            case seen.Waiting(_, path, why):
                self._say(why if path.name in why else f"{path.name}: {why}")
            case seen.FolderMissing(path, why):
                self._miss_folder(path, why)
            case seen.FolderBack(path):
                self._find_folder(path)

    def _open(self, name: CaptureName, source: Capture) -> None:
        known = self._keys.get(name)
        if known is not None:
            self._desk.close(known)
        capture = self._desk.put(source, live=True)
        self._keys[name] = capture.key
        self._say("")
        self.started.emit(capture.key)

    def _take_counts(self, name: CaptureName, counted: CountedCube, tally: Tally) -> None:
        capture = self._desk.get(self._keys.get(name))
        if capture is not None:
            capture.take_counts(counted)
        self._settle(name, tally)

    def _forget(self, name: CaptureName, number: int) -> None:
        capture = self._desk.get(self._keys.get(name))
        if capture is not None:
            capture.curve.remove(number)
            capture.counted = len(capture.curve)
            self._desk.grown.emit(capture.key)
            self._desk.draw_up(capture, BALANCE_INTERVAL_S)

    def _miss_folder(self, path: Path, why: str) -> None:
        self._say(why.replace(str(path), "The folder"))
        if self._keys:
            hint = "Nothing is lost: following goes on when it is back."
            self._problems.note("warning", "The folder is away", why, hint, path)

    def _find_folder(self, path: Path) -> None:
        self._say("")
        if self._keys:
            self._problems.note("notice", "The folder is back", f"{path} can be read again.")

    def _settle(self, name: CaptureName, tally: Tally) -> None:
        capture = self._desk.get(self._keys.get(name))
        if capture is None:
            return
        capture.take_tally(tally)
        self._desk.grown.emit(capture.key)
        self._desk.draw_up(capture, BALANCE_INTERVAL_S)

    def _say(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit()
