"""Camera models as earlier programs stored them, read from their files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError, translate
from .equatorial import EquatorialSolution
from .header_cards import from_header

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from .model import CameraModel

__all__ = [
    "EquatorialSolution",
    "equatorial_solution",
    "from_header",
    "read_equatorial",
    "read_model",
]

_TABLES = ("x_wcs2pix", "y_wcs2pix", "x_pix2wcs", "y_pix2wcs")
_LEGENDRE_ORDER = 5


def equatorial_solution(values: Mapping[str, Any]) -> EquatorialSolution:
    """Solution of its named numbers.

    Parameters
    ----------
    values : mapping
        crval, crpix, cdelt, pc, lst, nx, ny and the tables x_wcs2pix, y_wcs2pix, x_pix2wcs,
        y_pix2wcs. The files do not tell the kind of the polynomials, their degree does: 5 for
        Legendre's of La Silla, 6 for the ordinary ones of the stations with two cameras.

    Raises
    ------
    KeyError
        If one is missing.
    """
    there_x, there_y, back_x, back_y = (np.asarray(values[key], np.float64) for key in _TABLES)
    return EquatorialSolution(
        crval_deg=np.asarray(values["crval"], np.float64),
        crpix=np.asarray(values["crpix"], np.float64),
        cdelt_deg=np.asarray(values["cdelt"], np.float64),
        pc=np.asarray(values["pc"], np.float64),
        lst_h=float(values["lst"]),
        nx=int(values["nx"]),
        ny=int(values["ny"]),
        is_ordinary=len(there_x) > _LEGENDRE_ORDER + 1,
        wcs_to_pixel=(there_x, there_y),
        pixel_to_wcs=(back_x, back_y),
    )


def read_equatorial(path: str | os.PathLike[str]) -> EquatorialSolution:
    """Read a master solution (HDF5 with the groups wcspars and polpars).

    Raises
    ------
    NightglassError
        If it cannot be read or is no such file.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            groups = [file["wcspars"], file["polpars"]]
            values = {key: group[key][()] for group in groups for key in group}
            values |= {key: value for group in groups for key, value in group.attrs.items()}
        return equatorial_solution(values)
    except OSError as error:
        raise translate(error, path) from error
    except KeyError as error:
        raise NightglassError(
            "The file holds no astrometric solution",
            f"{Path(path).name} lacks a part of it ({error}).",
            "Master solutions are HDF5 files with the groups wcspars and polpars.",
            path,
        ) from error


def read_model(path: str | os.PathLike[str], latitude_deg: float) -> CameraModel:
    """Camera model of a file of any generation: an HDF5 master solution or a binned image.

    Parameters
    ----------
    path : path-like
    latitude_deg : float
        Of the station.

    Raises
    ------
    NightglassError
        If it cannot be read or holds no model.
    """
    if Path(path).suffix in (".hdf5", ".h5"):
        return read_equatorial(path).as_model(latitude_deg)
    return _of_image(path)


def _of_image(path: str | os.PathLike[str]) -> CameraModel:
    from astropy.io import fits

    try:
        with fits.open(path) as units:
            headers = [unit.header for unit in units if "ALT0" in unit.header]
            return from_header(headers[0] if headers else {})
    except OSError as error:
        raise translate(error, path) from error
