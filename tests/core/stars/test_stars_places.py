"""Apparent places against two oracles: ERFA's own chain and astropy's."""

from __future__ import annotations

from dataclasses import replace

import erfa
import numpy as np
import pytest
from nightglass.core.stars.places import (
    Atmosphere,
    Places,
    altaz_of,
    standard_pressure_hpa,
    vectors_of,
)
from nightglass.core.stars.table import StarTable
from nightglass.core.timing.stations import find_station

LA_SILLA = find_station("LS")
LA_PALMA = find_station("LP")
JD = 2459876.516233906


def random_sky(n: int = 1000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return rng.uniform(0, 360, n), np.degrees(np.arcsin(rng.uniform(-1, 1, n)))


def arcsec(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.degrees(np.linalg.norm(one - other, axis=1)) * 3600.0


def by_erfa(ra: np.ndarray, dec: np.ndarray, station, jd: float, pressure_hpa: float) -> np.ndarray:
    az, zenith, *_ = erfa.atco13(
        np.radians(ra), np.radians(dec), 0, 0, 0, 0, jd, 0, 0,
        np.radians(station.longitude_deg), np.radians(station.latitude_deg), station.elevation_m,
        0, 0, pressure_hpa, 10.0, 0.3, 0.55,
    )  # fmt: skip
    return vectors_of(90 - np.degrees(zenith), np.degrees(az))


@pytest.mark.parametrize("station", [LA_SILLA, LA_PALMA])
@pytest.mark.parametrize("jd", [2457053.6, JD])
def test_places_are_those_of_erfa_within_the_bending_of_light(station, jd: float) -> None:
    ra, dec = random_sky()
    pressure = standard_pressure_hpa(station.elevation_m)
    expected = by_erfa(ra, dec, station, jd, pressure)
    off = arcsec(Places(ra, dec, station, jd).vectors(), expected)
    up = expected[:, 2]
    assert off[up > 0.05].max() < 0.05
    assert off.max() < 0.6  # straight down, where no star is seen, the bend is large


def test_places_are_those_of_astropy(monkeypatch) -> None:
    from astropy import units
    from astropy.coordinates import AltAz, EarthLocation, SkyCoord, erfa_astrom
    from astropy.time import Time
    from nightglass.core.timing.offline import prepare

    prepare()
    # The station knows neither UT1 nor the motion of the poles.
    monkeypatch.setattr(erfa_astrom, "get_polar_motion", lambda time: (0.0, 0.0))
    time = Time(JD, format="jd", scale="utc")
    time.delta_ut1_utc = 0.0
    place = EarthLocation(
        lon=LA_SILLA.longitude_deg * units.deg, lat=LA_SILLA.latitude_deg * units.deg,
        height=LA_SILLA.elevation_m * units.m,
    )  # fmt: skip
    frame = AltAz(
        obstime=time, location=place, pressure=770.0 * units.hPa, temperature=10.0 * units.deg_C,
        relative_humidity=0.3, obswl=0.55 * units.micron,
    )  # fmt: skip
    ra, dec = random_sky(300)
    seen = SkyCoord(ra, dec, unit="deg").transform_to(frame)
    ours = Places(ra, dec, LA_SILLA, JD, pressure_hpa=770.0).vectors()
    high = seen.alt.deg > 10
    assert arcsec(ours, vectors_of(seen.alt.deg, seen.az.deg))[high].max() < 0.1


def test_a_moment_later_costs_no_accuracy_and_depends_on_that_moment_alone() -> None:
    ra, dec = random_sky(100)
    places = Places(ra, dec, LA_SILLA, JD)
    later = places.vectors(JD + 0.3)
    assert np.array_equal(later, Places(ra, dec, LA_SILLA, JD + 0.3).vectors())
    assert np.array_equal(places.vectors(), places.vectors(JD))
    assert np.linalg.norm(later, axis=1) == pytest.approx(np.ones(100))


def test_refraction_lifts_by_what_tables_say_and_never_above_the_horizon_what_is_below() -> None:
    air = Atmosphere.of(replace(LA_SILLA, elevation_m=0.0), 1010.0, 10.0)
    for alt_deg, minutes in ((45.0, 0.97), (20.0, 2.63), (10.0, 5.3)):
        true = vectors_of([alt_deg], [123.0])
        alt, az = altaz_of(air.lifted(true))
        assert (alt[0] - alt_deg) * 60 == pytest.approx(minutes, rel=0.04)
        assert az[0] == pytest.approx(123.0)
    below, _ = altaz_of(air.lifted(vectors_of(np.linspace(-90, -1, 90), np.full(90, 10.0))))
    assert below.max() < 0.0
    assert np.all(np.diff(below) > 0)


def test_each_step_can_be_left_out() -> None:
    ra, dec = random_sky(200)
    whole = Places(ra, dec, LA_SILLA, JD).vectors()
    high = whole[:, 2] > 0.3
    for step, low, top in (
        ("nutation", 1.0, 20.0),
        ("precession", 400.0, 1300.0),
        ("refraction", 30.0, 150.0),
    ):
        off = arcsec(whole, Places(ra, dec, LA_SILLA, JD, **{step: False}).vectors())[high]
        assert low < off.max() < top


def test_without_precession_places_are_those_of_the_equator_of_date() -> None:
    ra, dec = random_sky(50)
    mean = erfa.pmat06(JD, 69.184 / 86400)
    moved = vectors_of(dec, ra) @ mean.T
    dec_of_date, ra_of_date = np.degrees(np.arcsin(moved[:, 2])), np.degrees(
        np.arctan2(moved[:, 1], moved[:, 0])
    )  # fmt: skip
    of_date = Places(ra_of_date, dec_of_date, LA_SILLA, JD, precession=False).vectors()
    assert arcsec(of_date, Places(ra, dec, LA_SILLA, JD).vectors()).max() < 1e-3


def test_directions_lead_back_to_the_catalogue() -> None:
    ra, dec = random_sky(300)
    places = Places(ra, dec, LA_SILLA, JD)
    vectors = places.vectors()
    back = vectors_of(*places.catalogue_radec(vectors)[::-1])
    assert arcsec(back, vectors_of(dec, ra))[vectors[:, 2] > 0.06].max() < 1e-3


def test_proper_motion_moves_stars_of_a_table() -> None:
    # 61 Cygni: 4164 and 3250 mas a year (Hipparcos).
    star = StarTable.of(
        ascc=[1], ra_deg=[316.7247482895], dec_deg=[38.749417], vmag=[5.2],
        pmra_masyr=[4164.17], pmdec_masyr=[3249.99],
    )  # fmt: skip
    moved = Places.of(star, LA_PALMA, JD).vectors()
    fixed = Places(star.ra_deg, star.dec_deg, LA_PALMA, JD, refraction=True).vectors()
    years = (JD - 2451545.0) / 365.25
    assert arcsec(moved, fixed)[0] == pytest.approx(np.hypot(4.16417, 3.24999) * years, rel=1e-2)


def test_the_air_at_the_height_of_the_stations_is_that_of_the_standard_atmosphere() -> None:
    assert standard_pressure_hpa(0.0) == pytest.approx(1013.25)
    assert standard_pressure_hpa(2000.0) == pytest.approx(794.95, abs=0.1)
