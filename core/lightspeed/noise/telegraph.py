"""Random telegraph noise: a pixel whose dark counts jump between a middle and two side peaks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..reduce.pool import Watch, run, threads_of
from .bands import histogram_bands, plain_recipe, silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from .sources import NoiseSource

    Numbers = NDArray[np.float64]
    Params = NDArray[np.floating[Any]]

# [sigma, mu, A0, D+, A+, D-, A-] as the published files hold them.
PARAMS = 7
# Improvement of the Cash statistic from which three peaks are believed. Of pixels with one
# Gaussian peak 1 in 20,000 reaches it, whatever their width and the number of frames.
LEAST_GAIN = 25.0
# Electrons around the biases that are looked at; with more than this part of the values outside,
# the window does not show the pixel.
_REACH_E = 2.0
_MOST_OUTSIDE = 0.02
_NO_SIDE_E = 0.6
MOST_EXACT_PX = 1 << 20
# Pixels of one piece of work.
_PIECE = 4096


class Fits(NamedTuple):
    """Fitted pixels.

    Attributes
    ----------
    params : ndarray of float, shape (..., 7)
        ``[sigma, mu, A0, D+, A+, D-, A-]``, electrons less bias; one peak has A+ = A- = 0.
    gains : ndarray of float, shape (...)
        By how much three peaks improve the Cash statistic.
    """

    params: Params
    gains: Params


def peaks_density(params: Params, u_e: Numbers) -> Numbers:
    """Give the density of three peaks of a common width.

    ``A0 N(u - mu) + A+ N(u - mu - D+) + A- N(u - mu + D-)``, amplitudes of sum 1.

    Parameters
    ----------
    params : ndarray, shape (n, 7)
        ``[sigma, mu, A0, D+, A+, D-, A-]`` per pixel, electrons.
    u_e : ndarray, shape (n, m) or (1, m)
        Electrons less bias and less true electrons.

    Returns
    -------
    ndarray of float64, shape (n, m)
        Per electron; NaN where the parameters are.
    """
    sigma, mu, middle, up, upper, down, lower = (part[:, np.newaxis] for part in params.T)
    with np.errstate(divide="ignore", invalid="ignore"):  # sigma 0 marks a pixel never fitted
        z, up, down = (u_e - mu) / sigma, up / sigma, down / sigma
        peaks = middle * np.exp(-0.5 * z * z)
        peaks += upper * np.exp(-0.5 * (z - up) ** 2)
        peaks += lower * np.exp(-0.5 * (z + down) ** 2)
        return np.asarray(peaks / (np.sqrt(2.0 * np.pi) * sigma), np.float64)


def params_type(pixels: int) -> type[np.floating[Any]]:
    """Give the type that the parameters of so many pixels are kept in.

    Those of a whole sensor fill 530 MB as float64; the seven digits of float32 are ten thousand
    times finer than the errors of a fit.
    """
    return np.float32 if pixels > MOST_EXACT_PX else np.float64


def single_peaks(widths_e: Numbers) -> Params:
    """Give the parameters of one peak at the bias with these widths."""
    params = np.zeros((*widths_e.shape, PARAMS), params_type(widths_e.size))
    params[..., 0] = widths_e
    params[..., 2] = 1.0
    params[..., 3] = params[..., 5] = _NO_SIDE_E
    return params


def fit_histograms(
    counts: NDArray[np.uint32],
    first_e: Numbers,
    step_e: float,
    usual: Params,
    *,
    ctx: JobContext | None = None,
    threads: int | None = None,
) -> Fits:
    """Fit peaks to the histograms of pixels by maximum likelihood.

    Every pixel gets one peak and, unless one already fits as well as anything could, three. Three
    are kept where they improve the Cash statistic ``-2 log L`` by more than `LEAST_GAIN`. The
    probability of a whole count is the integral of the density over its width.

    Parameters
    ----------
    counts : ndarray of uint32, shape (n, counts)
        How often each pixel had each count.
    first_e : ndarray, shape (n,)
        Lower edge of the first count, electrons less bias.
    step_e : float
        Electrons of one count.
    usual : ndarray, shape (n, 7)
        Parameters of pixels that have too few counts for a fit.
    ctx : JobContext or None
        Told of the progress in pixels; checked.
    threads : int or None
        The result does not depend on it.

    Raises
    ------
    Cancelled
        If the job was cancelled.
    """
    from .telegraph_kernels import fit_peaks

    params, gains = usual.astype(np.float64), np.zeros(len(counts))
    watch = Watch(ctx, len(counts))

    def fit(part: slice) -> None:
        watch.check()
        fit_peaks(counts[part], first_e[part], step_e, LEAST_GAIN, params[part],
                  gains[part])  # fmt: skip
        watch.advance(len(first_e[part]))

    parts = [slice(begin, begin + _PIECE) for begin in range(0, len(counts), _PIECE)]
    if parts:
        run([partial(fit, part) for part in parts], watch, threads_of(threads))
    return Fits(params, gains)


def fit_source(
    source: NoiseSource,
    bias_e: Numbers,
    widths_e: Numbers,
    *,
    most_frames: int,
    ctx: JobContext | None = None,
    threads: int | None = None,
) -> Fits:
    """Fit peaks to every pixel of a bias capture, band of rows by band of rows.

    Parameters
    ----------
    source : DataSet
        Dark frames; cosmic rays stay in, as a median filter would eat the side peaks of others.
    bias_e, widths_e : ndarray, shape (rows, columns)
        Means and standard deviations of its pixels, electrons.
    most_frames : int
        So many frames are used at most.

    Returns
    -------
    Fits
        Of the shape of the frames. Pixels whose counts lie elsewhere keep one peak of `widths_e`.
    """
    recipe = plain_recipe(source)
    fits = Fits(single_peaks(widths_e), np.zeros(bias_e.shape, params_type(bias_e.size)))
    for band in histogram_bands(
        source, recipe, bias_e, (_REACH_E, _REACH_E), most_frames=most_frames, ctx=ctx,
        threads=threads,
    ):  # fmt: skip
        bias, usual = bias_e[band.rows], fits.params[band.rows]
        inside = band.counts.sum(1, dtype=np.int64)
        band.counts[band.outside > _MOST_OUTSIDE * (inside + band.outside)] = 0
        first_e, step_e = band.edges_e(recipe)
        found = fit_histograms(
            band.counts, first_e - bias.ravel(), step_e, usual.reshape(-1, PARAMS),
            ctx=silent(ctx), threads=threads,
        )  # fmt: skip
        fits.params[band.rows] = found.params.reshape(usual.shape)
        fits.gains[band.rows] = found.gains.reshape(bias.shape)
    return fits
