"""Temporary files of batches: everything comes back as it was, or the failure is told."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.products.batch_store import BatchReader, write_batch

from .mascara_batches import catalogue, make_batch, read_batch

if TYPE_CHECKING:
    from pathlib import Path


def test_a_batch_comes_back_as_it_was(tmp_path: Path) -> None:
    batch = make_batch([7, 12, 123456789])
    batch.attributes.update(gain=1 / 3, levels=[1, 2.5])
    back = read_batch(write_batch(tmp_path / "b.hdf5", batch))
    assert back.attributes == batch.attributes
    for field in fields(batch)[1:]:
        ours, theirs = getattr(batch, field.name), getattr(back, field.name)
        assert theirs.dtype == ours.dtype
        assert theirs.tobytes() == ours.tobytes()


def test_an_empty_batch_comes_back(tmp_path: Path) -> None:
    batch = make_batch([7], naper=4)
    tables = ("stars", "rows", "exposures", "astrometry")
    empty = replace(batch, **{name: getattr(batch, name)[:0] for name in tables})
    back = read_batch(write_batch(tmp_path / "b.hdf5", empty))
    assert back.rows.dtype == batch.rows.dtype
    assert len(back.rows) == len(back.stars) == len(back.astrometry) == 0


def test_rows_of_stars_are_found(tmp_path: Path) -> None:
    batch = make_batch([3, 5, 9], frames=(0, 1, 4))
    with BatchReader(write_batch(tmp_path / "b.hdf5", batch)) as reader:
        assert (reader.naper, len(reader)) == (2, 9)
        assert reader.rows_between(5, 6).tolist() == batch.rows[3:6].tolist()
        assert len(reader.rows_between(4, 5)) == 0
        assert reader.rows_between(4, 10).tolist() == batch.rows[3:].tolist()


def test_pandas_reads_the_rows(tmp_path: Path) -> None:
    batch = make_batch([3, 5])
    frame = pd.read_hdf(write_batch(tmp_path / "b.hdf5", batch), "rows")
    np.testing.assert_array_equal(frame["flux0"], batch.rows["flux0"])
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        name: str(batch.rows.dtype[name]) for name in batch.rows.dtype.names
    }


@pytest.mark.parametrize("fault", ["rows", "twice", "stars", "unknown"])
def test_a_batch_out_of_order_is_refused(fault: str, tmp_path: Path) -> None:
    batch = make_batch([3, 5])
    wrong = {
        "rows": {"rows": batch.rows[::-1]},
        "twice": {"rows": np.repeat(batch.rows, 2)},
        "stars": {"stars": batch.stars[::-1]},
        "unknown": {"stars": catalogue([3])},
    }[fault]
    with pytest.raises(NightglassError, match="not sorted by star and slot, or a star"):
        write_batch(tmp_path / "b.hdf5", replace(batch, **wrong))
    assert list(tmp_path.glob("*.hdf5")) == []


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "b.hdf5").write_bytes(b"no HDF5")
    with pytest.raises(NightglassError, match=r"b\.hdf5 is damaged"):
        BatchReader(tmp_path / "b.hdf5")
    with pytest.raises(NightglassError, match="is not there"):
        BatchReader(tmp_path / "none.hdf5")


def test_a_truncated_file_and_one_of_another_program_are_told(tmp_path: Path) -> None:
    path = write_batch(tmp_path / "b.hdf5", make_batch([3, 5]))
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(NightglassError, match="is damaged"):
        read_batch(path)
    pd.DataFrame({"a": [1.0]}).to_hdf(path, key="other", mode="w")
    with pytest.raises(NightglassError, match="is damaged"):
        read_batch(path)


def test_a_batch_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        write_batch(tmp_path / "no" / "b.hdf5", make_batch([3]))
    assert list(tmp_path.iterdir()) == []
