"""Where simulated stars are, and what air and time do to their light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.mascara.camera.model import nominal as nominal_model
from nightglass.core.simulate.mascara import mounts
from nightglass.core.simulate.mascara.defects import Faults
from nightglass.core.simulate.mascara.optics import Optics
from nightglass.core.simulate.mascara.places import StarPlaces, drift
from nightglass.core.simulate.mascara.plan import NightPlan
from nightglass.core.simulate.mascara.satellites import Satellites
from nightglass.core.simulate.mascara.settings import NightSettings
from nightglass.core.simulate.mascara.sky import night_stars
from nightglass.core.simulate.mascara.variables import variations
from nightglass.core.simulate.mascara.weather import Moment, Weather, airmass
from nightglass.core.stars.places import Places
from nightglass.core.stars.table import astrometry_stars, fast_stars
from nightglass.core.timing.stations import find_station

from .nights import settings as quick_settings

if TYPE_CHECKING:
    from pathlib import Path

JD = 2457072.52
FULL = (2672, 4008)


def directions(count: int, seed: int = 0) -> Any:
    vectors = np.random.default_rng(seed).normal(size=(count, 3))
    return vectors / np.linalg.norm(vectors, axis=1)[:, None]


def around(axis: Any, spread: float = 0.3) -> Any:
    vectors = axis + np.random.default_rng(1).uniform(-spread, spread, (2000, 3))
    return vectors / np.linalg.norm(vectors, axis=1)[:, None]


@pytest.mark.parametrize("site", ["LaPalma", "LaSilla"])
def test_observed_places_agree_with_those_of_the_reduction(site: str):
    station, sky = find_station(site), directions(2000)
    ra, dec = np.degrees(np.arctan2(sky[:, 1], sky[:, 0])), np.degrees(np.arcsin(sky[:, 2]))
    own, other = (
        StarPlaces(ra, dec, station, JD).vectors(JD),
        Places(ra, dec, station, JD).vectors(),
    )
    up = other[:, 2] > np.sin(np.radians(5.0))
    apart_arcsec = np.degrees(np.linalg.norm(own - other, axis=1)[up]) * 3600
    assert apart_arcsec.max() < 0.03


def test_places_of_the_middle_of_a_night_do_for_the_night():
    station = find_station("LaPalma")
    ra, dec = np.array([100.0, 200.0]), np.array([20.0, 60.0])
    early = StarPlaces(ra, dec, station, JD - 0.2).vectors(JD)
    late = StarPlaces(ra, dec, station, JD).vectors(JD)
    assert np.degrees(np.abs(early - late).max()) * 3600 < 0.6


def test_stars_move_as_their_drift_says():
    station = find_station("LaSilla")
    places = StarPlaces(np.linspace(0, 359, 200), np.linspace(-80, 40, 200), station, JD)
    now, later = places.vectors(JD), places.vectors(JD + 20.0 / 86400)
    up = now[:, 2] > 0.5
    moved = drift(now, station.latitude_deg, 20.0)
    assert np.degrees(np.abs(moved - later)[up].max()) * 3600 < 1.0


def test_stars_on_the_equator_trail_by_a_pixel_and_a_quarter():
    optics = Optics(2004.0, 1336.0, 24 / 0.009, 0.0)
    equator = np.array([[-np.sin(np.radians(28.76)), 0.0, np.cos(np.radians(28.76))]])
    toward = mounts.nominal("LaPalma", "C", 28.76)
    toward = np.array([toward[0], [equator[0, 2], 0.0, -equator[0, 0]], equator[0]])
    x, y = optics.project(toward, drift(equator, 28.76, 6.3825))
    assert np.hypot(x[0] - 2004, y[0] - 1336) == pytest.approx(1.24, abs=0.01)


@pytest.mark.parametrize("camera", ["LPC", "LPN", "LPE", "LPS", "LPW",
                                    "LSC", "LSN", "LSE", "LSS", "LSW"])  # fmt: skip
def test_cameras_are_mounted_as_the_reduction_expects(camera: str):
    station = find_station(camera)
    turned = mounts.nominal(station.name, camera[2], station.latitude_deg)
    sky = around(turned[2])
    seen = sky @ turned.T
    model = nominal_model(camera).pointing
    x, y, _ = model.project(sky)
    scale = model.scale_px
    np.testing.assert_allclose(model.x0 + scale * seen[:, 0] / seen[:, 2], x, atol=1e-6)
    np.testing.assert_allclose(model.y0 + scale * seen[:, 1] / seen[:, 2], y, atol=1e-6)
    alt, az, turn = mounts.alt_az_turn(turned)
    assert (alt, turn) == pytest.approx((model.alt_deg, model.rotation_deg), abs=1e-6)
    assert np.cos(np.radians(az - model.az_deg)) == pytest.approx(1.0)


def test_true_mounts_are_a_little_off_and_nod_slowly():
    turned = mounts.nominal("LaPalma", "E", 28.76)
    mount = mounts.Mount(turned, 1, "LPE", 1.0)
    now, hour, bumped = (
        mount.orientation(JD), mount.orientation(JD + 1 / 24), mount.orientation(JD, bumped=True)
    )  # fmt: skip
    assert np.allclose(now @ now.T, np.eye(3))
    assert 0.02 < np.degrees(np.arccos(now[2] @ turned[2])) < 0.7
    assert 0.0 < np.degrees(np.arccos(now[2] @ hour[2])) * 60 < 2.9
    assert np.degrees(np.arccos(now[2] @ bumped[2])) == pytest.approx(0.2, rel=1e-3)
    assert not np.allclose(now, mounts.Mount(turned, 2, "LPE", 1.0).orientation(JD))


def test_distortion_has_the_size_of_real_lenses():
    optics = Optics(2004.0, 1336.0, 24 / 0.009, 1.0)
    y, x = np.mgrid[-1336:1337:50.0, -2004:2005:50.0]
    size = np.hypot(*optics.distortion(x, y))
    assert 5.5 < np.sqrt((size**2).mean()) < 6.5
    assert 14.0 < size.max() < 17.5
    assert size[(np.abs(x) < 1002) & (np.abs(y) < 668)].max() < 4.5


def test_pixels_lead_back_to_their_directions():
    optics = Optics.of(FULL, 1, "LSC")
    turned = mounts.nominal("LaSilla", "C", -29.26)
    y, x = np.mgrid[0:2672:100.0, 0:4008:100.0]
    back = optics.project(turned, optics.directions(turned, x, y).reshape(-1, 3))
    np.testing.assert_allclose(back[0].reshape(x.shape), x, atol=1e-4)
    np.testing.assert_allclose(back[1].reshape(x.shape), y, atol=1e-4)


def test_stars_are_wider_in_the_corners():
    optics = Optics(2004.0, 1336.0, 24 / 0.009, 1.0)
    spread = optics.spread(np.array([2004.0, 0.0]), np.array([1336.0, 0.0]))
    assert spread.sigma * 2.3548 == pytest.approx([2.8, 5.0], abs=0.01)
    assert spread.coma[0] == 0.0
    assert spread.coma_x[1] < 0.0


def test_variations_belong_to_the_star():
    numbers = np.arange(1, 5001)
    every = variations(numbers, 1, 0.1, JD)
    some = variations(numbers[100:200], 1, 0.1, JD)
    np.testing.assert_array_equal(every.factor(JD)[100:200], some.factor(JD))
    assert every.vary.mean() == pytest.approx(0.1, abs=0.02)
    assert (every.factor(JD)[~every.vary] == 1.0).all()


def test_a_transit_takes_its_depth_in_its_middle_and_nothing_outside():
    every = variations(np.arange(1, 2001), 1, 0.1, JD)
    which = int(np.flatnonzero(every.depth)[0])
    middle = every.epoch_jd[which]
    assert every.factor(middle)[which] == pytest.approx(1.0 - every.depth[which])
    assert every.factor(middle + 0.6 * every.duration_d[which])[which] == 1.0
    assert every.factor(middle + every.period_d[which])[which] < 1.0


def weather(*defects: str, frames: int = 200) -> Weather:
    return Weather(
        NightSettings(frames=frames), find_station("LaPalma"), Faults(defects, frames),
        np.array([0.0, 0.0, 1.0]),
    )  # fmt: skip


ZENITH = np.array([[0.0, 0.0, 1.0]])


def test_air_takes_its_extinction():
    clear = weather().transparency(ZENITH, Moment(JD, 1, 50))
    assert clear == pytest.approx(10 ** (-0.4 * 0.15), rel=1e-3)
    assert airmass(np.array([np.sin(np.radians(30.0))]) * [[0, 0, 1.0]]) == pytest.approx(
        2.0, abs=0.01
    )


def test_a_bank_of_clouds_comes_and_goes():
    lost = [
        float(weather("cloud:5").clouds_mag(ZENITH, Moment(JD, f, 50))[0]) for f in range(1, 90)
    ]
    assert lost[:4] == [0.0] * 4
    assert 1.0 < max(lost) < 2.1
    assert lost[-1] < 0.01


def test_overcast_ends_with_its_batch():
    sky = weather("overcast:3")
    lost = [float(sky.clouds_mag(ZENITH, Moment(JD, f, 140 + f))[0]) for f in range(1, 15)]
    assert [value > 5 for value in lost] == [False] * 2 + [True] * 7 + [False] * 5


def test_the_sky_is_dark_at_midnight_and_bright_in_twilight_and_moonlight():
    moment = Moment(JD, 1, 50)
    assert weather().sky_adu(ZENITH, moment)[0] == pytest.approx(150.0, rel=0.01)
    assert weather("twilight").sky_adu(ZENITH, moment)[0] > 20000.0
    assert weather("moon").sky_adu(ZENITH, moment)[0] > 500.0


def test_a_satellite_goes_on_where_it_was():
    made = Satellites(NightSettings(frames=9), "LPC", Faults(["satellite:5"], 9))
    before, now = made.tracks(4), made.tracks(5)
    bright = next(track for track in now if track.vmag == 2.5)
    assert (bright.x + bright.end_x) / 2 == pytest.approx(2004.0)
    assert any((t.end_x, t.end_y) == pytest.approx((bright.x, bright.y)) for t in before)


def test_more_satellites_come_in_more_time():
    few, many = (
        Satellites(NightSettings(frames=5, satellites_per_hour=n), "LPC", Faults((), 5))
        for n in (0.0, 20000.0)
    )
    assert not few.tracks(3)
    assert len(many.tracks(3)) > 20


@pytest.mark.slow
@pytest.mark.parametrize(("scale", "site"), [(0.1, "LaPalma"), (0.25, "LaSilla")])
def test_every_camera_has_enough_stars(scale: float, site: str):
    plan = NightPlan(NightSettings(site=site, cameras=tuple("CNESW"), scale=scale, frames=200))
    station = find_station(site)
    stars = night_stars(plan, station)
    places = StarPlaces(stars.ra_deg, stars.dec_deg, station, JD)
    rows, columns = plan.settings.shape
    for camera in plan.cameras:
        turned = mounts.nominal(site, camera[2], station.latitude_deg)
        mount = mounts.Mount(turned, plan.settings.seed, camera, 1.0)
        optics = Optics.of(plan.settings.shape, plan.settings.seed, camera)
        for exposure in plan.of(camera)[-200::60]:
            vectors = places.vectors(exposure.jd)
            x, y = optics.project(mount.orientation(exposure.jd), vectors)
            on = (x > 50) & (x < columns - 50) & (y > 50) & (y < rows - 50)
            assert (on & fast_stars(stars)).sum() >= 300
            assert (on & astrometry_stars(stars)).sum() >= 100


def test_given_stars_are_those_that_come_onto_the_chip(catalogue: Path):
    plan = NightPlan(quick_settings(catalogue))
    stars = night_stars(plan, find_station("LaPalma"))
    assert 200 < len(stars) < 400
