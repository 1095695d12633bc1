"""The documented DataSet: which frames it gives, in electrons, and when they were taken."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import DataSet, Frame

from .writer import CubeSpec, old, pixels, write_capture, write_cube

if TYPE_CHECKING:
    from pathlib import Path

SPEC = CubeSpec(rows=6, columns=8, bundles=4, per_bundle=2)
GAIN = 1 / 0.107


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return write_capture(tmp_path, SPEC)


def electrons(number: int, gain: float = GAIN) -> np.ndarray:
    return (pixels(SPEC, number).astype(float) - 199.5) / gain


def images(data_set: DataSet, **keywords: Any) -> np.ndarray:
    return np.array([frame.image for frame in data_set.iterator(use_bar=False, **keywords)])


def test_frames_are_electrons_in_order_of_cube_and_bundle(paths: list[Path]) -> None:
    data_set = DataSet(paths[::-1], cut_cr=False)
    expected = np.concatenate([electrons(number) for number in (1, 2, 3)])
    np.testing.assert_allclose(images(data_set), expected, rtol=1e-12)
    assert data_set.num_frames() == 24


def test_plain_iteration_is_the_iterator(paths: list[Path], capfd: pytest.CaptureFixture) -> None:
    data_set = DataSet(paths, cut_cr=False)
    frames = list(data_set)
    assert len(frames) == 24
    assert all(isinstance(frame, Frame) for frame in frames)
    assert capfd.readouterr().out == ""


def test_times_count_from_the_start_of_the_camera_to_mid_exposure(paths: list[Path]) -> None:
    data_set = DataSet(paths)
    frames = list(data_set.iterator(max_frames=5, use_bar=False))
    expected = np.arange(5) * SPEC.interval_s + SPEC.exposure_s / 2 + SPEC.readout_s / 2
    np.testing.assert_allclose([frame.timestamp for frame in frames], expected, atol=1e-9)
    assert frames[0].duration == SPEC.exposure_s
    assert abs(frames[3].time.unix - 1765336500.0 - expected[3]) < 1e-6
    assert frames[3].utc is not None
    assert frames[3].utc.seconds == pytest.approx(3 * 3600 + 900 + expected[3], abs=1e-10)


def test_min_index_does_not_move_absolute_time(paths: list[Path]) -> None:
    whole = DataSet.from_first(paths[0])
    later = DataSet.from_first(paths[0], min_index=2)
    assert later.num_frames() == 16
    np.testing.assert_allclose(
        later.frame_times().seconds, whole.frame_times().seconds[8:], atol=1e-9
    )


def test_a_timing_offset_makes_a_frame_read_then_have_time_zero(paths: list[Path]) -> None:
    data_set = DataSet(paths)
    second = data_set.timestamps()[1]
    data_set.apply_timing_offset(second)
    assert data_set.timestamps()[1] == pytest.approx(0.0, abs=1e-12)
    assert next(iter(data_set.iterator(use_bar=False))).timestamp == pytest.approx(
        -SPEC.interval_s, abs=1e-9
    )


def test_any_cube_or_the_folder_finds_the_capture(paths: list[Path]) -> None:
    for made in (DataSet.from_first(paths[2]), DataSet.from_dir(paths[0].parent)):
        assert made.filenames == [str(path) for path in paths]


def test_a_range_without_cubes_is_refused_with_the_range_there_is(paths: list[Path]) -> None:
    with pytest.raises(NightglassError, match="cubes 1 to 3, none from 7 to the last"):
        DataSet.from_first(paths[0], min_index=7)


def test_call_keywords_win_over_those_of_the_constructor(paths: list[Path]) -> None:
    data_set = DataSet(paths, cr_ceil=3500.0)
    assert np.isnan(images(data_set)).any()
    assert not np.isnan(images(data_set, cr_ceil=None)).any()
    assert (data_set.stack() < data_set.stack(cr_ceil=None)).any()
    assert not np.isnan(data_set.stack(cr_ceil=None)).any()


def test_an_unknown_keyword_is_named(paths: list[Path]) -> None:
    with pytest.raises(TypeError, match="'cut_rc'"):
        DataSet(paths, cut_rc=False)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="'colour'"):
        DataSet(paths).stack(colour=1)


def test_the_stack_is_the_mean_of_the_frames(paths: list[Path]) -> None:
    data_set = DataSet(paths, cut_cr=False)
    np.testing.assert_allclose(data_set.stack(), images(data_set).mean(axis=0), rtol=1e-12)


def test_only_the_first_frames_count_when_asked(paths: list[Path]) -> None:
    data_set = DataSet(paths, cut_cr=False, max_frames=11)
    assert len(images(data_set)) == data_set.num_frames() == 11
    np.testing.assert_allclose(data_set.stack(), images(data_set).mean(axis=0), rtol=1e-12)


@pytest.mark.parametrize(("compat", "gain"), [("v1", 8.9), ("v3", 8.5)])
def test_compat_takes_the_published_gain(paths: list[Path], compat: str, gain: float) -> None:
    data_set = DataSet(paths, cut_cr=False, compat=compat)
    np.testing.assert_allclose(images(data_set)[:8], electrons(1, gain), rtol=1e-12)
    assert data_set.gain_source == "compat"


def test_compat_spaces_the_frames_of_a_bundle_by_the_exposure(paths: list[Path]) -> None:
    stamps = DataSet(paths, compat="v3").timestamps()
    assert stamps[1] - stamps[0] == pytest.approx(SPEC.exposure_s, abs=1e-12)
    assert stamps[2] - stamps[0] == pytest.approx(2 * SPEC.interval_s, abs=1e-6)


def test_the_gain_is_the_headers_else_the_default(tmp_path: Path) -> None:
    spec = SPEC.with_(cards={"CONVERSION FACTOR COEFF": None})
    silent = DataSet([write_cube(tmp_path, spec, 1)])
    assert (silent.adu_per_electron, silent.gain_source) == (8.5, "default")
    told = DataSet([write_cube(tmp_path, SPEC, 1)])
    assert told.adu_per_electron == pytest.approx(GAIN)
    assert told.gain_source == "header"
    assert DataSet([write_cube(tmp_path, SPEC, 1)], gain=9.0).adu_per_electron == 9.0


def test_unknown_conventions_are_refused(paths: list[Path]) -> None:
    with pytest.raises(NightglassError, match="no compat 'v2'"):
        DataSet(paths, compat="v2")


def test_a_file_that_is_no_cube_is_left_out_and_told(paths: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "crab_20251210_001500_cube004.fits"
    broken.write_bytes(paths[0].read_bytes()[:5000])
    data_set = DataSet([*paths, broken])
    assert data_set.num_frames() == 24
    assert any("cube004" in notice for notice in data_set.notices)


def test_no_cube_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match=r"nothing\.fits is not there"):
        DataSet([tmp_path / "nothing.fits"])
    with pytest.raises(NightglassError, match="No cube was named"):
        DataSet([])


def test_bootstrap_resamples_cubes_in_place_and_is_seeded(paths: list[Path]) -> None:
    one, other = DataSet(paths, cut_cr=False), DataSet(paths, cut_cr=False)
    one.bootstrap(seed=3)
    other.bootstrap(seed=3)
    assert one.filenames == other.filenames
    assert one.num_frames() == 24
    by_name = {str(path): electrons(number) for number, path in enumerate(paths, 1)}
    expected = np.concatenate([by_name[name] for name in one.filenames])
    np.testing.assert_allclose(images(one), expected, rtol=1e-12)


def test_frames_keep_their_times_when_resampled(paths: list[Path]) -> None:
    whole = DataSet(paths).timestamps().reshape(3, 8)
    chosen = DataSet(paths)
    chosen.bootstrap(seed=3)
    places = [str(path) for path in paths]
    expected = np.concatenate([whole[places.index(name)] for name in chosen.filenames])
    np.testing.assert_array_equal(chosen.timestamps(), expected)


def test_a_second_bootstrap_is_refused_and_a_copy_keeps_the_original(paths: list[Path]) -> None:
    original = DataSet(paths)
    twin = copy.deepcopy(original)
    twin.bootstrap(seed=1)
    with pytest.raises(NightglassError, match="bootstrapped before"):
        twin.bootstrap(seed=2)
    assert original.filenames == [str(path) for path in paths]
    copy.deepcopy(original).bootstrap(seed=2)


def test_file_names_are_printed(paths: list[Path], capsys: pytest.CaptureFixture) -> None:
    DataSet(paths).display_filenames()
    assert capsys.readouterr().out.splitlines() == [str(path) for path in paths]


def test_mapped_and_read_files_give_the_same(paths: list[Path]) -> None:
    fresh = images(DataSet(paths))
    for path in paths:
        old(path)
    np.testing.assert_array_equal(images(DataSet(paths)), fresh)


def level(folder: Path, name: str, counts: float, **cards: Any) -> DataSet:
    """A capture of the same counts everywhere but in one hot pixel."""
    from astropy.io import fits

    spec = SPEC.with_(object_name=name, bundles=2, per_bundle=1, cards=cards)
    path = write_cube(folder, spec, 1)
    with fits.open(path, mode="update", memmap=False) as hdus:
        data = np.full(hdus[1].data.shape, counts, np.uint16)
        data[:, 2, 3] += 400
        hdus[1].data = data
    return DataSet([path], cut_cr=False)


def test_bias_dark_and_exposure_are_taken_off(paths: list[Path], tmp_path: Path) -> None:
    bias, dark = level(tmp_path, "bias", 210), level(
        tmp_path, "dark", 260, **{"EXPOSURE TIME": 0.5}
    )  # fmt: skip
    dark.set_bias(bias)
    data_set = DataSet(paths, cut_cr=False)
    data_set.set_bias(bias)
    data_set.set_dark(dark)
    expected = electrons(1) - (210 - 199.5) / GAIN - 50 / GAIN / 0.5 * SPEC.exposure_s
    expected[:, 2, 3] -= 400 / GAIN  # both have the hot pixel: it is in the bias
    np.testing.assert_allclose(images(data_set)[:8], expected, rtol=1e-6, atol=1e-5)
    assert any("0.5 s" in notice for notice in data_set.notices)


def test_a_flat_has_median_one_whatever_a_hot_pixel_does(paths: list[Path], tmp_path: Path) -> None:
    flat = level(tmp_path, "flat", 1199)
    data_set = DataSet(paths, cut_cr=False)
    before = data_set.stack()
    data_set.set_flat(flat)
    response = data_set.flat()
    assert response is not None
    assert np.median(response) == 1.0
    assert response[2, 3] == pytest.approx(1399.5 / 999.5, rel=1e-6)
    np.testing.assert_array_equal(data_set.stack(), before)


def test_a_flat_without_light_is_refused(paths: list[Path], tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="saw no light"):
        DataSet(paths).set_flat(level(tmp_path, "flat", 199))


def test_calibration_of_another_part_of_the_sensor_is_refused_with_both_places(
    paths: list[Path], tmp_path: Path
) -> None:
    elsewhere = level(tmp_path, "dark", 260, **{"SUBARRAY HPOS": 100.0})
    with pytest.raises(NightglassError, match=r"columns 100 to 107.*columns 1048 to 1055"):
        DataSet(paths).set_dark(elsewhere)
