"""From how a night stands to what its plots draw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....core.mascara.letters import in_order
from ....core.mascara.report.limits import (
    MASTER_RMS_PX,
    SET_POINT_C,
    TOLERANCE_C,
    WORST_RMS_PX,
)
from ....core.mascara.report.moments import evening_jd
from .specs import FLAGS, PLOTS, Limit, flag_lines

if TYPE_CHECKING:
    from collections.abc import Collection

    from ....core.mascara.watching.snapshot import NightSnapshot
    from .lines import PlotLine

HOURS_A_DAY = 24.0


@dataclass(frozen=True, eq=False)
class PlotContent:
    """Everything that the plots show.

    Attributes
    ----------
    zero_jd : float
        JD of 0 h UTC of the evening, from which hours count.
    lines : dict of str to list of PlotLine
        By the key of a plot.
    limits : dict of str to tuple of Limit
    extent : tuple of float
        First and last hour with a number.
    dusk, dawn : float
        Hours at which the Sun is 10 degrees below the horizon; NaN where it never is.
    """

    zero_jd: float
    lines: dict[str, list[PlotLine]]
    limits: dict[str, tuple[Limit, ...]]
    extent: tuple[float, float]
    dusk: float
    dawn: float


def content_of(
    snapshot: NightSnapshot, hidden: Collection[str], keys: Collection[str]
) -> PlotContent:
    """Gather what some plots show of the cameras that are not hidden."""
    names = [name for name in in_order(snapshot.series) if name not in hidden]
    series = {name: snapshot.series[name] for name in names}
    every = [one.frame_jd for one in snapshot.series.values()]
    frame_jd = np.concatenate([np.empty(0), *every])
    zero_jd = evening_jd(snapshot.status.night, frame_jd)
    lines = {
        spec.key: [
            line for camera, one in series.items() for line in spec.build(camera, one, zero_jd)
        ]
        for spec in PLOTS
        if spec.key in keys
    }
    if FLAGS in keys:
        lines[FLAGS] = flag_lines(series, zero_jd)
    twilight = snapshot.twilight
    dusk, dawn = ((jd - zero_jd) * HOURS_A_DAY for jd in (twilight.dusk_jd, twilight.dawn_jd))
    limits = {spec.key: spec.limits for spec in PLOTS}
    limits |= {"ccdtemp": (_set_point(snapshot),), "rms": _rms_limits(snapshot)}
    return PlotContent(zero_jd, lines, limits, _extent(frame_jd, zero_jd, dusk, dawn), dusk, dawn)


def _set_point(snapshot: NightSnapshot) -> Limit:
    set_point_c = float(snapshot.settings.get("ccd_set_point_c", SET_POINT_C))
    name = f"set point {set_point_c:g} ± {TOLERANCE_C:g}"
    return Limit(name.replace("-", "−"), set_point_c - TOLERANCE_C, set_point_c + TOLERANCE_C)


def _rms_limits(snapshot: NightSnapshot) -> tuple[Limit, Limit]:
    worst_px = float(snapshot.settings.get("astrometry_limit_px", WORST_RMS_PX))
    return (
        Limit(f"poor above {MASTER_RMS_PX:g}", MASTER_RMS_PX, MASTER_RMS_PX, is_named_below=True),
        Limit(f"rejected above {worst_px:g}", worst_px, worst_px),
    )


def _extent(
    frame_jd: np.ndarray[tuple[int], np.dtype[np.float64]], zero_jd: float, dusk: float, dawn: float
) -> tuple[float, float]:
    """From the first to the last frame; before there is one, the night."""
    known = frame_jd[np.isfinite(frame_jd)]
    if len(known):
        return tuple((float(end) - zero_jd) * HOURS_A_DAY for end in (known.min(), known.max()))  # type: ignore[return-value]
    is_night = math.isfinite(dusk) and math.isfinite(dawn)
    return (dusk, dawn) if is_night else (18.0, 30.0)
