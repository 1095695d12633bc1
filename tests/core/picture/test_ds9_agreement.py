"""Limits, scales and colours against a running SAOImage DS9."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from nightglass.core.picture.codes import SCALE_CODES
from nightglass.core.picture.colour import colour_table, names, rgb
from nightglass.core.picture.limits import PERCENTILES, Limits, find_limits
from nightglass.core.picture.stretch import Stretch, equalised_table, scale_table

pytestmark = pytest.mark.ds9

DS9_NAMES = names()[:18]
DS9_SCALES = {
    "linear": "linear", "log": "log", "sqrt": "sqrt", "squared": "squared", "asinh": "asinh",
    "sinh": "sinh", "power": "pow",
}  # fmt: skip


def star_field(seed: int, shape: tuple[int, int]) -> np.ndarray:
    generator = np.random.default_rng(seed)
    rows, columns = np.indices(shape)
    light = np.full(shape, 220.0)
    for _ in range(40):
        y, x = generator.uniform(0, shape[0]), generator.uniform(0, shape[1])
        square = (rows - y) ** 2 + (columns - x) ** 2
        light += generator.exponential(3000) * (1 + square / 9) ** -2.5
    return generator.poisson(light).astype(np.uint16)


SHAPES = [(300, 400), (64, 64), (777, 513), (31, 1200), (1200, 31), (100, 100), (10, 10), (5, 7)]
FIELDS = list(enumerate(SHAPES)) + [(k, (200 + 13 * k, 150 + 17 * k)) for k in range(8, 20)]


@pytest.mark.parametrize(("seed", "shape"), FIELDS)
def test_zscale_equals_that_of_ds9(ds9: Any, seed: int, shape: tuple[int, int]) -> None:
    image = star_field(seed, shape)
    ds9.show(image)
    low, high = ds9.limits("mode", "zscale")
    assert find_limits(image, Limits("zscale")) == pytest.approx((low, high), rel=1e-4, abs=0.02)


@pytest.mark.parametrize("percent", PERCENTILES)
def test_percentile_limits_equal_those_of_ds9(ds9: Any, percent: float) -> None:
    image = star_field(6, (600, 500))
    ds9.show(image)
    low, high = ds9.limits("mode", f"{percent:g}")
    found = find_limits(image, Limits("percentile", percent))
    # DS9 sorts into some ten thousand bins over the whole range.
    bin_width = (int(image.max()) - int(image.min())) / 10000
    for ours, theirs in zip(found, (low, high), strict=True):
        between = ((image > min(ours, theirs)) & (image < max(ours, theirs))).sum()
        assert abs(ours - theirs) <= 1.5 * bin_width + 1 or between <= 2


def test_minmax_equals_that_of_ds9(ds9: Any) -> None:
    image = star_field(7, (200, 300))
    ds9.show(image)
    assert find_limits(image, Limits("minmax")) == ds9.limits("mode", "minmax")


@pytest.fixture
def ramp(ds9: Any) -> Any:
    """DS9 showing every step of its colour scale once, one screen pixel each."""
    ds9.show(np.arange(SCALE_CODES, dtype=np.float32).reshape(128, 128))
    ds9.set("zoom", "to", 1)
    ds9.set("scale", "linear")
    ds9.set("scale", "limits", 0, SCALE_CODES - 1)
    ds9.set("cmap", "grey")
    ds9.set("cmap", "value", 1, 0.5)
    ds9.set("cmap", "invert", "no")
    return ds9


def levels(drawn: np.ndarray) -> np.ndarray:
    return drawn.reshape(-1, 3).astype(int)


@pytest.mark.parametrize("kind", DS9_SCALES)
def test_scale_is_drawn_as_ds9_draws_it(ramp: Any, kind: str) -> None:
    ramp.set("scale", DS9_SCALES[kind])
    ours = scale_table(Stretch(kind)) / (SCALE_CODES - 1) * 255  # type: ignore[arg-type]
    # DS9 truncates to the level below, and has about a thousand colours in all.
    assert np.abs(levels(ramp.export())[:, 0] - ours).max() < 2


def test_exponent_of_log_is_that_of_ds9(ramp: Any) -> None:
    ramp.set("scale", "log")
    ramp.set("scale", "log", "exp", 50)
    ours = scale_table(Stretch("log", 50)) / (SCALE_CODES - 1) * 255
    drawn = levels(ramp.export())[:, 0]
    ramp.set("scale", "log", "exp", 1000)
    assert np.abs(drawn - ours).max() < 2


def test_histogram_equalisation_is_that_of_ds9(ramp: Any) -> None:
    # Squares: many small values, few large ones.
    image = (np.arange(SCALE_CODES, dtype=np.float32) ** 2 / SCALE_CODES).reshape(128, 128)
    ramp.show(image)
    ramp.set("zoom", "to", 1)
    low, high = ramp.limits("mode", "minmax")
    ramp.set("scale", "histequ")
    table = equalised_table(image, low, high)
    steps = ((image.ravel() - low) / (high - low) * (SCALE_CODES - 1) + 0.5).astype(int)
    ours = table[steps] / (SCALE_CODES - 1) * 255
    drawn = levels(ramp.export())[:, 0]
    ramp.set("scale", "linear")
    assert np.abs(drawn - ours).max() < 3


@pytest.mark.parametrize("name", DS9_NAMES)
def test_colour_map_equals_the_one_ds9_saves(ds9: Any, name: str) -> None:
    path = ds9.folder / f"{name}.sao"
    ds9.set("cmap", name)
    ds9.set("cmap", "save", path)
    ds9.set("cmap", "grey")
    saved = colours_in(path.read_text())
    np.testing.assert_allclose(rgb(name), saved, atol=2e-4)


def colours_in(text: str) -> np.ndarray:
    """Colours at our steps from DS9's two kinds of colour map files."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    x = np.arange(SCALE_CODES) / SCALE_CODES
    if lines[0] != "PSEUDOCOLOR":
        table = np.array([line.split() for line in lines], float)
        return table[(x * len(table)).astype(int)]
    channels = []
    for line in lines:
        if line.startswith("("):
            points = np.array([pair.split(",") for pair in re.findall(r"\(([^)]*)\)", line)], float)
            channels.append(np.interp(x, *points.T))
    return np.stack(channels, axis=1)


@pytest.mark.parametrize("name", ["grey", "b", "cool"])
@pytest.mark.parametrize(("contrast", "bias"), [(1, 0.5), (2, 0.5), (3, 0.7), (0.5, 0.4), (1, 0.3)])
@pytest.mark.parametrize("inverted", [False, True])
def test_contrast_bias_and_inversion_act_as_in_ds9(
    ramp: Any, name: str, contrast: float, bias: float, inverted: bool
) -> None:
    ramp.set("cmap", name)
    ramp.set("cmap", "value", contrast, bias)
    ramp.set("cmap", "invert", "yes" if inverted else "no")
    drawn = levels(ramp.export())
    table = colour_table(name, inverted, contrast, bias)[:SCALE_CODES]
    ours = np.stack([table >> 16 & 255, table >> 8 & 255, table & 255], axis=1).astype(int)
    # One of DS9's thousand colours, on the steepest slope of a map, at this contrast.
    assert np.abs(drawn - ours).max() <= 2 + 1.5 * contrast
