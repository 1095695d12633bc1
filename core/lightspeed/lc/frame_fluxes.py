"""Flux of the sources in every single frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .parts import Chunk, Plan, measured, variances

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet

    Numbers = NDArray[np.float64]


class FrameFluxes(NamedTuple):
    """Electrons per frame.

    Attributes
    ----------
    net_e : ndarray of float64, shape (sources, frames)
        The sky taken off; NaN where all pixels were lost.
    variance_e2 : ndarray of float64, shape (sources, frames)
        Expected of Poisson and read noise; at least that of the read noise.
    lost : ndarray of int64, shape (frames,)
        Pixels of sources cut as cosmic rays.
    saturated : ndarray of bool, shape (frames,)
        Frames with a saturated pixel.
    """

    net_e: Numbers
    variance_e2: Numbers
    lost: NDArray[np.int64]
    saturated: NDArray[np.bool_]


def frame_fluxes(data_set: DataSet, plan: Plan, ctx: JobContext | None = None) -> FrameFluxes:
    """Measure every source in every frame; the plan must not be by rows.

    Raises
    ------
    NightglassError
        If a frame cannot be read.
    Cancelled
        If the job was cancelled.
    """
    shape = len(plan.sources), data_set.num_frames()
    made = FrameFluxes(
        np.zeros(shape), np.zeros(shape), np.zeros(shape[1], np.int64), np.zeros(shape[1], np.bool_)
    )
    for chunk in measured(data_set, plan, ctx):
        sums = chunk.sums
        frames = slice(chunk.first, chunk.first + sums.flux_e.shape[1])
        made.lost[frames] = sums.lost[: shape[0]].sum(axis=0)
        made.saturated[frames] = sums.saturated
        for index in range(shape[0]):
            net = net_of(chunk, plan, index)
            made.net_e[index, frames] = net.light_e
            made.variance_e2[index, frames] = np.maximum(net.variance_e2, net.noise_e2)
    return made


class Net(NamedTuple):
    """Light of a source in the frames of a chunk less its sky, variance, read noise in it.

    The variance is not kept above that of the read noise: a mean over frames stays unbiased.
    """

    light_e: Numbers
    variance_e2: Numbers
    noise_e2: float


def net_of(chunk: Chunk, plan: Plan, index: int) -> Net:
    """Take the sky off a source that is one part."""
    source = plan.sources[index]
    part, area = source.parts[0], plan.area(source)
    light, noise = chunk.sums.flux_e[index], part.noise_e2
    spread = variances(part, light, chunk.sums.lost[index])
    if plan.sky is None:
        return Net(light, spread, noise)
    sky = chunk.sums.flux_e[-1]
    of_sky = variances(plan.sky, sky, chunk.sums.lost[-1])
    return Net(light - area * sky, spread + area**2 * of_sky, noise + area**2 * plan.sky.noise_e2)
