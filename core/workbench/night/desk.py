"""A MASCARA night on the desk: watched, started, given orders, its stars browsed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from psygnal import Signal

from ...errors import NightglassError
from .following import follow_night
from .orders import CONFIRMED, give, not_watched

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    from ...engine.engine import Engine
    from ...engine.jobs import Job, JobContext
    from ...mascara.browsing.curve import Curve, Kind
    from ...mascara.browsing.index import StarIndex
    from ...mascara.browsing.stars import NightStars
    from ...mascara.night.request import NightRequest
    from ...mascara.settings import ReductionSettings
    from ...mascara.watching.snapshot import NightSnapshot
    from ...problems import ProblemList
    from ...settings import Settings
    from .launch import Launched
    from .remembered import RememberedNight

T = TypeVar("T")


class NightDesk:
    """Watches one night at a time and does to it what `nightglass night` can; owner thread only.

    The reduction is a process of its own: nothing here ends it but an order.

    Parameters
    ----------
    engine : Engine
    problems : ProblemList
        Hears of trouble, and that an order was given.
    settings : callable
        Gives the settings of the program.
    keep : callable
        Takes settings with other nights used of late.

    Attributes
    ----------
    output : Path or None
        Folder of the night that is watched.
    snapshot : NightSnapshot or None
        How it stands.
    stars : NightStars or None
        Its stars, once `use_stars` was called.
    star, unit : int or None, str
        Star and unit chosen last.

    Signals: `changed` with the snapshot, or None when no night is watched; `watched` with the
    folder or None; `stars_changed` with the stars; `star_chosen` with an ASCC number,
    `unit_chosen` with the name of a unit, `frame_chosen` with a camera and a slot (0: the newest),
    `binned_chosen` with a unit.
    """

    changed = Signal(object)
    watched = Signal(object)
    stars_changed = Signal(object)
    star_chosen = Signal(int)
    unit_chosen = Signal(str)
    frame_chosen = Signal(str, int)
    binned_chosen = Signal(str)

    def __init__(
        self,
        engine: Engine,
        problems: ProblemList,
        settings: Callable[[], Settings],
        keep: Callable[[Settings], object],
    ) -> None:
        self.engine, self.problems = engine, problems
        self._settings, self._keep = settings, keep
        self.output: Path | None = None
        self.snapshot: NightSnapshot | None = None
        self.stars: NightStars | None = None
        self.star: int | None = None
        self.unit = ""
        self._job: Job[None] | None = None
        self._index: StarIndex | None = None
        self._uses_stars = False
        self._stars_seen: object = None
        self._keys: set[Hashable] = set()
        self._launched: dict[Path, Launched] = {}

    @property
    def settings(self) -> Settings:
        """Settings of the program."""
        return self._settings()

    # Which night

    def watch(self, output: Path) -> None:
        """Watch the night in a folder, which need not hold one yet, instead of any other."""
        from .remembered import remember

        output = output.absolute()
        if output != self.output:
            self.leave()
            self.output = output
            self._keep(remember(self.settings, output))
            self.watched.emit(output)
        self._follow(output)
        if self._uses_stars:
            self._look_for_stars()

    def _follow(self, output: Path) -> None:
        if self._job is not None:
            self._job.cancel()
        launched = self._launched.get(output)
        self._job = self.engine.submit(
            lambda ctx: follow_night(output, launched, ctx),
            title=f"Watch the night in {output.name}",
            lane="watch",
            quiet=True,
            on_partial=self._take,
        )

    def leave(self) -> None:
        """Watch no night; the reduction goes on."""
        if self.output is None:
            return
        if self._job is not None:
            self._job.cancel()
        for key in self._keys:
            self.engine.drop(key)
        self._close_index()
        self.output = self.snapshot = self.stars = self.star = self._stars_seen = None
        self.unit = ""
        self.watched.emit(None)
        self.changed.emit(None)
        self.stars_changed.emit(None)

    def close(self) -> None:
        """Let go of everything; no signal follows."""
        if self._job is not None:
            self._job.cancel()
        self._close_index()

    def nights(self, on_done: Callable[[tuple[RememberedNight, ...]], object]) -> None:
        """Look how the nights stand that were watched of late, newest first."""
        from pathlib import Path

        from .remembered import look_at

        paths = [Path(text) for text in self.settings.recent_nights]
        self.engine.latest(
            ("night", "remembered"), lambda _: look_at(paths), title="Look at recent nights",
            lane="watch", on_result=on_done,
        )  # fmt: skip

    def _take(self, news: NightSnapshot | NightglassError) -> None:
        if isinstance(news, NightglassError):
            self.problems.report(news)
            return
        self.snapshot = news
        self.changed.emit(news)
        if self._uses_stars:
            self._look_for_stars()

    # Orders

    def start(self, request: NightRequest, settings: ReductionSettings) -> None:
        """Start a reduction and watch it."""
        from .launch import launch

        self.submit(
            lambda _: launch(request, settings),
            title=f"Start the night in {request.output.name}",
            on_result=lambda launched: self._on_launched(request.output, launched),
        )

    def resume(self) -> None:
        """Go on with the night watched where it ended."""
        output = self.required()

        def start_again(_: JobContext) -> Launched:
            from ...mascara.night.request import last_request
            from ...mascara.settings import load_settings
            from .launch import launch

            request = last_request(output)
            return launch(request, load_settings(request.config))

        self.submit(
            start_again,
            title=f"Resume the night in {output.name}",
            on_result=lambda launched: self._on_launched(output, launched),
        )

    def _on_launched(self, output: Path, launched: Launched) -> None:
        self._launched[output.absolute()] = launched
        self.problems.note(
            "notice",
            "The reduction is started",
            f"It works in {output.absolute()} and goes on when this window is closed.",
        )
        self.watch(output)

    def order(self, what: str) -> None:
        """Stop, pause or resume the reduction that runs."""
        self._give(what)

    def retry(self, unit: str) -> None:
        """Have a unit made again."""
        self._give("retry", unit)

    def mark(self, file: str, *, is_bad: bool) -> None:
        """Leave a raw frame or dark out, or take it in again."""
        self._give("mark" if is_bad else "unmark", file)

    def _give(self, what: str, subject: str = "") -> None:
        output = self.required()
        self.engine.submit(
            lambda _: give(output, what, subject),
            title=CONFIRMED[what],
            lane="watch",
            quiet=True,
            on_result=lambda said: self.problems.note("notice", CONFIRMED[what], said),
        )

    def required(self) -> Path:
        """Folder of the night that is watched.

        Raises
        ------
        NightglassError
            If none is.
        """
        if self.output is None:
            raise not_watched()
        return self.output

    # Stars

    def use_stars(self) -> None:
        """Keep the list of stars up to date from now on."""
        self._uses_stars = True
        if self.output is not None:
            self._look_for_stars()

    def curve(
        self,
        ascc: int,
        kind: Kind,
        on_done: Callable[[Curve], object],
        on_error: Callable[[NightglassError], object] | None = None,
        reader: str = "curve",
    ) -> None:
        """Read the light curve of a star; each reader gets only the newest one asked for."""
        index = self._opened_index()
        title = f"Light curve of star {ascc}"
        self.latest(reader, lambda _: index.curve(ascc, kind), title, on_done, on_error)

    def _look_for_stars(self) -> None:
        """Ask for the list anew when there is another product since."""
        seen = None if self.snapshot is None else _with_products(self.snapshot)
        if self.output is None or (self.stars is not None and seen == self._stars_seen):
            return
        self._stars_seen = seen
        index = self._opened_index()
        self.latest("stars", index.refresh, "List the stars of the night", self._take_stars)

    def _take_stars(self, stars: NightStars) -> None:
        if stars is not self.stars:
            self.stars = stars
            self.stars_changed.emit(stars)

    def _opened_index(self) -> StarIndex:
        if self._index is None:
            from ...mascara.browsing.index import StarIndex

            self._index = StarIndex(self.required())
        return self._index

    def _close_index(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None

    # What pages tell each other

    def choose_star(self, ascc: int) -> None:
        """Point at a star: its light curve comes forward."""
        self.star = ascc
        self.star_chosen.emit(ascc)

    def choose_unit(self, unit: str) -> None:
        """Point at a unit: the grid and the messages show it."""
        self.unit = unit
        self.unit_chosen.emit(unit)

    def choose_frame(self, camera: str, lstseq: int = 0) -> None:
        """Point at a frame of a camera, 0 for its newest: it comes up in the frame view."""
        self.frame_chosen.emit(camera, lstseq)

    def choose_binned(self, unit: str) -> None:
        """Point at the binned image of a unit: it comes up in the frame view."""
        self.binned_chosen.emit(unit)

    # Work of the pages

    def latest(
        self,
        key: str,
        function: Callable[[JobContext], T],
        title: str,
        on_result: Callable[[T], object],
        on_error: Callable[[NightglassError], object] | None = None,
    ) -> None:
        """Do something about the night watched in the background; the newest of a key counts.

        Nothing of it arrives once another night is watched.
        """
        whole: Hashable = ("night", key)
        self._keys.add(whole)
        self.engine.latest(
            whole, function, title=title, lane="watch", on_result=on_result, on_error=on_error
        )

    def submit(
        self,
        function: Callable[[JobContext], T],
        title: str,
        on_result: Callable[[T], object] | None = None,
    ) -> Job[T]:
        """Do something that the job list shows."""
        return self.engine.submit(function, title=title, lane="watch", on_result=on_result)


def _with_products(snapshot: NightSnapshot) -> tuple[tuple[str, int, int], ...]:
    """What changes with every batch that is finished or merged."""
    cameras = snapshot.status.cameras
    done = {one.camera: one.batches_done + one.batches_partial for one in cameras}
    merged = sum(1 for record in snapshot.records.values() if record.get("kind") == "merge")
    return tuple((camera, batches, merged) for camera, batches in sorted(done.items()))
