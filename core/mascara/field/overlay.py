"""What lies over a frame of a camera: stars, residuals, masks, the Moon, the directions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...timing.sidereal import jd_of
from ...timing.stations import find_station, moon_vectors
from ..camera.model import CameraModel, nominal
from ..settings import ReductionSettings
from .chip_stars import stars_on_chip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...engine.journal import Record
    from ...stars.table import StarTable
    from ...timing.station import Station

    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]

Box = tuple[float, float, float, float]
_FULL_CHIP = (2672, 4008)
_MOON_RADIUS_DEG = 0.26
_BESIDE_PX = 50.0
_STEP_DEG = 0.5


@dataclass(frozen=True)
class Compass:
    """How the sky lies on a chip; directions are unit vectors of pixels in the middle of it.

    Attributes
    ----------
    alt_deg, az_deg : float
        Where the middle looks, observed; azimuth from the north by the east.
    up : tuple of float
        Towards the zenith.
    north, east : tuple of float
        On the celestial sphere.
    """

    alt_deg: float
    az_deg: float
    up: tuple[float, float]
    north: tuple[float, float]
    east: tuple[float, float]


@dataclass(frozen=True)
class Moon:
    """The Moon on a chip or just beside it.

    Attributes
    ----------
    x, y : float
        Pixels from 0.
    radius_px : float
        Of its disc.
    flagged_px : float
        Stars nearer than this get a flag.
    """

    x: float
    y: float
    radius_px: float
    flagged_px: float


@dataclass(frozen=True, eq=False)
class FieldOverlay:
    """Places on a chip at one slot; pixels count from 0, whole numbers in their middle.

    Attributes
    ----------
    camera : str
    lstseq : int
    jd : float
        Middle of the slot, JD (UTC).
    shape : tuple of int
        Rows and columns.
    is_solved : bool
        Whether the places are those of a solution; else of the nominal pointing.
    ascc : ndarray of int64, shape (n,)
        Stars, brightest first; the next ones are of the same shape.
    hd : ndarray of int32
        0 where there is none.
    vmag, x, y : ndarray of float64
    is_astrometric, is_target : ndarray of bool
        Used by the astrometry; a thumbnail is kept of it.
    masks : tuple of (lowest x, highest x, lowest y, highest y)
        What stands in the view.
    moon : Moon or None
    compass : Compass
    model : CameraModel
        What the places were computed with.
    """

    camera: str
    lstseq: int
    jd: float
    shape: tuple[int, int]
    is_solved: bool
    ascc: NDArray[np.int64]
    hd: NDArray[np.int32]
    vmag: Numbers
    x: Numbers
    y: Numbers
    is_astrometric: Mask
    is_target: Mask
    masks: tuple[Box, ...]
    moon: Moon | None
    compass: Compass
    model: CameraModel

    def __len__(self) -> int:
        return self.ascc.size


def overlay_of(
    record: Record | None,
    stars: StarTable,
    settings: Mapping[str, Any],
    lstseq: int,
    *,
    camera: str = "",
    shape: tuple[int, int] | None = None,
    model: CameraModel | None = None,
    faintest_vmag: float | None = None,
) -> FieldOverlay:
    """Compute what lies over a frame.

    Parameters
    ----------
    record : dict or None
        Journal record of its batch, or of another one of the camera, for the solution.
    stars : StarTable
        See `chip_stars.stars_of_night`.
    settings : mapping
        Fields of `ReductionSettings`.
    lstseq : int
        Slot of the frame.
    camera : str
        Its id, where the record does not tell.
    shape : tuple of int or None
        Rows and columns, where no solution tells.
    model : CameraModel or None
        Used in place of the solution of the record.
    faintest_vmag : float or None
        Faintest star; None for the limit of the fast light curves.

    Raises
    ------
    NightglassError
        If the camera or its model is not usable.
    """
    rules = ReductionSettings.model_validate(settings)
    camera = camera or str((record or {}).get("camera", ""))
    solved = model or solved_model(record)
    rows, columns = shape or _FULL_CHIP
    used = solved or nominal(camera, columns, rows)
    station = find_station(camera)
    jd = float(jd_of(lstseq + 0.5))
    limit = rules.fast_limit_vmag if faintest_vmag is None else faintest_vmag
    return _laid(camera, lstseq, jd, used, station, rules, stars, limit, solved is not None)


def solved_model(record: Record | None) -> CameraModel | None:
    """Camera model of a journal record of a batch; None where it was not solved."""
    fields = ((record or {}).get("astrometry") or {}).get("model")
    return CameraModel.from_json(fields) if fields else None


def _laid(
    camera: str,
    lstseq: int,
    jd: float,
    model: CameraModel,
    station: Station,
    rules: ReductionSettings,
    stars: StarTable,
    faintest_vmag: float,
    is_solved: bool,
) -> FieldOverlay:
    from ...stars.table import astrometry_stars

    on_chip = stars_on_chip(stars, model, station, jd, rules, faintest_vmag)
    order = np.argsort(on_chip.table.vmag, kind="stable")
    table = on_chip.table.select(order)
    shape = (model.ny, model.nx)
    targets = [number for group in rules.targets.values() for number in group]
    return FieldOverlay(
        camera, lstseq, jd, shape, is_solved,
        table.ascc, table.hd, table.vmag, on_chip.x[order], on_chip.y[order],
        astrometry_stars(
            table, rules.astrometry_bright_vmag, rules.astrometry_faint_vmag,
            rules.astrometry_isolation_px,
        ),
        np.isin(table.ascc, targets),
        rules.masks.get(camera, ()) if shape == _FULL_CHIP else (),
        _moon(model, jd, station, rules),
        compass_of(model, station.latitude_deg), model,
    )  # fmt: skip


def _moon(model: CameraModel, jd: float, station: Station, rules: ReductionSettings) -> Moon | None:
    x, y, in_front = model.pixels(np.atleast_2d(moon_vectors(jd, station)))
    beside = _BESIDE_PX
    is_near = (
        in_front[0] and -beside <= x[0] < model.nx + beside and -beside <= y[0] < model.ny + beside
    )
    if not is_near:
        return None
    radius_px = model.pointing.scale_px * math.radians(_MOON_RADIUS_DEG)
    return Moon(float(x[0]), float(y[0]), radius_px, rules.moon_radius_px)


def compass_of(model: CameraModel, latitude_deg: float) -> Compass:
    """How the sky lies on the chip of a camera at a latitude."""
    x, y = (model.nx - 1) / 2.0, (model.ny - 1) / 2.0
    middle = model.directions([x], [y])[0]
    latitude = math.radians(latitude_deg)
    pole = np.array([math.cos(latitude), 0.0, math.sin(latitude)])
    up = _towards(model, middle, np.array([0.0, 0.0, 1.0]))
    north = _towards(model, middle, pole)
    # Axes north, east, up are left-handed: the product points east in this order.
    east = _towards(model, middle, np.cross(middle, pole))
    alt_deg = math.degrees(math.asin(min(1.0, max(-1.0, middle[2]))))
    az_deg = math.degrees(math.atan2(middle[1], middle[0])) % 360.0
    return Compass(alt_deg, az_deg, up, north, east)


def _towards(model: CameraModel, middle: Numbers, aim: Numbers) -> tuple[float, float]:
    """Direction on the chip of a small step from its middle towards a place of the sky."""
    across = aim - middle * float(middle @ aim)
    length = float(np.linalg.norm(across))
    if length < 1e-9:  # the middle is that very place
        return 0.0, 0.0
    step = middle + across / length * math.radians(_STEP_DEG)
    x, y, _ = model.pixels(np.stack([middle, step / np.linalg.norm(step)]))
    far = math.hypot(x[1] - x[0], y[1] - y[0])
    return float((x[1] - x[0]) / far), float((y[1] - y[0]) / far)
