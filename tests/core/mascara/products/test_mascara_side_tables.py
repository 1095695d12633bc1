"""Stars, exposures and solutions as tables of the documented types."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.products.records import (
    OFF_CHIP,
    astrometry_rows,
    exposure_dtype,
    exposure_rows,
    joined,
    solution_names,
    star_rows,
)
from nightglass.core.stars.table import StarTable

SLOT, JD = 48506263, 2459876.516233906


def test_stars_of_a_catalogue_are_sorted_by_number() -> None:
    catalogue = StarTable.of(
        ascc=[9, 3], ra_deg=[1.0, 2.0], dec_deg=[3.0, 4.0], vmag=[5.0, 6.0], bmag=[5.5, 6.5],
        spectype=[b"K0", b"G2V"], blend=[b"B", b""], blendvalue=[0.5, 0.0], variable=[4, 0],
    )  # fmt: skip
    assert star_rows(catalogue).tolist() == [
        (3, 2.0, 4.0, 6.0, 6.5, b"G2V", b"", 0.0, 0),
        (9, 1.0, 3.0, 5.0, 5.5, b"K0", b"B", 0.5, 4),
    ]


def test_calendar_and_day_follow_from_slot_and_date() -> None:
    row = exposure_rows("fast", {"lstseq": SLOT, "jd": JD, "ccdtemp": -15.25})[0]
    assert (row["lstday"], row["lstidx"]) == (3593, 763)
    date = [int(row[name]) for name in ("year", "month", "day", "hour", "min", "sec")]
    assert date == [2022, 10, 24, 0, 23, 22]
    assert row["fsec"] == pytest.approx(6.1e5, abs=5e4)
    assert row["ccdtemp"] == -15.25
    assert np.isnan([row["sunalt"], row["dwldtime"]]).all()
    assert (row["moonx"], row["moony"], row["imnsat"]) == (OFF_CHIP, OFF_CHIP, 0)


def test_exposures_are_sorted_and_what_is_given_stays() -> None:
    rows = exposure_rows("fast", {"lstseq": [7, 5], "jd": [JD, JD - 1], "moonx": [3, 4]})
    assert rows[["lstseq", "moonx"]].tolist() == [(5, 4), (7, 3)]


def test_binned_images_have_fewer_fields() -> None:
    rows = exposure_rows("slow", {"lstseq": SLOT, "jd": JD, "nimages": 49})
    assert rows.dtype == exposure_dtype("slow")
    assert rows.dtype.names[:7] == ("lstseq", "nimages", "exptime", "lst", "jd", "lstmid", "jdmid")
    assert rows["nimages"].tolist() == [49]


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(NightglassError, match="lengths of the columns differ"):
        exposure_rows("fast", {"lstseq": [1, 2], "jd": [JD]})


def test_a_solution_keeps_tables_and_the_whole_model() -> None:
    pc = np.arange(4.0).reshape(2, 2)
    row = astrometry_rows({"lstseq": SLOT, "pc": pc, "dr": 0.25}, '{"a": 1}')
    assert row.shape == (1,)
    np.testing.assert_array_equal(row["pc"][0], pc)
    assert row["model"][0] == b'{"a": 1}'
    assert np.isnan(row["x_wcs2pix"]).all()
    assert row["x_wcs2pix"].shape == (1, 6, 6)
    assert set(solution_names()) < set(row.dtype.names)


def test_tables_are_joined_by_key_and_the_later_row_stays() -> None:
    first = astrometry_rows({"lstseq": 7, "dr": 1.0}, "short")
    second = astrometry_rows({"lstseq": 5, "dr": 2.0}, "a longer model")
    third = astrometry_rows({"lstseq": 7, "dr": 3.0}, "x")
    rows = joined([first, second, third], "lstseq")
    assert rows[["lstseq", "dr"]].tolist() == [(5, 2.0), (7, 3.0)]
    assert rows["model"].tolist() == [b"a longer model", b"x"]
