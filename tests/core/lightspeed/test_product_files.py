"""Files that commands leave behind: whole, labelled, and never over another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import DataSet
from nightglass.core.lightspeed.products import describe, require_free, write_fits

from .writer import CubeSpec, write_capture

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def data_set(tmp_path: Path) -> DataSet:
    return DataSet(write_capture(tmp_path, CubeSpec(bundles=10)))


@pytest.fixture
def header(data_set: DataSet) -> fits.Header:
    hdu = fits.PrimaryHDU(np.zeros((2, 2)))
    options = {"bins": 20, "roi": "a" * 200 + "star.reg", "errors": True, "psf": None}
    describe(hdu.header, data_set, options=options, notes=["It was 3 °C warmer."])
    hdu.header.tostring()
    return hdu.header


def test_a_product_tells_when_its_frames_were_taken(header: fits.Header) -> None:
    assert header["DATE-OBS"] == "2025-12-10T03:15:00.004600000"
    assert header["TIMESYS"] == "UTC"
    assert header["TIMEQUAL"] == "gps"
    assert header["MJD-OBS"] == pytest.approx(61019 + (11700.0046) / 86400, abs=1e-9)


def test_a_product_names_its_cubes_options_and_notes(header: fits.Header) -> None:
    assert [header[f"INP{n:05d}"] for n in (1, 2, 3)] == [
        f"crab_20251210_001500_cube{n:03d}.fits" for n in (1, 2, 3)
    ]
    assert header["OPTION BINS"] == 20
    assert header["OPTION ERRORS"] is True
    assert header["OPTION ROI"].endswith("star.reg")
    assert "OPTION PSF" not in header
    assert header["NOTE0001"] == "It was 3 deg C warmer."


def test_the_camera_keeps_its_own_words(header: fits.Header) -> None:
    assert header["EXPOSURE TIME"] == 0.005
    assert header["GPSSTART"] == "2025-12-10T03:15:00.000000000"
    assert header["NAXIS1"] == 2


def test_the_gain_and_its_source_are_recorded(header: fits.Header) -> None:
    assert header["GAIN"] == pytest.approx(1 / 0.107)
    assert header["GAINSRC"] == "header"
    assert header["NFRAMES"] == 30


def test_an_existing_file_is_kept_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out.fits"
    path.write_text("mine")
    with pytest.raises(NightglassError, match="add --clobber"):
        write_fits([fits.PrimaryHDU()], path)
    assert path.read_text() == "mine"
    write_fits([fits.PrimaryHDU()], path, clobber=True)
    assert fits.getheader(path)["NAXIS"] == 0


def test_a_folder_or_a_missing_one_is_told_before_anything_is_computed(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is a folder"):
        require_free(tmp_path, clobber=True)
    with pytest.raises(NightglassError, match="does not exist"):
        require_free(tmp_path / "none" / "out.fits", clobber=False)


def test_nothing_is_left_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fits.HDUList, "writeto", full)
    with pytest.raises(NightglassError, match="the disk is full"):
        write_fits([fits.PrimaryHDU()], tmp_path / "out.fits")
    assert list(tmp_path.iterdir()) == []
