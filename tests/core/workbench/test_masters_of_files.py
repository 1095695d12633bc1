"""What observers point at as bias, dark or flat, and what a command is given for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.lightspeed import DataSet, PixelProperties
from nightglass.core.settings import Settings
from nightglass.core.workbench.master_sources import bias_of_properties, made_from

from ..lightspeed.writer import write_capture
from .night import SPEC, frames_of

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench

BIAS = SPEC.with_(object_name="bias", start="20251210_001000")


@pytest.fixture
def bias_cubes(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "bias"
    folder.mkdir()
    return write_capture(folder, BIAS, [2])


@pytest.fixture
def properties(bias_cubes: list[Path], tmp_path: Path) -> Path:
    """Bias and noise as `nightglass bias` writes them."""
    source = DataSet(bias_cubes, gain=7.5)
    path = tmp_path / "pixels.fits"
    PixelProperties.from_bias(source).save(path)
    return path


def test_pixel_properties_are_a_bias_in_counts(properties: Path) -> None:
    master = bias_of_properties(properties, Settings(adu_per_electron=2.0))
    mean = frames_of(BIAS, (2,)).astype(np.float64).mean(axis=0)
    np.testing.assert_allclose(master.image, mean, rtol=2e-6)
    assert (master.kind, master.frames, master.path) == ("bias", 10, properties)
    assert master.notes == ()


def test_an_unknown_gain_is_that_of_the_settings_and_said(tmp_path: Path) -> None:
    path = tmp_path / "old.fits"
    PixelProperties(np.full((4, 5), 2.0), np.ones((4, 5))).save(path)
    master = bias_of_properties(path, Settings(adu_per_electron=8.0))
    np.testing.assert_allclose(master.image, 2.0 * 8.0 + 199.5)
    assert "8 ADU per electron was assumed" in master.notes[0]


def test_a_command_is_given_the_properties_or_a_cube(
    bench: Workbench, properties: Path, bias_cubes: list[Path], capture_folder: Path
) -> None:
    bench.open([capture_folder])
    bench.calibrations.load("bias", properties)
    assert bench.calibrations.given_in_use(bench.session.view) == {"bias": properties}
    bench.calibrations.load("bias", bias_cubes[0])
    assert bench.calibrations.given_in_use(bench.session.view) == {"bias": bias_cubes[0]}
    bench.session.change(use_bias=False)
    assert bench.calibrations.given_in_use(bench.session.view) == {}
    bench.calibrations.use("bias", None)
    assert bench.calibrations.given == {}


def test_a_master_of_a_chosen_capture_can_be_kept(
    bench: Workbench, bias_cubes: list[Path], tmp_path: Path
) -> None:
    output = tmp_path / "kept.fits"
    bench.calibrations.load("bias", bias_cubes[0], output)
    assert bench.calibrations.masters["bias"].path == output
    assert bench.calibrations.given["bias"] == bias_cubes[0]
    assert output.is_file()


@pytest.mark.expected_log
def test_properties_are_no_flat(bench: Workbench, properties: Path) -> None:
    bench.calibrations.load("flat", properties)
    (problem,) = bench.problems.entries()
    assert problem.text == "This file holds a bias, not a flat."


def test_a_cancelled_master_is_not_made(bias_cubes: list[Path]) -> None:
    from nightglass.core.errors import Cancelled

    ctx = JobContext()
    ctx.token.cancel()
    with pytest.raises(Cancelled):
        made_from("bias", bias_cubes[0], ctx, bias=None, settings=Settings())
