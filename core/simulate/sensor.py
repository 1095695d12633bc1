"""The pixels of the sensor: bias, response, telegraph noise, hot pixels.

Everything is tied to detector coordinates and the seed, so that a bias or flat taken in another
subarray describes the same pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .camera import SENSOR_COLUMNS, SENSOR_ROWS
from .hashing import key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .settings import CaptureSettings

_HOT_RATE = (10.0, 1000.0)
_STEP_E = (0.6, 2.0)
_SIDE_CHANCE = (0.02, 0.12)


class PixelMaps(NamedTuple):
    """Properties of the pixels of one subarray, each (rows, columns)."""

    bias_e: NDArray[np.float64]
    """Offset from the common one, electrons."""
    response: NDArray[np.float64]
    """Sensitivity to light, 1 for a typical pixel at the middle of the sensor."""
    dark_rate: NDArray[np.float64]
    """Electrons per second without light, hot pixels included."""
    hot: NDArray[np.bool_]
    telegraph: NDArray[np.bool_]


class Telegraph(NamedTuple):
    """Pixels that hop between three levels, in the order of the frame's pixels."""

    pixel: NDArray[np.int64]
    """Index into the flattened frame."""
    step_e: NDArray[np.float64]
    up: NDArray[np.float64]
    down: NDArray[np.float64]


def pixel_maps(settings: CaptureSettings) -> PixelMaps:
    """Make the pixel properties of the capture's subarray."""
    hot = _unit(settings, "hot pixels") < settings.hot_fraction
    dark = np.full(settings.shape, settings.dark_rate)
    dark[hot] += _log_between(_unit(settings, "hot rates")[hot], *_HOT_RATE)
    return PixelMaps(
        bias_e=settings.bias_spread_e * _normal(settings, "bias"),
        response=_response(settings),
        dark_rate=dark,
        hot=hot,
        telegraph=_unit(settings, "telegraph pixels") < settings.telegraph_fraction,
    )


def telegraph(settings: CaptureSettings, maps: PixelMaps) -> Telegraph:
    """Return levels and chances of the telegraph pixels (model of facts 1.2)."""
    pixel = np.flatnonzero(maps.telegraph)

    def drawn(purpose: str, low: float, high: float) -> NDArray[np.float64]:
        return low + (high - low) * _unit(settings, purpose).ravel()[pixel]

    return Telegraph(
        pixel,
        drawn("telegraph steps", *_STEP_E),
        drawn("telegraph up", *_SIDE_CHANCE),
        drawn("telegraph down", *_SIDE_CHANCE),
    )


def _response(settings: CaptureSettings) -> NDArray[np.float64]:
    rows, columns = settings.shape
    top, left = settings.corner
    y = (np.arange(rows) + top - (SENSOR_ROWS - 1) / 2) / (SENSOR_COLUMNS / 2)
    x = (np.arange(columns) + left - (SENSOR_COLUMNS - 1) / 2) / (SENSOR_COLUMNS / 2)
    shade = 1 - settings.vignetting * (y[:, None] ** 2 + x[None, :] ** 2)
    spread = 1 + settings.response_spread * _normal(settings, "response")
    return np.asarray(np.maximum(shade * spread, 0.0))


def _unit(settings: CaptureSettings, purpose: str) -> NDArray[np.float64]:
    from . import kernels

    out = np.empty(settings.shape)
    place = (*settings.corner, SENSOR_COLUMNS)
    kernels.fill_unit(out, np.uint64(key(settings.seed, purpose)), *place)
    return out


def _normal(settings: CaptureSettings, purpose: str) -> NDArray[np.float64]:
    from . import kernels

    out = np.empty(settings.shape)
    place = (*settings.corner, SENSOR_COLUMNS)
    kernels.fill_normal(out, np.uint64(key(settings.seed, purpose)), *place)
    return out


def _log_between(unit: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    return np.asarray(low * (high / low) ** unit)
