"""The pointing against astropy's own WCS and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.lightspeed.pointing import (
    Pointing,
    format_dec,
    format_ra,
    parse_dec,
    parse_ra,
)

CARDS = {
    "TELRA": "05:34:32.00",
    "TELDEC": "+22:00:52.0",
    "TELPA": "12.0    ",
    "ROTENC": "3.0     ",
    "TELEQUIN": "2000.00",
    "ZOOMPOS": "N/A",
}
SHAPE = (40, 48)


def pointing(**changes: object) -> Pointing:
    made = Pointing.from_cards({**CARDS, **changes}, SHAPE)
    assert made is not None
    return made


def astropy_wcs(point: Pointing):
    from astropy.wcs import WCS

    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [point.ra_deg, point.dec_deg]
    wcs.wcs.crpix = [point.centre_px[0] + 1, point.centre_px[1] + 1]
    wcs.wcs.cd = point.cd_matrix()
    wcs.wcs.lonpole = 180.0  # wcslib would turn the frame about when it points at the very pole
    return wcs


@pytest.mark.parametrize(
    "dec", ["+22:00:52.0", "-00:30:00", "-89:59:59.0", "+90:00:00", "-29:0:5."]
)
@pytest.mark.parametrize("flip_y", [False, True])
def test_sky_and_pixel_agree_with_astropy(dec: str, flip_y: bool) -> None:
    point = Pointing.from_cards({**CARDS, "TELDEC": dec}, (2304, 4096), flip_y=flip_y)
    assert point is not None
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-100, 4200, 500), rng.uniform(-100, 2400, 500)
    wcs = astropy_wcs(point)
    ra, dec_deg = point.sky(x, y)
    want_ra, want_dec = wcs.all_pix2world(x, y, 0)
    turn = (ra - want_ra + 180.0) % 360.0 - 180.0
    assert np.max(np.abs(turn * np.cos(np.radians(want_dec)))) < 1e-11
    assert np.max(np.abs(dec_deg - want_dec)) < 1e-11
    back_x, back_y = point.pixel(want_ra, want_dec)
    assert np.max(np.hypot(back_x - x, back_y - y)) < 1e-6


def test_rotation_is_crota2_of_the_fits_papers() -> None:
    from astropy.wcs import WCS

    point = pointing()
    old = WCS({
        "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN",
        "CRVAL1": point.ra_deg, "CRVAL2": point.dec_deg,
        "CRPIX1": 24.5, "CRPIX2": 20.5,
        "CDELT1": -0.05 / 3600, "CDELT2": 0.05 / 3600, "CROTA2": 15.0,
    })  # fmt: skip
    np.testing.assert_allclose(point.sky(3.0, 31.0), old.all_pix2world(3.0, 31.0, 0), atol=1e-12)


def test_the_frame_centre_is_the_telescope_pointing() -> None:
    point = pointing()
    ra, dec = point.sky(23.5, 19.5)
    assert ra == pytest.approx(15 * (5 + 34 / 60 + 32 / 3600), abs=1e-12)
    assert dec == pytest.approx(22 + 52 / 3600, abs=1e-12)
    assert isinstance(ra, float)


def test_without_rotation_north_is_up_and_east_is_left() -> None:
    point = pointing(TELPA="0", ROTENC=0.0)
    ra, dec = point.sky(np.array([23.5, 22.5]), np.array([20.5, 19.5]))
    assert (dec[0] - point.dec_deg) * 3600 == pytest.approx(0.05, rel=1e-6)
    east = (ra[1] - point.ra_deg) * np.cos(np.radians(point.dec_deg)) * 3600
    assert east == pytest.approx(0.05, rel=1e-6)


def test_north_turns_anticlockwise_by_the_rotation() -> None:
    point = pointing(TELPA="20", ROTENC="10")
    x, y = point.pixel(point.ra_deg, point.dec_deg + 0.05 / 3600)
    assert x - 23.5 == pytest.approx(-0.5, rel=1e-6)
    assert y - 19.5 == pytest.approx(np.cos(np.radians(30)), rel=1e-6)


def test_binning_widens_the_scale() -> None:
    point = Pointing.from_cards(CARDS, SHAPE, binning=4, plate_scale_arcsec=0.06)
    assert point is not None
    assert point.scale_arcsec == pytest.approx(0.24)


def test_a_place_behind_the_observer_has_no_pixel() -> None:
    point = pointing()
    x, y = point.pixel(point.ra_deg + 180.0, -point.dec_deg)
    assert np.isnan(x)
    assert np.isnan(y)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("-00:30:00", -0.5),
        ("+00:30:00", 0.5),
        ("00:30:00", 0.5),
        ("-29:00:00", -29.0),
        ("-00:00:00.1", -0.1 / 3600),
        (" +22:00:52.0 ", 22 + 52 / 3600),
        ("+22 00 52.0", 22 + 52 / 3600),
    ],
)
def test_the_sign_of_a_declination_comes_from_the_text(text: str, degrees: float) -> None:
    assert parse_dec(text) == pytest.approx(degrees, abs=1e-13)


@pytest.mark.parametrize(
    "text", ["N/A", "", "12", "12:60:00", "12:00:60", "24:00:00", "-1:00:00", None, 3.5, "a:b:c"]
)
def test_a_right_ascension_that_is_none_is_not_guessed(text: object) -> None:
    assert parse_ra(text) is None


@pytest.mark.parametrize("text", ["N/A", "+90:00:01", "-91:00:00", "10:00", None])
def test_a_header_without_a_usable_place_gives_no_pointing(text: object) -> None:
    assert Pointing.from_cards({**CARDS, "TELDEC": text}, SHAPE) is None
    assert Pointing.from_cards({"TELDEC": "+10:00:00"}, SHAPE) is None


@pytest.mark.parametrize("text", ["N/A", None, "nan", True])
def test_an_unknown_rotation_counts_as_none_and_says_so(text: object) -> None:
    point = pointing(TELPA=text)
    assert point.rotation_deg == 3.0
    assert not point.rotation_known
    assert point.zoom is None
    assert point.equinox == 2000.0


@pytest.mark.parametrize(
    ("degrees", "text"),
    [
        (83.6333333333, "05:34:32.00"),
        (359.99999999, "00:00:00.00"),
        (15 * (1 + 59 / 60 + 59.996 / 3600), "02:00:00.00"),
        (-15.0, "23:00:00.00"),
    ],
)
def test_right_ascension_is_written_with_carry(degrees: float, text: str) -> None:
    assert format_ra(degrees) == text


@pytest.mark.parametrize(
    ("degrees", "text"),
    [
        (-0.5, "-00:30:00.0"),
        (22.999999, "+23:00:00.0"),
        (-1e-9, "+00:00:00.0"),
        (90.0, "+90:00:00.0"),
    ],
)
def test_declination_is_written_with_sign_and_carry(degrees: float, text: str) -> None:
    assert format_dec(degrees) == text


def test_whole_seconds_are_written_without_a_point() -> None:
    assert format_dec(-12.5, decimals=0) == "-12:30:00"


@given(st.floats(-90, 90), st.floats(0, 359.999))
def test_written_coordinates_are_read_back(dec: float, ra: float) -> None:
    assert parse_dec(format_dec(dec, 6)) == pytest.approx(dec, abs=2e-10)
    again = parse_ra(format_ra(ra, 6))
    assert again is not None
    assert abs((again - ra + 180) % 360 - 180) < 3e-9
