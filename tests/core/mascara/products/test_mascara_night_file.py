"""The night file: old readers' layout, every point once, the same bytes every time."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.products import merging
from nightglass.core.mascara.products.batch_store import write_batch
from nightglass.core.mascara.products.night_file import write_night_file
from nightglass.core.mascara.products.night_reading import NightFile
from nightglass.core.mascara.products.rows import data_dtype

from .mascara_batches import FIRST_BATCH, catalogue, make_batch, points, read_batch, write_night

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

STARS = ([1, 2, 30], [2, 30], [2, 30, 44])


def expected(ascc: int, slots: NDArray, naper: int = 2) -> list[tuple]:
    """Points of a star, made one by one."""
    names = list(data_dtype(naper).names)
    return [points([ascc], int(slot), naper)[names].tolist()[0] for slot in slots]


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_night(tmp_path_factory.mktemp("batches"), STARS)


@pytest.fixture(scope="module")
def night(paths: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("night") / "fLC_20160130LPC.hdf5"
    return write_night_file(path, paths, {"ccdtemp": -15}).path


def test_every_point_is_there_once_in_order_of_time(night: Path) -> None:
    slots = FIRST_BATCH * 50 + np.arange(150)
    with h5py.File(night) as file:
        assert list(file["data"]) == ["2", "30"]
        for name, dataset in file["data"].items():
            assert dataset.dtype == data_dtype(2)
            assert dataset[:].tolist() == expected(int(name), slots)


def test_the_number_of_points_is_the_number_of_rows(night: Path) -> None:
    with h5py.File(night) as file:
        table = file["header_table"]
        assert table["ascc"].dtype == "S7"
        assert table["ascc"][:].tolist() == [b"2", b"30"]
        assert table["nobs"][:].tolist() == [len(file["data"][name]) for name in ("2", "30")]
        assert table["jdstart"][0] == file["data/2"]["jdmid"][0]
        stars = catalogue([2, 30])
        for name in ("ra", "dec", "vmag", "bmag", "spectype", "blend", "blendvalue"):
            assert table[name].dtype == stars.dtype[name]
            assert table[name][:].tolist() == stars[name].tolist()


def test_facts_of_the_night_stand_there_in_both_cases(night: Path) -> None:
    with h5py.File(night) as file:
        attributes = file["global"].attrs
        for name in ("STATION", "CAMERA", "NAPER", "APER1", "SKYRAD0", "CCDTEMP"):
            assert attributes[name] == attributes[name.lower()]
        assert (attributes["STATION"], attributes["CCDTEMP"]) == (b"LaPalma", -15)
        assert attributes["FLUXUNIT"] == b"ADU per exposure"
        assert file["data"].attrs["flux0"] == b"ADU per exposure"


def test_old_readers_understand_everything(night: Path) -> None:
    """Superblock 0; fixed-length texts, plain scalars, old groups, no filters."""
    assert night.read_bytes()[:9] == b"\x89HDF\r\n\x1a\n\x00"
    kinds: set[str] = set()

    def look(_: str, thing: h5py.Group | h5py.Dataset) -> None:
        for name in thing.attrs:
            attribute = thing.attrs.get_id(name)
            kinds.add(attribute.dtype.kind)
            assert attribute.shape == ()
        if isinstance(thing, h5py.Dataset):
            assert thing.dtype.kind in "uifSV"
            assert thing.id.get_create_plist().get_nfilters() == 0
            assert h5py.h5o.get_info(thing.id).mtime == 0

    with h5py.File(night) as file:
        file.visititems(look)
        assert file.libver[0] == "earliest"
    assert kinds <= set("ifS")


def test_the_same_batches_give_the_same_bytes_in_however_large_blocks(
    night: Path, paths: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_BLOCK_ROWS", 100)
    write_night_file(tmp_path / "again.hdf5", paths, {"ccdtemp": -15})
    assert (tmp_path / "again.hdf5").read_bytes() == night.read_bytes()


def test_exposures_and_solutions_are_kept(night: Path) -> None:
    with NightFile(night) as file:
        assert file.station["lstseq"].tolist() == list(
            range(FIRST_BATCH * 50, (FIRST_BATCH + 3) * 50)
        )
        assert file.station["lstday"][0] == FIRST_BATCH * 50 // 13500
        assert np.isnan(file.station["sunalt"]).all()
        assert set(file.station["moonx"]) == {9999}
        assert file.astrometry["model"].tolist() == [
            f'{{"batch": {FIRST_BATCH + k}}}'.encode() for k in range(3)
        ]
        assert file.globals["CAMERA"] == "LPC"
        assert [ascc for ascc, _ in file.stars()] == [2, 30]
        with pytest.raises(NightglassError, match="no light curve of star 5"):
            file.points(5)


def test_points_that_come_twice_are_counted_once_and_the_later_is_kept(tmp_path: Path) -> None:
    early, late = make_batch([2]), make_batch([2], frames=range(30, 50))
    late.rows["flux0"] = 5.0
    paths = [
        write_batch(tmp_path / "1.hdf5", make_batch([2], FIRST_BATCH + 1)),
        write_batch(tmp_path / "2.hdf5", early),
        write_batch(tmp_path / "3.hdf5", late),
    ]
    merged = write_night_file(tmp_path / "n.hdf5", paths, {})
    assert (merged.stars, merged.rows, merged.left_out) == (1, 100, 0)
    with NightFile(tmp_path / "n.hdf5") as file:
        star = file.points(2)
        assert star["lstseq"].tolist() == list(range(FIRST_BATCH * 50, FIRST_BATCH * 50 + 100))
        assert (star["flux0"] == 5.0).tolist() == [30 <= k < 50 for k in range(100)]
        assert len(file.station) == 100


def test_a_slow_night_keeps_stars_of_two_points(tmp_path: Path) -> None:
    paths = write_night(tmp_path / "tmp", STARS, frames=(25,), naper=4, kind="slow")
    merged = write_night_file(tmp_path / "s.hdf5", paths, {}, kind="slow")
    assert (merged.stars, merged.rows, merged.left_out) == (2, 6, 2)
    with NightFile(tmp_path / "s.hdf5") as file:
        assert file.points(30).dtype == data_dtype(4)
        assert "nimages" in file.station.dtype.names


def test_a_night_without_a_star_that_was_seen_often_is_an_empty_file(tmp_path: Path) -> None:
    paths = write_night(tmp_path / "tmp", [[1], [2]])
    assert write_night_file(tmp_path / "n.hdf5", paths, {}).left_out == 2
    with NightFile(tmp_path / "n.hdf5") as file:
        assert len(file.header) == 0
        assert len(file.station) == 100


def test_batches_without_a_solution_or_with_longer_models_go_together(tmp_path: Path) -> None:
    paths = write_night(tmp_path / "tmp", [[1], [1]])
    batch = read_batch(paths[0])
    write_batch(paths[0], replace(batch, astrometry=batch.astrometry[:0]))
    write_night_file(tmp_path / "n.hdf5", paths, {})
    with NightFile(tmp_path / "n.hdf5") as file:
        assert len(file.astrometry) == 1


def test_numbers_longer_than_seven_digits_stay_whole(tmp_path: Path) -> None:
    paths = write_night(tmp_path / "tmp", [[123456789]])
    write_night_file(tmp_path / "n.hdf5", paths, {}, minobs=1)
    with NightFile(tmp_path / "n.hdf5") as file:
        assert file.header["ascc"].tolist() == [b"123456789"]


def test_batches_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    paths = write_night(tmp_path / "a", [[1]]) + write_night(tmp_path / "b", [[1]], naper=4)
    with pytest.raises(NightglassError, match="have 2, others 4 apertures"):
        write_night_file(tmp_path / "n.hdf5", paths, {})
    with pytest.raises(NightglassError, match="There is no batch"):
        write_night_file(tmp_path / "n.hdf5", [], {})
    assert list(tmp_path.glob("*.hdf5")) == []


def test_a_damaged_batch_leaves_the_earlier_night_file(paths: list[Path], tmp_path: Path) -> None:
    damaged, night = tmp_path / "batch", tmp_path / "night.hdf5"
    damaged.write_bytes(paths[1].read_bytes()[:9000])
    night.write_bytes(b"earlier")
    with pytest.raises(NightglassError, match="is damaged"):
        write_night_file(night, [paths[0], damaged], {})
    assert night.read_bytes() == b"earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["batch", "night.hdf5"]


def test_a_file_that_is_no_night_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "n.hdf5").write_bytes(b"no HDF5")
    with pytest.raises(NightglassError, match="damaged or has another layout"):
        NightFile(tmp_path / "n.hdf5")
    with h5py.File(tmp_path / "n.hdf5", "w") as file:
        file["x"] = 1
    with pytest.raises(NightglassError, match="damaged or has another layout"):
        NightFile(tmp_path / "n.hdf5")
    with pytest.raises(NightglassError, match="is not there"):
        NightFile(tmp_path / "none.hdf5")


def test_a_disk_without_room_is_told_before_anything_is_written(
    paths: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=4_000_000))
    with pytest.raises(NightglassError, match=r"n\.hdf5 cannot be written: the disk is full"):
        write_night_file(tmp_path / "n.hdf5", paths, {})
    with pytest.raises(NightglassError, match=r"b\.hdf5 cannot be written: the disk is full"):
        write_batch(tmp_path / "b.hdf5", make_batch([1]))
    assert list(tmp_path.iterdir()) == []
