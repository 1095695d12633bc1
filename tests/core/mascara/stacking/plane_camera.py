"""A camera with a plane picture, written apart from the real one, and skies to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class PlaneCamera:
    """Looks at an altitude and azimuth; `bend` is a distortion growing with the square."""

    alt_deg: float = 49.0
    az_deg: float = 90.0
    middle: tuple[float, float] = (150.0, 100.0)
    scale_px: float = 300.0
    bend: float = 0.01

    def _axes(self) -> Numbers:
        alt, az = np.radians([self.alt_deg, self.az_deg])
        return np.array(
            [
                [-np.sin(az), np.cos(az), 0.0],
                [-np.sin(alt) * np.cos(az), -np.sin(alt) * np.sin(az), np.cos(alt)],
                [np.cos(alt) * np.cos(az), np.cos(alt) * np.sin(az), np.sin(alt)],
            ]
        )

    def pixels(self, vectors: Numbers) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
        u, v, w = self._axes() @ np.asarray(vectors).T
        in_front = w > 0.05
        w = np.where(in_front, w, np.nan)
        grown = 1.0 + self.bend * (u / w) ** 2
        x, y = (self.scale_px * part / w * grown for part in (u, v))
        return self.middle[0] + x, self.middle[1] + y, in_front

    def directions(self, x: Numbers, y: Numbers) -> Numbers:
        wanted = [(np.asarray(x) - self.middle[0]), (np.asarray(y) - self.middle[1])]
        u, v = (part / self.scale_px for part in wanted)
        for _ in range(30):
            grown = 1.0 + self.bend * u**2
            u, v = (part / self.scale_px / grown for part in wanted)
        length = np.sqrt(1.0 + u**2 + v**2)
        return (self._axes().T @ np.stack([u, v, np.ones_like(u)]) / length).T


def looks(hour_angle_h: Any, dec_deg: Any, latitude_deg: float) -> Numbers:
    """Unit vectors north, east, up, without refraction, by spherical trigonometry."""
    h, dec, phi = np.radians(15.0 * hour_angle_h), np.radians(dec_deg), np.radians(latitude_deg)
    north = np.sin(dec) * np.cos(phi) - np.cos(dec) * np.cos(h) * np.sin(phi)
    up = np.sin(dec) * np.sin(phi) + np.cos(dec) * np.cos(h) * np.cos(phi)
    return np.stack([north, -np.cos(dec) * np.sin(h), up], axis=-1)


def equatorial(vectors: Numbers, latitude_deg: float) -> tuple[Numbers, Numbers]:
    """Hour angle in hours and declination in degrees of unit vectors."""
    phi = np.radians(latitude_deg)
    north, east, up = np.asarray(vectors).T
    dec = np.degrees(np.arcsin(np.sin(phi) * up + np.cos(phi) * north))
    hour_angle = np.degrees(np.arctan2(-east, np.cos(phi) * up - np.sin(phi) * north)) / 15.0
    return hour_angle, dec


def with_stars(image: Numbers, x: Numbers, y: Numbers, flux: Numbers, sigma: float) -> Any:
    """The image with stars added."""
    light = np.array(image, np.float64)
    rows, columns = np.indices(light.shape)
    for column, row, one in zip(x, y, flux, strict=True):
        away = (columns - column) ** 2 + (rows - row) ** 2
        light += one / (2 * np.pi * sigma**2) * np.exp(-0.5 * away / sigma**2)
    return light.astype(np.float32)
