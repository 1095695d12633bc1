"""Coordinate systems there and back, against astropy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.lightspeed.pointing import Pointing
from nightglass.core.regions.systems import Surroundings
from nightglass.core.regions.text.globe import GLOBE
from nightglass.core.regions.text.sky_frames import turned
from nightglass.core.regions.text.words import BadWord

from .region_skies import frame, sky_header

SKY = ("fk5", "icrs", "galactic")
ALL = ("image", "physical", "detector", *SKY)
LTM = {"LTM1_1": 0.0, "LTM1_2": -0.5, "LTM2_1": 0.5, "LTM2_2": 0.0, "LTV1": 7.0, "LTV2": -3.0}


@pytest.mark.parametrize("start", SKY)
@pytest.mark.parametrize("end", SKY)
def test_frames_of_the_sky_are_those_of_astropy(start: str, end: str) -> None:
    generator = np.random.default_rng(3)
    for _ in range(30):
        longitude = generator.uniform(0, 360)
        latitude = np.degrees(np.arcsin(generator.uniform(-1, 1)))
        found = SkyCoord(*turned(longitude, latitude, start, end), unit="deg", frame=end)
        place = SkyCoord(longitude, latitude, unit="deg", frame=start)
        assert getattr(place, end).separation(found).deg < 1e-9


@pytest.mark.parametrize("around", [frame(), frame(200, mirrored=True), Surroundings(
    Pointing(83.63, -22.01, 33.0, 0.05, (63.5, 49.5)), LTM, (100, 300), 2)])  # fmt: skip
@pytest.mark.parametrize("system", ALL)
def test_every_system_goes_there_and_back(around: Surroundings, system: str) -> None:
    plane = around.plane(system)
    for x, y, angle in ((1.0, 1.0, 0.0), (120.3, 90.8, 130.0), (-300.0, 900.0, 271.0)):
        assert plane.place(*plane.place_of(x, y)) == pytest.approx((x, y), abs=1e-6)
        turn = plane.angle(plane.angle_of(angle, (x, y)), (x, y)) - angle
        assert (turn + 180) % 360 - 180 == pytest.approx(0, abs=1e-9)
        assert plane.length_px(plane.length_of(12.5)) == pytest.approx(12.5, rel=1e-12)


def test_places_on_the_sky_are_those_of_astropy() -> None:
    wcs, around = WCS(sky_header()), frame()
    for x, y in ((1.0, 1.0), (128.5, 100.5), (256.0, 17.25)):
        place = SkyCoord(*wcs.all_pix2world(x, y, 1), unit="deg", frame="fk5")
        for system in SKY:
            expected = getattr(place, system).spherical
            found = around.plane(system).place_of(x, y)
            assert found == pytest.approx((expected.lon.deg, expected.lat.deg), abs=1e-9)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("system", SKY)
def test_angles_run_from_west_over_north(system: str, mirrored: bool) -> None:
    around = frame(50.0, mirrored=mirrored)
    plane = around.plane(system)
    # The place where DS9 looks for north.
    x, y = 128.0, 100.0
    longitude, latitude = plane.place_of(x, y)
    step = 1e-5
    north = plane.place(longitude, latitude + step)
    west = plane.place(longitude - step / np.cos(np.radians(latitude)), latitude)
    for angle, (px, py) in ((0.0, west), (90.0, north)):
        turn = plane.angle(angle, (x, y)) - np.degrees(np.arctan2(py - y, px - x))
        assert (turn + 180) % 360 - 180 == pytest.approx(0, abs=1e-3)


@given(st.floats(0, 360), st.floats(-89, 89), st.floats(0, 360))
def test_the_sky_without_a_frame_goes_there_and_back(ra: float, dec: float, angle: float) -> None:
    for system in SKY:
        plane = GLOBE.plane(system)
        place = plane.place(*plane.place_of(ra, dec))
        assert place[1] == pytest.approx(dec, abs=1e-9)
        assert (place[0] - ra + 180) % 360 - 180 == pytest.approx(0, abs=1e-7)
        assert plane.angle(plane.angle_of(angle, (ra, dec)), (ra, dec)) == pytest.approx(angle)


@pytest.mark.parametrize(
    ("around", "system", "why"),
    [
        (Surroundings(), "fk5", "on the sky"),
        (frame(), "fk4", "cannot be read"),
        (Surroundings(cards={"LTM1_1": 0.0}), "physical", "no inverse"),
        (GLOBE, "image", "no frame is known"),
    ],
)
def test_what_is_not_known_is_refused(around: Any, system: str, why: str) -> None:
    with pytest.raises(BadWord) as caught:
        around.plane(system, "12")
    assert why in caught.value.why


@pytest.mark.parametrize("flip_y", [False, True])
def test_one_place_is_found_as_many_are(flip_y: bool) -> None:
    pointing = Pointing(83.63, -22.01, 33.0, 0.05, (63.5, 49.5), flip_y=flip_y)
    generator = np.random.default_rng(8)
    x, y = generator.uniform(-3000, 3000, (2, 40))
    ra_deg, dec_deg = pointing.sky(x, y)
    places = np.transpose([pointing.sky(float(a), float(b)) for a, b in zip(x, y, strict=True)])
    np.testing.assert_allclose(places, (ra_deg, dec_deg), rtol=0, atol=1e-12)
    pixels = pointing.pixel(ra_deg, dec_deg)
    alone = [pointing.pixel(float(a), float(b)) for a, b in zip(ra_deg, dec_deg, strict=True)]  # type: ignore[arg-type]
    np.testing.assert_allclose(np.transpose(alone), pixels, rtol=0, atol=1e-8)
    assert np.isnan(pointing.pixel(263.63, 22.01)).all()
