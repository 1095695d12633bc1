"""Stations, their Sun and Moon, and their nights."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.timing import stations
from nightglass.core.timing.sidereal import datetime_from, jd_from, local_h

LA_SILLA = stations.find_station("LaSilla")
LA_PALMA = stations.find_station("LaPalma")


@pytest.mark.parametrize("name", ["LaSilla", "la silla", "LA_SILLA", "LS", "ls", "LSC", "lse"])
def test_a_station_answers_to_its_name_its_code_and_its_cameras(name: str) -> None:
    assert stations.find_station(name) == LA_SILLA


def test_an_unknown_station_is_refused_with_close_names_or_all_of_them() -> None:
    with pytest.raises(NightglassError, match="Did you mean LaPalma"):
        stations.find_station("LaPallma")
    with pytest.raises(NightglassError, match=r"Sutherland \(SA\)"):
        stations.find_station("XXC")


def test_the_stations_table_is_read_with_its_comments(shared) -> None:
    read = stations.read_stations(shared / "data" / "mascara" / "siteinfo.dat")
    assert [station.name for station in read] == list(stations.station_names())
    for station in read:
        assert station == stations.find_station(station.name)


def test_a_line_of_a_station_is_read_back_exactly(tmp_path) -> None:
    place = stations.Station("Here", "HE", 12.345678901234567, -0.1, 3.3)
    (tmp_path / "t").write_text("# x\n\n" + stations.station_line(place), encoding="utf-8")
    assert stations.read_stations(tmp_path / "t") == (place,)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Here 1 2 3", "it has 4 words"),
        ("Here 95 2 3 HE", "95 is no latitude"),
        ("Here nan 2 3 HE", "nan is no latitude"),
        ("Here 5 720 3 HE", "720 is no longitude"),
        ("Here north 2 3 HE", "north"),
    ],
)
def test_a_broken_line_is_told_by_its_number(tmp_path, line: str, fault: str) -> None:
    path = tmp_path / "siteinfo.dat"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(NightglassError, match="Line 2") as caught:
        stations.read_stations(path)
    assert fault in str(caught.value)


def test_a_table_that_is_not_there_is_told(tmp_path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        stations.read_stations(tmp_path / "gone")


@pytest.mark.parametrize("station", [LA_SILLA, LA_PALMA])
def test_sun_and_moon_stand_where_astropy_has_them(station) -> None:
    from astropy import units
    from astropy.coordinates import AltAz, EarthLocation, get_body
    from astropy.time import Time
    from nightglass.core.timing.offline import prepare

    prepare()
    jd = 2457000.0 + np.arange(0.0, 400.0, 13.37)
    times = Time(jd, format="jd", scale="utc")
    times.delta_ut1_utc = 0.0
    place = EarthLocation(
        lon=station.longitude_deg * units.deg, lat=station.latitude_deg * units.deg,
        height=station.elevation_m * units.m,
    )  # fmt: skip
    for name, ours, within_deg in (
        ("sun", stations.sun_altaz(jd, station), 10 / 3600),
        ("moon", stations.moon_altaz(jd, station), 25 / 3600),
    ):
        body = get_body(name, times, location=place).transform_to(
            AltAz(obstime=times, location=place)
        )
        apart = np.hypot(
            body.alt.deg - ours.alt_deg,
            ((body.az.deg - ours.az_deg + 180) % 360 - 180) * np.cos(body.alt.rad),
        )
        assert apart.max() < within_deg


def test_places_on_the_sky_and_in_the_local_sky_agree() -> None:
    jd = 2459876.6
    ra_deg, dec_deg = stations.moon_radec_deg(jd, LA_SILLA)
    hour = np.radians(local_h(jd, LA_SILLA.longitude_deg) * 15.0 - ra_deg)
    dec, latitude = np.radians(dec_deg), np.radians(LA_SILLA.latitude_deg)
    up = np.cos(hour) * np.cos(dec) * np.cos(latitude) + np.sin(dec) * np.sin(latitude)
    assert np.degrees(np.arcsin(up)) == pytest.approx(stations.moon_altaz(jd, LA_SILLA).alt_deg)
    assert stations.moon_vectors(jd, LA_SILLA)[2] == pytest.approx(up)
    equinox = float(jd_from(np.datetime64("2024-03-20T03:06")))
    assert np.sin(np.radians(stations.sun_radec_deg(equinox))) == pytest.approx(0.0, abs=1e-5)


def test_the_moon_waxes_and_wanes() -> None:
    new, full = jd_from(np.array(["2022-10-25T10:49", "2022-11-08T11:02"], "datetime64[s]"))
    assert stations.moon_phase(new) < 0.003
    assert stations.moon_phase(full) > 0.998
    assert stations.moon_magnitude(full) < -12.6
    assert stations.moon_magnitude(new) > -6


@pytest.mark.parametrize(
    ("utc", "name"),
    [
        ("2022-10-23T22:20", "20221023"),
        ("2022-10-23T20:00", "20221022"),
        ("2022-10-24T00:23", "20221023"),
        ("2022-10-24T10:00", "20221023"),
        ("2022-10-24T18:00", "20221023"),
        ("2022-10-24T23:30", "20221024"),
    ],
)
def test_a_night_has_the_date_of_its_evening(utc: str, name: str) -> None:
    assert stations.night_of(float(jd_from(np.datetime64(utc))), LA_SILLA) == name


def test_a_night_begins_fifteen_minutes_ahead_of_the_sun() -> None:
    dusk, _ = stations.twilight_times("20160130", LA_PALMA, 5.0)
    minute = 1.0 / 1440.0
    assert stations.night_of(dusk - 14.9 * minute, LA_PALMA) == "20160130"
    assert stations.night_of(dusk - 15.1 * minute, LA_PALMA) == "20160129"


@pytest.mark.parametrize("code", ["LP", "LS", "AU", "SA", "LE"])
def test_dusk_and_dawn_are_crossings_of_the_same_night_everywhere(code: str) -> None:
    station = stations.find_station(code)
    for night in ("20160130", "20160701", "20171116"):
        dusk, dawn = stations.twilight_times(night, station, -10.0)
        altitudes = stations.sun_altaz([dusk, (dusk + dawn) / 2, dawn], station).alt_deg
        assert altitudes[[0, 2]] == pytest.approx([-10.0, -10.0], abs=1e-3)
        assert altitudes[1] < -10.0
        assert stations.night_of((dusk + dawn) / 2, station) == night
        begin, end = stations.twilight_times(night, station, 5.0)
        assert begin < dusk < dawn < end
        assert datetime_from(begin).strftime("%Y%m%d") == night


def test_a_polar_night_is_called_by_its_noon_and_has_no_twilight() -> None:
    pole = stations.Station("Dome", "DC", -75.1, 123.3, 3233.0)
    assert stations.night_of(2459933.9, pole) == "20221220"  # a day and a half after noon began
    dusk, dawn = stations.twilight_times("20221220", pole, -10.0)
    assert np.isnan([dusk, dawn]).all()


def test_a_night_that_is_no_date_is_refused() -> None:
    with pytest.raises(NightglassError, match="'2016-1-30' is not a date"):
        stations.twilight_times("2016-1-30", LA_PALMA, -10.0)
