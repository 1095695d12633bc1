"""Profiles and rasters in files, read back by astropy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from astropy.wcs import WCS
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.fold.files.exports import write_fold
from nightglass.core.lightspeed.fold.files.products import write_product
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.lightspeed.lc import load_light_curves
from nightglass.core.timing.pulse.ranges import PhaseRange

from .pulsar import COMMAND, OTHER, PAR, Night, emptied, folded, several

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("PHASELO", "PHASEHI", "FLUX", "ERROR", "EXPOSURE", "COUNT", "ELECTRON")
EVERYTHING = FoldSettings(
    n_bins=16, f0_hz=29.9469231, f1_hz_s=-3.7e-10, phase_offset=0.125, timing_offset_s=0.001,
    stamp="start", row_delay=True, on=PhaseRange(0.9, 0.1), off=PhaseRange(0.4, 0.6),
)  # fmt: skip


def values(fold) -> dict:
    profile = fold.profile
    edges = np.arange(profile.n_bins + 1) / profile.n_bins
    columns = (edges[:-1], edges[1:], profile.rate, profile.error, profile.exposure_s,
               profile.shares, profile.sums)  # fmt: skip
    return dict(zip(COLUMNS, columns, strict=True))


def test_a_fits_file_has_profiles_rasters_and_par_files(tmp_path: Path) -> None:
    made = folded(several())
    path = write_fold(made.result, tmp_path / "a.fits", made.origin)
    with fits.open(path) as units:
        units.verify("exception")
        for number, fold in enumerate(made.result.folds, start=1):
            table, raster = units["PROFILE", number], fold.raster
            for name, expected in values(fold).items():
                np.testing.assert_array_equal(table.data[name], expected)
            assert table.columns["FLUX"].unit == "electron/s"
            assert (table.header["REGION"], table.header["PSR"]) == (fold.name, fold.psr)
            assert table.header["CHI2"] == fold.profile.chi_square().chi2
            assert table.header["F0"] == fold.f0_hz
            np.testing.assert_array_equal(units["RASTER", number].data, raster.rate)
            seconds = units["RASTER_EXPOSURE", number].data
            np.testing.assert_array_equal(seconds, raster.shares * raster.frame_s)
            error = units["RASTER_ERROR", number].data
            lit = seconds > 0
            np.testing.assert_allclose(
                (error * seconds)[lit] ** 2, raster.variances[lit], rtol=1e-12
            )
            np.testing.assert_array_equal(units["ROWS", number].data["TIMEHI"], raster.edges_s[1:])
        for number, text in enumerate((PAR, OTHER), start=1):
            assert list(units["PARFILE", number].data["LINE"]) == text.splitlines()


def test_the_header_tells_every_setting_and_where_all_comes_from(tmp_path: Path) -> None:
    made = folded(Night(settings=EVERYTHING))
    header = fits.getheader(write_fold(made.result, tmp_path / "a.fits", made.origin))
    assert header["CREATOR"].startswith("nightglass ")
    expected = {
        "NBINS": 16, "F0EDIT": 29.9469231, "F1EDIT": -3.7e-10, "PHASEOFF": 0.125,
        "TIMEOFF": 0.001, "STAMP": "start", "ROWDELAY": True, "ONPULSE": "0.900-0.100",
        "OFFPULSE": "0.400-0.600", "SITE": "Magellan Clay", "OBSGEO-X": 1846384.2,
        "DATE-OBS": "2025-11-20T23:59:59.500000000", "TIMENOTE": made.result.time_note,
        "NTOTAL": 5000, "NMISSING": 3, "NCOUNTED": 4999, "FRAMETIM": 0.0019, "CAPTURE": "crab 1",
    }  # fmt: skip
    assert {name: header[name] for name in expected} == expected
    assert [header["CMD00001"], header["CMD00002"]] == COMMAND.splitlines()
    assert header["REG00001"] == "circle(1,2,3)"
    assert any("A note." in str(value) for value in header.values())


def test_the_raster_knows_where_its_pixels_lie(tmp_path: Path) -> None:
    made = folded()
    (fold,) = made.result.folds
    path = write_fold(made.result, tmp_path / "a.fits", made.origin, ["raster"])
    with fits.open(path) as units:
        assert "PROFILE" not in units
        world = WCS(units["RASTER"].header)
    rows, bins = fold.raster.sums.shape
    phase, seconds = world.wcs_pix2world(np.arange(bins), np.full(bins, rows - 1), 0)
    np.testing.assert_allclose(phase, (np.arange(bins) + 0.5) / bins)
    np.testing.assert_allclose(seconds, fold.raster.edges_s[-2:].mean())
    assert sum(world.wcs.mjdref) == pytest.approx(60999 + 86399.5 / 86400, abs=1e-12)


def test_it_is_a_light_curve_for_who_reads_those(tmp_path: Path) -> None:
    made = folded(several())
    path = write_fold(made.result, tmp_path / "a.fits", made.origin, ["profile"])
    curves = load_light_curves(path)
    assert [curve.name for curve in curves] == ["crab", "crab", "star b", "star b"]
    np.testing.assert_array_equal(curves[2].flux, made.result.folds[2].profile.rate)


@pytest.mark.parametrize("suffix", [".ecsv", ".csv"])
def test_text_holds_the_same_numbers_to_the_last_bit(tmp_path: Path, suffix: str) -> None:
    made = folded(several())
    path = write_fold(made.result, tmp_path / f"a{suffix}", made.origin, ["profile"])
    table = Table.read(
        path, **({"format": "ascii.csv", "comment": "#"} if suffix == ".csv" else {})
    )
    for number, fold in enumerate(made.result.folds):
        rows = table[32 * number : 32 * (number + 1)]
        assert set(rows["PSR"]) == {fold.psr}
        assert set(rows["REGIONID"]) == {fold.ident}
        for name, expected in values(fold).items():
            np.testing.assert_array_equal(np.asarray(rows[name]), expected)


@pytest.mark.parametrize("suffix", [".ecsv", ".csv"])
def test_a_raster_as_text_has_a_line_for_each_bin(tmp_path: Path, suffix: str) -> None:
    made = folded()
    raster = made.result.folds[0].raster
    path = write_fold(made.result, tmp_path / f"a{suffix}", made.origin, ["raster"])
    table = Table.read(
        path, **({"format": "ascii.csv", "comment": "#"} if suffix == ".csv" else {})
    )
    np.testing.assert_array_equal(np.asarray(table["FLUX"]).reshape(raster.sums.shape), raster.rate)
    np.testing.assert_array_equal(np.asarray(table["TIMELO"])[::32], raster.edges_s[:-1])


def test_text_tells_where_it_comes_from(tmp_path: Path) -> None:
    made = folded(several())
    paths = [write_fold(made.result, tmp_path / f"a{end}", made.origin, ["profile"])
             for end in (".ecsv", ".csv")]  # fmt: skip
    table = Table.read(paths[0])
    assert table.meta["SITE"] == "Magellan Clay"
    assert table.meta["PAR J0534+2200"] == PAR.splitlines()
    assert table.meta["F0_2"] == 11.5
    assert table["FLUX"].unit == "electron / s"
    assert table["PHASELO"].unit == "cycle"
    lines = paths[1].read_text(encoding="utf-8").splitlines()
    assert "# SITE: Magellan Clay" in lines
    assert "# PAR J0534+2200: F0 29.946923" in lines
    assert "# TIMENOTE: " + made.result.time_note in lines


@pytest.mark.parametrize("suffix", [".fits", ".ecsv", ".csv", ".bestprof", ".tim"])
def test_the_same_fold_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    made = folded()
    kind = "toas" if suffix == ".tim" else "profile"
    (path,) = write_product(kind, tmp_path / f"a{suffix}", made)
    first = path.read_bytes()
    write_product(kind, path, made, clobber=True)
    assert path.read_bytes() == first


@pytest.mark.parametrize("kind", ["profile", "raster", "fold", "toas", "phases"])
def test_nothing_is_written_over_a_file_without_being_told_to(tmp_path: Path, kind) -> None:
    path = tmp_path / ("a.tim" if kind == "toas" else "a.fits")
    path.write_text("mine")
    with pytest.raises(NightglassError, match="is there already"):
        write_product(kind, path, folded())
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]
    write_product(kind, path, folded(), clobber=True)
    assert path.stat().st_size > 1000


@pytest.mark.parametrize("kind", ["profile", "raster", "toas", "phases"])
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, kind, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr("nightglass.core.atomic.NamedTemporaryFile", refuse)
    path = tmp_path / ("a.tim" if kind == "toas" else "a.fits")
    with pytest.raises(NightglassError) as raised:
        write_product(kind, path, folded())
    assert raised.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["profile", "raster", "toas", "phases"])
def test_a_folder_that_is_not_there_is_told(tmp_path: Path, kind) -> None:
    path = tmp_path / "none" / ("a.tim" if kind == "toas" else "a.fits")
    with pytest.raises(NightglassError, match="does not exist"):
        write_product(kind, path, folded())


@pytest.mark.parametrize("kind", ["profile", "raster", "toas", "phases"])
def test_without_an_ephemeris_there_is_nothing_to_write(tmp_path: Path, kind) -> None:
    made = folded()
    empty = replace(made, result=emptied(made.result), clocks=())
    with pytest.raises(NightglassError, match=r"Nothing is folded.*par file"):
        write_product(kind, tmp_path / "a.fits", empty)
    preview = replace(made, result=replace(made.result, is_linear=True))
    with pytest.raises(NightglassError, match="not exact yet"):
        write_product(kind, tmp_path / "a.fits", preview)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("profile", "a.txt"), ("raster", "a"), ("raster", "a.bestprof"), ("toas", "a.fits"),
     ("phases", "a.tim")],
)  # fmt: skip
def test_a_name_that_does_not_say_how_is_refused(tmp_path: Path, kind, name: str) -> None:
    with pytest.raises(NightglassError, match="End the name in"):
        write_product(kind, tmp_path / name, folded())
