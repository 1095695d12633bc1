"""Solutions of La Silla and of the two-camera stations: a tangent plane that turns with the sky.

Hour angle and declination of the reference pixel stay; without refraction, which these solutions
take up in their polynomials.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import legendre, polynomial

from .model import CameraModel
from .plane_fit import chip_grid, fitted_distortion, fitted_tables
from .pointing import Pointing, hour_angle_and_declination
from .precession import precession

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Tables = tuple[Numbers, Numbers]

_DEG = 180.0 / np.pi


@dataclass(frozen=True, eq=False)
class EquatorialSolution:
    """A tangent plane in right ascension and declination with distortion both ways.

    Attributes
    ----------
    crval_deg : ndarray of float64, shape (2,)
        Right ascension and declination of the reference pixel at `lst_h`, equinox of date.
    crpix : ndarray of float64, shape (2,)
        Reference pixel, counted from 1.
    cdelt_deg : ndarray of float64, shape (2,)
    pc : ndarray of float64, shape (2, 2)
        As in FITS.
    lst_h : float
        Local sidereal time of the solution.
    nx, ny : int
        Size of the chip.
    is_ordinary : bool
        Powers of (x - crpix) / nx and (y - crpix) / nx; otherwise polynomials of Legendre of
        2 x / nx - 1 and 2 y / ny - 1.
    wcs_to_pixel, pixel_to_wcs : tuple of two ndarray, (order + 1, order + 1)
        Shifts in x and y from pixels of the plane to those of the chip, and back.
    """

    crval_deg: Numbers
    crpix: Numbers
    cdelt_deg: Numbers
    pc: Numbers
    lst_h: float
    nx: int
    ny: int
    is_ordinary: bool
    wcs_to_pixel: Tables
    pixel_to_wcs: Tables

    @property
    def order(self) -> int:
        """Degree of the polynomials."""
        return len(self.wcs_to_pixel[0]) - 1

    @property
    def hour_angle_deg(self) -> float:
        """Hour angle of the reference pixel."""
        return float((self.lst_h * 15.0 - self.crval_deg[0] + 180.0) % 360.0 - 180.0)

    def pixels(
        self, ra_deg: ArrayLike, dec_deg: ArrayLike, lst_h: float, jd: float | None = None
    ) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
        """Pixels of stars.

        Parameters
        ----------
        ra_deg, dec_deg : array_like of float64, shape (n,)
            Equinox J2000 when `jd` is given, else of date.
        lst_h : float
            Local sidereal time.
        jd : float, optional
            Julian date to which positions are precessed.

        Returns
        -------
        x, y : ndarray of float64, shape (n,)
            NaN behind the camera.
        in_front : ndarray of bool, shape (n,)
        """
        vectors = _vectors(ra_deg, dec_deg) @ self._frame(lst_h, jd).T
        in_front = vectors[:, 2] > 1e-3
        depth = np.where(in_front, vectors[:, 2], np.nan)
        across, along = vectors[:, 0] / depth * _DEG, vectors[:, 1] / depth * _DEG
        x, y = (row[0] * across + row[1] * along for row in self._to_pixels)
        return (*self.bend(x + self.crpix[0] - 1.0, y + self.crpix[1] - 1.0), in_front)

    def sky(
        self, x: ArrayLike, y: ArrayLike, lst_h: float, jd: float | None = None
    ) -> tuple[Numbers, Numbers]:
        """Right ascension and declination (degrees, as for `pixels`) of pixels (n,)."""
        return _angles(self._rays(*self.straighten(x, y)) @ self._frame(lst_h, jd))

    def bend(self, x: ArrayLike, y: ArrayLike) -> tuple[Numbers, Numbers]:
        """Pixels of the chip of pixels of the plane."""
        return self._shifted(x, y, self.wcs_to_pixel)

    def straighten(self, x: ArrayLike, y: ArrayLike) -> tuple[Numbers, Numbers]:
        """Pixels of the plane of pixels of the chip, by the solution's own way back."""
        return self._shifted(x, y, self.pixel_to_wcs)

    def closing_px(self) -> tuple[float, float]:
        """How far back and forth miss each other over the chip: rms and largest, pixels."""
        x, y = chip_grid(self.nx, self.ny)
        back_x, back_y = self.bend(*self.straighten(x, y))
        off = np.hypot(back_x - x, back_y - y)
        return float(np.sqrt(np.mean(off**2))), float(off.max())

    def as_model(self, latitude_deg: float) -> CameraModel:
        """Camera model with the same pixels, for a station.

        It leaves the refraction where the solution has it. As a start it is some pixels off
        for observed directions at most, which the first verification takes up.
        """
        turn_deg = float(np.degrees(np.arctan2(self.pc[1, 0], self.pc[0, 0])))
        pointing = Pointing.equatorial(
            self.hour_angle_deg,
            float(self.crval_deg[1]),
            turn_deg,
            latitude_deg,
            float(self.crpix[0]) - 1.0,
            float(self.crpix[1]) - 1.0,
            _DEG / float(self.cdelt_deg[0]),
        )
        x, y = chip_grid(self.nx, self.ny)
        turn = np.radians(turn_deg)
        east, north = np.moveaxis(self._plane_deg(x, y), -1, 0) / self.cdelt_deg[0]
        flat_x = pointing.x0 + east * np.cos(turn) + north * np.sin(turn)
        flat_y = pointing.y0 + north * np.cos(turn) - east * np.sin(turn)
        size = (self.nx, self.ny)
        bent = fitted_distortion((flat_x, flat_y), self.bend(x, y), size, self.order)
        return CameraModel(pointing, bent)

    @classmethod
    def of_model(
        cls, model: CameraModel, latitude_deg: float, lst_h: float, order: int = 5
    ) -> EquatorialSolution:
        """The solution that La Silla would have stored for a model, by least squares.

        Hour angles and declinations are those of the observed sky. The distortion of a model of
        a higher order is followed as well as polynomials of `order` can.
        """
        size = (model.nx, model.ny)
        middle = (model.nx / 2.0, model.ny / 2.0)
        ha, dec = hour_angle_and_declination(model.directions(*middle), latitude_deg)
        crval = np.array([(lst_h * 15.0 - float(ha)) % 360.0, float(dec)])
        x, y = chip_grid(*size)
        ha_deg, dec_deg = hour_angle_and_declination(model.directions(x, y), latitude_deg)
        rays = _vectors(lst_h * 15.0 - ha_deg, dec_deg) @ _axes(crval).T
        plane = rays[:, :2] / rays[:, 2:] * _DEG
        off = np.stack([x - middle[0], y - middle[1]], axis=-1)
        cdelt = _DEG / model.pointing.scale_px
        pc = np.asarray(np.linalg.lstsq(off, plane, rcond=None)[0].T / cdelt, np.float64)
        flat = plane @ np.linalg.inv(pc * cdelt).T + middle
        flat_x, flat_y = flat[:, 0], flat[:, 1]
        there = fitted_tables((flat_x, flat_y), (x - flat_x, y - flat_y), size, order)
        back = fitted_tables((x, y), (flat_x - x, flat_y - y), size, order)
        crpix, cdelts = np.array(middle) + 1.0, np.full(2, cdelt)
        return cls(crval, crpix, cdelts, pc, lst_h, *size, False, there, back)

    @cached_property
    def _to_pixels(self) -> Numbers:
        return np.asarray(np.linalg.inv(self.cdelt_deg[:, None] * self.pc), np.float64)

    def _frame(self, lst_h: float, jd: float | None) -> Numbers:
        """Rows east, north and axis at a sidereal time, in the equinox of the stars."""
        turned = self.crval_deg + np.array([(lst_h - self.lst_h) * 15.0, 0.0])
        axes = _axes(turned)
        return axes if jd is None else axes @ precession(jd)

    def _plane_deg(self, x: Numbers, y: Numbers) -> Numbers:
        """Tangent plane coordinates (n, 2), east and north, degrees, of pixels of the plane."""
        off = np.stack([x - self.crpix[0] + 1.0, y - self.crpix[1] + 1.0], axis=-1)
        return np.asarray(off @ (self.cdelt_deg[:, None] * self.pc).T)

    def _rays(self, x: Numbers, y: Numbers) -> Numbers:
        plane = self._plane_deg(x, y) / _DEG
        rays = np.concatenate([plane, np.ones((len(plane), 1))], axis=1)
        return np.asarray(rays / np.linalg.norm(rays, axis=1, keepdims=True))

    def _shifted(self, x: ArrayLike, y: ArrayLike, tables: Tables) -> tuple[Numbers, Numbers]:
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        if self.is_ordinary:
            # Both coordinates are divided by the width.
            u, v = (x - self.crpix[0]) / self.nx, (y - self.crpix[1]) / self.nx
            dx, dy = (polynomial.polyval2d(u, v, table) for table in tables)
        else:
            u, v = 2.0 * x / self.nx - 1.0, 2.0 * y / self.ny - 1.0
            dx, dy = (legendre.legval2d(u, v, table) for table in tables)
        return x + dx, y + dy


def _vectors(ra_deg: ArrayLike, dec_deg: ArrayLike) -> Numbers:
    ra, dec = np.radians(ra_deg), np.radians(dec_deg)
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=-1)


def _angles(vectors: Numbers) -> tuple[Numbers, Numbers]:
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.degrees(np.arctan2(y, x)) % 360.0, np.degrees(np.arctan2(z, np.hypot(x, y)))


def _axes(crval_deg: Numbers) -> Numbers:
    """Rows east, north and outwards (3, 3) at a place of the sphere."""
    ra, dec = np.radians(crval_deg)
    east = [-np.sin(ra), np.cos(ra), 0.0]
    north = [-np.sin(dec) * np.cos(ra), -np.sin(dec) * np.sin(ra), np.cos(dec)]
    return np.array([east, north, _vectors(*crval_deg)])
