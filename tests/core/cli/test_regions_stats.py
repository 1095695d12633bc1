"""`nightglass regions stats`: the numbers, the frames, the systems, and bad input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core import cli
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.shapes import Circle
from nightglass.core.regions.text.reader import parse_regions

from ..lightspeed.writer import CubeSpec, pixels, write_capture

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]
SPEC = CubeSpec(rows=12, columns=16, bundles=5, per_bundle=2)
GAIN = 1 / 0.107
NAMES = ("sum", "mean", "median", "std", "min", "max")
KEYS = {
    "kind", "text", "npix", *NAMES, "centroid", "fwhm_px", "saturated", "flux_e", "flux_error_e",
    "snr",
}  # fmt: skip
ROI = """image
circle(8.2,6.1,3.3) # text={star}
annulus(8,6,3.5,4.5,5.5) # background
point(3,4)
# text(3,4) text={here}
-box(9,6,1.5,1.5,0)
circle(400,6,3)
"""


def run(*words: object) -> int:
    """Run the words after `nightglass regions stats`."""
    return cli.main(["regions", "stats", *map(str, words)])


def told(capsys: Said, *words: object) -> dict[str, Any]:
    capsys.readouterr()
    assert run(*words, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refusal(capsys: Said, *words: object) -> str:
    capsys.readouterr()
    try:
        code: Any = run(*words)
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    (sentence,) = said.err.splitlines()
    assert "Unexpected trouble" not in sentence
    return sentence


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    return write_capture(tmp_path, SPEC, (1, 2))[0]


@pytest.fixture
def roi(tmp_path: Path) -> Path:
    path = tmp_path / "some.reg"
    path.write_text(ROI, encoding="utf-8")
    return path


def frames() -> Any:
    return np.concatenate([pixels(SPEC, number) for number in (1, 2)])


def masks() -> dict[int, Any]:
    """Pixels of the regions that have some, by their place in the file."""
    entries = parse_regions(ROI).entries
    hole = next(entry for entry in entries if not entry.include)
    numbered = dict(enumerate(entries))
    found = {k: mask_of([numbered[k], hole], (12, 16)) for k in (0, 1, 2)}
    return found | {5: mask_of(numbered[5].shape, (12, 16))}


def assert_numbers(region: dict[str, Any], values: Any) -> None:
    values = values.astype(float)
    for name in NAMES:
        electrons = (values - 199.5) / GAIN
        assert region[name]["adu"] == pytest.approx(getattr(np, name)(values), rel=1e-12)
        assert region[name]["electrons"] == pytest.approx(getattr(np, name)(electrons), rel=1e-6)


@pytest.mark.parametrize(("words", "frame"), [((), 0), (("--frame", 13), 13)])
def test_numbers_of_one_frame(
    cube: Path, roi: Path, capsys: Said, words: tuple[object, ...], frame: int
) -> None:
    found = told(capsys, cube, "--roi", roi, *words)
    assert (found["frame"], found["unit"], found["method"]) == (frame, "ADU", "center")
    kinds = ["circle", "annulus", "annulus", "point", "text", "box", "circle"]
    assert [region["kind"] for region in found["regions"]] == kinds
    assert all(set(region) == KEYS for region in found["regions"])
    assert [found["regions"][k]["text"] for k in (0, 4)] == ["star", "here"]
    for place, mask in masks().items():
        region = found["regions"][place]
        assert region["npix"] == mask.sum()
        assert isinstance(region["npix"], int)
        assert_numbers(region, frames()[frame][mask])
    for place in (3, 4, 6):
        region = found["regions"][place]
        assert (region["npix"], region["sum"]) == (0, {"adu": None, "electrons": None})
    assert found["regions"][0]["flux_error_e"] > 0
    assert found["regions"][1]["flux_e"] is None


def test_numbers_of_all_frames(cube: Path, roi: Path, capsys: Said) -> None:
    found = told(capsys, cube, "--roi", roi, "--all")
    assert found["frames"] == 20
    assert "frame" not in found
    for place, mask in masks().items():
        region = found["regions"][place]
        assert region["npix"] == mask.sum()
        assert_numbers(region, frames()[:, mask])


def test_parts_of_pixels(cube: Path, roi: Path, capsys: Said) -> None:
    roi.write_text("image\ncircle(8.2,6.1,3.3)\n")
    for method in ("exact", "subpixel"):
        found = told(capsys, cube, "--roi", roi, "--method", method)
        area = np.pi * 3.3**2
        assert found["regions"][0]["npix"] == pytest.approx(
            area, rel=1e-9 if method == "exact" else 0.02
        )


def test_a_star_has_place_and_width(tmp_path: Path, capsys: Said) -> None:
    y, x = np.mgrid[1:41, 1:51]
    light = 2000 * np.exp(-((x - 22.3) ** 2 + (y - 18.6) ** 2) / (2 * 1.8**2))
    path, roi = tmp_path / "star.fits", tmp_path / "star.reg"
    fits.writeto(path, np.random.default_rng(1).poisson(300 + light).astype(np.uint16))
    roi.write_text("circle(22,18,8)\nannulus(22,18,10,14) # background\n")
    (region, _) = told(capsys, path, "--roi", roi)["regions"]
    assert region["centroid"] == pytest.approx({"x": 22.3, "y": 18.6}, abs=0.1)
    assert region["fwhm_px"] == pytest.approx(2.3548 * 1.8, rel=0.03)
    assert region["flux_e"] == pytest.approx(2000 * 2 * np.pi * 1.8**2 / 8.5, rel=0.03)
    assert region["snr"] == region["flux_e"] / region["flux_error_e"]
    assert run(path, "--roi", roi) == 0
    assert "22.3" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["detector\ncircle(1056.2,518.1,3.3)", "circle(8.2,6.1,3.3)"])
def test_systems_are_those_of_the_capture(cube: Path, roi: Path, capsys: Said, text: str) -> None:
    roi.write_text(text)
    (region,) = told(capsys, cube, "--roi", roi)["regions"]
    mask = mask_of(Circle(8.2, 6.1, 3.3), (12, 16))
    assert_numbers(region, frames()[0][mask])


def test_places_on_the_sky_are_found(cube: Path, roi: Path, capsys: Said) -> None:
    # The pointing is the middle of the frame, (8.5, 6.5).
    roi.write_text('icrs\ncircle(5:34:31.9,+22:00:52,0.165")\n')
    (region,) = told(capsys, cube, "--roi", roi)["regions"]
    mask = mask_of(Circle(8.5, 6.5, 3.3), (12, 16))
    assert_numbers(region, frames()[0][mask])


def test_an_image_of_rates_has_no_electrons(tmp_path: Path, roi: Path, capsys: Said) -> None:
    data = np.random.default_rng(1).normal(3, 1, (12, 16))
    data[6, 8] = np.nan
    path = tmp_path / "rates.fits"
    fits.writeto(path, data, fits.Header({"BUNIT": "electron/s"}))
    found = told(capsys, path, "--roi", roi)
    assert found["unit"] == "electron/s"
    values = data[masks()[0]]
    assert found["regions"][0]["npix"] == np.isfinite(values).sum()
    assert found["regions"][0]["sum"]["adu"] == pytest.approx(np.nansum(values))
    assert found["regions"][0]["sum"]["electrons"] is None
    assert found["regions"][0]["flux_e"] is None


def test_an_image_with_a_projection_takes_places_on_the_sky(
    tmp_path: Path, roi: Path, capsys: Said
) -> None:
    header = fits.Header(
        {
            "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 83.0, "CRVAL2": 22.0,
            "CRPIX1": 8.2, "CRPIX2": 6.1, "CDELT1": -1e-4, "CDELT2": 1e-4, "RADESYS": "FK5",
        }
    )  # fmt: skip
    data = np.random.default_rng(1).poisson(300, (12, 16)).astype(np.uint16)
    path = tmp_path / "sky.fits"
    fits.writeto(path, data, header)
    roi.write_text("fk5\ncircle(83,22,3.3e-4)\n")
    (region,) = told(capsys, path, "--roi", roi)["regions"]
    assert region["sum"]["adu"] == data[mask_of(Circle(8.2, 6.1, 3.3), (12, 16))].sum()


def test_the_median_of_many_real_frames_is_said_to_be_missing(
    tmp_path: Path, roi: Path, capsys: Said
) -> None:
    path = tmp_path / "cube.fits"
    fits.writeto(path, np.ones((3, 12, 16), np.float32))
    assert run(path, "--roi", roi, "--all") == 0
    said = capsys.readouterr()
    assert said.err == (
        "nightglass: The median over all frames is told for whole counts of 8 or 16 bits only.\n"
    )
    assert "all of 3 frames" in said.out


def test_the_table_tells_counts_and_electrons(cube: Path, roi: Path, capsys: Said) -> None:
    assert run(cube, "--roi", roi, "--frame", 2) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "7 regions on frame 2"
    assert lines[1].split()[:4] == ["region", "npix", "sum", "mean"]
    assert lines[2].startswith("star, ADU")
    assert lines[3].startswith("  electrons")
    star = frames()[2][masks()[0]]
    assert str(star.sum()) in lines[2].split()


@pytest.mark.parametrize(
    ("capture", "roi_text", "words", "why"),
    [
        ("absent.fits", ROI, (), "absent.fits is not there"),
        ("text.fits", ROI, (), "text.fits"),
        ("no_data.fits", ROI, (), "no_data.fits"),
        ("two", ROI, (), "There are 2"),
        (None, None, (), "some.reg is not there"),
        (None, "", (), "has no region"),
        (None, "circle(a,2,3)", (), "'a' in line 1"),
        (None, "circle(8,6,-3)", (), "negative length"),
        (None, ROI, ("--frame", "20"), "has no frame 20: its frames are 0 to 19"),
        (None, ROI, ("--frame", "-1"), "-1"),
        (None, ROI, ("--frame", "2.5"), "2.5 is not the number of a frame"),
        (None, ROI, ("--frame", "2", "--all"), "not allowed with"),
        (None, ROI, ("--method", "best"), "'best' is none of"),
    ],
)
def test_bad_input_ends_with_one_sentence(
    cube: Path, roi: Path, tmp_path: Path, capsys: Said, capture: str | None,
    roi_text: str | None, words: tuple[str, ...], why: str,
) -> None:  # fmt: skip
    (tmp_path / "text.fits").write_text("This is no FITS file.\n")
    fits.PrimaryHDU().writeto(tmp_path / "no_data.fits")
    (tmp_path / "two").mkdir()
    for name in ("one", "other"):
        write_capture(tmp_path / "two", SPEC.with_(object_name=name), (1,))
    roi.unlink()
    if roi_text is not None:
        roi.write_text(roi_text)
    path = cube if capture is None else tmp_path / capture
    assert why in refusal(capsys, path, "--roi", roi, *words)


def test_a_name_gives_no_orders_to_the_terminal(cube: Path, roi: Path, capsys: Said) -> None:
    roi.write_text("circle(8,6,3) # text={\x1b[31m\u202ere\xe9d}\n", encoding="utf-8")
    assert run(cube, "--roi", roi) == 0
    assert "\\x1b[31m\\u202ere\xe9d, ADU" in capsys.readouterr().out


def test_numbers_beyond_all_numbers_are_null(tmp_path: Path, roi: Path, capsys: Said) -> None:
    path = tmp_path / "vast.fits"
    cube = np.full((3, 12, 16), 1e200)
    cube[:, 5, 7] = -1e200
    fits.writeto(path, cube)
    for words in ((), ("--all",), ("--method", "exact"), ("--all", "--method", "exact")):
        region = told(capsys, path, "--roi", roi, *words)["regions"][0]
        assert region["max"]["adu"] == 1e200
        assert region["std"]["adu"] is None


def test_a_region_file_has_to_be_named(cube: Path, capsys: Said) -> None:
    assert "missing: --roi" in refusal(capsys, cube)
