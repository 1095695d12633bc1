"""Centroids: those of light, the same from wherever one looks."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.mascara.astrometry.centroids import Centroids, measure
from nightglass.core.mascara.astrometry.settings import AstrometrySettings

from .mascara_star_field import Sky, draw, sky_of, small_lens, true_lens

SETTINGS = AstrometrySettings()


def twin(image: np.ndarray, x: float, y: float, search: int) -> tuple[float, float, float]:
    """Centroid and flux as the kernel has them, by plain loops."""
    image = image.astype(np.float64)

    def clean(row: int, column: int) -> float:
        near = image[row - 1 : row + 2, column - 1 : column + 2].ravel()
        neighbour = max(np.delete(near, 4))
        wide = image[row - 2 : row + 3, column - 2 : column + 3]
        edge = min(wide[0].min(), wide[-1].min(), wide[:, 0].min(), wide[:, -1].min())
        value = image[row, column]
        return neighbour if value - neighbour > 1.5 * (neighbour - edge) else value

    def smooth(row: int, column: int) -> float:
        return sum(clean(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1))

    def top(row: int, column: int, radius: int) -> tuple[int, int]:
        side = range(-radius, radius + 1)
        disc = [(row + i, column + j) for i in side for j in side if i * i + j * j <= radius**2]
        return max([(row, column), *disc], key=lambda place: smooth(*place))

    place, before = top(round(y), round(x), search), None
    while place != before:
        place, before = top(*place, 3), place
    rows, columns = np.indices(image.shape) - np.array(place)[:, None, None]
    squares = rows**2 + columns**2
    ring = (squares >= 11**2) & (squares <= 15**2) & ((rows + columns) % 2 == 0)
    sky = np.median(image[ring])
    for _ in range(3):
        side = range(-7, 8)
        disc = [(i, j) for i in side for j in side if i * i + j * j <= 49]
        values = np.array([clean(place[0] + i, place[1] + j) - sky for i, j in disc])
        middle = values @ np.array(disc) / values.sum()
        centre = np.array(place) + middle
        place = tuple(int(value) for value in np.rint(centre))
    return float(centre[1]), float(centre[0]), float(values.sum())


def noisy_field(seed: int, hot: int = 0) -> tuple[np.ndarray, Sky]:
    """Nine stars on a small frame."""
    rng = np.random.default_rng(seed)
    lens = true_lens("LPC", (240, 240))
    side = np.array([50.0, 120.0, 190.0])
    x, y = (grid.ravel() + rng.uniform(-3, 3, 9) for grid in np.meshgrid(side, side))
    sky = Sky(np.zeros((9, 3)), rng.uniform(4.5, 7.0, 9), x, y)
    image = draw(lens, sky, rng)
    rows, columns = rng.integers(5, 235, (2, hot))
    image[rows, columns] += rng.uniform(200, 2000, hot).astype(np.float32)
    return image, sky


@pytest.mark.parametrize(("seed", "hot"), [(1, 0), (2, 200)])
def test_the_kernel_gives_what_plain_loops_give(seed: int, hot: int) -> None:
    image, sky = noisy_field(seed, hot)
    found = measure(image, sky.x + 1.7, sky.y - 2.2, 6, SETTINGS)
    for k in range(sky.x.size):
        x, y, flux = twin(image, sky.x[k] + 1.7, sky.y[k] - 2.2, 6)
        assert (found.x[k], found.y[k]) == pytest.approx((x, y), abs=1e-9)
        assert found.flux_adu[k] == pytest.approx(flux, rel=1e-9)


def test_the_place_where_one_begins_to_look_does_not_change_a_bit() -> None:
    image, sky = noisy_field(3, hot=100)
    rng = np.random.default_rng(3)
    first = measure(image, sky.x, sky.y, 8, SETTINGS)
    assert first.is_good.all()
    for _ in range(30):
        off = rng.uniform(-4.0, 4.0, (2, 9))
        again = measure(image, sky.x + off[0], sky.y + off[1], 8, SETTINGS)
        np.testing.assert_array_equal(again.x, first.x)
        np.testing.assert_array_equal(again.y, first.y)


def test_trailed_and_skew_stars_are_measured_where_their_light_is() -> None:
    rng = np.random.default_rng(4)
    lens = small_lens()
    sky = sky_of(lens, rng, 0.05, 7.0)
    found, chosen = look(sky, draw(lens, sky, rng), (lens.nx, lens.ny))
    off = np.stack([found.x - sky.x[chosen], found.y - sky.y[chosen]])[:, found.is_good]
    assert off.shape[1] > 40
    # No direction is preferred, neither along the trail nor outwards, where the coma points.
    outward = np.stack([sky.x[chosen] - lens.nx / 2, sky.y[chosen] - lens.ny / 2])[:, found.is_good]
    along = (off * outward / np.hypot(*outward)).sum(axis=0)
    assert abs(np.median(along)) < 0.03
    assert np.abs(np.median(off, axis=1)).max() < 0.02
    pull = off / found.error_px[found.is_good]
    assert np.percentile(np.abs(pull), 68) < 1.3


def look(sky: Sky, image: np.ndarray, size: tuple[int, int]) -> tuple[Centroids, np.ndarray]:
    chosen = (sky.vmag > 4) & sky.isolated
    for values, length in zip((sky.x, sky.y), size, strict=True):
        chosen &= (values > 30) & (values < length - 30)
    return measure(image, sky.x[chosen], sky.y[chosen], 4, SETTINGS), chosen


def test_stars_at_the_edge_saturated_ones_and_empty_places_are_not_good() -> None:
    image, sky = noisy_field(5)
    places_x, places_y = np.array([4.0, 85.0, sky.x[4]]), np.array([120.0, 85.0, sky.y[4]])
    assert measure(image, places_x, places_y, 4, SETTINGS).is_good.tolist() == [False, False, True]
    image[round(float(sky.y[4])), round(float(sky.x[4]))] = 65535.0
    assert not measure(image, places_x, places_y, 4, SETTINGS).is_good.any()
    outside = measure(image, [np.nan, -50.0, 1e9], [10.0, 10.0, 10.0], 4, SETTINGS)
    assert not outside.is_good.any()
    assert np.isnan(outside.x).all()
