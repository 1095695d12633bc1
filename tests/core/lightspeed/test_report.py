"""The report: every figure right, every trouble a sentence."""

import json
import os

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.lightspeed.report import describe, format_text, survey

from .writer import CubeSpec, stamps, write_capture, write_cube

SPEC = CubeSpec(per_bundle=2, bundles=10)
KEYS = {
    *("object", "cubes", "frames", "frames_per_bundle", "shape", "exposure_s", "interval_s"),
    *("start_utc", "time_quality", "missing_cubes", "lost_frames", "mode", "gain", "filter"),
    *("temperature_c", "problems"),
}


def only(path):
    (entry,) = describe(path)["captures"]
    return entry


def test_a_sound_capture_is_described_in_full_and_without_problems(tmp_path):
    write_capture(tmp_path, SPEC)
    entry = only(tmp_path)
    assert set(entry) == KEYS
    gain = entry.pop("gain")
    assert gain == pytest.approx(1 / 0.107)
    assert entry == {
        "object": "crab",
        "cubes": 3,
        "frames": 60,
        "frames_per_bundle": 2,
        "shape": [6, 8],
        "exposure_s": 0.005,
        "interval_s": 0.0051,
        "start_utc": "2025-12-10T03:15:00.000000000",
        "time_quality": "gps",
        "missing_cubes": [],
        "lost_frames": 0,
        "mode": "standard",
        "filter": "2 (g')",
        "temperature_c": -34.9,
        "problems": [],
    }
    assert not survey(tmp_path).found_trouble


def test_missing_cubes_and_lost_frames_are_counted_and_told(tmp_path):
    write_capture(tmp_path, SPEC, (1, 2, 4, 7, 8))
    entry = only(tmp_path)
    assert entry["missing_cubes"] == [3, 5, 6]
    assert entry["lost_frames"] == 60
    assert "Cubes 3 and 5 to 6 are missing." in entry["problems"]
    assert any("60 frames are lost in 2 gaps, the first after frame 40" in text
               for text in entry["problems"])  # fmt: skip


def test_frames_lost_inside_a_cube_are_told(tmp_path):
    clock, counter = stamps(SPEC, 1)
    late = np.arange(10) >= 6
    path = write_cube(
        tmp_path, SPEC, 1, clock=clock + late * 3 * 0.0102, counter=counter + late * 3
    )
    entry = only(path)
    assert entry["lost_frames"] == 6
    assert (
        "6 frames are lost in a gap after frame 12 (FRAMESTAMP and TIMESTAMP)."
        in (entry["problems"])
    )


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (SPEC.with_(gps=None), "telescope's clock"),
        (SPEC.with_(gps="N/A", cards={"TELUT": None}), "not UTC"),
        (SPEC.with_(cards={"INTERNAL FRAME INTERVAL": 1.0}), "INTERNAL FRAME INTERVAL"),
        (SPEC.with_(cards={"EXPOSURE TIME": None}), "no valid EXPOSURE TIME"),
        (SPEC.with_(cards={"FRAMEBUNDLE NUMBER": 5.0}), "2 rows too many"),
    ],
)
def test_what_is_assumed_is_a_problem(tmp_path, spec, words):
    write_capture(tmp_path, spec)
    assert any(words in text for text in only(tmp_path)["problems"])
    assert survey(tmp_path).found_trouble


def test_duplicates_and_frames_without_a_time_are_told(tmp_path):
    clock, counter = stamps(SPEC, 1)
    counter[4], clock[4] = counter[3], clock[3]
    clock[8] = np.nan
    problems = only(write_cube(tmp_path, SPEC, 1, clock=clock, counter=counter))["problems"]
    assert "2 frames are stored twice, by FRAMESTAMP." in problems
    assert any("2 frames have no readable TIMESTAMP" in text for text in problems)


def test_a_broken_cube_is_told_and_the_rest_described(tmp_path):
    paths = write_capture(tmp_path, SPEC)
    os.truncate(paths[2], 7000)
    entry = only(tmp_path)
    assert (entry["cubes"], entry["frames"]) == (2, 40)
    assert paths[2].name in entry["problems"][0]


def test_a_cube_that_is_there_but_broken_is_not_called_missing(tmp_path):
    paths = write_capture(tmp_path, SPEC, (1, 2, 3, 5))
    os.truncate(paths[1], 7000)
    entry = only(tmp_path)
    assert entry["missing_cubes"] == [4]
    assert entry["lost_frames"] == 40
    assert "Cube 4 is missing." in entry["problems"]


def test_several_captures_are_described_each(tmp_path):
    write_capture(tmp_path, SPEC)
    write_capture(tmp_path, SPEC.with_(object_name="vela", start="20251210_010000"))
    names = [entry["object"] for entry in describe(tmp_path)["captures"]]
    assert names == ["crab", "vela"]


def test_a_capture_that_cannot_be_read_is_a_failure_beside_the_others(tmp_path):
    write_capture(tmp_path, SPEC)
    bad = write_cube(tmp_path, SPEC.with_(object_name="vela"), 1)
    os.truncate(bad, 3000)
    report = survey(tmp_path)
    assert len(report.captures) == 1
    assert bad.name in str(report.failures[0])
    assert report.found_trouble


def test_another_fits_image_is_described_when_it_is_asked_for(tmp_path):
    path = tmp_path / "field.fits"
    image = fits.PrimaryHDU(np.zeros((5, 7), np.float32))
    image.header.update({"OBJECT": "M1", "EXPTIME": 2.5, "DATE-OBS": "2025-12-10T01:02:03"})
    image.writeto(path)
    entry = only(path)
    assert set(entry) == KEYS
    assert (entry["object"], entry["shape"], entry["exposure_s"]) == ("M1", [5, 7], 2.5)
    assert entry["start_utc"] == "2025-12-10T01:02:03.000000000"
    assert entry["time_quality"] == "telescope"


def test_the_report_is_json_and_text(tmp_path):
    write_capture(tmp_path, SPEC.with_(gps=None), (1, 3))
    report = describe(tmp_path)
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    text = format_text(report)
    assert text.startswith("crab\n")
    assert "6 rows x 8 columns" in text
    assert "  ! Cube 2 is missing." in text
    assert "(telescope)" in text
    assert "9.34579439 ADU per electron" in text


def test_stray_files_beside_a_capture_are_no_trouble(tmp_path):
    write_capture(tmp_path, SPEC)
    (tmp_path / "flat.fits").write_bytes(b"x")
    report = survey(tmp_path)
    assert not report.found_trouble
    assert "flat.fits is left out" in str(report.ignored[0])
