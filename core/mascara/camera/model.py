"""The model of a camera: direction in the local sky to pixel and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ...errors import NightglassError
from ...timing.stations import find_station
from .distortion import Distortion
from .pointing import Pointing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

__all__ = ["CameraModel", "Distortion", "Pointing", "nominal"]

NX, NY = 4008, 2672
"""Size of the chip, pixels."""
# Altitude, azimuth; the long side of the chip lies level (rotation 270), at every station
# built like the first one.
_LEVEL_DEG = 270.0
_LOCAL_DEG = {
    "C": (90.0, 0.0),
    "N": (49.0, 0.0),
    "E": (49.0, 90.0),
    "S": (49.0, 180.0),
    "W": (49.0, 270.0),
}
# Hour angle, declination and rotation where they were measured. The two stations with two
# cameras were built alike; only those of Sutherland are known.
_EQUATORIAL_DEG = {
    "LSC": (-0.1, -32.5, 183.2),
    "LSN": (1.4, 12.1, 1.7),
    "LSE": (-45.1, -19.8, 291.6),
    "LSS": (-3.6, -69.7, 184.7),
    "LSW": (45.0, -23.9, 72.6),
    "SAE": (-51.4, -64.6, 159.0),
    "SAW": (53.8, -62.0, 16.3),
    "AUE": (-51.4, -64.6, 159.0),
    "AUW": (53.8, -62.0, 16.3),
}


@dataclass(frozen=True)
class CameraModel:
    """A camera: where it looks and how its lens bends the picture.

    Directions are unit vectors (north, east, up) of the observed, refracted sky; pixels count
    from 0, x along the rows, whole numbers in the middle of a pixel.

    Parameters
    ----------
    pointing : Pointing
        The plane picture. It stays as it is for a night.
    distortion : Distortion
        From the plane picture to the chip; it follows drift, turn and scale as well.
    """

    pointing: Pointing
    distortion: Distortion

    @property
    def nx(self) -> int:
        """Width of the chip, pixels."""
        return self.distortion.nx

    @property
    def ny(self) -> int:
        """Height of the chip, pixels."""
        return self.distortion.ny

    def pixels(self, vectors: ArrayLike) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
        """Pixels of directions.

        Parameters
        ----------
        vectors : array_like of float64, shape (n, 3)
            North, east, up.

        Returns
        -------
        x, y : ndarray of float64, shape (n,)
            On the chip or beside it; NaN behind the camera.
        in_front : ndarray of bool, shape (n,)
        """
        x, y, in_front = self.pointing.project(vectors)
        return (*self.distortion.bend(x, y), in_front)

    def directions(self, x: ArrayLike, y: ArrayLike) -> Numbers:
        """Unit vectors (n, 3), north, east, up, of pixels: `pixels` undone to 1e-6 px."""
        return self.pointing.directions(*self.distortion.straighten(x, y))

    def as_json(self) -> dict[str, Any]:
        """The whole model as JSON can carry it; every number survives exactly."""
        return {"pointing": asdict(self.pointing), "distortion": self.distortion.as_json()}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> CameraModel:
        """The same again.

        Raises
        ------
        NightglassError
            If it is not such a model.
        """
        try:
            return cls(Pointing(**fields["pointing"]), Distortion.from_json(fields["distortion"]))
        except (KeyError, TypeError, ValueError) as error:
            raise NightglassError(
                "The camera model is not usable",
                f"It is not complete ({type(error).__name__}: {error}).",
                "Leave the solution out; the next one starts from the nominal pointing.",
            ) from error


def nominal(camera_id: str, nx: int = NX, ny: int = NY) -> CameraModel:
    """Model of a camera as it was put up, without distortion.

    Parameters
    ----------
    camera_id : str
        Two letters of the station and one of the camera, such as LPC.
    nx, ny : int
        Size of the chip, pixels.

    Raises
    ------
    NightglassError
        If no station has such a camera.
    """
    middle = (nx / 2.0, ny / 2.0)
    known = _EQUATORIAL_DEG.get(camera_id)
    if known is not None:
        latitude_deg = find_station(camera_id).latitude_deg
        pointing = Pointing.equatorial(*known, latitude_deg, *middle)
    else:
        pointing = Pointing(*_local_deg(camera_id), _LEVEL_DEG, *middle)
    return CameraModel(pointing, Distortion.identity(nx, ny))


def _local_deg(camera_id: str) -> tuple[float, float]:
    letter = camera_id[2:]
    if letter not in _LOCAL_DEG:
        raise NightglassError(
            "Unknown camera",
            f"There is no camera '{camera_id}'.",
            "Its name is two letters of the station and one of N, E, S, W, C, such as LPC.",
        )
    find_station(camera_id)
    return _LOCAL_DEG[letter]
