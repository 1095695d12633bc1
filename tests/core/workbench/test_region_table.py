"""The table of regions and the star next to one."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from astropy.table import Table
from nightglass.core.errors import NightglassError
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.numbers.aperture_flux import Counts
from nightglass.core.regions.numbers.statistics import measure
from nightglass.core.regions.shapes import Annulus, Circle, Polygon
from nightglass.core.workbench.desk import COUNTS
from nightglass.core.workbench.light.curves import ELECTRONS
from nightglass.core.workbench.regions.snap import stars_near
from nightglass.core.workbench.regions.table import (
    FIELDS,
    Origin,
    WholeCapture,
    region_rows,
    sizes_of,
    write_region_table,
)

ENTRIES = {
    7: RegionEntry("circle", Circle(10.0, 10.0, 3.0), properties={"text": 'a "star", red'}),
    8: RegionEntry("annulus", Annulus(10.0, 10.0, 5.0, 8.0), background=True),
    9: RegionEntry("panda", None, include=False),
}


@pytest.fixture
def rows():
    image = np.full((20, 20), 210.0)
    image[9, 9] += 100.0
    statistics = measure(image, ENTRIES, Counts(200.0, 5.0, 60000.0, 0.3))
    return region_rows(ENTRIES, statistics, {7: WholeCapture(10.0, 2.0, 1.0, 20.0, 5.0)})


@pytest.mark.parametrize("suffix", ["csv", "ecsv"])
def test_a_table_read_again_has_every_number(rows, tmp_path, suffix):
    path = write_region_table(tmp_path / f"numbers.{suffix}", rows, Origin("crab", 4, "2025-12-10"))
    form = {"csv": {"format": "ascii.csv", "comment": "#"}, "ecsv": {"format": "ascii.ecsv"}}
    table = Table.read(path, **form[suffix])
    assert table.colnames == [field.key for field in FIELDS]
    assert table["name"][0] == 'a "star", red'
    assert table["flux_e"][0] == pytest.approx(rows[0].frame.flux_e)
    assert table["capture_snr"][0] == 5.0
    assert list(table["include"]) == [1, 1, 0]


@pytest.mark.parametrize(("unit", "told"), [(ELECTRONS, "electron"), (COUNTS, "adu")])
def test_numbers_of_the_capture_have_the_unit_of_its_curves(tmp_path, unit, told):
    whole = WholeCapture.of(SimpleNamespace(summary=(10.0, 2.0, 1.0, 20.0), unit=unit))
    path = write_region_table(tmp_path / "a.ecsv", region_rows(ENTRIES, {}, {7: whole}), Origin())
    table = Table.read(path, format="ascii.ecsv")
    assert str(table["capture_mean"].unit) == str(table["capture_max"].unit) == told


def test_units_and_origin_are_in_both_forms(rows, tmp_path):
    origin = Origin("crab", 4, "2025-12-10T00:15:00", "stars.reg")
    table = Table.read(write_region_table(tmp_path / "a.ecsv", rows, origin), format="ascii.ecsv")
    assert str(table["flux_e"].unit) == "electron"
    assert table.meta["frame"] == "5 counted from 1"
    text = write_region_table(tmp_path / "a.csv", rows, origin).read_text(encoding="utf-8")
    for part in ("# capture: crab", "# utc: 2025-12-10T00:15:00", "# regions: stars.reg",
                 "sum_e electron", "# software: Nightglass"):  # fmt: skip
        assert part in text


def test_an_empty_list_makes_a_table_without_rows(tmp_path):
    path = write_region_table(tmp_path / "none.csv", (), Origin())
    assert len(Table.read(path, format="ascii.csv", comment="#")) == 0


def test_a_folder_that_is_not_there_is_named(rows, tmp_path):
    with pytest.raises(NightglassError) as raised:
        write_region_table(tmp_path / "nowhere" / "a.csv", rows, Origin())
    assert "nowhere" in str(raised.value)


def test_a_light_curve_without_numbers_has_none():
    nan = float("nan")
    whole = WholeCapture.of(SimpleNamespace(summary=(nan, nan, nan, nan), unit="ADU"))
    assert whole == WholeCapture(unit="ADU")


def test_sizes_are_those_of_the_outline():
    assert sizes_of(Circle(1.0, 1.0, 3.0)) == (3.0,)
    assert sizes_of(Annulus(1.0, 1.0, 3.0, 4.0)) == (3.0, 4.0)
    assert sizes_of(Polygon(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)))) == ()


def test_the_star_nearest_to_each_region_is_found():
    y, x = np.mgrid[1:61, 1:61]
    image = np.random.default_rng(3).normal(100.0, 1.0, (60, 60))
    for place in ((20.0, 15.0), (45.5, 40.25)):
        image += 400.0 * np.exp(-((x - place[0]) ** 2 + (y - place[1]) ** 2) / 4.5)
    source = SimpleNamespace(shape=(60, 60), name="field", read=lambda index, rows: image[rows])
    entries = {
        1: RegionEntry("circle", Circle(22.0, 13.0, 4.0)),
        2: RegionEntry("circle", Circle(43.0, 42.0, 4.0)),
        3: RegionEntry("circle", Circle(8.0, 50.0, 4.0)),
        4: RegionEntry("panda", None),
    }
    found = stars_near(source, 0, entries)
    assert found.keys() == {1, 2}
    assert found[1] == pytest.approx((20.0, 15.0), abs=0.05)
    assert found[2] == pytest.approx((45.5, 40.25), abs=0.05)
    with pytest.raises(NightglassError, match="has no frame"):
        stars_near(source, -1, entries)
