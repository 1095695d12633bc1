"""What the report leaves in the folder of a camera's night: its log and its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...atomic import write_bytes, write_text
from .astrometry_picture import astrometry_name, astrometry_picture
from .conditions_picture import conditions_name, conditions_picture
from .limits import SET_POINT_C
from .log_file import log_lines

if TYPE_CHECKING:
    from pathlib import Path

    from .records import CameraRecords


def write_camera_files(
    folder: Path, camera: CameraRecords, set_point_c: float = SET_POINT_C
) -> list[Path]:
    """Write log, picture of the astrometry and picture of the conditions of a camera's night.

    Parameters
    ----------
    folder : Path
        Where they go: ``<date><cam>.log``, ``<date><cam>astro.png``, ``<date><cam>phot.png``.
    camera : CameraRecords
        They depend on its batches and darks only, not on when or how often they were made.
    set_point_c : float
        Temperature the chip is cooled to.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    log = folder / f"{camera.name}.log"
    write_text(log, "".join(f"{line}\n" for line in log_lines(camera)))
    pictures = {
        folder / astrometry_name(camera): astrometry_picture(camera),
        folder / conditions_name(camera): conditions_picture(camera, set_point_c),
    }
    for path, picture in pictures.items():
        write_bytes(path, picture)
    return [log, *pictures]
