"""Self-bias: what light does not move is found, bias and width in their places."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed.noise import bands
from nightglass.core.lightspeed.noise.folding import Folded, bias_error, fold_source, unfold
from nightglass.core.lightspeed.noise.pearson import usual_skew
from nightglass.core.lightspeed.noise.pixel_properties import PixelProperties
from scipy.stats import norm

from .fake_source import GAIN, counts_of, source_of
from .test_noise_moments import SHAPE, faint, truth

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("width", [0.04, 0.1, 0.2, 0.25, 0.3, 0.4, 0.48])
@pytest.mark.parametrize("mean", [-0.45, -0.2, 0.0, 0.07, 0.3, 0.49])
def test_unfolding_inverts_a_folded_gaussian(mean: float, width: float) -> None:
    x = (np.arange(20_000) + 0.5) / 20_000 - 0.5
    density = sum(norm.pdf(x + turn, mean, width) for turn in range(-5, 6))
    z = np.array([np.mean(density * np.exp(2j * np.pi * x))])
    means, widths = unfold(Folded(z, np.array([10**9])))
    assert means[0] == pytest.approx(mean, abs=1e-8)
    assert widths[0] == pytest.approx(width, abs=1e-6)


def test_values_that_say_nothing_give_nan() -> None:
    folded = Folded(np.array([0.01, 0.5, np.nan, 0.0]), np.array([10_000, 3, 10_000, 0]))
    means, widths = unfold(folded)
    assert np.isnan(means).all()
    assert np.isnan(widths).all()
    assert unfold(Folded(np.array([1.0 + 0j]), np.array([50])))[1][0] == 0.0


@pytest.mark.parametrize("width", [0.2, 0.3, 0.34])
def test_errors_are_those_of_simulated_pixels_and_their_mean_is_right(width: float) -> None:
    rng = np.random.default_rng(3)
    values, pixels = 3000, 600
    z = np.exp(2j * np.pi * rng.normal(0.1, width, (values, pixels))).mean(0)
    means, widths = unfold(Folded(z, np.full(pixels, values)))
    expected = bias_error(np.array([width]), values)[0]
    assert means.std() == pytest.approx(expected, rel=0.1)
    assert abs(means.mean() - 0.1) < 4.0 * expected / np.sqrt(pixels)
    assert abs(widths.mean() - width) < 4.0 * widths.std() / np.sqrt(pixels) + 0.001


@pytest.mark.parametrize("mean_e", [0.0, 0.1, 0.6, 2.0])
def test_bias_and_width_come_out_in_their_places(tmp_path: Path, mean_e: float) -> None:
    bias, widths = truth()
    source = source_of(tmp_path, counts_of(faint(bias, widths, mean_e)))
    found = PixelProperties.from_data(source, source)
    assert found.notices == []
    pulls = (found.bias - bias) / bias_error(widths, 3000)
    assert abs(pulls.mean()) < 0.3
    assert 0.8 < pulls.std() < 1.2
    rounded = np.sqrt(widths**2 + 1.0 / (12.0 * GAIN**2))
    assert np.abs(found.widths - rounded).mean() < 0.01
    assert abs((found.widths - rounded).mean()) < 0.002
    assert np.corrcoef(found.widths.ravel(), widths.ravel())[0, 1] > 0.9
    assert np.array_equal(found.skew, usual_skew(found.widths))


def test_it_agrees_with_bias_frames_of_the_same_pixels(tmp_path: Path) -> None:
    bias, widths = truth()
    dark = source_of(tmp_path, counts_of(faint(bias, widths, 0.0)))
    (tmp_path / "faint").mkdir()
    lit = source_of(tmp_path / "faint", counts_of(faint(bias, widths, 0.3, seed=8)))
    measured = PixelProperties.from_bias(dark, lit)
    estimated = PixelProperties.from_data(lit, lit)
    pulls = (estimated.bias - measured.bias) / np.hypot(
        bias_error(widths, 3000), widths / np.sqrt(3000)
    )
    assert np.abs(pulls).max() < 4.5
    assert abs((estimated.bias - measured.bias).mean()) < 0.003
    assert abs((estimated.widths - measured.widths).mean()) < 0.003


def test_it_comes_on_top_of_a_bias_and_dark_taken_off_already(tmp_path: Path) -> None:
    bias, widths = truth()
    bias = bias + 1.3  # beyond half an electron: folding alone would lose a whole one
    dark = np.full(SHAPE, 0.2)
    source = source_of(tmp_path, counts_of(faint(bias + dark, widths, 0.1)))
    known = np.full(SHAPE, 1.3)
    source.pedestal_e, source.pixel_properties = known + dark, SimpleNamespace(bias=known)
    found = PixelProperties.from_data(source, source)
    pulls = (found.bias - bias) / bias_error(widths, 3000)
    assert abs(pulls.mean()) < 0.3
    assert np.abs(pulls).max() < 5.0


@pytest.mark.parametrize("mean_e", [5.0, 100.0])
def test_frames_too_bright_are_told(tmp_path: Path, mean_e: float) -> None:
    rng = np.random.default_rng(1)
    size = (600, *SHAPE)
    electrons = 1.15 * rng.poisson(mean_e, size) + rng.normal(0, 0.35, size)  # the gain is wrong
    source = source_of(tmp_path, counts_of(electrons))
    found = PixelProperties.from_data(source, source)
    assert any("too bright" in notice for notice in found.notices)
    assert np.isfinite(found.bias).all()
    assert np.isfinite(found.widths).all()


def test_pixels_that_cannot_be_folded_are_counted(tmp_path: Path) -> None:
    bias, widths = truth()
    electrons = faint(bias, widths, 0.1)
    rng = np.random.default_rng(1)
    electrons[:, 3, 3], electrons[:, 5, 5] = rng.uniform(0, 50, 3000), rng.normal(1, 0.9, 3000)
    found = PixelProperties.from_data(source := source_of(tmp_path, counts_of(electrons)), source)
    rest = np.ones(SHAPE, bool)
    rest[3, 3] = rest[5, 5] = False
    assert len(found.notices) == 1
    assert "could not be told for 2 of 192 pixels" in found.notices[0]
    assert found.widths[3, 3] == pytest.approx(np.median(found.widths[rest]))
    assert found.bias[5, 5] == pytest.approx(np.median(found.bias[rest]))


def test_biases_near_half_an_electron_are_told(tmp_path: Path) -> None:
    bias, widths = truth()
    source = source_of(tmp_path, counts_of(faint(bias + 0.45, widths, 0.1)))
    found = PixelProperties.from_data(source, source)
    assert any("within whole electrons" in notice for notice in found.notices)


def test_bands_of_rows_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bias, widths = truth()
    source = source_of(tmp_path, counts_of(faint(bias, widths, 0.1, frames=300)))
    whole = fold_source(source, bias, most_frames=200)
    monkeypatch.setattr(bands, "_BAND_BYTES", 2 * SHAPE[1] * 130 * 4)
    part = fold_source(source, bias, most_frames=200)
    assert np.isfinite(whole[0]).mean() > 0.5
    assert np.allclose(part, whole, atol=1e-9, rtol=0, equal_nan=True)
