"""Pulsars made for the tests, PINT asked directly, and no way to the network."""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pytest

if TYPE_CHECKING:
    from nightglass.core.timing.sites import Site
    from numpy.typing import NDArray

HEAD = """PSR TEST
RAJ 05:34:31.97
DECJ +22:00:52.1
PMRA -14.7
PMDEC 2.0
POSEPOCH 60800
PEPOCH 60800
EPHEM DE421
CLOCK TT(TAI)
UNITS TDB
"""

PULSARS = {
    "isolated": HEAD + "F0 29.946\nF1 -3.77e-10\nF2 1e-20\nDM 56.7\n",
    "fast": HEAD + "F0 716.352\nF1 -1.0e-14\nPX 1.2\n",
    "binary": HEAD + "F0 400.97\nBINARY ELL1\nPB 0.084\nA1 0.063\nTASC 60999.3\nEPS1 0\nEPS2 0\n",
    "tight binary": HEAD
    + "F0 400.97\nBINARY DD\nPB 0.03\nA1 1.4\nT0 60999.3\nECC 0.6\nOM 70\nSINI 0.9\nM2 0.4\n",
    "glitch": HEAD + "F0 11.19\nF1 -1.5e-11\nGLEP_1 61000.21\nGLPH_1 0.2\nGLF0_1 1e-6\n",
    "TZR": HEAD + "F0 29.946\nF1 -3.77e-10\nTZRMJD 60990.125\nTZRSITE @\nTZRFRQ 0\n",
}


class AskPint(Protocol):
    def __call__(
        self, text: str, site: Site, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]: ...


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a test of timing asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(params=sorted(PULSARS))
def pulsar(request: pytest.FixtureRequest) -> str:
    return PULSARS[request.param]


@pytest.fixture(scope="session")
def ask_pint() -> AskPint:
    """Phases straight from PINT by its own road: pulsar MJDs, its own observatory and clocks."""
    from nightglass.core.timing.offline import contained, ephemeris_path, prepare

    prepare()
    from astropy.coordinates import solar_system_ephemeris
    from astropy.time import Time
    from pint.models import get_model
    from pint.observatory import Observatory
    from pint.observatory.topo_obs import TopoObs
    from pint.toa import get_TOAs_array

    def observatory(name: str, itrf_m: list[float]) -> str:
        if name not in Observatory.names():
            TopoObs(name, itrf_xyz=itrf_m, apply_gps2utc=False)
        return name

    def ask(
        text: str, site: Site, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        with contained():
            solar_system_ephemeris.set(str(ephemeris_path("de421")))
            model = get_model(io.StringIO(text))
            absolute = "AbsPhase" in model.components
            if absolute:
                place = Observatory.get(model.TZRSITE.value)
                if isinstance(place, TopoObs):
                    position = [part.to_value("m") for part in place.location.geocentric]
                    model.TZRSITE.value = observatory(f"test-{place.name}", position)
            toas = get_TOAs_array(
                Time(day.astype(float), seconds / 86400.0, format="pulsar_mjd", scale="utc"),
                observatory(f"test-{abs(hash(site))}", list(site.itrf_m)),
                ephem="DE421",
                include_bipm=False,
                planets=bool(model.PLANET_SHAPIRO.value),
            )
            phase = model.phase(toas, abs_phase=absolute)
        return phase.int.value.astype(np.int64), phase.frac.value.astype(np.float64)

    return ask
