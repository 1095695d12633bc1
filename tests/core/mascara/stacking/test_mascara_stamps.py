"""Thumbnails of chosen stars: cut, written, and brought together over a night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.stacking.stamps import cut_stamps, merge_stamps, write_stamps

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

POINT = np.dtype([("ascc", "<i8"), ("lstseq", "<u8"), ("x", "<f4"), ("y", "<f4"), ("flux0", "<f8")])


def image(seed: int = 1) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(150.0, 4.0, (120, 160)).astype(np.float32)


def points(*rows: tuple[int, int, float, float]) -> NDArray[Any]:
    return np.array([(*row, 1000.0 + row[1]) for row in rows], POINT)


def station(lstseq: int) -> NDArray[Any]:
    return np.array([(lstseq, 2457418.5)], [("lstseq", "<u4"), ("jd", "<f8")])


def stars(*numbers: int) -> NDArray[Any]:
    return np.array([(one, 8.0) for one in numbers], [("ascc", "<i8"), ("vmag", "<f8")])


def contents(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: (
                found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None
            )
        )
    return found


def test_the_nearest_pixel_comes_to_the_centre() -> None:
    sky = image()
    stamps = cut_stamps(sky, [60.4, 80.0], [50.6, 60.0])
    assert stamps.shape == (2, 51, 51)
    assert stamps.dtype == np.float32
    np.testing.assert_array_equal(stamps[0], sky[26:77, 35:86])
    assert stamps[1][25, 25] == sky[60, 80]


@pytest.mark.parametrize(("x", "y"), [(3, 100), (157, 4), (-10, 60), (80, 130)])
def test_beside_the_image_there_is_nothing(x: float, y: float) -> None:
    sky = image()
    stamp = cut_stamps(sky, x, y)[0]
    wide = np.pad(sky, 100, constant_values=np.nan)
    row, column = 100 + int(y), 100 + int(x)
    np.testing.assert_array_equal(stamp, wide[row - 25 : row + 26, column - 25 : column + 26])


def test_a_star_far_off_gives_an_empty_stamp() -> None:
    assert np.isnan(cut_stamps(image(), 900.0, -900.0)).all()


def test_a_group_is_written_in_the_layout_the_station_knows(tmp_path: Path) -> None:
    rows = points((807144, 500, 60.0, 50.0), (11, 500, 80.0, 60.0))
    path = write_stamps(
        tmp_path / "hot_00000500LPC.hdf5", image(), rows, stars=stars(11, 807144),
        station=station(500),
    )  # fmt: skip
    found = contents(path)
    np.testing.assert_array_equal(found["lightcurves/807144"], rows[:1])
    assert found["stamps/11/lstseq"].tolist() == [500]
    np.testing.assert_array_equal(found["stamps/11/stamps"], cut_stamps(image(), [80.0], [60.0]))
    assert found["stars/ascc"].tolist() == [11, 807144]
    assert found["station/lstseq"].tolist() == [500]


def test_the_same_group_makes_the_same_bytes(tmp_path: Path) -> None:
    rows = points((5, 500, 60.0, 50.0))
    made = [write_stamps(tmp_path / name, image(), rows).read_bytes() for name in ("a", "b")]
    assert made[0] == made[1]


def test_the_files_of_a_night_come_together_in_order_without_doubles(tmp_path: Path) -> None:
    parts = []
    for seed, (lstseq, numbers) in enumerate(((550, (5, 11)), (500, (5,)), (550, (5, 11)))):
        rows = points(*((one, lstseq, 60.0 + one, 50.0) for one in numbers))
        parts.append(
            write_stamps(
                tmp_path / f"part{seed}.hdf5", image(lstseq), rows, stars=stars(*numbers),
                station=station(lstseq),
            )
        )  # fmt: skip
    found = contents(merge_stamps(parts, tmp_path / "whole.hdf5"))
    assert found["stamps/5/lstseq"].tolist() == [500, 550]
    assert found["stamps/11/lstseq"].tolist() == [550]
    np.testing.assert_array_equal(
        found["stamps/5/stamps"],
        [cut_stamps(image(lstseq), 65.0, 50.0)[0] for lstseq in (500, 550)],
    )
    assert found["lightcurves/5"]["flux0"].tolist() == [1500.0, 1550.0]
    assert found["stars/ascc"].tolist() == [5, 11]
    assert found["station/lstseq"].tolist() == [500, 550]
    assert all(part.exists() for part in parts)


def test_a_broken_part_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "part.hdf5").write_bytes(b"no")
    with pytest.raises(NightglassError, match=r"part\.hdf5 is not a whole file"):
        merge_stamps([tmp_path / "part.hdf5"], tmp_path / "whole.hdf5")
    with pytest.raises(NightglassError, match="none"):
        merge_stamps([], tmp_path / "whole.hdf5")
    with pytest.raises(NightglassError, match="is not there"):
        write_stamps(tmp_path / "gone" / "a.hdf5", image(), points((5, 500, 60.0, 50.0)))
    assert [path.name for path in tmp_path.glob("*.hdf5")] == ["part.hdf5"]
