"""From rates to a finished image: flat, filling, smoothing, coordinates and origin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from ..pointing import PLATE_SCALE_ARCSEC
from ..products import describe
from .image import Image
from .rates import RateMap, flattened
from .smoothing import filled, smoothed
from .wcs import add_frame_cards, add_sky_cards, pointing_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from ..data_set import DataSet
    from .measure import Style

_MOST_SMOOTHING_PX = 1000.0


@dataclass(frozen=True)
class Look:
    """What is done to an image once its rates are known.

    Attributes
    ----------
    wcs : bool
        Whether world coordinates are written.
    smooth_px : float or None
        Sigma of a Gaussian to smooth with.
    fill : bool or None
        Whether pixels without a value are painted over; None as the conventions have it.
    plate_scale_arcsec : float
        Of an unbinned pixel.
    """

    wcs: bool = False
    smooth_px: float | None = None
    fill: bool | None = None
    plate_scale_arcsec: float = PLATE_SCALE_ARCSEC

    def check(self, data_set: DataSet) -> None:
        """Make sure, before anything is computed, that it can be done with these frames.

        Raises
        ------
        NightglassError
            If it cannot.
        """
        smooth = self.smooth_px
        if smooth is not None and not 0.0 < smooth <= _MOST_SMOOTHING_PX:
            raise NightglassError(
                "Could not smooth so", f"A sigma of {smooth:g} pixels makes no sense.",
                "Give one above zero to --smooth.",
            )  # fmt: skip
        if not (self.plate_scale_arcsec > 0.0 and math.isfinite(self.plate_scale_arcsec)):
            raise NightglassError(
                "No such plate scale", f"{self.plate_scale_arcsec:g} arcseconds a pixel is none.",
                "Give one above zero to --plate-scale.",
            )  # fmt: skip
        if self.wcs:
            pointing_of(data_set, self.plate_scale_arcsec)
        if not data_set.num_frames():
            raise NightglassError("No frames", "There is no frame to use.", "Use more cubes.")


def image_of(
    data_set: DataSet,
    style: Style,
    look: Look,
    made: RateMap,
    saturated: NDArray[np.bool_] | None = None,
    options: Mapping[str, object] | None = None,
) -> Image:
    """Finish an image.

    Parameters
    ----------
    data_set : DataSet
        What it was made of.
    style, look
        How it was made, and what is left to do.
    made : RateMap
        Rates, not yet divided by the flat.
    saturated : ndarray of bool or None
        Pixels that reached the full well.
    options : mapping or None
        Further options to record.

    Raises
    ------
    NightglassError
        If world coordinates are wanted and unknown.
    """
    made = flattened(made, data_set)
    values, errors = made.rate, made.error
    fill = not data_set.conventions.is_native if look.fill is None else look.fill
    if fill:
        # Errors are not made up: a filled pixel is one without an error.
        values = filled(values)
    if look.smooth_px is not None:
        values, errors = smoothed(values, errors, look.smooth_px)
    header = _header(data_set, style, look, options or {})
    header["EXPTIME"] = (float(made.exposure_s.max(initial=0.0)), "[s] longest of all pixels")
    if saturated is not None:
        header["NSATPIX"] = (int(np.count_nonzero(saturated)), "pixels that reached the full well")
    header["NNOVALUE"] = (int(np.count_nonzero(np.isnan(values))), "pixels without a value")
    return Image(values, errors, made.exposure_s, header, saturated)


def _header(data_set: DataSet, style: Style, look: Look, options: Mapping[str, object]) -> Header:
    from astropy.io import fits

    header = fits.Header()
    told = {
        "mode": style.mode, "qe": style.is_photons, "wcs": look.wcs, "smooth": look.smooth_px,
        "fill": look.fill, "allow_cr": data_set.recipe().cosmic is None,
        "n_electrons": style.n_electrons if style.mode == "weight" else None,
        "n_iterations": style.n_iterations if style.mode == "weight" else None,
    }  # fmt: skip
    describe(header, data_set, options={**told, **options})
    is_native = data_set.conventions.is_native
    photons = style.is_photons or not is_native
    unit = "ph/s" if photons else "electron/s"
    header["BUNIT"] = (unit if is_native else "phot/s", "of each pixel")
    header["QECORR"] = ("T" if photons else "F", "internal quantum efficiency undone")
    header["FLATCORR"] = ("F" if data_set.flat() is None else "T", "divided by a flat")
    scale = look.plate_scale_arcsec * data_set.header.binning
    header["PIXSCALE"] = (scale, "[arcsec] per pixel; a setting")
    box = data_set.options.bbox
    add_frame_cards(header, box)
    if look.wcs:
        add_sky_cards(header, pointing_of(data_set, look.plate_scale_arcsec), box)
    return header
