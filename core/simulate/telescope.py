"""The words the telescope control system puts into the header."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..timing.par import par_summary
from . import instant

if TYPE_CHECKING:
    from .settings import CaptureSettings

POLL_S = 2.0
NOT_AVAILABLE = "N/A"
NAMES = (
    "TELRA", "TELDEC", "TELEQUIN", "TELROT", "TELPA", "ROTENC", "AIRMASS", "TELEL", "TELAZ",
    "TELHA", "TELST", "DATEOBS", "TELUT",
)  # fmt: skip
_LATITUDE, _LONGITUDE = math.radians(-29.0146), -70.692
_LOWEST_DEG = 5.0
_CRAB_DEG = (83.63321, 22.01446)


def pointing_deg(par_text: str) -> tuple[float, float]:
    """Return right ascension and declination of the frame's centre."""
    if not par_text:
        return _CRAB_DEG
    summary = par_summary(par_text + "\n")
    if summary.ra_deg is None or summary.dec_deg is None:
        return _CRAB_DEG
    return summary.ra_deg, summary.dec_deg


def cards(
    settings: CaptureSettings, pointing: tuple[float, float], elapsed_s: float
) -> dict[str, str]:
    """Return the telescope cards, all strings as the control system answers.

    Parameters
    ----------
    settings : CaptureSettings
    pointing : tuple of float
        Right ascension and declination, degrees.
    elapsed_s : float
        Time since the start of the capture of the poll.
    """
    now = instant.parse(settings.start).later(elapsed_s)
    ra, dec = pointing
    sidereal = _sidereal_deg(now)
    hour_angle = (sidereal - ra + 180) % 360 - 180
    altitude, azimuth, parallactic = _horizontal_deg(hour_angle, dec)
    high = altitude > _LOWEST_DEG
    airmass = f"{1 / math.sin(math.radians(altitude)):.3f}" if high else NOT_AVAILABLE
    return {
        "TELRA": _sexagesimal(ra / 15, 2),
        "TELDEC": _sexagesimal(dec, 1, signed=True),
        "TELEQUIN": "2000.00",
        "TELROT": f"{(parallactic - altitude) % 360:.3f}",
        "TELPA": f"{parallactic:.3f}",
        "ROTENC": f"{settings.rotation_deg - parallactic:.3f}",
        "AIRMASS": airmass,
        "TELEL": f"{altitude:.3f}",
        "TELAZ": f"{azimuth:.3f}",
        "TELHA": _sexagesimal(hour_angle / 15, 0, signed=True),
        "TELST": _sexagesimal(sidereal / 15, 0),
        "DATEOBS": now.date().isoformat(),
        "TELUT": now.time_text(0),
    }


def _sidereal_deg(now: instant.Instant) -> float:
    """Local mean sidereal time (Meeus, Astronomical Algorithms, 12.4, linear part)."""
    days = now.day - 51544.5 + now.seconds / instant.DAY_S
    return (280.46061837 + 360.98564736629 * days + _LONGITUDE) % 360


def _horizontal_deg(hour_angle: float, dec: float) -> tuple[float, float, float]:
    """Altitude, azimuth from north through east, parallactic angle (Meeus 13.5, 13.6, 14.1)."""
    h, d = math.radians(hour_angle), math.radians(dec)
    sine = math.sin(_LATITUDE) * math.sin(d) + math.cos(_LATITUDE) * math.cos(d) * math.cos(h)
    east = -math.cos(d) * math.sin(h)
    north = math.cos(_LATITUDE) * math.sin(d) - math.sin(_LATITUDE) * math.cos(d) * math.cos(h)
    parallactic = math.atan2(
        math.sin(h), math.tan(_LATITUDE) * math.cos(d) - math.sin(d) * math.cos(h)
    )
    azimuth = math.degrees(math.atan2(east, north)) % 360
    return math.degrees(math.asin(sine)), azimuth, math.degrees(parallactic)


def _sexagesimal(value: float, decimals: int, *, signed: bool = False) -> str:
    """Return hh:mm:ss with `decimals`, rounded once so that 60 never shows."""
    units = round(abs(value) * 3600 * 10**decimals)
    whole, rest = divmod(units, 10**decimals)
    sign = ("-" if value < 0 else "+") if signed else ""
    text = f"{sign}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{rest:0{decimals}d}" if decimals else text
