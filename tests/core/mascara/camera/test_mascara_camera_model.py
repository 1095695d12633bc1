"""Camera models: directions to pixels and back, and their texts."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.camera.generations import from_header
from nightglass.core.mascara.camera.header_cards import cards_of
from nightglass.core.mascara.camera.model import CameraModel, Distortion, Pointing, nominal
from nightglass.core.mascara.camera.pointing import hour_angle_and_declination
from nightglass.core.timing.stations import find_station
from numpy.polynomial import legendre


def vectors_of(alt_deg: np.ndarray, az_deg: np.ndarray) -> np.ndarray:
    alt, az = np.radians(alt_deg), np.radians(az_deg)
    return np.stack([np.cos(alt) * np.cos(az), np.cos(alt) * np.sin(az), np.sin(alt)], axis=-1)


def bent_model(order: int = 6, camera: str = "LSE") -> CameraModel:
    """Distortion of some 6 px rms, drawn at random."""
    rng = np.random.default_rng(order)
    degree = np.add.outer(np.arange(order + 1), np.arange(order + 1))
    tables = rng.normal(0.0, 4.0 / (1.0 + degree), (2, *degree.shape)) * (degree <= order)
    model = nominal(camera)
    return replace(model, distortion=Distortion.of(4008, 2672, *tables))


@pytest.mark.parametrize("rotation_deg", [0.0, 270.0, 33.0])
def test_the_plane_picture_is_the_published_projection(rotation_deg: float) -> None:
    rng = np.random.default_rng(1)
    alt, az = rng.uniform(5, 90, 500), rng.uniform(0, 360, 500)
    at = Pointing(49.0, 90.0, rotation_deg)
    a, h, h0, th = (
        np.radians(az - 90.0),
        np.radians(alt),
        np.radians(49.0),
        np.radians(rotation_deg),
    )
    u = np.sin(h0) * np.cos(h) * np.cos(a) - np.cos(h0) * np.sin(h)
    v = np.cos(h) * np.sin(a)
    w = np.cos(h0) * np.cos(h) * np.cos(a) + np.sin(h0) * np.sin(h)
    u, v = u * np.cos(th) + v * np.sin(th), v * np.cos(th) - u * np.sin(th)
    x, y, in_front = at.project(vectors_of(alt, az))
    seen = w > 0.01
    np.testing.assert_array_equal(in_front[seen], True)
    np.testing.assert_allclose(x[seen], (2004.0 - 24.0 / 0.009 * u / w)[seen], atol=1e-7)
    np.testing.assert_allclose(y[seen], (1336.0 + 24.0 / 0.009 * v / w)[seen], atol=1e-7)
    assert np.isnan(x[w < 0]).all()
    assert not in_front[w < 0].any()


def test_a_pointing_is_recovered_from_its_rotation() -> None:
    at = Pointing(48.2, 301.0, 271.5, 2000.0, 1300.0, 2690.0)
    again = Pointing.of_matrix(at.matrix, 2000.0, 1300.0, 2690.0)
    np.testing.assert_allclose(
        [again.alt_deg, again.az_deg, again.rotation_deg], [48.2, 301.0, 271.5], atol=1e-9
    )


@pytest.mark.parametrize(
    ("camera", "alt_deg", "az_deg"),
    [("LSC", 86.8, 178.5), ("LSN", 48.6, 357.9), ("LSE", 48.2, 87.5), ("LSS", 49.5, 178.1)],
)
def test_equatorial_pointings_lie_where_the_table_has_them(
    camera: str, alt_deg: float, az_deg: float
) -> None:
    at = nominal(camera).pointing
    assert at.alt_deg == pytest.approx(alt_deg, abs=0.06)
    assert at.az_deg == pytest.approx(az_deg, abs=0.06)
    # The long side of the chip lies level in all of them.
    assert at.rotation_deg == pytest.approx(270.0, abs=2.0)


def test_axes_of_an_equatorial_pointing_run_east_and_north_without_rotation() -> None:
    latitude_deg = find_station("LS").latitude_deg
    at = Pointing.equatorial(-45.0, -20.0, 0.0, latitude_deg)
    x, y = np.array([2004.0, 2104.0, 2004.0]), np.array([1336.0, 1336.0, 1436.0])
    ha, dec = hour_angle_and_declination(at.directions(x, y), latitude_deg)
    assert ha[0] == pytest.approx(-45.0)
    assert dec[0] == pytest.approx(-20.0)
    assert ha[1] < ha[0] - 2.0
    assert dec[1] == pytest.approx(dec[0], abs=0.02)
    assert dec[2] > dec[0] + 2.0
    assert ha[2] == pytest.approx(ha[0], abs=1e-9)


def test_nominal_cameras_scale_with_the_chip_and_unknown_ones_are_refused() -> None:
    small = nominal("LPW", 1002, 668)
    assert (small.pointing.x0, small.pointing.y0) == (501.0, 334.0)
    assert (small.pointing.alt_deg, small.pointing.az_deg) == (49.0, 270.0)
    assert small.pointing.scale_px == 24.0 / 0.009
    for name in ("LPX", "LP", "ZZC"):
        with pytest.raises(NightglassError):
            nominal(name)


@pytest.mark.parametrize("order", [0, 1, 5, 7])
def test_pixels_and_directions_undo_each_other_over_the_chip_and_beyond(order: int) -> None:
    model = bent_model(order)
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-400, 4400, 5000), rng.uniform(-300, 3000, 5000)
    directions = model.directions(x, y)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=1), 1.0, rtol=1e-14)
    back_x, back_y, in_front = model.pixels(directions)
    assert in_front.all()
    np.testing.assert_allclose(back_x, x, atol=1e-7)
    np.testing.assert_allclose(back_y, y, atol=1e-7)


def test_the_distortion_is_the_sum_that_numpy_gives() -> None:
    model = bent_model()
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 4007, 300), rng.uniform(0, 2671, 300)
    bent_x, bent_y = model.distortion.bend(x, y)
    u, v = 2 * x / 4008 - 1, 2 * y / 2672 - 1
    np.testing.assert_allclose(
        bent_x - x, legendre.legval2d(u, v, model.distortion.x_px), atol=1e-9
    )
    np.testing.assert_allclose(
        bent_y - y, legendre.legval2d(u, v, model.distortion.y_px), atol=1e-9
    )


def test_stars_far_outside_are_not_folded_onto_the_chip() -> None:
    model = bent_model(7)
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(20000, 3))
    x, y, in_front = model.pixels(vectors)
    flat_x, flat_y, _ = model.pointing.project(vectors)
    is_far = in_front & ((np.abs(flat_x - 2004) > 2500) | (np.abs(flat_y - 1336) > 1800))
    is_on = (x > 0) & (x < 4007) & (y > 0) & (y < 2671)
    assert is_far.sum() > 1000
    assert not (is_far & is_on).any()


def test_a_star_has_the_same_pixel_alone_and_among_others() -> None:
    model = bent_model()
    vectors = model.directions(np.linspace(0, 4007, 1001), np.linspace(0, 2671, 1001))
    x, y, _ = model.pixels(vectors)
    for k in (0, 7, 500, 1000):
        alone_x, alone_y, _ = model.pixels(vectors[k : k + 1])
        assert (alone_x[0], alone_y[0]) == (x[k], y[k])


def test_json_keeps_every_bit_and_incomplete_models_are_refused() -> None:
    model = bent_model()
    assert CameraModel.from_json(json.loads(json.dumps(model.as_json()))) == model
    fields = model.as_json()
    del fields["pointing"]
    with pytest.raises(NightglassError, match="not complete"):
        CameraModel.from_json(fields)


def test_header_cards_give_the_model_back_through_a_fits_file(tmp_path) -> None:
    model = bent_model(5, "LPS")
    unit = fits.PrimaryHDU()
    unit.header.update(cards_of(model))
    unit.writeto(tmp_path / "image.fits")
    again = from_header(fits.getheader(tmp_path / "image.fits"))
    assert again.distortion == model.distortion
    np.testing.assert_allclose(again.pointing.matrix, model.pointing.matrix, atol=1e-14)


def test_cards_in_the_manner_of_tnx_alone_give_the_same_pixels() -> None:
    model = bent_model(4, "LPN")
    cards = cards_of(model)
    del cards["CORFUNC"], cards["XCOR"], cards["YCOR"], cards["SCALE0"]
    again = from_header(cards)
    rng = np.random.default_rng(5)
    vectors = model.directions(rng.uniform(0, 4007, 2000), rng.uniform(0, 2671, 2000))
    x, y, _ = model.pixels(vectors)
    found_x, found_y, _ = again.pixels(vectors)
    assert np.hypot(found_x - x, found_y - y).max() < 0.2


def test_headers_without_a_model_are_refused() -> None:
    cards = cards_of(bent_model(2, "LPN"))
    for missing in ("ALT0", "XCOR"):
        with pytest.raises(NightglassError, match="camera model"):
            from_header({key: value for key, value in cards.items() if key != missing})
    with pytest.raises(NightglassError, match="camera model"):
        from_header({**cards, "XCOR": "1.0 2.0"})
