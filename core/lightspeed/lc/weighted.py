"""Weight mode: the most likely flux of a source in every bin of phase or time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...errors import NightglassError
from ..weight.trap import photons_from_electrons
from .blocks import RESAMPLINGS, block_count, scatter
from .grouping import around
from .parts import row_delays

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..reduce import Histograms, Recipe
    from ..weight import Background, CountModel
    from .parts import Part, Plan, Source

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


class Fluxes(NamedTuple):
    """Photo-electrons per second of a source in each bin, frames, and columns beside."""

    flux: Numbers
    error: Numbers
    frames: Numbers
    columns: dict[str, Numbers]


class _Shape(NamedTuple):
    """Pixels that take part, by delay, and the part of the source's light in each."""

    masks: tuple[tuple[Mask, float], ...]
    weights: Numbers


class _Samples(NamedTuple):
    """Histograms of counts, shape (groups, pixels, values), and electrons of the values."""

    counts: NDArray[np.uint32]
    lost: NDArray[np.uint32]
    pixels: NDArray[np.int64]
    u_e: Numbers


def weighted_fluxes(frames: Frames, plan: Plan, *, errors: bool = False) -> list[Fluxes]:
    """Find the most likely flux of each source in each bin.

    Natively the flux is photo-electrons per second of the source; the sky is measured in its own
    region in the same way, or fitted beside the source where the weights of a PSF tell them
    apart. Under published conventions it is per pixel, as the version of August 2026 has it.

    Parameters
    ----------
    frames : Frames
        What is measured.
    plan : Plan
        Sources and sky.
    errors : bool
        Whether errors come from resampled blocks of time.

    Raises
    ------
    NightglassError
        If a region is too large or too bright for it, or a frame cannot be read.
    Cancelled
        If the job was cancelled.
    """
    data_set = frames.data_set
    if errors:
        frames = frames._replace(blocks=block_count(data_set.num_frames()))
    if frames.n_bins * frames.blocks > MOST_GROUPS:
        raise _too_large(f"{frames.n_bins:,} bins")
    if data_set.corrections.properties is None:
        data_set.notice(
            "No bias was given: weight mode takes usual noise for every pixel. Give --bias."
        )
    if not data_set.conventions.is_native:
        if data_set.conventions.name == "v1":
            data_set.notice("Weight mode follows the published version of August 2026.")
        return [_published(frames, source) for source in plan.sources]
    sky = None if plan.sky is None else _sky(frames, plan.sky)
    if sky is None and not frames.limits.psf:
        data_set.notice("No sky region was given: the sky under each source is in its flux.")
    return [_fluxes(frames, source, sky) for source in plan.sources]


def _fluxes(frames: Frames, source: Source, sky: Background | None) -> Fluxes:
    from ..weight import NO_BACKGROUND, count_model, maximise

    shape = _shape(frames, source)
    samples = _samples(frames, shape)
    grouped = samples.counts.reshape(frames.blocks, frames.n_bins, *samples.counts.shape[1:])
    counts = grouped.sum(axis=0, dtype=np.float64)
    model = count_model(
        counts, samples.pixels, samples.u_e, _density(frames.data_set),
        n_electrons=frames.limits.n_electrons,
    )  # fmt: skip
    background: Any = sky or ("free" if frames.limits.psf else NO_BACKGROUND)
    fit = maximise(
        model, counts, shape.weights, frames.data_set.exposure_s, background=background,
        max_iterations=frames.limits.n_iterations,
    )  # fmt: skip
    for notice in fit.notices:
        frames.data_set.notice(notice)
    columns = _sky_columns(frames, fit, samples.pixels.size) if background else {}
    error = fit.error
    if frames.blocks > 1:
        error = _resampled_error(frames, model, grouped, shape.weights, background)
        columns = {**columns, "ERROR_POISSON": fit.error}
    return _assembled(frames, samples, fit.flux, error, columns)


def _sky_columns(frames: Frames, fit: Any, pixels: int) -> dict[str, Numbers]:
    ones = np.ones(frames.n_bins)
    return {
        "SKY": ones * fit.background * pixels,
        "SKY_ERROR": ones * fit.background_error * pixels,
    }


def _resampled_error(
    frames: Frames,
    model: CountModel,
    grouped: NDArray[np.uint32],
    weights: Numbers,
    background: Any,
) -> Numbers:
    from ..weight import maximise

    def flux(times: Numbers) -> Numbers:
        made = []
        for number, drawn in enumerate(times):
            if frames.ctx is not None:
                frames.ctx.check()
                frames.ctx.progress(number, len(times), "Resampling")
            counts = np.zeros(grouped.shape[1:])
            for block, share in zip(grouped, drawn, strict=True):
                if share:
                    counts += share * block
            fit = maximise(
                model, counts, weights, frames.data_set.exposure_s,
                background=background, max_iterations=frames.limits.n_iterations,
            )  # fmt: skip
            made.append(fit.flux)
        return np.array(made)

    return scatter(flux, frames.blocks, RESAMPLINGS, frames.seed)


def _sky(frames: Frames, sky: Part) -> Background:
    """Photo-electrons per pixel and second of the sky region, all frames together."""
    from ..weight import Background, count_model, maximise

    count = frames.data_set.num_frames()
    alone = frames._replace(bins=lambda _: np.zeros(count, np.int16), n_bins=1, blocks=1)
    samples = _samples(alone, _Shape(((sky.mask, 0.0),), np.ones(sky.pixels)))
    model = count_model(
        samples.counts, samples.pixels, samples.u_e, _density(frames.data_set),
        n_electrons=frames.limits.n_electrons,
    )  # fmt: skip
    ones = np.ones(sky.pixels)
    fit = maximise(model, samples.counts, ones, frames.data_set.exposure_s)
    return Background(float(fit.flux[0]), float(fit.error[0]))


def _published(frames: Frames, source: Source) -> Fluxes:
    from ..weight import published_fluxes

    data_set, limits = frames.data_set, frames.limits
    shape = _shape(frames, source)
    samples = _samples(frames, shape)
    further = {} if limits.n_electrons is None else {"n_electrons": limits.n_electrons}
    flux = published_fluxes(
        samples.counts, samples.pixels, samples.u_e, _density(data_set), data_set.exposure_s,
        weights=shape.weights / shape.weights.mean() if limits.psf else None,
        max_iterations=limits.n_iterations, **further,
    )  # fmt: skip
    return _assembled(frames, samples, flux, np.zeros(flux.size), {})


def _shape(frames: Frames, source: Source) -> _Shape:
    """Pixels of the source, or those around its star, each row with its delay."""
    data_set = frames.data_set
    mask = np.logical_or.reduce([part.mask for part in source.parts])
    weights = np.full(source.pixels, 1.0 / source.pixels)
    if frames.limits.psf:
        mask, weights = _star(source, data_set)
    flat = data_set.flat()
    if flat is not None and data_set.conventions.is_native:
        weights = weights * np.nan_to_num(flat[mask], nan=1.0)
    if not data_set.options.row_delay:
        return _Shape(((mask, 0.0),), weights)
    return _Shape(row_delays(mask, data_set), weights)


def _star(source: Source, data_set: DataSet) -> tuple[Mask, Numbers]:
    """Pixels around a star whose half maximum is the region, and their parts of its light."""
    from ..weight import half_maximum, psf_weights

    drawn = source.region.entry.shape
    assert drawn is not None  # only regions with a shape become sources
    contour, box = half_maximum(drawn), data_set.options.bbox
    if box is not None and data_set.conventions.is_native:
        contour = contour._replace(x_px=contour.x_px - box.left, y_px=contour.y_px - box.bottom)
    made = psf_weights(contour, data_set.shape, base=data_set.conventions.region_base)
    return made.mask, made.weights


def _samples(frames: Frames, shape: _Shape) -> _Samples:
    """Histograms of each pixel by block of time and bin (block after block)."""
    data_set = frames.data_set
    union = np.logical_or.reduce([mask for mask, _ in shape.masks])
    recipe, part = around(data_set, union)
    limits = _range_adu(frames, recipe, union[part])
    pixels = np.flatnonzero(union).astype(np.int64)
    cells = frames.n_bins * pixels.size * (limits[1] - limits[0] + 1)
    if cells * (_BYTES_PER_CELL + _BYTES_PER_BLOCK * frames.blocks) > _MOST_BYTES:
        raise _too_large(f"{pixels.size:,} pixels in {frames.n_bins:,} bins")
    pieces = [
        _counted(frames, recipe, mask[part], _groups(frames, delay_s), limits)
        for mask, delay_s in shape.masks
    ]
    beyond = sum(int(piece.below.sum()) for piece in pieces)
    if beyond:
        data_set.notice(f"{beyond:,} samples lie far below no electrons and were left out.")
    return _Samples(
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


def _assembled(
    frames: Frames, samples: _Samples, flux: Numbers, error: Numbers, columns: dict[str, Numbers]
) -> Fluxes:
    bins = frames.bins(0.0)
    count = np.bincount(bins[bins >= 0], minlength=frames.n_bins).astype(np.float64)
    lost = samples.lost.reshape(frames.blocks, frames.n_bins, -1).sum(axis=(0, 2))
    told = {"COUNT": count, "NLOST": lost.astype(np.float64), **columns}
    return Fluxes(np.where(count > 0, flux, np.nan), error, count, told)


def _density(data_set: DataSet) -> Any:
    properties, box = data_set.pixel_properties, data_set.options.bbox
    return (properties if box is None else properties.cropped(box)).density


def _too_large(what: str) -> NightglassError:
    return NightglassError(
        "Too much for weight mode",
        f"The histograms of {what} do not fit into memory.",
        "Draw a smaller region, use fewer bins, or use --mode sum.",
    )
