"""The list of frames: times here and at the barycentre against PINT itself, phases, light."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed.lc import Table, event_table, photometry
from nightglass.core.timing.nodes import utc_time
from nightglass.core.timing.observatories import register_site

from .skies import Sky

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed import DataSet


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Sky:
    return Sky.make(tmp_path_factory.mktemp("events"), cubes=2)


@pytest.fixture(scope="module")
def data_set(sky: Sky) -> DataSet:
    return sky.take(sky.rates(np.full(500, 100.0), 40.0), seed=1)


def test_barycentric_times_are_those_of_pint(sky: Sky, data_set: DataSet) -> None:
    from pint.toa import get_TOAs_array

    ephemeris = sky.ephemeris(data_set)
    table, times = event_table(data_set, ephemeris=ephemeris), data_set.frame_times()
    solution = ephemeris.solution
    toas = get_TOAs_array(
        utc_time(times.day, times.seconds), register_site(ephemeris.site),
        ephem=solution.kernel.upper(), include_bipm=False, planets=False,
    )  # fmt: skip
    expected = solution.model.get_barycentric_toas(toas).to_value("d")
    made = (table["BJD_DAY"] - 2_400_000).astype(np.longdouble) + table["BJD_FRAC"] - 0.5
    assert np.abs((made - expected) * 86_400).max() < 0.5e-9
    assert table["BJD_FRAC"].min() >= 0
    assert table["BJD_FRAC"].max() < 1


def test_frames_cubes_times_and_phases(sky: Sky, data_set: DataSet) -> None:
    ephemeris, times = sky.ephemeris(data_set), data_set.frame_times()
    table = event_table(data_set, ephemeris=ephemeris)
    assert table["FRAME"].tolist() == list(range(500))
    assert table["CUBE"].tolist() == [1] * 250 + [2] * 250
    np.testing.assert_array_equal(table["UTC_DAY"], times.day)
    np.testing.assert_array_equal(table["UTC_SEC"], times.seconds)
    np.testing.assert_array_equal(table["PHASE"], sky.phase)
    total = table["TURNS"] + table["PHASE"]
    np.testing.assert_allclose(np.diff(total), 0.0051 * sky.frequency_hz, atol=1e-6)


def test_light_is_that_of_photometry(sky: Sky, data_set: DataSet) -> None:
    table, series = event_table(data_set, roi=sky.roi), photometry(data_set, sky.roi)
    np.testing.assert_allclose(table["FLUX"], series["FLUX"], rtol=1e-12)
    np.testing.assert_allclose(table["ERROR"], series["ERROR"], rtol=1e-12)
    assert "BJD_DAY" not in table.columns


@pytest.mark.parametrize("suffix", ["fits", "ecsv", "csv"])
def test_files_keep_all_digits(sky: Sky, data_set: DataSet, tmp_path: Path, suffix: str) -> None:
    from astropy.table import Table as AstropyTable

    table = event_table(data_set, ephemeris=sky.ephemeris(data_set), roi=sky.roi)
    path = table.save(tmp_path / f"events.{suffix}")
    read = Table.load(path) if suffix == "fits" else AstropyTable.read(path)
    for name in ("UTC_SEC", "BJD_DAY", "BJD_FRAC", "PHASE", "TURNS", "FLUX"):
        np.testing.assert_array_equal(np.asarray(read[name]), table[name])
