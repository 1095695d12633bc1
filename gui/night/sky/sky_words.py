"""What is said of stars, cells and batches of the whole sky."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ....core.timing.sidereal import datetime_from
from ....core.wording import counted
from ..words import fixed

if TYPE_CHECKING:
    from ....core.mascara.field.whole_sky import SeenCell, SkyStars, SkyView

ROUNDED_D = 0.5 / 86400.0
Lines = tuple[tuple[str, str], ...]


def moment(jd: float) -> tuple[str, str]:
    """Time of day of a Julian date to the second, and its date; UTC."""
    at = datetime_from(jd + ROUNDED_D)
    return f"{at:%H:%M:%S} UTC", f"{at:%Y-%m-%d}"


def star_name(stars: SkyStars, row: int) -> str:
    """By the number that people know best."""
    for name, column in (("HD", stars.hd), ("HIP", stars.hip), ("ASCC", stars.ascc)):
        if int(column[row]) > 0:
            return f"{name} {int(column[row])}"
    return f"ASCC {int(stars.ascc[row])}"


def star_lines(stars: SkyStars, row: int) -> Lines:
    """Facts of a star, each with its label."""
    if not stars.is_measured[row]:
        seen = "not measured in this batch"
    elif math.isnan(stars.transparency[row]):
        seen = "too bright, or near the Moon"
    else:
        seen = fixed(float(stars.transparency[row]), 2)
    return (
        ("ASCC", f"{int(stars.ascc[row])}"),
        ("V", fixed(float(stars.vmag[row]), 2, "mag")),
        ("Altitude", fixed(float(stars.alt_deg[row]), 1, "°")),
        ("Azimuth", fixed(float(stars.az_deg[row]), 1, "°")),
        ("Transparency", seen),
    )


def cell_lines(cell: SeenCell) -> Lines:
    """Facts of a cell; each camera has its line where several saw it."""
    lines = (
        ("Transparency", fixed(cell.transparency, 2)),
        ("Zero point", fixed(cell.zero_point_mag, 2, "mag")),
        ("Stars", f"{cell.stars:,}"),
    )
    if len(cell.cameras) == 1:
        return (*lines, ("Camera", cell.cameras[0][0]))
    return lines + tuple(
        (camera, f"{fixed(transparency, 2)} of {counted(stars, 'star')}")
        for camera, transparency, stars in cell.cameras
    )


def bodies(view: SkyView) -> Lines:
    """Where Sun and Moon are."""
    return (("Sun", _height(view.sun_deg[0])), ("Moon", _moon(view)))


def _moon(view: SkyView) -> str:
    return f"{_height(view.moon_deg[0])}, {100.0 * view.moon_phase:.0f} % lit"


def _height(alt_deg: float) -> str:
    return f"{fixed(alt_deg, 0, '°')} high" if alt_deg > 0.0 else f"{fixed(-alt_deg, 0, '°')} below"


def left_out(view: SkyView) -> str:
    """Which cameras have no light curves of the batch, as a sentence; empty for none."""
    names = [chip.camera for chip in view.chips if not chip.is_measured]
    return f"Dashed, without light curves of this batch: {', '.join(names)}." if names else ""
