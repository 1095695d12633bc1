"""Pulse phases of any number of times, from PINT at a few nodes.

The UTC day is cut into hours. In each one PINT is asked at the Chebyshev nodes, and a
polynomial through them gives the phases of all frames of that hour. Some more points are held
out of the fit; where they do not agree, the window is cut in halves, and so on. A window that
still does not agree at the last depth (a glitch or the horizon of a troposphere model runs
through it) is never interpolated: PINT is asked for each of its times.

The grid is fixed to the UTC day, so the phase of a frame does not depend on what else was
asked for: following a live capture and reading it afterwards give the same bits.

PINT rounds barycentric times to a long double MJD, 0.30 ns apart (0.61 ns from 2038 on). The
nodes are freed from that rounding, so that the polynomial follows the smooth phase; PINT's own
phases scatter about it by up to half of that.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

from .grid import WINDOWS_PER_DAY, check_times, runs, window_numbers
from .nodes import PhaseSource, PintPhases
from .offline import PINT_LOCK, iers_measured_until_mjd
from .windows import DEGREE, FIT_TOLERANCE_S, Leaf, Window, evaluate_leaf, fit_windows, split

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .ephemeris import Ephemeris
    from .sites import Site

# Windows of the ephemerides used last, by content; a window is about 200 bytes.
_CACHED_MODELS = 32
_cache: OrderedDict[str, dict[int, Window]] = OrderedDict()
_cache_lock = threading.Lock()


def _windows_of(key: str) -> dict[int, Window]:
    with _cache_lock:
        windows = _cache.setdefault(key, {})
        _cache.move_to_end(key)
        while len(_cache) > _CACHED_MODELS:
            _cache.popitem(last=False)
    return windows


class PhaseModel:
    """Pulse phases of one pulsar at one site, within 0.5 ns of PINT.

    Phase zero is PINT's: the TZR time of arrival if the par file has one, else PEPOCH at the
    solar-system barycentre. (Without TZR, PINT's ``phase(toas)`` is meant; its
    ``phase(toas, abs_phase=True)`` differs by a constant that depends on the TOAs.)

    Any thread may use it. Windows already fitted are evaluated without a lock; PINT is called
    under `PINT_LOCK`. Two models of equal content share their windows.

    Parameters
    ----------
    ephemeris : Ephemeris
        From `load_ephemeris`.
    site : Site
        From `find_site`.
    """

    def __init__(self, ephemeris: Ephemeris, site: Site) -> None:
        self.ephemeris = ephemeris
        self.site = site
        self._ask: PhaseSource = PintPhases(ephemeris, site)
        self._windows = _windows_of(self.key)

    @property
    def key(self) -> str:
        """Hash of all that the phases depend on: par file, site, tables and versions."""
        import astropy
        import pint

        parts = (
            self.ephemeris.key,
            *(f"{value:.6f}" for value in self.site.itrf_m),
            pint.__version__,
            astropy.__version__,
            f"{iers_measured_until_mjd():.1f}",
            f"{DEGREE} {FIT_TOLERANCE_S}",
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def phase(
        self, day: ArrayLike, seconds: ArrayLike
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Whole turns and the fraction of a turn at UTC times.

        Parameters
        ----------
        day : array_like of int, shape (n,)
            UTC MJD. A single day may stand for all times.
        seconds : array_like of float, shape (n,)
            Seconds of that day, 0 to 86400 (86401 on days with a leap second).

        Returns
        -------
        turns : ndarray of int64, shape (n,)
        fraction : ndarray of float64, shape (n,)
            In [0, 1).

        Raises
        ------
        NightglassError
            If a time is not inside its day, or PINT cannot evaluate the date.
        """
        days, secs = np.broadcast_arrays(
            np.asarray(day, dtype=np.int64), np.asarray(seconds, dtype=np.float64)
        )
        shape = secs.shape
        days, secs = days.ravel(), np.ascontiguousarray(secs.ravel())
        check_times(days, secs)
        turns, fractions = self._in_any_order(window_numbers(days, secs), secs)
        return turns.reshape(shape), fractions.reshape(shape)

    def worst_s(self, day: ArrayLike, seconds: ArrayLike) -> float:
        """Largest disagreement with PINT at held-out points of the windows of these times.

        In seconds, PINT's own rounding taken off. Windows where PINT is asked for each time
        count as exact.
        """
        numbers = np.unique(
            window_numbers(np.asarray(day, np.int64), np.asarray(seconds, np.float64))
        )
        self._fit_missing(numbers)
        leaves = [leaf for number in numbers.tolist() for leaf in self._windows[number].leaves]
        return max((leaf.worst_s for leaf in leaves if leaf.coefficients), default=0.0)

    def _in_any_order(
        self, numbers: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Phases of times in any order; frames in order of time skip the sorting."""
        if (numbers[1:] >= numbers[:-1]).all():
            return self._in_order(numbers, seconds)
        order = np.argsort(numbers, kind="stable")
        turns = np.empty(seconds.size, dtype=np.int64)
        fractions = np.empty(seconds.size)
        turns[order], fractions[order] = self._in_order(numbers[order], seconds[order])
        return turns, fractions

    def _in_order(
        self, numbers: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        stretches = list(runs(numbers))
        self._fit_missing([number for number, _ in stretches])
        turns = np.empty(seconds.size, dtype=np.int64)
        fractions = np.empty(seconds.size)
        for number, part in stretches:
            self._evaluate(number, seconds[part], turns[part], fractions[part])
        return turns, fractions

    def _fit_missing(self, numbers: ArrayLike) -> None:
        wanted = np.asarray(numbers, dtype=np.int64).tolist()
        if all(number in self._windows for number in wanted):
            return
        with PINT_LOCK:
            missing = [number for number in wanted if number not in self._windows]
            self._windows.update(fit_windows(missing, self._ask, self.ephemeris.f0_hz))

    def _evaluate(
        self,
        number: int,
        seconds: NDArray[np.float64],
        turns: NDArray[np.int64],
        fractions: NDArray[np.float64],
    ) -> None:
        """Write the phases of one window into `turns` and `fractions`."""
        window = self._windows[number]
        if len(window.leaves) == 1:
            self._evaluate_leaf(number, window.leaves[0], seconds, turns, fractions)
            return
        which = np.searchsorted(window.starts_s, seconds, side="right") - 1
        for index in np.unique(which).tolist():
            chosen = which == index
            part = np.empty(int(chosen.sum()), dtype=np.int64), np.empty(int(chosen.sum()))
            self._evaluate_leaf(number, window.leaves[index], seconds[chosen], *part)
            turns[chosen], fractions[chosen] = part

    def _evaluate_leaf(
        self,
        number: int,
        leaf: Leaf,
        seconds: NDArray[np.float64],
        turns: NDArray[np.int64],
        fractions: NDArray[np.float64],
    ) -> None:
        if leaf.coefficients:
            evaluate_leaf(leaf, seconds, turns, fractions)
            return
        days = np.full(seconds.size, number // WINDOWS_PER_DAY, dtype=np.int64)
        whole, rest = self._ask(days, seconds)
        more, fractions[:] = split(rest)
        turns[:] = whole + more
