"""Sums over pieces that go on from where they were as cubes arrive."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from numpy.typing import NDArray

    from ...timing.pulse.moments import Moments
    from ...timing.pulse.pieces import Pieces

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]
    Check = Callable[[], object]
    Span = tuple[int, int]

Made = TypeVar("Made")

PIECE_S = 0.25
"""Pieces end where the time since the start passes a multiple of this."""
MOST_ROWS = 256
"""A raster with more rows than this gets rows twice as long."""
_CHUNK_FRAMES = 262_144
_CHUNK_NUMBERS = 1 << 20


class Frames(NamedTuple):
    """Phase, light and variance of frames in one row, shape (n,) each.

    Phases are moved by `offset_turns` and by a change of frequency (Hz) and of its derivative
    (Hz/s) since the start of the capture, which need `elapsed_s`; those of some frames at a time,
    when they are asked for.
    """

    phase: Numbers
    net_e: Numbers
    variance_e2: Numbers
    elapsed_s: Numbers | None = None
    offset_turns: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)

    def pieces(self, starts: Places, span: Span) -> tuple[Numbers, Numbers, Numbers, Places]:
        """Phase, light and variance of the frames of some pieces, and where these begin in them."""
        first, last = span
        begin, end = int(starts[first]), int(starts[last])
        phase, frames = self._phase(begin, end), slice(begin, end)
        return phase, self.net_e[frames], self.variance_e2[frames], starts[first : last + 1] - begin

    def _phase(self, begin: int, end: int) -> Numbers:
        phase = self.phase[begin:end]
        if self.elapsed_s is None or not (self.offset_turns or any(self.shift)):
            return phase
        from ...timing.pulse.shift import shifted_phases

        seconds = self.elapsed_s[begin:end]
        return shifted_phases(phase, seconds, *self.shift, offset_turns=self.offset_turns)


class Cuts:
    """Where the pieces of a capture begin, and the quarter of a second each is in.

    Attributes
    ----------
    starts : ndarray of int64, shape (pieces + 1,)
    rows : ndarray of int64, shape (pieces,)
    ends : tuple of int
        Where cubes begin, and the end of the last.
    """

    def __init__(self) -> None:
        self.starts = np.zeros(1, np.int64)
        self.rows = np.zeros(0, np.int64)
        self.ends: tuple[int, ...] = (0,)

    def extend(self, elapsed_s: Numbers, ends: tuple[int, ...]) -> None:
        """Cut the cubes that came since."""
        if len(ends) <= len(self.ends):
            return
        starts, rows = pieces_of(elapsed_s, np.array(ends[len(self.ends) - 1 :], np.int64))
        self.starts = np.concatenate([self.starts, starts[1:]])
        self.rows = np.concatenate([self.rows, rows])
        self.ends = ends


class RunningMoments:
    """Moments of the frames so far, cube after cube."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._cubes = 0
        self._sums: Numbers | None = None

    @property
    def moments(self) -> Moments | None:
        """Of all frames, None before the first cube."""
        from ...timing.pulse.moments import Moments

        return None if self._sums is None else Moments.of(self._sums.copy())

    def add(self, frames: Frames, ends: tuple[int, ...], check: Check = lambda: None) -> None:
        """Take the cubes that came since."""
        starts = np.array(ends, np.int64)
        spans = list(_spans(starts, self._cubes, 1))
        work = partial(self._numbers, frames, starts)
        with closing(_worked(work, spans, self._threads)) as parts:
            for made in parts:
                check()
                for row in made:
                    self._sums = row.copy() if self._sums is None else self._sums + row
        self._cubes = starts.size - 1

    def _numbers(self, frames: Frames, starts: Places, span: Span) -> Numbers:
        from ...timing.pulse.moments import numbers_of_parts

        return numbers_of_parts(*frames.pieces(starts, span))


class RunningMean:
    """Mean of the numbers so far, cube after cube; those that are not finite are left out."""

    def __init__(self) -> None:
        self._total, self._count, self._cubes = 0.0, 0, 0

    def add(self, values: Numbers, ends: tuple[int, ...]) -> None:
        """Take the cubes that came since."""
        for begin, end in pairwise(ends[self._cubes :]):
            known = np.isfinite(values[begin:end])
            self._total += float(values[begin:end].sum(where=known))
            self._count += int(np.count_nonzero(known))
        self._cubes = len(ends) - 1

    @property
    def mean(self) -> float:
        """0 where there is no number."""
        return self._total / self._count if self._count else 0.0


class RunningFold:
    """Total and raster of the pieces folded so far.

    Parameters
    ----------
    n_bins : int
    smear_turns : float
        Turns that a frame lasts.
    threads : int
        Results do not depend on it.
    """

    def __init__(self, n_bins: int, smear_turns: float, threads: int) -> None:
        self.n_bins, self.smear_turns, self._threads = n_bins, smear_turns, threads
        self.total = np.zeros((3, n_bins))
        self._room = np.zeros((3, MOST_ROWS, n_bins))
        self._rows = 1
        self._length = 1
        self._pieces = 0

    @property
    def raster(self) -> Numbers:
        """Sums, variances and shares of the rows so far, shape (3, rows, n_bins)."""
        return self._room[:, : self._rows]

    @property
    def row_s(self) -> float:
        """Seconds of a row of the raster."""
        return self._length * PIECE_S

    def add(self, frames: Frames, cuts: Cuts, check: Check = lambda: None) -> None:
        """Fold the pieces that came since."""
        spans = list(_spans(cuts.starts, self._pieces, self.n_bins))
        work = partial(self._fold, frames, cuts.starts)
        with closing(_worked(work, spans, self._threads)) as folded:
            for (first, last), made in zip(spans, folded, strict=True):
                check()
                self._take(made, cuts.rows[first:last])
        self._pieces = cuts.rows.size

    def _fold(self, frames: Frames, starts: Places, span: Span) -> Pieces:
        from ...timing.pulse.pieces import fold_pieces

        return fold_pieces(*frames.pieces(starts, span), self.n_bins, self.smear_turns)

    def _take(self, made: Pieces, rows: Places) -> None:
        """Add pieces in order; rows grow at the piece that needs it, whatever came with it."""
        from .running_kernels import add_pieces

        done = 0
        while done < rows.size:
            beyond = np.flatnonzero(rows[done:] >= MOST_ROWS * self._length)
            if beyond.size and beyond[0] == 0:
                self._halve()
                continue
            end = done + int(beyond[0]) if beyond.size else rows.size
            places = rows[done:end] // self._length
            self._rows = max(self._rows, int(places.max()) + 1)
            for values, total, raster in zip(made, self.total, self._room, strict=True):
                add_pieces(values[done:end], places, total, raster)
            done = end

    def _halve(self) -> None:
        """Add rows two by two."""
        half = MOST_ROWS // 2
        self._room[:, :half] = self._room[:, ::2] + self._room[:, 1::2]
        self._room[:, half:] = 0.0
        self._rows = -(-self._rows // 2)
        self._length *= 2


def pieces_of(elapsed_s: Numbers, ends: Places) -> tuple[Places, Places]:
    """Cut frames into pieces.

    Parameters
    ----------
    elapsed_s : ndarray of float64, shape (n,)
        Seconds since the start of the capture; NaN belongs to the frame before.
    ends : ndarray of int64, shape (cubes + 1,)
        Where the cubes to be cut begin and end.

    Returns
    -------
    starts : ndarray of int64, shape (pieces + 1,)
        Frames at which pieces begin, and the end of the last.
    rows : ndarray of int64, shape (pieces,)
        Number of the quarter of a second each is in.
    """
    begin, end = int(ends[0]), int(ends[-1])
    times = elapsed_s[begin:end]
    known = np.isfinite(times)
    if not known.all():
        at = np.maximum.accumulate(np.where(known, np.arange(times.size), 0))
        times = np.where(np.isfinite(times[at]), times[at], 0.0)
    quarter = np.maximum(np.floor(times / PIECE_S), 0.0).astype(np.int64)
    turn = np.flatnonzero(quarter[1:] != quarter[:-1]) + 1
    starts = np.union1d(turn, ends - begin)
    return starts + begin, quarter[starts[:-1]]


def _spans(starts: Places, first: int, n_bins: int) -> Iterator[tuple[int, int]]:
    """Consecutive pieces that together have not many more frames, nor numbers, than a chunk."""
    if first >= starts.size - 1:
        return
    marks = np.searchsorted(starts, np.arange(starts[first], starts[-1], _CHUNK_FRAMES))
    most = max(1, _CHUNK_NUMBERS // n_bins)
    edges = np.unique([*marks, *range(first, starts.size - 1, most), starts.size - 1])
    yield from pairwise(edges[edges >= first].tolist())


def _worked(
    work: Callable[[Span], Made], spans: Sequence[Span], threads: int
) -> Generator[Made, None, None]:
    """Give what is made of each span, in order; no thread is left when it is closed."""
    if threads == 1 or len(spans) <= 1:
        yield from map(work, spans)
        return
    with ThreadPoolExecutor(min(threads, len(spans)), "nightglass-fold") as pool:
        try:
            yield from pool.map(work, spans)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
