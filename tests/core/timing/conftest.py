"""Pulsars made for the tests, PINT asked directly, and no way to the network."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from . import pint_itself

if TYPE_CHECKING:
    import numpy as np
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
    """Phases straight from PINT."""
    return pint_itself.ask
