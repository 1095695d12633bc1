"""The pixels of regions against those that a running SAOImage DS9 counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.lightspeed.pointing import Pointing
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.shapes import Box, Ellipse
from nightglass.core.regions.systems import Surroundings
from nightglass.core.regions.text.reader import parse_regions

pytestmark = pytest.mark.ds9

SIDE = 19
TURNS = (0, 30, 45, 60, 90, 120, 180, 270, -90, 450)


def assert_equal_masks(ds9: Any, lines: list[str]) -> None:
    for line, theirs in zip(lines, ds9.masks(lines), strict=True):
        entries = parse_regions(f"image\n{line}\n").entries
        assert len(entries) == len(theirs), line
        for entry, mask in zip(entries, theirs, strict=True):
            y, x = np.mgrid[1 : SIDE + 1, 1 : SIDE + 1].astype(float)
            assert entry.shape is not None
            np.testing.assert_array_equal(entry.shape.contains(x, y), mask, err_msg=line)


def test_regions_in_general_position_hold_the_pixels_of_ds9(region_ds9: Any) -> None:
    generator = np.random.default_rng(4)
    lines = []
    for _ in range(80):
        x, y, a, b = generator.uniform((7, 7, 1, 1), (13, 13, 8, 8))
        place, turn = f"{x:.5f},{y:.5f}", f"{generator.uniform(-400, 400):.4f}"
        lines += [
            f"circle({place},{a:.4f})",
            f"ellipse({place},{a:.4f},{b:.4f},{turn})",
            f"box({place},{a:.4f},{b:.4f},{turn})",
            f"annulus({place},{a / 2:.4f},{a:.4f},{a + 1.3:.4f})",
            f"ellipse({place},{a / 2:.4f},{b / 3:.4f},{a:.4f},{b:.4f},{turn})",
            f"box({place},{a / 2:.4f},{b / 3:.4f},{a:.4f},{b:.4f},{turn})",
        ]
    assert_equal_masks(region_ds9, lines)


def test_outlines_through_centres_of_pixels_are_held_as_in_ds9(region_ds9: Any) -> None:
    generator = np.random.default_rng(5)
    lines = ["annulus(10,10,0,5)", "annulus(10,10,2,8,n=3)", "box(10,10,0,4,0)", "circle(9,9,0)"]
    for _ in range(60):
        x, y, a, b = generator.integers((12, 12, 2, 2), (27, 27, 13, 13)) / 2
        right = 90 * generator.integers(-4, 5)
        lines += [
            f"circle({x},{y},{a})",
            f"circle({x},{y},{np.sqrt(generator.integers(1, 100)) / 2:.17g})",
            f"ellipse({x},{y},{a},{b},{generator.choice(TURNS)})",
            f"box({x},{y},{a},{b},{right})",
            f"annulus({x},{y},{a},{a + b})",
            f"ellipse({x},{y},{a / 2},{b / 2},{a},{b},{right})",
            f"box({x},{y},{a},{b},{2 * a},{2 * b},{right})",
        ]
    assert_equal_masks(region_ds9, lines)


@pytest.mark.parametrize("rotation", [0.0, 33.0, 200.0])
@pytest.mark.parametrize("flip_y", [False, True])
def test_places_on_the_sky_are_those_of_ds9(region_ds9: Any, rotation: float, flip_y: bool) -> None:
    pointing = Pointing(83.63, -22.01, rotation, 0.4, (31.5, 24.5), flip_y=flip_y)
    (xx, xy), (yx, yy) = pointing.cd_matrix()
    path = region_ds9.folder / "sky.fits"
    header = fits.Header(
        {
            "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 83.63, "CRVAL2": -22.01,
            "CRPIX1": 32.5, "CRPIX2": 25.5, "CD1_1": xx, "CD1_2": xy, "CD2_1": yx, "CD2_2": yy,
            "RADESYS": "ICRS",
        }
    )  # fmt: skip
    fits.writeto(path, np.ones((50, 64), np.float32), header, overwrite=True)
    text = (
        'fk5\nellipse(5:34:31.3,-22:00:35.1,4.2",2.1",25)\nbox(83.631,-22.0105,3.6",6",110)\n'
        'galactic\nellipse(225.4475,-26.2721,3.3",6",40)\n'
    )
    region_ds9.call("xpaset", "frame", "new")
    try:
        region_ds9.call("xpaset", "fits", path)
        region_ds9.call("xpaset", "regions", text=text)
        answer = region_ds9.call(
            "xpaget", "regions", "-format", "ds9", "-system", "image", "-strip", "yes"
        )
    finally:
        region_ds9.call("xpaset", "frame", "delete")
    theirs = [entry.shape for entry in parse_regions(answer).entries]
    ours = [entry.shape for entry in parse_regions(text, Surroundings(pointing)).entries]
    assert len(ours) == len(theirs) == 3
    for mine, other in zip(ours, theirs, strict=True):
        assert isinstance(mine, (Ellipse, Box))
        assert type(mine) is type(other)
        numbers, expected = (np.array(list(vars(shape).values())) for shape in (mine, other))
        np.testing.assert_allclose(numbers[:4], expected[:4], atol=5e-3)
        turn = (numbers[4] - expected[4] + 90) % 180 - 90
        assert abs(turn) < 5e-5


def test_a_triangle_is_exact_where_ds9_loses_pixels() -> None:
    triangle = parse_regions("polygon(10.3,10.2,30.4,12.7,22.1,30.6)").entries
    assert mask_of(triangle, (64, 64)).sum() == 190
