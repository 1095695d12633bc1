"""How a camera moved: places of the chip on the sky, and the pointing that a model amounts to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..camera.pointing import hour_angle_and_declination

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..camera.model import CameraModel

    Numbers = NDArray[np.float64]

# Parts of the width and height: at full size (1002, 668), (1002, 2004), (2004, 1336), (3006, 668)
# and (3006, 2004).
_PLACES = np.array([[0.25, 0.25], [0.25, 0.75], [0.5, 0.5], [0.75, 0.25], [0.75, 0.75]])
_NEAR_PX = 1.0


def chip_sky(model: CameraModel, latitude_deg: float) -> Numbers:
    """Hour angle and declination of five places of the chip.

    Parameters
    ----------
    model : CameraModel
    latitude_deg : float
        Of the station.

    Returns
    -------
    ndarray of float64, shape (5, 2)
        Degrees, the hour angle from -180 to 180; of the observed, refracted sky. The places are
        the middle of the chip and those half way to its corners.
    """
    x, y = (_PLACES * (model.nx, model.ny)).T
    sky = hour_angle_and_declination(model.directions(x, y), latitude_deg)
    return np.stack(sky, axis=-1)


def drift(model: CameraModel, reference: CameraModel, latitude_deg: float) -> Numbers:
    """How far the five places of `chip_sky` moved since a reference, arc minutes.

    Returns
    -------
    ndarray of float64, shape (5, 2)
        Along the hour angle (on the sky: times the cosine of the declination) and along the
        declination.
    """
    now, then = chip_sky(model, latitude_deg), chip_sky(reference, latitude_deg)
    ha_deg = (now[:, 0] - then[:, 0] + 180.0) % 360.0 - 180.0
    moved_deg = np.stack([ha_deg * np.cos(np.radians(then[:, 1])), now[:, 1] - then[:, 1]], axis=-1)
    return np.asarray(moved_deg * 60.0)


def pointing_of(model: CameraModel) -> dict[str, float]:
    """Pointing that a model amounts to in the middle of the chip.

    Returns
    -------
    dict
        alt0, az0: where the middle of the chip looks; th0: the rotation there, as `Pointing`
        defines it, all in degrees; x0, y0: the middle of the chip, pixels.
    """
    from ..camera.pointing import Pointing

    x0, y0 = model.nx / 2.0, model.ny / 2.0
    left, right, middle = model.directions([x0 - _NEAR_PX, x0 + _NEAR_PX, x0], [y0, y0, y0])
    # x falls along u: the rotated u axis points against the way of x on the sky.
    against_x = left - right
    against_x = against_x - middle * (middle @ against_x)
    against_x /= np.linalg.norm(against_x)
    across = np.cross(middle, against_x)
    found = Pointing.of_matrix(np.array([against_x, across, middle]), x0, y0, 1.0)
    angles = {"alt0": found.alt_deg, "az0": found.az_deg, "th0": found.rotation_deg}
    return {**angles, "x0": x0, "y0": y0}
