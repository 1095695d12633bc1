"""truth.json and truth.h5: everything that was put into a night, to hold results against."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from ...atomic import write_text
from . import mounts
from .chip import BIAS_ADU, LEFT, TOP
from .plan import EXPOSURE_S
from .scene import TRUTH_RADII_PX
from .weather import Moment

if TYPE_CHECKING:
    from pathlib import Path

    from ...timing.station import Station
    from .plan import Exposure, NightPlan
    from .scene import CameraScene, FrameTruth

TRUTH_NAME, ARRAYS_NAME = "truth.json", "truth.h5"
_FORMAT = "nightglass mascara truth 1"


def describe(plan: NightPlan, station: Station, scenes: dict[str, CameraScene]) -> dict[str, Any]:
    """Gather what is known before the night; nothing in it depends on where it is written."""
    settings = plan.settings.as_json()
    settings["catalogue"] = "given" if plan.settings.catalogue else "made up"
    return {
        "format": _FORMAT,
        "settings": settings,
        "station": asdict(station),
        "first_lstseq": plan.settings.first_lstseq,
        "exposure_s": EXPOSURE_S,
        "bias_adu": BIAS_ADU,
        "window": {
            "x0": LEFT,
            "y0": TOP,
            "nx": plan.settings.shape[1],
            "ny": plan.settings.shape[0],
        },
        "conventions": "pixels of the active window from 0, middle of the first pixel at 0; "
        "positions are flux centroids in the middle of the exposure; counts per exposure",
        "aperture_radii_px": TRUTH_RADII_PX,
        "cameras": {name: _camera(plan, scene, name) for name, scene in scenes.items()},
    }


def _camera(plan: NightPlan, scene: CameraScene, camera: str) -> dict[str, Any]:
    exposures = plan.of(camera)
    middle = exposures[(len(exposures) + len(exposures) - plan.settings.frames) // 2]
    alt, az, turn = mounts.alt_az_turn(scene.mount.orientation(middle.jd))
    return {
        "pointing": {"alt_deg": alt, "az_deg": az, "th0_deg": turn, "jd": middle.jd},
        "optics": asdict(scene.optics),
        "zero_point_mag": scene.zero_point_mag,
        "blocked": [list(box) for box in scene.chip.blocked],
        "variables": scene.variations.told(scene.stars.ascc),
        "frames": [_frame(scene, one) for one in exposures if one.frame],
        "calibrations": [
            {"file": one.name, "kind": one.kind, "lstseq": one.lstseq, "ccdtemp_c": one.ccd_c}
            for one in exposures if not one.frame
        ],
    }  # fmt: skip


def _frame(scene: CameraScene, exposure: Exposure) -> dict[str, Any]:
    moment = Moment(exposure.jd, exposure.frame, exposure.lstseq)
    told: dict[str, Any] = {
        "file": exposure.name, "lstseq": exposure.lstseq, "jd": exposure.jd,
        "ccdtemp_c": exposure.ccd_c, "fault": exposure.fault,
    }  # fmt: skip
    tracks = scene.satellites.tracks(exposure.frame)
    if tracks:
        told["satellites"] = [track._asdict() for track in tracks]
    x, y = scene.moon_pixel(scene.orientation(moment), moment)
    if np.isfinite(x):
        told["moon_px"] = [x, y]
    return told


def write(told: dict[str, Any], folder: Path) -> Path:
    """Write truth.json."""
    path = folder / TRUTH_NAME
    write_text(path, json.dumps(told, indent=1) + "\n")
    return path


class TruthArrays:
    """truth.h5 while it is written: per camera a group, per frame a row.

    A group has `ascc`, `ra_deg`, `dec_deg`, `vmag` (stars,), `lstseq`, `jd`, `sky_adu` (frames,),
    `x_px`, `y_px`, `flux_adu` (frames, stars) and `aperture_adu` (frames, stars, radii): what of
    the star alone, without noise, lies in apertures around its true position. NaN off the chip.

    Parameters
    ----------
    path : Path
    scenes : dict of str to CameraScene
    frames : int
    """

    def __init__(self, path: Path, scenes: dict[str, CameraScene], frames: int) -> None:
        import h5py

        self._file = h5py.File(path, "w", libver="earliest")
        self._file.attrs["aperture_radii_px"] = TRUTH_RADII_PX
        for camera, scene in scenes.items():
            self._prepare(camera, scene, frames)

    def _prepare(self, camera: str, scene: CameraScene, frames: int) -> None:
        group = self._file.create_group(camera)
        stars = scene.stars.select(scene.told)
        for name in ("ascc", "ra_deg", "dec_deg", "vmag"):
            group.create_dataset(name, data=getattr(stars, name), track_times=False)
        for name, kind in (("lstseq", "u8"), ("jd", "f8"), ("sky_adu", "f8"), ("ccdtemp_c", "f8")):
            group.create_dataset(name, (frames,), kind, track_times=False)
        rows = (frames, len(stars))
        for name in ("x_px", "y_px", "flux_adu"):
            self._rows(group, name, rows)
        self._rows(group, "aperture_adu", (*rows, len(TRUTH_RADII_PX)))

    @staticmethod
    def _rows(group: Any, name: str, shape: tuple[int, ...]) -> None:
        # A frame is a chunk; a camera that sees no star has none.
        chunks = (1, *shape[1:]) if shape[1] else None
        group.create_dataset(name, shape, "f4", chunks=chunks, fillvalue=np.nan, track_times=False)

    def put(self, exposure: Exposure, frame: FrameTruth) -> None:
        """Write the row of a frame."""
        group, row = self._file[exposure.camera], exposure.frame - 1
        group["lstseq"][row] = exposure.lstseq
        for name, value in frame.numbers.items():
            group[name][row] = value
        for name, values in (("x_px", frame.x), ("y_px", frame.y), ("flux_adu", frame.flux),
                             ("aperture_adu", frame.sums)):  # fmt: skip
            group[name][row] = values

    def close(self) -> None:
        """Close the file."""
        self._file.close()
