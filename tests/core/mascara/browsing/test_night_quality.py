"""The quality of stars in a night file: what the points say, the same bytes every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest
from nightglass.core.mascara.products import merging
from nightglass.core.mascara.products.quality import quality_of
from nightglass.core.mascara.products.rows import data_dtype

from .made_stars import MadeNight, write_night

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> MadeNight:
    made = write_night(tmp_path_factory.mktemp("night"), "N", 30, 120, merged=False)
    made.merge("LPN", keep=True)
    return made


@pytest.mark.parametrize("kind", ["fast", "slow"])
def test_each_star_has_the_quality_of_its_points(night: MadeNight, kind: str) -> None:
    place = night.place("LPN")
    with h5py.File(place.fast_file if kind == "fast" else place.slow_file) as file:
        quality = {name: values[:] for name, values in file["quality"].items()}
        names = file["header_table/ascc"][:]
        largest = {"fast": "flux1", "slow": "flux3"}[kind]
        for row, name in enumerate(names):
            points = file[f"data/{name.decode()}"][:]
            good = points[largest][points["flag"] == 0]
            assert quality["flagged"][row] == len(points) - len(good)
            assert quality["flags"][row] == np.bitwise_or.reduce(points["flag"])
            mean = good.mean() if len(good) else np.nan
            assert quality["flux"][row] == pytest.approx(mean, nan_ok=True)
            scatter = 1.0857362 * good.std() / mean if len(good) else np.nan
            assert quality["scatter"][row] == pytest.approx(scatter, nan_ok=True)
    assert 255 in quality["flags"]


def test_the_quality_has_the_same_bytes_in_however_large_blocks(
    night: MadeNight, monkeypatch: pytest.MonkeyPatch
) -> None:
    path: Path = night.place("LPN").fast_file
    before = path.read_bytes()
    monkeypatch.setattr(merging, "_BLOCK_ROWS", 70)
    night.merge("LPN", keep=True)
    assert path.read_bytes() == before


def test_a_mean_below_nothing_has_no_scatter() -> None:
    points = np.zeros(3, data_dtype(1))
    points["flux0"] = [-1.0, -2.0, -3.0]
    assert quality_of(points)[:3] == (0, 0, -2.0)
    assert np.isnan(quality_of(points)[3])
