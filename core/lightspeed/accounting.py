"""Every frame accounted for: what was captured, lost and doubled, by the camera's own stamps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .cube import Stamps

_HISTOGRAM_BINS = 61
# So many bins to the usual interval, which then lies in the middle of a bin and not on an edge.
_BINS_TO_USUAL = 20.5
# More than any capture holds; keeps damaged stamps inside the range of integers.
_MOST_BUNDLES = 10**12


@dataclass(frozen=True)
class Gap:
    """Frames missing between two that are there.

    Attributes
    ----------
    after_frame : int
        Number, from 0, of the last frame before the gap.
    frames : int
        Frames lost.
    seconds : float
        Time without frames.
    reason : str
        What tells: "missing cube", "FRAMESTAMP", "TIMESTAMP", or both stamps.
    """

    after_frame: int
    frames: int
    seconds: float
    reason: str


@dataclass(frozen=True, eq=False)
class Accounting:
    """Balance of a capture, all in frames.

    Attributes
    ----------
    captured : int
        Frames there are.
    lost : int
        Frames that must have been taken and are not there: the sum over `gaps`.
    duplicates : int
        Frames stored again under the same FRAMESTAMP.
    steps_back : int
        How often the camera's counter goes backwards.
    missing_cubes : tuple of int
        Numbers absent between the lowest and the highest cube.
    gaps : tuple of Gap
        In order.
    interval_edges_s, interval_counts : ndarray, shapes (n + 1,) and (n,)
        Histogram of the time from one bundle to the next; the last bin takes all that is longer.
    """

    captured: int
    lost: int
    duplicates: int
    steps_back: int
    missing_cubes: tuple[int, ...]
    gaps: tuple[Gap, ...]
    interval_edges_s: NDArray[np.float64]
    interval_counts: NDArray[np.int64]

    @property
    def interval_histogram(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Edges in seconds and counts."""
        return self.interval_edges_s, self.interval_counts


def missing_numbers(numbers: Sequence[int]) -> tuple[int, ...]:
    """Numbers absent between the lowest and the highest."""
    if not numbers:
        return ()
    present = set(numbers)
    return tuple(number for number in range(min(present), max(present)) if number not in present)


def account(
    cubes: Sequence[tuple[int, Stamps]], frames_per_bundle: int, interval_s: float
) -> Accounting:
    """Balance the stamps of a capture.

    Parameters
    ----------
    cubes : sequence of (int, Stamps)
        Number and stamps of each cube, in order of number.
    frames_per_bundle : int
        Frames that share a stamp.
    interval_s : float
        Time from frame to frame.

    Notes
    -----
    A step between neighbouring bundles is measured twice, in counts of FRAMESTAMP and in time.
    Frames are lost when either says so: a counter kept by the host can run on without a jump
    while the camera's clock shows the hole, and the other way round.
    """
    numbers = [number for number, _ in cubes]
    steps = _Steps.between(cubes, frames_per_bundle, interval_s)
    lost = steps.lost_bundles()
    gaps = _gaps(steps, lost, frames_per_bundle, interval_s)
    edges_s, counts = _histogram(steps)
    return Accounting(
        captured=sum(len(stamps.clock_s) for _, stamps in cubes) * frames_per_bundle,
        lost=sum(gap.frames for gap in gaps),
        duplicates=int(np.count_nonzero(steps.counted == 0)) * frames_per_bundle,
        steps_back=int(np.count_nonzero(steps.counted < 0)),
        missing_cubes=missing_numbers(numbers),
        gaps=gaps,
        interval_edges_s=edges_s,
        interval_counts=counts,
    )


@dataclass(frozen=True)
class _Steps:
    """Steps from each bundle to the next, shape (bundles - 1,) each.

    `counted` is in bundles by FRAMESTAMP (NaN where unknown), `timed` in bundles by TIMESTAMP,
    `seconds` the plain difference, `absent_cubes` the cubes missing in between, and
    `absent_bundles` how many bundles those would hold.
    """

    counted: NDArray[np.float64]
    timed: NDArray[np.float64]
    seconds: NDArray[np.float64]
    absent_cubes: NDArray[np.int64]
    absent_bundles: NDArray[np.int64]

    @classmethod
    def between(
        cls, cubes: Sequence[tuple[int, Stamps]], frames_per_bundle: int, interval_s: float
    ) -> _Steps:
        """Measure the steps within and between cubes."""
        lengths = [len(stamps.clock_s) for _, stamps in cubes]
        numbers = np.repeat([number for number, _ in cubes], lengths)
        clock_s = np.concatenate([stamps.clock_s for _, stamps in cubes] or [np.empty(0)])
        seconds = np.diff(clock_s)
        absent = np.maximum(np.diff(numbers) - 1, 0).astype(np.int64)
        step_s = frames_per_bundle * interval_s
        return cls(
            _counted_steps(cubes, lengths, frames_per_bundle),
            seconds / step_s if step_s > 0 else np.full(len(seconds), np.nan),
            seconds,
            absent,
            absent * max(lengths, default=0),
        )

    def lost_bundles(self) -> NDArray[np.int64]:
        """Bundles lost in each step, by whichever stamp says more."""
        by_counter = np.nan_to_num(self.counted, nan=1.0) - 1
        either = np.maximum(by_counter, self._lost_by_clock())
        lost = np.clip(either, 0, _MOST_BUNDLES).astype(np.int64)
        # The stamps on both sides of a missing cube tell best; its usual size is the way out.
        return np.where((self.absent_cubes > 0) & (lost == 0), self.absent_bundles, lost)

    def _lost_by_clock(self) -> NDArray[np.float64]:
        """Bundles lost by time, unless the next stamp makes up for a late one."""
        single = np.nan_to_num(np.rint(self.timed), nan=1.0) - 1
        pair = np.rint(self.timed[:-1] + self.timed[1:]) - 2
        made_up = np.append(np.nan_to_num(pair, nan=np.inf), np.inf)
        lost: NDArray[np.float64] = np.minimum(single, made_up)
        return lost


def _counted_steps(
    cubes: Sequence[tuple[int, Stamps]], lengths: Sequence[int], frames_per_bundle: int
) -> NDArray[np.float64]:
    """Steps of FRAMESTAMP in bundles; NaN where a cube has none or where it does not count."""
    counters = [
        np.full(length, np.nan) if stamps.counter is None else stamps.counter.astype(np.float64)
        for (_, stamps), length in zip(cubes, lengths, strict=True)
    ]
    steps = np.diff(np.concatenate(counters or [np.empty(0)]))
    forward = steps[steps > 0]
    if len(forward) * 2 < len(steps):
        return np.full(len(steps), np.nan)  # a counter that mostly stands still counts nothing
    # The counter counts bundles or frames; only the latter makes every step a multiple.
    counts_frames = frames_per_bundle > 1 and bool(np.all(forward % frames_per_bundle == 0))
    return np.rint(steps / (frames_per_bundle if counts_frames else 1))


def _gaps(
    steps: _Steps, lost: NDArray[np.int64], frames_per_bundle: int, interval_s: float
) -> tuple[Gap, ...]:
    return tuple(
        Gap(
            after_frame=(int(index) + 1) * frames_per_bundle - 1,
            frames=int(lost[index]) * frames_per_bundle,
            seconds=_gap_seconds(
                steps, int(index), int(lost[index]), frames_per_bundle, interval_s
            ),
            reason=_reason(steps, int(index), int(lost[index])),
        )
        for index in np.flatnonzero(lost > 0)
    )


def _gap_seconds(
    steps: _Steps, index: int, bundles: int, frames_per_bundle: int, interval_s: float
) -> float:
    """Time without frames: by the clock, else by the frames that are lost."""
    by_clock = float(steps.seconds[index]) - frames_per_bundle * interval_s
    by_frames = bundles * frames_per_bundle * interval_s
    return by_clock if by_clock > 0 else by_frames


def _reason(steps: _Steps, index: int, bundles: int) -> str:
    if steps.absent_cubes[index] > 0:
        return "missing cube"
    counted = steps.counted[index] - 1 == bundles
    timed = np.rint(steps.timed[index]) - 1 == bundles
    if counted and timed:
        return "FRAMESTAMP and TIMESTAMP"
    return "FRAMESTAMP" if counted else "TIMESTAMP"


def _histogram(steps: _Steps) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Histogram of the time between bundles whose cubes follow each other."""
    seconds = steps.seconds[(steps.absent_cubes == 0) & np.isfinite(steps.seconds)]
    seconds = seconds[seconds >= 0]
    usual = float(np.median(seconds)) if len(seconds) else 0.0
    top = _HISTOGRAM_BINS / _BINS_TO_USUAL * (usual or 1.0)
    edges = np.linspace(0.0, top, _HISTOGRAM_BINS + 1)
    counts, _ = np.histogram(np.minimum(seconds, top), edges)
    return edges, counts.astype(np.int64)
