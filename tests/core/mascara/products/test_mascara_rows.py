"""Record arrays of the documented types."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.products.rows import (
    apertures_of,
    batch_dtype,
    data_dtype,
    header_dtype,
    in_order,
    index_array,
    points_of,
    rows_needed,
)

from .mascara_batches import points

DATA = {
    "flag": [0, 1, 255], "flux": np.arange(6.0).reshape(3, 2), "eflux": np.ones((3, 2)),
    "sky": 150.0, "esky": 25.0, "peak": [1, 2, 3], "x": [1.5, 2.5, 3.5], "y": 7, "alt": 45,
    "az": 90, "ccdtemp": -15, "exptime": 6.3829, "jdmid": 2459876.5, "lst": 12.0,
    "lstidx": [1, 2, 3], "lstseq": [48506263, 48506264, 2**40],
}  # fmt: skip
HEADER = {
    "jdstart": [2459876.5, 2459876.6], "ra": [1, 2], "dec": [3, 4], "vmag": [5, 6], "bmag": 7.0,
    "spectype": ["G2V", "K"], "blend": ["B", ""], "blendvalue": 0.5, "nobs": [50, 51],
}  # fmt: skip


def test_a_point_has_the_documented_fields_and_size() -> None:
    assert data_dtype(2).itemsize == 113
    assert data_dtype(2).descr == [
        ("flag", "|u1"), ("flux0", "<f8"), ("eflux0", "<f8"), ("flux1", "<f8"), ("eflux1", "<f8"),
        ("sky", "<f8"), ("esky", "<f8"), ("peak", "<f8"), ("x", "<f4"), ("y", "<f4"),
        ("alt", "<f4"), ("az", "<f4"), ("ccdtemp", "<f4"), ("exptime", "<f8"), ("jdmid", "<f8"),
        ("lst", "<f8"), ("lstidx", "<u4"), ("lstseq", "<u8"),
    ]  # fmt: skip


@pytest.mark.parametrize("naper", [0, 1, 4])
def test_apertures_are_told_by_the_names(naper: int) -> None:
    assert apertures_of(batch_dtype(naper).names or ()) == naper


def test_columns_become_a_record_array() -> None:
    table = index_array(DATA)
    assert isinstance(table, np.recarray)
    assert table.dtype.names == data_dtype(2).names
    np.testing.assert_array_equal(table.flux1, [1.0, 3.0, 5.0])
    np.testing.assert_array_equal(table.flag, [0, 1, 255])
    np.testing.assert_array_equal(table.sky, 150.0)
    assert int(table.lstseq[2]) == 2**40


def test_apertures_may_come_one_by_one_and_other_columns_are_ignored() -> None:
    split = {name: values for name, values in DATA.items() if name not in {"flux", "eflux"}}
    split |= {"flux0": [1, 2, 3], "eflux0": 1.0, "colour": "red"}
    np.testing.assert_array_equal(index_array(split, naper=1).flux0, [1, 2, 3])


def test_rejected_fields_are_left_out_and_need_not_be_given() -> None:
    without = {name: values for name, values in DATA.items() if name != "peak"}
    table = index_array(without, reject=("peak", "lst"))
    assert table.dtype.names == tuple(n for n in data_dtype(2).names if n not in {"peak", "lst"})


@pytest.mark.parametrize(("minobs", "rows"), [(3, 3), (4, 0)])
def test_too_few_points_give_an_empty_table(minobs: int, rows: int) -> None:
    assert len(index_array(DATA, minobs=minobs)) == rows


def test_header_mode_keeps_stars_with_enough_points() -> None:
    assert index_array(HEADER, mode="header").dtype.names == header_dtype().names
    table = index_array(HEADER, mode="header", minobs=51)
    assert table.spectype.tolist() == [b"K"]
    assert table.nobs.tolist() == [51.0]


def test_the_header_of_one_star_is_one_row() -> None:
    one = {name: np.ravel(values)[0] for name, values in HEADER.items()}
    assert len(index_array(one, mode="header")) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": [1.0, 2.0]}, "lengths of the columns differ: .*x 2"),
        ({"flux": np.ones((3, 3))}, r"shape of flux is \(3, 3\)"),
        ({"flux": np.ones((3, 2, 2))}, "shape of flux"),
    ],
)
def test_columns_that_do_not_fit_are_named(change: dict, words: str) -> None:
    with pytest.raises(NightglassError, match=words):
        index_array({**DATA, **change})


def test_a_missing_column_and_an_unknown_mode_are_named() -> None:
    with pytest.raises(NightglassError, match="no column peak, lst"):
        index_array({name: v for name, v in DATA.items() if name not in {"peak", "lst"}})
    with pytest.raises(NightglassError, match="no mode 'colour'"):
        index_array(DATA, mode="colour")


def test_rows_are_sorted_and_the_later_of_two_stays() -> None:
    first, second = points([5, 3], 1001), points([3], 1000)
    again = points([5], 1001)
    again["flux0"] = 7.0
    rows = in_order([first, second, again])
    assert rows[["ascc", "lstseq"]].tolist() == [(3, 1000), (3, 1001), (5, 1001)]
    assert rows["flux0"][2] == 7.0
    assert points_of(rows).dtype == data_dtype(2)
    assert points_of(rows)["flux0"].tolist() == rows["flux0"].tolist()


@pytest.mark.parametrize(
    ("minobs", "kind", "rows"), [(51, "fast", 51), (51, "slow", 2), (50, "slow", 1)]
)
def test_a_slow_point_counts_for_fifty_exposures(minobs: int, kind: str, rows: int) -> None:
    assert rows_needed(minobs, kind) == rows
