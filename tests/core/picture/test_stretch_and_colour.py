"""From the limits to colours: scales, colour maps, contrast and bias."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.picture.codes import (
    BLANK_CODE,
    NAN_CODE,
    SATURATED_CODE,
    SCALE_CODES,
    TABLE_SIZE,
)
from nightglass.core.picture.colour import Specials, colour_table, names, rgb
from nightglass.core.picture.render import recolour
from nightglass.core.picture.stretch import (
    STRETCHES,
    Stretch,
    equalised_table,
    scale_table,
    spread,
)

DS9_NAMES = (
    "grey red green blue a b bb he i8 aips0 sls hsv heat cool rainbow standard staircase color"
)
FORMULAE = [kind for kind in STRETCHES if kind != "histogram"]


def channels(table: np.ndarray) -> np.ndarray:
    return np.stack([table >> 16 & 255, table >> 8 & 255, table & 255], axis=-1)


@pytest.mark.parametrize("kind", FORMULAE)
def test_scale_rises_from_the_first_to_the_last_colour(kind) -> None:
    table = scale_table(Stretch(kind)).astype(int)
    assert table[0] == 0
    assert (np.diff(table) >= 0).all()
    assert table[-1] >= 0.998 * (SCALE_CODES - 1)


@pytest.mark.parametrize(
    ("kind", "half"),
    [
        ("linear", 0.5),
        ("log", 0.89996),  # ln 501 / ln 1000
        ("sqrt", 0.70711),
        ("squared", 0.25),
        ("asinh", 0.77081),  # asinh 5 / 3
        ("sinh", 0.21293),  # sinh 1.5 / 10
        ("power", 0.03062),  # (sqrt 1000 - 1) / 1000
    ],
)
def test_middle_of_the_range_lies_where_the_formula_says(kind, half) -> None:
    assert spread(np.array([0.5]), Stretch(kind))[0] == pytest.approx(half, rel=2e-4)


@pytest.mark.parametrize("exponent", [1.0, 0.0, -5.0, float("nan")])
def test_exponent_without_a_logarithm_is_refused(exponent) -> None:
    with pytest.raises(ValueError, match="exponent"):
        Stretch("log", exponent)


@given(st.floats(1.001, 1e6))
def test_any_exponent_stays_on_the_scale(exponent) -> None:
    for kind in ("log", "power"):
        table = scale_table(Stretch(kind, exponent))
        assert table.max() < SCALE_CODES


def test_equalised_scale_is_the_share_of_fainter_pixels() -> None:
    values = np.random.default_rng(1).exponential(100, 50000)
    table = equalised_table(values, 0.0, 1000.0)
    steps = np.array([100, 1000, 5000, 12000])
    below = [(values < step * 1000 / (SCALE_CODES - 1)).mean() for step in steps]
    np.testing.assert_allclose(table[steps] / (SCALE_CODES - 1), below, atol=2e-3)


def test_equalised_scale_without_pixels_is_linear() -> None:
    table = equalised_table(np.array([]), 0.0, 1.0)
    np.testing.assert_array_equal(table, scale_table(Stretch("linear")))


def test_colour_maps_have_the_names_of_ds9_and_matplotlib() -> None:
    wanted = [*DS9_NAMES.split(), "viridis", "inferno", "magma", "plasma", "cividis", "turbo"]
    assert list(names()) == wanted


@pytest.mark.parametrize("name", names())
def test_colour_map_fills_the_table_with_opaque_colours(name) -> None:
    table = colour_table(name)
    assert table.dtype == np.uint32
    assert table.shape == (TABLE_SIZE,)
    assert (table >> 24 == 255).all()
    np.testing.assert_allclose(channels(table[:SCALE_CODES]), rgb(name) * 255, atol=0.5001)


@pytest.mark.parametrize("name", names()[18:])
def test_maps_after_those_of_ds9_are_those_of_matplotlib(name) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    wanted = matplotlib.colormaps[name](np.arange(SCALE_CODES) // 64)[:, :3] * 255
    np.testing.assert_allclose(channels(colour_table(name)[:SCALE_CODES]), wanted, atol=0.6)


def test_unknown_colour_map_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        colour_table("octarine")


def test_grey_runs_from_black_to_white_and_inverted_back() -> None:
    table = channels(colour_table("grey")[:SCALE_CODES])
    assert table[0].tolist() == [0, 0, 0]
    assert table[-1].tolist() == [255, 255, 255]
    inverted = channels(colour_table("grey", inverted=True)[:SCALE_CODES])
    np.testing.assert_array_equal(inverted, table[::-1])


@given(st.floats(0.1, 10), st.floats(-0.5, 1.5), st.booleans())
def test_contrast_and_bias_move_along_the_map(contrast, bias, inverted) -> None:
    x = np.arange(SCALE_CODES) / SCALE_CODES
    level = np.clip((x - bias) * contrast + 0.5, 0, 1) * 255
    wanted = 255 - level if inverted else level
    drawn = channels(colour_table("grey", inverted, contrast, bias)[:SCALE_CODES])[:, 0]
    np.testing.assert_allclose(drawn, wanted, atol=0.6)


def test_special_cells_have_their_own_colours() -> None:
    table = colour_table(
        "heat", specials=Specials(blank=0x010203, nan=0x040506, saturated=0xFF0000)
    )
    assert [hex(table[code]) for code in (BLANK_CODE, NAN_CODE, SATURATED_CODE)] == [
        "0xff010203",
        "0xff040506",
        "0xffff0000",
    ]
    plain = colour_table("heat", specials=Specials(saturated=None))
    assert plain[SATURATED_CODE] == plain[SCALE_CODES - 1]


def test_recolouring_looks_up_every_code() -> None:
    index = np.random.default_rng(2).integers(0, TABLE_SIZE, (70, 90)).astype(np.uint16)
    table = colour_table("b")
    out = np.zeros(index.shape, np.uint32)
    assert recolour(index, table, out) is out
    np.testing.assert_array_equal(out, table[index])
    np.testing.assert_array_equal(recolour(index, table), out)
