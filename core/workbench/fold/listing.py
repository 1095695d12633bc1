"""Par files to choose from, with how far each pulsar is from where the telescope points."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...errors import NightglassError
from ...timing.par_folder import (
    Direction,
    ListedPar,
    listed,
    outside_range,
    par_paths,
    range_notice,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..desk import OpenCapture


_ABOVE = 3
_USUAL_NAMES = ("ephemerides", "par", "pars")


@dataclass(frozen=True)
class ParRow:
    """One par file in a list.

    Attributes
    ----------
    path : Path
    psr : str
        Name of the pulsar.
    f0_hz : float or None
        Spin frequency at PEPOCH.
    separation_deg : float or None
        From where the telescope points; None where either is not known.
    note : str
        Why it cannot be folded with, or that the capture is outside its range; may be empty.
    brief : str
        The same in a few words.
    is_usable : bool
        Whether it can be folded with, as far as its text tells.
    """

    path: Path
    psr: str
    f0_hz: float | None
    separation_deg: float | None
    note: str = ""
    brief: str = ""
    is_usable: bool = True

    @property
    def name(self) -> str:
        """Of the file."""
        return self.path.name


@dataclass(frozen=True)
class ParListing:
    """The par files of a folder and those used of late.

    Attributes
    ----------
    folder : Path or None
    rows : tuple of ParRow
        Of the folder, the nearest to the pointing first.
    recent : tuple of ParRow
        Those used of late, the last one first.
    trouble : str
        Why the folder could not be read; may be empty.
    has_pointing : bool
        Whether it is known where the telescope points.
    """

    folder: Path | None = None
    rows: tuple[ParRow, ...] = ()
    recent: tuple[ParRow, ...] = ()
    trouble: str = ""
    has_pointing: bool = False


@dataclass(frozen=True)
class Aim:
    """What a capture tells about which par file suits it.

    Attributes
    ----------
    cards : mapping
        Its header; TELRA, TELDEC and TELEQUIN are looked at.
    shape : (rows, columns)
    mjd : float or None
        When it was taken, UTC.
    """

    cards: Mapping[str, object]
    shape: tuple[int, int]
    mjd: float | None

    def direction(self) -> Direction | None:
        """Where the telescope pointed; None where the header does not tell."""
        from ...lightspeed.pointing import Pointing

        pointing = Pointing.from_cards(self.cards, self.shape)
        if pointing is None:
            return None
        if pointing.frame == "icrs":
            return Direction(pointing.ra_deg, pointing.dec_deg)
        return _icrs(pointing.ra_deg, pointing.dec_deg, pointing.equinox)


def aim_of(capture: OpenCapture | None) -> Aim | None:
    """What a capture tells about which par file suits it; None of no capture."""
    if capture is None:
        return None
    source = capture.lightspeed
    if source is None:
        return Aim(getattr(capture.source, "cards", {}), capture.source.shape, None)
    try:
        model = source.time_model()
    except NightglassError:
        return Aim(source.header.cards, source.shape, None)
    instant = model.instant
    mjd = None if model.quality == "none" else instant.day + instant.seconds / 86400.0
    return Aim(source.header.cards, source.shape, mjd)


def read_listing(
    folder: Path | None, recent: Sequence[Path], aim: Aim | None, capture: Path | None = None
) -> ParListing:
    """Read a folder and the par files used of late; for a working thread.

    Parameters
    ----------
    folder : Path or None
        None where nobody has chosen one: that of the capture or one above it, if it has any.
    recent : sequence of Path
    aim : Aim or None
        Of the capture shown.
    capture : Path or None
        A file of it.
    """
    if folder is None and capture is not None:
        folder = _beside(capture)
    direction = None if aim is None else aim.direction()
    mjd = None if aim is None else aim.mjd
    trouble = ""
    paths: list[Path] = []
    try:
        paths = [] if folder is None else par_paths(folder)
    except NightglassError as error:
        trouble = error.text
    of_folder = listed(paths, direction)
    known = {par.path: par for par in of_folder}
    of_late = [known.get(path) or listed([path], direction)[0] for path in recent]
    return ParListing(
        folder,
        tuple(_row(par, mjd) for par in of_folder),
        tuple(_row(par, mjd) for par in of_late),
        trouble,
        direction is not None,
    )


def _beside(capture: Path) -> Path | None:
    """The nearest folder around a capture that holds par files, or a folder of them."""
    for above in list(capture.absolute().parents)[:_ABOVE]:
        for folder in (above, *(above / name for name in _USUAL_NAMES)):
            with suppress(NightglassError, OSError):
                if par_paths(folder):
                    return folder
    return None


def _row(par: ListedPar, mjd: float | None) -> ParRow:
    summary = par.summary
    f0_hz = None if summary is None else summary.f0_hz
    row = ParRow(par.path, par.psr, f0_hz, par.separation_deg)
    if par.trouble or summary is None:
        return replace(row, note=par.trouble, brief=par.trouble, is_usable=False)
    if mjd is None or not (outside := outside_range(summary, mjd)):
        return row
    return replace(row, note=range_notice(summary, mjd), brief=f"{outside} its range")


def _icrs(ra_deg: float, dec_deg: float, equinox: float | None) -> Direction:
    """Carry a place of another equinox than J2000 to the ICRS."""
    from astropy.coordinates import FK5, SkyCoord
    from astropy.time import Time

    frame = FK5(equinox=Time(equinox, format="jyear"))
    place = SkyCoord(ra_deg, dec_deg, unit="deg", frame=frame).icrs
    return Direction(float(place.ra.deg), float(place.dec.deg))
