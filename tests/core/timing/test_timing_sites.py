from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.timing.sites import DEFAULT_SITE, find_site, site_names


@dataclass
class Entry:
    itrf_x_m: float = 1.0
    itrf_y_m: float = 2.0
    itrf_z_m: float = 3.0


@pytest.mark.parametrize(
    ("name", "latitude_deg", "longitude_deg", "height_m", "within_m"),
    [
        # Published positions, independent of the table but for La Silla's.
        ("Magellan Clay", -29.01423, -70.69197, 2390.0, 15.0),
        ("LCO", -29.0033333, -70.7016667, 2282.0, 1.0),
        ("La Silla", -29.257124, -70.737795, 2369.4, 1.0),
        ("Cerro Tololo", -30.1696611, -70.8065250, 2241.4, 1.0),
        ("Paranal", -24.62743941, -70.40498688, 2669.0, 1.0),
    ],
)
def test_built_in_sites_stand_where_they_should(
    name: str, latitude_deg: float, longitude_deg: float, height_m: float, within_m: float
) -> None:
    from astropy.coordinates import EarthLocation

    place = EarthLocation.from_geodetic(longitude_deg, latitude_deg, height_m)
    expected = [part.to_value("m") for part in place.geocentric]
    apart_m = np.linalg.norm(np.subtract(find_site(name).itrf_m, expected))
    assert apart_m < within_m


@pytest.mark.parametrize("name", ["Magellan Clay", "magellan_clay", "CLAY", " magellan-clay "])
def test_spelling_hardly_matters(name: str) -> None:
    assert find_site(name).name == "Magellan Clay"


def test_the_default_is_magellan_clay_and_every_site_tells_its_source() -> None:
    assert DEFAULT_SITE in site_names()
    assert find_site() == find_site("Magellan Clay")
    assert all(find_site(name).source for name in site_names())
    assert len(site_names()) == len(set(site_names()))


def test_sites_of_the_user_come_first_and_replace_built_in_ones() -> None:
    extra = {"Back garden": Entry(), "LCO": Entry(4.0, 5.0, 6.0)}
    assert find_site("back garden", extra).itrf_m == (1.0, 2.0, 3.0)
    assert find_site("lco", extra).itrf_m == (4.0, 5.0, 6.0)
    assert find_site("Las Campanas", extra).itrf_m == find_site("LCO").itrf_m
    assert site_names(extra)[:2] == ("Back garden", "LCO")


def test_a_near_miss_is_answered_with_suggestions() -> None:
    with pytest.raises(NightglassError, match=r"no site called 'Magelan Clay'.*Magellan Clay"):
        find_site("Magelan Clay")


def test_a_far_miss_is_answered_with_the_list() -> None:
    with pytest.raises(NightglassError, match=r"Known sites are Back garden, Magellan Clay"):
        find_site("zzzz", {"Back garden": Entry()})


def test_the_settings_carry_sites_in_the_form_that_is_needed() -> None:
    from nightglass.core.settings import SiteEntry

    entry = SiteEntry(itrf_x_m=6378137.0, itrf_y_m=0.0, itrf_z_m=0.0)
    assert find_site("Equator", {"Equator": entry}).itrf_m == (6378137.0, 0.0, 0.0)
