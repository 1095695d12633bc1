"""Par files of a folder, the nearest to where the telescope points first."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import NightglassError, translate
from .par import par_summary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .par import ParSummary

SUFFIX = ".par"


class Direction(NamedTuple):
    """A place on the sky: ICRS degrees."""

    ra_deg: float
    dec_deg: float


@dataclass(frozen=True)
class ListedPar:
    """A par file in a list to choose from.

    Attributes
    ----------
    path : Path
    summary : ParSummary or None
        None where the file cannot be read.
    separation_deg : float or None
        From the pointing; None where either is not known.
    trouble : str
        Why the file cannot be folded with; empty for one that can.
    """

    path: Path
    summary: ParSummary | None
    separation_deg: float | None = None
    trouble: str = ""

    @property
    def psr(self) -> str:
        """Name of the pulsar; that of the file where the file does not say."""
        return (self.summary.psr if self.summary else "") or self.path.stem

    @property
    def place(self) -> Direction | None:
        """Where the pulsar is; None where the file does not tell."""
        summary = self.summary
        if summary is None or summary.ra_deg is None or summary.dec_deg is None:
            return None
        return Direction(summary.ra_deg, summary.dec_deg)


def separation_deg(first: Direction, second: Direction) -> float:
    """Angle between two directions, degrees.

    By ``tan(d) = |a x b| / a.b`` as of Vincenty 1975, which is exact at all angles.
    """
    ra, dec = math.radians(second.ra_deg - first.ra_deg), math.radians(second.dec_deg)
    dec_0 = math.radians(first.dec_deg)
    across = math.hypot(
        math.cos(dec) * math.sin(ra),
        math.cos(dec_0) * math.sin(dec) - math.sin(dec_0) * math.cos(dec) * math.cos(ra),
    )
    along = math.sin(dec_0) * math.sin(dec) + math.cos(dec_0) * math.cos(dec) * math.cos(ra)
    return math.degrees(math.atan2(across, along))


def is_par(path: Path) -> bool:
    """Whether a path is that of a par file by its name."""
    return path.suffix.lower() == SUFFIX


def par_paths(folder: str | os.PathLike[str]) -> list[Path]:
    """The par files of a folder, by name.

    Raises
    ------
    NightglassError
        If the folder cannot be read.
    """
    place = Path(folder)
    try:
        with os.scandir(place) as entries:
            names = [entry.name for entry in entries if _is_listed(entry)]
    except OSError as error:
        raise translate(error, place) from error
    return [place / name for name in sorted(names, key=lambda name: (name.casefold(), name))]


def _is_listed(entry: os.DirEntry[str]) -> bool:
    # "._" begins the resource forks that macOS leaves on disks of others.
    return is_par(Path(entry.name)) and not entry.name.startswith("._") and entry.is_file()


def listed(paths: Iterable[Path], pointing: Direction | None = None) -> list[ListedPar]:
    """Read what a list shows of par files, the nearest to a pointing first.

    Parameters
    ----------
    paths : iterable of Path
    pointing : Direction or None
        Without one the order stays that of `paths`.

    Returns
    -------
    list of ListedPar
        Those without a position after those with one, unreadable ones last.
    """
    return sorted((_seen_from(listed_par(path), pointing) for path in paths), key=_rank)


def listed_par(path: Path) -> ListedPar:
    """Read what a list shows of one par file; what is wrong with it is in `trouble`."""
    try:
        summary = par_summary(path)
    except NightglassError as error:
        return ListedPar(path, None, trouble=error.text)
    return ListedPar(path, summary, trouble=_lacks(summary))


def _lacks(summary: ParSummary) -> str:
    wanted = {
        "F0": summary.f0_hz is not None,
        "PEPOCH": summary.pepoch_mjd is not None,
        "EPHEM": bool(summary.ephem),
        "a position": summary.ra_deg is not None and summary.dec_deg is not None,
    }
    *most, last = [name for name, is_there in wanted.items() if not is_there] or [""]
    named = f"{', '.join(most)} and {last}" if most else last
    return f"It lacks {named}." if named else ""


def _rank(par: ListedPar) -> tuple[bool, float]:
    far = math.inf if par.separation_deg is None else par.separation_deg
    return par.summary is None, far


def _seen_from(par: ListedPar, pointing: Direction | None) -> ListedPar:
    place = par.place
    if pointing is None or place is None:
        return par
    return replace(par, separation_deg=separation_deg(pointing, place))


def outside_range(summary: ParSummary, mjd: float) -> str:
    """How far a day lies outside the days a solution was fitted over; empty where it does not.

    Parameters
    ----------
    summary : ParSummary
    mjd : float
        Of the capture.

    Returns
    -------
    str
        Such as "29 days after".
    """
    first, last = summary.start_mjd, summary.finish_mjd
    if first is not None and mjd < first:
        return f"{_span(first - mjd)} before"
    if last is not None and mjd > last:
        return f"{_span(mjd - last)} after"
    return ""


def range_notice(summary: ParSummary, mjd: float) -> str:
    """That a capture was taken outside the days a solution was fitted over, in one sentence.

    Parameters
    ----------
    summary : ParSummary
    mjd : float
        Of the capture.

    Returns
    -------
    str
        Empty for a capture inside.
    """
    outside = outside_range(summary, mjd)
    if not outside:
        return ""
    days = _days(summary.start_mjd, summary.finish_mjd)
    return f"The solution was fitted {days}; this capture is {outside}."


def _span(days: float) -> str:
    whole = round(days)
    return "less than a day" if whole < 1 else f"{whole} day{'s' if whole > 1 else ''}"


def _days(first: float | None, last: float | None) -> str:
    if first is None:
        return f"up to MJD {last:.0f}"
    return f"from MJD {first:.0f} on" if last is None else f"over MJD {first:.0f} to {last:.0f}"
