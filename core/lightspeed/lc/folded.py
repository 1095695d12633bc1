"""Folded light curves of the sources in a region file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..modes import Mode, check_mode
from ..products import describe
from .blocks import RESAMPLINGS, block_count, require_seed, scatter
from .folding import FRAMES, LIGHT, LOST, SATURATED, Folds, fold_all, require_bins
from .grouping import phase_bins
from .lightcurve import ELECTRONS, PHOTONS, Lightcurve, bin_edges
from .parts import Plan, Source, make_plan

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...timing.fold import Folded
    from ..data_set import DataSet
    from ..ephemeris import Ephemeris

    Numbers = NDArray[np.float64]

MOST_BINS = 10_000


@dataclass(frozen=True)
class Wanted:
    """What is asked of a light curve, beside frames and regions; see `light_curve`."""

    mode: Mode = "sum"
    psf: bool = False
    n_electrons: int | None = None
    n_iterations: int = 25
    qe: bool = False
    errors: bool = False
    seed: int = 0

    @property
    def is_photons(self) -> bool:
        """Whether the internal quantum efficiency is undone."""
        return self.qe or self.mode == "weight"

    def options(self) -> dict[str, object]:
        """Give the options in force, for a header."""
        is_weight = self.mode == "weight"
        return {
            "mode": self.mode,
            "psf": self.psf,
            "qe": self.is_photons,
            "errors": self.errors,
            "seed": self.seed if self.errors else None,
            "n_electrons": self.n_electrons if is_weight else None,
            "n_iterations": self.n_iterations if is_weight else None,
        }


def light_curve(
    data_set: DataSet,
    roi: str | os.PathLike[str],
    ephemeris: Ephemeris,
    n_bins: int,
    *,
    mode: Mode = "sum",
    background: str | os.PathLike[str] | None = None,
    psf: bool = False,
    n_electrons: int | None = None,
    n_iterations: int = 25,
    qe: bool = False,
    errors: bool = False,
    seed: int = 0,
    ctx: JobContext | None = None,
) -> tuple[Lightcurve, ...]:
    """Fold the light of each source of a region file.

    Parameters
    ----------
    data_set : DataSet
        The frames. With its option `row_delay` every row of a region is timed by itself.
    roi : path-like
        Each included region is a source, regions marked as background are the sky.
    ephemeris : Ephemeris
        Gives the phases.
    n_bins : int
        Bins of a turn.
    mode : str
        "sum" adds electrons, "clip" adds them rounded to whole numbers, "weight" finds the most
        likely flux.
    background : path-like or None
        A region file all of which is sky.
    psf : bool
        Weight mode: the region is the half-maximum contour of a star, pixels up to three times as
        far out are weighted by its light.
    n_electrons : int or None
        Weight mode: electrons the likelihood goes up to; None for as many as needed.
    n_iterations : int
        Weight mode: most steps.
    qe : bool
        Sum and clip: photo-electrons instead of detected electrons. The internal quantum
        efficiency is undone on the mean of each pixel and bin per frame.
    errors : bool
        Whether errors come from resampling blocks of time instead of the noise expected.
    seed : int
        Of the resampling.
    ctx : JobContext or None
        Told of the progress; checked.

    Returns
    -------
    tuple of Lightcurve
        One for each source. Flux is per second, the sky taken off by its share of the pixels;
        errors are those of Poisson and of the read noise, or of the likelihood.

    Raises
    ------
    NightglassError
        If an option makes no sense, a region holds no pixel, the capture is shorter than a bin,
        or a frame cannot be read.
    Cancelled
        If the job was cancelled.

    Notes
    -----
    A frame is spread over the phases that it covers. In weight mode, and under the conventions of
    August 2026, it counts for the bin of its middle.
    """
    check_mode(mode, n_electrons, n_iterations, psf=psf)
    require_bins(data_set, ephemeris, n_bins, MOST_BINS)
    require_seed(seed)
    wanted = Wanted(mode, psf, n_electrons, n_iterations, qe, errors, seed)
    plan = make_plan(
        data_set, roi, background, clip=mode == "clip", by_rows=data_set.options.row_delay
    )
    if mode == "weight":
        curves = _weighted(data_set, plan, ephemeris, n_bins, wanted, ctx)
    else:
        curves = _added_up(data_set, plan, ephemeris, n_bins, wanted, ctx)
    options = {**wanted.options(), "roi": str(roi), "background": background, "bins": n_bins}
    return tuple(_described(curve, data_set, ephemeris, options) for curve in curves)


def _added_up(
    data_set: DataSet, plan: Plan, ephemeris: Ephemeris, n_bins: int, wanted: Wanted,
    ctx: JobContext | None,
) -> list[Lightcurve]:  # fmt: skip
    n_blocks = block_count(data_set.num_frames()) if wanted.errors else 0
    if plan.sky is None and data_set.conventions.is_native:
        data_set.notice("No sky region was given: the sky under each source is in its flux.")
    folds = fold_all(data_set, plan, ephemeris, n_bins, n_blocks=n_blocks, ctx=ctx)
    curves = []
    first = 0
    for source in plan.sources:
        indices = range(first, first + len(source.parts))
        first += len(source.parts)
        curve = _curve(folds, plan, source, indices, data_set.exposure_s)
        if wanted.errors:
            curve = _with_scatter(curve, folds, plan, source, indices, wanted.seed)
        curves.append(curve)
    if wanted.qe:
        from .efficiency import in_photons

        curves = in_photons(data_set, plan, ephemeris, curves, ctx)
    return curves


def _weighted(
    data_set: DataSet,
    plan: Plan,
    ephemeris: Ephemeris,
    n_bins: int,
    wanted: Wanted,
    ctx: JobContext | None,
) -> list[Lightcurve]:
    from .sampling import Frames, Limits
    from .weighted import weighted_fluxes

    limits = Limits(wanted.psf, wanted.n_electrons, wanted.n_iterations)
    bins = partial(phase_bins, data_set, ephemeris, n_bins)
    frames = Frames(data_set, bins, n_bins, limits, ctx, seed=wanted.seed)
    edges, exposure_s = bin_edges(n_bins), data_set.exposure_s
    return [
        Lightcurve(
            edges[:-1],
            edges[1:],
            made.flux,
            made.error,
            made.frames * exposure_s,
            made.columns,
            source.region.name,
            PHOTONS,
            1.0,
            exposure_s,
        )
        for source, made in zip(
            plan.sources, weighted_fluxes(frames, plan, errors=wanted.errors), strict=True
        )
    ]


class _Rates(NamedTuple):
    """Sum over parts: rate, variance, mean exposure, and the rows beside the light."""

    rate: Numbers
    variance: Numbers
    exposure_s: Numbers
    rows: Numbers
    spread_bins: float


def _curve(
    folds: Folds, plan: Plan, source: Source, indices: range, exposure_s: float
) -> Lightcurve:
    """Subtract the sky of a source."""
    light = _sum_of_parts([folds.whole[index] for index in indices],
                          [part.noise_e2 for part in source.parts])  # fmt: skip
    flux, variance = light.rate, light.variance
    columns = {
        "COUNT": light.rows[FRAMES],
        "NLOST": light.rows[LOST] * len(source.parts),
        "SATURATED": light.rows[SATURATED],
    }
    if plan.sky is not None:
        sky = _sum_of_parts([folds.whole[-1]], [plan.sky.noise_e2])
        area = plan.area(source)
        flux, variance = flux - area * sky.rate, variance + area**2 * sky.variance
        columns |= {"SKY": area * sky.rate, "SKY_ERROR": area * np.sqrt(sky.variance)}
    edges = bin_edges(flux.size)
    return Lightcurve(
        edges[:-1], edges[1:], flux, np.sqrt(variance), light.exposure_s, columns,
        source.region.name, ELECTRONS, light.spread_bins, exposure_s,
    )  # fmt: skip


def _sum_of_parts(parts: list[Folded], noise_e2: list[float]) -> _Rates:
    """Add up rates, each by its own exposure; where one part has none there is no sum."""
    rate = sum(part.rate[LIGHT] for part in parts)
    variance = sum(_variance(part, noise) for part, noise in zip(parts, noise_e2, strict=True))
    rows = sum(part.sums for part in parts) / len(parts)
    exposure_s = sum(part.exposure_s for part in parts) / len(parts)
    frames = sum(part.counts.sum() for part in parts)
    squares = sum(part.variances[FRAMES].sum() for part in parts)
    return _Rates(
        np.asarray(rate), np.asarray(variance), np.asarray(exposure_s), np.asarray(rows),
        float(frames / squares) if squares > 0 else 1.0,
    )  # fmt: skip


def _variance(part: Folded, noise_e2: float) -> Numbers:
    """Variance of the rate of a part: never less than the read noise of its frames."""
    least = noise_e2 * part.variances[FRAMES]
    exposed = part.exposure_s > 0
    squared = np.where(exposed, part.exposure_s, np.nan) ** 2
    return np.asarray(np.maximum(part.variances[LIGHT], least) / squared, np.float64)


def _with_scatter(
    curve: Lightcurve, folds: Folds, plan: Plan, source: Source, indices: range, seed: int
) -> Lightcurve:
    """Take the error from resampled blocks of time, and keep the other one beside it."""

    def flux(times: Numbers) -> Numbers:
        rates = [_resampled(folds.blocks[index], times) for index in indices]
        net = np.sum(rates, axis=0)
        if plan.sky is None:
            return np.asarray(net)
        return np.asarray(net - plan.area(source) * _resampled(folds.blocks[-1], times))

    error = scatter(flux, len(folds.blocks[0]), RESAMPLINGS, seed)
    return replace(curve, error=error, columns={**curve.columns, "ERROR_POISSON": curve.error})


def _resampled(blocks: list[Folded], times: Numbers) -> Numbers:
    """Rates when each block counts so many times, shape (resamplings, n_bins)."""
    light = times @ np.array([block.sums[LIGHT] for block in blocks])
    exposure_s = times @ np.array([block.exposure_s for block in blocks])
    unknown = np.full(light.shape, np.nan)
    np.divide(light, exposure_s, out=unknown, where=exposure_s > 0)
    return unknown


def _described(
    curve: Lightcurve, data_set: DataSet, ephemeris: Ephemeris, options: dict[str, Any]
) -> Lightcurve:
    from astropy.io import fits

    header = fits.Header()
    header["NU"] = (ephemeris.nu_hz, "[Hz] F0 of the par file")
    header["PSR"] = (ephemeris.solution.psr, "pulsar")
    header["FREQ"] = (ephemeris.frequency_hz(data_set.frame_times()), "[Hz] spin seen here")
    told = {"eph": ephemeris.solution.path, "observatory": ephemeris.site.name}
    describe(header, data_set, options={**options, **told}, notes=ephemeris.notices)
    has_flat = data_set.flat() is not None and data_set.conventions.is_native
    header["FLATCORR"] = ("T" if has_flat else "F", "divided by a flat")
    unit = PHOTONS if options["qe"] else ELECTRONS
    return replace(curve, header=header, unit=unit)
