"""The use-cases of the program behind one door; the window and scripts call the same ones."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from psygnal import Signal

from ..picture.limits import Limits
from ..picture.stretch import Stretch
from ..session.view import Session, View
from .calibrations import Calibrations
from .desk import Desk, OpenCapture
from .figures import Disk, RateMeter, Strip, disk_left
from .fold.desk import FoldDesk
from .fold.shelf import EphemerisShelf
from .following import Following
from .light.light import RegionLight
from .pictures import Pictures
from .places import Places
from .regions.desk import RegionDesk
from .regions.numbers import RegionNumbers
from .transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ..engine.engine import Engine
    from ..engine.jobs import Job
    from ..problems import ProblemList
    from ..settings import Settings
    from .fold.movie.movie import MovieDesk
    from .night.desk import NightDesk
    from .stamps import StampSheet

DISK_INTERVAL_S = 5.0


class Workbench:
    """Everything an observer can do, without a window; owner thread only.

    Parameters
    ----------
    engine : Engine
        Its mailbox must be drained by the owner thread.
    problems : ProblemList
    settings : Settings

    Attributes
    ----------
    session, desk, following, transport, calibrations, pictures, places, regions, numbers, light,
    fold, movie, night
        The parts, each with its own verbs.
    """

    settings_changed = Signal(object)

    def __init__(self, engine: Engine, problems: ProblemList, settings: Settings) -> None:
        self.engine = engine
        self.problems = problems
        self.settings = settings
        self.session = Session(view_of(settings))
        self.desk = Desk(engine, problems, settings)
        self.following = Following(engine, self.desk, problems)
        self.calibrations = Calibrations(engine, self.desk, problems)
        self.transport = Transport(self.session, self.desk)
        self.pictures = Pictures(engine, self.session, self.desk, self.calibrations)
        self.places = Places(engine, self.desk)
        self.regions = RegionDesk(engine, self.session, self.desk, self.places)
        regions = self.regions.list
        self.numbers = RegionNumbers(engine, self.session, self.desk, regions)
        self.light = RegionLight(engine, self.desk, self.session, regions, problems)
        shelf = EphemerisShelf(engine, self.desk, self.session, problems, self.keep)
        self.fold = FoldDesk(engine, self.desk, self.session, regions, self.light, shelf, problems)
        self._movie: MovieDesk | None = None
        self._night: NightDesk | None = None
        self._rate = RateMeter()
        self._disk_s = -DISK_INTERVAL_S
        self._disk: Disk | None = None
        self.desk.opened.connect(self._on_opened)
        self.desk.closed.connect(self._on_closed)
        self.following.started.connect(self._on_started)
        self.following.changed.connect(self._on_following_changed)

    @property
    def capture(self) -> OpenCapture | None:
        """The capture shown."""
        return self.desk.get(self.session.view.capture)

    @property
    def movie(self) -> MovieDesk:
        """The phase movie, made when it is first asked for: its modules are no part of a start."""
        if self._movie is None:
            from .fold.movie.movie import MovieDesk

            self._movie = MovieDesk(
                self.engine, self.desk, self.session, self.transport, self.pictures, self.numbers,
                self.fold, self.problems,
            )  # fmt: skip
        return self._movie

    @property
    def night(self) -> NightDesk:
        """The MASCARA night, made when it is first asked for."""
        if self._night is None:
            from .night.desk import NightDesk

            self._night = NightDesk(self.engine, self.problems, lambda: self.settings, self.keep)
        return self._night

    def warm_up(self, on_done: Callable[[float], object] | None = None) -> None:
        """Load the compiled loops in the background, before anybody waits for them.

        Those of the pictures come first, then those that measure regions.

        Parameters
        ----------
        on_done : callable or None
            Gets the seconds it took until pictures can be made.
        """

        def load(_: Any) -> float:
            from ..picture.warm import warm

            return warm()

        def go_on(seconds: float) -> None:
            if on_done is not None:
                on_done(seconds)
            self.engine.submit(
                load_regions, title="Load the region kernels", lane="watch", quiet=True
            )

        def load_regions(_: Any) -> None:
            from ..lightspeed import region_frames, region_sums  # noqa: F401 - loads them
            from ..lightspeed.reduce import region_kernels  # noqa: F401
            from ..regions.numbers import statistics  # noqa: F401

        self.engine.submit(
            load, title="Load the picture kernels", lane="watch", quiet=True, on_result=go_on
        )

    def open(self, paths: Sequence[Path], on_opened: Callable[[], object] | None = None) -> None:
        """Open cubes, folders or images; the first that opens is shown.

        Parameters
        ----------
        paths : sequence of Path
        on_opened : callable or None
            Called when at least one opened.
        """

        def show(key: str) -> None:
            self._show_anew(key)
            if on_opened is not None:
                on_opened()

        self.desk.open(paths, show)

    def follow(self, folder: Path) -> None:
        """Show new cubes of a folder as the camera writes them."""
        self.following.start(folder)

    def demonstrate(self) -> None:
        """Follow a simulated camera, which stops when another folder is followed."""
        from .demonstration import start_demonstration

        folder, camera = start_demonstration(self.engine)
        self.follow(folder)
        self.following.on_stop(camera.cancel)

    def show(self, key: str) -> None:
        """Show a capture from the frame seen last in this session, or from its first."""
        capture, before, view = self.desk.get(key), self.capture, self.session.view
        if capture is None or key == view.capture:
            return
        if before is not None:
            before.frame_seen = view.frame
        self.transport.playback.stop()
        self.session.change(
            capture=key,
            other=view.capture if view.other == key else view.other,
            frame=min(capture.frame_seen, max(0, capture.captured - 1)),
            live=False,
            reference=None,
            play_range=None,
        )

    def use_settings(self, settings: Settings) -> None:
        """Work with other settings from now on."""
        self.settings = self.desk.settings = settings
        for capture in self.desk:
            if capture.lightspeed is not None:
                capture.lightspeed.use_constant(settings.timing_constant)
        self.places.forget()
        self.settings_changed.emit(settings)
        self.pictures.refresh()
        self.numbers.ask_all()
        self.fold.refresh()
        if self._movie is not None:
            self._movie.refresh()

    def keep(self, settings: Settings) -> None:
        """Remember what was used of late; nothing else depends on it."""
        self.settings = self.desk.settings = settings

    def export_movie(
        self, path: Path, fps: float, step: int = 1, on_done: Callable[[Path], object] | None = None
    ) -> Job[Path]:
        """Write the play range, as it is shown now, as MP4 or GIF.

        Parameters
        ----------
        path : Path
            Ends in .mp4 or .gif.
        fps : float
            Frames a second of the movie.
        step : int
            Takes every `step`-th frame.
        on_done : callable or None
            Gets the path when the movie is there.
        """
        from .exports import MovieRequest, export_movie

        view, look = self.session.view, self.pictures.request()
        first, last = self.pictures.play_span()
        colours = (view.colour_map, view.inverted, view.contrast, view.bias)
        request = MovieRequest(path, look, first, last, step, fps, colours)
        return self.engine.submit(
            lambda ctx: export_movie(request, ctx),
            title=f"Write {path.name}",
            on_result=on_done,
        )

    def stamp_sheet(self) -> StampSheet | None:
        """What the time stamps of the capture shown tell; None while nothing is known."""
        from .stamps import stamp_sheet

        capture = self.capture
        return None if capture is None else stamp_sheet(capture, self.settings.timing_constant)

    def export_frame_table(
        self, path: Path, on_done: Callable[[Path], object] | None = None
    ) -> Job[Path]:
        """Write time and mean counts of every frame counted as CSV.

        Parameters
        ----------
        path : Path
            Replaced when it is there.
        on_done : callable or None
            Gets the path when the table is there.

        Raises
        ------
        NightglassError
            If no capture is shown or nothing of it was counted.
        """
        from .exports import export_frame_table, frame_table

        capture = self.desk.require(self.session.view.capture)
        table = frame_table(capture, self.settings.timing_constant)
        return self.engine.submit(
            lambda ctx: export_frame_table(path, table, ctx),
            title=f"Write {path.name}",
            on_result=on_done,
        )

    def strip(self, painted: int, painted_per_second: float) -> Strip:
        """The accounting strip of this moment.

        Parameters
        ----------
        painted : int
            Frames that reached the screen.
        painted_per_second : float
        """
        capture = self.capture
        if capture is None:
            return Strip()
        now_s = monotonic()
        self._rate.mark(now_s, capture.captured)
        rate = self._rate.per_second
        self._look_at_disk(now_s, capture, rate)
        return Strip(
            capture.captured,
            capture.read,
            capture.counted,
            painted,
            capture.lost,
            self.transport.behind,
            rate if capture.live else painted_per_second,
            self._disk,
        )

    def close(self) -> None:
        """Let go of everything but the engine."""
        if self._night is not None:
            self._night.close()
        if self._movie is not None:
            self._movie.close()
        self.fold.close()
        self.light.close()
        self.following.stop()
        self.desk.close_all()
        self.pictures.close()

    def _look_at_disk(self, now_s: float, capture: OpenCapture, rate: float) -> None:
        """Ask how much room is left; a disk over the network may take its time to answer."""
        if now_s - self._disk_s < DISK_INTERVAL_S:
            return
        self._disk_s = now_s
        rows, columns = capture.source.shape
        frame_bytes = rows * columns * capture.source.encoding.storage.itemsize
        folder = capture.source.path.parent
        self.engine.latest(
            "disk",
            lambda _: disk_left(folder, rate * frame_bytes),
            title="Look at the disk",
            lane="watch",
            on_result=self._take_disk,
        )

    def _take_disk(self, disk: Disk | None) -> None:
        self._disk = disk

    def _on_opened(self, key: str) -> None:
        if self.capture is None:
            self._show_anew(key)

    def _show_anew(self, key: str) -> None:
        self._rate = RateMeter()
        self.show(key)

    def _on_started(self, key: str) -> None:
        """The capture that just began is the one to look at."""
        self._show_anew(key)
        self.transport.go_live()

    def _on_following_changed(self) -> None:
        """Nothing newer comes where nothing is followed."""
        if self.following.folder is None and self.session.view.live:
            self.session.change(live=False)

    def _on_closed(self, key: str) -> None:
        view = self.session.view
        if view.other == key:
            self.session.change(other=None, layout="single")
        if view.capture != key:
            return
        left = self.desk.order
        if left:
            self.show(left[-1])
        else:
            self.session.change(capture=None, frame=0, live=False)


def view_of(settings: Settings) -> View:
    """The view a session starts with."""
    return View(
        limits=Limits(settings.limits, settings.limits_percent),
        stretch=Stretch(settings.stretch),
        colour_map=settings.colour_map,
    )
