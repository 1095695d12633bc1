"""`nightglass regions convert`: files in other coordinates, and what it says when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.io import fits
from nightglass.core import cli
from nightglass.core.regions.shapes import Box, Circle
from nightglass.core.regions.text.document import read_document

from .pictures import capture, refusal, summary

Said = pytest.CaptureFixture[str]

FILE = """# Region file format: DS9 version 4.1
global color=green width=1
# mine
image
circle(40.5,20.25,3.5) # color=red text={star}
-box(10,12,8,4,20)
tile 2
"""


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "in.reg"
    path.write_text(FILE)
    return path


@pytest.fixture
def field(tmp_path: Path) -> Path:
    """A FITS image of 64 x 50 pixels with a sky and physical coordinates."""
    header = fits.Header(
        {
            "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 83.63, "CRVAL2": -22.01,
            "CRPIX1": 32.5, "CRPIX2": 25.5, "CDELT1": -1e-4, "CDELT2": 1e-4, "RADESYS": "FK5",
            "EQUINOX": 2000.0, "LTV1": -100.0, "LTV2": -50.0, "LTM1_1": 0.5, "LTM2_2": 0.5,
        }
    )  # fmt: skip
    path = tmp_path / "field.fits"
    fits.writeto(path, np.ones((50, 64), np.float32), header)
    return path


def convert(*words: object) -> str:
    assert cli.main(["regions", "convert", "in.reg", "out.reg", *map(str, words)]) == 0
    return Path("out.reg").read_text()


def test_without_options_the_file_is_copied_to_the_byte(drawn: Path) -> None:
    drawn.write_bytes(b"\xef\xbb\xbfimage\r\ncircle(1,2,3) # text={caf\xe9}\r\nodd line")
    assert cli.main(["regions", "convert", "in.reg", "out.reg"]) == 0
    assert Path("out.reg").read_bytes() == drawn.read_bytes()


def test_a_file_without_regions_is_said_to_be_one(drawn: Path, capsys: Said) -> None:
    drawn.write_text("SIMPLE = T\n")
    convert()
    assert capsys.readouterr().err == "nightglass: in.reg has no region.\n"


def test_pixels_are_turned_into_others_without_a_frame(drawn: Path) -> None:
    assert convert("--system", "physical") == FILE.replace("image", "physical")


def test_the_frame_tells_the_physical_coordinates(drawn: Path, field: Path) -> None:
    text = convert("--system", "physical", "--frame-of", field)
    assert "circle(281,140.5,7) # color=red text={star}\n-box(220,124,16,8,20)\n" in text


def test_the_frame_tells_the_sky(drawn: Path, field: Path) -> None:
    text = convert("--system", "fk5", "--frame-of", field)
    assert text.startswith(FILE.partition("image")[0])
    (circle, box), words = read_document("out.reg").entries, text.splitlines()
    assert (circle.system, box.system, words[3]) == ("fk5", "fk5", "fk5")
    ra_deg = float(words[4].partition("(")[2].split(",")[0])
    assert ra_deg == pytest.approx(83.63 - 8e-4 / np.cos(np.radians(22.01)), abs=1e-6)
    assert words[4].endswith('1.26") # color=red text={star}')
    # North is that in the middle of the frame, half a pixel from the projection's centre.
    assert words[5].partition(",2.88")[2].startswith('",1.44",19.9999')


def test_a_cube_tells_its_corner_on_the_sensor(drawn: Path, tmp_path: Path) -> None:
    cube = capture(tmp_path / "sky")
    convert("--system", "detector", "--frame-of", cube)
    back = tmp_path / "back.reg"
    words = ["regions", "convert", "out.reg", str(back), "--system", "image"]
    assert cli.main([*words, "--frame-of", str(cube)]) == 0
    shapes = [entry.shape for entry in read_document(back).entries]
    assert shapes == [Circle(40.5, 20.25, 3.5), Box(10, 12, 8, 4, 20)]


@pytest.mark.parametrize("system", ["fk5", "icrs", "galactic"])
def test_the_sky_is_turned_without_a_frame(drawn: Path, system: str) -> None:
    place = SkyCoord(83.63, -22.01, unit="deg", frame="fk5")
    drawn.write_text('fk5\nbox(83.63,-22.01,4",2",30) # text={a}\nfk4\ncircle(1,2,3)\n')
    text = convert("--system", system)
    box, words = text.splitlines()[1], text.splitlines()
    numbers = [float(word.rstrip('"')) for word in box[4 : box.index(")")].split(",")]
    expected = getattr(place, system).spherical
    assert numbers[:2] == pytest.approx([expected.lon.deg, expected.lat.deg], abs=1e-6)
    assert numbers[2:4] == [4, 2]
    north = SkyCoord(83.63, -22.01 + 1e-4, unit="deg", frame="fk5")
    turn = getattr(place, system).position_angle(getattr(north, system)).deg
    assert (numbers[4] - 30 - turn + 180) % 360 - 180 == pytest.approx(0, abs=1e-4)
    assert (words[0], words[2:]) == (system, ["fk4", "circle(1,2,3)"])


def test_ciao_has_bare_shapes_and_says_what_it_leaves_out(drawn: Path, capsys: Said) -> None:
    drawn.write_text(FILE + "annulus(9,9,1,2,3)\n# text(3,4) text={x}\n")
    text = convert("--format", "ciao")
    assert text == (
        "circle(40.5,20.25,3.5)\n-box(10,12,8,4,20)\nannulus(9,9,1,2)\nannulus(9,9,2,3)\n"
    )
    assert "no word for text: left out" in capsys.readouterr().err


def test_json_tells_the_count_and_the_file(drawn: Path, capsys: Said) -> None:
    told = summary(capsys, "regions", "convert", "in.reg", "out.reg", "--system", "image")
    assert told.pop("seconds") >= 0
    assert told == {"outputs": ["out.reg"], "regions": 2, "left_out": [], "kept": []}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["in.reg", "out.reg", "--system", "fk5"], "Line 5 of in.reg is in image coordinates"),
        (["in.reg", "out.reg", "--system", "detector"], "Name a cube or FITS image"),
        (["sky.reg", "out.reg", "--system", "image"], "Line 1 of sky.reg is in fk5 coordinates"),
        (["sky.reg", "out.reg", "--format", "ciao"], "--frame-of"),
        (["in.reg", "out.reg", "--format", "ciao", "--system", "galactic"], "--frame-of"),
        (["sky.reg", "out.reg", "--format", "ciao", "--system", "icrs"], "physical or fk5"),
        (["in.reg", "in.reg"], "is not replaced"),
        (["none.reg", "out.reg"], "is not there"),
        (["in.reg", "no/out.reg"], "does not exist"),
        (["in.reg", "out.reg", "--system", "linear"], "is none of"),
        (["in.reg", "out.reg", "--system", "fk5", "--frame-of", "in.reg"], "in.reg"),
        (["in.reg"], "missing"),
    ],
)  # fmt: skip
def test_trouble_is_one_sentence(drawn: Path, words: list[str], why: str, capsys: Said) -> None:
    Path("sky.reg").write_text('fk5;circle(83.63,-22.01,3")')
    assert why in refusal(capsys, "regions", "convert", *words)
    assert not Path("out.reg").exists()


def test_an_existing_file_is_replaced_when_told(drawn: Path) -> None:
    Path("out.reg").write_text("old")
    assert convert("--clobber") == FILE


def test_the_window_runs_the_same_words(drawn: Path) -> None:
    from nightglass.core.cli.science import execute
    from nightglass.core.engine.jobs import JobContext

    outcome = execute(["regions", "convert", "in.reg", "out.reg"], JobContext())
    assert json.dumps(outcome.summary)
    assert Path("out.reg").read_text() == FILE
