"""The sky over an image as region files ask about it, against astropy.wcs."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from nightglass.core.lightspeed.image.image import Image
from nightglass.core.lightspeed.image.star_region import ImageSky

CARDS = {
    "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 83.63, "CRVAL2": -22.01,
    "CRPIX1": 12.5, "CRPIX2": 40.25, "CD1_1": -1e-4, "CD1_2": 2e-5, "CD2_1": 2e-5, "CD2_2": 1e-4,
}  # fmt: skip


def sky_of(**cards: object) -> ImageSky:
    image = Image(np.zeros((50, 64)), header=fits.Header(CARDS | cards))
    sky = ImageSky.of(image)
    assert sky is not None
    return sky


def test_places_are_those_of_astropy_there_and_back() -> None:
    sky, wcs = sky_of(), WCS(fits.Header(CARDS))
    x, y = np.array([0.0, 31.5, 63.0]), np.array([0.0, 24.5, 49.0])
    ra_deg, dec_deg = sky.sky(x, y)
    np.testing.assert_allclose((ra_deg, dec_deg), wcs.all_pix2world(x, y, 0), rtol=0, atol=1e-12)
    np.testing.assert_allclose(sky.pixel(ra_deg, dec_deg), (x, y), rtol=0, atol=1e-7)
    assert sky.centre_px == (31.5, 24.5)
    assert sky.scale_arcsec == pytest.approx(3600 * np.sqrt(1e-8 + 4e-10))


@pytest.mark.parametrize(
    ("cards", "frame"),
    [
        ({}, "icrs"),
        ({"RADESYS": "ICRS"}, "icrs"),
        ({"RADESYS": "FK5"}, "fk5"),
        ({"EQUINOX": 2000.0}, "fk5"),
    ],
)
def test_the_frame_is_told_by_the_header(cards: dict[str, object], frame: str) -> None:
    assert sky_of(**cards).frame == frame
