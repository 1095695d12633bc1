"""The light curve overview: which stars it takes, and what it does with odd files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.report.overview_picture import light_curve_overview
from nightglass.core.mascara.report.overview_stars import read_overview_stars

from .mascara_journal import NIGHT, write_night_file

if TYPE_CHECKING:
    from pathlib import Path

VMAGS = {11: 4.74, 12: 4.75, 123: 4.78, 14: 4.80, 15: 4.81}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a camera's night."""
    write_night_file(tmp_path / "fLC" / f"fLC_{NIGHT}LPC.hdf5", VMAGS)
    write_night_file(tmp_path / "sLC" / f"sLC_{NIGHT}LPC.hdf5", VMAGS, slow=True, points=60)
    return tmp_path


def test_stars_of_the_range_are_taken_fast_and_slow(folder: Path) -> None:
    stars = read_overview_stars(folder, NIGHT)
    assert [(curve.ascc, curve.is_slow) for curve in stars.curves] == [
        (ascc, slow) for ascc in ("12", "123", "14") for slow in (False, True)
    ]
    assert (stars.station, stars.camera) == ("LaPalma", "LPC")
    rates = stars.curves[0].rate_adu_s
    assert len(rates) == 300
    assert 5e3 < rates.mean() < 1e4


def test_saturated_stars_are_left_out(tmp_path: Path) -> None:
    write_night_file(tmp_path / f"fLC_{NIGHT}LPC.hdf5", VMAGS, rate=9e4)
    assert read_overview_stars(tmp_path, NIGHT).curves == ()


def test_the_picture_has_its_documented_name_and_the_same_bytes(folder: Path) -> None:
    first = light_curve_overview(folder, NIGHT)
    assert first == folder / "LCoverview.png"
    other = light_curve_overview(folder, NIGHT, filename="other.png", mrange=[4.80, 4.75])
    assert other.read_bytes() == first.read_bytes()
    wider = light_curve_overview(folder, NIGHT, "wider", [4.0, 5.0])
    assert wider.name == "wider.png"
    assert wider.read_bytes() != first.read_bytes()


def test_one_file_will_do(folder: Path) -> None:
    file = folder / "sLC" / f"sLC_{NIGHT}LPC.hdf5"
    assert all(curve.is_slow for curve in read_overview_stars(file, NIGHT).curves)
    assert light_curve_overview(file, NIGHT).parent == folder / "sLC"


def test_star_files_are_drawn_where_there_are_no_night_files(tmp_path: Path) -> None:
    for name, vmag in (("12", 4.76), ("slow/12", 4.76), ("13", 6.0)):
        path = tmp_path / f"{name}.fits"
        path.parent.mkdir(exist_ok=True)
        rows = np.array(
            [(900.0, 6.0, 2457418.4), (np.nan, 6.0, 2457418.5)],
            [("flux0", "f8"), ("exptime", "f8"), ("jdmid", "f8")],
        )
        table = fits.BinTableHDU(rows)
        table.header["ASCC"], table.header["VMAG"] = int(name.rpartition("/")[2]), vmag
        fits.HDUList([fits.PrimaryHDU(), table]).writeto(path)
    curves = read_overview_stars(tmp_path, NIGHT).curves
    assert [(curve.ascc, curve.is_slow) for curve in curves] == [("12", False), ("12", True)]
    assert curves[0].rate_adu_s.tolist() == [150.0]


def test_a_station_nobody_knows_has_no_sun_lines(tmp_path: Path) -> None:
    import h5py

    path = tmp_path / f"fLC_{NIGHT}XXC.hdf5"
    write_night_file(path, VMAGS)
    with h5py.File(path, "a") as file:
        del file["global"].attrs["STATION"]
        file["global"].attrs["station"] = np.bytes_("Moonbase")
    assert read_overview_stars(path, NIGHT).station == "Moonbase"
    write_night_file(tmp_path / "empty" / f"fLC_{NIGHT}XXC.hdf5", {1: 6.0})
    for file in (path, tmp_path / "empty"):
        assert light_curve_overview(file, NIGHT).exists()


def test_nothing_to_draw_and_damaged_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="No light curves to draw"):
        light_curve_overview(tmp_path, NIGHT)
    path = tmp_path / f"fLC_{NIGHT}LPC.hdf5"
    path.write_bytes(b"no hdf5")
    with pytest.raises(NightglassError, match="Could not read a light curve"):
        light_curve_overview(tmp_path, NIGHT)
    write_night_file(path, VMAGS)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(NightglassError, match="Could not read a light curve"):
        light_curve_overview(tmp_path, NIGHT)
    with pytest.raises(NightglassError, match="No light curves to draw"):
        light_curve_overview(tmp_path, "20170101")
