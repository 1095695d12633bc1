"""Where times of arrival are told for: a place that timing programs know by name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....frames.times import FrameTime, spread
from ....timing.sites import Site

if TYPE_CHECKING:
    from ....timing.edits import PivotedPhases

# PINT takes these codes from its own list (lap) or from astropy's registry of sites.
_KNOWN = (
    ("lco", "Las Campanas Observatory", (1845655.5, -5270856.3, -3075330.8)),
    ("lasilla", "La Silla Observatory", (1838555.0, -5258914.4, -3099898.8)),
    ("ctio", "Cerro Tololo", (1814303.7, -5214365.7, -3187340.6)),
    ("gemini_south", "Gemini South", (1820193.1, -5208343.0, -3194842.5)),
    ("paranal", "Paranal Observatory", (1946404.3, -5467644.3, -2642728.2)),
    ("palomar", "Palomar Observatory", (-2410346.8, -4758666.8, 3487943.0)),
    ("lap", "La Palma", (5327021.651, -1719555.576, 3051967.932)),
)
_NEAR_M = 5_000.0
# A time is moved by 21 ms at most, in which the Doppler shift changes the turns by 1e-6 of them.
_ROUNDS = 3


@dataclass(frozen=True)
class ToaPlace:
    """A place by its code in PINT and TEMPO2.

    Attributes
    ----------
    code : str
    site : Site
    """

    code: str
    site: Site


GEOCENTRE = ToaPlace("coe", Site("centre of the Earth", 0.0, 0.0, 0.0))
"""Known to every timing program without a table of sites or clocks."""


def place_near(site: Site) -> ToaPlace:
    """Give the place within 5 km that timing programs know, else the centre of the Earth."""
    code, name, itrf_m = min(_KNOWN, key=lambda known: math.dist(known[2], site.itrf_m))
    if math.dist(itrf_m, site.itrf_m) > _NEAR_M:
        return GEOCENTRE
    return ToaPlace(code, Site(name, *itrf_m))


def moved(clock: PivotedPhases, time: FrameTime, place: ToaPlace) -> float:
    """Seconds by which the same turn of the pulsar arrives later at a place than at the telescope.

    Of the par file nothing but the direction matters: an arc second is 0.1 us at the centre of the
    Earth and a thousandth of that at a place nearby.
    """
    from ....timing.phase import PhaseModel

    if place.site.itrf_m == clock.site.itrf_m:
        return 0.0
    here, there = (PhaseModel(clock.ephemeris, site) for site in (clock.site, place.site))
    turns, fraction = here.phase([time.day], [time.seconds])
    later_s = 0.0
    for _ in range(_ROUNDS):
        day, seconds = spread(time.day, time.seconds, np.array([later_s]))
        whole, rest = there.phase(day, seconds)
        missing = float((turns - whole)[0]) + float((fraction - rest)[0])
        later_s += missing / clock.frequency_hz
    return later_s
