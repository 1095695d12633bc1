"""When a phase of zero passes the solar-system barycentre, for the TZR lines of a par file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..frames.times import DAY_S
from .nodes import PintPhases, barycentric_phase

if TYPE_CHECKING:
    from ..frames.times import FrameTime
    from .ephemeris import Ephemeris
    from .sites import Site

# Each step leaves the Doppler shifts of the orbits of what was wrong, a thousandth at most.
_STEPS = 6


def zero_at_barycentre(
    ephemeris: Ephemeris, site: Site, pivot: FrameTime, phase: float, frequency_hz: float
) -> tuple[int, float]:
    """An instant of phase zero, given the phase at the pivot.

    Parameters
    ----------
    ephemeris : Ephemeris
    site : Site
    pivot : FrameTime
    phase : float
        What the phase of the pulsar is to be at the site at the pivot, turns.
    frequency_hz : float
        Of the pulsar at about that time.

    Returns
    -------
    day : int
        MJD, TDB.
    seconds : float
        Of that day; that close to the pivot that F0 and F1 of a par file hardly move it.
    """
    # Turns since PEPOCH, whatever TZR the file has.
    free = replace(ephemeris, absolute=False)
    here = PintPhases(free, site)(np.array([pivot.day]), np.array([pivot.seconds]))[1][0]
    wanted = float(here) - phase
    day, seconds = pivot.day, pivot.seconds
    for _ in range(_STEPS):
        off = wanted - barycentric_phase(free, day, seconds)
        seconds += (off - round(off)) / frequency_hz
    whole = int(seconds // DAY_S)
    return day + whole, seconds - whole * DAY_S
