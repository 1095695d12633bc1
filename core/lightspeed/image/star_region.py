"""Regions drawn on an image, and the scale of its pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...regions.masks import mask_of, source_and_background
from ...regions.systems import Surroundings
from ...regions.text.reader import read_regions
from ..camera import binning_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from .image import Image


@dataclass(frozen=True)
class ImageSky:
    """The sky over an image that has world coordinates, as region files ask about it.

    Attributes
    ----------
    wcs : astropy WCS
    scale_arcsec : float
        Arcseconds a pixel, the mean of both axes.
    centre_px : (x, y)
        0-based image coordinates of the middle of the image.
    """

    wcs: Any
    scale_arcsec: float
    centre_px: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def of(cls, image: Image) -> ImageSky | None:
        """Read the projection of an image; None where it has none."""
        return cls.of_header(image.header, image.shape)

    @classmethod
    def of_header(cls, header: Header, shape: tuple[int, int]) -> ImageSky | None:
        """Read the projection that a header tells for frames of (rows, columns)."""
        if "CTYPE1" not in header:
            return None
        from astropy.wcs import WCS, WcsError

        try:
            wcs = WCS(header).celestial
        except (WcsError, ValueError):
            return None
        matrix = np.array(wcs.pixel_scale_matrix)
        if matrix.shape != (2, 2) or not abs(np.linalg.det(matrix)) > 0.0:
            return None
        rows, columns = shape
        scale_arcsec = 3600.0 * math.sqrt(abs(float(np.linalg.det(matrix))))
        return cls(wcs, scale_arcsec, ((columns - 1) / 2, (rows - 1) / 2))

    @property
    def frame(self) -> str:
        """Frame of the coordinates, as RADESYS tells; ICRS where it does not."""
        return "fk5" if self.wcs.wcs.radesys.strip().upper() == "FK5" else "icrs"

    def pixel(self, ra_deg: Any, dec_deg: Any) -> tuple[Any, Any]:
        """Give 0-based image coordinates of a place in degrees."""
        x, y = self.wcs.world_to_pixel_values(ra_deg, dec_deg)
        return x, y

    def sky(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Give the place in degrees of 0-based image coordinates."""
        ra_deg, dec_deg = self.wcs.pixel_to_world_values(x, y)
        return ra_deg, dec_deg


def star_mask(path: str | os.PathLike[str], image: Image) -> NDArray[np.bool_]:
    """Find the pixels of the first source of a region file that was drawn on an image.

    Physical coordinates follow the image's LTV cards.

    Raises
    ------
    NightglassError
        If the file cannot be read or its region holds no pixel.
    """
    file = read_regions(path, Surroundings(ImageSky.of(image), image.header))
    sources, _ = source_and_background(file)
    first = [entry for entry in sources if entry.include and entry.has_pixels][:1]
    holes = [entry for entry in sources if not entry.include]
    return mask_of([*first, *holes] or list(sources), image.shape)


def pixel_scale_arcsec(image: Image, given: float | None, default: Callable[[], float]) -> float:
    """Give the arcseconds a pixel.

    Parameters
    ----------
    image : Image
        Whose projection, or PIXSCALE, tells.
    given : float or None
        Of an unbinned pixel; wins.
    default : callable
        Gives that of an unbinned pixel where the image tells nothing.
    """
    binning = binning_of(image.header)
    if given is not None:
        return given * binning
    sky = ImageSky.of(image)
    if sky is not None:
        return sky.scale_arcsec
    told = image.header.get("PIXSCALE")
    return float(told) if isinstance(told, float) and told > 0.0 else default() * binning
