"""Light of a source above its sky, with its error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


class CountScale(Protocol):
    """What the calibration of a capture knows of its counts."""

    @property
    def adu_per_electron(self) -> float:
        """Gain."""

    @property
    def offset_adu(self) -> float:
        """Counts without light."""


@dataclass(frozen=True)
class Counts:
    """What raw counts of the camera mean.

    Attributes
    ----------
    offset_adu : float
        Counts without light.
    adu_per_electron : float
        Gain, above 0.
    saturation_adu : float
        Counts from here on are saturated.
    read_noise_e : float
        Read noise of a pixel.
    """

    offset_adu: float
    adu_per_electron: float
    saturation_adu: float = 60_000.0
    read_noise_e: float = 0.3

    @classmethod
    def of(cls, scale: CountScale, saturation_adu: float, read_noise_e: float) -> Counts:
        """Complete the scale of a capture."""
        return cls(scale.offset_adu, scale.adu_per_electron, saturation_adu, read_noise_e)

    def electrons(self, adu: float, pixels: float = 1.0) -> float:
        """Give electrons of counts that hold the offset of so many pixels."""
        return (adu - pixels * self.offset_adu) / self.adu_per_electron


class Light(NamedTuple):
    """Pixels of a region that have a value.

    Attributes
    ----------
    values : ndarray, shape (n,)
        Raw counts.
    parts : ndarray of float64, shape (n,), or None
        How much of each pixel is meant; None for all of it.
    """

    values: NDArray[Any]
    parts: Numbers | None

    @classmethod
    def joined(cls, lights: Sequence[Light]) -> Light:
        """Put pixels of several regions together."""
        if len(lights) == 1:
            return lights[0]
        values = np.concatenate([light.values for light in lights] or [np.zeros(0)])
        parts = [light.parts for light in lights if light.parts is not None]
        return cls(values, np.concatenate(parts) if parts else None)


class _Sum(NamedTuple):
    """Electrons of some pixels.

    Attributes
    ----------
    weight : float
        Pixels, parts added up.
    total_e, variance_e2 : float
    """

    weight: float
    total_e: float
    variance_e2: float

    @classmethod
    def of(cls, light: Light, counts: Counts) -> _Sum:
        """Add up ``w e`` and its variance ``w**2 (e + read noise**2)``, the sum of ``w**2 e`` >= 0.

        That is Poisson of the electrons themselves; noise may not take it below nothing.
        """
        values, parts = light
        square = counts.read_noise_e**2
        if parts is None:
            total_e = counts.electrons(float(values.sum(dtype=np.float64)), values.size)
            return cls(values.size, total_e, max(total_e, 0.0) + values.size * square)
        electrons = (values - counts.offset_adu) / counts.adu_per_electron
        squares = parts * parts
        poisson = max(float(squares @ electrons), 0.0)
        return cls(
            float(parts.sum()),
            float(parts @ electrons),
            poisson + float(squares.sum()) * square,
        )


class Flux(NamedTuple):
    """Electrons above the sky, their standard deviation, and how many of those they are."""

    flux_e: float
    error_e: float
    snr: float | None


def flux_above(source: Light, sky: Light, counts: Counts) -> Flux | None:
    """Take the mean sky off a source.

    ``flux = S - n B / m`` for S electrons in n pixels of source and B in m of sky, with the
    variance ``max(S, 0) + n r**2 + n**2 (max(B, 0) + m r**2) / m**2`` for the read noise r
    (Merline & Howell 1995, Exp. Astron. 6, 163, without the step of the converter, which is
    small). Pixels held in part count with their part w in S, n, B and m, and with ``w**2`` in
    the variances.

    Returns
    -------
    Flux or None
        None where there is no pixel of either, or the numbers are beyond all bounds.
    """
    if not (source.values.size and sky.values.size):
        return None
    light, background = _Sum.of(source, counts), _Sum.of(sky, counts)
    ratio = light.weight / background.weight
    flux_e = light.total_e - ratio * background.total_e
    error_e = math.sqrt(light.variance_e2 + ratio * ratio * background.variance_e2)
    if not math.isfinite(flux_e + error_e):
        return None
    return Flux(flux_e, error_e, flux_e / error_e if error_e else None)
