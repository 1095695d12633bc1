"""Numbers of sky cells agree with the published geometry."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.mascara.report.healpix import cell_count, cell_of


def centres(nside: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres of all cells in ring order, by equations 2 to 9 of Gorski et al. 2005.

    In every second ring of the belt the cell at 0 comes first, as in the library.
    """
    z, phi = [], []
    for ring in range(1, 4 * nside):
        if ring < nside:
            places, height, shift = ring, 1 - ring**2 / (3 * nside**2), 1
        elif ring <= 3 * nside:
            places, height = nside, 4 / 3 - 2 * ring / (3 * nside)
            shift = 2 - (ring - nside + 1) % 2
        else:
            places = 4 * nside - ring
            height, shift = -(1 - places**2 / (3 * nside**2)), 1
        for place in range(1, 4 * places + 1):
            z.append(height)
            phi.append(np.pi / (2 * places) * (place - shift / 2))
    return np.degrees(phi), np.degrees(np.arcsin(z))


@pytest.mark.parametrize("nside", [1, 2, 3, 8, 16])
def test_every_cell_contains_its_centre(nside: int) -> None:
    cells = cell_of(*centres(nside), nside)
    assert np.array_equal(cells, np.arange(cell_count(nside)))


@pytest.mark.parametrize(
    ("cell", "ra_deg", "dec_deg"),
    [
        (0, 45.0, 84.149733), (112, 5.625, 41.810315), (143, 354.375, 41.810315),
        (144, 0.0, 35.685335), (176, 5.625, 30.0), (400, 0.0, -4.780192), (767, 315.0, -84.149733),
    ],
)  # fmt: skip
def test_cells_have_the_numbers_that_healpy_gives_them(
    cell: int, ra_deg: float, dec_deg: float
) -> None:
    assert cell_of(ra_deg, dec_deg) == cell


def test_cells_have_equal_areas() -> None:
    rng = np.random.default_rng(1)
    ra, dec = rng.uniform(-360, 720, 400_000), np.degrees(np.arcsin(rng.uniform(-1, 1, 400_000)))
    counts = np.bincount(cell_of(ra, dec, 4), minlength=cell_count(4))
    expected = 400_000 / cell_count(4)
    assert len(counts) == cell_count(4)
    assert abs(counts - expected).max() < 5 * np.sqrt(expected)


def test_poles_seams_and_directions_that_are_none() -> None:
    assert cell_of([0.0, 89.9, 359.9], [90.0, 90.0, -90.0]).tolist() == [0, 0, 767]
    assert len(set(cell_of([0.0, 360.0, -360.0], [10.0, 10.0, 10.0]).tolist())) == 1
    assert cell_of(np.nan, 0.0) == -1
    assert cell_of([10.0, 20.0], 5.0).shape == (2,)
    everywhere = cell_of(*np.meshgrid(np.linspace(0, 360, 721), np.linspace(-90, 90, 721)))
    assert everywhere.min() == 0
    assert everywhere.max() == 767
