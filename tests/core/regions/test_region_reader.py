"""Region files as DS9, CIAO and people write them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.pointing import Pointing
from nightglass.core.regions.marks import Point, Sketch, Text, Vector
from nightglass.core.regions.shapes import (
    Annulus,
    Box,
    BoxAnnulus,
    Circle,
    Ellipse,
    EllipseAnnulus,
    Polygon,
    Shape,
)
from nightglass.core.regions.systems import Surroundings
from nightglass.core.regions.text.document import read_document
from nightglass.core.regions.text.reader import LARGEST_BYTES, parse_regions, read_regions

if TYPE_CHECKING:
    from pathlib import Path

DS9_FILE = """# Region file format: DS9 version 4.1
# Filename: capture; copy.fits
global color=green dashlist=8 3 width=1 font="helvetica 10 normal roman" select=1 source=1
image
circle(40.5,20.25,3.5) # color=red text={star; # 1} tag={first} tag={two words}
-box(10,12,8,4,20) # width=2
annulus(40.5,20.25,6,9) # background
# vector(1,2,30,45) vector=1
# text(12,13) text={say (hi)}
panda(10,12,0,360,4,3,6,1)
# composite(10,12,0) || composite=1
ellipse(10,12,5,3,30) ||
point(3,4) # point=x 11
"""
SKY = Pointing(83.63, -22.01, 33.0, 0.4, (31.5, 24.5))


def shapes(text: str, **surroundings: object) -> list[Shape | None]:
    around = Surroundings(**surroundings)  # type: ignore[arg-type]
    return [entry.shape for entry in parse_regions(text, around).entries]


def test_a_file_of_ds9_is_read_with_all_its_words() -> None:
    circle, box, annulus, vector, text, panda, composite, ellipse, point = parse_regions(
        DS9_FILE
    ).entries
    assert circle.shape == Circle(40.5, 20.25, 3.5)
    assert (circle.text, circle.tags) == ("star; # 1", ("first", "two words"))
    assert circle.properties["color"] == "red"
    assert circle.properties["dashlist"] == "8 3"
    assert circle.properties["font"] == "helvetica 10 normal roman"
    assert (circle.include, circle.background, circle.line) == (True, False, 5)
    assert (box.shape, box.include) == (Box(10, 12, 8, 4, 20), False)
    assert (annulus.shape, annulus.background) == (Annulus(40.5, 20.25, 6, 9), True)
    kept = (vector, text, panda, composite)
    assert [entry.kind for entry in kept] == ["vector", "text", "panda", "composite"]
    assert [entry.shape for entry in kept[:2]] == [Vector(1, 2, 30, 45), Text(12, 13)]
    assert all(isinstance(entry.shape, Sketch) for entry in kept[2:])
    assert not any(entry.has_pixels for entry in kept)
    assert text.text == "say (hi)"
    assert text.raw == "# text(12,13) text={say (hi)}"
    assert panda.raw == "panda(10,12,0,360,4,3,6,1)"
    assert ellipse.shape == Ellipse(10, 12, 5, 3, 30)
    assert (point.shape, point.has_pixels) == (Point(3, 4), False)


@pytest.mark.parametrize(
    "text",
    [
        "circle(10,11,3)", "circle(10,11,3)\r\n", "image;circle(10,11,3)", "+circle( 10 , 11 , 3 )",
        "circle 10 11 3", "CIRCLE(1e1, 11., +3)", "physical\ncircle(10p 11p 3p)",
        "circle 10i 11i 3i",
        "\ufeff# comment\n\n  circle(10,11,3) ; ", "image circle(10,11,3)",
    ],
)  # fmt: skip
def test_one_circle_may_be_written_in_many_ways(text: str, tmp_path: Path) -> None:
    path = tmp_path / "one.reg"
    path.write_text(text, newline="")
    (entry,) = read_regions(path).entries
    assert entry.shape == Circle(10, 11, 3)
    assert entry.include


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rotbox(10,11,4,2,30)", [Box(10, 11, 4, 2, 30)]),
        ("box(10,11,4,2)", [Box(10, 11, 4, 2, 0)]),
        ("rectangle(2,3,8,13)", [Box(5, 8, 6, 10, 0)]),
        ("ellipse(10,11,2,1,6,4,30)", [EllipseAnnulus(10, 11, 2, 1, 6, 4, 30)]),
        (
            "box(9,9,2,1,6,4,8,8,30)",
            [BoxAnnulus(9, 9, 2, 1, 6, 4, 30), BoxAnnulus(9, 9, 6, 4, 8, 8, 30)],
        ),
        ("annulus(1,2,3,4,7)", [Annulus(1, 2, 3, 4), Annulus(1, 2, 4, 7)]),
        ("annulus(1,2,3,9,n=3)", [Annulus(1, 2, 3, 5), Annulus(1, 2, 5, 7), Annulus(1, 2, 7, 9)]),
        ("polygon(1,2,5,2,3,8)", [Polygon(((1, 2), (5, 2), (3, 8)))]),
        ("circle(1,2,3)-circle(1,2,1)", [Circle(1, 2, 3), Circle(1, 2, 1)]),
        (
            "circle(1,2,3);box(4,5,2,2,0)\nimage\ncircle(5,5,1)",
            [Circle(1, 2, 3), Box(4, 5, 2, 2), Circle(5, 5, 1)],
        ),
    ],
)  # fmt: skip
def test_shapes_of_ds9_and_ciao(text: str, expected: list[Shape]) -> None:
    assert shapes(text) == expected


def test_a_region_in_a_comment_is_a_comment() -> None:
    text = "# circle(1,2,3)\n# text(1,2) text={a;b};circle(4,5,6);# box(1,2,3,4);circle(7,8,9)\n"
    kept, circle = parse_regions(text).entries
    assert (kept.kind, kept.text, circle.shape) == ("text", "a;b", Circle(4, 5, 6))


def test_the_last_digit_of_an_angle_is_kept_without_a_line_end() -> None:
    assert shapes("ellipse(10,11,2,1,123)") == [Ellipse(10, 11, 2, 1, 123)]


@pytest.mark.parametrize(
    ("words", "is_sky"),
    [
        ("# background", True), ("# source", False), ("", False), ("# source=0", True),
        ("# background=0", False), ("# color=red background width=2", True),
        ("# text={background}", False),
    ],
)  # fmt: skip
def test_background_is_a_property(words: str, is_sky: bool) -> None:
    assert parse_regions(f"circle(1,2,3) {words}").entries[0].background is is_sky


def test_global_properties_hold_until_a_region_says_otherwise() -> None:
    text = (
        "global background color=blue include=0\ncircle(1,2,3)\n+circle(1,2,3) # source color=red"
    )
    first, second = parse_regions(text).entries
    assert (first.background, first.include, first.properties["color"]) == (True, False, "blue")
    assert (second.background, second.include, second.properties["color"]) == (False, True, "red")


def test_the_property_include_goes_before_the_sign_as_in_ds9() -> None:
    text = "-circle(1,2,3) # include=1\ncircle(1,2,3) # include=0"
    assert [entry.include for entry in parse_regions(text).entries] == [True, False]


def test_physical_follows_the_cards() -> None:
    cards = {"LTM1_1": 0.5, "LTM2_2": 0.5, "LTV1": 10.0, "LTV2": -3.0}
    text = "circle(20,40,6)\nimage\ncircle(20,40,6)"
    assert shapes(text, cards=cards) == [Circle(20, 17, 3), Circle(20, 40, 6)]


def test_a_turned_physical_system_turns_angles() -> None:
    cards = {"LTM1_1": 0.0, "LTM1_2": -1.0, "LTM2_1": 1.0, "LTM2_2": 0.0}
    (shape,) = shapes("ellipse(3,4,2,1,20)", cards=cards)
    assert isinstance(shape, Ellipse)
    assert (shape.x, shape.y) == (-4, 3)
    assert shape.angle == pytest.approx(110)


def test_detector_pixels_are_those_of_the_sensor() -> None:
    # Binned by 2 from sensor column 100 (0-based): the first pixel is sensor pixels 101 and 102.
    text = "detector\ncircle(101.5,301.5,8)"
    assert shapes(text, corner=(100, 300), binning=2) == [Circle(1, 1, 4)]
    assert shapes(text, corner=(100, 300)) == [Circle(1.5, 1.5, 8)]


@pytest.mark.parametrize(
    "text",
    [
        'fk5\ncircle(5:34:31.2,-22:00:36,4")', "icrs;circle(83.63,-22.01,0.001111111111)",
        'fk5;circle(5h34m31.2s,-22d0m36s,4")', "fk5;circle(83.63d,-22.01d,10i)",
        "circle(5:34:31.2,-22:00:36,10)", "j2000;circle(83d37m48s,-22.01,0.0666666666')",
        "fk5;circle(1.459618853r,-0.3841469683r,1.9392547e-5r)",
    ],
)  # fmt: skip
def test_places_on_the_sky(text: str) -> None:
    (shape,) = shapes(text, sky=SKY)
    assert isinstance(shape, Circle)
    # FK5 lies 0.025 arcsec from ICRS, in which the telescope points.
    assert (shape.x, shape.y, shape.r) == pytest.approx((32.5, 25.5, 10), abs=0.026 / 0.4)


def test_galactic_places_are_those_of_astropy() -> None:
    from astropy.coordinates import SkyCoord

    place = SkyCoord(83.6302, -22.0103, unit="deg", frame="icrs")
    text = f'galactic\ncircle({place.galactic.l.deg:.9f},{place.galactic.b.deg:.9f},4")'
    (shape,) = shapes(text, sky=SKY)
    assert isinstance(shape, Circle)
    column, row = SKY.pixel(83.6302, -22.0103)
    assert (shape.x, shape.y) == pytest.approx((column + 1, row + 1), abs=1e-3)


@pytest.mark.parametrize(
    ("text", "word", "line"),
    [
        ("image\ncircle(10,11,x3)", "x3", 2), ("circle(10,1.1.1,3)", "1.1.1", 1),
        ("circle(10,11)", "circle", 1), ("circle(10,11,3,4)", "circle", 1),
        ("\n\ncirle(10,11,3)", "cirle", 3), ("circle(10,11,3", "(10,11,3", 1),
        ("circle(10,11,3) red", "red", 1), ("circle(10,11,-3)", "-3", 1),
        ("circle(10,11,nan)", "nan", 1), ("circle(1e999,11,3)", "1e999", 1),
        ("circle(10,11,1e13)", "1e13", 1), ("circle(1e13,11,3)", "1e13,11", 1),
        ("circle(10,11,\x1b3)", r"\x1b3", 1), ("x" * 99 + "(1)", "x" * 60 + "...", 1),
        ("annulus(1,2,4,3)", "annulus", 1), ("polygon(1,2,3,4)", "polygon", 1),
        ("fk4;circle(10,11,3)", "fk4", 1), ("fk5\ncircle(10,11,3)", "10", 2),
        ("image\ncircle(10,11,3\")", '3"', 2), ("circle(5:61:00,1,3)", "5:61:00", 1),
        ("&&", "&&", 1), ("circle(10i,5:00:00,3)", "10i,5:00:00", 1),
    ],
)  # fmt: skip
def test_trouble_names_the_word_the_line_and_the_file(
    text: str, word: str, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "bad.reg"
    path.write_text(text)
    with pytest.raises(NightglassError) as caught:
        read_regions(path)
    assert f"'{word}' in line {line} of {path}" in caught.value.text
    assert caught.value.path == str(path)


@pytest.mark.parametrize("text", ["", "\n# only words\n", "image\n", "global color=red"])
def test_a_file_without_regions_says_so(text: str) -> None:
    with pytest.raises(NightglassError, match="has no region"):
        parse_regions(text)


def test_a_file_too_large_to_be_read_whole_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vast.reg"
    with path.open("wb") as file:
        file.write(b"circle(1,2,3)\n")
        file.truncate(LARGEST_BYTES + 1)
    for read in (read_regions, read_document):
        with pytest.raises(NightglassError, match=r"vast.reg has more than 16 MB"):
            read(path)


def test_an_absent_file_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        read_regions(tmp_path / "none.reg")


PIECES = st.sampled_from(
    ["circle", "(", ")", "10", ",", " ", ";", "#", "\n", "text={", "}", '"', "'", "-", "image",
     "fk5", "5:12:03", "polygon(1,2,3,4,5,6)", "global ", "=", "tag", "box 1 2 3 4", "n=2", "é"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_gives_regions_or_a_clear_error(text: str) -> None:
    try:
        told = repr(parse_regions(text).entries)
    except NightglassError as error:
        told = error.text
    assert "RegionEntry(" in told or "has no region" in told or " in line " in told


def test_a_thousand_regions_are_many_but_no_trouble() -> None:
    lines = [f"circle({x},{x + 1},3) # color=red text={{star {x}}}" for x in range(1000)]
    started = time.perf_counter()
    entries = parse_regions("image\n" + "\n".join(lines)).entries
    print(f"{(time.perf_counter() - started) * 1e3:.1f} ms")
    assert [entry.text for entry in entries][:2] == ["star 0", "star 1"]
    assert len(entries) == 1000
    assert np.all([entry.has_pixels for entry in entries])
