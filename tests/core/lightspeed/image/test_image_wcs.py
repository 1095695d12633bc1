"""World coordinates of images against astropy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from nightglass.core.lightspeed.box import Box
from nightglass.core.lightspeed.image.wcs import add_frame_cards, add_sky_cards
from nightglass.core.lightspeed.pointing import Pointing

SHAPE = (50, 81)


def pointing(**cards: Any) -> Pointing:
    usual = {"TELRA": "05:34:31.9", "TELDEC": "+22:00:52", "TELPA": "12.5", "ROTENC": "21.0"}
    made = Pointing.from_cards({**usual, **cards}, SHAPE)
    assert made is not None
    return made


def header_of(where: Pointing, box: Box | None = None) -> fits.Header:
    header = fits.Header()
    add_frame_cards(header, box)
    add_sky_cards(header, where, box)
    return header


@pytest.mark.parametrize(
    "cards",
    [
        {},
        {"TELDEC": "-00:30:00"},
        {"TELDEC": "+00:00:01"},
        {"TELRA": "23:59:59.9", "TELDEC": "-89:30:00"},
        {"TELPA": "N/A", "ROTENC": "N/A"},
    ],
)
def test_astropy_finds_the_same_sky_at_every_pixel(cards: dict[str, Any]) -> None:
    where = pointing(**cards)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(float)
    ra, dec = WCS(header_of(where)).pixel_to_world_values(x, y)
    expected_ra, expected_dec = where.sky(x, y)
    turned = (ra - expected_ra + 180.0) % 360.0 - 180.0
    np.testing.assert_allclose(turned * np.cos(np.radians(dec)), 0.0, atol=1e-10)
    np.testing.assert_allclose(dec, expected_dec, atol=1e-10)


def test_the_pointing_is_the_centre_of_the_frame() -> None:
    header = header_of(pointing())
    assert (header["CRPIX1"], header["CRPIX2"]) == ((SHAPE[1] + 1) / 2, (SHAPE[0] + 1) / 2)


def test_a_cropped_image_keeps_its_place_on_the_sky() -> None:
    box = Box(10, 5, 40, 30)
    whole, part = WCS(header_of(pointing())), WCS(header_of(pointing(), box))
    np.testing.assert_allclose(
        part.pixel_to_world_values(3.0, 4.0), whole.pixel_to_world_values(13.0, 9.0), atol=1e-12
    )


def test_physical_coordinates_of_a_cropped_image_are_those_of_the_whole_frame() -> None:
    header = header_of(pointing(), Box(10, 5, 40, 30))
    image_x, image_y = 1.0, 1.0
    assert (image_x - header["LTV1"]) / header["LTM1_1"] == 11.0
    assert (image_y - header["LTV2"]) / header["LTM2_2"] == 6.0
    assert "LTV1" not in header_of(pointing())


def test_binning_widens_the_pixels() -> None:
    made = Pointing.from_cards({"TELRA": "1:00:00", "TELDEC": "2:00:00"}, SHAPE, binning=2)
    assert made is not None
    scales = np.sqrt((np.array(WCS(header_of(made)).pixel_scale_matrix) ** 2).sum(0)) * 3600
    np.testing.assert_allclose(scales, 0.1)


@pytest.mark.parametrize(("told", "frame", "year"), [("2000.00", "ICRS", 2000.0),
                                                     ("2025.90", "FK5", 2025.9),
                                                     ("N/A", "ICRS", 2000.0)])  # fmt: skip
def test_the_equinox_of_the_telescope_names_the_frame(told: str, frame: str, year: float) -> None:
    header = header_of(pointing(TELEQUIN=told))
    assert (header["RADESYS"], header["EQUINOX"]) == (frame, year)
