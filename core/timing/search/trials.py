"""The statistic of every trial of a grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from .even_times import Span, on_even_times
from .statistic import distinct_harmonics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .grid import Grid
    from .light import SearchLight
    from .statistic import Statistic
    from .workers import Workers

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_SPAN = 4096
_FRAME_TRIALS = 20_000_000
"""Folded at a time by a thread: some 40 ms."""


@dataclass(frozen=True, eq=False)
class Trials:
    """What came out.

    Attributes
    ----------
    values : ndarray of float64, shape (trials of F1, trials of F0)
        The statistic.
    counted : ndarray of int64, of the same shape
        Harmonics that are distinct, or bins with frames.
    """

    values: Numbers
    counted: NDArray[np.int64]


def try_all(light: SearchLight, statistic: Statistic, grid: Grid, workers: Workers) -> Trials:
    """Measure all trials.

    Raises
    ------
    Cancelled
        If the job was cancelled.
    """
    shape = grid.f1.count, grid.f0.count
    made = Trials(np.zeros(shape), np.zeros(shape, np.int64))
    if statistic.kind == "ef":
        _try_folds(light, statistic, grid, workers, made)
    else:
        for span in _spans(grid, _SPAN):
            _try_harmonics(light, statistic, grid, span, workers, made)
    return made


def _spans(grid: Grid, length: int) -> Iterator[Span]:
    for first in range(0, grid.f0.count, length):
        yield Span(grid.f0, first, min(first + length, grid.f0.count))


def _try_harmonics(
    light: SearchLight, statistic: Statistic, grid: Grid, span: Span, workers: Workers, made: Trials
) -> None:
    numbers = range(1, statistic.harmonics + 1)
    bring = partial(on_even_times, light, span, f1_reach_hz_s=grid.f1.reach)
    harmonics = [one for _, one in workers.each(bring, numbers)]
    distinct = distinct_harmonics(
        light.frequency_hz + span.offsets, statistic.harmonics, light.interval_s,
        1.0 / light.span_s,
    )  # fmt: skip
    made.counted[:, span.columns] = distinct.sum(axis=0)

    def row(number: int) -> Numbers:
        sums = [one.sums(f1_offsets[number]) for one in harmonics]
        powers = np.array([one.real**2 + one.imag**2 for one in sums]) * (2.0 / light.scatter)
        return statistic.of_powers(powers, distinct)

    f1_offsets = grid.f1.offsets.tolist()
    rows = range(grid.f1.count)
    for number, values in workers.each(row, rows, lambda _: span.count):
        made.values[number, span.columns] = values


def _try_folds(
    light: SearchLight, statistic: Statistic, grid: Grid, workers: Workers, made: Trials
) -> None:
    length = max(1, min(_FRAME_TRIALS // light.frames, _SPAN))
    f1_offsets = grid.f1.offsets
    parts = ((number, span) for number in range(grid.f1.count) for span in _spans(grid, length))

    def folded(part: tuple[int, Span]) -> tuple[Numbers, Places]:
        number, span = part
        return chi_squares(light, span.offsets, f1_offsets[number], statistic.bins)

    for (number, span), (values, occupied) in workers.each(
        folded, parts, lambda part: part[1].count
    ):
        made.values[number, span.columns] = values
        made.counted[number, span.columns] = occupied


def chi_squares(
    light: SearchLight, offsets_hz: Numbers, f1_hz_s: float, bins: int
) -> tuple[Numbers, Places]:
    """Fold the light and compare it with a constant.

    Parameters
    ----------
    light : SearchLight
    offsets_hz : ndarray of float64, shape (trials,)
        Of F0.
    f1_hz_s : float
        Offset of F1, the same for all.
    bins : int

    Returns
    -------
    chi2 : ndarray of float64, shape (trials,)
    occupied : ndarray of int64, shape (trials,)
        Bins with frames.
    """
    from .search_kernels import fold_trials

    between, occupied = np.zeros(offsets_hz.size), np.zeros(offsets_hz.size, np.int64)
    fold_trials(
        light.values, light.turns, light.clock_s, light.half_square_s2,
        np.ascontiguousarray(offsets_hz), f1_hz_s, bins, between, occupied,
    )  # fmt: skip
    return between * (light.frames / light.scatter), occupied
