"""Zero points per sky cell, and the documented map of the transmission."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.report.healpix import cell_of
from nightglass.core.mascara.report.transmission import (
    transmission_map,
    write_transmission,
    zero_points,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_cloud_dims_the_cells_it_covers_only() -> None:
    rng = np.random.default_rng(3)
    ra, dec, vmag = rng.uniform(40, 80, 4000), rng.uniform(0, 40, 4000), rng.uniform(4, 8, 4000)
    cloudy = cell_of(ra, dec) == cell_of(60.0, 20.0)
    flux = 10 ** (0.4 * (17.05 - vmag)) * np.where(cloudy, 0.5, 1.0)
    found = zero_points(ra, dec, flux, vmag)
    assert found.zero_point == pytest.approx(17.05)
    for cell, (zero, transparency, stars) in found.cells.items():
        inside = cell == cell_of(60.0, 20.0)
        assert transparency == pytest.approx(0.5 if inside else 1.0)
        assert zero == pytest.approx(17.05 - (0.7526 if inside else 0.0), abs=1e-4)
        assert stars == (cell_of(ra, dec) == cell).sum()
    assert sum(stars for _, _, stars in found.cells.values()) == 4000


def test_outliers_and_stars_without_flux_do_not_decide() -> None:
    flux = np.array([1e4, 1e4, 9e9, 0.0, -5.0, np.nan])
    found = zero_points(np.full(6, 10.0), np.full(6, 5.0), flux, np.full(6, 7.0), 17.0)
    ((zero, transparency, stars),) = found.cells.values()
    assert (zero, transparency, stars) == (pytest.approx(17.0), pytest.approx(1.0), 5)


def test_the_clear_zero_point_may_differ_from_star_to_star() -> None:
    clear = np.array([17.0, 16.0])
    found = zero_points([0.0, 0.0], [0.0, 0.0], 10 ** (0.4 * (clear - 7)), [7.0, 7.0], clear)
    assert next(iter(found.cells.values()))[1] == pytest.approx(1.0)


def test_no_star_gives_no_cell() -> None:
    found = zero_points([], [], [], [])
    assert np.isnan(found.zero_point)
    assert found.cells == {}


def test_the_map_has_the_median_of_each_cell() -> None:
    image = transmission_map({0: [0.1, 0.2, 9.0], (2, 1): [0.5, np.nan], 4: [], 3: [np.nan]}, 3, 2)
    expected = [[0.2, np.nan, np.nan], [np.nan, np.nan, 0.5]]
    np.testing.assert_array_equal(image, expected)


def test_flat_index_counts_along_x_first() -> None:
    assert np.argwhere(np.isfinite(transmission_map({4: [1.0]}, 3, 2))).tolist() == [[1, 1]]
    assert np.argwhere(np.isfinite(transmission_map({(1, 0): [1.0]}, 3, 2))).tolist() == [[0, 1]]


def test_one_map_per_aperture() -> None:
    maps = transmission_map({1: [[1.0, 3.0], [5.0]], 0: np.ones((2, 4))}, 2, 2, 2)
    assert maps.shape == (2, 2, 2)
    assert maps[:, 0, 1].tolist() == [2.0, 5.0]
    assert transmission_map({1: [[1.0, 3.0], [5.0]]}, 2, 2)[0, 1] == 2.0


@pytest.mark.parametrize(
    ("cells", "dimensions"), [({9: [1.0]}, 1), ({(0, 5): [1.0]}, 1), ({0: [[1.0]]}, 2)]
)
def test_a_cell_that_does_not_fit_is_refused(cells: dict[object, object], dimensions: int) -> None:
    with pytest.raises(NightglassError, match="transmission map"):
        transmission_map(cells, 3, 2, dimensions)


def test_maps_are_written_as_fits_the_same_each_time(tmp_path: Path) -> None:
    image = transmission_map({4: [0.25]}, 3, 2)
    for name in ("a.fits", "b.fits"):
        write_transmission(tmp_path / name, image)
    with fits.open(tmp_path / "a.fits") as units:
        assert units[0].data[1, 1] == np.float32(0.25)
        assert units[0].header["BUNIT"] == "mag"
    assert (tmp_path / "a.fits").read_bytes() == (tmp_path / "b.fits").read_bytes()
