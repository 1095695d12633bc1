"""Captures are found from anything, and nothing else is taken for one."""

import os
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.discovery import find_captures
from nightglass.core.lightspeed.open_capture import open_capture

from .writer import CubeSpec, cube_name, pixels, write_capture, write_cube

SPEC = CubeSpec()


def numbers(files):
    return [number for number, _ in files.cubes]


@pytest.mark.parametrize("chosen", [0, 1, 2])
def test_one_cube_stands_for_its_whole_capture(tmp_path, chosen):
    paths = write_capture(tmp_path, SPEC)
    (files,) = find_captures(paths[chosen]).captures
    assert numbers(files) == [1, 2, 3]
    assert (files.object_name, files.start, files.folder) == ("crab", "20251210_001500", tmp_path)
    assert files.name == "crab_20251210_001500"


def test_several_cubes_of_a_capture_stand_for_themselves(tmp_path):
    paths = write_capture(tmp_path, SPEC)
    (files,) = find_captures(paths[1:]).captures
    assert numbers(files) == [2, 3]


def test_one_cube_each_of_two_captures_stand_for_both(tmp_path):
    first = write_capture(tmp_path, SPEC)
    second = write_capture(tmp_path, SPEC.with_(start="20251210_002000"))
    found = find_captures([second[0], first[2]])
    assert [numbers(files) for files in found.captures] == [[1, 2, 3], [1, 2, 3]]
    assert [files.start for files in found.captures] == ["20251210_001500", "20251210_002000"]


def test_bare_and_relative_names_work(tmp_path, monkeypatch):
    write_capture(tmp_path, SPEC)
    monkeypatch.chdir(tmp_path)
    for path in (cube_name(SPEC, 2), "./" + cube_name(SPEC, 2), "."):
        (files,) = find_captures(path).captures
        assert numbers(files) == [1, 2, 3]


def test_cube_1000_comes_after_999_and_not_after_100(tmp_path):
    write_capture(tmp_path, SPEC, (99, 100, 101, 999, 1000, 1001, 10_000))
    (files,) = find_captures(tmp_path / cube_name(SPEC, 1000)).captures
    assert numbers(files) == [99, 100, 101, 999, 1000, 1001, 10_000]


def test_cube_1000_does_not_bring_those_of_another_capture_with_it(tmp_path):
    other = SPEC.with_(object_name="crab_20251210_001500_cube1")
    write_capture(tmp_path, SPEC, (100, 1000))
    write_capture(tmp_path, other, (1,))
    found = find_captures(tmp_path)
    assert sorted(numbers(files) for files in found.captures) == [[1], [100, 1000]]


def test_stray_files_are_named_with_the_reason_and_left_alone(tmp_path):
    write_capture(tmp_path, SPEC)
    stem = cube_name(SPEC, 2).removesuffix(".fits")
    for stray in (f"{stem}.fits.gz", f"{stem}_proc.fits", "flat.fits", "crab.fit"):
        (tmp_path / stray).write_bytes(b"anything")
    for silent in (f".{stem}.fits", "notes.txt", "crab.par", ".hidden"):
        (tmp_path / silent).write_bytes(b"anything")
    (tmp_path / "folder.fits").mkdir()
    found = find_captures(tmp_path)
    assert numbers(found.captures[0]) == [1, 2, 3]
    assert {Path(error.path).name for error in found.ignored} == {
        f"{stem}.fits.gz",
        f"{stem}_proc.fits",
        "flat.fits",
        "crab.fit",
    }
    assert all("its name is not" in str(error) for error in found.ignored)
    assert found.problems == ()


def test_a_night_folder_above_the_captures_is_looked_into(tmp_path):
    for night in ("captures_2025_12_09", "captures_2025_12_10"):
        (tmp_path / night).mkdir()
        write_capture(tmp_path / night, SPEC)
    assert len(find_captures(tmp_path).captures) == 2


def test_an_empty_folder_is_a_problem_that_says_what_to_choose(tmp_path):
    found = find_captures(tmp_path)
    assert found.captures == ()
    assert "holds no LightSpeed cubes" in str(found.problems[0])
    with pytest.raises(NightglassError, match="holds no LightSpeed cubes"):
        open_capture(tmp_path)


def test_a_file_that_is_not_there_is_a_problem(tmp_path):
    found = find_captures([tmp_path / "gone.fits"])
    assert "is not there" in str(found.problems[0])


def test_a_folder_that_cannot_be_listed_is_a_problem(tmp_path, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    assert "may not be opened" in str(find_captures(tmp_path).problems[0])


def test_two_files_of_one_number_are_one_cube_and_a_sentence(tmp_path):
    first = write_cube(tmp_path, SPEC, 1)
    (tmp_path / first.name.replace("cube001", "cube0001")).write_bytes(first.read_bytes())
    found = find_captures(tmp_path)
    assert numbers(found.captures[0]) == [1]
    assert "already is cube 1" in str(found.ignored[0])


def test_renamed_cubes_are_grouped_by_what_they_hold(tmp_path):
    for index, path in enumerate(write_capture(tmp_path, SPEC)):
        path.rename(tmp_path / f"renamed {index}.fits")
    other = SPEC.with_(object_name="vela")
    write_cube(tmp_path, other, 1).rename(tmp_path / "x.fits")
    found = find_captures(tmp_path)
    assert [(files.name, numbers(files)) for files in found.captures] == [
        ("crab", [1, 2, 3]),
        ("vela", [1]),
    ]
    (alone,) = find_captures(tmp_path / "renamed 1.fits").captures
    assert numbers(alone) == [2]


def test_ten_thousand_files_are_found_by_name_alone(tmp_path, monkeypatch):
    for number in range(1, 10_001):
        (tmp_path / cube_name(SPEC, number)).touch()
    monkeypatch.setattr("nightglass.core.lightspeed.discovery.read_cube_header", None)
    (files,) = find_captures(tmp_path / cube_name(SPEC, 5000)).captures
    assert numbers(files) == list(range(1, 10_001))


CHANGING = {
    "TELRA": "05:35:00.0",
    "TELDEC": "+22:01:00",
    "TELROT": "1.0",
    "AIRMASS": "1.801",
    "TELUT": "00:00:01.0",
    "DATEOBS": "2025-12-11",
    "SENSOR TEMPERATURE": -34.7,
    "TCSAGE": 12.5,
    "FOCPOS": "N/A",
    "TELEQUIN": "2025.9",
    "SOMETHING NEW": 1.0,
    "FILTER": None,
}


def test_cards_that_change_from_cube_to_cube_keep_a_capture_together(tmp_path):
    write_cube(tmp_path, SPEC.with_(gps=None), 1)
    write_cube(tmp_path, SPEC, 2)
    write_cube(tmp_path, SPEC.with_(cards=CHANGING), 3)
    write_cube(tmp_path, SPEC.with_(bundles=2), 4)
    capture = open_capture(tmp_path)
    assert [header.number for header in capture.cubes] == [1, 2, 3, 4]
    assert capture.left_out == ()


STRANGERS = {
    "shape": (SPEC.with_(rows=7), "frames of 7 x 8 instead of"),
    "bundle": (SPEC.with_(rows=3, per_bundle=2, cards={"IMAGE HEIGHT": 3.0}), "instead of"),
    "pixels": (SPEC.with_(bitpix=8), "pixels of type uint8 instead of uint16"),
    "mode": (SPEC.with_(cards={"READOUT SPEED": 1.0}), "readout mode ultra-quiet instead of"),
    "exposure": (SPEC.with_(exposure_s=0.01), "an exposure of 0.01 s instead of 0.005"),
    "binning": (SPEC.with_(cards={"BINNING": "2X2"}), "binning 2 instead of 1"),
    "place": (SPEC.with_(cards={"SUBARRAY HPOS": 0.0}), "subarray at"),
    "start": (SPEC.with_(gps="2025-12-10T03:15:00.5"), "GPSSTART 2025-12-10T03:15:00.5 is that of"),
}


@pytest.mark.parametrize("number", [1, 2, 4])
@pytest.mark.parametrize("trait", STRANGERS)
def test_a_cube_of_another_capture_is_left_out_with_the_reason(tmp_path, trait, number):
    stranger, words = STRANGERS[trait]
    others = [other for other in (1, 2, 3, 4) if other != number]
    write_capture(tmp_path, SPEC, others)
    path = write_cube(tmp_path, stranger, number)
    capture = open_capture(tmp_path)
    assert [header.number for header in capture.cubes] == others
    (error,) = capture.left_out
    assert words in str(error)
    assert path.name in str(error)
    np.testing.assert_array_equal(capture.read(0), pixels(SPEC, others[0])[0])


def test_a_folder_of_several_captures_asks_to_choose(tmp_path):
    write_capture(tmp_path, SPEC)
    write_capture(tmp_path, SPEC.with_(object_name="vela"))
    with pytest.raises(NightglassError, match=r"There are 2: crab_.*, vela_.*Choose a cube"):
        open_capture(tmp_path)


def test_a_folder_of_other_fits_files_says_what_they_lack(tmp_path):
    fits.PrimaryHDU(np.zeros((4, 4))).writeto(tmp_path / "image.fits")
    found = find_captures(tmp_path)
    assert found.captures == ()
    assert "image.fits has no DATA_CUBE" in str(found.ignored[0])
