"""Pixel properties in memory: densities, cutting, mending."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.box import Box
from nightglass.core.lightspeed.noise.pearson import pearson_density, pearson_shape
from nightglass.core.lightspeed.noise.pixel_properties import PixelProperties
from nightglass.core.lightspeed.noise.sources import Origin
from scipy.stats import norm

from .fake_source import FakeSource, header_of

if TYPE_CHECKING:
    from pathlib import Path

ROWS, COLUMNS = 6, 8


def planes(seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    shape = (ROWS, COLUMNS)
    return rng.normal(0, 0.05, shape), rng.uniform(0.2, 0.4, shape), rng.uniform(0.1, 0.6, shape)


def peaks(seed: int = 4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    upper, lower = rng.uniform(0.0, 0.2, (2, ROWS, COLUMNS))
    up, down = rng.uniform(0.4, 0.9, (2, ROWS, COLUMNS))
    sigma, mu = rng.uniform(0.2, 0.3, (ROWS, COLUMNS)), rng.normal(0, 0.03, (ROWS, COLUMNS))
    return np.stack([sigma, mu, 1 - upper - lower, up, upper, down, lower], axis=-1)


@pytest.mark.parametrize("true_n", [0, 1, 3])
def test_density_of_an_image_is_that_of_each_pixel(true_n: int) -> None:
    bias, widths, skew = planes()
    image = np.random.default_rng(1).normal(true_n, 0.3, bias.shape)
    found = PixelProperties(bias, widths, skew).get_prob(image, true_n)
    for (y, x), value in np.ndenumerate(found):
        shape = pearson_shape(widths[y, x], skew[y, x])
        assert value == pytest.approx(float(pearson_density(shape, image[y, x] - true_n)))


@pytest.mark.parametrize("true_n", [0, 2])
def test_peaks_are_used_where_they_were_fitted_and_pearson_elsewhere(true_n: int) -> None:
    bias, widths, skew = planes()
    params = peaks()
    params[0, 0], params[0, 1, 1] = 0.0, np.nan
    image = np.random.default_rng(1).normal(true_n, 0.3, bias.shape)
    found = PixelProperties(bias, widths, skew, params=params).get_prob(image, true_n)
    plain = PixelProperties(bias, widths, skew).get_prob(image, true_n)
    assert np.array_equal(found[0, :2], plain[0, :2])
    sigma, mu, a0, up, a_up, down, a_down = params[2, 3]
    u = image[2, 3] - mu - true_n
    twin = a0 * norm.pdf(u, 0, sigma) + a_up * norm.pdf(u, up, sigma)
    twin += a_down * norm.pdf(u, -down, sigma)
    assert found[2, 3] == pytest.approx(twin)


@pytest.mark.parametrize("has_peaks", [False, True])
def test_masked_values_give_what_the_whole_image_gives(has_peaks: bool) -> None:
    properties = PixelProperties(*planes(), params=peaks() if has_peaks else None)
    rng = np.random.default_rng(2)
    image, mask = rng.normal(0, 0.3, properties.shape), rng.random(properties.shape) < 0.4
    whole = properties.get_prob(image, 1)
    assert np.array_equal(properties.get_prob(image[mask], 1, mask), whole[mask])


@pytest.mark.parametrize("has_peaks", [False, True])
def test_density_is_normalised_natively(has_peaks: bool) -> None:
    properties = PixelProperties(*planes(), params=peaks() if has_peaks else None)
    u = np.linspace(-30.0, 30.0, 60_001)
    density = properties.density(np.array([5, 11, 40]), u, 1)
    assert density.shape == (3, u.size)
    assert np.trapezoid(density, u, axis=1) == pytest.approx(1.0, abs=1e-6)


def test_published_floor_is_there_only_when_asked_for() -> None:
    arrays = planes()
    image = np.full((ROWS, COLUMNS), 0.5)
    native = PixelProperties(*arrays).get_prob(image, 0)
    floored = PixelProperties(*arrays, compat="v1").get_prob(image, 0)
    assert floored == pytest.approx(0.99 * native + 0.01)
    assert np.array_equal(PixelProperties(*arrays, compat="v3").get_prob(image, 0), native)


@pytest.mark.parametrize(
    ("width", "skew", "odds"),
    [(0.30, 0.35, (0.0116167, 1.001009, 51.6481)), (0.45, 0.61, (0.0573792, 1.252102, 12.1469))],
)
def test_odds_under_the_published_floor(width: float, skew: float, odds: tuple[float, ...]) -> None:
    shape = (1, 3)
    properties = PixelProperties(
        np.zeros(shape), np.full(shape, width), np.full(shape, skew), compat="v1"
    )
    image = np.array([[0.0, 0.5, 1.0]])
    found = properties.get_prob(image, 1) / properties.get_prob(image, 0)
    assert found[0] == pytest.approx(odds, rel=5e-6)


def test_conventions_of_the_data_set_count(tmp_path: Path) -> None:
    source = FakeSource((header_of(tmp_path, ROWS, COLUMNS),), compat="v1")
    assert PixelProperties.default(source).get_prob(np.full((ROWS, COLUMNS), 20.0), 0) == (
        pytest.approx(0.01, abs=1e-6)
    )


def test_default_is_an_unbiased_sensor_on_whole_frames(tmp_path: Path) -> None:
    source = FakeSource((header_of(tmp_path, ROWS, COLUMNS),))
    properties = PixelProperties.default(source)
    assert properties.shape == (ROWS, COLUMNS)
    assert not properties.bias.any()
    assert set(np.unique(properties.widths)) == {0.3}
    assert properties.skew is not None
    assert set(np.unique(properties.skew)) == {0.35}
    assert properties.has_noise
    assert properties.get_prob(np.zeros((ROWS, COLUMNS)), 0)[0, 0] == pytest.approx(1.464257)


def test_images_and_masks_of_another_shape_are_refused() -> None:
    properties = PixelProperties(*planes())
    with pytest.raises(NightglassError, match="image has the shape 3 x 3, not 6 x 8"):
        properties.get_prob(np.zeros((3, 3)), 0)
    with pytest.raises(NightglassError, match="mask has the shape 3 x 3"):
        properties.get_prob(np.zeros(3), 0, np.ones((3, 3), bool))
    with pytest.raises(NightglassError, match="under the mask has the shape 3, not 48"):
        properties.get_prob(np.zeros(3), 0, np.ones((ROWS, COLUMNS), bool))
    bias, widths, skew = planes()
    for wrong in ((bias[0], widths[0]), (bias, widths[1:]), (bias, widths, skew[1:])):
        with pytest.raises(NightglassError, match="do not fit"):
            PixelProperties(*wrong)
    with pytest.raises(NightglassError, match="telegraph noise has the shape"):
        PixelProperties(bias, widths, params=peaks()[:, :, :6])


def test_pixels_without_a_value_get_the_median_and_are_counted() -> None:
    bias, widths, skew = planes()
    bias[1, 2], widths[3, 4], skew[5, 5] = np.nan, np.inf, np.nan
    properties = PixelProperties(bias, widths, skew)
    assert all(np.isfinite(one).all() for one in (properties.bias, properties.widths))
    assert np.isfinite(properties.get_prob(np.zeros((ROWS, COLUMNS)), 0)).all()
    assert properties.notices == ["Pixels without a bias or width: 2; they get the median ones."]


def test_trimming_follows_the_subarrays(tmp_path: Path) -> None:
    inner = header_of(tmp_path, 3, 4, **{"SUBARRAY HPOS": 1050.0, "SUBARRAY VPOS": 513.0})
    whole = Origin.of_header(header_of(tmp_path / "whole", ROWS, COLUMNS))
    params = peaks()
    properties = PixelProperties(*planes(), params=params, origin=whole)
    cut = properties.trimmed(inner)
    part = (slice(1, 4), slice(2, 6))
    assert cut.shape == (3, 4)
    for name in ("bias", "widths", "skew", "params"):
        assert np.array_equal(getattr(cut, name), getattr(properties, name)[part])
    image = np.zeros((ROWS, COLUMNS))
    assert np.array_equal(cut.get_prob(image[part], 0), properties.get_prob(image, 0)[part])
    assert cut.trimmed(inner).shape == (3, 4)


@pytest.mark.parametrize("hpos", [1000.0, 1050.0])
def test_frames_beyond_the_bias_are_refused_and_both_places_are_told(
    tmp_path: Path, hpos: float
) -> None:
    whole = Origin.of_header(header_of(tmp_path, ROWS, COLUMNS))
    other = header_of(tmp_path / "other", ROWS, COLUMNS, **{"SUBARRAY HPOS": hpos})
    properties = PixelProperties(*planes(), origin=whole)
    with pytest.raises(NightglassError) as caught:
        properties.trimmed(other)
    assert "It shows detector columns 1048 to 1055 and rows 512 to 517" in caught.value.text
    assert f"the frames show detector columns {hpos:.0f} to {hpos + 7:.0f}" in caught.value.text


def test_other_mode_and_temperature_are_told(tmp_path: Path) -> None:
    whole = Origin.of_header(header_of(tmp_path, ROWS, COLUMNS))
    other = header_of(
        tmp_path / "other", ROWS, COLUMNS, **{"READOUT SPEED": 1.0, "SENSOR TEMPERATURE": -20.0}
    )
    notices = PixelProperties(*planes(), origin=whole).trimmed(other).notices
    assert "standard mode, the frames in ultra-quiet mode" in notices[0]
    assert "-34.9 °C" in notices[1]


def test_constructor_cuts_from_source_to_destination(tmp_path: Path) -> None:
    source = FakeSource((header_of(tmp_path, ROWS, COLUMNS),))
    inner = header_of(tmp_path / "inner", 3, 4, **{"SUBARRAY HPOS": 1050.0, "SUBARRAY VPOS": 513.0})
    bias, widths, skew = planes()
    properties = PixelProperties(bias, widths, skew, source, FakeSource((inner,)))
    assert np.array_equal(properties.bias, bias[1:4, 2:6])
    assert properties.source_data_set is source


def test_a_box_is_cut_like_the_frames() -> None:
    properties = PixelProperties(*planes(), params=peaks())
    cut = properties.cropped(Box(2, 1, 5, 4))
    assert np.array_equal(cut.bias, properties.bias[1:4, 2:5])
    assert cut.params is not None
    assert cut.params.shape == (3, 3, 7)


def test_another_gain_turns_electrons_into_those_of_the_frames(tmp_path: Path) -> None:
    header = header_of(tmp_path, ROWS, COLUMNS)
    origin = replace(Origin.of_header(header), adu_per_electron=8.5)
    properties = PixelProperties(*planes(), params=peaks(), origin=origin)
    same = properties.trimmed(header, 8.5)
    assert np.array_equal(same.bias, properties.bias)
    assert same.notices == []
    other = properties.trimmed(header, 9.35)
    factor = 8.5 / 9.35
    assert other.notices == [
        (
            "The bias was measured with 8.5 counts per electron, the frames have 9.35: "
            "it was scaled to theirs."
        )
    ]
    assert other.bias == pytest.approx(factor * properties.bias)
    assert other.widths == pytest.approx(factor * properties.widths)
    assert np.array_equal(other.skew, properties.skew)
    assert other.params is not None
    assert other.params[..., [2, 4, 6]] == pytest.approx(peaks()[..., [2, 4, 6]])
    assert other.params[..., [0, 1, 3, 5]] == pytest.approx(factor * peaks()[..., [0, 1, 3, 5]])
    assert other.origin.adu_per_electron == 9.35
    # Counts of the same place of the density are as probable as before.
    u = np.full((ROWS, COLUMNS), 0.4)
    assert other.get_prob(factor * u, 0) == pytest.approx(properties.get_prob(u, 0) / factor)


def test_properties_of_unknown_gain_are_taken_as_they_are(tmp_path: Path) -> None:
    header = header_of(tmp_path, ROWS, COLUMNS)
    properties = PixelProperties(*planes(), origin=Origin.of_header(header))
    assert np.array_equal(properties.trimmed(header, 9.35).bias, properties.bias)
