"""Bias, width and skewness of pixels from bias frames."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.cube_header import read_cube_header
from nightglass.core.lightspeed.noise.moments import spread_of
from nightglass.core.lightspeed.noise.pixel_properties import PixelProperties
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.settings import CaptureSettings
from scipy.stats import skewnorm

from .fake_source import GAIN, FakeSource, counts_of, header_of, source_of

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = (12, 16)


def truth(seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(0.05, 0.08, SHAPE), rng.uniform(0.2, 0.34, SHAPE)


def faint(
    bias: np.ndarray, widths: np.ndarray, mean_e: float, frames: int = 3000, seed: int = 6
) -> np.ndarray:
    rng = np.random.default_rng(seed)
    size = (frames, *bias.shape)
    return np.asarray(bias + rng.normal(0.0, widths, size) + rng.poisson(mean_e, size))


def test_third_central_moment_is_whole() -> None:
    values = skewnorm.rvs(4.0, 0.2, 0.3, 200_000, random_state=1)
    m1, m2, m3 = (np.array([np.mean(values**power)]) for power in (1, 2, 3))
    found = spread_of(m1, m2, m3)
    centred = values - values.mean()
    assert found.widths_e[0] == pytest.approx(values.std())
    assert found.skew[0] == pytest.approx(np.mean(centred**3) / values.std() ** 3)


def test_published_third_moment_was_off_by_what_is_known() -> None:
    # Gaussian with mean 0.2, width 0.3: m3 = 3 m w^2 + m^3; no skewness at all.
    m1, m2, m3 = np.array([0.2]), np.array([0.13]), np.array([3 * 0.2 * 0.09 + 0.008])
    assert spread_of(m1, m2, m3).skew[0] == pytest.approx(0.0, abs=1e-12)
    assert (m3 - 3 * m1 * m2)[0] / 0.3**3 == pytest.approx(-0.59, abs=0.005)


def test_a_stuck_pixel_has_no_width_and_no_skewness() -> None:
    found = spread_of(np.array([2.0]), np.array([4.0]), np.array([8.0]))
    assert (found.widths_e[0], found.skew[0]) == (0.0, 0.0)


def test_bias_capture_gives_the_moments_of_its_frames(tmp_path: Path) -> None:
    bias, widths = truth()
    counts = counts_of(faint(bias, widths, 0.0, frames=400))
    electrons = (counts - 199.5) / GAIN
    source = source_of(tmp_path, counts)
    found = PixelProperties.from_bias(source, source)
    centred = electrons - electrons.mean(0)
    assert found.bias == pytest.approx(electrons.mean(0), abs=1e-12)
    assert found.widths == pytest.approx(electrons.std(0), abs=1e-10)
    assert found.skew == pytest.approx((centred**3).mean(0) / electrons.std(0) ** 3, abs=1e-8)
    assert found.params is None
    assert (found.origin.frames, found.origin.adu_per_electron) == (400, GAIN)
    assert found.origin.sources == ("crab_20251210_001500_cube001.fits",)


def test_a_bias_of_its_own_is_not_taken_off_a_bias_capture(tmp_path: Path) -> None:
    bias, widths = truth()
    source = source_of(tmp_path, counts_of(faint(bias, widths, 0.0, frames=50)))
    plain = PixelProperties.from_bias(source, source)
    source.pedestal_e = bias
    assert np.array_equal(PixelProperties.from_bias(source, source).bias, plain.bias)


def test_bias_is_cut_to_its_destination(tmp_path: Path) -> None:
    bias, widths = truth()
    source = source_of(tmp_path, counts_of(faint(bias, widths, 0.0, frames=50)))
    inner = header_of(tmp_path / "inner", 4, 6, **{"SUBARRAY HPOS": 1051.0, "SUBARRAY VPOS": 514.0})
    whole = PixelProperties.from_bias(source)
    cut = PixelProperties.from_bias(source, FakeSource((inner,)))
    assert np.array_equal(cut.bias, whole.bias[2:6, 3:9])
    outside = header_of(tmp_path / "outside", 4, 6, **{"SUBARRAY HPOS": 1047.0})
    with pytest.raises(NightglassError, match="the frames show detector columns 1047 to 1052"):
        PixelProperties.from_bias(source, FakeSource((outside,)))


def test_one_frame_has_no_scatter(tmp_path: Path) -> None:
    source = source_of(tmp_path, np.zeros((1, 4, 4), np.uint16))
    for measure in (PixelProperties.from_bias, PixelProperties.from_data):
        with pytest.raises(NightglassError, match="a scatter needs two"):
            measure(source, source)


def test_golden_bias_comes_out_again(shared: Path) -> None:
    folder = shared / "data" / "lightspeed" / "reference"
    cubes = sorted((folder / "bias_capture").glob("*.fits"))
    source = FakeSource(tuple(read_cube_header(path) for path in cubes), gain=8.5)
    found = PixelProperties.from_bias(source, source)
    with fits.open(folder / "published_bias.fits") as units:
        assert np.abs(found.bias - units[1].data).max() < 1e-7
        assert np.abs(found.widths - units[2].data).max() < 1e-7


def test_mapped_noise_is_kept_with_the_bias(tmp_path: Path) -> None:
    bias, widths = truth()
    source = source_of(tmp_path, counts_of(faint(bias, widths, 0.0, frames=600)))
    found = PixelProperties.from_bias(source, source, map_noise=True)
    assert found.params is not None
    assert found.params.shape == (*SHAPE, 7)
    again = PixelProperties.load(found.save(tmp_path / "noise.fits"))
    assert np.array_equal(again.params, found.params)
    u = np.linspace(-2.0, 2.0, 4001)
    density = found.density(np.arange(bias.size), u, 0)
    assert np.trapezoid(density * u, u, axis=1) == pytest.approx(0.0, abs=0.02)


def test_simulated_bias_capture_shows_its_telegraph_pixels(tmp_path: Path) -> None:
    simulate_capture(
        CaptureSettings(
            calibration="bias", frames=2000, shape=(24, 24), mode="ultra-quiet",
            telegraph_fraction=0.1, frames_per_cube=1000, truth_maps=True,
            cosmic_ray_rate=0.0,
        ),
        tmp_path,
    )  # fmt: skip
    cubes = sorted(tmp_path.glob("*_cube*.fits"))
    source = FakeSource(tuple(read_cube_header(path) for path in cubes), gain=8.5)
    found = PixelProperties.from_bias(source, source, map_noise=True)
    with np.load(next(tmp_path.glob("*.npz"))) as maps:
        bias = maps["bias_e"]
    told_of = json.loads(next(tmp_path.glob("*.json")).read_text())
    hops = np.zeros(bias.shape, bool)
    for x, y, *_ in told_of["detector"]["telegraph_pixels"]:
        hops[y, x] = True
    assert found.params is not None
    told = found.params[..., 2] < 1.0
    assert np.count_nonzero(told & ~hops) <= 1
    assert (told & hops).sum() > 0.9 * hops.sum()
    quiet = ~hops
    assert np.abs(found.bias - bias)[quiet].max() < 5.0 * 0.3 / np.sqrt(2000)
    assert found.params[..., 0][quiet].mean() == pytest.approx(0.29, abs=0.002)
