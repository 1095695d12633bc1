"""Where a camera looks: a plane picture of the local sky, without distortion."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

SCALE_PX = 24.0 / 0.009
"""Pixels in a unit of the tangent: a focal length of 24 mm over pixels of 9 um."""
_GRAZING = 1e-3


@dataclass(frozen=True)
class Pointing:
    """Tangent projection of the local sky.

    With A the azimuth from `az_deg`, in the notation of the station's model of five numbers::

        u = sin(alt0) cos(alt) cos(A) - cos(alt0) sin(alt)
        v = cos(alt) sin(A)
        w = cos(alt0) cos(alt) cos(A) + sin(alt0) sin(alt)
        x = x0 - s (u cos(th0) + v sin(th0)) / w
        y = y0 + s (v cos(th0) - u sin(th0)) / w

    Parameters
    ----------
    alt_deg, az_deg : float
        Altitude and azimuth (from the north by the east) of the axis, observed.
    rotation_deg : float
        The angle th0: 0 where x grows upwards and y with the azimuth.
    x0, y0 : float
        Pixel of the axis; the middle of the first pixel is (0, 0).
    scale_px : float
        Pixels in a unit of the tangent, s.
    """

    alt_deg: float
    az_deg: float
    rotation_deg: float
    x0: float = 2004.0
    y0: float = 1336.0
    scale_px: float = SCALE_PX

    @cached_property
    def matrix(self) -> Numbers:
        """Rotation (3, 3) from north, east, up to the rotated u and v, and w."""
        alt, az, turn = np.radians([self.alt_deg, self.az_deg, self.rotation_deg])
        u = np.array([np.sin(alt) * np.cos(az), np.sin(alt) * np.sin(az), -np.cos(alt)])
        v = np.array([-np.sin(az), np.cos(az), 0.0])
        w = np.array([np.cos(alt) * np.cos(az), np.cos(alt) * np.sin(az), np.sin(alt)])
        turned = [u * np.cos(turn) + v * np.sin(turn), v * np.cos(turn) - u * np.sin(turn)]
        return np.array([*turned, w])

    def project(self, vectors: ArrayLike) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
        """Pixels of directions.

        Parameters
        ----------
        vectors : array_like of float64, shape (n, 3)
            North, east, up; of any length.

        Returns
        -------
        x, y : ndarray of float64, shape (n,)
            NaN behind the camera.
        in_front : ndarray of bool, shape (n,)
        """
        north, east, up = np.moveaxis(np.asarray(vectors, np.float64), -1, 0)
        # Row by row and not by a library for matrices: a star's pixel does not depend on how
        # many others are asked for.
        u, v, w = (row[0] * north + row[1] * east + row[2] * up for row in self.matrix)
        in_front = w > _GRAZING
        depth = np.where(in_front, w, np.nan)
        return self.x0 - self.scale_px * u / depth, self.y0 + self.scale_px * v / depth, in_front

    def directions(self, x: ArrayLike, y: ArrayLike) -> Numbers:
        """Unit vectors (n, 3), north, east, up, of pixels."""
        u = (self.x0 - np.asarray(x, np.float64)) / self.scale_px
        v = (np.asarray(y, np.float64) - self.y0) / self.scale_px
        length = np.sqrt(u * u + v * v + 1.0)
        columns = zip(*self.matrix, strict=True)
        return np.stack([(a * u + b * v + c) / length for a, b, c in columns], axis=-1)

    @classmethod
    def of_matrix(cls, matrix: Numbers, x0: float, y0: float, scale_px: float) -> Pointing:
        """Pointing of a rotation such as `matrix`."""
        turned_u, _, axis = matrix
        az = np.arctan2(axis[1], axis[0])
        alt = np.arctan2(axis[2], np.hypot(axis[0], axis[1]))
        straight = cls(float(np.degrees(alt)), float(np.degrees(az)), 0.0).matrix
        turn = np.arctan2(turned_u @ straight[1], turned_u @ straight[0])
        angles = np.degrees([az, turn]) % 360.0
        return cls(float(np.degrees(alt)), float(angles[0]), float(angles[1]), x0, y0, scale_px)

    @classmethod
    def equatorial(
        cls,
        ha_deg: float,
        dec_deg: float,
        rotation_deg: float,
        latitude_deg: float,
        x0: float = 2004.0,
        y0: float = 1336.0,
        scale_px: float = SCALE_PX,
    ) -> Pointing:
        """Pointing by hour angle and declination, as La Silla gives it.

        Parameters
        ----------
        ha_deg, dec_deg : float
            Of the axis.
        rotation_deg : float
            0 where x grows eastwards and y northwards; x turns to the north as it grows.
        latitude_deg : float
            Of the station.
        x0, y0, scale_px : float
            As above.
        """
        frame = equatorial_frame(ha_deg, dec_deg, latitude_deg)
        east, north, axis = frame
        turn = np.radians(rotation_deg)
        along_x = east * np.cos(turn) + north * np.sin(turn)
        along_y = north * np.cos(turn) - east * np.sin(turn)
        return cls.of_matrix(np.array([-along_x, along_y, axis]), x0, y0, scale_px)


def equatorial_frame(ha_deg: float, dec_deg: float, latitude_deg: float) -> Numbers:
    """East and north on the celestial sphere and the direction itself, each north, east, up."""
    ha, dec = np.radians([ha_deg, dec_deg])
    outward = np.array([np.cos(ha) * np.cos(dec), np.sin(ha) * np.cos(dec), np.sin(dec)])
    east = np.array([np.sin(ha), -np.cos(ha), 0.0])
    north = np.array([-np.cos(ha) * np.sin(dec), -np.sin(ha) * np.sin(dec), np.cos(dec)])
    return np.array([east, north, outward]) @ to_local(latitude_deg)


def to_local(latitude_deg: float) -> Numbers:
    """Matrix (3, 3) that takes rows of (meridian, west, pole) to rows of (north, east, up)."""
    latitude = np.radians(latitude_deg)
    meridian = [-np.sin(latitude), 0.0, np.cos(latitude)]
    pole = [np.cos(latitude), 0.0, np.sin(latitude)]
    return np.array([meridian, [0.0, -1.0, 0.0], pole])


def hour_angle_and_declination(vectors: ArrayLike, latitude_deg: float) -> tuple[Numbers, Numbers]:
    """Hour angles (-180 to 180) and declinations, degrees, of directions (n, 3)."""
    turned = np.asarray(vectors, np.float64) @ to_local(latitude_deg).T
    meridian, west, pole = np.moveaxis(turned, -1, 0)
    ha = np.degrees(np.arctan2(west, meridian))
    return ha, np.degrees(np.arctan2(pole, np.hypot(meridian, west)))
