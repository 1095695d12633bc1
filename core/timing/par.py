"""Par files read as text, without PINT: their lines, repeated lines, and a quick summary."""

from __future__ import annotations

import math
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NightglassError, translate

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

_COMMENT = re.compile(r"^(#|[Cc]\s)")

# The longest real par files, with noise models, are well under a megabyte. PINT takes a
# millisecond for a line that it does not know.
_LARGEST_BYTES = 2_000_000
_MOST_LINES = 20_000

# One name for what par files spell differently; the keys PINT takes for the same quantity.
_ALIASES = {
    "PSRJ": "PSR",
    "PSRB": "PSR",
    "RA": "RAJ",
    "DEC": "DECJ",
    "LAMBDA": "ELONG",
    "BETA": "ELAT",
    "CLK": "CLOCK",
    "E": "ECC",
}

# Obliquity of the ecliptic at J2000 that PINT takes for "ECL IERS2010", its default.
_OBLIQUITY_RAD = math.radians(84381.406 / 3600.0)


@dataclass(frozen=True)
class ParLine:
    """One line that sets something: its key in capitals, the other words, and its number."""

    key: str
    words: tuple[str, ...]
    number: int

    @property
    def name(self) -> str:
        """The key with its spelling settled: PSRJ and PSR are one quantity."""
        return _ALIASES.get(self.key, self.key)


@dataclass(frozen=True)
class ParSummary:
    """What a list of par files shows: cheap to read, None where the file does not say.

    Positions are ICRS degrees at the epoch of the file; START and FINISH are MJD.
    """

    psr: str
    f0_hz: float | None
    ra_deg: float | None
    dec_deg: float | None
    pepoch_mjd: float | None
    start_mjd: float | None
    finish_mjd: float | None
    ephem: str
    units: str
    binary: str
    tzr_site: str

    @property
    def is_tcb(self) -> bool:
        """Whether its seconds are those of TCB (TEMPO2's SI) instead of TDB."""
        return self.units.upper() in {"TCB", "SI"}


def read_par_text(par: str | os.PathLike[str]) -> tuple[str, Path | None]:
    """The text of a par file, given as a path or as the text itself.

    Parameters
    ----------
    par : path-like or str
        A string with a line break in it is the text; anything else is a path.

    Returns
    -------
    text : str
    path : Path or None
        None when the text was given.

    Raises
    ------
    NightglassError
        If the file cannot be read or is not text.
    """
    if isinstance(par, str) and "\n" in par:
        return par, None
    path = Path(par)
    try:
        text = _text_of(path)
    except UnicodeDecodeError as error:
        raise _unread(path, "is not a text file") from error
    except OSError as error:
        raise translate(error, path) from error
    if text.count("\n") > _MOST_LINES:
        raise _unread(path, "has too many lines for a par file")
    return text, path


def _text_of(path: Path) -> str:
    """What is in a file, without the mark that editors put in front of UTF-8."""
    known = path.stat()
    # Reading a pipe or a device could last for ever.
    if not stat.S_ISREG(known.st_mode) and not stat.S_ISDIR(known.st_mode):
        raise _unread(path, "is not a file")
    if known.st_size > _LARGEST_BYTES:
        raise _unread(path, "is too big for a par file")
    return path.read_text(encoding="utf-8-sig")


def _unread(path: Path, why: str) -> NightglassError:
    return NightglassError(
        "Could not read the par file",
        f"{path} {why}.",
        "Choose a pulsar ephemeris in the par format of TEMPO, TEMPO2 or PINT.",
        path,
    )


def par_lines(text: str) -> Iterator[ParLine]:
    """The lines of a par file that set something; comments and blank lines left out."""
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if words and not _COMMENT.match(line.strip() + " "):
            yield ParLine(words[0].upper(), tuple(words[1:]), number)


def par_values(text: str) -> dict[str, str]:
    """First word after each key, under its settled spelling; the last of repeated lines."""
    return {line.name: line.words[0] for line in par_lines(text) if line.words}


def number(text: str | None) -> float | None:
    """A number as par files write it, Fortran's D exponent included; None if it is none."""
    try:
        value = float(re.sub("[dD]", "e", text or ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def angle_deg(text: str | None, *, hours: bool) -> float | None:
    """Degrees of a sexagesimal (``-00:30:00``) or decimal angle; None if it is none.

    The sign is read from the text, so that angles between -1 and 0 degrees keep theirs.
    """
    parts = [number(part) for part in (text or "").lstrip("+-").split(":")]
    known = [part for part in parts if part is not None]
    if not known or len(known) != len(parts) or len(known) > 3:
        return None
    value = sum(part / 60.0**place for place, part in enumerate(known))
    sign = -1.0 if (text or "").startswith("-") else 1.0
    return sign * value * (15.0 if hours else 1.0)


def _position(values: dict[str, str]) -> tuple[float | None, float | None]:
    if "RAJ" in values or "DECJ" in values:
        return angle_deg(values.get("RAJ"), hours=True), angle_deg(values.get("DECJ"), hours=False)
    longitude, latitude = number(values.get("ELONG")), number(values.get("ELAT"))
    if longitude is None or latitude is None:
        return None, None
    return _equatorial(math.radians(longitude), math.radians(latitude))


def _equatorial(longitude: float, latitude: float) -> tuple[float, float]:
    """Rotate ecliptic radians about the equinox into equatorial degrees."""
    x = math.cos(latitude) * math.cos(longitude)
    y, z = math.cos(latitude) * math.sin(longitude), math.sin(latitude)
    cosine, sine = math.cos(_OBLIQUITY_RAD), math.sin(_OBLIQUITY_RAD)
    y, z = y * cosine - z * sine, y * sine + z * cosine
    return math.degrees(math.atan2(y, x)) % 360.0, math.degrees(math.asin(z))


def par_summary(par: str | os.PathLike[str]) -> ParSummary:
    """What a par file says of itself, without importing PINT (well under a millisecond).

    Parameters
    ----------
    par : path-like or str
        A path, or the text of the file.

    Raises
    ------
    NightglassError
        If the file cannot be read.
    """
    text, _ = read_par_text(par)
    values = par_values(text)
    ra_deg, dec_deg = _position(values)
    return ParSummary(
        psr=values.get("PSR", ""),
        f0_hz=number(values.get("F0")),
        ra_deg=ra_deg,
        dec_deg=dec_deg,
        pepoch_mjd=number(values.get("PEPOCH")),
        start_mjd=number(values.get("START")),
        finish_mjd=number(values.get("FINISH")),
        ephem=values.get("EPHEM", ""),
        units=values.get("UNITS", ""),
        binary=values.get("BINARY", ""),
        tzr_site=values.get("TZRSITE", ""),
    )
