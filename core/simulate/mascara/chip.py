"""The detector of one camera: what its pixels add and how they answer to light."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..hashing import key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .settings import NightSettings

    Map = NDArray[np.float32]

TOP, LEFT = 24, 32
"""First row and column of the active window; borders of the same width follow it."""
BIAS_ADU = 1000.0
SET_POINT_C = -15.0
_DOUBLING_C = 6.5
_HOT_ADU = (50.0, 2000.0)
_COLUMNS, _COLUMN_ADU = 3, 40.0
_DEAD_RESPONSE = 0.1
_OFFSET_SPREAD_ADU = 1.5
# Weather tower in the view of two cameras of La Silla: lowest and highest x and y.
_TOWERS = {"LSS": (2850, 4008, 2275, 2672), "LSW": (0, 400, 2275, 2672)}
_TOWER_RESPONSE = 0.05


class Chip(NamedTuple):
    """Maps of the active window (rows, columns), and offsets of the raw columns.

    Attributes
    ----------
    response : ndarray of float32
        Relative, about 1.
    dark_e : ndarray of float32
        Electrons of one exposure at the set point.
    offset_adu : ndarray of float32, shape (raw columns,)
    blocked : tuple of (x, x, y, y)
        What stands in the view, pixels.
    """

    response: Map
    dark_e: Map
    offset_adu: Map
    blocked: tuple[tuple[int, int, int, int], ...]


def raw_shape(shape: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of a raw frame around an active window."""
    return shape[0] + 2 * TOP, shape[1] + 2 * LEFT


def dark_factor(temperature_c: float) -> float:
    """Dark current over that at the set point."""
    return float(2.0 ** ((temperature_c - SET_POINT_C) / _DOUBLING_C))


def make_chip(settings: NightSettings, camera: str, *, obstructed: bool) -> Chip:
    """Make the chip of a camera; it is the same whatever night is simulated with a seed."""
    shape = settings.shape
    rng = np.random.Generator(np.random.PCG64(key(settings.seed, f"chip of {camera}")))
    response = rng.standard_normal(shape, np.float32)
    response *= np.float32(settings.response_spread)
    response += np.float32(1.0)
    dark = np.full(shape, settings.dark_e, np.float32)
    _add_hot_pixels(dark, settings, rng)
    dead = rng.integers(0, response.size, round(settings.dead_fraction * response.size))
    response.reshape(-1)[dead] = _DEAD_RESPONSE
    offset = BIAS_ADU + _OFFSET_SPREAD_ADU * rng.standard_normal(raw_shape(shape)[1])
    blocked = _blocked(camera, shape, obstructed=obstructed)
    for x, x_end, y, y_end in blocked:
        response[y:y_end, x:x_end] = _TOWER_RESPONSE
    return Chip(response, dark, offset.astype(np.float32), blocked)


def _add_hot_pixels(dark: Map, settings: NightSettings, rng: np.random.Generator) -> None:
    hot = rng.integers(0, dark.size, round(settings.hot_fraction * dark.size))
    low, high = np.log(_HOT_ADU)
    dark.reshape(-1)[hot] += np.exp(rng.uniform(low, high, hot.size)) * settings.gain
    if settings.hot_fraction:
        rows, columns = dark.shape
        for column in rng.integers(0, columns, _COLUMNS):
            dark[rng.integers(0, rows) :, column] += _COLUMN_ADU * settings.gain


def _blocked(
    camera: str, shape: tuple[int, int], *, obstructed: bool
) -> tuple[tuple[int, int, int, int], ...]:
    """What stands in the view; a smaller chip is the middle of the real one."""
    rows, columns = shape
    found = [(0, columns // 10, 0, rows // 8)] if obstructed else []
    if camera in _TOWERS:
        left, top = (4008 - columns) // 2, (2672 - rows) // 2
        x, x_end, y, y_end = _TOWERS[camera]
        x, x_end = np.clip((x - left, x_end - left), 0, columns)
        y, y_end = np.clip((y - top, y_end - top), 0, rows)
        if x < x_end and y < y_end:
            found.append((int(x), int(x_end), int(y), int(y_end)))
    return tuple(found)
