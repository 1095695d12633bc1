"""Light curves as files of their own: every value, units and origin, never over another file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.browsing.export import SUFFIXES, write_curve
from nightglass.core.mascara.browsing.index import StarIndex

from .made_stars import HD_189733, write_night

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.mascara.browsing.curve import Curve


@pytest.fixture(scope="module")
def curve(tmp_path_factory: pytest.TempPathFactory) -> Curve:
    output = tmp_path_factory.mktemp("night")
    write_night(output, "NE", 8, 60, merged=False)
    found = StarIndex(output).curve(HD_189733)
    found.points["eflux0"][3] = np.nan
    return found


def columns(path: Path) -> dict[str, np.ndarray]:
    if path.suffix == ".fits":
        with fits.open(path) as units:
            return {name: np.array(units[1].data[name]) for name in units[1].columns.names}
    if path.suffix == ".ecsv":
        table = Table.read(path)
        return {name: np.asarray(table[name]) for name in table.colnames}
    return np_columns(path)


def np_columns(path: Path) -> dict[str, np.ndarray]:
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    parts = zip(*(line.split(",") for line in lines[1:]), strict=True)
    return dict(zip(lines[0].split(","), map(np.array, parts), strict=True))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_value_is_in_the_file(curve: Curve, tmp_path: Path, suffix: str) -> None:
    path = write_curve(curve, tmp_path / f"star{suffix}", source="/data/night")
    read = columns(path)
    assert list(read) == ["camera", *curve.points.dtype.names]
    assert read["camera"].tolist() == [curve.cameras[place] for place in curve.camera]
    for name in curve.points.dtype.names:
        dtype = curve.points.dtype[name]
        assert np.array_equal(
            read[name].astype(dtype), curve.points[name], equal_nan=dtype.kind == "f"
        ), name
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_a_fits_file_is_sound_and_tells_units_and_origin(curve: Curve, tmp_path: Path) -> None:
    path = write_curve(curve, tmp_path / "star.fits", source="/data/night")
    with fits.open(path) as units:
        units.verify("exception")
        header, table = units[0].header, units[1]
        assert (header["ASCC"], header["HD"], header["HIP"]) == (807144, 189733, 98505)
        assert (header["VMAG"], header["SPTYPE"], header["KIND"]) == (7.67, "K1.5V", "fast")
        assert (header["APER0"], header["APER1"], header["NOBS"]) == (2.5, 4.5, len(curve))
        assert (header["CAMERAS"], header["COMPLETE"]) == (" ".join(curve.cameras), False)
        assert (header["SOURCE"], header["FLUXUNIT"]) == ("/data/night", "ADU per exposure")
        assert header["PROGRAM"].startswith("nightglass ")
        told = {column.name: column.unit for column in table.columns}
        assert (told["flux0"], told["x"], told["jdmid"]) == ("adu", "pix", "d")


def test_text_files_tell_units_and_origin(curve: Curve, tmp_path: Path) -> None:
    table = Table.read(write_curve(curve, tmp_path / "star.ecsv"))
    assert [str(table[name].unit) for name in ("flux1", "ccdtemp", "alt")] == [
        "adu",
        "deg_C",
        "deg",
    ]
    assert (table.meta["ASCC"], "SOURCE" in table.meta) == (807144, False)
    text = write_curve(curve, tmp_path / "star.csv").read_text()
    assert "# ASCC: 807144\n" in text
    assert "flux0 [ADU per exposure]" in text


def test_a_star_of_which_nothing_is_known_can_be_written(curve: Curve, tmp_path: Path) -> None:
    unknown = replace(
        curve, facts={"ascc": 5, "hd": 0, "ra_deg": float("nan"), "spectype": ""}, radii_px=()
    )
    for suffix in SUFFIXES:
        assert write_curve(unknown, tmp_path / f"star{suffix}").stat().st_size > 1000


def test_a_file_that_is_there_is_replaced_only_when_told(curve: Curve, tmp_path: Path) -> None:
    path = tmp_path / "star.csv"
    path.write_text("mine")
    with pytest.raises(NightglassError, match="is not replaced"):
        write_curve(curve, path)
    assert path.read_text() == "mine"
    write_curve(curve, path, clobber=True)
    assert "ASCC" in path.read_text()


def test_what_cannot_be_written_is_refused_in_words(curve: Curve, tmp_path: Path) -> None:
    for name, words in (("star.txt", "end in .csv, .ecsv or .fits"), ("no/star.csv", "not there")):
        with pytest.raises(NightglassError) as refused:
            write_curve(curve, tmp_path / name)
        assert words in str(refused.value)
    nothing = replace(curve, points=curve.points[:0], camera=curve.camera[:0], cameras=())
    with pytest.raises(NightglassError, match="has no fast points"):
        write_curve(nothing, tmp_path / "star.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing(
    curve: Curve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nightglass.core.mascara.browsing.export.write_bytes", full)
    with pytest.raises(NightglassError, match="the disk is full"):
        write_curve(curve, tmp_path / "star.fits")
