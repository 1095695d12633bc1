"""Fluxes of a source per group of frames, or of every pixel, by maximum likelihood.

The mean number of photo-electrons of pixel p in a frame of group g is
``lambda = E (w_p F_g + b)``, never negative. The unknowns of the steps are the rate of the
brightest pixel ``G = F + b / w_max`` and b, both of which are at least 0:
``lambda = E (w_p G_g + (1 - w_p / w_max) b)``. The flux F itself may therefore come out
negative, but not below ``-b / w_max``; without a background it ends at 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from .newton import Ascent, Curvature, Limits, Point, ascend, variances
from .trap import TRAPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .likelihood import CountModel
    from .newton import Flags, Numbers

# Photo-electrons per pixel and frame: so few that no capture can tell them from none.
_DARK = 1e-7
ITERATIONS = 25


class Background(NamedTuple):
    """A rate that is known beforehand, photo-electrons per pixel and second, and its error."""

    rate: float
    error: float


NO_BACKGROUND = Background(0.0, 0.0)


@dataclass(frozen=True, eq=False)
class WeightedFluxes:
    """Photo-electrons per second of the source.

    Attributes
    ----------
    flux, error : ndarray of float64, shape (n_groups,)
        Source, and its standard deviation from the curvature of the likelihood with the
        uncertainty of the background in it; NaN where nothing can be said.
    background, background_error : float
        Photo-electrons per pixel and second.
    iterations : int
        Steps taken.
    converged : bool
        Whether the last step was below a millionth of the fluxes or their errors.
    notices : tuple of str
        What was left out or cannot be known, as sentences.
    """

    flux: Numbers
    error: Numbers
    background: float
    background_error: float
    iterations: int
    converged: bool
    notices: tuple[str, ...]


class PixelFluxes(NamedTuple):
    """Photo-electrons per second of pixels, standard deviations, and whether they converged."""

    flux: Numbers
    error: Numbers
    converged: Flags


def maximise(
    model: CountModel,
    counts: NDArray[np.unsignedinteger] | Numbers,
    weights: Numbers,
    exposure_s: float,
    *,
    background: Background | Literal["free"] = NO_BACKGROUND,
    max_iterations: int = ITERATIONS,
) -> WeightedFluxes:
    """Find the fluxes that make the counts most probable.

    The same model serves other counts of the same pixels: a bootstrap over blocks of time
    calls this with the sums of the histograms of the blocks that were drawn.

    Parameters
    ----------
    model : CountModel
        From `count_model` of these counts, or of counts that hold these.
    counts : ndarray, shape (n_groups, n_pixels, n_values)
        How often each value occurred.
    weights : ndarray of float64, shape (n_pixels,)
        Part of the source's light in each pixel, of sum 1. For a region of sky, 1 in each: its
        flux is then the rate of a pixel, fit to be a `Background`.
    exposure_s : float
        Of a frame.
    background : Background or "free"
        Sky: known beforehand, or one rate for all groups fitted with the fluxes, which needs
        weights that differ.
    max_iterations : int
        Most steps.
    """
    problem = _Problem(model, model.row_counts(counts), weights, exposure_s)
    is_free = background == "free"
    known = NO_BACKGROUND if isinstance(background, str) else background
    rates, shared = _start(model.mean_photons(counts), problem, None if is_free else known.rate)
    ascent = ascend(
        problem.likelihood, rates, shared, limits=problem.limits(weights.max()),
        shared_limits=problem.limits(1.0) if is_free else None, max_iterations=max_iterations,
    )  # fmt: skip
    empty = ~np.asarray(counts.any(axis=(1, 2)))
    return _result(ascent, problem, empty, None if is_free else known)


def pixel_fluxes(
    model: CountModel,
    counts: NDArray[np.unsignedinteger] | Numbers,
    exposure_s: float,
    *,
    max_iterations: int = ITERATIONS,
) -> PixelFluxes:
    """Find the flux of every pixel by itself.

    Parameters
    ----------
    model : CountModel
        From `count_model`.
    counts : ndarray, shape (1, n_pixels, n_values)
        How often each value occurred.
    exposure_s : float
        Of a frame.
    max_iterations : int
        Most steps.

    Returns
    -------
    PixelFluxes
        Each of shape (n_pixels,); NaN for a pixel without samples.
    """
    problem = _Pixels(model, model.row_counts(counts), exposure_s)
    means = model.mean_photons(counts)[0]
    limits = _limits(model, exposure_s)
    start = np.clip(np.where(np.isfinite(means), means, 0.0) / exposure_s, 0.01 / exposure_s,
                    limits.high)  # fmt: skip
    ascent = ascend(problem.likelihood, start, 0.0, limits=limits, max_iterations=max_iterations)
    information, _ = _curvature(ascent.point)
    variance = variances(information, is_free=False)[0]
    flux = np.where(np.isfinite(variance), ascent.rates, np.nan)
    return PixelFluxes(flux, np.sqrt(variance), ascent.converged)


def pixels_per_band(n_values: int, largest_electrons: int, memory: int = 1 << 29) -> int:
    """Give how many pixels at a time keep `count_model` and `pixel_fluxes` within some bytes.

    At worst every value occurs and needs all numbers of electrons.
    """
    per_value = 8 * (largest_electrons + TRAPS + 12)
    return max(1, memory // (n_values * per_value))


def _limits(model: CountModel, scale: float) -> Limits:
    return Limits(_DARK / scale, 2.0 * (model.largest + 10) / scale)


class _Problem:
    """Likelihood of the fluxes of groups and a background."""

    def __init__(
        self, model: CountModel, row_counts: Numbers, weights: Numbers, exposure_s: float
    ) -> None:
        self.model, self._row_counts = model, row_counts
        self._sums = np.zeros((4, len(row_counts), model.n_pixels))
        self._exposure_s = exposure_s
        self.weights = weights
        self.brightest = float(weights.max())
        self.source = exposure_s * weights
        self.sky = exposure_s * (1.0 - weights / self.brightest)

    def limits(self, weight: float) -> Limits:
        """Rates at which a pixel of this weight is as good as dark, or beyond the model."""
        return _limits(self.model, self._exposure_s * weight)

    def likelihood(self, rates: Numbers, shared: float, active: Flags) -> Point:
        means = rates[:, np.newaxis] * self.source + shared * self.sky
        flags = np.broadcast_to(active[:, np.newaxis], means.shape)
        self.model.sums(self._row_counts, means, flags, self._sums)
        value, score, information, squares = self._sums
        return Point(
            value.sum(axis=1), score @ self.source, float((score @ self.sky).sum()),
            self._projected(information), self._projected(squares),
        )  # fmt: skip

    def _projected(self, per_pixel: Numbers) -> Curvature:
        """From derivatives in lambda to those in the rates."""
        return Curvature(
            per_pixel @ self.source**2,
            per_pixel @ (self.source * self.sky),
            float((per_pixel @ self.sky**2).sum()),
        )


class _Pixels:
    """Likelihood of pixels each with its own flux."""

    def __init__(self, model: CountModel, row_counts: Numbers, exposure_s: float) -> None:
        self._model, self._row_counts, self._exposure_s = model, row_counts, exposure_s
        self._sums = np.zeros((4, 1, model.n_pixels))

    def likelihood(self, rates: Numbers, shared: float, active: Flags) -> Point:
        scale = self._exposure_s
        means = rates[np.newaxis] * scale
        self._model.sums(self._row_counts, means, active[np.newaxis], self._sums)
        value, score, information, squares = self._sums[:, 0].copy()
        none = np.zeros(rates.shape)
        return Point(
            value, score * scale, shared,
            Curvature(information * scale**2, none, 0.0), Curvature(squares * scale**2, none, 0.0),
        )  # fmt: skip


def _start(means: Numbers, problem: _Problem, sky: float | None) -> tuple[Numbers, float]:
    """Least squares of the mean photo-electrons, kept away from zero."""
    known = np.isfinite(means)
    filled = np.where(known, means, 0.0)
    source = known * problem.source
    power = np.maximum((source * problem.source).sum(axis=1), 1e-300)
    if sky is None:
        sky = _start_of_sky(filled.sum(axis=0), known.sum(axis=0), problem)
    rates = ((filled - sky * problem.sky) * source).sum(axis=1) / power
    limits = problem.limits(problem.brightest)
    # A hundredth of an electron is nearer to any faint source, in steps, than nothing is.
    return np.clip(rates, 1e5 * limits.low, limits.high), sky


def _start_of_sky(total: Numbers, groups: NDArray[np.int64], problem: _Problem) -> float:
    mean = total / np.maximum(groups, 1)
    design = np.stack([problem.source, problem.sky], axis=1)
    sky = float(np.linalg.lstsq(design, mean, rcond=None)[0][1])
    limits = problem.limits(1.0)
    return float(np.clip(sky, 1e4 * limits.low, limits.high))


def _curvature(point: Point) -> tuple[Curvature, bool]:
    """Take the observed information, or the squared scores where that is not positive."""
    good = point.information.diagonal > 0.0
    chosen = [
        np.where(good, observed, scores)
        for observed, scores in zip(point.information[:2], point.squares[:2], strict=True)
    ]
    return Curvature(chosen[0], chosen[1], point.information.corner), bool(good.all())


def _result(
    ascent: Ascent, problem: _Problem, empty: Flags, known: Background | None
) -> WeightedFluxes:
    curvature, _ = _curvature(ascent.point)
    variance, covariance, shared_variance = variances(curvature, known is None)
    per_sky = 1.0 / problem.brightest
    if known is not None:
        slope = -curvature.border / np.where(curvature.diagonal > 0.0, curvature.diagonal, np.nan)
        variance = variance + ((slope - per_sky) * known.error) ** 2
        shared_variance = known.error**2
    else:
        variance = variance - 2.0 * per_sky * covariance + per_sky**2 * shared_variance
    unknown = empty | ~np.isfinite(variance)
    flux = np.where(unknown, np.nan, ascent.rates - per_sky * ascent.shared)
    return WeightedFluxes(
        flux=flux,
        error=np.where(unknown, np.nan, np.sqrt(np.where(unknown, 0.0, variance))),
        background=ascent.shared if np.isfinite(shared_variance) else np.nan,
        background_error=float(np.sqrt(shared_variance)),
        iterations=ascent.iterations,
        converged=bool(ascent.converged.all()),
        notices=tuple(_sentences(problem, ascent, empty, unknown)),
    )


def _sentences(problem: _Problem, ascent: Ascent, empty: Flags, unknown: Flags) -> Any:
    yield from problem.model.notices
    if empty.any():
        yield f"{np.count_nonzero(empty)} of {empty.size} groups hold no frames."
    if (unknown & ~empty).any():
        yield (
            "Source and background cannot be told apart in "
            f"{np.count_nonzero(unknown & ~empty)} groups: give a background region, or a PSF."
        )
    if not ascent.converged.all():
        yield f"The likelihood was still rising after {ascent.iterations} steps."
