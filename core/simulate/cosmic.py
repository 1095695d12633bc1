"""Cosmic rays: straight tracks of charge, frame by frame from the seed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .camera import PIXEL_UM
from .hashing import Stream, key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .settings import CaptureSettings

_DEPTH_PX = 2.0
"""Thickness of the sensitive layer in pixels: a track of slope s is this long / tan."""
_CHARGE_PER_PX = 350.0
"""Electrons a minimum-ionising particle frees per pixel length (about 75 per micrometre)."""


class Ray(NamedTuple):
    """One track: frame, 0-based start, direction in radians, pixels long, electrons in all."""

    frame: int
    x: float
    y: float
    angle: float
    length: float
    electrons: float


def rate_per_frame(settings: CaptureSettings) -> float:
    """Mean hits per frame: rate per area and time, times the subarray and the exposure."""
    rows, columns = settings.shape
    area_cm2 = rows * columns * (PIXEL_UM * 1e-4) ** 2
    return settings.cosmic_ray_rate * area_cm2 * settings.exposure_s


def rays(settings: CaptureSettings, frames: NDArray[np.int64]) -> list[Ray]:
    """Return the tracks in the frames given; a frame's tracks depend on the seed alone.

    Parameters
    ----------
    settings : CaptureSettings
    frames : int64 (n,)
        Camera frame numbers, each once.
    """
    from . import kernels

    mean = rate_per_frame(settings)
    if mean == 0:
        return []
    number = np.empty(frames.size, dtype=np.int64)
    kernels.poisson_numbers(number, frames, mean, np.uint64(key(settings.seed, "ray numbers")))
    hit = np.flatnonzero(number)
    found: list[Ray] = []
    for frame, count in zip(frames[hit].tolist(), number[hit].tolist(), strict=True):
        stream = Stream(settings.seed, f"rays of frame {frame}")
        found.extend(_ray(settings, stream, frame) for _ in range(count))
    return found


def _ray(settings: CaptureSettings, stream: Stream, frame: int) -> Ray:
    rows, columns = settings.shape
    x, y = stream.between(-0.5, columns - 0.5), stream.between(-0.5, rows - 0.5)
    angle = stream.between(0.0, 2 * math.pi)
    cosine = math.sqrt(1.0 - stream.unit() * 0.99)  # flux through a surface goes with cos(zenith)
    length = min(_DEPTH_PX * math.sqrt(1 - cosine**2) / cosine, 40.0)
    path = math.hypot(length, _DEPTH_PX)
    charge = _CHARGE_PER_PX * path * (0.8 - 0.25 * math.log(1.0 - stream.unit()))
    return Ray(frame, x, y, angle, length, charge)


def deposits(settings: CaptureSettings, ray: Ray) -> dict[int, int]:
    """Return whole electrons by pixel index of the flattened frame."""
    rows, columns = settings.shape
    points = max(1, math.ceil(ray.length * 4))
    at = (np.arange(points) + 0.5) / points * ray.length
    x = np.rint(ray.x + at * math.cos(ray.angle)).astype(int)
    y = np.rint(ray.y + at * math.sin(ray.angle)).astype(int)
    inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
    pixels, counts = np.unique(y[inside] * columns + x[inside], return_counts=True)
    share = ray.electrons / points
    return {int(p): round(n * share) for p, n in zip(pixels, counts, strict=True)}
