"""Files of binned images: what goes in comes out, and the same bytes every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.camera.header_cards import cards_of
from nightglass.core.mascara.camera.model import nominal
from nightglass.core.mascara.stacking.files import binned_name, read_binned, write_binned
from nightglass.core.mascara.stacking.stack import Binned
from nightglass.core.timing.sidereal import jd_from

if TYPE_CHECKING:
    from pathlib import Path

SIGMA = 4.0


def binned(seed: int = 1, shape: tuple[int, int] = (170, 260)) -> Binned:
    image = np.random.default_rng(seed).normal(150.0, SIGMA, shape).astype(np.float32)
    coverage = np.full(shape, 50, np.uint16)
    image[60, 70] = 61000.0
    image[:3], coverage[:3] = 0.0, 0
    return Binned(image, coverage, np.full((12, 18), 0.7))


def cards() -> dict[str, Any]:
    return {
        "SITE-OBS": "LaPalma", "CAMERA": "E", "NIMAGES": 49, "LSTSEQ": 10601075,
        "JDMID": 2457418.123456789, "CCDTEMP": float("nan"), "EXPTIME": np.float64(6.3829),
        **cards_of(nominal("LPE")),
    }  # fmt: skip


def test_what_is_written_is_read(tmp_path: Path) -> None:
    given, path = binned(), tmp_path / "b.fits"
    assert write_binned(path, given, cards()) == path
    image, coverage, told = read_binned(path)
    assert image.dtype == np.float32
    assert np.abs(image - given.image).max() <= SIGMA / 16
    assert not image[:3].any()
    np.testing.assert_array_equal(coverage, given.coverage)
    assert told["IMAGETYP"] == "BINIMAGE"
    assert told["BUNIT"] == "adu"
    assert "CCDTEMP" not in told
    for name, value in cards().items():
        assert name == "CCDTEMP" or told[name] == value


def test_others_find_a_compressed_image_in_the_first_extension(tmp_path: Path) -> None:
    write_binned(tmp_path / "b.fits", binned(), cards())
    with fits.open(tmp_path / "b.fits", disable_image_compression=True) as units:
        assert units[1].header["EXTNAME"] == "COMP_IMAGE"
        assert units[1].header["ZCMPTYPE"] == "RICE_1"
        assert units[1].header["ZBITPIX"] == -32
        assert units[2].header["EXTNAME"] == "COVERAGE"
    assert fits.getdata(tmp_path / "b.fits").shape == (170, 260)
    assert (tmp_path / "b.fits").stat().st_size < 170 * 260 * 4 / 2


def test_the_same_image_makes_the_same_bytes(tmp_path: Path) -> None:
    names = [tmp_path / "one.fits", tmp_path / "other.fits"]
    for name in names:
        write_binned(name, binned(), cards())
    assert names[0].read_bytes() == names[1].read_bytes()


def test_the_dither_leaves_no_bias(tmp_path: Path) -> None:
    given = binned(2, (400, 400))
    write_binned(tmp_path / "b.fits", given, {})
    image = read_binned(tmp_path / "b.fits")[0]
    assert np.mean(image - given.image) == pytest.approx(0.0, abs=1e-3)


def test_names_tell_the_time_and_the_camera() -> None:
    jd = float(jd_from(np.datetime64("2016-01-30T21:30:45.4")))
    assert binned_name(jd, "LPC") == "20160130T213045LPC.fits"


def test_a_file_cut_short_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.fits"
    write_binned(path, binned(), {})
    whole = path.read_bytes()
    fits.PrimaryHDU(np.zeros((5, 5))).writeto(tmp_path / "other.fits")
    broken = {"none": b"x" * 4000, "other": (tmp_path / "other.fits").read_bytes()}
    broken |= {f"short{size}": whole[:size] for size in (0, 3000, 12000, 30000, len(whole) // 2)}
    for name, content in broken.items():
        (tmp_path / f"{name}.fits").write_bytes(content)
        with pytest.raises(NightglassError, match="not a whole binned image"):
            read_binned(tmp_path / f"{name}.fits")
    with pytest.raises(NightglassError, match="is not there"):
        read_binned(tmp_path / "absent.fits")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        write_binned(tmp_path / "gone" / "b.fits", binned(), {})
