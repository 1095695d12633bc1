"""The fold of the window without a window: the same parts, driven to the end."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from ...errors import NightglassError
from ...lightspeed.fold.settings import FoldSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...engine.engine import Engine
    from ...engine.jobs import JobContext
    from ...lightspeed.cube import CubeName
    from ...lightspeed.fold.result import FoldResult
    from ...problems import Problem
    from ...regions.entries import RegionEntry
    from ...regions.systems import Surroundings
    from ...timing.sites import Site
    from ..workbench import Workbench

GRACE_S = 20.0
_LOOK_S = 0.1


@dataclass(frozen=True)
class HeadlessFold:
    """What is to be folded.

    Attributes
    ----------
    capture : Path
        Any cube of it, or its folder; for a live one a folder that may be empty.
    pars : tuple of Path
        Par files; edits are for the first.
    roi : str
        A region file, or its text.
    background : str or None
        A region file all of which is sky, or its text.
    settings : FoldSettings
    live : bool
        Follow the folder.
    until_s : float or None
        Seconds after `begun_s` at which a live fold ends; None to go on until it is cancelled.
    begun_s : float
        When it was asked for, by `time.monotonic`.
    """

    capture: Path
    pars: tuple[Path, ...]
    roi: str
    background: str | None = None
    settings: FoldSettings = field(default_factory=FoldSettings)
    live: bool = False
    until_s: float | None = None
    begun_s: float = field(default_factory=monotonic)


class Headless:
    """Drives a workbench through a fold; the calling thread is its owner thread.

    Parameters
    ----------
    engine : Engine
    bench : Workbench
    wanted : HeadlessFold
    """

    def __init__(self, engine: Engine, bench: Workbench, wanted: HeadlessFold) -> None:
        self._engine, self._bench, self._wanted = engine, bench, wanted
        self._regions_of: str | None = None

    def run(self, ctx: JobContext) -> FoldResult:
        """Fold; a live one ends after every cube that is complete at its end.

        Raises
        ------
        NightglassError
            If something cannot be read or there is nothing to fold.
        Cancelled
            If the job was cancelled, and not a live one that had begun.
        """
        fold = self._bench.fold
        fold.folds_all = fold.is_wanted = True
        settings = self._wanted.settings
        edits = {"f0_hz": settings.f0_hz, "f1_hz_s": settings.f1_hz_s}
        others = {name: getattr(settings, name) for name in _names() if name not in edits}
        fold.restore(self._wanted.pars, others, edits)
        self._wait(ctx, lambda: not fold.shelf.is_loading)
        if not fold.shelf.chosen:
            raise self._first_error() or _nothing("no par file could be used")
        if self._wanted.live:
            self._follow(ctx)
        else:
            self._bench.open([self._wanted.capture])
        self._wait(ctx, self._has_regions)
        self._wait(ctx, lambda: fold.is_up_to_date)
        return self._with_balance()

    def _follow(self, ctx: JobContext) -> None:
        """Follow until the time is over, then until all complete cubes are taken."""
        self._bench.follow(self._wanted.capture)
        until_s = self._wanted.until_s
        end_s = float("inf") if until_s is None else self._wanted.begun_s + until_s
        self._wait(ctx, lambda: monotonic() >= end_s or (ctx.cancelled and self._has_regions()))
        complete = self._complete_cubes()
        self._wait(ctx, lambda: self._has_all(complete), GRACE_S)
        self._bench.following.stop()

    def _has_regions(self) -> bool:
        """Put the regions on the capture shown, once there is one."""
        key = self._bench.session.view.capture
        if key is None:
            if error := self._first_error():
                raise error
            return False
        if key != self._regions_of:
            self._regions_of = key
            self._draw()
        if not self._bench.light.targets:
            raise _nothing("no region of the file is a source with a pixel in the frames")
        return True

    def _draw(self) -> None:
        surroundings = self._bench.regions.surroundings()
        entries = list(_regions(self._wanted.roi, surroundings))
        if self._wanted.background is not None:
            sky = _regions(self._wanted.background, surroundings)
            entries += [replace(entry, background=True) for entry in sky]
        self._bench.regions.list.replace_all(entries, None, "Open the regions")

    def _complete_cubes(self) -> set[Path]:
        """Cubes on the disk that belong to the capture shown and are whole."""
        from ...lightspeed.cube import parse_name, read_cube_header

        capture = self._bench.capture
        if capture is None:
            raise _nothing(f"no cube came into {self._wanted.capture}")
        name = parse_name(capture.source.path.name)
        whole = set()
        for path in capture.source.path.parent.iterdir():
            other = parse_name(path.name)
            if name is None or other is None or _sans_number(other) != _sans_number(name):
                continue
            with suppress(NightglassError, OSError):
                whole.add(read_cube_header(path).path)
        return whole

    def _has_all(self, complete: set[Path]) -> bool:
        self._has_regions()
        capture = self._bench.capture
        source = None if capture is None else capture.lightspeed
        return source is not None and complete <= {cube.path for cube in source.cubes}

    def _with_balance(self) -> FoldResult:
        """The result, with the frames that are missing by the stamps of all cubes."""
        result, capture = self._bench.fold.result, self._bench.capture
        assert result is not None and capture is not None  # noqa: PT018 - for the type checker
        source = capture.lightspeed
        lost = 0 if source is None else source.accounting().lost
        return replace(result, frames_missing=lost)

    def _wait(
        self, ctx: JobContext, reached: Callable[[], bool], most_s: float = float("inf")
    ) -> None:
        """Let results in until something is reached."""
        end_s = monotonic() + most_s
        while not reached():
            if ctx.cancelled and not self._wanted.live:
                ctx.check()
            if monotonic() >= end_s:
                return
            self._engine.mailbox.wait(_LOOK_S)
            self._engine.mailbox.drain()
            self._tell(ctx)

    def _tell(self, ctx: JobContext) -> None:
        capture, result = self._bench.capture, self._bench.fold.result
        if capture is not None:
            done = 0 if result is None else result.frames_read
            ctx.progress(done, capture.captured, "Folding")

    def _first_error(self) -> NightglassError | None:
        """What went wrong first, as far as anything did."""
        problems = self._bench.problems.entries()
        return next((_error(one) for one in problems if one.severity == "error"), None)


def fold_headless(wanted: HeadlessFold, site: Site, ctx: JobContext) -> FoldResult:
    """Fold a capture as the window does.

    Parameters
    ----------
    wanted : HeadlessFold
    site : Site
        Where the camera was.
    ctx : JobContext
        Told of the progress; asked whether to stop.

    Raises
    ------
    NightglassError
        If something cannot be read or there is nothing to fold.
    Cancelled
        If the job was cancelled.
    """
    from ...engine.engine import Engine
    from ...problems import ProblemList
    from ...settings import load_settings
    from ..workbench import Workbench

    problems = ProblemList()
    with Engine(problems) as engine:
        bench = Workbench(engine, problems, load_settings(problems))
        bench.fold.shelf.site = site
        try:
            return Headless(engine, bench, wanted).run(ctx)
        finally:
            bench.close()


def _regions(words: str, surroundings: Surroundings) -> list[RegionEntry]:
    """Regions of a file, or of the text of one."""
    from ...regions.text.reader import parse_regions, read_regions

    is_text = "(" in words and not Path(words).is_file()
    file = parse_regions(words, surroundings) if is_text else read_regions(words, surroundings)
    return [entry.detached() for entry in file.entries]


def _names() -> list[str]:
    return [one.name for one in fields(FoldSettings)]


def _sans_number(name: CubeName) -> tuple[str, str]:
    return name.start, name.object_name


def _error(problem: Problem) -> NightglassError:
    return NightglassError(problem.title, problem.text, problem.hint, problem.path)


def _nothing(why: str) -> NightglassError:
    return NightglassError("Nothing to fold", f"{why[0].upper()}{why[1:]}.")
