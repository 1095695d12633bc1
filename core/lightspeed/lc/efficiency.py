"""Photo-electrons of light curves: the internal quantum efficiency undone pixel by pixel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..weight.trap import photons_from_electrons, photons_per_electron
from .grouping import around, phase_bins
from .lightcurve import PHOTONS, Lightcurve
from .parts import Plan, Source, noise_variance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..ephemeris import Ephemeris

    Numbers = NDArray[np.float64]


class _Means(NamedTuple):
    """Mean electrons per frame by bin, shape (n_bins, rows, columns) of `part`; read noise."""

    mean_e: Numbers
    part: tuple[slice, slice]
    noise_e2: Numbers


class Response(NamedTuple):
    """Of a mask by bin: electrons and photo-electrons per frame, and photons per electron."""

    electrons: Numbers
    photons: Numbers
    slope: Numbers


def in_photons(
    data_set: DataSet,
    plan: Plan,
    ephemeris: Ephemeris,
    curves: list[Lightcurve],
    ctx: JobContext | None,
) -> list[Lightcurve]:
    """Turn light curves of detected electrons into ones of photo-electrons.

    The mean electrons per frame of each pixel and bin give its photo-electrons; frames count for
    the bin of their middle there. What the smeared light curve has more or less than their sum
    is carried over by the mean slope, and so are the errors. Source and sky are undone each by
    itself: the efficiency is no constant factor.

    Raises
    ------
    NightglassError
        If a frame cannot be read.
    Cancelled
        If the job was cancelled.
    """
    means = _mean_frames(data_set, plan, ephemeris, curves[0].n_bins, ctx)
    sky = None if plan.sky is None else _response(means, plan.sky.mask, plan.weights)
    made = []
    for source, curve in zip(plan.sources, curves, strict=True):
        mask = np.logical_or.reduce([part.mask for part in source.parts])
        own = _response(means, mask, plan.weights)
        made.append(_converted(curve, own, sky, plan, source, data_set.exposure_s))
    return made


def _mean_frames(
    data_set: DataSet, plan: Plan, ephemeris: Ephemeris, n_bins: int, ctx: JobContext | None
) -> _Means:
    from ..reduce import stack

    union = np.logical_or.reduce([part.mask for part in plan.parts])
    recipe, part = around(data_set, union)
    groups = data_set.groups(phase_bins(data_set, ephemeris, n_bins))
    made = stack(
        data_set.cubes, recipe, groups=groups, n_groups=n_bins, clip=plan.is_clipped, ctx=ctx,
        threads=data_set.options.threads,
    )  # fmt: skip
    total, frames = made.sum_e.sum(axis=0), made.good.sum(axis=0)
    overall = np.divide(total, frames, out=np.zeros(total.shape), where=frames > 0)
    mean = np.where(made.good > 0, made.sum_e / np.maximum(made.good, 1), overall)
    return _Means(mean, part, noise_variance(data_set, clip=plan.is_clipped)[part])


def _response(means: _Means, mask: NDArray[np.bool_], weights: Numbers | None) -> Response:
    inside = mask[means.part]
    mean = means.mean_e[:, inside]
    factor = np.ones(mean.shape[1]) if weights is None else weights[means.part][inside]
    power = factor * (np.maximum(mean, 0.0) + means.noise_e2[inside])
    slopes = photons_per_electron(mean)
    return Response(
        mean @ factor,
        photons_from_electrons(mean) @ factor,
        (slopes * power).sum(axis=1) / np.maximum(power.sum(axis=1), 1e-300),
    )


def _converted(
    curve: Lightcurve, own: Response, sky: Response | None, plan: Plan, source: Source,
    exposure_s: float,
) -> Lightcurve:  # fmt: skip
    columns, sky_flux = dict(curve.columns), np.zeros(curve.n_bins)
    sky_error = np.zeros(curve.n_bins)
    photons_of_sky = sky_flux
    if sky is not None:
        area = plan.area(source)
        sky_flux, sky_error = columns["SKY"], columns["SKY_ERROR"]
        scaled = Response(area * sky.electrons, area * sky.photons, sky.slope)
        photons_of_sky = _carried(sky_flux, scaled, exposure_s)
        columns |= {"SKY": photons_of_sky, "SKY_ERROR": sky.slope * sky_error}
    flux = _carried(curve.flux + sky_flux, own, exposure_s) - photons_of_sky
    if "ERROR_POISSON" in columns:
        columns["ERROR_POISSON"] = _errors(columns["ERROR_POISSON"], sky_error, own, sky)
        error = curve.error * own.slope
    else:
        error = _errors(curve.error, sky_error, own, sky)
    return replace(curve, flux=flux, error=error, columns=columns, unit=PHOTONS)


def _carried(flux: Numbers, response: Response, exposure_s: float) -> Numbers:
    """Photo-electrons per second of a flux near the one the response was taken at."""
    rest = flux * exposure_s - response.electrons
    return np.asarray((response.photons + response.slope * rest) / exposure_s, np.float64)


def _errors(error: Numbers, sky_error: Numbers, own: Response, sky: Response | None) -> Numbers:
    """Source and sky noise, each by its own slope."""
    of_source = np.maximum(error**2 - sky_error**2, 0.0) * own.slope**2
    of_sky = 0.0 if sky is None else (sky_error * sky.slope) ** 2
    return np.sqrt(of_source + of_sky)
