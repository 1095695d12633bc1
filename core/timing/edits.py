"""Par files with another F0 or F1, whose phases still agree with the file's at one instant.

An edit of F0 moves the phase of a frame by the edit times the years since PEPOCH, or since the
TZR time of arrival: thousands of turns. What an observer wants to see is the pulse turn about the
start of the capture, so the constant difference at that instant, the pivot, is taken off.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from ..errors import NightglassError
from ..frames.times import DAY_S
from .edited_par import edited, f1_of, remarks, tdb_text
from .ephemeris import LEAST_HZ, MOST_HZ
from .grid import exact_mjd
from .offline import prepare
from .par_folder import range_notice
from .par_writing import commented, with_value, without
from .phase import PhaseModel
from .pulsar_clock import PulsarClock, around, dragged, pulsar_clock
from .windows import wrapped
from .zero_phase import zero_at_barycentre

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ..frames.times import FrameTime
    from .ephemeris import Ephemeris
    from .sites import Site

    Numbers = NDArray[np.float64]


__all__ = ["PivotedPhases", "PulsarClock", "dragged", "edited", "f1_of", "par_text"]

# The frequency at the pivot is measured over a second to both sides: phases are good to 1e-10
# turns, and beside its bend the tightest orbit changes the frequency by 1e-8 Hz within it.
_REACH_S = 1.0

# No star changes its frequency by such a factor; phases would have no digits left.
_MOST_CHANGED = 20.0

_ZERO_PHASE_KEYS = ("TZRMJD", "TZRSITE", "TZRFRQ")


class PivotedPhases:
    """Phases of a pulsar with an edited F0 or F1 that agree with its par file's at one instant.

    Without edits these are the phases of `PhaseModel`, bit for bit. Any thread may use it; the
    first use of an hour of time calls PINT.

    Parameters
    ----------
    ephemeris : Ephemeris
        From `load_ephemeris`.
    site : Site
        From `find_site`.
    pivot : FrameTime
        Start of the capture.
    f0_hz, f1_hz_s : float or None
        As `edited` takes them.

    Attributes
    ----------
    ephemeris : Ephemeris
        With the edits.
    frequency_hz : float
        Spin frequency seen at the site at the pivot.

    Raises
    ------
    NightglassError
        If PINT refuses the edits or cannot evaluate the date.
    """

    def __init__(
        self,
        ephemeris: Ephemeris,
        site: Site,
        pivot: FrameTime,
        f0_hz: float | None = None,
        f1_hz_s: float | None = None,
    ) -> None:
        prepare()
        self.ephemeris = edited(ephemeris, f0_hz, f1_hz_s)
        for one in (ephemeris, self.ephemeris):
            _require_spin(_predicted_hz(one, pivot), one)
        self.site = site
        self.pivot = pivot
        self._clock: PulsarClock | None = None
        self._original = PhaseModel(ephemeris, site)
        self._is_edited = self.ephemeris is not ephemeris
        self._model = PhaseModel(self.ephemeris, site) if self._is_edited else self._original
        self._turned = self._at_pivot(self._model) - self._at_pivot(self._original)
        self.frequency_hz = _frequency_at(self._model, pivot)
        _require_spin(self.frequency_hz, self.ephemeris)

    @property
    def key(self) -> str:
        """Hash of all that the phases depend on."""
        if not self._is_edited:
            return self._original.key
        parts = (self._original.key, self._model.key, str(self.pivot.day), repr(self.pivot.seconds))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def notices(self) -> tuple[str, ...]:
        """What was put right in the par file, and whether the capture is outside its range."""
        outside = range_notice(self.ephemeris.summary, self.pivot.day + self.pivot.seconds / DAY_S)
        return (*self.ephemeris.notices, *([outside] if outside else []))

    def clock(self) -> PulsarClock:
        """How time goes at the pulsar about the pivot, for drags; PINT is asked once.

        Raises
        ------
        NightglassError
            If PINT cannot evaluate the date.
        """
        if self._clock is None:
            self._clock = pulsar_clock(self.ephemeris, self.site, self.pivot)
        return self._clock

    def phase(self, day: ArrayLike, seconds: ArrayLike) -> Numbers:
        """Phases of UTC times.

        Parameters
        ----------
        day : array_like of int, shape (n,) or one for all
            UTC MJD.
        seconds : array_like of float, shape (n,)
            Seconds of that day; NaN for a frame without a time.

        Returns
        -------
        ndarray of float64, shape (n,)
            Turns in [0, 1); NaN where there is no time.

        Raises
        ------
        NightglassError
            If a time is not inside its day, or PINT cannot evaluate the date.
        """
        secs = np.atleast_1d(np.asarray(seconds, dtype=np.float64))
        known = ~np.isnan(secs)
        if known.all():
            return self._of_known(np.asarray(day, dtype=np.int64), secs)
        phases = np.full(secs.shape, np.nan)
        days = np.broadcast_to(np.asarray(day, dtype=np.int64), secs.shape)
        phases[known] = self._of_known(days[known], secs[known])
        return phases

    def _of_known(self, day: NDArray[np.int64], seconds: Numbers) -> Numbers:
        fraction = self._model.phase(day, seconds)[1]
        return wrapped(fraction - self._turned) if self._is_edited else fraction

    def _at_pivot(self, model: PhaseModel) -> float:
        return float(model.phase([self.pivot.day], [self.pivot.seconds])[1][0])


def _predicted_hz(ephemeris: Ephemeris, pivot: FrameTime) -> float:
    """About what F0 and F1 make of the frequency at an instant."""
    since_s = (pivot.day - (ephemeris.summary.pepoch_mjd or pivot.day)) * DAY_S
    return ephemeris.f0_hz + f1_of(ephemeris) * since_s


def _require_spin(frequency_hz: float, ephemeris: Ephemeris) -> None:
    """Refuse what no phase can be computed of, or only one without digits."""
    changed = frequency_hz / ephemeris.f0_hz
    if not (LEAST_HZ <= frequency_hz <= MOST_HZ and 1.0 / _MOST_CHANGED < changed < _MOST_CHANGED):
        raise NightglassError(
            "Cannot fold with these frequencies",
            f"{ephemeris.psr} has {ephemeris.f0_hz:g} Hz at PEPOCH and would have "
            f"{frequency_hz:g} Hz when the capture was taken.",
            "Correct F0, F1 and PEPOCH.",
            ephemeris.path,
        )


def _frequency_at(model: PhaseModel, pivot: FrameTime) -> float:
    """Turns a second of a pulsar, seen at the site at an instant."""
    seconds = around(pivot, _REACH_S)
    turns, fraction = model.phase(pivot.day, seconds)
    phases = (turns - turns[0]) + (fraction - fraction[0])
    bent = np.polynomial.Polynomial.fit(seconds - pivot.seconds, phases, 2)
    return float(bent.deriv()(0.0))


def par_text(
    ephemeris: Ephemeris,
    f0_hz: float | None,
    f1_hz_s: float | None,
    phase_offset_turns: float,
    pivot: FrameTime,
    site: Site,
) -> str:
    """A par file whose phases are those shown: with its edits, agreeing at the pivot, shifted.

    Phase zero is tied to the barycentre near the pivot, where no clock file, no position of an
    observatory and no digit of F0 can move it.

    Parameters
    ----------
    ephemeris : Ephemeris
        Of the par file, without edits.
    f0_hz, f1_hz_s : float or None
        As `edited` takes them.
    phase_offset_turns : float
        Added to the phases.
    pivot : FrameTime
    site : Site

    Returns
    -------
    str
        The file's own lines where nothing is changed. Phases agree within 1e-6 of a turn; a file
        in TCB becomes one in TDB.

    Raises
    ------
    NightglassError
        If PINT refuses the edits or cannot evaluate the date.
    """
    shown = PivotedPhases(ephemeris, site, pivot, f0_hz, f1_hz_s)
    new = shown.ephemeris
    if new is ephemeris and phase_offset_turns % 1.0 == 0.0:
        return ephemeris.text
    phase = float(shown.phase([pivot.day], [pivot.seconds])[0]) + phase_offset_turns
    day, seconds = zero_at_barycentre(new, site, pivot, phase, shown.frequency_hz)
    text = without(tdb_text(new), _ZERO_PHASE_KEYS)
    # 16 decimals are 1e-11 s, which no float could hold.
    values = f"{exact_mjd(day, seconds):.16f}", "@", "0"
    for key, value in zip(_ZERO_PHASE_KEYS, values, strict=True):
        text = with_value(text, key, value)
    return commented(text, remarks(ephemeris, new))
