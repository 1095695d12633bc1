"""Solutions of La Silla and of the two-camera stations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.camera.generations import (
    EquatorialSolution,
    equatorial_solution,
    read_equatorial,
    read_model,
)
from nightglass.core.mascara.camera.header_cards import cards_of
from nightglass.core.mascara.camera.model import CameraModel, Distortion, nominal
from nightglass.core.mascara.camera.pointing import to_local
from nightglass.core.timing.stations import find_station

if TYPE_CHECKING:
    from pathlib import Path

LATITUDE_DEG = find_station("LaSilla").latitude_deg


def model_of(order: int) -> CameraModel:
    rng = np.random.default_rng(order)
    degree = np.add.outer(np.arange(order + 1), np.arange(order + 1))
    tables = rng.normal(0.0, 3.0 / (1.0 + degree), (2, *degree.shape)) * (degree <= order)
    return replace(nominal("LSS"), distortion=Distortion.of(4008, 2672, *tables))


def sky_of(model: CameraModel, lst_h: float, count: int = 2000) -> tuple[np.ndarray, ...]:
    """Pixels on the chip with their right ascensions and declinations at a sidereal time."""
    rng = np.random.default_rng(9)
    x, y = rng.uniform(0, 4007, count), rng.uniform(0, 2671, count)
    meridian, west, pole = (model.directions(x, y) @ to_local(LATITUDE_DEG).T).T
    ha = np.degrees(np.arctan2(west, meridian))
    return x, y, (lst_h * 15.0 - ha) % 360.0, np.degrees(np.arcsin(pole))


def test_the_published_solver_is_matched_to_a_millionth_of_a_pixel(shared: Path) -> None:
    with np.load(shared / "data/mascara/reference/legendre_astrometry_reference.npz") as file:
        given = dict(file)
    solution = equatorial_solution({**given, "lst": given["lst_solution"]})
    assert not solution.is_ordinary
    assert solution.order == 5
    for k, (lst_h, jd) in enumerate(zip(given["lst"], given["jd"], strict=True)):
        date = None if np.isnan(jd) else float(jd)
        mask = given[f"mask{k}"]
        x, y, in_front = solution.pixels(given["ra"][mask], given["dec"][mask], lst_h, date)
        assert in_front.all()
        np.testing.assert_allclose(x, given[f"x{k}"], atol=1e-6)
        np.testing.assert_allclose(y, given[f"y{k}"], atol=1e-6)
        ra, dec = solution.sky(given[f"x{k}"][:200], given[f"y{k}"][:200], lst_h, date)
        assert np.abs((ra - given[f"ra_back{k}"] + 180) % 360 - 180).max() < 1e-9
        np.testing.assert_allclose(dec, given[f"dec_back{k}"], atol=1e-9)


@pytest.mark.parametrize(("camera", "rms_px"), [("SAE", 0.06), ("SAW", 0.09)])
def test_real_solutions_close_and_become_models(shared: Path, camera: str, rms_px: float) -> None:
    path = shared / f"data/mascara/astromaster{camera}.hdf5"
    solution = read_equatorial(path)
    assert solution.is_ordinary
    assert solution.order == 6
    rms, largest = solution.closing_px()
    assert rms < rms_px
    assert largest < 0.9
    model = read_model(path, find_station(camera).latitude_deg)
    ra, dec = solution.sky(np.array([100.0, 3900.0]), np.array([100.0, 2500.0]), 7.0)
    ha = np.radians(7.0 * 15.0 - ra)
    outward = np.cos(np.radians(dec))
    own = np.stack([outward * np.cos(ha), outward * np.sin(ha), np.sin(np.radians(dec))], axis=-1)
    x, y, _ = model.pixels(own @ to_local(find_station(camera).latitude_deg))
    straight_x, straight_y, _ = solution.pixels(ra, dec, 7.0)
    np.testing.assert_allclose(x, straight_x, atol=1e-6)
    np.testing.assert_allclose(y, straight_y, atol=1e-6)


def test_a_model_stored_as_la_silla_does_gives_the_same_pixels_and_sky() -> None:
    model = model_of(5)
    solution = EquatorialSolution.of_model(model, LATITUDE_DEG, 3.5)
    x, y, ra, dec = sky_of(model, 8.0)
    found_x, found_y, _ = solution.pixels(ra, dec, 8.0)
    # The plane touches the sky where the middle of the chip looks, not where the lens points.
    np.testing.assert_allclose(found_x, x, atol=0.01)
    np.testing.assert_allclose(found_y, y, atol=0.01)
    # The stored way back is another polynomial, good to some hundredths of a pixel.
    assert solution.closing_px()[1] < 0.1
    again = solution.as_model(LATITUDE_DEG)
    found_x, found_y, _ = again.pixels(model.directions(x, y))
    np.testing.assert_allclose(found_x, x, atol=0.01)
    np.testing.assert_allclose(found_y, y, atol=0.01)


def test_a_model_of_higher_order_is_followed_as_well_as_five_orders_can() -> None:
    model = model_of(7)
    solution = EquatorialSolution.of_model(model, LATITUDE_DEG, 3.5)
    x, y, ra, dec = sky_of(model, 3.5)
    found_x, found_y, _ = solution.pixels(ra, dec, 3.5)
    assert solution.order == 5
    assert np.sqrt(np.mean((found_x - x) ** 2 + (found_y - y) ** 2)) < 1.0


def test_files_that_hold_no_solution_are_refused(tmp_path: Path) -> None:
    import h5py

    with h5py.File(tmp_path / "a.hdf5", "w") as file:
        file.create_group("wcspars")
    (tmp_path / "b.hdf5").write_bytes(b"nothing")
    (tmp_path / "c.fits").write_bytes(b"nothing")
    for name in ("a.hdf5", "b.hdf5", "c.fits", "none.hdf5"):
        with pytest.raises(NightglassError):
            read_model(tmp_path / name, LATITUDE_DEG)


def test_the_model_of_a_binned_image_is_read_from_its_header(tmp_path: Path) -> None:
    from astropy.io import fits

    model = model_of(3)
    image = fits.CompImageHDU(np.zeros((20, 30), np.float32), name="COMP_IMAGE")
    image.header.update(cards_of(model))
    fits.HDUList([fits.PrimaryHDU(), image]).writeto(tmp_path / "binned.fits")
    assert read_model(tmp_path / "binned.fits", LATITUDE_DEG).distortion == model.distortion
    fits.PrimaryHDU().writeto(tmp_path / "bare.fits")
    with pytest.raises(NightglassError, match="camera model"):
        read_model(tmp_path / "bare.fits", LATITUDE_DEG)
