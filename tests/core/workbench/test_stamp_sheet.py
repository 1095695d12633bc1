"""What the time stamps tell, put into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.lightspeed.report import numbers_in_words
from nightglass.core.settings import TimingConstant

from .night import BUNDLES, SPEC, written

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench


def test_a_whole_capture_has_nothing_to_tell(bench: Workbench, capture_folder: Path) -> None:
    bench.open([capture_folder])
    sheet = bench.stamp_sheet()
    assert sheet is not None
    assert (sheet.quality, sheet.missing, sheet.note, sheet.gaps) == ("GPS", "", "", ())
    assert (sheet.lost, sheet.duplicates, sheet.steps_back) == (0, 0, 0)
    assert sheet.expected_ms == pytest.approx(5.1)
    # 30 frames have 29 intervals, all in the bin around the usual one.
    (filled,) = np.flatnonzero(sheet.counts)
    assert sheet.counts[filled] == 29
    assert sheet.edges_ms[filled] < 5.1 < sheet.edges_ms[filled + 1]


def test_bundles_are_expected_at_the_interval_of_a_bundle(bench: Workbench, tmp_path: Path):
    bench.open([written(tmp_path / "crab", SPEC.with_(per_bundle=4, interval_s=0.002))])
    sheet = bench.stamp_sheet()
    assert sheet is not None
    assert sheet.expected_ms == pytest.approx(8.0)


def test_a_missing_cube_is_a_gap_and_a_word(bench: Workbench, capture_folder: Path) -> None:
    sorted(capture_folder.iterdir())[1].unlink()
    bench.open([capture_folder])
    sheet = bench.stamp_sheet()
    assert sheet is not None
    assert (sheet.lost, sheet.missing) == (BUNDLES, "cube 2")
    (gap,) = sheet.gaps
    assert (gap.after_frame, gap.frames, gap.reason) == (BUNDLES - 1, BUNDLES, "missing cube")


@pytest.mark.parametrize(
    ("absent", "words"),
    [((3,), "cube 3"), ((3, 5, 6, 7), "cubes 3 and 5 to 7"), ((1, 3, 9), "cubes 1, 3 and 9")],
)
def test_neighbouring_cubes_are_drawn_together(absent: tuple[int, ...], words: str) -> None:
    assert numbers_in_words(absent) == words


@pytest.mark.parametrize(
    ("readout", "exposure", "offset_s", "words"),
    [
        (0.5, 0.5, 0.0, "4.6 ms: half the exposure (2.5 ms) and half the readout (2.1 ms)"),
        (0.0, 0.0, 0.0, "0 ms: start of the exposure"),
        (1.0, 0.25, 0.0, "5.45 ms: 0.25 of the exposure (1.25 ms) and the whole readout (4.2 ms)"),
        (0.0, 0.0, 1.5e-3, "1.5 ms: offset (1.5 ms)"),
    ],
)
def test_the_constant_term_is_told_with_its_parts(
    bench: Workbench, capture_folder: Path, readout: float, exposure: float, offset_s: float,
    words: str,
) -> None:  # fmt: skip
    bench.open([capture_folder])
    constant = TimingConstant(
        readout_fraction=readout, exposure_fraction=exposure, offset_s=offset_s
    )
    bench.use_settings(bench.settings.changed(timing_constant=constant))
    sheet = bench.stamp_sheet()
    assert sheet is not None
    assert sheet.constant == words


def test_an_exposure_that_no_header_has_is_said(bench: Workbench, tmp_path: Path) -> None:
    bench.open([written(tmp_path / "crab", SPEC.with_(cards={"EXPOSURE TIME": None}))])
    sheet = bench.stamp_sheet()
    assert sheet is not None
    assert sheet.constant.startswith("2.1 ms: half the exposure (not in the header)")
    assert "EXPOSURE TIME" in sheet.note


def test_without_stamps_there_is_no_sheet(bench: Workbench, tmp_path: Path) -> None:
    assert bench.stamp_sheet() is None
    fits.PrimaryHDU(np.ones((5, 6), np.float32)).writeto(tmp_path / "sky.fits")
    bench.open([tmp_path / "sky.fits"])
    assert bench.stamp_sheet() is None
