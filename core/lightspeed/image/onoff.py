"""Image of a pulse: frames while it is on minus frames while it is off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from ...frames.times import DAY_S
from ..pointing import PLATE_SCALE_ARCSEC
from .look import Look, image_of
from .measure import Style, measure
from .ranges import OFF, ON, PhaseRanges
from .rates import RateMap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..ephemeris import Ephemeris
    from ..modes import Mode
    from .image import Image


def on_off(
    data_set: DataSet,
    ephemeris: Ephemeris,
    ranges: PhaseRanges | str,
    *,
    mode: Mode = "sum",
    qe: bool | None = None,
    wcs: bool = False,
    smooth: float | None = None,
    n_electrons: int | None = None,
    n_iterations: int = 25,
    fill: bool | None = None,
    plate_scale_arcsec: float = PLATE_SCALE_ARCSEC,
    ctx: JobContext | None = None,
) -> Image:
    """Subtract the mean image of the off phases from that of the on phases.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    ephemeris : Ephemeris
        Gives their phases, of mid-exposure; published conventions take the start.
    ranges : PhaseRanges or str
        Which phases are on and off; see `PhaseRanges.parse`.
    qe : bool or None
        Whether sum and clip give photons instead of detected electrons; None does not. Weight
        mode always does.
    mode, wcs, smooth, n_electrons, n_iterations, fill, plate_scale_arcsec, ctx
        As for `mean_image`.

    Returns
    -------
    Image
        Of the difference per second; EXPTIME and the exposures are those of the on phases,
        OFFTIME that of the off phases.

    Raises
    ------
    NightglassError
        If the ranges make no sense, no frame lies in one of them, or a frame cannot be read.
    Cancelled
        If the job was cancelled.
    """
    if data_set.options.row_delay:
        raise NightglassError(
            "No row delay here", "All rows of a frame are taken to be on or off together.",
            "Leave out --row-delay.",
        )  # fmt: skip
    chosen = PhaseRanges.parse(ranges) if isinstance(ranges, str) else ranges
    style = Style(mode, bool(qe) or mode == "weight", n_electrons, n_iterations)
    look = Look(wcs, smooth, fill, plate_scale_arcsec)
    look.check(data_set)
    groups = phase_groups(data_set, ephemeris, chosen)
    measured = measure(data_set, style, groups=groups, n_groups=2, ctx=ctx)
    on, off = measured.maps[ON], measured.maps[OFF]
    made = RateMap(on.rate - off.rate, np.hypot(on.error, off.error), on.exposure_s)
    options = {"range": str(chosen), "pulsar": ephemeris.solution.psr, "site": ephemeris.site.name}
    image = image_of(data_set, style, look, made, measured.saturated, options)
    image.header["NFRAMES"] = (int(np.count_nonzero(groups == ON)), "frames that are on")
    image.header["NOFF"] = (int(np.count_nonzero(groups == OFF)), "frames that are off")
    image.header["OFFTIME"] = (float(off.exposure_s.max(initial=0.0)), "[s] off, longest of all")
    image.header["NU"] = (ephemeris.nu_hz, "[Hz] F0 of the par file")
    return image


def phase_groups(data_set: DataSet, ephemeris: Ephemeris, ranges: PhaseRanges) -> NDArray[np.int16]:
    """Give the group of every frame: `ON`, `OFF` or -1.

    Raises
    ------
    NightglassError
        If one of them has no frame.
    """
    times = data_set.frame_times()
    is_native = data_set.conventions.is_native
    if not is_native:
        seconds = times.seconds - data_set.exposure_s / 2.0
        early = seconds < 0.0
        times = replace(times, day=times.day - early, seconds=seconds + DAY_S * early)
    groups = ranges.groups(ephemeris.phases(times), strict=not is_native)
    for group, name, spans in ((ON, "on", ranges.on), (OFF, "off", ranges.off)):
        if not (groups == group).any():
            raise NightglassError(
                "No frames in a phase range",
                f"No frame of {data_set.capture.name} lies in the {name} range "
                f"{'|'.join(map(str, spans))}.",
                "Widen it or use more frames.",
            )
    return groups
