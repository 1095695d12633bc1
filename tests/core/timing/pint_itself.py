"""PINT asked by its own road: pulsar MJDs, its own observatory and clocks."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from nightglass.core.timing.sites import Site
    from numpy.typing import NDArray


def ask(
    text: str, site: Site, day: NDArray[np.int64], seconds: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Whole turns and the rest, about -0.5 to 0.5, at UTC times, with DE421."""
    from nightglass.core.timing.offline import contained, ephemeris_path, prepare

    prepare()
    from astropy.coordinates import solar_system_ephemeris
    from astropy.time import Time
    from pint.toa import get_TOAs_array

    with contained():
        solar_system_ephemeris.set(str(ephemeris_path("de421")))
        model = _model(text)
        toas = get_TOAs_array(
            Time(day.astype(float), seconds / 86400.0, format="pulsar_mjd", scale="utc"),
            _observatory(f"test-{abs(hash(site))}", list(site.itrf_m)),
            ephem="DE421",
            include_bipm=False,
            planets=bool(model.PLANET_SHAPIRO.value),
        )
        phase = model.phase(toas, abs_phase="AbsPhase" in model.components)
    return phase.int.value.astype(np.int64), phase.frac.value.astype(np.float64)


@cache
def _model(text: str) -> Any:
    from pint.models import get_model
    from pint.observatory import Observatory
    from pint.observatory.topo_obs import TopoObs

    model = get_model(io.StringIO(text))
    if "AbsPhase" in model.components:
        place = Observatory.get(model.TZRSITE.value)
        if isinstance(place, TopoObs):
            position = [part.to_value("m") for part in place.location.geocentric]
            model.TZRSITE.value = _observatory(f"test-{place.name}", position)
    return model


def _observatory(name: str, itrf_m: list[float]) -> str:
    from pint.observatory import Observatory
    from pint.observatory.topo_obs import TopoObs

    if name not in Observatory.names():
        TopoObs(name, itrf_xyz=itrf_m, apply_gps2utc=False)
    return name
