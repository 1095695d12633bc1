"""One FITS table a star, readable by everybody, whole or absent."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.products import star_fits
from nightglass.core.mascara.products.rows import points_of
from nightglass.core.mascara.products.save_it_all import save_left, stars_that_left
from nightglass.core.mascara.products.star_fits import write_star, write_stars

from .mascara_batches import FIRST_BATCH, catalogue, make_batch, write_night

if TYPE_CHECKING:
    from pathlib import Path

STARS = ([1, 2, 30], [2, 30], [2, 44])


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_night(tmp_path_factory.mktemp("batches"), STARS)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_table_has_the_columns_of_the_night_file(tmp_path: Path) -> None:
    rows = points_of(make_batch([30]).rows)
    rows["lstseq"][0], rows["lstidx"][0] = 2**63 + 5, 2**31 + 7
    write_star(tmp_path / "30.fits", 30, rows, {})
    with fits.open(tmp_path / "30.fits") as file:
        file.verify("exception")
        data = file[1].data
        assert data.names == list(rows.dtype.names)
        for name in rows.dtype.names:
            np.testing.assert_array_equal(data[name], rows[name])
        assert data["lstseq"].dtype == np.uint64


def test_units_are_those_of_the_standard(tmp_path: Path) -> None:
    rows = points_of(make_batch([30]).rows)
    table = Table.read(write_star(tmp_path / "30.fits", 30, rows, {}), hdu=1)
    assert (str(table["flux0"].unit), str(table["x"].unit)) == ("adu", "pix")


def test_facts_of_star_and_night_are_cards(paths: list[Path], tmp_path: Path) -> None:
    assert write_stars(paths, tmp_path / "lc", globals_={"ALT0": 49.0}) == [2, 30]
    star = catalogue([30])[0]
    header = fits.getheader(tmp_path / "lc" / "30.fits")
    assert (header["ASCC"], header["NOBS"]) == (30, 100)
    assert (header["RA"], header["DEC"], header["VMAG"]) == (star["ra"], star["dec"], star["vmag"])
    assert (header["SPTYPE"], header["BLEND"], header["BLENDVAL"]) == ("G2V", "B", 0.25)
    assert (header["STATION"], header["APER1"], header["ALT0"]) == ("LaPalma", 3.5, 49.0)
    data = fits.getdata(tmp_path / "lc" / "30.fits")
    assert header["JDSTART"] == data["jdmid"][0]
    assert header["FLUXUNIT"] == "ADU per exposure"


def test_odd_cards_do_not_spoil_the_file(tmp_path: Path) -> None:
    cards = {
        "naxis": 7, "END": 1, "a long name": "x" * 90, "text": "été\n" + "y" * 100,
        "nothing": None, "list": [1, 2.5], "bad": np.nan, "raw": b"abc", "flag": True, "one": 1,
        "number": np.float32(2),
    }  # fmt: skip
    write_star(tmp_path / "1.fits", "x1", points_of(make_batch([1]).rows), cards)
    with fits.open(tmp_path / "1.fits") as file:
        file.verify("exception")
        header = file[0].header
        assert (header["NAXIS"], header["ASCC"], header["LIST"]) == (0, "x1", "1 2.5")
        assert header["A LONG NAME"] == "x" * 40
        assert header["TEXT"] == "?t??" + "y" * 100
        assert header["BAD"] is header["NOTHING"] is None
        assert (header["RAW"], header["FLAG"], header["ONE"]) == ("abc", True, 1)


def test_other_columns_find_their_types(tmp_path: Path) -> None:
    dtype = [
        ("a", "?"),
        ("b", "<i2"),
        ("c", "<u2"),
        ("d", "S5"),
        ("e", "<f4", (2, 3)),
        ("f", ">i4"),
    ]
    rows = np.zeros(2, dtype)
    rows["a"], rows["b"], rows["c"], rows["d"], rows["f"] = [1, 0], -5, 65535, b"text", -70000
    rows["e"] = np.arange(12).reshape(2, 2, 3)
    write_star(tmp_path / "1.fits", 1, rows, {})
    data = fits.getdata(tmp_path / "1.fits")
    for name in ("a", "b", "c", "f"):
        np.testing.assert_array_equal(data[name], rows[name])
    np.testing.assert_array_equal(data["e"].reshape(2, 2, 3), rows["e"])
    assert data["d"].tolist() == ["text", "text"]


def test_a_column_without_a_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="type object"):
        write_star(tmp_path / "1.fits", 1, np.zeros(1, [("a", object)]), {})
    assert names_in(tmp_path) == []


def test_a_folder_that_is_a_file_is_told(paths: list[Path], tmp_path: Path) -> None:
    (tmp_path / "lc").write_text("a file")
    with pytest.raises(NightglassError, match="Could not use a file"):
        write_stars(paths, tmp_path / "lc")
    with pytest.raises(NightglassError, match="is not there"):
        write_star(tmp_path / "no" / "1.fits", 1, points_of(make_batch([1]).rows), {})


def test_a_full_disk_leaves_whole_files_only(
    paths: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        with path.open("wb") as file:
            file.write(content[:100])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(star_fits, "_PORTION", 1)
    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(NightglassError, match="disk is full"):
        write_stars(paths, tmp_path / "lc")
    assert names_in(tmp_path / "lc") == []


def test_slow_light_curves_have_their_own_folder(tmp_path: Path) -> None:
    paths = write_night(tmp_path / "tmp", STARS, frames=(25,), naper=4, kind="slow")
    assert write_stars(paths, tmp_path / "lc", "slow") == [2, 30]
    assert names_in(tmp_path / "lc") == ["slow"]
    assert names_in(tmp_path / "lc" / "slow") == ["2.fits", "30.fits"]


def test_what_was_left_half_done_goes_and_other_files_stay(
    paths: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "lc"
    (folder / ".new").mkdir(parents=True)
    for name in (".new/30.fits", "5.fits", "mine.fits", "2.fits"):
        (folder / name).write_text("old")
    monkeypatch.setattr(star_fits, "_PORTION", 1)
    write_stars(paths, folder)
    assert names_in(folder) == ["2.fits", "30.fits", "mine.fits"]
    assert fits.getheader(folder / "2.fits")["NOBS"] == 150


def test_stars_that_left_the_chip_are_written_at_once(paths: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "lc"
    assert stars_that_left(paths[1], paths[2]).tolist() == [30]
    assert save_left(paths, FIRST_BATCH, folder) == 0
    assert save_left(paths, FIRST_BATCH + 1, folder) == 0  # star 1 has 50 points only
    assert save_left(paths, FIRST_BATCH + 2, folder) == 1
    early = (folder / "30.fits").read_bytes()
    write_stars(paths, folder)
    assert names_in(folder) == ["2.fits", "30.fits"]
    assert (folder / "30.fits").read_bytes() == early


def test_an_earlier_batch_that_is_made_anew_looks_at_its_own_neighbour(
    paths: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "lc"
    assert save_left(paths, FIRST_BATCH + 1, folder, minobs=1) == 1
    assert names_in(folder) == ["1.fits"]
    assert save_left([paths[0], paths[2]], FIRST_BATCH + 1, folder) == 0
