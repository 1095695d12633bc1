"""Bias and width of pixels from the moments of dark frames, or of faint and fast ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from .bands import plain_recipe
from .folding import fold_source
from .pearson import usual_skew
from .pixel_properties import PixelProperties
from .planes import DEFAULT_WIDTH_E, median_where
from .sources import Origin
from .telegraph import fit_source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from .sources import NoiseSource
    from .telegraph import Params

    Numbers = NDArray[np.float64]

MOST_FRAMES = 10_000


class Spread(NamedTuple):
    """Mean, standard deviation and skewness of each pixel."""

    bias_e: Numbers
    widths_e: Numbers
    skew: Numbers


def spread_of(m1: Numbers, m2: Numbers, m3: Numbers) -> Spread:
    """Turn raw moments into mean, standard deviation and skewness.

    The third central moment is ``m3 - 3 m1 m2 + 2 m1^3``; the published library forgets the last
    term. A pixel that never changes has skewness 0.
    """
    widths = np.sqrt(np.maximum(m2 - m1 * m1, 0.0))
    third = m3 - 3.0 * m1 * m2 + 2.0 * m1**3
    skew = np.zeros_like(third)
    np.divide(third, widths**3, out=skew, where=widths > 0.0)
    return Spread(m1, widths, skew)


def _turned(m1: Numbers, m2: Numbers, m3: Numbers) -> Spread:
    """Do as `spread_of` in the place of the moments: those of a whole sensor fill 230 MB."""
    for row in range(m1.shape[0]):
        _, m2[row], m3[row] = spread_of(m1[row], m2[row], m3[row])
    return Spread(m1, m2, m3)


def measure_bias(
    source: NoiseSource,
    dest: NoiseSource | None = None,
    *,
    map_noise: bool = False,
    ctx: JobContext | None = None,
    threads: int | None = None,
) -> PixelProperties:
    """Measure a bias capture; see `PixelProperties.from_bias`."""
    from ..reduce.moments import moments

    origin = Origin.of(source, MOST_FRAMES)
    _require_frames(source, origin)
    sums = moments(
        source.cubes, plain_recipe(source), max_frames=origin.frames, ctx=ctx, threads=threads
    )
    spread = _turned(sums.m1, sums.m2, sums.m3)
    del sums
    params = None
    if map_noise:
        params = fit_source(
            source, spread.bias_e, spread.widths_e, most_frames=origin.frames, ctx=ctx,
            threads=threads,
        ).params  # fmt: skip
    return _finished(source, dest, origin, spread, params=params)


def measure_data(
    source: NoiseSource,
    dest: NoiseSource | None = None,
    *,
    ctx: JobContext | None = None,
    threads: int | None = None,
) -> PixelProperties:
    """Estimate bias and width from faint frames; see `PixelProperties.from_data`."""
    origin = Origin.of(source, MOST_FRAMES)
    _require_frames(source, origin)
    # A bias known before and the dark come off first: what folding finds is on top of them.
    pedestal = source.recipe(bbox=None).pedestal_e
    pedestal = np.zeros(source.header.shape) if pedestal is None else pedestal
    means, widths = fold_source(
        source, pedestal, most_frames=origin.frames, ctx=ctx, threads=threads
    )
    notices = _told_by(means)
    lost = ~np.isfinite(widths)
    means, widths = median_where(lost, means, 0.0), median_where(lost, widths, DEFAULT_WIDTH_E)
    bias = means + source.pixel_properties.bias
    return _finished(
        source, dest, origin, Spread(bias, widths, usual_skew(widths)), notices=notices
    )


def _told_by(means: Numbers) -> tuple[str, ...]:
    notices = []
    lost = int(np.count_nonzero(np.isnan(means)))
    if lost:
        notices.append(
            f"The self-bias could not be told for {lost} of {means.size} pixels: they get the "
            "median bias and width."
        )
    if lost > 0.5 * means.size:
        notices.append(
            "These frames are too bright, too noisy or too few for a self-bias: whole electrons "
            "cannot be told apart. Use bias frames."
        )
    if np.count_nonzero(np.abs(means) > 0.4) > 0.01 * means.size:
        notices.append(
            "Many biases are near half an electron, and a self-bias is known to within whole "
            "electrons only. Use bias frames."
        )
    return tuple(notices)


def _require_frames(source: NoiseSource, origin: Origin) -> None:
    if origin.frames < 2:
        raise NightglassError(
            "Too few frames",
            f"{source.header.path.name} and its other cubes hold {origin.frames} frames, and a "
            "scatter needs two.",
            "Choose a longer capture of bias frames.",
            source.header.path,
        )


def _finished(
    source: NoiseSource,
    dest: NoiseSource | None,
    origin: Origin,
    spread: Spread,
    *,
    params: Params | None = None,
    notices: tuple[str, ...] = (),
) -> PixelProperties:
    """Put the planes together and cut them to what they are for."""
    return PixelProperties(
        *spread,
        source,
        source if dest is None else dest,
        params=params,
        origin=origin,
        notices=notices,
    )
