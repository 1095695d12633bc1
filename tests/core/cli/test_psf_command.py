"""`nightglass psf`: the star of a file, whoever wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core import cli
from nightglass.core.lightspeed.box import Box
from nightglass.core.lightspeed.image import Image
from nightglass.core.lightspeed.image.wcs import add_frame_cards, add_sky_cards
from nightglass.core.lightspeed.pointing import Pointing

from .pictures import refusal, summary

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]
SIGMA = 1.8


@pytest.fixture
def star(tmp_path: Path) -> Path:
    y, x = np.mgrid[1:41, 1:51]
    data = 3.0 + 500.0 * np.exp(-((x - 22.25) ** 2 + (y - 18.5) ** 2) / (2 * SIGMA**2))
    data[5, 5] = np.nan
    path = tmp_path / "star.fits"
    image = Image(data, np.ones(data.shape))
    image.header["BUNIT"] = "ph/s"
    image.save(path)
    return path


@pytest.fixture
def roi(tmp_path: Path) -> Path:
    path = tmp_path / "star.reg"
    path.write_text("# Region file format: DS9 version 4.1\nimage\ncircle(22,18,9)\n")
    return path


def test_width_place_and_flux_are_told(star: Path, roi: Path, capsys: Said) -> None:
    told = summary(capsys, "psf", "--input", star, "--roi", roi, "--profile", "gaussian")
    assert (told["x"], told["y"]) == pytest.approx((22.25, 18.5), abs=1e-4)
    assert told["major_px"] == pytest.approx(2.35482 * SIGMA, rel=1e-4)
    assert told["minor_arcsec"] == pytest.approx(0.05 * 2.35482 * SIGMA, rel=1e-4)
    assert told["flux"] == pytest.approx(2 * np.pi * SIGMA**2 * 500, rel=1e-4)
    assert told["background"] == pytest.approx(3.0, abs=1e-3)
    assert told["slope"] is None
    assert told["outputs"] == []


def test_words_for_people(star: Path, roi: Path, capsys: Said) -> None:
    assert cli.main(["psf", "--input", str(star), "--roi", str(roi), "--plate-scale", "0.1"]) == 0
    assert capsys.readouterr().out.startswith("FWHM 0.42")


def test_the_scale_of_the_projection_is_used(star: Path, roi: Path, capsys: Said) -> None:
    image = Image.load(star)
    pointing = Pointing.from_cards(
        {"TELRA": "05:00:00", "TELDEC": "10:00:00"}, image.shape, plate_scale_arcsec=0.07
    )
    assert pointing is not None
    add_sky_cards(image.header, pointing, None)
    image.save(star, clobber=True)
    told = summary(capsys, "psf", "--input", star, "--roi", roi)
    assert told["pixel_scale_arcsec"] == pytest.approx(0.07)
    ra, dec = pointing.sky(21.25, 17.5)
    roi.write_text(f'fk5\ncircle({ra},{dec},0.6")\n')
    assert summary(capsys, "psf", "--input", star, "--roi", roi)["x"] == pytest.approx(
        22.25, abs=0.01
    )


def test_physical_regions_follow_the_crop(star: Path, roi: Path, capsys: Said) -> None:
    image = Image.load(star)
    add_frame_cards(image.header, Box(100, 200, 150, 240))
    image.save(star, clobber=True)
    roi.write_text("physical\ncircle(122,218,9)\n")
    assert summary(capsys, "psf", "--input", star, "--roi", roi)["x"] == pytest.approx(
        22.25, abs=0.01
    )


def test_a_published_image_is_measured(shared: Path, roi: Path, capsys: Said) -> None:
    image = shared / "data" / "lightspeed" / "reference" / "published_image_sum.fits"
    roi.write_text("circle(23,19,8)\n")
    told = summary(capsys, "psf", "--input", image, "--roi", roi)
    assert (told["x"], told["y"]) == pytest.approx((23.0, 19.0), abs=0.3)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--input", "nowhere.fits"], "is not there"),
        (["--roi", "nowhere.reg"], "is not there"),
        (["--roi", "far.reg"], "holds no pixel of the frame"),
        (["--roi", "sky.reg"], "a place on the sky"),
        (["--roi", "point.reg"], "has an area"),
        (["--roi", "empty.reg"], "Could not measure the star"),
        (["--input", "cube.fits"], "no image in its first unit"),
        (["--plate-scale", "0"], "not a number above zero"),
    ],
)
def test_bad_input_ends_with_one_sentence(
    star: Path, roi: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch,
    words: list[Any], why: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    fits.PrimaryHDU(np.zeros((2, 3, 4))).writeto("cube.fits")
    (tmp_path / "far.reg").write_text("image\ncircle(500,500,3)\n")
    (tmp_path / "sky.reg").write_text('fk5\ncircle(83.6,22.0,1")\n')
    (tmp_path / "point.reg").write_text("image\npoint(20,20)\n")
    (tmp_path / "empty.reg").write_text("image\ncircle(44,35,1)\n")
    assert why in refusal(capsys, "psf", "--input", star, "--roi", roi, *words)
