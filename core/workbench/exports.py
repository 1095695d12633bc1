"""Products of the frame view that need no window: movies and frame tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ... import __version__
from ..atomic import replacing
from ..errors import NightglassError
from ..picture.colour import colour_table
from ..picture.render import recolour
from .painter import FrameRequest, Painter
from .stamps import QUALITY_WORDS, constant_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from ..engine.jobs import JobContext
    from ..lightspeed.capture import Capture
    from ..lightspeed.cube import CubeHeader
    from ..lightspeed.times import ConstantTerm
    from ..picture.codes import Colours
    from .desk import OpenCapture
    from .painter import FrameResult

MOST_MOVIE_FRAMES = 20_000
_NANOSECONDS = 9


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
    if request.look.stand_in is not None:
        return request.look.stand_in.source.label(result.frame).caption
    time = request.look.source.frame_time(result.frame)
    stamp = "" if time is None else f"  {time.iso()} UTC"
    return f"{request.look.source.name}  frame {result.frame + 1}{stamp}"


@dataclass(frozen=True, eq=False)
class FrameTable:
    """The frames counted at one moment, for another thread to write.

    Attributes
    ----------
    source : Capture
        Gives numbers and times of the frames.
    parts : tuple of (int, ndarray)
        Number of each cube and the mean counts of its frames, ADU, shape (n_frames,).
    constant : ConstantTerm
        From the settings.
    """

    source: Capture
    parts: tuple[tuple[int, npt.NDArray[np.float64]], ...]
    constant: ConstantTerm


def frame_table(capture: OpenCapture, constant: ConstantTerm) -> FrameTable:
    """Take down what has been counted of a capture; owner thread only.

    Raises
    ------
    NightglassError
        If it has no counts, or none yet.
    """
    source, parts = capture.lightspeed, capture.curve.parts()
    if source is None or not parts:
        text = "has no time stamps" if source is None else "has no frame counted yet"
        hint = "Open a LightSpeed capture." if source is None else "Wait for the first cube."
        raise NightglassError(
            "Could not write the table", f"{capture.source.name} {text}.", hint, capture.source.path
        )
    return FrameTable(source, parts, constant)


def export_frame_table(path: Path, table: FrameTable, ctx: JobContext) -> Path:
    """Write number, time and mean counts of every frame counted as CSV.

    The file is complete or absent. Lines before the heading begin with "#". Times are
    mid-exposure; see `nightglass.core.lightspeed.times` for the formula.

    Parameters
    ----------
    path : Path
        Replaced when it is there.
    table : FrameTable
        From `frame_table`.
    ctx : JobContext
        Hears of the progress; checked between cubes.

    Raises
    ------
    NightglassError
        If the stamps cannot be read or the file cannot be written.
    Cancelled
        If the job was cancelled; nothing is left behind.
    """
    try:
        with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
            file.write(_table_heading(table))
            for rows in _table_rows(table, ctx):
                file.writelines(rows)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NightglassError(
            "Could not write the table", f"{path}: {reason}.", "Choose another folder.", path
        ) from error
    return path


def _table_heading(table: FrameTable) -> str:
    source, model = table.source, table.source.time_model()
    zero = "the start of the first exposure"
    if model.quality != "none":
        zero = f"{model.instant.iso(_NANOSECONDS)} UTC"
    lines = [
        f"Nightglass {__version__}: mean counts of every frame counted",
        f"capture: {source.name}",
        f"time quality: {QUALITY_WORDS[model.quality]}",
        f"constant term included: {constant_in_words(source, table.constant)}",
        f"box: {_box_in_words(source.shape)}",
        f"utc and seconds: middle of the exposure; seconds count from {zero}",
    ]
    if model.note:
        lines.append(f"note: {model.note}")
    return "".join(f"# {line}\n" for line in lines) + "frame,utc,seconds,mean_adu\n"


def _box_in_words(shape: tuple[int, int]) -> str:
    from ..lightspeed.box import central_box

    left, bottom, right, top = central_box(shape)
    return (
        f"mean of the central {right - left} x {top - bottom} pixels, columns {left + 1} to "
        f"{right} and rows {bottom + 1} to {top} counted from 1"
    )


def _table_rows(table: FrameTable, ctx: JobContext) -> Iterator[list[str]]:
    """Lines of each cube; numbers are those the frames have in the capture now."""
    counted, cubes = dict(table.parts), table.source.cubes
    first = 1
    for done, header in enumerate(cubes):
        ctx.progress(done, len(cubes), f"cube {header.number}")
        ctx.check()
        values = counted.get(header.number)
        if values is not None:
            yield _cube_rows(table.source, header, values, first)
        first += header.n_frames


def _cube_rows(
    source: Capture, header: CubeHeader, values: npt.NDArray[np.float64], first: int
) -> list[str]:
    if len(values) != header.n_frames:
        raise NightglassError(
            "Could not write the table",
            f"{header.path.name} was written anew and is not counted again yet.",
            "Try again in a moment.",
            header.path,
        )
    model, clock_s = source.time_model(), source.stamps(header).clock_s
    times, seconds = model.frame_times(clock_s), model.elapsed(clock_s) + model.constant_s
    return [
        f"{first + place},{times.iso(place, _NANOSECONDS)},{since:.9f},{mean:.6f}\n"
        for place, (since, mean) in enumerate(zip(seconds.tolist(), values.tolist(), strict=True))
    ]
