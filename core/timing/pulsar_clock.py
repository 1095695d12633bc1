"""How time goes at a pulsar, seen from a site: what drags of a frequency need to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..errors import NightglassError
from ..frames.times import DAY_S
from .grid import day_length_s
from .nodes import PintPhases

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..frames.times import FrameTime
    from .ephemeris import Ephemeris
    from .sites import Site

# PINT's delays are good to 0.3 ns: over so many seconds their second derivative is good to 1e-11,
# and a polynomial through five of them follows an orbit of an hour.
_REACH_S = 30.0
_DEGREE = 4


class PulsarClock(NamedTuple):
    """Time T at the pulsar against time t at the site, about one instant.

    Attributes
    ----------
    since_s : float
        T from PEPOCH, TDB seconds.
    rate : float
        dT/dt, one and a ten-thousandth or so: the Doppler shift of Earth and of an orbit.
    bend_per_s : float
        Second derivative.
    """

    since_s: float
    rate: float = 1.0
    bend_per_s: float = 0.0

    def dragged(
        self, f0_hz: float, f1_hz_s: float, delta_f_hz: float, delta_f1_hz_s: float
    ) -> tuple[float, float]:
        """F0 and F1 at PEPOCH that change what is seen at the instant by so much.

        With the frequency f(T) of the pulsar, the one seen is f T' and its derivative
        f' T'^2 + f T''. F1 changes by that of f', and F0 by that of f less that of F1 times T.

        Parameters
        ----------
        f0_hz, f1_hz_s : float
            At PEPOCH, in Hz and Hz/s.
        delta_f_hz, delta_f1_hz_s : float
            Changes of the frequency seen and of its derivative.

        Returns
        -------
        f0_hz, f1_hz_s : float

        Raises
        ------
        NightglassError
            If F0 would not be above zero.
        """
        delta_at_pulsar = delta_f_hz / self.rate
        delta_f1 = (delta_f1_hz_s - delta_at_pulsar * self.bend_per_s) / self.rate**2
        new_hz = f0_hz + delta_at_pulsar - delta_f1 * self.since_s
        if new_hz > 0.0:
            return new_hz, f1_hz_s + delta_f1
        raise NightglassError(
            "Cannot change the frequency that much",
            f"F0 at PEPOCH would be {new_hz:.6g} Hz: PEPOCH is too far from the capture for such "
            "an F1.",
            "Use a par file whose PEPOCH is near the capture, or change F0 alone.",
        )


def pulsar_clock(ephemeris: Ephemeris, site: Site, instant: FrameTime) -> PulsarClock:
    """Ask PINT for the clock of a pulsar.

    Raises
    ------
    NightglassError
        If PINT cannot evaluate the date.
    """
    seconds = around(instant, _REACH_S)
    days = np.full(seconds.size, instant.day)
    since = PintPhases(ephemeris, site).since_pepoch_s(days, seconds)
    run_s = (since - since[0]).astype(np.float64)
    through = np.polynomial.Polynomial.fit(seconds - instant.seconds, run_s, _DEGREE)
    since_s, rate, bend = (float(through.deriv(order)(0.0)) for order in range(3))
    return PulsarClock(float(since[0]) + since_s, rate, bend)


def dragged(
    f0_hz: float,
    f1_hz_s: float,
    pepoch_mjd: float,
    pivot: FrameTime,
    delta_f_hz: float,
    delta_f1_hz_s: float,
) -> tuple[float, float]:
    """F0 and F1 at PEPOCH that change frequency and derivative at the pivot by so much.

    As `PulsarClock.dragged` without light times and Doppler shifts: a change of the derivative is
    off by its light time, some minutes, in frequency.

    Parameters
    ----------
    f0_hz, f1_hz_s : float
        At PEPOCH, in Hz and Hz/s.
    pepoch_mjd : float
    pivot : FrameTime
    delta_f_hz, delta_f1_hz_s : float
        Changes at the pivot.

    Returns
    -------
    f0_hz, f1_hz_s : float

    Raises
    ------
    NightglassError
        If F0 would not be above zero.
    """
    clock = PulsarClock((pivot.day - pepoch_mjd) * DAY_S + pivot.seconds)
    return clock.dragged(f0_hz, f1_hz_s, delta_f_hz, delta_f1_hz_s)


def around(instant: FrameTime, reach_s: float) -> NDArray[np.float64]:
    """Five seconds of the day around an instant, that day's ends not passed, shape (5,)."""
    end_s = float(day_length_s(np.array([instant.day]))[0])
    first_s = min(max(instant.seconds - reach_s, 0.0), end_s - 2.0 * reach_s)
    return np.linspace(first_s, first_s + 2.0 * reach_s, 5)
