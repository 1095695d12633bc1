"""The sidereal grid that numbers exposures: apparent sidereal time, slots of 6.4 s, and back.

The sky turns once in 86,400 sidereal seconds, the cameras expose once in 6.4 of them: 13,500 slots
a day. Slot 0 began with the last sidereal midnight of the reference site before 2013 (UTC), and
every station counts by that site. UT1 is taken as UTC and TT as UTC + 69.184 s, by the station's
convention: no table of the Earth's rotation is needed, of whatever age. UT1 keeps within 0.9 s of
UTC, 0.14 slots; the 69.184 s could be wrong by 10 s without moving the grid by a microsecond.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

TEXP_S = 6.4
"""Length of a slot, sidereal seconds."""
SLOTS_PER_DAY = 13500
BATCH = 50
"""Slots of a batch; a day has a whole number of batches."""
SIDEREAL_RATE = 1.00273790935
"""Sidereal seconds in a second."""
SOLAR_SLOT_S = TEXP_S / SIDEREAL_RATE
BATCH_S = BATCH * SOLAR_SLOT_S
"""What one batch of a camera may take if its reduction is to keep up with the sky."""
BATCH_D = BATCH_S / 86400.0
REFERENCE_LONGITUDE_DEG = -17.8780
TT_MINUS_UTC_D = 69.184 / 86400.0

_DAY_S = 86400.0
_JD_2013 = 2456293.5
_MEAN_DAYS_2013 = 3109.843 / SLOTS_PER_DAY
_UNIX_EPOCH_JD = 2440587.5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEWTON_STEPS = 3


def greenwich_h(jd: ArrayLike) -> Numbers:
    """Apparent sidereal time at Greenwich (IAU 2006/2000A), hours from 0 to below 24.

    Parameters
    ----------
    jd : array_like of float64
        Julian date, UTC.
    """
    import erfa

    day, part = _split(jd)
    angle = erfa.gst06a(day, part, day, part + TT_MINUS_UTC_D)
    return np.asarray(angle * (12.0 / np.pi), np.float64)


def local_h(jd: ArrayLike, longitude_deg: float) -> Numbers:
    """Apparent sidereal time at a longitude (east positive), hours from 0 to below 24."""
    return _wrapped_h(greenwich_h(jd) + longitude_deg / 15.0)


def reference_lst_h(jd: ArrayLike) -> Numbers:
    """Apparent sidereal time at the reference site, by which slots are counted, hours."""
    return local_h(jd, REFERENCE_LONGITUDE_DEG)


def slots_per_day(texp: float = TEXP_S) -> int:
    """Slots in a sidereal day; the last one is short where `texp` does not divide the day."""
    return int(np.ceil(_DAY_S / texp - 1e-6))


def sequence(jd: ArrayLike, texp: float = TEXP_S) -> Numbers:
    """Number of the slot with its fraction: the floor is the LST sequence.

    Parameters
    ----------
    jd : array_like of float64
        Julian date, UTC, of the middle of an exposure.
    texp : float
        Length of a slot, sidereal seconds.

    Returns
    -------
    ndarray of float64
        Sidereal days since slot 0 times slots of a day, plus the slots of this day. By
        definition: floor(hour angle of the equinox * 3600 / texp) within the day.
    """
    lst_h = reference_lst_h(jd)
    # The linear relation is good to 1e-4 days; it only has to tell which day it is.
    day = np.round(_mean_days(jd) - lst_h / 24.0)
    return np.asarray(day * slots_per_day(texp) + lst_h * (3600.0 / texp), np.float64)


def quick_sequence(jd: ArrayLike, texp: float = TEXP_S) -> Numbers:
    """Number of the slot by the mean sun: off by up to 0.2 slots of 6.4 s, with its fraction.

    In the middle of a slot its floor is the exact one; at random moments one in nine is a
    neighbour.
    """
    return np.asarray(_mean_days(jd) * slots_per_day(texp), np.float64)


def jd_of(sequence_number: ArrayLike, texp: float = TEXP_S) -> Numbers:
    """Julian date (UTC) at a number of `sequence`: its exact inverse.

    Parameters
    ----------
    sequence_number : array_like of float64
        With fraction: an integer is the start of a slot, add 0.5 for its middle.
    texp : float
        Length of a slot, sidereal seconds.
    """
    wanted_d = _sidereal_days(np.asarray(sequence_number, np.float64), texp)
    jd = _JD_2013 + (wanted_d - _MEAN_DAYS_2013) / SIDEREAL_RATE
    for _ in range(_NEWTON_STEPS):
        found_d = sequence(jd) / SLOTS_PER_DAY
        jd = jd + (wanted_d - found_d) / SIDEREAL_RATE
    return np.asarray(jd, np.float64)


def jd_from(date: Any) -> Numbers:
    """Julian date (UTC) of a datetime, a Julian date, or an array of either.

    A datetime without a zone is UTC. numpy's datetime64 is understood as well.
    """
    if isinstance(date, datetime):
        return np.asarray(_jd_of_datetime(date))
    dates = np.asarray(date)
    if dates.dtype.kind == "M":
        microseconds = dates.astype("datetime64[us]").astype(np.int64)
        return np.asarray(_UNIX_EPOCH_JD + microseconds / (_DAY_S * 1e6))
    if dates.dtype == object and dates.size and isinstance(dates.flat[0], datetime):
        return np.array([_jd_of_datetime(one) for one in dates.flat]).reshape(dates.shape)
    return dates.astype(np.float64)


def datetime_from(jd: float) -> datetime:
    """Moment of a Julian date (UTC), aware, to the microsecond."""
    days = int(np.floor(float(jd) - _UNIX_EPOCH_JD))
    part = (float(jd) - _UNIX_EPOCH_JD) - days
    return _EPOCH + timedelta(days=days, microseconds=round(part * _DAY_S * 1e6))


def jd_from_unix(unix_s: float) -> float:
    """Julian date (UTC) of a Unix time."""
    return _UNIX_EPOCH_JD + unix_s / _DAY_S


def _jd_of_datetime(date: datetime) -> float:
    aware = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    since = aware - _EPOCH
    return _UNIX_EPOCH_JD + since.days + (since.seconds + since.microseconds * 1e-6) / _DAY_S


def _split(jd: ArrayLike) -> tuple[Numbers, Numbers]:
    """Whole days and the rest: erfa keeps the microseconds when they come apart."""
    jd = np.asarray(jd, np.float64)
    day = np.floor(jd - 0.5) + 0.5
    return day, jd - day


def _wrapped_h(hours: Numbers) -> Numbers:
    """Hours from 0 to below 24; a tiny negative one would become 24 itself."""
    wrapped = hours % 24.0
    return np.where(wrapped >= 24.0, 0.0, wrapped)


def _mean_days(jd: ArrayLike) -> Numbers:
    """Mean sidereal days since slot 0."""
    return _MEAN_DAYS_2013 + (np.asarray(jd, np.float64) - _JD_2013) * SIDEREAL_RATE


def _sidereal_days(number: Numbers, texp: float) -> Numbers:
    """Sidereal days since slot 0; a short last slot ends with its day."""
    slots = slots_per_day(texp)
    day = np.floor(number / slots)
    return np.asarray(day + np.minimum((number - day * slots) * (texp / _DAY_S), 1.0), np.float64)
