"""Simulated captures for the tests of images: a small field and bias frames of the same sensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.lightspeed.data_set import DataSet
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.settings import CaptureSettings

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# The seed is that of the sensor as well: bias frames of another would show other pixels.
SEED = 3


def sky(folder: Path, **changes: Any) -> DataSet:
    """Frames of a steady field."""
    usual: dict[str, Any] = {
        "frames": 600, "shape": (48, 64), "exposure_s": 0.005, "pulsed_fraction": 0.0,
        "stars": 3, "star_rate": 20000.0, "seed": SEED, "truth_maps": True,
        "cosmic_ray_rate": 0.0, "hot_fraction": 0.0, "telegraph_fraction": 0.0,
    }  # fmt: skip
    folder.mkdir()
    simulate_capture(CaptureSettings(**{**usual, **changes}), folder)
    return DataSet.from_dir(folder)


def calibration(folder: Path, kind: Any, like: DataSet, **changes: Any) -> DataSet:
    """Bias, dark or flat frames of the same pixels."""
    usual: dict[str, Any] = {
        "calibration": kind, "shape": like.header.shape, "seed": SEED, "cosmic_ray_rate": 0.0,
        "hot_fraction": 0.0, "telegraph_fraction": 0.0,
    }  # fmt: skip
    folder.mkdir()
    simulate_capture(CaptureSettings(**{**usual, **changes}), folder)
    return DataSet.from_dir(folder, cut_cr=kind != "bias")


def true_rate(folder: Path) -> NDArray[np.float64]:
    """Photo-electrons per second that each pixel generates, its response included."""
    with np.load(folder / "truth_maps.npz") as maps:
        light = maps["steady_rate"] + maps["pulsar_rate"]
        return np.asarray(maps["response"] * light + maps["dark_rate"])
