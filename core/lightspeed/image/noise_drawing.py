"""A sheet of histograms of sample pixels with the noise model drawn over them, as PNG."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...atomic import replacing
from ...errors import translate

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..noise.pixel_properties import PixelProperties

    Numbers = NDArray[np.float64]

SAMPLES = 100
_ACROSS = 10
_CELL_W, _CELL_H, _MARGIN = 190, 130, 8
_REACH_E = 2.0
_PAPER, _INK, _BARS, _CURVE = (255, 255, 255), (60, 60, 60), (176, 196, 222), (200, 40, 40)
_SEED = 1


def draw_noise(
    source: DataSet, properties: PixelProperties, path: Path, *, ctx: JobContext | None = None
) -> Path:
    """Draw up to 100 pixels, the same ones each time.

    Each cell shows how often a pixel had each count (logarithmic), from 2 electrons below its
    bias to 2 above, and in red what the noise model expects: telegraph peaks where they were
    fitted, else Pearson type IV.

    Parameters
    ----------
    source : DataSet
        The bias frames.
    properties : PixelProperties
        Measured from them, on the same pixels.
    path : Path
        PNG to write.
    ctx : JobContext or None
        Told of the progress; checked.

    Raises
    ------
    NightglassError
        If a frame cannot be read or the picture cannot be written.
    """
    from PIL import Image

    pixels = sample_pixels(properties.bias.size)
    counts, u_e, step_e = _counted(source, properties, pixels, ctx)
    expected = _expected(properties, pixels, u_e, step_e) * counts.sum(1, keepdims=True)
    rows = -(-len(pixels) // _ACROSS)
    sheet = Image.new("RGB", (_ACROSS * _CELL_W, rows * _CELL_H), _PAPER)
    for place, pixel in enumerate(pixels):
        corner = place % _ACROSS * _CELL_W, place // _ACROSS * _CELL_H
        title = "({}, {})".format(*_named(int(pixel), properties.shape))
        _draw_cell(sheet, corner, title, u_e[place], counts[place], expected[place])
    try:
        with replacing(path) as temporary:
            sheet.save(temporary, format="PNG")
    except OSError as error:
        raise translate(error, path) from error
    return path


def sample_pixels(size: int) -> NDArray[np.int64]:
    """Give flat indices of up to 100 pixels, in rising order."""
    chosen = np.random.default_rng(_SEED).choice(size, min(SAMPLES, size), replace=False)
    return np.sort(chosen).astype(np.int64)


def _named(pixel: int, shape: tuple[int, int]) -> tuple[int, int]:
    """Column and row as DS9 counts them."""
    row, column = divmod(pixel, shape[1])
    return column + 1, row + 1


def _counted(
    source: DataSet,
    properties: PixelProperties,
    pixels: NDArray[np.int64],
    ctx: JobContext | None,
) -> tuple[Numbers, Numbers, float]:
    """Counts of each pixel, the electrons less bias they stand for, and electrons per count."""
    from ..reduce.moments import histograms

    recipe = replace(
        source.recipe(cut_cr=False, corrected=False, bbox=None), cosmic=None, pedestal_e=None
    )
    bias = properties.bias.ravel()[pixels]
    gain = recipe.adu_per_electron
    low = int(recipe.offset_adu + gain * (bias.min() - _REACH_E))
    high = int(recipe.offset_adu + gain * (bias.max() + _REACH_E)) + 1
    mask = np.zeros(properties.shape, np.bool_)
    mask.reshape(-1)[pixels] = True
    found = histograms(
        source.cubes, recipe, mask, groups=source.groups(), low_adu=max(low, 0), high_adu=high,
        ctx=ctx, threads=source.options.threads,
    )  # fmt: skip
    adu = np.arange(max(low, 0), high + 1.0)
    u_e = (adu - recipe.offset_adu) / gain - bias[:, np.newaxis]
    return found.counts[0].astype(np.float64), u_e, 1.0 / gain


def _expected(
    properties: PixelProperties, pixels: NDArray[np.int64], u_e: Numbers, step_e: float
) -> Numbers:
    """Give the part of the frames the model expects at each count."""
    return properties.density(pixels, u_e, 0) * step_e


def _draw_cell(
    sheet: Any, corner: tuple[int, int], title: str, u_e: Numbers, counts: Numbers, model: Numbers
) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(sheet)
    left, top = corner[0] + _MARGIN, corner[1] + 2 * _MARGIN
    width, height = _CELL_W - 2 * _MARGIN, _CELL_H - 3 * _MARGIN
    across = left + (u_e + _REACH_E) / (2.0 * _REACH_E) * width
    full = np.log10(1.0 + counts.max(initial=1.0))
    heights = [np.log10(1.0 + np.maximum(values, 0.0)) / full for values in (counts, model)]
    ups = [top + height * (1.0 - np.minimum(part, 1.0)) for part in heights]
    half = max((across[1] - across[0]) / 2.0, 0.5) if len(across) > 1 else 0.5
    for x, up in zip(across, ups[0], strict=True):
        if left <= x <= left + width and up < top + height:
            pen.rectangle((x - half + 0.5, up, x + half - 0.5, top + height), fill=_BARS)
    inside = (across >= left) & (across <= left + width)
    points = list(zip(across[inside].tolist(), ups[1][inside].tolist(), strict=True))
    if len(points) > 1:
        pen.line(points, fill=_CURVE)
    pen.line((left, top + height, left + width, top + height), fill=_INK)
    pen.text((left, corner[1] + 2), title, fill=_INK)
