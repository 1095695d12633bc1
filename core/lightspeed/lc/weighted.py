"""Weight mode: the most likely flux of a source in every bin of phase or time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .blocks import RESAMPLINGS, block_count, scatter
from .parts import row_delays
from .sampling import MOST_GROUPS, Frames, Samples, Shape, count_samples, too_large

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ..data_set import DataSet
    from ..weight import Background
    from .parts import Part, Plan, Source

    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Groups = NDArray[np.int16]


class Fluxes(NamedTuple):
    """Photo-electrons per second of a source in each bin, frames, and columns beside."""

    flux: Numbers
    error: Numbers
    frames: Numbers
    columns: dict[str, Numbers]


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
        raise too_large(f"{frames.n_bins:,} bins")
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
    samples = count_samples(frames, shape)
    grouped = samples.counts.reshape(frames.blocks, frames.n_bins, *samples.counts.shape[1:])
    counts = grouped.sum(axis=0, dtype=np.float64)
    model = count_model(
        counts, samples.pixels, samples.u_e, _density(frames.data_set),
        n_electrons=frames.limits.n_electrons,
    )  # fmt: skip
    background: Any = sky or ("free" if frames.limits.psf else NO_BACKGROUND)
    likeliest = partial(
        maximise, model, weights=shape.weights, exposure_s=frames.data_set.exposure_s,
        background=background, max_iterations=frames.limits.n_iterations,
    )  # fmt: skip
    fit = likeliest(counts)
    for notice in fit.notices:
        frames.data_set.notice(notice)
    columns = _sky_columns(frames, fit, samples.pixels.size) if background else {}
    error = fit.error
    if frames.blocks > 1:
        error = _resampled_error(frames, grouped, lambda drawn: likeliest(drawn).flux)
        columns = {**columns, "ERROR_POISSON": fit.error}
    return _assembled(frames, samples, fit.flux, error, columns)


def _sky_columns(frames: Frames, fit: Any, pixels: int) -> dict[str, Numbers]:
    ones = np.ones(frames.n_bins)
    return {
        "SKY": ones * fit.background * pixels,
        "SKY_ERROR": ones * fit.background_error * pixels,
    }


def _resampled_error(
    frames: Frames, grouped: NDArray[np.uint32], fit: Callable[[Numbers], Numbers]
) -> Numbers:
    """Scatter of the fluxes that `fit` finds when blocks of time are drawn again and again."""

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
            made.append(fit(counts))
        return np.array(made)

    return scatter(flux, frames.blocks, RESAMPLINGS, frames.seed)


def _sky(frames: Frames, sky: Part) -> Background:
    """Photo-electrons per pixel and second of the sky region, all frames together."""
    from ..weight import Background, count_model, maximise

    count = frames.data_set.num_frames()
    alone = frames._replace(bins=lambda _: np.zeros(count, np.int16), n_bins=1, blocks=1)
    samples = count_samples(alone, Shape(((sky.mask, 0.0),), np.ones(sky.pixels)))
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
    samples = count_samples(frames, shape)
    further = {} if limits.n_electrons is None else {"n_electrons": limits.n_electrons}

    def fit(counts: Numbers) -> Numbers:
        return published_fluxes(
            counts, samples.pixels, samples.u_e, _density(data_set), data_set.exposure_s,
            weights=shape.weights / shape.weights.mean() if limits.psf else None,
            max_iterations=limits.n_iterations, **further,
        )  # fmt: skip

    grouped = samples.counts.reshape(frames.blocks, frames.n_bins, *samples.counts.shape[1:])
    flux = fit(grouped.sum(axis=0, dtype=np.float64))
    error = np.zeros(flux.size)
    if frames.blocks > 1:
        error = _resampled_error(frames, grouped, fit)
    return _assembled(frames, samples, flux, error, {})


def _shape(frames: Frames, source: Source) -> Shape:
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
        return Shape(((mask, 0.0),), weights)
    return Shape(row_delays(mask, data_set), weights)


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


def _assembled(
    frames: Frames, samples: Samples, flux: Numbers, error: Numbers, columns: dict[str, Numbers]
) -> Fluxes:
    bins = frames.bins(0.0)
    count = np.bincount(bins[bins >= 0], minlength=frames.n_bins).astype(np.float64)
    lost = samples.lost.reshape(frames.blocks, frames.n_bins, -1).sum(axis=(0, 2))
    told = {"COUNT": count, "NLOST": lost.astype(np.float64), **columns}
    return Fluxes(np.where(count > 0, flux, np.nan), error, count, told)


def _density(data_set: DataSet) -> Any:
    properties, box = data_set.pixel_properties, data_set.options.bbox
    return (properties if box is None else properties.cropped(box)).density
