"""PINT asked directly: exact phases of a few hundred times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..errors import NightglassError
from .grid import day_length_s
from .observatories import register_site
from .offline import contained, kernel_years, use_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .ephemeris import Ephemeris
    from .sites import Site

_MJD_TO_JD = np.longdouble("2400000.5")
_SECONDS_PER_DAY = 86400.0

# PINT builds a table row for every time in Python; more at once only costs memory.
_BATCH = 5000


class PhaseSource(Protocol):
    """Whoever knows exact phases: PINT, or a formula in a test."""

    def __call__(
        self, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Whole turns and the rest (about -0.5 to 0.5) at UTC (day, seconds of the day)."""
        ...


def utc_time(day: NDArray[np.int64], seconds: NDArray[np.float64]) -> Any:
    """UTC (MJD, seconds of that day) as an astropy Time.

    astropy stretches a day of 86401 seconds over one unit of MJD, so seconds are divided by the
    true length of their day. (PINT's own "pulsar_mjd" always divides by 86400 and cannot express
    a time inside a leap second; on all other days the two are the same.)

    Parameters
    ----------
    day : ndarray of int64, shape (n,)
        UTC MJD.
    seconds : ndarray of float64, shape (n,)
        Seconds since 0h UTC of that day, up to 86401 on days with a leap second.
    """
    from astropy.time import Time

    return Time(day.astype(float), seconds / day_length_s(day), format="mjd", scale="utc")


@dataclass(frozen=True)
class PintPhases:
    """Phases straight from PINT, for one ephemeris at one site.

    Light of infinite frequency is meant: no dispersion, which at optical frequencies is below a
    picosecond. Neither clock corrections nor TT(BIPM) are applied.
    """

    ephemeris: Ephemeris
    site: Site

    def __call__(
        self, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Whole turns and the rest at UTC (day, seconds); see `PhaseSource`."""
        parts = [
            self._ask(day[start : start + _BATCH], seconds[start : start + _BATCH])
            for start in range(0, day.size, _BATCH)
        ]
        return np.concatenate([turns for turns, _ in parts]), np.concatenate(
            [rest for _, rest in parts]
        )

    def _ask(
        self, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        name = register_site(self.site)
        with contained():
            use_kernel(self.ephemeris.kernel)
            try:
                toas = self._arrival_times(name, day, seconds)
                phase = self.ephemeris.model.phase(toas, abs_phase=self.ephemeris.absolute)
            except Exception as error:
                raise self._translated(error, day) from error
            rounding_s = _rounding_of_tdb_s(toas)
        turns = np.asarray(phase.int.value).astype(np.int64)
        rest = np.asarray(phase.frac.value).astype(np.float64)
        return turns, rest + self.ephemeris.f0_hz * rounding_s

    def since_pepoch_s(
        self, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> NDArray[np.longdouble]:
        """Seconds from PEPOCH to when the light seen at UTC (day, seconds) left the pulsar; TDB.

        They are long doubles, since after decades a double holds them to 0.1 microseconds only.

        Raises
        ------
        NightglassError
            If PINT cannot evaluate the date.
        """
        name = register_site(self.site)
        model = self.ephemeris.model
        with contained():
            use_kernel(self.ephemeris.kernel)
            try:
                toas = self._arrival_times(name, day, seconds)
                since = model.components["Spindown"].get_dt(toas, model.delay(toas))
            except Exception as error:
                raise self._translated(error, day) from error
            rounding_s = _rounding_of_tdb_s(toas)
        return np.asarray(since.to_value("s"), dtype=np.longdouble) + rounding_s

    def _arrival_times(
        self, name: str, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> Any:
        from pint.toa import get_TOAs_array

        return get_TOAs_array(
            utc_time(day, seconds),
            name,
            ephem=self.ephemeris.kernel.upper(),
            include_bipm=False,
            planets=bool(self.ephemeris.model.PLANET_SHAPIRO.value),
        )

    def _translated(self, error: Exception, day: NDArray[np.int64]) -> NightglassError:
        if isinstance(error, NightglassError):
            return error
        return NightglassError(
            "Could not compute phases",
            f"PINT could not evaluate {self.ephemeris.psr} on MJD {day.min()} to {day.max()}: "
            f"{' '.join(str(error).split()).rstrip('.')}.",
            f"Check the date of the capture ({self.ephemeris.kernel.upper()} covers "
            f"{kernel_years(self.ephemeris.kernel)}) and the par file.",
            self.ephemeris.path,
        )


def _rounding_of_tdb_s(toas: Any) -> NDArray[np.float64]:
    """What PINT loses of each barycentric dynamical time by keeping it as a long double MJD.

    One unit in the last place of such an MJD is 0.30 ns (0.61 ns from 2038, MJD 65536), and half
    of that is lost at most. astropy's two doubles still hold the time to a few picoseconds.
    """
    exact = toas.table["tdb"]
    high = np.array([time.jd1 for time in exact], dtype=np.longdouble) - _MJD_TO_JD
    low = np.array([time.jd2 for time in exact], dtype=np.longdouble)
    kept = np.asarray(toas.table["tdbld"], dtype=np.longdouble)
    return np.asarray(((high - kept) + low) * _SECONDS_PER_DAY, dtype=np.float64)


def barycentric_phase(ephemeris: Ephemeris, day: int, seconds: float) -> float:
    """Turns, whole ones left out, of light at the solar-system barycentre at TDB (MJD, seconds).

    It is PINT's own, with the rounding of its time: that of a TZR line of the same instant.
    """
    from astropy.time import Time
    from pint.toa import get_TOAs_array

    model = ephemeris.model
    with contained():
        use_kernel(ephemeris.kernel)
        toas = get_TOAs_array(
            Time([float(day)], [seconds / _SECONDS_PER_DAY], format="pulsar_mjd", scale="tdb"),
            "@",
            ephem=ephemeris.kernel.upper(),
            include_bipm=False,
            planets=bool(model.PLANET_SHAPIRO.value),
        )
        return float(model.phase(toas, abs_phase=ephemeris.absolute).frac.value[0])
