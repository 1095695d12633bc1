"""Aperture photometry against the published one, a loop over stars, and what must come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.photometry.apertures import Photometry, measure
from nightglass.core.mascara.photometry.flags import PFlag

from ....benchmarks.mascara_per_star import measure_one

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RADII = (2.5, 4.5)
GAIN, BAD_LEVEL = 0.62, 63000.0


def night(seed: int, ny: int = 300, nx: int = 400) -> NDArray[np.float32]:
    image = np.random.default_rng(seed).normal(150.0, 25.0, (ny, nx))
    return image.astype(np.float32)


def with_stars(
    image: NDArray[np.float32], x: NDArray[Any], y: NDArray[Any], flux: NDArray[Any]
) -> NDArray[np.float32]:
    light = image.astype(np.float64)
    rows, columns = np.indices((25, 25)) - 12
    for column, row, one in zip(x, y, flux, strict=True):
        left, low = round(column), round(row)
        away = (columns + left - column) ** 2 + (rows + low - row) ** 2
        star = one / (2 * np.pi * 1.3**2) * np.exp(-0.5 * away / 1.3**2)
        light[low - 12 : low + 13, left - 12 : left + 13] += star
    return np.minimum(light, 65000.0).astype(np.float32)


def assert_same(found: Photometry, wanted: Photometry) -> None:
    for name, values in vars(found).items():
        np.testing.assert_array_equal(values, getattr(wanted, name), err_msg=name)


@pytest.mark.parametrize(("kind", "radii"), [("fast", RADII), ("slow", (2.5, 3.5, 4.5, 5.5))])
def test_the_published_photometry_is_reproduced(
    shared: Path, kind: str, radii: tuple[float, ...]
) -> None:
    with np.load(shared / "data/mascara/reference/photometry_reference.npz") as golden:
        known = dict(golden)
    found = measure(known["image"], known["x"], known["y"], radii, moon_px=tuple(known["moon"]))
    for name in ("flux", "eflux", "sky", "esky", "peak"):
        wanted = known[f"{kind}_{name}"]
        np.testing.assert_allclose(getattr(found, name), wanted, rtol=1e-6, err_msg=name)
    np.testing.assert_array_equal(found.pflag, known[f"{kind}_flag"])


def test_a_loop_over_stars_gives_the_same_also_in_a_crowd() -> None:
    generator = np.random.default_rng(4)
    x, y = generator.uniform(25, 375, 150), generator.uniform(25, 275, 150)
    image = with_stars(night(4), x, y, 10 ** generator.uniform(2.5, 6.5, 150))
    found = measure(image, x, y, RADII)
    for star in range(x.size):
        flux, eflux, sky, esky, peak, flag = measure_one(
            image, x[star], y[star], np.array(RADII), GAIN, BAD_LEVEL
        )
        np.testing.assert_allclose(found.flux[star], flux, rtol=1e-9, atol=1e-6)
        np.testing.assert_allclose(found.eflux[star], eflux, rtol=1e-9)
        assert (found.sky[star], found.esky[star], found.peak[star]) == (sky, esky, peak)
        assert found.pflag[star] == flag


def test_apertures_have_their_exact_area_wherever_the_star_is() -> None:
    rows, columns = np.indices((61, 61))
    for x, y in ((30.0, 30.0), (30.5, 30.5), (29.71, 30.33)):
        disc = ((columns - x) ** 2 + (rows - y) ** 2 < 36.0).astype(np.float32)
        found = measure(disc, [x], [y], (0.4, 1.0, 2.5, 5.0))
        assert found.sky[0] == 0.0
        np.testing.assert_allclose(found.flux[0], np.pi * np.array([0.4, 1.0, 2.5, 5.0]) ** 2)


def test_a_sky_without_noise_is_a_sky() -> None:
    x = y = np.array([100.0])
    found = measure(with_stars(np.full((200, 200), 150.0), x, y, np.array([1e4])), x, y, RADII)
    assert (found.sky[0], found.esky[0]) == (150.0, 0.0)
    np.testing.assert_allclose(found.eflux[0], np.sqrt(found.flux[0] / GAIN))


def test_fluxes_and_errors_are_those_of_the_stars() -> None:
    generator = np.random.default_rng(5)
    grid = np.meshgrid(np.arange(30, 571, 60.0), np.arange(30, 571, 60.0))
    x, y = (places.ravel() + generator.uniform(-0.5, 0.5, 100) for places in grid)
    clean = with_stars(np.full((600, 600), 150.0), x, y, np.full(100, 2e4))
    true = measure(clean, x, y, RADII).flux
    pulls = []
    for _ in range(5):
        electrons = generator.poisson(clean * GAIN) + generator.normal(0, 12.0, clean.shape)
        found = measure((electrons / GAIN).astype(np.float32), x, y, RADII)
        pulls.append((found.flux - true) / found.eflux)
    assert np.std(pulls) == pytest.approx(1.0, abs=0.08)
    # The published mode lies below the mean even where nothing but noise is: by half a count.
    assert np.mean(pulls) == pytest.approx(0.1, abs=0.1)


def test_a_star_gives_the_same_alone_and_among_many() -> None:
    generator = np.random.default_rng(6)
    x, y = generator.uniform(25, 375, 300), generator.uniform(25, 275, 300)
    image = night(6)
    together = measure(image, x, y, RADII)
    for star in (0, 150, 299):
        alone = measure(image, x[[star]], y[[star]], RADII)
        np.testing.assert_array_equal(alone.flux[0], together.flux[star])
        assert alone.sky[0] == together.sky[star]


@pytest.mark.parametrize(
    ("x", "y"), [(20.4, 100), (100, 20.49), (379.6, 100), (100, 278.6), (np.nan, 5), (np.inf, 5)]
)
def test_a_star_whose_box_leaves_the_image_is_not_measured(x: float, y: float) -> None:
    found = measure(night(7), [x, 100.0], [y, 100.0], RADII)
    assert found.pflag.tolist() == [PFlag.EDGE, 0]
    assert not any(values[0].any() for name, values in vars(found).items() if name != "pflag")
    assert (found.eflux[1] > 0).all()


@pytest.mark.parametrize(("x", "y"), [(21, 21), (20.6, 278.4), (378, 21), (378.4, 278)])
def test_a_star_whose_box_just_fits_is_measured(x: float, y: float) -> None:
    found = measure(night(7), [x], [y], RADII)
    assert not found.pflag[0] & PFlag.EDGE
    assert found.sky[0] == pytest.approx(150.0, abs=4.0)


def test_no_stars_give_no_measurements() -> None:
    found = measure(night(7), [], [], RADII)
    assert found.flux.shape == (0, 2)
    assert found.pflag.shape == (0,)


def test_sky_pixels_that_are_no_numbers_are_left_out() -> None:
    image = night(8)
    image[100 + 10, 90:110] = np.nan
    image[100 - 10, 90:95] = np.inf
    image[100 - 11, 90:95] = -np.inf
    found = measure(image, [100.0], [100.0], RADII)
    assert found.sky[0] == pytest.approx(150.0, abs=4.0)
    assert not found.pflag[0] & (PFlag.SKY_NEGATIVE | PFlag.SKY_SATURATED)
    assert np.isfinite(found.eflux).all()


def test_a_pixel_in_the_aperture_that_is_no_number_spoils_the_flux_openly() -> None:
    image = night(8)
    image[100, 101] = np.nan
    found = measure(image, [100.0, 200.0], [100.0, 100.0], RADII)
    assert np.isnan(found.flux[0]).all()
    assert np.isfinite(found.flux[1]).all()


def test_without_a_sky_there_is_no_flux() -> None:
    image = night(9)
    image[60:141, 60:141] = 64000.0
    image[95:106, 95:106] = 300.0
    found = measure(image, [100.0], [100.0], RADII)
    assert (found.sky[0], found.esky[0]) == (-1.0, -1.0)
    assert np.isnan(found.flux).all()
    assert found.pflag[0] == PFlag.SKY_NEGATIVE | PFlag.SKY_SATURATED


def test_a_negative_flux_is_flagged_and_has_an_error() -> None:
    image = night(10)
    image[95:106, 95:106] = 0.0
    found = measure(image, [100.0], [100.0], RADII)
    assert (found.flux < 0).all()
    assert (found.eflux > 0).all()
    assert found.pflag[0] == PFlag.NEGATIVE


def test_a_negative_sky_is_flagged() -> None:
    found = measure(night(11) - np.float32(400.0), [100.0], [100.0], RADII)
    assert found.sky[0] < 0
    assert found.pflag[0] & PFlag.SKY_NEGATIVE


def test_saturation_is_told_in_aperture_and_sky() -> None:
    x = y = np.array([100.0, 200.0])
    image = with_stars(night(12), x, y, np.array([1e4, 1e4]))
    image[100, 100], image[200, 215] = 65000.0, 65000.0
    found = measure(image, x, y, RADII)
    assert found.pflag.tolist() == [PFlag.SATURATED, PFlag.SKY_SATURATED]
    lenient = measure(image, x, y, RADII, bad_level_adu=66000.0)
    assert lenient.pflag.tolist() == [0, 0]


def test_stars_near_the_moon_are_flagged() -> None:
    x, y = np.array([100.0, 129.0, 131.0, 15.0]), np.full(4, 100.0)
    image = with_stars(night(13), x, y, np.full(4, 1e4))
    flags = measure(image, x, y, RADII, moon_px=(100.0, 100.0)).pflag
    assert flags.tolist() == [PFlag.MOON, PFlag.MOON, 0, PFlag.EDGE]
    wide = measure(image, x, y, RADII, moon_px=(100.0, 100.0), moon_radius_px=32.0).pflag
    assert wide.tolist() == [PFlag.MOON, PFlag.MOON, PFlag.MOON, PFlag.EDGE]


def test_gain_and_noise_ratio_may_differ_from_star_to_star() -> None:
    x, y = np.array([100.0, 200.0]), np.array([100.0, 200.0])
    image = with_stars(night(14), x, y, np.array([5e4, 5e4]))
    plain = measure(image, x, y, RADII)
    assert_same(measure(image, x, y, RADII, gain=[0.62, 0.62], noise_ratio=[1.0, 1.0]), plain)
    other = measure(image, x, y, RADII, gain=[0.62, 31.0], noise_ratio=[1.0, 2.0])
    np.testing.assert_array_equal(other.eflux[0], plain.eflux[0])
    shot = plain.flux[1] / 0.62
    expected = np.sqrt(4.0 * (plain.eflux[1] ** 2 - shot) + plain.flux[1] / 31.0)
    np.testing.assert_allclose(other.eflux[1], expected)
    assert other.esky[1] == plain.esky[1]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"image": np.zeros((80, 80))}, "float32"),
        ({"image": np.zeros((80, 160), np.float32)[:, ::2]}, "row after row"),
        ({"radii_px": ()}, "radius"),
        ({"radii_px": (2.5, -1.0)}, "radius"),
        ({"sky_radii_px": (21.0, 6.0)}, "annulus"),
        ({"x": [[30.0]], "y": [[30.0]]}, "positions"),
    ],
)
def test_what_cannot_be_measured_is_refused(change: dict[str, Any], reason: str) -> None:
    given = {"image": night(1), "x": [30.0], "y": [30.0], "radii_px": RADII}
    with pytest.raises(NightglassError, match=reason):
        measure(**(given | change))
