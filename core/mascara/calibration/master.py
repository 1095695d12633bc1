"""A master frame and its file."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from ...frames.fits_writing import replace_fits
from ..finite import finite_or_none
from ..raw.raw_bytes import RawBytes, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from ...frames.cards import Cards

_KINDS = {f"MASTER{kind.upper()}": kind for kind in ("dark", "bias", "flat")}
_METHOD = "clipped mean"
_WHOLE_NUMBERS = {
    "frames": ("NOBS", "frames averaged"),
    "lstseq": ("LSTSEQ", "slot of the first frame"),
    "x0": ("X0", "first active column, from 0"),
    "nx": ("XSIZE", "active columns"),
    "y0": ("Y0", "first active row, from 0"),
    "ny": ("YSIZE", "active rows"),
    "rejected": ("NREJECT", "pixel values left out"),
}
_NUMBERS = {
    "exptime_s": ("EXPTIME", "s, mean"),
    "ccdtemp_c": ("CCDTEMP", "C, mean"),
    "level_adu": ("LEVEL", "adu, median of the active window"),
    "light_adu": ("LIGHT", "adu, level above the overscan"),
}
_TEXTS = {"site": ("SITE-OBS", ""), "camera": ("CAMERA", "")}


@dataclass(frozen=True, eq=False)
class MasterFrame:
    """The mean of a sequence of calibration frames.

    Attributes
    ----------
    kind : {"dark", "bias", "flat"}
    image : ndarray of float32, shape (rows, columns)
        The whole raw frame, overscan included. Dark and bias: ADU. Flat: response, mean 1 over
        the active window.
    frames : int
        How many were averaged.
    lstseq : int
        Slot of the first of them.
    exptime_s, ccdtemp_c : float
        Means of exposure time and temperature of the chip; the latter NaN when not told.
    x0, y0, nx, ny : int
        Active window as in `FrameHeader`.
    rejected : int
        Pixel values left out as outliers.
    level_adu, light_adu : float
        Median of the active window of the mean frame, and how far it is above that of the
        overscan; NaN when not told.
    site, camera : str
        SITE-OBS and CAMERA.
    failed : mapping of str to str
        Frames left out, by name, with the reason; not in the file.
    """

    kind: str
    image: NDArray[np.float32]
    frames: int
    lstseq: int
    exptime_s: float
    ccdtemp_c: float
    x0: int
    y0: int
    nx: int
    ny: int
    rejected: int = 0
    level_adu: float = math.nan
    light_adu: float = math.nan
    site: str = ""
    camera: str = ""
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def active(self) -> tuple[slice, slice]:
        """Rows and columns of the active window."""
        return slice(self.y0, self.y0 + self.ny), slice(self.x0, self.x0 + self.nx)

    def facts(self) -> dict[str, Any]:
        """What a journal tells of it; what is not known is None."""
        numbers = {
            "ccdtemp": self.ccdtemp_c,
            "exptime": self.exptime_s,
            "level": self.level_adu,
            "light": self.light_adu,
        }
        known = {key: finite_or_none(value, 4) for key, value in numbers.items()}
        return {"frames": self.frames, "rejected": self.rejected, "lstseq": self.lstseq, **known}


def write_master(path: Path, master: MasterFrame) -> None:
    """Write a master frame so that its file is whole or as it was; same frame, same bytes.

    Raises
    ------
    NightglassError
        If the folder cannot be written or the disk is full.
    """
    from astropy.io import fits

    hdu = fits.PrimaryHDU(master.image)
    _describe(master, hdu.header)
    replace_fits(path, [hdu])


def _describe(master: MasterFrame, header: Header) -> None:
    header["IMAGETYP"] = f"MASTER{master.kind.upper()}"
    header["METHOD"] = (_METHOD, "outliers left out")
    header["BUNIT"] = "" if master.kind == "flat" else "adu"
    for name, card in (_WHOLE_NUMBERS | _NUMBERS | _TEXTS).items():
        value = getattr(master, name)
        if not isinstance(value, float) or math.isfinite(value):
            header[card[0]] = (value, card[1])


def read_master(path: Path) -> MasterFrame:
    """Read a master frame.

    Raises
    ------
    NightglassError
        If it cannot be read, is cut short, or is no master frame of 32-bit numbers.
    """
    raw = RawBytes(path)
    cards = raw.header()
    kind = _KINDS.get((cards.text("IMAGETYP") or "").upper())
    shape = shape_of(cards)
    whole = {name: cards.integer(card) for name, (card, _) in _WHOLE_NUMBERS.items()}
    whole["rejected"] = whole["rejected"] or 0
    if kind is None or shape is None or cards.integer("BITPIX") != -32 or None in whole.values():
        raise NightglassError(
            "Not a master frame",
            f"{path.name} is no master dark, bias or flat.",
            "Choose one that the reduction made.",
            path,
        )
    stored = np.empty(shape, ">f4")
    raw.fill(stored.data.cast("B"))
    image = stored.byteswap(inplace=True).view("=f4")
    return MasterFrame(kind=kind, image=image, **whole, **_words(cards))  # type: ignore[arg-type]


def _words(cards: Cards) -> dict[str, Any]:
    numbers = {name: cards.number(card) for name, (card, _) in _NUMBERS.items()}
    found = {name: math.nan if value is None else value for name, value in numbers.items()}
    return found | {name: cards.text(card) or "" for name, (card, _) in _TEXTS.items()}
