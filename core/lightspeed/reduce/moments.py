"""How the values of each pixel are spread: raw moments, and histograms of counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .apertures import extent, runs_of
from .bands import work_on_bands
from .blocks import Window
from .pool import count_frames
from .stacks import checked_groups, inner_rows, shape_of_cubes
from .views import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..cube_header import CubeHeader
    from .pool import Span, Watch
    from .reading import Reader
    from .recipe import Recipe


class Moments(NamedTuple):
    """Raw moments of the electrons of each pixel, shape (rows, columns).

    Attributes
    ----------
    good : ndarray of int64
        Frames that counted.
    m1, m2, m3 : ndarray of float64
        Means of the first, second and third power; NaN where no frame counted.
    """

    good: NDArray[np.int64]
    m1: NDArray[np.float64]
    m2: NDArray[np.float64]
    m3: NDArray[np.float64]


class Histograms(NamedTuple):
    """How often each pixel of a mask had each count.

    Attributes
    ----------
    counts : ndarray of uint32, shape (n_groups, n_pixels, high - low + 1)
        Of raw counts `low` to `high`.
    below, above, lost : ndarray of uint32, shape (n_groups, n_pixels)
        Counts outside of them, and cosmic rays, which are nowhere else.
    pixels : ndarray of int64, shape (n_pixels,)
        Flat indices in the cropped frame, row-major.
    """

    counts: NDArray[np.uint32]
    below: NDArray[np.uint32]
    above: NDArray[np.uint32]
    lost: NDArray[np.uint32]
    pixels: NDArray[np.int64]


def moments(
    cubes: Sequence[CubeHeader],
    recipe: Recipe,
    *,
    folded: bool = False,
    max_frames: int = 10_000,
    ctx: JobContext | None = None,
    threads: int | None = None,
) -> Moments:
    """Find the raw moments of the electrons of each pixel.

    Parameters
    ----------
    cubes : sequence of CubeHeader
        Of one capture.
    recipe : Recipe
        Counts to electrons.
    folded : bool
        Of ``x - floor(x + 1/2)`` instead of x: the distance to the next whole number.
    max_frames : int
        At most so many frames from the start.
    ctx : JobContext or None
        Told of the progress in frames; looked at for a cancel.
    threads : int or None
        None for one per processor; the result does not depend on it.

    Returns
    -------
    Moments

    Raises
    ------
    NightglassError
        If there are no cubes, one cannot be read, or they differ in shape.
    Cancelled
        If the job was cancelled.
    """
    shape = shape_of_cubes(cubes, recipe)
    n_frames = min(max_frames, count_frames(cubes))
    powers, lost = np.zeros((3, *shape)), np.zeros(shape, np.uint32)

    def add(reader: Reader, span: Span, watch: Watch, band: Window) -> None:
        from . import sum_kernels

        inner = inner_rows(reader, band)
        for batch in reader.batches(span, watch):
            sum_kernels.add_moments(*batch[:7], inner, band.first_row, folded, powers, lost)

    part = Window(0, shape[0], 0, shape[1])
    work_on_bands(cubes, recipe, part, add, n_frames=n_frames, ctx=ctx, threads=threads)
    good = n_frames - lost.astype(np.int64)
    powers[:, good == 0] = np.nan
    powers /= np.maximum(good, 1)
    return Moments(good, *powers)


def histograms(
    cubes: Sequence[CubeHeader],
    recipe: Recipe,
    mask: NDArray[np.bool_],
    *,
    groups: NDArray[np.int16] | None = None,
    n_groups: int = 1,
    low_adu: int,
    high_adu: int,
    ctx: JobContext | None = None,
    threads: int | None = None,
) -> Histograms:
    """Count how often each pixel of a mask has each raw count.

    Parameters
    ----------
    cubes : sequence of CubeHeader
        Frames are numbered through them in this order.
    recipe : Recipe
        Tells what is a cosmic ray; those are counted as lost.
    mask : ndarray of bool, shape (rows, columns) of the cropped frame
        Pixels wanted.
    groups, n_groups
        As for `stacks.stack`.
    low_adu, high_adu : int
        Lowest and highest count told apart.
    ctx : JobContext or None
        Told of the progress in frames; looked at for a cancel.
    threads : int or None
        None for one per processor.

    Returns
    -------
    Histograms

    Raises
    ------
    NightglassError
        If there are no cubes, one cannot be read, or they differ in shape.
    ValueError
        If mask or groups do not fit.
    Cancelled
        If the job was cancelled.
    """
    part = extent([mask], shape_of_cubes(cubes, recipe))
    total = count_frames(cubes)
    chosen = checked_groups(groups, n_groups, total)
    pixels = np.flatnonzero(mask).astype(np.int64)
    counts = np.zeros((n_groups, pixels.size, high_adu - low_adu + 1), np.uint32)
    rest = np.zeros((n_groups, 3, pixels.size), np.uint32)

    def count(reader: Reader, span: Span, watch: Watch, band: Window) -> None:
        from . import count_kernels

        runs, places = _places(reader, band, mask)
        for batch in reader.batches(span, watch):
            count_kernels.count_values(
                *batch[:7], frozen(chosen[batch.numbers]), runs, places, low_adu, counts, rest
            )

    work_on_bands(cubes, recipe, part, count, n_frames=total, wanted=mask, ctx=ctx, threads=threads)
    return Histograms(counts, rest[:, 0], rest[:, 1], rest[:, 2], pixels)


def _places(
    reader: Reader, band: Window, mask: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pixels of the mask in a band, as `count_kernels.count_values` takes them."""
    earlier = int(np.count_nonzero(mask[: band.first_row]))
    places = np.cumsum(reader.wanted, dtype=np.int64).reshape(reader.wanted.shape) + earlier - 1
    runs = runs_of(reader.wanted)
    return frozen(np.column_stack([runs, places[runs[:, 0], runs[:, 1]]])), frozen(places)
