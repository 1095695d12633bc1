"""The documented functions that number exposures, by the reference site on La Palma.

Numbers are those of the middle of the exposure; an instant at the edge of a slot is anybody's.
`quick` is off by one at one in ten random instants, and never in the middle of a slot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..errors import NightglassError
from ..timing import sidereal
from ..timing.sidereal import TEXP_S

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_MIDDLE = 0.5


class SiteReference:
    """The site by whose sidereal time all stations number their exposures.

    It lies on La Palma, but not exactly where the station stands.

    Attributes
    ----------
    latitude, longitude : float
        Degrees, east positive.
    elevation : float
        Metres.
    """

    latitude = 28.7611
    longitude = sidereal.REFERENCE_LONGITUDE_DEG
    elevation = 2364.0

    def local_sidereal_time(
        self,
        date: Any,
        texp: float,
        lstindex: bool = True,
        lstsequence: bool = True,
        lst: bool = True,
        quick: bool = False,
    ) -> Any:
        """Compute the sidereal time here, and the numbers that follow from it.

        Parameters
        ----------
        date : datetime, float, or array of either
            A moment (UTC; a datetime without a zone is UTC as well) or Julian date (UTC).
        texp : float
            Length of a slot, sidereal seconds.
        lstindex, lstsequence, lst : bool
            What is wanted.
        quick : bool
            Give the sequence number alone, from the mean rotation of the sky: right in nine of
            ten random moments, otherwise off by one.

        Returns
        -------
        tuple, or its only member
            What is wanted of: the sidereal time in hours (float64), the slot of the sidereal day
            (uint32, 0 to 13,499), the slot since the beginning (uint64). Scalars for a single
            date, arrays of its shape for an array.

        Raises
        ------
        NightglassError
            For a date before slot 0 (2012-12-31T18:29:13 UTC), or one that is none.
        """
        jd = _checked(sidereal.jd_from(date), texp)
        if quick:
            return _numbered(sidereal.quick_sequence(jd, texp))
        wanted: list[Any] = []
        if lst:
            wanted.append(sidereal.reference_lst_h(jd)[()])
        if lstindex or lstsequence:
            slot = _numbered(sidereal.sequence(jd, texp))
            index = (slot % np.uint64(sidereal.slots_per_day(texp))).astype(np.uint32)
            wanted += [index] * lstindex + [slot] * lstsequence
        return wanted[0] if len(wanted) == 1 else tuple(wanted)


def LSTSEQ(date: Any, texp: float = TEXP_S, quick: bool = False) -> Any:
    """Give the sequence number of dates: `SiteReference.local_sidereal_time` for it alone."""
    site = SiteReference()
    return site.local_sidereal_time(date, texp, lstindex=False, lst=False, quick=quick)


def lstseq2date(
    lstseq: ArrayLike,
    texp: float,
    format: Literal["calendar", "jd"] = "calendar",  # noqa: A002 - documented
) -> Any:
    """Give the middle of slots.

    Parameters
    ----------
    lstseq : array_like of int
        Sequence numbers.
    texp : float
        Length of a slot, sidereal seconds.
    format : {"calendar", "jd"}
        Datetimes (aware, UTC), or Julian dates (UTC).

    Returns
    -------
    datetime, float, or array of either
        Of the shape of `lstseq`.

    Raises
    ------
    NightglassError
        If the format is neither.
    """
    if format not in ("calendar", "jd"):
        raise NightglassError(
            "Unknown format of a date", f"'{format}' is not one.", "Use 'calendar' or 'jd'."
        )
    jd = sidereal.jd_of(np.asarray(lstseq, np.float64) + _MIDDLE, texp)
    if format == "jd":
        return jd[()]
    dates = np.array([sidereal.datetime_from(one) for one in jd.flat], object)
    return dates.reshape(jd.shape)[()]


def _numbered(sequence: NDArray[np.float64]) -> Any:
    return np.floor(sequence).astype(np.uint64)[()]


def _checked(jd: NDArray[np.float64], texp: float) -> NDArray[np.float64]:
    if not texp > 0.0:
        raise NightglassError(
            "Not an exposure time", f"{texp} s is not above zero.", "Slots last 6.4 s."
        )
    if not np.all(np.isfinite(jd)):
        raise NightglassError(
            "Not a date", "A date is missing or not a number.", "Give datetimes or Julian dates."
        )
    if jd.size and float(jd.min()) < _first_jd():
        raise NightglassError(
            "Date before the first slot",
            f"{sidereal.datetime_from(float(jd.min())):%Y-%m-%d} lies before slot 0.",
            "Slots are numbered from 2012-12-31T18:29:13 UTC.",
        )
    return jd


def _first_jd() -> float:
    return float(sidereal.jd_of(0.01))
