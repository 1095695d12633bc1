"""Binned images as files: FITS, compressed, with their coverage."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError, translate
from ...frames.fits_writing import replace_fits
from ...timing.sidereal import datetime_from

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from .stack import Binned

IMAGE_NAME = "COMP_IMAGE"
COVERAGE_NAME = "COVERAGE"
# Stored in steps of a sixteenth of the noise. The dither that hides them starts at the same number
# in every file, so that the same image makes the same bytes, and spares what is exactly 0.
_STEPS_PER_SIGMA = 16.0
_DITHER_SEED = 1
# Lines compressed together.
_LINES = 32
_STRUCTURE = frozenset(
    {
        "SIMPLE", "EXTEND", "XTENSION", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT",
        "EXTNAME", "CONTINUE", "",
    }
)  # fmt: skip


def binned_name(jd: float, camera_id: str) -> str:
    """File name of the binned image of a moment, such as 20160130T213045LPC.fits.

    Parameters
    ----------
    jd : float
        Julian date (UTC) of the middle of the batch.
    camera_id : str
        Station and camera.
    """
    return f"{datetime_from(jd):%Y%m%dT%H%M%S}{camera_id}.fits"


def write_binned(path: Path, binned: Binned, cards: Mapping[str, Any]) -> Path:
    """Write a binned image; the file is whole or absent.

    The first extension, COMP_IMAGE, has the image (float32, RICE_1, steps of a sixteenth of the
    noise) and all cards, the second one the frames that each pixel is the mean of.

    Parameters
    ----------
    path : Path
        Its name; a file that is there is replaced.
    binned : Binned
    cards : mapping of str to str, int or float
        Header cards. One that is not a finite number is left out: FITS has none such.

    Raises
    ------
    NightglassError
        If it cannot be written.
    """
    from astropy.io import fits

    tiles = (_LINES, binned.image.shape[1])
    coverage = _coverage_of(binned)
    units = [
        fits.PrimaryHDU(),
        fits.CompImageHDU(
            binned.image, _header(cards), IMAGE_NAME, compression_type="RICE_1", tile_shape=tiles,
            quantize_level=_STEPS_PER_SIGMA, dither_seed=_DITHER_SEED,
            quantize_method=fits.hdu.compressed.SUBTRACTIVE_DITHER_2,
        ),
        fits.CompImageHDU(
            coverage, name=COVERAGE_NAME, compression_type="RICE_1", tile_shape=tiles
        ),
    ]  # fmt: skip
    return replace_fits(path, units)


def read_binned(path: Path) -> tuple[NDArray[np.float32], NDArray[np.int16], dict[str, Any]]:
    """Read a binned image.

    Returns
    -------
    image : ndarray of float32, shape (ny, nx)
        Mean [ADU per exposure], 0 where no frame was.
    coverage : ndarray of int16, shape (ny, nx)
        Frames of each pixel.
    cards : dict
        Header cards of the image besides those of its structure.

    Raises
    ------
    NightglassError
        If it cannot be read or is no such file.
    """
    from astropy.io import fits
    from astropy.utils.exceptions import AstropyWarning

    try:
        with warnings.catch_warnings(), fits.open(path, memmap=False) as units:
            # A file cut short is only warned of.
            warnings.simplefilter("error", AstropyWarning)
            image, header = units[IMAGE_NAME].data, units[IMAGE_NAME].header
            coverage = units[COVERAGE_NAME].data
    except (OSError, KeyError, TypeError, ValueError, AstropyWarning) as error:
        if isinstance(error, OSError) and error.errno:
            raise translate(error, path) from error
        raise NightglassError(
            "Could not read a binned image",
            f"{path} is not a whole binned image ({error}).".replace("\n", " "),
            "Reduce its batch again.",
            path,
        ) from error
    cards = {name: header[name] for name in header if name not in _STRUCTURE}
    return image, coverage, cards


def _coverage_of(binned: Binned) -> NDArray[np.int16]:
    # The plain integers of FITS have a sign; a batch is far from their limit.
    limit = np.iinfo(np.int16).max
    return np.minimum(binned.coverage, limit).astype(np.int16)


def _header(cards: Mapping[str, Any]) -> Any:
    from astropy.io import fits

    header = fits.Header()
    header["IMAGETYP"] = ("BINIMAGE", "mean of the frames of a batch")
    header["BUNIT"] = ("adu", "counts per exposure, without bias and dark")
    for name, value in cards.items():
        if not isinstance(value, float | np.floating) or math.isfinite(value):
            header[name] = value
    return header
