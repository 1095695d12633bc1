"""The fold of the window without a window: the same parts, driven to the end."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from time import monotonic
from typing import TYPE_CHECKING

from ...errors import NightglassError
from ...lightspeed.fold.settings import FoldSettings
from .outputs import FoldOutputs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ...engine.engine import Engine
    from ...engine.jobs import JobContext
    from ...problems import Problem
    from ...regions.entries import RegionEntry
    from ...regions.systems import Surroundings
    from ...timing.sites import Site
    from ..workbench import Workbench
    from .desk import Folding

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
        self._of_before = set(bench.problems.entries())

    def run(self, ctx: JobContext) -> Folding:
        """Fold; a live one ends after every cube that is complete at its end.

        Raises
        ------
        NightglassError
            If something cannot be read or there is nothing to fold.
        Cancelled
            If the job was cancelled, and not a live one that had begun.
        """
        fold = self._bench.fold
        self._check_capture()
        fold.folds_all = fold.is_wanted = True
        self._load(ctx)
        if self._wanted.live:
            self._follow(ctx)
        else:
            self._bench.open([self._wanted.capture])
        self._wait(ctx, self._has_regions)
        self._wait(ctx, self._is_folded)
        return self._with_balance()

    def _check_capture(self) -> None:
        """Refuse what is no capture, or several, before anything is loaded."""
        from ...lightspeed.discovery import the_only_capture

        path = self._wanted.capture
        if not self._wanted.live:
            the_only_capture(path)
        elif path.is_file():
            raise NightglassError(
                "No folder to follow",
                f"{path} is a file, and a live fold follows a folder.",
                "Give the folder into which the camera writes.",
                path,
            )

    def _load(self, ctx: JobContext) -> None:
        fold, settings = self._bench.fold, self._wanted.settings
        edits = {"f0_hz": settings.f0_hz, "f1_hz_s": settings.f1_hz_s}
        others = {name: getattr(settings, name) for name in _names() if name not in edits}
        fold.restore(self._wanted.pars, others, edits)
        self._wait(ctx, lambda: not fold.shelf.is_loading)
        if len(fold.shelf.chosen) < len({path.absolute() for path in self._wanted.pars}):
            raise self._first_error() or _nothing("no par file could be used")

    def _follow(self, ctx: JobContext) -> None:
        """Follow until the time is over, then until all complete cubes are taken."""
        self._bench.follow(self._wanted.capture)
        until_s = self._wanted.until_s
        end_s = float("inf") if until_s is None else self._wanted.begun_s + until_s
        self._wait(ctx, lambda: self._has_ended(ctx, end_s))
        complete = self._complete_cubes()
        if not complete:
            ctx.check()
            raise _nothing(f"no cube came into {self._wanted.capture}")
        self._wait(ctx, lambda: self._has_all(complete), GRACE_S)
        self._bench.following.stop()

    def _has_ended(self, ctx: JobContext, end_s: float) -> bool:
        """Whether the time is over; cubes that came are folded meanwhile."""
        if self._bench.session.view.capture is not None:
            self._has_regions()
        return ctx.cancelled or monotonic() >= end_s

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
        if self._wanted.background is not None and not any(
            one.sky for one in self._bench.light.targets
        ):
            raise _nothing("no region of the background file has a pixel in the frames")
        return True

    def _is_folded(self) -> bool:
        fold = self._bench.fold
        if fold.failure is not None:
            raise fold.failure
        return fold.is_up_to_date

    def _draw(self) -> None:
        surroundings = self._bench.regions.surroundings()
        entries = list(_regions(self._wanted.roi, surroundings))
        if self._wanted.background is not None:
            sky = _regions(self._wanted.background, surroundings)
            entries += [replace(entry, background=True) for entry in sky]
        self._bench.regions.list.replace_all(entries, None, "Open the regions")

    def _complete_cubes(self) -> set[int]:
        """Numbers of the whole cubes on the disk of the capture shown, else of the newest one."""
        from ...lightspeed.cube import read_cube_header
        from ...lightspeed.discovery import find_captures

        shown, folder = self._bench.capture, self._wanted.capture.absolute()
        found = [one for one in find_captures(folder).captures if one.folder == folder]
        if shown is not None:
            found = [one for one in found if one.name == shown.source.name]
        whole = set()
        for number, path in found[-1].cubes if found else ():
            with suppress(NightglassError, OSError):
                read_cube_header(path)
                whole.add(number)
        return whole

    def _has_all(self, complete: set[int]) -> bool:
        capture = self._bench.capture
        if capture is None or capture.lightspeed is None:
            return False
        self._has_regions()
        return complete <= {cube.number for cube in capture.lightspeed.cubes}

    def _with_balance(self) -> Folding:
        """What was folded, with the frames that are missing by the stamps of all cubes."""
        request, result = FoldOutputs(self._bench).folding()
        capture = self._bench.capture
        source = None if capture is None else capture.lightspeed
        lost = 0 if source is None else source.accounting().lost
        notices = (*result.notices, *self._troubles())
        return request, replace(result, frames_missing=lost, notices=notices)

    def _troubles(self) -> list[str]:
        """What went wrong and did not stop the fold, as sentences."""
        problems = self._bench.problems.entries()
        return [str(one) for one in problems if one.severity != "notice"]

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
        new = (one for one in self._bench.problems.entries() if one not in self._of_before)
        return next((_error(one) for one in new if one.severity == "error"), None)


def fold_headless(wanted: HeadlessFold, site: Site, ctx: JobContext) -> Folding:
    """Fold a capture as the window does, and give what was folded and the result.

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


def is_text(words: str) -> bool:
    """Whether these are regions themselves, and not the name of a file of regions."""
    # A long text is no name that `Path.is_file` would take.
    return "(" in words and not os.path.isfile(words)  # noqa: PTH113


def _regions(words: str, surroundings: Surroundings) -> list[RegionEntry]:
    """Regions of a file, or of the text of one."""
    from ...regions.text.reader import parse_regions, read_regions

    read = parse_regions if is_text(words) else read_regions
    file = read(words, surroundings)
    return [entry.detached() for entry in file.entries]


def _names() -> list[str]:
    return [one.name for one in fields(FoldSettings)]


def _error(problem: Problem) -> NightglassError:
    return NightglassError(problem.title, problem.text, problem.hint, problem.path)


def _nothing(why: str) -> NightglassError:
    return NightglassError("Nothing to fold", f"{why[0].upper()}{why[1:]}.")
