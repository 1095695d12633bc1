"""The site that the reduction takes, with the methods scripts of the station call."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.site import Site
from nightglass.core.stars.places import Places
from nightglass.core.timing.sidereal import datetime_from

JD = 2459876.516233906


@pytest.mark.parametrize(
    "site",
    [
        Site("LaSilla"),
        Site(name="La Silla"),
        Site(filename="LaSilla"),
        Site(-29.257124, -70.737795, 2369.4, "LaSilla"),
        Site(latitude=-29.257124, longitude=-70.737795, elevation=2369.4, name="LaSilla"),
    ],
)
def test_a_site_is_named_in_many_ways(site: Site) -> None:
    place = (site.name, site.latitude, site.longitude, site.elevation)
    assert place == ("LaSilla", -29.257124, -70.737795, 2369.4)


def test_a_site_is_chosen_from_a_table(tmp_path) -> None:
    path = tmp_path / "siteinfo.dat"
    path.write_text("Here 1 2 3 HE\nThere 4 5 6 TH\n", encoding="utf-8")
    assert Site("There", filename=path).latitude == 4.0
    with pytest.raises(NightglassError, match="has 2 of them"):
        Site(filename=path)
    with pytest.raises(NightglassError, match="no station called 'LaSilla'"):
        Site("LaSilla", filename=path)


def test_a_site_without_a_name_is_called_by_its_position_or_refused() -> None:
    assert Site(1.5, -2.0).name == "1.5,-2"
    assert Site(1.5, -2.0, 30.0).elevation == 30.0
    with pytest.raises(NightglassError, match=r"Site\('LaPalma'\)"):
        Site()


def test_stars_are_seen_as_the_library_sees_them_and_steps_can_be_left_out() -> None:
    site = Site("LaSilla")
    ra, dec = np.array([[10.0, 200.0], [300.0, 50.0]]), np.array([[-30.0, 60.0], [-80.0, -5.0]])
    alt, az, visible = site.apparent_stars(ra, dec, JD)
    expected = Places(ra.ravel(), dec.ravel(), site.station, JD).altaz()
    assert np.array_equal(alt.ravel(), expected[0])
    assert np.array_equal(az.ravel(), expected[1])
    assert visible.tolist() == (alt > 0).tolist()
    bare, _, _ = site.apparent_stars(ra, dec, datetime_from(JD), refraction=False)
    assert np.all(bare < alt)
    single = site.apparent_stars(10.0, -30.0, JD)
    assert single[0] == pytest.approx(alt[0, 0])


@pytest.mark.parametrize(
    ("value", "unit", "hpa"),
    [(0.77, "bar", 770.0), (770.0, "mbar", 770.0), (77000.0, "Pa", 770.0), (1.0, "atm", 1013.25)],
)
def test_pressure_has_units(value: float, unit: str, hpa: float) -> None:
    site = Site("LP")
    site._setPressure(value, unit=unit)
    assert site.pressure_hpa == pytest.approx(hpa)


def test_pressure_and_temperature_change_the_refraction() -> None:
    site = Site("LaSilla")
    usual = site.apparent_stars(0.0, 0.0, JD)[0]
    bare = site.apparent_stars(0.0, 0.0, JD, refraction=False)[0]
    site._setPressure(0.5)
    thin = site.apparent_stars(0.0, 0.0, JD)[0]
    site._setTemperature(-30.0)
    cold = site.apparent_stars(0.0, 0.0, JD)[0]
    assert bare < thin < cold < usual
    site._setTemperature(283.15, unit="kelvin")
    assert site.temperature_c == pytest.approx(10.0)
    site.set_temperature(50.0, unit="fahrenheit")
    assert site.temperature_c == pytest.approx(10.0)


@pytest.mark.parametrize("method", ["_setPressure", "_setTemperature"])
def test_an_unknown_unit_is_refused(method: str) -> None:
    with pytest.raises(NightglassError, match="'furlong' is not one"):
        getattr(Site("LP"), method)(1.0, unit="furlong")


def test_the_sun_and_the_sidereal_time_are_those_of_the_site() -> None:
    site = Site("LaSilla")
    alt, az = site.Sunaltitude(datetime_from(JD))
    assert -19 < alt < -18
    assert 200 < az < 300
    lst, index, sequence = site.local_sidereal_time(JD)
    assert lst == pytest.approx(21.83338055802537, abs=0.05 / 3600)
    assert (index, sequence) == (763, 48506263)
    assert site.local_sidereal_time(JD, lstindex=False, lstsequence=False) == lst
    assert site.local_sidereal_time(JD, lstindex=False) == (lst, sequence)
    assert site.local_sidereal_time(JD, quick=True) == sequence


def test_hour_angles_and_azimuths_are_turned_into_each_other() -> None:
    site = Site("LaPalma")
    alt, az = site.hadec2altaz([0.0, 0.0, 90.0, 270.0], [0.0, 89.999999, 0.0, 0.0])
    assert alt == pytest.approx([90 - 28.76025, 28.76025, 0.0, 0.0], abs=1e-5)
    assert az == pytest.approx([180.0, 0.0, 270.0, 90.0], abs=1e-4)
    rng = np.random.default_rng(4)
    ha, dec = rng.uniform(0, 360, 50), rng.uniform(-89, 89, 50)
    back = site.altaz2hadec(*site.hadec2altaz(ha, dec))
    assert back[0] == pytest.approx(ha)
    assert back[1] == pytest.approx(dec)
    radians = site.hadec2altaz(np.radians(ha), np.radians(dec), degree=False)
    assert np.degrees(radians[0]) == pytest.approx(site.hadec2altaz(ha, dec)[0])


def test_horizontal_to_equatorial_leads_back_to_the_star() -> None:
    site = Site("LaSilla")
    alt, az, _ = site.apparent_stars([330.0, 10.0], [-30.0, -20.0], JD)
    ra, dec = site.Horizontal2Equatorial(alt, az, JD)
    assert ra == pytest.approx([330.0, 10.0], abs=1e-6)
    assert dec == pytest.approx([-30.0, -20.0], abs=1e-6)


def test_site_tables_are_written_extended_and_read_again(tmp_path) -> None:
    path = tmp_path / "siteinfo.dat"
    Site("LaPalma")._writeSiteInfo(path, "LP")
    home = Site(50.0, 8.0, 100.0, "Home")
    home._appendSiteInfo(path)
    home._appendSiteInfo(path)
    assert path.read_text(encoding="utf-8").count("Home") == 1
    again = Site("Home", filename=path)
    assert (again.latitude, again.station.code) == (50.0, "HO")
    text = path.read_text(encoding="utf-8").replace("50.0", "51.0")
    path.write_text(text, encoding="utf-8")
    again._updateSiteInfo()
    assert again.latitude == 51.0
    assert Site("LP", filename=path).name == "LaPalma"


def test_a_table_that_cannot_be_written_is_told(tmp_path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        Site("LaPalma").write_site_info(tmp_path / "gone" / "siteinfo.dat", "LP")
    (tmp_path / "odd").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(NightglassError):
        Site("LaPalma").append_site_info(tmp_path / "odd")
