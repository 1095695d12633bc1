"""Histograms of the counts of pixels, by bin and block of time, for weight mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from ..weight.trap import photons_from_electrons
from .grouping import around

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..reduce import Histograms, Recipe

    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Groups = NDArray[np.int16]

MOST_GROUPS = 32_000
_LOWEST_E = -3.0
# Sums of histograms and the tables of the likelihood take about so many bytes a cell, the
# histograms of each block of time their own.
_BYTES_PER_CELL, _BYTES_PER_BLOCK, _MOST_BYTES = 24, 4, 700 << 20
# The published version's histograms go on beyond its sums over electrons.
_PUBLISHED_HIGHEST_E = 60


class Limits(NamedTuple):
    """Whether pixels are weighted by a PSF, electrons the likelihood goes up to, most steps."""

    psf: bool = False
    n_electrons: int | None = None
    n_iterations: int = 25


class Frames(NamedTuple):
    """Frames and their bins.

    Attributes
    ----------
    bins : callable
        ``bins(delay_s)`` gives the bin of every frame in use, -1 for none, for rows that are read
        so many seconds after the middle one.
    blocks : int
        Blocks of consecutive frames that are resampled for errors; 1 for none.
    """

    data_set: DataSet
    bins: Callable[[float], Groups]
    n_bins: int
    limits: Limits
    ctx: JobContext | None = None
    blocks: int = 1
    seed: int = 0


class Shape(NamedTuple):
    """Pixels that take part, by delay, and the part of the source's light in each."""

    masks: tuple[tuple[Mask, float], ...]
    weights: Numbers


class Samples(NamedTuple):
    """Histograms of counts, shape (groups, pixels, values), and electrons of the values."""

    counts: NDArray[np.uint32]
    lost: NDArray[np.uint32]
    pixels: NDArray[np.int64]
    u_e: Numbers


def count_samples(frames: Frames, shape: Shape) -> Samples:
    """Count how often each pixel had each count, by block of time and bin (block after block).

    Raises
    ------
    NightglassError
        If the histograms do not fit into memory, or a frame cannot be read.
    """
    data_set = frames.data_set
    union = np.logical_or.reduce([mask for mask, _ in shape.masks])
    recipe, part = around(data_set, union)
    limits = _range_adu(frames, recipe, union[part])
    pixels = np.flatnonzero(union).astype(np.int64)
    cells = frames.n_bins * pixels.size * (limits[1] - limits[0] + 1)
    if cells * (_BYTES_PER_CELL + _BYTES_PER_BLOCK * frames.blocks) > _MOST_BYTES:
        raise too_large(f"{pixels.size:,} pixels in {frames.n_bins:,} bins")
    pieces = [
        _counted(frames, recipe, mask[part], _groups(frames, delay_s), limits)
        for mask, delay_s in shape.masks
    ]
    beyond = sum(int(piece.below.sum()) for piece in pieces)
    if beyond:
        data_set.notice(f"{beyond:,} samples lie far below no electrons and were left out.")
    return Samples(
        _joined([piece.counts for piece in pieces]),
        _joined([piece.lost for piece in pieces]),
        pixels,
        _electrons(data_set.recipe(), np.arange(limits[0], limits[1] + 1.0), pixels),
    )


def _joined(pieces: list[NDArray[np.uint32]]) -> NDArray[np.uint32]:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=1)


def _counted(
    frames: Frames, recipe: Recipe, mask: Mask, groups: Groups, limits: tuple[int, int]
) -> Histograms:
    from ..reduce import histograms

    data_set = frames.data_set
    return histograms(
        data_set.cubes, recipe, mask, groups=data_set.groups(groups),
        n_groups=frames.n_bins * frames.blocks, low_adu=limits[0], high_adu=limits[1],
        ctx=frames.ctx, threads=data_set.options.threads,
    )  # fmt: skip


def _electrons(recipe: Recipe, adu: Numbers, pixels: NDArray[np.int64]) -> Numbers:
    """Electrons of each count in each pixel, shape (pixels, counts)."""
    values = np.tile((adu - recipe.offset_adu) / recipe.adu_per_electron, (pixels.size, 1))
    if recipe.pedestal_e is not None:
        values -= recipe.pedestal_e.ravel()[pixels][:, np.newaxis]
    return values


def _groups(frames: Frames, delay_s: float = 0.0) -> Groups:
    """Group of every frame: its bin, after those of the blocks before its own."""
    bins = frames.bins(delay_s)
    block = np.arange(bins.size) * frames.blocks // max(bins.size, 1)
    return np.where(bins < 0, -1, block * frames.n_bins + bins).astype(np.int16)


def _range_adu(frames: Frames, recipe: Recipe, mask: Mask) -> tuple[int, int]:
    """Lowest and highest raw count told apart: as far as the brightest pixel needs."""
    pedestal = np.zeros(1) if recipe.pedestal_e is None else recipe.pedestal_e[mask]
    highest_e = _highest_e(frames, recipe, mask)
    low = recipe.offset_adu + recipe.adu_per_electron * (_LOWEST_E + float(pedestal.min()))
    high = recipe.offset_adu + recipe.adu_per_electron * (highest_e + 0.5 + float(pedestal.max()))
    return max(0, int(low)), int(min(high, 65_535.0))


def _highest_e(frames: Frames, recipe: Recipe, mask: Mask) -> float:
    from ..reduce import stack

    data_set, asked = frames.data_set, frames.limits.n_electrons
    if asked is not None:
        is_native = data_set.conventions.is_native
        return float(asked if is_native else max(asked, _PUBLISHED_HIGHEST_E))
    made = stack(
        data_set.cubes, recipe, groups=data_set.groups(frames.bins(0.0)), n_groups=frames.n_bins,
        ctx=frames.ctx, threads=data_set.options.threads,
    )  # fmt: skip
    mean = made.sum_e[:, mask] / np.maximum(made.good[:, mask], 1)
    brightest = max(float(np.max(photons_from_electrons(mean))), 0.0)
    return float(np.ceil(brightest + 7.0 * np.sqrt(brightest) + 8.0))


def too_large(what: str) -> NightglassError:
    """Say that a region or the bins are too many for memory."""
    return NightglassError(
        "Too much for weight mode",
        f"The histograms of {what} do not fit into memory.",
        "Draw a smaller region, use fewer bins, or use --mode sum.",
    )
