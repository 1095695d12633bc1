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
    left_out : tuple of NightglassError
        Cubes of what was opened that cannot be used.
    ignored : tuple of NightglassError
        Files beside it that belong to no capture.
    """

    sources: tuple[FrameSource, ...]
    problems: tuple[NightglassError, ...]
    left_out: tuple[NightglassError, ...]
    ignored: tuple[NightglassError, ...]


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
    left_out = tuple(error for source in sources for error in getattr(source, "left_out", ()))
    return Opening(tuple(sources), tuple(problems), left_out, found.ignored)


def _as_image(problem: NightglassError) -> FrameSource:
    """A FITS image that is no cube opens as what it is; else the first reason stands."""
    from ..frames.fits_image import open_source
    from ..lightspeed.cube import NotACubeError

    if not isinstance(problem, NotACubeError) or problem.path is None:
        raise problem
    return open_source(problem.path)
