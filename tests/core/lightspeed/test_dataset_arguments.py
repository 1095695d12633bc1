"""The options every command has make the data set they describe."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import DataSet, add_dataset_args, get_dataset

from .writer import CubeSpec, write_capture, write_cube

if TYPE_CHECKING:
    from pathlib import Path

SPEC = CubeSpec(rows=6, columns=8, bundles=4)


@pytest.fixture
def first(tmp_path: Path) -> str:
    return str(write_capture(tmp_path, SPEC)[0])


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_dataset_args(parser)
    return parser.parse_args(words)


def made(first: str, *words: str) -> DataSet:
    return get_dataset(parsed("--input", first, "--output", "out.fits", *words))


def test_every_documented_option_is_there_with_its_default(first: str) -> None:
    args = vars(parsed("--input", first, "--output", "o"))
    documented = {
        "input", "output", "bias", "self_bias", "dark", "flat", "frames", "min_index",
        "max_index", "timing_offset", "clobber",
    }  # fmt: skip
    assert documented <= set(args)
    assert not any(args[name] for name in documented - {"input", "output"})


def test_the_options_reach_the_data_set(first: str) -> None:
    data_set = made(
        first, "--min-index", "2", "--max-index", "3", "--frames", "7", "--timing-offset", "0.25",
        "--allow-cr", "--compat", "v3", "--threads", "1",
    )  # fmt: skip
    assert [cube.number for cube in data_set.cubes] == [2, 3]
    assert data_set.num_frames() == 7
    assert data_set.options.timing_offset == 0.25
    assert data_set.recipe().cosmic is None
    assert data_set.adu_per_electron == 8.5


def test_a_parser_with_fewer_options_serves_as_well(first: str) -> None:
    assert get_dataset(argparse.Namespace(input=first)).num_frames() == 12


def test_a_box_crops_and_regions_are_counted_from_one(first: str, tmp_path: Path) -> None:
    box = tmp_path / "box.reg"
    box.write_text("image\nbox(4,3,3,3,0)\n")
    data_set = made(first, "--bbox", str(box), "--allow-cr")
    assert data_set.options.bbox == (2, 1, 5, 4)
    whole = made(first, "--allow-cr").stack()
    np.testing.assert_array_equal(data_set.stack(), whole[1:4, 2:5])


def test_a_box_outside_the_frame_is_refused(first: str, tmp_path: Path) -> None:
    box = tmp_path / "box.reg"
    box.write_text("image\nbox(400,3,3,3,0)\n")
    with pytest.raises(NightglassError, match="outside the frame of 8 x 6"):
        made(first, "--bbox", str(box))


def test_a_turned_box_is_refused(first: str, tmp_path: Path) -> None:
    box = tmp_path / "box.reg"
    box.write_text("image\nbox(4,3,3,3,30)\n")
    with pytest.raises(NightglassError, match="no upright box"):
        made(first, "--bbox", str(box))


def test_a_bias_capture_and_a_bias_file_do_the_same(first: str, tmp_path: Path) -> None:
    capture = write_cube(tmp_path, SPEC.with_(object_name="bias"), 1)
    with_capture = made(first, "--bias", str(capture), "--allow-cr")
    saved = tmp_path / "saved.fits"
    with_capture.pixel_properties.save(saved)
    with_file = made(first, "--bias", str(saved), "--allow-cr")
    np.testing.assert_allclose(with_file.stack(), with_capture.stack(), rtol=1e-12)
    assert np.abs(with_capture.stack() - made(first, "--allow-cr").stack()).max() > 1


def test_lost_frames_are_told(tmp_path: Path) -> None:
    write_cube(tmp_path, SPEC, 1)
    third = write_cube(tmp_path, SPEC, 3)
    assert "4 frames were lost in one gap" in " ".join(made(str(third)).notices)


def test_pixels_that_the_camera_mended_are_told(tmp_path: Path) -> None:
    spec = SPEC.with_(cards={"DEFECT CORRECT MODE": "ON"})
    assert "replaced defect pixels" in " ".join(made(str(write_cube(tmp_path, spec, 1))).notices)
