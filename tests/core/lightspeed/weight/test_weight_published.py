"""The published numbers of weight mode and of the image command come out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed.data_set import DataSet
from nightglass.core.lightspeed.ephemeris import Ephemeris
from nightglass.core.lightspeed.noise.pixel_properties import PixelProperties
from nightglass.core.lightspeed.reduce import histograms
from nightglass.core.lightspeed.weight import (
    photons_v1,
    photons_v3,
    published_fluxes,
    published_qe,
    trap_matrix,
)
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.text.reader import read_regions
from scipy.optimize import minimize_scalar
from scipy.stats import poisson

from .samples import EXPOSURE_S, electrons_of, histogram, normal_density, raw_counts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def reference(shared: Path) -> Path:
    return shared / "data" / "lightspeed" / "reference"


def frames(folder: Path) -> np.ndarray:
    from astropy.io import fits

    cubes = [fits.getdata(path, 1) for path in sorted(folder.glob("*.fits"))]
    return np.concatenate([cube.reshape(-1, 40, 48) for cube in cubes]).astype(np.int64)


@pytest.mark.parametrize("n", [1, 4, 20, 49])
def test_inverse_below_fifty_is_the_most_probable_mean(n):
    number = np.arange(120)
    row = trap_matrix(119)[n]
    best = minimize_scalar(
        lambda mean: -np.log(row @ poisson.pmf(number, mean)), bounds=(0.5 * n, 2 * n + 3),
        method="bounded", options={"xatol": 1e-9},
    )  # fmt: skip
    assert photons_v3(n) == pytest.approx(best.x, rel=1e-6)


def test_inverse_between_below_and_beyond_the_table():
    assert photons_v3(0.0) == 0.0
    assert photons_v3(-3.0) == pytest.approx(-3 * photons_v3(1))
    assert photons_v3(7.25) == pytest.approx(0.75 * photons_v3(7) + 0.25 * photons_v3(8))
    assert photons_v3(400) == pytest.approx(400 / published_qe(400))
    assert np.isnan(photons_v3(8200))


def test_efficiency_follows_the_published_table(shared: Path):
    table = np.loadtxt(shared / "data" / "lightspeed" / "internal_qe.csv", delimiter=",")
    electrons, efficiency = table[np.argsort(table[:, 0])].T
    value = np.geomspace(1.06, 938.0, 3000)
    off = published_qe(value) / np.interp(value, electrons, efficiency) - 1
    assert np.abs(off).max() < 0.016
    assert np.abs(off[value > 5]).max() < 0.009
    assert np.abs(off[value > 50]).max() < 0.0031
    assert published_qe([0.0, 5000.0]).tolist() == [0.493, 0.966]


def test_published_image_comes_out_again(reference: Path):
    from astropy.io import fits

    electrons = ((frames(reference / "capture") - 199.5) / 8.5).sum(axis=0)
    bias = fits.getdata(reference / "published_bias.fits", 1)
    for name, total in (("", electrons), ("_bias", electrons - 600 * bias)):
        published = fits.getdata(reference / f"published_image_sum{name}.fits")
        np.testing.assert_allclose(photons_v3(total) / 1.2, published, rtol=0.005, atol=1e-3)


def test_v1_divides_by_the_efficiency():
    assert photons_v1(0.2) == pytest.approx(0.2 / 0.493)
    assert photons_v1(-0.2) == pytest.approx(-0.2 / 0.493)


def test_published_weight_light_curve_comes_out_again(reference: Path):
    from astropy.io import fits

    published = fits.getdata(reference / "published_lc_weight.fits")
    cubes = sorted((reference / "capture").glob("*.fits"))
    data_set = DataSet(cubes, compat="v3", cut_cr=False)
    ephemeris = Ephemeris(reference / "capture" / "ref_crab.par", data_set)
    groups = (ephemeris.phases(data_set.frame_times()) * 20).astype(np.int16)
    regions = read_regions(reference / "source_0based.reg").entries
    properties = PixelProperties.load(reference / "published_bias.fits", compat="v3")
    made = histograms(
        data_set.cubes, data_set.recipe(), mask_of(regions, data_set.shape, base=0),
        groups=groups, n_groups=20, low_adu=150, high_adu=499,
    )  # fmt: skip
    assert made.below.sum() == made.above.sum() == made.lost.sum() == 0
    u_e = (np.arange(150, 500) - 199.5) / 8.5 - properties.bias.ravel()[made.pixels][:, None]
    flux = published_fluxes(
        made.counts, made.pixels, u_e, properties.density, data_set.exposure_s, n_electrons=40
    )
    np.testing.assert_allclose(flux, published["FLUX"], rtol=0.003)


def test_a_group_without_frames_stays_at_the_start():
    rng = np.random.default_rng(1)
    counts = histogram(raw_counts(rng, np.full((200, 4), 0.5)), np.zeros(200, np.int64), 2, 120)
    flux = published_fluxes(
        counts, np.arange(4), electrons_of(4, 120), normal_density, EXPOSURE_S,
        weights=np.ones(4), n_electrons=8,
    )  # fmt: skip
    assert np.isfinite(flux[0])
    assert np.isnan(flux[1])
