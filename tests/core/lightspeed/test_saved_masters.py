"""Masters that the window saved do in commands what the captures they came from do."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import get_dataset
from nightglass.core.lightspeed.calibration import make_master, save_master
from nightglass.core.lightspeed.open_capture import open_capture

from .writer import CubeSpec, write_capture, write_cube

if TYPE_CHECKING:
    from pathlib import Path

SPEC = CubeSpec(rows=6, columns=8, bundles=4)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A science cube, calibration cubes and the masters made of them."""
    found = {"science": write_capture(tmp_path, SPEC)[0]}
    context = JobContext()
    bias = None
    for kind in ("bias", "dark", "flat"):
        path = write_cube(tmp_path, SPEC.with_(object_name=kind), 3 if kind == "bias" else 1)
        master = make_master(kind, open_capture(path), context, bias=bias)
        found[kind] = path
        found[f"saved {kind}"] = tmp_path / f"master_{kind}.fits"
        saved = save_master(master, found[f"saved {kind}"])
        bias = bias or saved
    return found


def calibrated(files: dict[str, Path], saved: str, *kinds: str) -> Any:
    words = {kind: str(files[f"{saved}{kind}"]) for kind in kinds}
    return get_dataset(argparse.Namespace(input=str(files["science"]), allow_cr=True, **words))


@pytest.mark.parametrize("kinds", [("bias",), ("bias", "dark"), ("bias", "dark", "flat")])
def test_saved_masters_stand_for_their_captures(
    files: dict[str, Path], kinds: tuple[str, ...]
) -> None:
    one, other = calibrated(files, "", *kinds), calibrated(files, "saved ", *kinds)
    np.testing.assert_allclose(other.stack(), one.stack(), atol=2e-4)
    if "flat" in kinds:
        np.testing.assert_allclose(other.flat(), one.flat(), rtol=1e-5)


def test_a_master_of_another_kind_is_refused(files: dict[str, Path]) -> None:
    files["saved dark"] = files["saved flat"]
    with pytest.raises(NightglassError, match="holds a flat"):
        calibrated(files, "saved ", "dark")


def test_a_folder_stands_for_the_capture_in_it(files: dict[str, Path], tmp_path: Path) -> None:
    before = calibrated(files, "", "bias").stack()
    folder = tmp_path / "bias"
    folder.mkdir()
    files["bias"].rename(folder / files["bias"].name)
    files["bias"] = folder
    np.testing.assert_array_equal(calibrated(files, "", "bias").stack(), before)
