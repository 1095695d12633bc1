"""Bias, dark and flat on display, against numpy on the counts that were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.session.view import Stack

from ..lightspeed.writer import write_capture
from .night import BUNDLES, COLUMNS, ROWS, SPEC, WHOLE, frames_of, shown_values

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench

    from ..lightspeed.writer import CubeSpec

# Twice as large as the frames, and begun left of and below them.
LEFT, BELOW = 8, 4
BIG = {"SUBARRAY HPOS": 1048.0 - LEFT, "SUBARRAY VPOS": 512.0 - BELOW}
BIAS = SPEC.with_(object_name="bias", rows=2 * ROWS, columns=2 * COLUMNS, cards=BIG)
DARK = BIAS.with_(object_name="dark", exposure_s=2.0, start="20251210_002000")
FLAT = BIAS.with_(object_name="flat", exposure_s=0.1, start="20251210_003000")
RAW = frames_of().astype(np.float64)


def trimmed(values: np.ndarray) -> np.ndarray:
    return values[BELOW : BELOW + ROWS, LEFT : LEFT + COLUMNS]


def mean_of(spec: CubeSpec, number: int) -> np.ndarray:
    return frames_of(spec, (number,)).astype(np.float64).mean(axis=0)


# The counts of each kind come from cubes of other numbers, so that they differ.
BIAS_MEAN, DARK_MEAN, FLAT_MEAN = mean_of(BIAS, 2), mean_of(DARK, 3), mean_of(FLAT, 1)
LIGHT = FLAT_MEAN - BIAS_MEAN
RESPONSE = LIGHT / np.median(LIGHT)


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """A folder of each kind."""
    made = {}
    for kind, spec, number in (("bias", BIAS, 2), ("dark", DARK, 3), ("flat", FLAT, 1)):
        made[kind] = tmp_path / kind
        made[kind].mkdir()
        write_capture(made[kind], spec, [number])
    return made


@pytest.fixture
def shown(bench: Workbench, capture_folder: Path) -> Workbench:
    """A workbench that shows frame 1 of 30."""
    bench.pictures.look("main", WHOLE)
    bench.open([capture_folder])
    return bench


def close(values: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(values, expected, rtol=2e-5, atol=0.02)


def test_nothing_is_done_without_masters(shown: Workbench) -> None:
    np.testing.assert_array_equal(shown_values(shown), RAW[0])
    assert shown.calibrations.correction(shown.session.view.capture, shown.session.view) is None


def test_the_bias_is_cut_to_the_frames_and_subtracted(shown: Workbench, folders) -> None:
    shown.calibrations.load("bias", folders["bias"])
    close(shown_values(shown), RAW[0] - trimmed(BIAS_MEAN))
    shown.transport.go_to(12)
    close(shown_values(shown), RAW[12] - trimmed(BIAS_MEAN))
    shown.session.change(use_bias=False)
    np.testing.assert_array_equal(shown_values(shown), RAW[12])


def test_all_three_masters(shown: Workbench, folders) -> None:
    for kind in ("bias", "dark", "flat"):
        shown.calibrations.load(kind, folders[kind])
    dark_rate = (DARK_MEAN - BIAS_MEAN) / 2.0
    expected = RAW[0] - trimmed(BIAS_MEAN) - trimmed(dark_rate) * SPEC.exposure_s
    usable = trimmed(RESPONSE) >= 0.02
    values = shown_values(shown)
    close(values[usable], expected[usable] / trimmed(RESPONSE)[usable])
    assert np.isnan(values[~usable]).all()
    shown.calibrations.use("flat", None)
    close(shown_values(shown), expected)


def test_without_a_bias_the_detector_offset_goes(shown: Workbench, folders) -> None:
    shown.calibrations.load("dark", folders["dark"])
    rate = (DARK_MEAN - 199.5) / 2.0
    close(shown_values(shown), RAW[0] - 199.5 - trimmed(rate) * SPEC.exposure_s)


@pytest.mark.parametrize(("method", "times"), [("mean", 1), ("sum", 5), ("median", 1), ("max", 1)])
def test_a_stack_loses_the_bias_of_its_frames(shown: Workbench, folders, method, times) -> None:
    shown.calibrations.load("bias", folders["bias"])
    shown.session.change(stack=Stack(5, method))
    shown.transport.go_to(20)
    stack = getattr(np, method)(RAW[16:21], axis=0)
    close(shown_values(shown), stack - times * trimmed(BIAS_MEAN))


def test_scatter_and_difference_have_no_bias_left_to_lose(shown: Workbench, folders) -> None:
    shown.calibrations.load("bias", folders["bias"])
    shown.session.change(stack=Stack(5, "std"))
    shown.transport.go_to(20)
    close(shown_values(shown), RAW[16:21].std(axis=0, ddof=1))
    shown.session.change(stack=Stack())
    shown.pictures.take_reference()
    shown.transport.go_to(21)
    close(shown_values(shown), RAW[21] - RAW[20])


def test_a_master_made_is_kept_and_loaded_again(shown: Workbench, folders, tmp_path: Path) -> None:
    shown.open([folders["bias"]])
    bias = shown.capture
    assert bias is not None
    output = tmp_path / "masters" / "bias.fits"
    output.parent.mkdir()
    shown.calibrations.make("bias", bias, output)
    assert output.is_file()
    assert shown.calibrations.masters["bias"].path == output
    shown.calibrations.use("bias", None)
    shown.show(shown.desk.order[0])
    shown.calibrations.load("bias", output)
    close(shown_values(shown), RAW[0] - trimmed(BIAS_MEAN))


def test_what_differs_is_said(shown: Workbench, bench: Workbench, folders, tmp_path: Path) -> None:
    warm = tmp_path / "warm"
    warm.mkdir()
    write_capture(warm, FLAT.with_(cards={**BIG, "FILTER": "3 (r')", "SENSOR TEMPERATURE": -20.0}))
    shown.calibrations.load("flat", warm)
    filter_differs, warmer = shown.calibrations.mismatches("flat", shown.session.view.capture)
    assert "filter 3 (r')" in filter_differs or "filter r'" in filter_differs
    assert "-20.0 °C" in warmer
    assert shown.calibrations.mismatches("bias", shown.session.view.capture) == ()
    assert shown.problems.entries() == ()


@pytest.mark.expected_log
def test_a_master_of_another_place_is_one_problem_and_the_frames_stay(
    shown: Workbench, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write_capture(elsewhere, SPEC.with_(object_name="bias", cards={"SUBARRAY HPOS": 0.0}))
    shown.calibrations.load("bias", elsewhere)
    for frame in range(5):
        shown.transport.go_to(frame)
        np.testing.assert_array_equal(shown_values(shown), RAW[frame])
    (problem,) = shown.problems.entries()
    assert problem.title == "The bias does not fit these frames"
    assert "detector columns" in problem.text
    (mismatch,) = shown.calibrations.mismatches("bias", shown.session.view.capture)
    assert mismatch == problem.text


@pytest.mark.expected_log
def test_a_master_of_another_kind_is_refused(shown: Workbench, folders, tmp_path: Path) -> None:
    shown.open([folders["bias"]])
    output = tmp_path / "master.fits"
    shown.calibrations.make("bias", shown.desk.require(shown.session.view.capture), output)
    shown.calibrations.load("flat", output)
    (problem,) = shown.problems.entries()
    assert problem.text == "This file holds a bias, not a flat."
    assert "flat" not in shown.calibrations.masters


def test_only_a_capture_of_the_camera_makes_a_master(bench: Workbench, tmp_path: Path) -> None:
    from astropy.io import fits

    fits.PrimaryHDU(np.zeros((4, 5), np.float32)).writeto(tmp_path / "sky.fits")
    bench.open([tmp_path / "sky.fits"])
    assert bench.capture is not None
    with pytest.raises(NightglassError, match="not a LightSpeed capture"):
        bench.calibrations.make("bias", bench.capture)


def test_masters_stay_when_captures_come_and_go(shown: Workbench, folders, capture_folder) -> None:
    shown.calibrations.load("bias", folders["bias"])
    shown.desk.close(shown.desk.order[0])
    shown.open([capture_folder])
    close(shown_values(shown), RAW[0] - trimmed(BIAS_MEAN))
    assert shown.calibrations.masters["bias"].frames == BUNDLES
