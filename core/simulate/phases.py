"""Pulse phase at the true times of the exposures, through a par file."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ..timing.par import read_par_text
from ..timing.sites import find_site
from .instant import DAY_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .settings import CaptureSettings

SITE = "Magellan Clay"
DEMO_PAR = "crab_demo.par"
_HALF_STEP_S = 0.5


class PhaseClock(Protocol):
    """What turns UTC into pulse phase."""

    def phase(
        self, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return whole turns and the fraction in [0, 1)."""


class PulsePhases:
    """Phase and frequency of the pulsar at the telescope.

    Parameters
    ----------
    clock : PhaseClock
    """

    site_name = SITE

    def __init__(self, clock: PhaseClock) -> None:
        self._clock = clock

    def turns(self, day: int, seconds: float) -> tuple[int, float]:
        """Return whole turns and fraction at one moment."""
        whole, fraction = self._clock.phase(np.array([day], dtype=np.int64), np.array([seconds]))
        return int(whole[0]), float(fraction[0])

    def at(
        self, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Phase and apparent frequency.

        Parameters
        ----------
        day, seconds : (n,)
            UTC MJD days and seconds of the day.

        Returns
        -------
        fraction : float64 (n,)
            Turns in [0, 1).
        frequency : float64 (n,)
            Turns per second, from the turns made in the second around each time.
        """
        _, fraction = self._clock.phase(day, seconds)
        before = self._clock.phase(*_same_moment(day, seconds - _HALF_STEP_S))
        after = self._clock.phase(*_same_moment(day, seconds + _HALF_STEP_S))
        turns = (after[0] - before[0]) + (after[1] - before[1])
        return fraction, turns / (2 * _HALF_STEP_S)


def _same_moment(
    day: NDArray[np.int64], seconds: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Bring seconds back inside their day after a small step."""
    shift = np.floor(seconds / DAY_S).astype(np.int64)
    return day + shift, seconds - shift * DAY_S


def par_text(settings: CaptureSettings) -> str:
    """Read the par file, or the built-in one of the demonstration pulsar.

    Raises
    ------
    NightglassError
        If the file cannot be read or is no text.
    """
    if settings.par:
        return read_par_text(Path(settings.par))[0]
    return (resources.files("nightglass.resources.data") / DEMO_PAR).read_text(encoding="utf-8")


def pulse_phases(settings: CaptureSettings, text: str) -> PulsePhases | None:
    """Return the phases a capture's pulse follows; None when nothing in it pulses.

    Raises
    ------
    NightglassError
        If `text` is no par file PINT can use.
    """
    if settings.calibration is not None or settings.star_rate * settings.pulsed_fraction == 0:
        return None
    from ..timing.ephemeris import load_ephemeris
    from ..timing.phase import PhaseModel

    return PulsePhases(PhaseModel(load_ephemeris(text + "\n"), find_site(SITE)))
