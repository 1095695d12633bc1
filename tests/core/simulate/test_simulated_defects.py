"""Each defect does to the files what it is named for, and the truth says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.simulate.defects import DEFECTS
from nightglass.core.simulate.lightspeed import SimulationReport, simulate_capture
from nightglass.core.simulate.settings import CaptureSettings

if TYPE_CHECKING:
    from pathlib import Path

SMALL: dict[str, Any] = {
    "shape": (8, 8), "pulsed_fraction": 0.0, "exposure_s": 0.001, "frames": 200,
    "frames_per_cube": 40,
}  # fmt: skip


def damaged(folder: Path, *defects: str, **changes: Any) -> SimulationReport:
    return simulate_capture(CaptureSettings(**{**SMALL, **changes, "defects": defects}), folder)


def numbers(report: SimulationReport) -> list[int]:
    return [int(path.name[-8:-5]) for path in report.files]


def stamps(report: SimulationReport) -> np.ndarray:
    return np.concatenate([fits.getdata(path, 2)["FRAMESTAMP"] for path in report.files])


def truth_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "truth.json").read_text())


def test_a_missing_cube_is_missing(tmp_path: Path):
    report = damaged(tmp_path, "missing-cube")
    assert numbers(report) == [1, 2, 4, 5]
    assert report.missing_cubes == (3,)
    assert report.frames == 160
    assert truth_of(tmp_path)["cubes"][2]["fault"] == "missing-cube"


def test_the_cube_to_damage_can_be_named(tmp_path: Path):
    assert numbers(damaged(tmp_path, "missing-cube:2", "missing-cube:4")) == [1, 3, 5]


@pytest.mark.parametrize(("defect", "kept"), [("truncated", 0.6), ("half-written", 0.5)])
def test_a_cut_file_ends_amid_its_frames(tmp_path: Path, defect: str, kept: float):
    report = damaged(tmp_path, defect)
    whole, cut = report.files[0], report.files[-1]
    with fits.open(whole) as hdus:
        start = hdus[1].fileinfo()["datLoc"]
    assert cut.stat().st_size == start + int(kept * 40 * 64 * 2)
    assert cut.read_bytes()[:2880] == whole.read_bytes()[:2880].replace(
        b"CUBEIDX =                    1", b"CUBEIDX =                    5"
    )
    assert report.frames == 160


def test_an_empty_file_has_no_bytes(tmp_path: Path):
    assert damaged(tmp_path, "empty:4").files[3].stat().st_size == 0


def test_a_wrong_type_is_floats_of_the_same_counts(tmp_path: Path):
    good, bad = damaged(tmp_path / "good"), damaged(tmp_path / "bad", "wrong-dtype")
    data = fits.getdata(bad.files[1], 1)
    assert data.dtype == ">f4"
    np.testing.assert_array_equal(data, fits.getdata(good.files[1], 1))
    with fits.open(bad.files[1]) as hdus:
        hdus.verify("exception")


def test_a_table_can_be_absent(tmp_path: Path):
    with fits.open(damaged(tmp_path, "no-timestamps").files[1]) as hdus:
        hdus.verify("exception")
        assert len(hdus) == 2


def test_gps_can_be_unknown_absent_or_late(tmp_path: Path):
    def starts(name: str) -> list[str | None]:
        report = damaged(tmp_path / name, name)
        return [fits.getheader(path, 0).get("GPSSTART") for path in report.files]

    iso = "2025-12-10T03:15:00.000000000"
    assert starts("no-gps") == ["N/A"] * 5
    assert starts("gps-absent") == [None] * 5
    assert starts("late-gps") == ["N/A", "N/A", iso, iso, iso]


def test_a_silent_telescope_leaves_na(tmp_path: Path):
    cards = fits.getheader(damaged(tmp_path, "no-telescope").files[0], 1)
    assert {cards[name] for name in ("TELRA", "TELDEC", "TELPA", "TELUT")} == {"N/A"}


@pytest.mark.parametrize("bundle", [1, 4])
def test_lost_frames_leave_gaps_in_both_stamps(tmp_path: Path, bundle: int):
    report = damaged(tmp_path, "lost-frames", bundle=bundle)
    frames = truth_of(tmp_path)["frames"]
    seen = stamps(report)
    missing = sorted(set(range(200 // bundle)) - set(seen.tolist()))
    assert frames["lost_frames"] == [b * bundle + k for b in missing for k in range(bundle)]
    assert report.lost_frames == frames["lost"] == len(missing) * bundle > 0
    assert seen[0] == 0
    assert seen[-1] == 200 // bundle - 1
    assert report.frames == 200 - report.lost_frames
    times = np.concatenate([fits.getdata(path, 2)["TIMESTAMP"] for path in report.files])
    np.testing.assert_allclose(times, seen * bundle * 0.001, atol=1e-6)


def test_frames_around_a_loss_are_the_true_ones(tmp_path: Path):
    whole, lossy = damaged(tmp_path / "a"), damaged(tmp_path / "b", "lost-frames")
    every = np.concatenate([fits.getdata(path, 1) for path in whole.files])
    kept = np.concatenate([fits.getdata(path, 1) for path in lossy.files])
    np.testing.assert_array_equal(kept, every[stamps(lossy)])


def test_duplicates_repeat_a_bundle_with_its_stamps(tmp_path: Path):
    report = damaged(tmp_path, "duplicate-frames")
    seen = stamps(report)
    (twice,) = np.flatnonzero(np.diff(seen) == 0)
    assert truth_of(tmp_path)["frames"]["duplicated_frames"] == [int(seen[twice])]
    assert report.duplicate_frames == 1
    assert report.frames == 201


def test_stray_files_lie_beside_the_cubes(tmp_path: Path):
    report = damaged(tmp_path, "stray-files")
    others = {path.name for path in tmp_path.iterdir()} - {path.name for path in report.files}
    assert len(others) == 4
    assert report.frames == 200


def test_several_defects_find_cubes_of_their_own(tmp_path: Path):
    damaged(tmp_path, "missing-cube", "truncated", "half-written", "empty", "wrong-dtype")
    faults = [cube["fault"] for cube in truth_of(tmp_path)["cubes"]]
    assert sorted(faults) == sorted(
        ["missing-cube", "truncated", "half-written", "empty", "wrong-dtype"]
    )


@pytest.mark.parametrize("defect", sorted(DEFECTS))
@pytest.mark.parametrize("frames", [1, 2, 5])
def test_short_captures_take_every_defect(tmp_path: Path, defect: str, frames: int):
    report = damaged(tmp_path, defect, frames=frames)
    assert report.frames <= frames + 1
    assert (tmp_path / "truth.json").exists()


@pytest.mark.parametrize("word", ["nonsense", "missing-cube:x", "no-gps:2", "empty:0", ""])
def test_unknown_defects_are_refused(word: str):
    with pytest.raises(NightglassError):
        CaptureSettings(defects=(word,))
