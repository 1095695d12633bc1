"""Products of the frame view that need no window: movies and frame tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import NightglassError
from ..picture.colour import colour_table
from ..picture.render import recolour
from .painter import FrameRequest, Painter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..engine.jobs import JobContext
    from ..picture.codes import Colours
    from .painter import FrameResult

MOST_MOVIE_FRAMES = 20_000


@dataclass(frozen=True)
class MovieRequest:
    """A movie of a range of frames as the frame view shows them.

    Attributes
    ----------
    path : Path
        Ends in .mp4 or .gif.
    look : FrameRequest
        The request of the picture shown; its frame number is replaced.
    first, last, step : int
        Frames from 0, both ends included.
    fps : float
        Frames a second of the movie.
    colours : tuple
        Colour map, inverted, contrast, bias.
    """

    path: Path
    look: FrameRequest
    first: int
    last: int
    step: int
    fps: float
    colours: tuple[str, bool, float, float]

    @property
    def frames(self) -> range:
        """Frames of the movie."""
        return range(self.first, self.last + 1, self.step)


def export_movie(request: MovieRequest, ctx: JobContext) -> Path:
    """Write the movie, with number and UTC burnt into every frame.

    Raises
    ------
    NightglassError
        If there are too many frames, one cannot be read, or the file cannot be written.
    Cancelled
        If the job was cancelled; nothing is left behind.
    """
    from ..picture.movie import write_movie

    count = len(request.frames)
    if count > MOST_MOVIE_FRAMES:
        raise NightglassError(
            "Could not write the movie",
            f"{count} frames are too many for one movie.",
            "Choose a shorter range, or every 10th frame.",
            request.path,
        )
    write_movie(request.path, _pictures(request, ctx), request.fps, ctx, count)
    return request.path


def _pictures(request: MovieRequest, ctx: JobContext) -> Iterator[tuple[Colours, str]]:
    painter = Painter()
    table = colour_table(*request.colours)
    factor = max(1, round(request.look.render.viewport.zoom))
    for frame in request.frames:
        result = painter.paint(replace(request.look, frame=frame), ctx)
        pixels = recolour(result.picture.index, table)
        yield _enlarged(pixels, factor if result.picture.scaled else 1), _caption(request, result)


def _enlarged(pixels: Colours, factor: int) -> Colours:
    return np.repeat(np.repeat(pixels, factor, axis=0), factor, axis=1)


def _caption(request: MovieRequest, result: FrameResult) -> str:
    time = request.look.source.frame_time(result.frame)
    stamp = "" if time is None else f"  {time.iso()} UTC"
    return f"{request.look.source.name}  frame {result.frame + 1}{stamp}"
