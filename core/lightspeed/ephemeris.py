"""The documented ephemeris: a par file that gives a phase to every frame of a data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NightglassError
from ..frames.times import spread
from ..timing.ephemeris import load_ephemeris
from ..timing.phase import PhaseModel
from ..timing.sites import Site, find_site

if TYPE_CHECKING:
    import os

    from numpy.typing import ArrayLike, NDArray

    from ..frames.times import FrameTimes
    from .data_set import DataSet
    from .frame_clock import FrameClock

_BEFORE_CAMERAS_MJD = 50_000


class Ephemeris:
    """Phases of a pulsar, within 0.5 ns of PINT, at a nanosecond's cost a frame.

    Parameters
    ----------
    parfile : path-like
        A par file; nothing is fetched from the network for it.
    data_set : DataSet
        Whose timestamps `get_phase` takes.
    observatory : str or Site
        Where the camera was.

    Attributes
    ----------
    notices : tuple of str
        What was put right or is uncertain, as sentences.

    Raises
    ------
    NightglassError
        If the par file cannot be used, the observatory is unknown, or the capture has no date.
    """

    def __init__(
        self, parfile: str | os.PathLike[str], data_set: DataSet, observatory: str | Site = "LCO"
    ) -> None:
        self.site = observatory if isinstance(observatory, Site) else find_site(observatory)
        _require_date(data_set)
        self.solution = load_ephemeris(parfile)
        self.notices = (*self.solution.notices, *_time_notices(data_set))
        self._model = PhaseModel(self.solution, self.site)
        self._clock: FrameClock = data_set.clock()

    @property
    def nu_hz(self) -> float:
        """Spin frequency at PEPOCH."""
        return self.solution.f0_hz

    def get_phase(self, time: ArrayLike | Any) -> Any:
        """Give the phase at a time.

        Parameters
        ----------
        time : float, array_like of float, or astropy Time
            Timestamps of frames (seconds after the camera's start), or moments.

        Returns
        -------
        float or ndarray of float64
            Turns, in [0, 1); NaN for a time that is NaN.
        """
        day, seconds = self._moments(time)
        fraction = self._fractions(np.atleast_1d(day), np.atleast_1d(seconds))
        return float(fraction[0]) if np.ndim(seconds) == 0 else fraction.reshape(np.shape(seconds))

    def phases(self, times: FrameTimes) -> NDArray[np.float64]:
        """Give the phases of frame times, turns in [0, 1), shape (n,); NaN without a time."""
        return self._fractions(times.day, times.seconds)

    def turns(self, times: FrameTimes) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Give whole turns and phases of frame times, shape (n,) each; 0 and NaN without a time."""
        known = np.isfinite(times.seconds)
        turns, phases = np.zeros(known.shape, np.int64), np.full(known.shape, np.nan)
        turns[known], phases[known] = self._model.phase(times.day[known], times.seconds[known])
        return turns, phases

    def frequency_hz(self, times: FrameTimes) -> float:
        """Give the spin frequency seen at the telescope in the middle of some frame times.

        Measured from the phases half a second before and after, so that the motion of the
        observatory and of a companion is in it.
        """
        known = np.flatnonzero(np.isfinite(times.seconds))
        if not len(known):
            return self.nu_hz
        middle = times[int(known[len(known) // 2])]
        day, seconds = spread(middle.day, middle.seconds, np.array([-0.5, 0.5]))
        turns, fraction = self._model.phase(day, seconds)
        return float((turns[1] - turns[0]) + (fraction[1] - fraction[0]))

    def _moments(self, time: Any) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        if hasattr(time, "utc"):
            return _of_time(time)
        start = self._clock.model.instant
        return spread(start.day, start.seconds, np.asarray(time, dtype=np.float64))

    def _fractions(
        self, day: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        known = np.isfinite(seconds)
        if known.all():
            return self._model.phase(day, seconds)[1]
        fraction = np.full(seconds.shape, np.nan)
        fraction[known] = self._model.phase(day[known], seconds[known])[1]
        return fraction


def _of_time(time: Any) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """UTC days and seconds of an astropy Time, through its two doubles."""
    from ..timing.grid import day_length_s

    utc = time.utc
    whole = np.floor(utc.jd1 - 2_400_000.5)
    part = (utc.jd1 - 2_400_000.5 - whole) + utc.jd2
    carry = np.floor(part)
    day = np.asarray(whole + carry, dtype=np.int64)
    return day, (part - carry) * day_length_s(day)


def _require_date(data_set: DataSet) -> None:
    times = data_set.frame_times()
    if times.quality != "none" and (not len(times) or int(times.day[0]) > _BEFORE_CAMERAS_MJD):
        return
    raise NightglassError(
        "No phases without a date",
        f"Nothing tells when {data_set.capture.name} was taken: GPSSTART, DATEOBS and the date in "
        "the file name are all missing or unreadable.",
        "Give the files their own names back, or fold without an ephemeris.",
        data_set.header.path,
    )


def _time_notices(data_set: DataSet) -> tuple[str, ...]:
    note = data_set.frame_times().note
    return (note,) if note else ()
