"""What reaches the chip: zero points per sky cell, and maps of observed minus true magnitudes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from ...frames.fits_writing import replace_fits
from .healpix import NSIDE, cell_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

CLEAR_ZERO_POINT = 17.05
"""Magnitude of one ADU per exposure under a clear sky (4.5 px aperture, mean of the cameras)."""


@dataclass(frozen=True, eq=False)
class ZeroPoints:
    """Zero points of one exposure or binned image.

    Parameters
    ----------
    zero_point : float
        Median of all stars, mag; NaN without any.
    cells : dict of int to (float, float, int)
        By HEALPix cell: zero point in mag, transparency (1: as clear as it can be), stars.
    """

    zero_point: float
    cells: dict[int, tuple[float, float, int]]


def zero_points(
    ra_deg: ArrayLike,
    dec_deg: ArrayLike,
    flux_adu: ArrayLike,
    vmag: ArrayLike,
    clear_zero_point: ArrayLike = CLEAR_ZERO_POINT,
    nside: int = NSIDE,
) -> ZeroPoints:
    """Measure the zero point V + 2.5 log10(flux) of the whole image and of each sky cell.

    Parameters
    ----------
    ra_deg, dec_deg : array_like, shape (n,)
        Of the stars (J2000).
    flux_adu : array_like, shape (n,)
        ADU per exposure; stars whose flux is not finite are left out.
    vmag : array_like, shape (n,)
        Catalogue magnitudes.
    clear_zero_point : float or array_like, shape (n,)
        What a clear sky gives, where known for each star with vignetting and airmass.
    nside : int
        Of the cells.

    Returns
    -------
    ZeroPoints
        Medians; transparency is the part of the light of a clear sky that arrives. Under a
        closed sky half of the fluxes are below zero: they count in it, and the zero point of
        what has no light is NaN.
    """
    flux, v = np.asarray(flux_adu, np.float64), np.asarray(vmag, np.float64)
    light = flux * 10.0 ** (0.4 * v)
    arrived = light * 10.0 ** (-0.4 * np.asarray(clear_zero_point, np.float64))
    cells = np.where(np.isfinite(arrived), cell_of(ra_deg, dec_deg, nside), -1)
    used = cells >= 0
    overall = _magnitude(light[used]) if used.any() else float("nan")
    return ZeroPoints(overall, _by_cell(cells[used], light[used], arrived[used]))


def _magnitude(light: Numbers) -> float:
    middle = float(np.median(light))
    return float(2.5 * np.log10(middle)) if middle > 0.0 else float("nan")


def _by_cell(cells: NDArray[np.int64], light: Numbers, arrived: Numbers) -> dict[int, Any]:
    order = np.argsort(cells, kind="stable")
    numbers, starts = np.unique(cells[order], return_index=True)
    pieces = np.split(order, starts[1:])
    return {
        int(cell): (
            _magnitude(light[piece]),
            max(float(np.median(arrived[piece])), 0.0),
            len(piece),
        )
        for cell, piece in zip(numbers, pieces, strict=False)
    }


def transmission_map(
    cells: Mapping[Any, Any], nulx: int, nuly: int, dimensions: int = 1
) -> Numbers:
    """Make an image of the transmission from the residuals of stars.

    Parameters
    ----------
    cells : mapping
        By cell, the residuals (observed minus true magnitude): one list, or a list of lists, one
        per aperture. A cell is ``(i, j)`` or the flat index ``j * nulx + i``, with i along x.
    nulx, nuly : int
        Cells along x and y.
    dimensions : int
        Maps wanted, one for each of the first apertures.

    Returns
    -------
    ndarray of float64, shape (nuly, nulx), or (dimensions, nuly, nulx) with more than one
        Median residual in mag of each cell; NaN where no star was.

    Raises
    ------
    NightglassError
        If a cell lies outside the map or has too few apertures.
    """
    maps = np.full((dimensions, nuly, nulx), np.nan)
    for key, residuals in cells.items():
        i, j = _place(key, nulx, nuly)
        for k, values in enumerate(_apertures(residuals, key, dimensions)):
            finite = np.asarray(values, np.float64)
            finite = finite[np.isfinite(finite)]
            if len(finite):
                maps[k, j, i] = np.median(finite)
    return maps[0] if dimensions == 1 else maps


def write_transmission(path: Path, image: Numbers) -> Path:
    """Write a map as a FITS image of float32 magnitudes.

    Raises
    ------
    NightglassError
        If the folder cannot be written.
    """
    from astropy.io import fits

    unit = fits.PrimaryHDU(np.asarray(image, np.float32))
    unit.header["IMAGETYP"] = ("TRANSMISSION", "median of observed minus true magnitude")
    unit.header["BUNIT"] = "mag"
    return replace_fits(path, [unit])


def _place(key: Any, nulx: int, nuly: int) -> tuple[int, int]:
    i, j = key if isinstance(key, tuple) else (int(key) % nulx, int(key) // nulx)
    if not (0 <= i < nulx and 0 <= j < nuly):
        raise NightglassError(
            "Could not make the transmission map",
            f"Cell {key} lies outside the map of {nulx} x {nuly} cells.",
            "A cell is (i, j) or j * nulx + i, with i along x.",
        )
    return int(i), int(j)


def _apertures(residuals: Any, key: Any, dimensions: int) -> list[Any]:
    is_nested = any(isinstance(one, Sequence | np.ndarray) for one in residuals)
    lists = list(residuals) if is_nested else [residuals]
    if len(lists) < dimensions:
        raise NightglassError(
            "Could not make the transmission map",
            f"Cell {key} has residuals of {len(lists)} apertures, not of {dimensions}.",
            "Ask for fewer dimensions.",
        )
    return lists[:dimensions]
