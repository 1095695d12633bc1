"""Electrons in apertures, frame by frame."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from .blocks import Window, saturation_code
from .pool import Span, Watch, count_frames, run, spans, threads_of
from .reading import Batch, Reader
from .recipe import Recipe, shape_of
from .views import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..cube_header import CubeHeader

_SPAN_FRAMES = 4096
_RESCALE = {"none": 0, "pixels": 1, "template": 2}


class ApertureSums(NamedTuple):
    """Sums over masks.

    Attributes
    ----------
    flux_e : ndarray of float64, shape (n_masks, n_frames)
        Electrons; NaN where every pixel of the mask was lost.
    lost : ndarray of int32, shape (n_masks, n_frames)
        Pixels of the mask flagged as cosmic rays.
    saturated : ndarray of bool, shape (n_frames,)
        Whether a pixel of any mask is saturated.
    pixels : ndarray of int64, shape (n_masks,)
        Of each mask.
    """

    flux_e: NDArray[np.float64]
    lost: NDArray[np.int32]
    saturated: NDArray[np.bool_]
    pixels: NDArray[np.int64]


class _Mask(NamedTuple):
    """A mask as the kernel takes it."""

    runs: NDArray[np.int64]
    member: NDArray[np.bool_]
    weights: NDArray[np.float64]
    pixels: int
    pedestal_e: float


def aperture_sums(
    cubes: Sequence[CubeHeader],
    recipe: Recipe,
    masks: Sequence[NDArray[np.bool_]],
    *,
    clip: bool = False,
    ctx: JobContext | None = None,
    threads: int | None = None,
    mapping: bool | None = None,
    weights: Sequence[NDArray[np.float64]] | None = None,
) -> ApertureSums:
    """Add up the electrons in each mask in each frame.

    Sums of counts are exact, so that the result does not depend on the number of threads. A sum
    that lost pixels to cosmic rays is restored as the recipe says: with "template" it gets
    ``T_lost (good + c) / (T_good + c)`` more, where T is the mean light of the pixels in the two
    nearest other frames of the cube, good that of the pixels that stayed (none below 0) and c is
    10 electrons, which keeps the noise of faint light out of the ratio.

    Parameters
    ----------
    cubes : sequence of CubeHeader
        Frames are numbered through them in this order; a cube may occur twice.
    recipe : Recipe
        Counts to electrons.
    masks : sequence of bool ndarray, shape (rows, columns) of the cropped frame
        Pixels of each aperture.
    clip : bool
        Round the electrons of each pixel to whole numbers first (half to even).
    ctx : JobContext or None
        Told of the progress in frames; looked at for a cancel.
    threads : int or None
        None for one per processor.
    mapping : bool or None
        True maps the files, False reads them, None takes the faster way that is safe.
    weights : sequence of float64 ndarray, shape (rows, columns), or None
        One for each mask: the sum is weighted, and so are the numbers n and the light T.

    Returns
    -------
    ApertureSums

    Raises
    ------
    NightglassError
        If a cube cannot be read, or the cubes differ in shape.
    ValueError
        If a mask does not fit.
    Cancelled
        If the job was cancelled.
    """
    total = count_frames(cubes)
    result = _empty(masks, total)
    if total == 0 or not masks:
        return result
    shape = common_shape(cubes, recipe)
    part = extent(masks, shape)
    reader = Reader(cubes, recipe, part, np.logical_or.reduce(masks), mapping)
    ready = [
        _prepare(mask, None if weights is None else weights[i], reader)
        for i, mask in enumerate(masks)
    ]
    watch = Watch(ctx, total)
    work = partial(_measure, reader, ready, clip, watch, result)
    workers = threads_of(threads)
    size = max(1, min(_SPAN_FRAMES, -(-total // (2 * workers))))
    run([partial(work, span) for span in spans(cubes, size, total)], watch, workers)
    return result


def _empty(masks: Sequence[NDArray[np.bool_]], total: int) -> ApertureSums:
    return ApertureSums(
        np.zeros((len(masks), total)),
        np.zeros((len(masks), total), np.int32),
        np.zeros(total, np.bool_),
        np.array([np.count_nonzero(mask) for mask in masks], np.int64),
    )


def common_shape(cubes: Sequence[CubeHeader], recipe: Recipe) -> tuple[int, int]:
    """Shape of the cropped frames of all cubes.

    Raises
    ------
    NightglassError
        If they differ.
    """
    for cube in cubes:
        if cube.shape != cubes[0].shape:
            raise NightglassError(
                "Frames of different shapes",
                f"{cube.path.name} has {cube.rows} x {cube.columns} pixels, "
                f"{cubes[0].path.name} {cubes[0].rows} x {cubes[0].columns}.",
                "Measure them separately.",
                cube.path,
            )
    return shape_of(cubes[0], recipe)


def extent(masks: Sequence[NDArray[np.bool_]], shape: tuple[int, int]) -> Window:
    """Smallest window around all masks; one pixel if they are empty."""
    for mask in masks:
        if mask.shape != shape:
            raise ValueError(f"a mask has the shape {mask.shape}, not {shape}")
    union = np.logical_or.reduce(masks)
    rows, columns = np.flatnonzero(union.any(1)), np.flatnonzero(union.any(0))
    if rows.size == 0:
        return Window(0, 1, 0, 1)
    return Window(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)


def _prepare(mask: NDArray[np.bool_], weights: NDArray[np.float64] | None, reader: Reader) -> _Mask:
    member = mask[reader.window.slices]
    pedestal = reader.window.of(reader.recipe.pedestal_e)
    part = reader.window.of(weights)
    return _Mask(
        frozen(runs_of(member)),
        frozen(member),
        frozen(np.zeros((0, 0)) if part is None else part.astype(np.float64)),
        int(np.count_nonzero(member)),
        0.0 if pedestal is None else float(pedestal[member].sum()),
    )


def runs_of(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Runs of pixels of a mask: row, first column, last column (not in it), shape (n, 3)."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, first = np.nonzero(steps == 1)
    return np.column_stack([rows, first, np.nonzero(steps == -1)[1]]).astype(np.int64)


def _measure(
    reader: Reader,
    masks: Sequence[_Mask],
    clip: bool,
    watch: Watch,
    result: ApertureSums,
    span: Span,
) -> None:
    """Fill in the frames of one span."""
    saturation = saturation_code(span.cube, reader.recipe)
    options = (clip, _RESCALE[reader.recipe.rescale], saturation)
    for batch in reader.batches(span, watch):
        _add_up(batch, masks, options, result)
        watch.advance(batch.span[1] - batch.span[0])


def _add_up(
    batch: Batch, masks: Sequence[_Mask], options: tuple[bool, int, int], result: ApertureSums
) -> None:
    from . import aperture_kernels

    stored, rule, bases, first, span, found, ends, numbers = batch
    for number, mask in enumerate(masks):
        parts = mask.runs, mask.member, mask.weights, mask.pixels, mask.pedestal_e
        aperture_kernels.add_up(
            stored, rule, bases, first, span, parts, options, found, ends,
            result.flux_e[number, numbers], result.lost[number, numbers], result.saturated[numbers],
        )  # fmt: skip
