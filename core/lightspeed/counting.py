"""Counts of every frame in a small box: the light curve of the timeline.

A cube that cannot be read is tried again; in the end every frame handed over is either counted
or named as lost.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import NightglassError, translate
from .box import Box, box_sums, central_box
from .cube import read_cube_header

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..engine.jobs import JobContext
    from .capture import Capture
    from .cube import CubeHeader

RETRY_SECONDS = (0.2, 0.5, 1.0)  # a network disk may stumble; after the last the cube is lost

FloatArray = NDArray[np.float64]
_State = Literal["asked", "counted", "lost"]


@dataclass(frozen=True, eq=False)
class CountedCube:
    """The frames of one cube, counted.

    Attributes
    ----------
    number : int
        Of the cube in its capture.
    first_frame : int
        Number of its first frame in the capture from 0, as the capture was at that moment (a
        cube that arrives late moves the later ones).
    sums : ndarray of float64, shape (n_frames,)
        Counts in the box, ADU, detector offset included; whole numbers, exact.
    pixels : int
        In the box.
    clock_s : ndarray of float64, shape (bundles,)
        TIMESTAMP of the bundles, to time the frames again when the time model changes.
    seconds : ndarray of float64, shape (n_frames,)
        Start of each exposure since the start of the capture; NaN where it is not known.
    """

    number: int
    first_frame: int
    sums: FloatArray
    pixels: int
    clock_s: FloatArray
    seconds: FloatArray

    def __len__(self) -> int:
        return len(self.sums)

    @property
    def values(self) -> NDArray[np.float32]:
        """Mean counts of a pixel of the box, ADU, shape (n_frames,)."""
        return (self.sums / self.pixels).astype(np.float32)


@dataclass(frozen=True)
class LostCube:
    """A cube that could not be counted after several tries, and why."""

    number: int
    frames: int
    path: Path
    why: str


@dataclass(frozen=True)
class Tally:
    """Frames of one capture at one moment.

    Attributes
    ----------
    asked : int
        Frames in the cubes handed over.
    read : int
        Frames read from the disk since the start, those of cubes read twice twice.
    counted : int
        Frames whose counts are part of the light curve.
    lost : int
        Frames of cubes given up.
    """

    asked: int = 0
    read: int = 0
    counted: int = 0
    lost: int = 0

    @property
    def waiting(self) -> int:
        """Frames still to be counted."""
        return self.asked - self.counted - self.lost


@dataclass(slots=True)
class _Waiting:
    header: CubeHeader
    due_s: float = 0.0
    tries: int = 0


class FrameCounter:
    """Counts the cubes of one capture, one at a time; one thread.

    Parameters
    ----------
    capture : Capture
        Gives the times and the places of the frames; must hold the cubes handed over.
    box : Box or None
        What is counted; the middle of the frame if None.
    """

    def __init__(self, capture: Capture, box: Box | None = None) -> None:
        self.capture = capture
        self.box = box or central_box(capture.shape)
        self._waiting: dict[int, _Waiting] = {}
        self._queue: list[tuple[float, int]] = []
        self._frames: dict[_State, dict[int, int]] = {"asked": {}, "counted": {}, "lost": {}}
        self._totals: dict[_State, int] = dict.fromkeys(self._frames, 0)
        self._read = 0
        self._cubes: tuple[CubeHeader, ...] = ()
        self._starts: dict[int, int] = {}

    @property
    def tally(self) -> Tally:
        """The frames so far."""
        return Tally(read=self._read, **self._totals)

    def add(self, header: CubeHeader) -> None:
        """Hand over a cube, or the new content of one handed over before."""
        self.drop(header.number)
        self._note("asked", header)
        self._wait(_Waiting(header))

    def drop(self, number: int) -> None:
        """Take a cube out of the count."""
        for state, frames in self._frames.items():
            self._totals[state] -= frames.pop(number, 0)
        self._waiting.pop(number, None)

    def next_due_s(self) -> float | None:
        """Give the time on the caller's clock from which `step` has work; None for never."""
        while self._queue:
            due_s, number = self._queue[0]
            waiting = self._waiting.get(number)
            if waiting is not None and waiting.due_s == due_s:
                return due_s
            heapq.heappop(self._queue)
        return None

    def step(self, now_s: float, ctx: JobContext | None = None) -> CountedCube | LostCube | None:
        """Count the cube that is due first; among several the one of the lowest number.

        Parameters
        ----------
        now_s : float
            Seconds of a clock that never goes back.
        ctx : JobContext or None
            Checked while reading.

        Returns
        -------
        CountedCube, LostCube or None
            None when nothing is due or the cube will be tried again.

        Raises
        ------
        Cancelled
            If the job was cancelled; the cube stays to be counted.
        """
        due_s = self.next_due_s()
        if due_s is None or due_s > now_s:
            return None
        waiting = self._waiting[self._queue[0][1]]
        try:
            counted = self._count(waiting.header, ctx)
        except NightglassError as error:
            return self._fail(waiting, error, now_s)
        del self._waiting[counted.number]
        self._note("counted", waiting.header)
        return counted

    def _wait(self, waiting: _Waiting) -> None:
        self._waiting[waiting.header.number] = waiting
        heapq.heappush(self._queue, (waiting.due_s, waiting.header.number))

    def _note(self, state: _State, header: CubeHeader) -> None:
        self._frames[state][header.number] = header.n_frames
        self._totals[state] += header.n_frames

    def _count(self, header: CubeHeader, ctx: JobContext | None) -> CountedCube:
        sums = box_sums(header, self.box, ctx)
        self._read += len(sums)
        clock_s = self.capture.stamps(header).clock_s
        check_unchanged(header)
        return CountedCube(
            header.number,
            self._first_frame(header.number),
            sums,
            self.box.pixels,
            clock_s,
            self._elapsed_s(clock_s),
        )

    def _elapsed_s(self, clock_s: FloatArray) -> FloatArray:
        """Start of each frame; NaN while another cube keeps the time model from being made."""
        try:
            return self.capture.time_model().elapsed(clock_s)
        except NightglassError:
            return np.full(len(clock_s) * self.capture.frames_per_bundle, np.nan)

    def _first_frame(self, number: int) -> int:
        cubes = self.capture.cubes
        if cubes[-1].number == number:
            return self.capture.n_frames - cubes[-1].n_frames
        if cubes is not self._cubes:
            ends = accumulate((cube.n_frames for cube in cubes), initial=0)
            numbers = (cube.number for cube in cubes)
            self._cubes, self._starts = cubes, dict(zip(numbers, ends, strict=False))
        return self._starts[number]

    def _fail(self, waiting: _Waiting, error: NightglassError, now_s: float) -> LostCube | None:
        header = waiting.header
        if waiting.tries >= len(RETRY_SECONDS):
            del self._waiting[header.number]
            self._note("lost", header)
            return LostCube(header.number, header.n_frames, header.path, str(error))
        waiting.due_s = now_s + RETRY_SECONDS[waiting.tries]
        waiting.tries += 1
        waiting.header = same_again(header)
        self._wait(waiting)
        return None


def count_frames(
    capture: Capture,
    ctx: JobContext,
    *,
    box: Box | None = None,
    publish: Callable[[CountedCube | LostCube], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Tally:
    """Count every frame of a capture, cube by cube in their order.

    Parameters
    ----------
    capture : Capture
        As it is now; cubes added later are not counted.
    ctx : JobContext
        Told of the progress in frames; checked while reading.
    box : Box or None
        What is counted; the middle 32 x 32 pixels if None.
    publish : callable or None
        Takes each `CountedCube` and `LostCube`; `ctx.publish` as a rule.
    clock : callable
        Seconds of a clock that never goes back.

    Returns
    -------
    Tally
        With nothing left waiting.

    Raises
    ------
    Cancelled
        If the job was cancelled.
    """
    tell = publish or ctx.publish
    counter = FrameCounter(capture, box)
    for header in capture.cubes:
        counter.add(header)
    while (due_s := counter.next_due_s()) is not None:
        ctx.rest(due_s - clock())
        result = counter.step(clock(), ctx)
        if result is not None:
            tell(result)
        tally = counter.tally
        ctx.progress(tally.asked - tally.waiting, tally.asked, "Counting frames")
    return counter.tally


def check_unchanged(header: CubeHeader) -> None:
    """Make sure that the counts are of the file whose header was read."""
    try:
        status = header.path.stat()
    except OSError as error:
        raise translate(error, header.path) from error
    if (status.st_size, status.st_mtime_ns) != (header.size_bytes, header.modified_ns):
        raise NightglassError(
            "A cube changed",
            f"{header.path.name} was written to while it was read.",
            "Open the capture again when it is finished.",
            header.path,
        )


def same_again(header: CubeHeader) -> CubeHeader:
    """Read the header anew; a file that was only touched may be counted after all."""
    try:
        fresh = read_cube_header(header.path)
    except NightglassError:
        return header
    alike = (fresh.shape, fresh.n_frames) == (header.shape, header.n_frames)
    return fresh if alike and fresh.number == header.number else header
