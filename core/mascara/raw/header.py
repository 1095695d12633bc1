"""What the header of a raw frame tells, by the names the station's programs read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ...errors import NightglassError
from ...timing.sidereal import SLOTS_PER_DAY
from .raw_bytes import RawBytes, shape_of

if TYPE_CHECKING:
    from pathlib import Path

    from ...frames.cards import Cards


@dataclass(frozen=True)
class FrameHeader:
    """The cards of a raw frame, as numbers.

    Attributes
    ----------
    lstseq, lstidx : int
        Slot since 2013 and in its sidereal day (LSTSEQ, LSTIDX; the latter is computed where the
        card is absent).
    lst_h : float
        Local sidereal time at mid-exposure, hours.
    jd : float
        Julian date (UTC) at mid-exposure, days.
    utc : str
        UTC-OBS as ``YYYY-MM-DDThh:mm:ss.ffffff``; "" when absent or senseless.
    exptime_s : float
        Exposure time, seconds.
    ccdtemp_c : float
        Temperature of the chip, degrees Celsius; NaN when not told.
    download_s, margin_s : float
        DWLDTIME and MARGTIME, seconds; NaN when not told.
    site, camera : str
        SITE-OBS and CAMERA (one letter); "" when not told.
    x0, y0 : int
        First active column and row, from 0.
    nx, ny : int
        Active columns and rows (XSIZE, YSIZE).
    api_version, acquisition_version : str
        APIVER and AVERSION (SWVER); "" when not told.
    """

    lstseq: int
    lstidx: int
    lst_h: float
    jd: float
    utc: str
    exptime_s: float
    ccdtemp_c: float
    download_s: float
    margin_s: float
    site: str
    camera: str
    x0: int
    y0: int
    nx: int
    ny: int
    api_version: str = ""
    acquisition_version: str = ""

    @property
    def active(self) -> tuple[slice, slice]:
        """Rows and columns of the active window."""
        return slice(self.y0, self.y0 + self.ny), slice(self.x0, self.x0 + self.nx)


def read_header(path: Path) -> FrameHeader:
    """Read the header of a raw frame and no counts.

    Parameters
    ----------
    path : Path
        A FITS file, plain or packed with gzip.

    Raises
    ------
    NightglassError
        If the file cannot be read or is no FITS file, a card is missing (it is named), or the
        active window is not inside the frame.
    """
    return header_of(RawBytes(path).header(), path)


def header_of(cards: Cards, path: Path) -> FrameHeader:
    """What the cards of `path` tell; see `read_header`."""
    lstseq = _integer(cards, "LSTSEQ", path)
    index = cards.integer("LSTIDX")
    found = FrameHeader(
        lstseq=lstseq,
        lstidx=lstseq % SLOTS_PER_DAY if index is None else index,
        lst_h=_number(cards, "LST", path),
        jd=_number(cards, "JD", path),
        utc=_utc(cards.text("UTC-OBS")),
        exptime_s=_number(cards, "EXPTIME", path),
        ccdtemp_c=_perhaps(cards, "CCDTEMP"),
        download_s=_perhaps(cards, "DWLDTIME"),
        margin_s=_perhaps(cards, "MARGTIME"),
        site=cards.text("SITE-OBS") or "",
        camera=cards.text("CAMERA") or "",
        x0=_integer(cards, "X0", path),
        y0=_integer(cards, "Y0", path),
        nx=_integer(cards, "XSIZE", path),
        ny=_integer(cards, "YSIZE", path),
        api_version=cards.text("APIVER") or "",
        acquisition_version=cards.text("AVERSION") or cards.text("SWVER") or "",
    )
    _check_window(found, cards, path)
    return found


def _number(cards: Cards, keyword: str, path: Path) -> float:
    number = cards.number(keyword)
    if number is None:
        raise _lacking(keyword, path)
    return number


def _integer(cards: Cards, keyword: str, path: Path) -> int:
    number = cards.integer(keyword)
    if number is None or number < 0:
        raise _lacking(keyword, path)
    return number


def _lacking(keyword: str, path: Path) -> NightglassError:
    return NightglassError(
        "A card is missing",
        f"The header of {path.name} tells no usable {keyword}.",
        "The frame is left out; see whether the acquisition program writes this card.",
        path,
    )


def _perhaps(cards: Cards, keyword: str) -> float:
    number = cards.number(keyword)
    return math.nan if number is None else number


def _utc(text: str | None) -> str:
    """Both spellings, with a blank and with a T, as one."""
    try:
        return datetime.fromisoformat(text or "").isoformat(timespec="microseconds")
    except ValueError:
        return ""


def _check_window(header: FrameHeader, cards: Cards, path: Path) -> None:
    shape = shape_of(cards)
    if shape is None:
        raise NightglassError(
            "No frame", f"{path.name} holds no two-dimensional image.", "Copy it again.", path
        )
    rows, columns = shape
    fits = header.x0 + header.nx <= columns and header.y0 + header.ny <= rows
    if not fits or not (header.nx and header.ny):
        raise NightglassError(
            "The frame has the wrong size",
            f"{path.name} has {columns} x {rows} pixels, but its active window of {header.nx} x "
            f"{header.ny} begins at column {header.x0} and row {header.y0}.",
            "The frame is left out; see the settings of the acquisition program.",
            path,
        )
