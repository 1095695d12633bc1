"""Threads over pieces of work, progress in frames, and the way to stop them all."""

from __future__ import annotations

import os
import threading
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, NamedTuple

from ...errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ...engine.jobs import JobContext
    from ..cube_header import CubeHeader

_REPORT_S = 0.1
_TEXT = "Measuring frames"


class Span(NamedTuple):
    """Frames `first` to `last` - 1 of a cube, and the number of the first in the whole series."""

    cube: CubeHeader
    first: int
    last: int
    number: int

    @property
    def frames(self) -> int:
        """How many."""
        return self.last - self.first

    @property
    def numbers(self) -> slice:
        """Where they are in arrays over all frames."""
        return slice(self.number, self.number + self.frames)


def spans(cubes: Sequence[CubeHeader], most_frames: int, total: int) -> list[Span]:
    """Cut the first `total` frames of cubes into spans of at most so many frames, in order."""
    found, number = [], 0
    for cube in cubes:
        frames = min(cube.n_frames, total - number)
        for first in range(0, frames, most_frames):
            last = min(first + most_frames, frames)
            found.append(Span(cube, first, last, number + first))
        number += frames
    return found


def count_frames(cubes: Iterable[CubeHeader]) -> int:
    """Frames in all cubes."""
    return sum(cube.n_frames for cube in cubes)


def threads_of(threads: int | None) -> int:
    """Threads to use: as asked for, else one for each processor we may run on."""
    if threads is not None:
        return max(1, threads)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Watch:
    """What a piece of work tells about its progress, and asks whether to go on."""

    def __init__(self, ctx: JobContext | None, total: int) -> None:
        self._ctx = ctx
        self._total = total
        self._lock = threading.Lock()
        self._done = 0.0
        self.stopped = False

    def check(self) -> None:
        """Stop here if the job was cancelled or another piece of work failed.

        Raises
        ------
        Cancelled
            If so.
        """
        if self.stopped:
            raise Cancelled
        if self._ctx is not None:
            self._ctx.check()

    def advance(self, frames: float) -> None:
        """Count frames as done; from any thread."""
        with self._lock:
            self._done += frames

    def report(self) -> None:
        """Pass the progress on."""
        if self._ctx is not None:
            self._ctx.progress(min(self._total, round(self._done)), self._total, _TEXT)


def run(pieces: Sequence[Callable[[], None]], watch: Watch, threads: int) -> None:
    """Do all pieces of work; the calling thread only reports.

    Raises
    ------
    Cancelled
        If the job was cancelled.
    NightglassError
        Of the first piece, in order, that failed.
    """
    if threads == 1 or len(pieces) == 1:
        for piece in pieces:
            piece()
            watch.report()
        return
    with ThreadPoolExecutor(threads, "nightglass-reduce") as executor:
        futures = [executor.submit(piece) for piece in pieces]
        try:
            _wait(futures, watch)
        finally:
            watch.stopped = True
            for future in futures:
                future.cancel()


def _wait(futures: list[Future[None]], watch: Watch) -> None:
    """Wait for all; raises the reason if one failed."""
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, _REPORT_S, FIRST_EXCEPTION)
        watch.report()
        if any(future.exception() is not None for future in done):
            break
        watch.check()
    for future in futures:
        if future.done():
            future.result()
