"""Cubes split, calibrated and shifted."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.lightspeed.box import Box
from nightglass.core.lightspeed.cube import Cube, read_cube_header
from nightglass.core.lightspeed.data_set import DataSet
from nightglass.core.lightspeed.image import calibrated_cube, fits_writer, shifted_cubes, split_cube
from nightglass.core.lightspeed.image.shift import moved

from ..writer import CubeSpec, camera_cards, cube_name, hdus, pixels, write_capture, write_cube

if TYPE_CHECKING:
    from pathlib import Path

SPEC = CubeSpec(rows=6, columns=8, bundles=4, per_bundle=2)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("clock_start_s", [0.0, 731.25])
def test_split_bundles_are_cubes_with_their_own_counts_and_times(
    tmp_path: Path, number: int, clock_start_s: float
) -> None:
    spec = SPEC.with_(clock_start_s=clock_start_s)
    paths = write_capture(tmp_path, spec)
    whole = DataSet(paths)
    made = split_cube(paths[number - 1], tmp_path / "parts")
    assert made[2].name == f"crab_cube{number:03d}_20251210_001500_cube003.fits"
    parts = DataSet(made, cut_cr=False)
    assert parts.num_frames() == 8
    mine = slice(8 * (number - 1), 8 * number)
    np.testing.assert_allclose(
        parts.frame_times().seconds, whole.frame_times().seconds[mine], atol=1e-9
    )
    for bundle, path in enumerate(made):
        header = read_cube_header(path)
        raw = header.encoding.decode(Cube(header).raw(1))
        np.testing.assert_array_equal(raw, pixels(spec, number)[2 * bundle + 1])


def test_split_keeps_units_and_rows(tmp_path: Path) -> None:
    path = write_cube(tmp_path, SPEC, 1)
    made = split_cube(path, tmp_path / "parts")
    with fits.open(path) as old, fits.open(made[3]) as new:
        assert [unit.name for unit in new] == [unit.name for unit in old]
        assert new["TIMESTAMPS"].data.tobytes() == old["TIMESTAMPS"].data[3:4].tobytes()
        assert new[0].header["CUBEIDX"] == 4
        assert new[0].header["GPSSTART"] == old[0].header["GPSSTART"]
        assert new[1].header["EXPOSURE TIME"] == old[1].header["EXPOSURE TIME"]
        assert new[1].data.shape == (1, 12, 8)


def test_split_of_bytes_is_bytes(tmp_path: Path) -> None:
    spec = SPEC.with_(bitpix=8)
    made = split_cube(write_cube(tmp_path, spec, 1), tmp_path / "parts")
    with fits.open(made[1]) as units:
        np.testing.assert_array_equal(units[1].data[0, :6], pixels(spec, 1)[2])


def test_split_replaces_nothing_unasked_and_keeps_strangers(tmp_path: Path) -> None:
    path = write_cube(tmp_path, SPEC, 1)
    target = tmp_path / "parts"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    split_cube(path, target)
    with pytest.raises(NightglassError, match=r"holds crab_cube001.* and 3 more"):
        split_cube(path, target)
    split_cube(path, target, clobber=True)
    assert (target / "notes.txt").read_text() == "mine"
    assert len(list(target.iterdir())) == 5


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    path = write_cube(tmp_path, SPEC, 1)
    with pytest.raises(NightglassError, match="is a file"):
        split_cube(path, path)
    with pytest.raises(NightglassError, match="does not exist"):
        split_cube(path, tmp_path / "no" / "such")


def test_a_calibrated_cube_holds_every_frame_in_electrons(tmp_path: Path) -> None:
    data_set = DataSet(write_capture(tmp_path, SPEC), cut_cr=False)
    path = calibrated_cube(data_set, tmp_path / "all.fits")
    frames = np.array([frame.image for frame in data_set.iterator(use_bar=False)])
    with fits.open(path) as units:
        assert [unit.name for unit in units] == ["PRIMARY", "TIMESTAMPS"]
        assert units[0].data.dtype == np.dtype(">f4")
        np.testing.assert_allclose(units[0].data, frames, rtol=1e-6)
        table, times = units[1].data, data_set.frame_times()
        np.testing.assert_array_equal(table["SECONDS"], times.seconds)
        np.testing.assert_array_equal(table["DAY"], times.day)
        np.testing.assert_allclose(table["TIMESTAMP"], np.arange(24) * SPEC.interval_s, atol=2e-6)
        assert table["FRAMESTAMP"][:4].tolist() == [0, 0, 1, 1]
        expected = (np.concatenate([pixels(SPEC, n) for n in (1, 2, 3)]) >= 60_000).any((1, 2))
        np.testing.assert_array_equal(table["SATURATED"], expected)
        assert units[0].header["BUNIT"] == "electron"
        assert units[0].header["FRAMEBUNDLE MODE"] == "OFF"
        units.verify("exception")


def test_a_calibrated_cube_is_cropped_limited_and_flattened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_set = DataSet(
        write_capture(tmp_path, SPEC), cut_cr=False, bbox=Box(1, 2, 6, 5), max_frames=9
    )
    flat = np.full((3, 5), 2.0)
    flat[1, 1] = 0.05
    monkeypatch.setattr(data_set, "flat", lambda: flat)
    path = calibrated_cube(data_set, tmp_path / "part.fits")
    frames = np.array([frame.image for frame in data_set.iterator(use_bar=False)]) / 2.0
    frames[:, 1, 1] = np.nan
    with fits.open(path) as units:
        np.testing.assert_allclose(units[0].data, frames, rtol=1e-6)
        assert len(units[1].data) == 9
        assert units[0].header["FLATCORR"] == "T"
        assert units[0].header["LTV1"] == -1.0


def test_cosmic_rays_are_not_a_number(tmp_path: Path) -> None:
    data_set = DataSet(write_capture(tmp_path, SPEC), cr_ceil=3000.0)
    with fits.open(calibrated_cube(data_set, tmp_path / "cut.fits")) as units:
        assert np.isnan(units[0].data).any()
        assert np.nanmax(units[0].data) <= 3000.0


def test_a_full_disk_is_noticed_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_set = DataSet(write_capture(tmp_path, SPEC))
    usage = type("Usage", (), {"free": 1000})()
    monkeypatch.setattr(fits_writer.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(NightglassError, match="The disk is too full"):
        calibrated_cube(data_set, tmp_path / "all.fits")


def test_a_cancelled_cube_leaves_nothing(tmp_path: Path) -> None:
    data_set = DataSet(write_capture(tmp_path, SPEC))
    before = set(tmp_path.iterdir())
    stop = threading.Event()

    class Stopping(JobContext):
        def progress(self, *args: Any, **keywords: Any) -> None:
            stop.set()

        def check(self) -> None:
            if stop.is_set():
                raise Cancelled

    with pytest.raises(Cancelled):
        calibrated_cube(data_set, tmp_path / "all.fits", ctx=Stopping())
    assert set(tmp_path.iterdir()) == before


# A star that wanders, one place per frame and several per bundle.
PLACES = [(20.0 + dx, 16.0 + dy) for dx, dy in
          [(0, 0), (1, 0), (2, -1), (3, -2), (4, -2), (3, -4), (2, -5), (0, -6)]]  # fmt: skip
WANDER = CubeSpec(rows=32, columns=40, bundles=4, per_bundle=2)


def wandering(folder: Path, height: float = 3000.0, numbers: tuple[int, ...] = (1,)) -> DataSet:
    y, x = np.mgrid[1:33, 1:41]
    frames = [
        300 + height * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * 1.7**2)) for px, py in PLACES
    ]
    stack = np.round(np.array(frames)).astype(np.uint16).reshape(4, 64, 40)
    for number in numbers:
        units = hdus(WANDER, number)
        image = fits.ImageHDU(stack, name="DATA_CUBE")
        for key, value in camera_cards(WANDER).items():
            image.header[f"HIERARCH {key}" if len(key) > 8 or " " in key else key] = value
        units[1] = image
        units.writeto(folder / cube_name(WANDER, number))
    return DataSet.from_dir(folder)


@pytest.fixture
def circle(tmp_path: Path) -> Path:
    path = tmp_path / "star.reg"
    path.write_text("image\ncircle(20,16,8)\n")
    return path


def capture_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "capture"
    folder.mkdir()
    return folder


def test_a_wandering_star_is_held_still_frame_by_frame(tmp_path: Path, circle: Path) -> None:
    data_set = wandering(capture_folder(tmp_path))
    made = shifted_cubes(data_set, circle, tmp_path / "held")
    assert (made.frames, made.found, made.largest_px) == (8, 8, 6)
    with fits.open(made.paths[0]) as units:
        assert [unit.name for unit in units] == ["PRIMARY", "DATA_CUBE", "TIMESTAMPS", "PSF"]
        table, cube = units["PSF"].data, units["DATA_CUBE"].data
        np.testing.assert_allclose(table["X"], 20.0, atol=0.02)
        np.testing.assert_allclose(table["Y"], 16.0, atol=0.02)
        np.testing.assert_array_equal(table["DX"], [20.0 - x for x, _ in PLACES])
        np.testing.assert_array_equal(table["DY"], [16.0 - y for _, y in PLACES])
        np.testing.assert_allclose(table["MAJOR"], 2.3548 * 1.7, rtol=0.03)
        for plane in cube:
            assert np.unravel_index(np.nanargmax(plane), plane.shape) == (15, 19)
        assert np.isnan(cube[4, :, 36:]).all()
        assert np.isnan(cube[4, :2]).all()
        assert np.isfinite(cube[4, 2:, :36]).all()
        assert units[1].header["SHIFTED"] == "T"
        np.testing.assert_array_equal(
            units["TIMESTAMPS"].data["SECONDS"], data_set.frame_times().seconds
        )


def test_without_shift_the_star_is_measured_where_it_is(tmp_path: Path, circle: Path) -> None:
    data_set = wandering(capture_folder(tmp_path))
    made = shifted_cubes(data_set, circle, tmp_path / "there", shift=False)
    with fits.open(made.paths[0]) as units:
        np.testing.assert_allclose(units["PSF"].data["X"], [x for x, _ in PLACES], atol=0.02)
        np.testing.assert_allclose(units["PSF"].data["Y"], [y for _, y in PLACES], atol=0.02)
        assert np.isfinite(units["DATA_CUBE"].data).all()
        assert units["DATA_CUBE"].header["SHIFTED"] == "F"


def test_a_cropped_star_is_held_too(tmp_path: Path, circle: Path) -> None:
    data_set = wandering(capture_folder(tmp_path))
    data_set.options = data_set.options.changed(bbox=Box(5, 3, 35, 30))
    made = shifted_cubes(data_set, circle, tmp_path / "held")
    with fits.open(made.paths[0]) as units:
        np.testing.assert_allclose(units["PSF"].data["X"], 15.0, atol=0.02)
        np.testing.assert_allclose(units["PSF"].data["Y"], 13.0, atol=0.02)


def test_every_cube_gets_its_file_and_its_own_frames(tmp_path: Path, circle: Path) -> None:
    data_set = wandering(capture_folder(tmp_path), numbers=(1, 2))
    made = shifted_cubes(data_set, circle, tmp_path / "held")
    assert [path.name for path in made.paths] == [cube.path.name for cube in data_set.cubes]
    with fits.open(made.paths[1]) as units:
        np.testing.assert_array_equal(
            units["TIMESTAMPS"].data["SECONDS"], data_set.frame_times().seconds[8:]
        )


def test_frames_without_a_star_are_told_and_not_moved(tmp_path: Path, circle: Path) -> None:
    data_set = wandering(capture_folder(tmp_path), height=0.0)
    made = shifted_cubes(data_set, circle, tmp_path / "held")
    assert (made.found, made.largest_px) == (0, 0)
    assert any("found in no frame" in notice for notice in data_set.notices)
    with fits.open(made.paths[0]) as units:
        assert np.isnan(units["PSF"].data["X"]).all()


def test_the_cubes_that_are_read_are_never_replaced(tmp_path: Path, circle: Path) -> None:
    folder = capture_folder(tmp_path)
    data_set = wandering(folder)
    with pytest.raises(NightglassError, match="holds the cubes that are read"):
        shifted_cubes(data_set, circle, folder, clobber=True)


def test_other_shapes_than_a_circle_are_refused(tmp_path: Path) -> None:
    data_set = wandering(capture_folder(tmp_path))
    path = tmp_path / "box.reg"
    path.write_text("image\nbox(20,16,8,8,0)\n")
    with pytest.raises(NightglassError, match="is no circle"):
        shifted_cubes(data_set, path, tmp_path / "held")


@pytest.mark.parametrize(("across", "up"), [(0, 0), (2, 0), (-1, 3), (0, -4), (9, 0), (0, -9)])
def test_pixels_move_the_way_they_are_told(across: int, up: int) -> None:
    frame = np.arange(20.0).reshape(4, 5)
    made = moved(frame, across, up)
    for row in range(4):
        for column in range(5):
            source = row - up, column - across
            inside = 0 <= source[0] < 4 and 0 <= source[1] < 5
            expected = frame[source] if inside else np.nan
            np.testing.assert_equal(made[row, column], expected)
