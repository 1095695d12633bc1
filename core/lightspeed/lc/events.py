"""A table of all frames: when each was taken, here and at the barycentre, its phase and light."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from ..products import describe
from .lightcurve import ELECTRONS
from .parts import used_cubes
from .tables import Table

if TYPE_CHECKING:
    import os

    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..ephemeris import Ephemeris

    Columns = dict[str, NDArray[np.generic]]

_UNITS = {
    "UTC_DAY": "d", "UTC_SEC": "s", "BJD_DAY": "d", "BJD_FRAC": "d", "PHASE": "turn",
    "TURNS": "turn", "FLUX": ELECTRONS, "ERROR": ELECTRONS,
}  # fmt: skip


def event_table(
    data_set: DataSet,
    *,
    ephemeris: Ephemeris | None = None,
    roi: str | os.PathLike[str] | None = None,
    background: str | os.PathLike[str] | None = None,
    clip: bool = False,
    ctx: JobContext | None = None,
) -> Table:
    """List every frame.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    ephemeris : Ephemeris or None
        Adds barycentric times and phases; its par file tells the direction.
    roi : path-like or None
        Adds the light of the first source of this region file, its sky taken off.
    background : path-like or None
        A region file all of which is sky.
    clip : bool
        Whether electrons are rounded to whole numbers.
    ctx : JobContext or None
        Told of the progress; checked.

    Returns
    -------
    Table
        FRAME (from 0), CUBE (its number), UTC_DAY (MJD) and UTC_SEC of mid-exposure;
        with an ephemeris BJD_DAY and BJD_FRAC (barycentric Julian date, TDB, in whole days and
        the rest), TURNS (whole, from the zero of the par file) and PHASE in [0, 1); with a region
        FLUX and ERROR per second, NLOST and SATURATED.

    Raises
    ------
    NightglassError
        If there is no frame, a region holds no pixel, or a frame cannot be read.
    Cancelled
        If the job was cancelled.
    """
    if not data_set.num_frames():
        raise NightglassError("No frames", "There is no frame to list.", "Use more cubes.")
    data_set.notice_times()
    columns = _places(data_set)
    if ephemeris is not None:
        columns |= _phases(data_set, ephemeris)
    if roi is not None:
        columns |= _light(data_set, roi, background, clip=clip, ctx=ctx)
    units = {name: unit for name, unit in _UNITS.items() if name in columns}
    return Table(columns, units, _header(data_set, ephemeris, roi, background), "EVENTS")


def _places(data_set: DataSet) -> Columns:
    count, times = data_set.num_frames(), data_set.frame_times()
    cubes = used_cubes(data_set)
    numbers = np.repeat([cube.number for cube in cubes], [cube.n_frames for cube in cubes])
    return {
        "FRAME": np.arange(count),
        "CUBE": numbers[:count].astype(np.int64),
        "UTC_DAY": times.day,
        "UTC_SEC": times.seconds,
    }


def _phases(data_set: DataSet, ephemeris: Ephemeris) -> Columns:
    from .barycentre import barycentric_days

    times = data_set.frame_times()
    day, fraction = barycentric_days(ephemeris, times)
    turns, phase = ephemeris.turns(times)
    return {"BJD_DAY": day, "BJD_FRAC": fraction, "TURNS": turns, "PHASE": phase}


def _light(
    data_set: DataSet, roi: str | os.PathLike[str], background: str | os.PathLike[str] | None, *,
    clip: bool, ctx: JobContext | None,
) -> Columns:  # fmt: skip
    from .frame_fluxes import frame_fluxes
    from .parts import make_plan

    plan = make_plan(data_set, roi, background, clip=clip, only_first=True)
    made = frame_fluxes(data_set, plan, ctx)
    return {
        "FLUX": made.net_e[0] / data_set.exposure_s,
        "ERROR": np.sqrt(made.variance_e2[0]) / data_set.exposure_s,
        "NLOST": made.lost,
        "SATURATED": made.saturated,
    }


def _header(
    data_set: DataSet, ephemeris: Ephemeris | None, roi: object, background: object
) -> Header:
    from astropy.io import fits

    header = fits.Header()
    options: dict[str, object] = {"roi": roi, "background": background}
    notes: tuple[str, ...] = ()
    if ephemeris is not None:
        solution = ephemeris.solution
        header["NU"] = (ephemeris.nu_hz, "[Hz] F0 of the par file")
        header["PSR"] = (solution.psr, "pulsar")
        header["PLEPHEM"] = (solution.kernel.upper(), "solar-system ephemeris")
        options |= {"eph": solution.path, "observatory": ephemeris.site.name}
        notes = ephemeris.notices
    describe(header, data_set, options=options, notes=notes)
    return header
