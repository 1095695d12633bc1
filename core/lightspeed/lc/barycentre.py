"""Barycentric dynamical time of many frames, from PINT at a few nodes.

The polynomials and windows are those of the phases, with seconds of BJD(TDB) in the place of
turns: a clock that turns once a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...timing.nodes import PintPhases
from ...timing.observatories import register_site
from ...timing.offline import PINT_LOCK, contained, use_kernel
from ...timing.phase import PhaseModel
from ...timing.windows import fit_windows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ...frames.times import FrameTimes
    from ..ephemeris import Ephemeris

    Numbers = NDArray[np.float64]

# Seconds from JD 0 to MJD 0, a whole number.
_JD_SECONDS = 207_360_043_200
_DAY_S = 86_400
_MJD_AS_JD = 2_400_000.5


def barycentric_days(
    ephemeris: Ephemeris, times: FrameTimes
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give BJD(TDB) of frame times, as seen from the pulsar's direction.

    Parameters
    ----------
    ephemeris : Ephemeris
        Its par file tells the position, and the solar-system ephemeris.
    times : FrameTimes
        UTC.

    Returns
    -------
    day : ndarray of int64, shape (n,)
        Whole Julian days; -1 without a time.
    fraction : ndarray of float64, shape (n,)
        The rest, in [0, 1); NaN without a time.

    Notes
    -----
    Roemer, Einstein and Shapiro delays of the solar system as PINT's ``get_barycentric_toas``
    has them; within 0.5 ns of it. The motion of a companion is not taken off.
    """
    known = np.isfinite(times.seconds)
    clock = _BarycentricClock(ephemeris.solution, ephemeris.site)
    whole, rest = clock.phase(times.day[known], times.seconds[known])
    since = whole + _JD_SECONDS
    day = np.full(known.size, -1, np.int64)
    fraction = np.full(known.size, np.nan)
    day[known] = since // _DAY_S
    fraction[known] = (since % _DAY_S + rest) / _DAY_S
    return day, fraction


@dataclass(frozen=True)
class _BarycentricSeconds(PintPhases):
    """Seconds of TDB at the barycentre since MJD 0, straight from PINT."""

    def _ask(
        self, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        name, model = register_site(self.site), self.ephemeris.model
        with contained():
            use_kernel(self.ephemeris.kernel)
            try:
                toas = self._arrival_times(name, day, seconds)
                delay = model.delay(toas, _companion(model), False)
            except Exception as error:
                raise self._translated(error, day) from error
        return _seconds_of(toas.table["tdb"], np.asarray(delay.to_value("s"), np.float64))


class _BarycentricClock(PhaseModel):
    """A clock that turns once a second of TDB at the barycentre."""

    def __init__(self, ephemeris: Any, site: Any) -> None:
        super().__init__(ephemeris, site)
        self._ask = _BarycentricSeconds(ephemeris, site)

    @property
    def key(self) -> str:
        """Never that of the phases."""
        return f"barycentre {super().key}"

    def _fit_missing(self, numbers: ArrayLike) -> None:
        wanted = np.asarray(numbers, dtype=np.int64).tolist()
        with PINT_LOCK:
            missing = [number for number in wanted if number not in self._windows]
            self._windows.update(fit_windows(missing, self._ask, 1.0))


def _companion(model: Any) -> str:
    """Name of the last binary component, before which PINT stops; empty without one."""
    found = [
        type(part).__name__ for part in model.DelayComponent_list
        if part.category == "pulsar_system"
    ]  # fmt: skip
    return found[-1] if found else ""


def _seconds_of(tdb: Any, delay_s: Numbers) -> tuple[NDArray[np.int64], Numbers]:
    """Whole seconds since MJD 0 and the rest, through the two doubles of astropy's times."""
    high = np.array([time.jd1 for time in tdb], np.float64) - _MJD_AS_JD
    low = np.array([time.jd2 for time in tdb], np.float64)
    day = np.floor(high)
    rest_s = ((high - day) + low) * _DAY_S - delay_s
    whole = np.floor(rest_s)
    return (day * _DAY_S + whole).astype(np.int64), rest_s - whole
