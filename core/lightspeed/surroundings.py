"""What a capture or an image tells about the places of regions drawn on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..regions.systems import Surroundings
from .capture import Capture
from .image.star_region import ImageSky
from .open_capture import open_frames
from .pointing import PLATE_SCALE_ARCSEC, Pointing

if TYPE_CHECKING:
    import os

    from ..frames.fits_image import FitsImageSource


def surroundings_at(
    path: str | os.PathLike[str], plate_scale_arcsec: float = PLATE_SCALE_ARCSEC
) -> Surroundings:
    """Find them for a cube, or a FITS image that is none; see `surroundings_of`.

    Raises
    ------
    NightglassError
        If it is neither, or cannot be read.
    """
    source = open_frames(path)
    try:
        return surroundings_of(source, plate_scale_arcsec)
    finally:
        source.close()


def surroundings_of(
    source: Capture | FitsImageSource, plate_scale_arcsec: float = PLATE_SCALE_ARCSEC
) -> Surroundings:
    """Find the sky, the physical coordinates and the sensor under the frames of a source.

    Parameters
    ----------
    source : Capture or FitsImageSource
    plate_scale_arcsec : float
        Arcseconds an unbinned pixel, for a capture; an image has a projection or none.
    """
    if not isinstance(source, Capture):
        sky = ImageSky.of_header(source.cards.header(), source.shape)
        return Surroundings(sky, source.cards)
    header = source.header
    pointing = Pointing.from_cards(
        header.cards, header.shape, binning=header.binning, plate_scale_arcsec=plate_scale_arcsec
    )
    return Surroundings(pointing, header.cards, header.detector_offset, header.binning)
