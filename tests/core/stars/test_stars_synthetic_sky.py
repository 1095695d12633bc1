"""The made-up sky has the star counts of the real one."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.stars.synthetic import synthetic_sky
from nightglass.core.stars.table import astrometry_stars, read_catalogue, write_catalogue

CAMERA_SKY = 0.0867


def test_as_many_stars_of_each_magnitude_as_the_real_sky_has() -> None:
    sky = synthetic_sky(1, 8.4)
    for vmag, stars in (
        (4, 45),
        (5, 140),
        (6, 420),
        (7, 1250),
        (7.5, 2200),
        (8, 3700),
        (8.4, 6000),
    ):
        found = np.sum(sky.vmag < vmag) * CAMERA_SKY
        assert found == pytest.approx(stars, rel=0.02 + 3 / np.sqrt(stars / CAMERA_SKY))
    assert 1000 < np.sum(astrometry_stars(sky)) * CAMERA_SKY < 1900
    assert np.std(sky.bmag - sky.vmag) == pytest.approx(0.5, abs=0.15)


def test_numbers_are_unique_and_lie_where_the_real_ones_do() -> None:
    sky = synthetic_sky(2, 8.0)
    assert np.all(np.diff(sky.ascc) > 0)
    assert sky.ascc[0] >= 1
    for dec_deg, number in ((22.7, 807144), (-51.0, 2110269)):  # HD 189733, beta Pictoris group
        nearest = sky.ascc[np.argmin(np.abs(sky.dec_deg - dec_deg))]
        assert nearest == pytest.approx(number, rel=0.08)


def test_stars_crowd_along_the_milky_way() -> None:
    plane = synthetic_sky(3, centre_deg=(280.0, -4.0), radius_deg=8.0)
    pole = synthetic_sky(3, centre_deg=(192.9, 27.1), radius_deg=8.0)
    assert 2.0 < len(plane) / len(pole) < 5.0


def test_a_cap_holds_its_stars_alone_in_any_density() -> None:
    for centre in ((10.0, 89.0), (200.0, -30.0), (0.0, 0.0)):
        cap = synthetic_sky(4, 8.4, centre_deg=centre, radius_deg=10.0)
        ra, dec = np.radians(cap.ra_deg - centre[0]), np.radians(cap.dec_deg)
        middle = np.radians(centre[1])
        cosine = np.sin(dec) * np.sin(middle) + np.cos(dec) * np.cos(middle) * np.cos(ra)
        assert cosine.min() >= np.cos(np.radians(10.0)) - 1e-9
        dense = synthetic_sky(4, 8.4, density=3.0, centre_deg=centre, radius_deg=10.0)
        assert len(dense) == pytest.approx(3 * len(cap), rel=0.2)


def test_the_same_seed_is_the_same_sky_also_after_it_was_written(tmp_path) -> None:
    sky = synthetic_sky(5, 6.0)
    for name, values in synthetic_sky(5, 6.0).columns().items():
        assert np.array_equal(values, sky.columns()[name], equal_nan=values.dtype.kind == "f")
    assert (
        len(synthetic_sky(6, 6.0)) != len(sky) or synthetic_sky(6, 6.0).ra_deg[0] != sky.ra_deg[0]
    )
    write_catalogue(tmp_path / "c.csv", sky)
    assert np.array_equal(read_catalogue(tmp_path / "c.csv").ra_deg, sky.ra_deg)
