"""Camera models in FITS headers, with the keys of La Palma."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from .distortion import Distortion, terms
from .model import CameraModel
from .plane_fit import chip_grid, fitted_distortion
from .pointing import SCALE_PX, Pointing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_DEG = 180.0 / np.pi
_HALF_CROSS_TERMS = 2
_WAY_BACK = "LEGENDRE"
_FINER = 2
_MOST_ORDER = 9


def cards_of(model: CameraModel) -> dict[str, Any]:
    """Cards of a model.

    ALT0, AZ0, TH0, X0, Y0 are the plane picture; XORDER to YCOEFS take a pixel to it, in the
    manner of the TNX projection::

        (xi, eta) = CD (x - CRPIX1, y - CRPIX2)       degrees, the first pixel counts as 1
        xi + sum XCOEFS xi^i eta^j,  eta + sum YCOEFS xi^i eta^j

    over i + j < XORDER, j outside. XCOR and YCOR are the model itself, from the plane picture
    to the pixel: coefficients of Legendre's polynomials as `Distortion` has them, in pixels, the
    low total degrees first, and within one the low degrees in y; CORFUNC, CORNX and CORNY say so.
    """
    at, bent = model.pointing, model.distortion
    back = _way_back(model)
    degree = bent.order
    along_x, along_y = bent.tables_px
    return {
        "ALT0": at.alt_deg,
        "AZ0": at.az_deg,
        "TH0": at.rotation_deg,
        "X0": at.x0,
        "Y0": at.y0,
        "SCALE0": at.scale_px,
        "XORDER": degree + 1,
        "YORDER": degree + 1,
        "XTERM": _HALF_CROSS_TERMS,
        "CRPIX1": at.x0 + 1.0,
        "CRPIX2": at.y0 + 1.0,
        "CD1_1": _DEG / at.scale_px,
        "CD1_2": 0.0,
        "CD2_1": 0.0,
        "CD2_2": _DEG / at.scale_px,
        "XCOEFS": _text(back[:, 0]),
        "YCOEFS": _text(back[:, 1]),
        "XCOR": _text(along_x[i, j] for i, j in terms(degree)),
        "YCOR": _text(along_y[i, j] for i, j in terms(degree)),
        "CORFUNC": _WAY_BACK,
        "CORNX": bent.nx,
        "CORNY": bent.ny,
    }


def from_header(header: Mapping[str, Any], nx: int = 4008, ny: int = 2672) -> CameraModel:
    """Camera model of a header.

    Headers of this program give the model itself, exact to the digits of the cards. Of others
    the plane picture and the polynomials in the manner of TNX are read, as `cards_of` explains
    them, and turned round by a fit.

    Parameters
    ----------
    header : mapping
        Cards.
    nx, ny : int
        Size of the chip where the header does not tell it.

    Raises
    ------
    NightglassError
        If a card is missing or not understood.
    """
    try:
        at = _pointing(header)
        if str(header.get("CORFUNC", "")).strip() == _WAY_BACK:
            return CameraModel(at, _stored(header))
        return _turned_round(header, at, (nx, ny))
    except (KeyError, ValueError, IndexError) as error:
        raise NightglassError(
            "The header holds no usable camera model",
            f"A card is missing or not understood ({error}).",
            "Solve the image anew.",
        ) from error


def _pointing(header: Mapping[str, Any]) -> Pointing:
    alt, az, turn, x0, y0 = (float(header[key]) for key in ("ALT0", "AZ0", "TH0", "X0", "Y0"))
    return Pointing(alt, az, turn, x0, y0, float(header.get("SCALE0", SCALE_PX)))


def _stored(header: Mapping[str, Any]) -> Distortion:
    order = int(header["XORDER"]) - 1
    tables = np.zeros((2, order + 1, order + 1))
    for table, key in zip(tables, ("XCOR", "YCOR"), strict=True):
        for (i, j), value in zip(terms(order), _numbers(header[key]), strict=True):
            table[i, j] = value
    return Distortion.of(int(header["CORNX"]), int(header["CORNY"]), *tables)


def _turned_round(header: Mapping[str, Any], at: Pointing, size: tuple[int, int]) -> CameraModel:
    """Model of polynomials that take a pixel to the plane."""
    order = int(header["XORDER"]) - 1
    cd = np.array([[float(header[f"CD{i}_{j}"]) for j in (1, 2)] for i in (1, 2)])
    x, y = chip_grid(*size)
    off = np.stack([x - float(header["CRPIX1"]) + 1.0, y - float(header["CRPIX2"]) + 1.0])
    xi, eta = cd @ off
    columns = _powers(xi, eta, order)
    xi, eta = (
        plane + columns @ np.array(_numbers(header[key]))
        for plane, key in ((xi, "XCOEFS"), (eta, "YCOEFS"))
    )
    flat = (at.x0 + at.scale_px * xi / _DEG, at.y0 + at.scale_px * eta / _DEG)
    return CameraModel(at, fitted_distortion(flat, (x, y), size, min(order + _FINER, _MOST_ORDER)))


def _way_back(model: CameraModel) -> Numbers:
    """Coefficients (terms, 2) of the TNX polynomials of a model, degrees."""
    x, y = chip_grid(model.nx, model.ny)
    at = model.pointing
    flat_x, flat_y = model.distortion.straighten(x, y)
    degree_px = _DEG / at.scale_px
    columns = _powers((x - at.x0) * degree_px, (y - at.y0) * degree_px, model.distortion.order)
    # Powers of degrees span many decades; each column is brought to its own size.
    sizes = np.abs(columns).max(axis=0)
    wanted = np.stack([flat_x - x, flat_y - y], axis=-1) * degree_px
    return np.asarray(np.linalg.lstsq(columns / sizes, wanted, rcond=None)[0] / sizes[:, None])


def _powers(xi: Numbers, eta: Numbers, order: int) -> Numbers:
    """Powers (n, terms) in the order of TNX with half of the cross terms."""
    pairs = [(i, j) for j in range(order + 1) for i in range(order + 1 - j)]
    return np.stack([xi**i * eta**j for i, j in pairs], axis=-1)


def _text(values: Iterable[float]) -> str:
    return " ".join(repr(float(value)) for value in values)


def _numbers(text: str) -> list[float]:
    return [float(word) for word in str(text).split()]
