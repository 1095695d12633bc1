"""Master frames as FITS files, with cards that tell where they come from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from ... import __version__
from ..errors import NightglassError
from ..frames.encoding import Encoding
from ..frames.fits_blocks import scan
from ..frames.fits_writing import replace_fits
from ..frames.positioned import Handle
from ..frames.raw_block import RawBlock
from .camera import binning_of, subarray_of
from .card_text import ascii_text, write_lines
from .masters import KINDS, UNITS, FloatImage, Master, stored_at

if TYPE_CHECKING:
    from pathlib import Path

    from astropy.io.fits import Header

    from ..frames.fits_blocks import HduInfo

# Many frames of a subarray may fill a disk; a master is one picture and never larger than this.
MOST_PIXELS = 1 << 28
_NUMBERS = {"exposure_s": "EXPTIME", "temperature_c": "CCD-TEMP"}
_TEXTS = {"mode": "READMODE", "filter": "FILTER"}


def save_master(master: Master, path: Path) -> Master:
    """Write a master so that the file is whole or as it was before.

    Parameters
    ----------
    master : Master
        To be kept.
    path : Path
        Its file; an older one of this name is replaced.

    Returns
    -------
    Master
        The same with its `path`.

    Raises
    ------
    NightglassError
        If the folder cannot be written or the disk is full.
    """
    from astropy.io import fits

    hdu = fits.PrimaryHDU(master.image)
    _describe(master, hdu.header)
    replace_fits(path, [hdu])
    return stored_at(master, path)


def _describe(master: Master, header: Header) -> None:
    """Fill in the cards; those of the camera keep the camera's own names and values."""
    header["IMAGETYP"] = (master.kind, "kind of master frame")
    header["BUNIT"] = (UNITS[master.kind], "of the pixels")
    header["NFRAMES"] = (master.frames, "frames averaged")
    header["BINNING"] = f"{master.binning}X{master.binning}"
    for field, card in (_NUMBERS | _TEXTS).items():
        value = getattr(master, field)
        if value is not None:
            header[card] = ascii_text(value) if isinstance(value, str) else value
    header["HIERARCH SUBARRAY MODE"] = "ON" if master.subarray else "OFF"
    if master.subarray:
        for name, pixels in master.subarray._asdict().items():
            header[f"HIERARCH SUBARRAY {name.upper()}"] = float(pixels)
    header["PROGRAM"] = f"nightglass {__version__}"
    header["DATE"] = (datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "UTC, of this file")
    for letters, lines in (("INP", master.sources), ("NOTE", master.notes)):
        write_lines(header, letters, lines)


def load_master(path: Path) -> Master:
    """Read a master frame.

    Parameters
    ----------
    path : Path
        A file written by `save_master`.

    Raises
    ------
    NightglassError
        If it cannot be read, is cut short, or is no master frame.
    """
    handle = Handle(path)
    hdu = scan(handle)[0]
    kind = next((kind for kind in KINDS if kind == hdu.cards.text("IMAGETYP")), None)
    if kind is None or len(hdu.axes) != 2 or not 0 < np.prod(hdu.axes) <= MOST_PIXELS:
        raise NightglassError(
            "Not a master frame",
            f"{path.name} is no bias, dark or flat made by this program.",
            "Make one from a capture of calibration frames.",
            path,
        )
    cards = hdu.cards
    return Master(
        kind=kind,
        image=_read_image(handle, hdu),
        subarray=subarray_of(cards),
        binning=binning_of(cards),
        frames=cards.integer("NFRAMES") or 0,
        exposure_s=cards.number("EXPTIME"),
        mode=cards.text("READMODE"),
        filter=cards.text("FILTER"),
        temperature_c=cards.number("CCD-TEMP"),
        sources=_lines(hdu, "INP"),
        notes=_lines(hdu, "NOTE"),
        path=path,
    )


def _read_image(handle: Handle, hdu: HduInfo) -> FloatImage:
    encoding = Encoding.from_cards(hdu.cards)
    rows, columns = hdu.axes
    block = RawBlock(handle, hdu.data_offset, encoding.dtype, (1, rows, columns), mapping=False)
    return encoding.decode(block.rows(0, 0, rows)).astype(np.float32, copy=False)


def _lines(hdu: HduInfo, letters: str) -> tuple[str, ...]:
    names = sorted(
        name for name in hdu.cards if name.startswith(letters) and name[len(letters) :].isdigit()
    )
    return tuple(hdu.cards.text(name) or "" for name in names)
