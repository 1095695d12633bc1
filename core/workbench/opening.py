"""From paths to frame sources, on a working thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..engine.jobs import JobContext
    from ..frames.source import FrameSource
    from ..settings import Settings


@dataclass(frozen=True, eq=False)
class Opening:
    """What a set of paths held.

    Attributes
    ----------
    sources : tuple of FrameSource
        Captures in order of start, then other FITS images.
    problems : tuple of NightglassError
        What was asked for and cannot be used.
    notes : tuple of NightglassError
        Files left out beside what was opened.
    """

    sources: tuple[FrameSource, ...]
    problems: tuple[NightglassError, ...]
    notes: tuple[NightglassError, ...]


def open_paths(paths: Sequence[Path], settings: Settings, ctx: JobContext) -> Opening:
    """Open every capture in `paths`, and every other FITS image that was named itself.

    Parameters
    ----------
    paths : sequence of Path
        Cubes, folders, FITS images.
    settings : Settings
        Give the constant term of the frame times.
    ctx : JobContext
        Checked between captures.
    """
    from ..lightspeed.discovery import find_captures
    from ..lightspeed.open_capture import open_capture

    found = find_captures(paths)
    sources: list[FrameSource] = []
    problems: list[NightglassError] = []
    for files in found.captures:
        ctx.check()
        try:
            capture = open_capture(files, constant=settings.timing_constant)
            capture.time_model()  # read here, so that the window never waits for it
            sources.append(capture)
        except NightglassError as error:
            problems.append(error)
    for problem in found.problems:
        try:
            sources.append(_as_image(problem))
        except NightglassError as error:
            problems.append(error)
    notes = [*found.ignored, *(note for source in sources for note in _left_out(source))]
    return Opening(tuple(sources), tuple(problems), tuple(notes))


def _left_out(source: FrameSource) -> tuple[NightglassError, ...]:
    return getattr(source, "left_out", ())


def _as_image(problem: NightglassError) -> FrameSource:
    """A FITS image that is no cube opens as what it is; else the first reason stands."""
    from ..frames.fits_image import open_source
    from ..lightspeed.cube import NotACubeError

    if not isinstance(problem, NotACubeError) or problem.path is None:
        raise problem
    return open_source(problem.path)
