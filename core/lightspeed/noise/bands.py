"""Histograms of every pixel of a capture, band of rows by band of rows to bound the memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...engine.jobs import JobContext
from ..box import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ...engine.jobs import Progress
    from ..reduce.recipe import Recipe
    from .sources import NoiseSource

    Numbers = NDArray[np.float64]

# Histograms of a band; those of the one before are still there while they are made.
_BAND_BYTES = 24 << 20
# Biases further than this from the median do not widen the window of the others.
_MOST_SPREAD_E = 2.0


class Band(NamedTuple):
    """The pixels of some rows.

    Attributes
    ----------
    rows : slice
        Of the frame.
    low_adu : int
        The first count of the histograms.
    counts : ndarray of uint32, shape (n, counts)
        How often each pixel, row by row, had each count.
    outside : ndarray of int64, shape (n,)
        How often it had another one.
    """

    rows: slice
    low_adu: int
    counts: NDArray[np.uint32]
    outside: NDArray[np.int64]

    def edges_e(self, recipe: Recipe) -> tuple[float, float]:
        """Give the lower edge of the first count and the width of one, electrons."""
        step_e = 1.0 / recipe.adu_per_electron
        return (self.low_adu - 0.5 - recipe.offset_adu) * step_e, step_e


def plain_recipe(source: NoiseSource) -> Recipe:
    """Give the whole frames of a source with nothing taken off and nothing cut."""
    recipe = source.recipe(cut_cr=False, corrected=False, bbox=None)
    return replace(recipe, cosmic=None, pedestal_e=None)


def histogram_bands(
    source: NoiseSource,
    recipe: Recipe,
    centres_e: Numbers,
    reach_e: tuple[float, float],
    *,
    most_frames: int,
    ctx: JobContext | None = None,
    threads: int | None = None,
) -> Iterator[Band]:
    """Count the values of every pixel.

    Parameters
    ----------
    source : DataSet
        What to count.
    recipe : Recipe
        From `plain_recipe`.
    centres_e : ndarray, shape (rows, columns)
        About where the pixels scatter, electrons above the offset.
    reach_e : tuple of float
        How far below and above all centres counts are looked at.
    most_frames : int
        So many frames at most, from the first one on.
    ctx : JobContext or None
        Told of the progress in rows; checked.

    Yields
    ------
    Band
    """
    from ..reduce.moments import histograms

    columns = centres_e.shape[1]
    groups = _first_frames(source, most_frames)
    for rows in _bands(centres_e, recipe, reach_e):
        low, high = _window_adu(centres_e[rows], recipe, reach_e)
        band = replace(recipe, box=Box(0, rows.start, columns, rows.stop))
        mask = np.ones((rows.stop - rows.start, columns), np.bool_)
        made = histograms(
            source.cubes, band, mask, groups=groups, n_groups=1, low_adu=low, high_adu=high,
            ctx=_of_band(ctx, rows, len(centres_e)), threads=threads,
        )  # fmt: skip
        yield Band(rows, low, made.counts[0], made.below[0].astype(np.int64) + made.above[0])


def silent(ctx: JobContext | None) -> JobContext | None:
    """Give a context that stops with this one and reports nothing."""
    return None if ctx is None else JobContext(ctx.token)


def _of_band(ctx: JobContext | None, rows: slice, all_rows: int) -> JobContext | None:
    """Give a context for the work on some rows, whose progress is part of that of all."""
    if ctx is None:
        return None

    def pass_on(progress: Progress) -> None:
        done = (progress.fraction or 0.0) * (rows.stop - rows.start)
        ctx.progress(rows.start + round(done), all_rows, "Counting the values of rows")

    return JobContext(ctx.token, pass_on)


def _first_frames(source: NoiseSource, most: int) -> NDArray[np.int16]:
    """Group 0 for the frames that are used, -1 for the rest."""
    groups = np.full(sum(cube.n_frames for cube in source.cubes), -1, np.int16)
    groups[: min(most, source.num_frames())] = 0
    return groups


def _window_adu(
    centres_e: Numbers, recipe: Recipe, reach_e: tuple[float, float]
) -> tuple[int, int]:
    """Counts to look at: around all centres but those far from the rest."""
    middle = float(np.median(centres_e))
    near = centres_e[np.abs(centres_e - middle) <= _MOST_SPREAD_E]
    ends_e = np.array([near.min() - reach_e[0], near.max() + reach_e[1]])
    low, high = np.rint(recipe.offset_adu + recipe.adu_per_electron * ends_e)
    low = max(0, int(low))
    return low, max(low, int(high))


def _bands(centres_e: Numbers, recipe: Recipe, reach_e: tuple[float, float]) -> Iterator[slice]:
    """Bands of rows whose histograms fit into the memory allowed."""
    rows, columns = centres_e.shape
    most_counts = (sum(reach_e) + 2.0 * _MOST_SPREAD_E) * recipe.adu_per_electron + 2.0
    step = max(1, int(_BAND_BYTES / (4.0 * most_counts * columns)))
    for first in range(0, rows, step):
        yield slice(first, min(first + step, rows))
