"""Weight mode: the most likely flux of every pixel, from histograms of its counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .rates import RateMap, Scale, rates, read_noise_e
from .trap_curve import photons_and_slope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..noise.pixel_properties import PixelProperties
    from ..reduce.recipe import Recipe
    from ..reduce.stacks import Stack
    from .measure import Style

    Numbers = NDArray[np.float64]

# Photo-electrons per frame up to which pixels are worked on together: the range of counts that
# is told apart grows with the brightest of them. Above the last, whole electrons cannot be told
# apart to any advantage and the mean is as good.
_CLASSES = (0.3, 1.0, 3.0, 10.0, 30.0)
_LOWEST_E = -3.0


class _Piece(NamedTuple):
    """Pixels worked on together: flat indices, and the most electrons that are told apart."""

    pixels: NDArray[np.int64]
    highest_e: int


def weighted_rates(
    data_set: DataSet,
    made: Stack,
    style: Style,
    scale: Scale,
    groups: NDArray[np.int16] | None,
    ctx: JobContext | None,
) -> tuple[RateMap, ...]:
    """Find the most likely photon rate of every pixel in each group of frames.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    made : Stack
        Their sums, which tell how bright each pixel is; pixels with more than 30
        photo-electrons per frame keep the rate that follows from the sum.
    style : Style
        Limits of the likelihood.
    scale : Scale
        Exposure of a frame.
    groups : ndarray of int16 or None
        Group of each stored frame.
    ctx : JobContext or None
        Told of the progress, which starts again for each piece of the image; checked.

    Notes
    -----
    Errors are those of the likelihood; the noise of the bias, which whole electrons that can be
    told apart mostly hide, is not in them.
    """
    widths = read_noise_e(data_set)
    maps = tuple(
        rates(total, good, widths, replace(scale, compat=""))
        for total, good in zip(made.sum_e, made.good, strict=True)
    )
    properties = _properties(data_set)
    unsettled = 0
    for piece in _pieces(_brightness(made), style, data_set.adu_per_electron):
        unsettled += _fit(data_set, properties, piece, maps, style, scale, groups, ctx)
    if unsettled:
        data_set.notice(
            f"The likelihood of {unsettled} pixels did not settle within {style.n_iterations} "
            "iterations."
        )
    return maps


def _properties(data_set: DataSet) -> PixelProperties:
    properties, box = data_set.pixel_properties, data_set.options.bbox
    return properties if box is None else properties.cropped(box)


def _brightness(made: Stack) -> Numbers:
    """Photo-electrons per frame of each pixel in its brightest group, flat; 0 without frames."""
    good = np.maximum(made.good, 1)
    brightest = np.max(made.sum_e / good, axis=0)
    return np.maximum(photons_and_slope(brightest.ravel())[0], 0.0)


def _pieces(brightness: Numbers, style: Style, adu_per_electron: float) -> Iterator[_Piece]:
    from ..weight.fluxes import pixels_per_band

    lowest = -1.0
    for highest in _CLASSES:
        pixels = np.flatnonzero((brightness > lowest) & (brightness <= highest))
        lowest = highest
        if not pixels.size:
            continue
        top = float(brightness[pixels].max())
        most_e = style.n_electrons or int(np.ceil(top + 7.0 * np.sqrt(top) + 8.0))
        n_values = int((most_e - _LOWEST_E + 1.0) * adu_per_electron)
        step = pixels_per_band(n_values, most_e)
        for first in range(0, pixels.size, step):
            yield _Piece(pixels[first : first + step], most_e)


def _fit(
    data_set: DataSet,
    properties: PixelProperties,
    piece: _Piece,
    maps: tuple[RateMap, ...],
    style: Style,
    scale: Scale,
    groups: NDArray[np.int16] | None,
    ctx: JobContext | None,
) -> int:
    """Fit the pixels of a piece in all groups; gives how many did not settle."""
    from ..reduce.moments import histograms
    from ..weight.fluxes import pixel_fluxes
    from ..weight.likelihood import count_model

    recipe = data_set.recipe()
    low, high = _window_adu(recipe, piece.highest_e)
    mask = np.zeros(maps[0].rate.shape, np.bool_)
    mask.reshape(-1)[piece.pixels] = True
    counts = histograms(
        data_set.cubes, recipe, mask, groups=groups, n_groups=len(maps), low_adu=low,
        high_adu=high, ctx=ctx, threads=data_set.options.threads,
    ).counts  # fmt: skip
    u_e = _electrons(recipe, np.arange(low, high + 1.0), piece.pixels)
    model = count_model(counts, piece.pixels, u_e, properties.density, n_electrons=piece.highest_e)
    unsettled = 0
    for group, made in enumerate(maps):
        found = pixel_fluxes(
            model, counts[group : group + 1], scale.exposure_s, max_iterations=style.n_iterations
        )
        made.rate.reshape(-1)[piece.pixels] = found.flux
        made.error.reshape(-1)[piece.pixels] = found.error
        unsettled += int(np.count_nonzero(~found.converged & np.isfinite(found.flux)))
    return unsettled


def _window_adu(recipe: Recipe, highest_e: int) -> tuple[int, int]:
    """Raw counts from well below no electron to half a one more than the highest."""
    pedestal = recipe.pedestal_e
    least, most = (0.0, 0.0) if pedestal is None else (pedestal.min(), pedestal.max())
    low = recipe.offset_adu + recipe.adu_per_electron * (_LOWEST_E + least)
    high = recipe.offset_adu + recipe.adu_per_electron * (highest_e + 0.5 + most)
    return max(0, int(low)), int(min(high, 65_535.0))


def _electrons(recipe: Recipe, adu: Numbers, pixels: NDArray[np.int64]) -> Numbers:
    """Electrons of each count in each pixel, shape (pixels, counts)."""
    values = (adu - recipe.offset_adu) / recipe.adu_per_electron
    if recipe.pedestal_e is None:
        return np.tile(values, (pixels.size, 1))
    return values - recipe.pedestal_e.ravel()[pixels][:, np.newaxis]
