"""Dictionaries of stars as the documented functions take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.products.dictionaries import (
    batch_of,
    points_of_star,
    save_dictionary,
)
from nightglass.core.mascara.products.night_file import write_night_file
from nightglass.core.mascara.products.night_reading import NightFile
from nightglass.core.mascara.products.rows import points_of

from .mascara_batches import make_batch, read_batch

if TYPE_CHECKING:
    from pathlib import Path

SLOT, JD = 48506263, 2459876.516233906


def star(first: int, count: int, **more: Any) -> dict[str, Any]:
    return {
        "ra": 10.5, "dec": -3.25, "vmag": 5.5, "bmag": 6.0, "spectype": "K0", "blendvalue": 0.5,
        "lstseq": np.arange(first, first + count), "flux": np.ones((count, 2)),
        "eflux": np.full((count, 2), 0.5), "sky": 150.0, **more,
    }  # fmt: skip


def test_a_dictionary_becomes_a_batch_and_a_night(tmp_path: Path) -> None:
    path = save_dictionary(
        {"123": star(SLOT, 40), 12: star(SLOT, 60), "global": {"STATION": "LaPalma"}}, tmp_path, 3
    )
    assert path.name == "tmpdb00000003.h5"
    later = save_dictionary({12: star(SLOT + 60, 2), 123: star(SLOT + 40, 9)}, tmp_path, 4)
    write_night_file(tmp_path / "LPC.hdf5", [path, later], {"CAMERA": "LPC"})
    with NightFile(tmp_path / "LPC.hdf5") as night:
        assert night.header["ascc"].tolist() == [b"12"]
        assert (night.header["ra"][0], night.header["spectype"][0]) == (10.5, b"K0")
        assert night.points(12)["lstseq"].tolist() == list(range(SLOT, SLOT + 62))
        assert night.globals["STATION"] == "LaPalma"
        assert night.station["lstseq"].tolist() == list(range(SLOT, SLOT + 62))


def test_slot_and_time_follow_from_each_other() -> None:
    by_time = points_of_star({"jdmid": [JD], "flux0": [1.0], "eflux0": [0.1]})
    assert (by_time["lstseq"][0], by_time["lstidx"][0]) == (SLOT, 763)
    by_slot = points_of_star({"lstseq": SLOT, "flux0": [1.0], "eflux0": [0.1]})
    assert abs(by_slot["jdmid"][0] - JD) * 86400 < 3.2
    assert np.isnan(by_slot["sky"][0])
    assert by_slot["flag"][0] == 0


def test_points_are_sorted_and_the_later_of_two_counts() -> None:
    points = points_of_star({"lstseq": [5, 3, 5], "flux0": [1.0, 2.0, 3.0], "eflux0": 0.1})
    assert points[["lstseq", "flux0"]].tolist() == [(3, 2.0), (5, 3.0)]


def test_record_arrays_are_as_good_as_columns(tmp_path: Path) -> None:
    rows = points_of(make_batch([12]).rows)
    assert points_of_star(rows).tobytes() == rows.tobytes()
    batch = read_batch(save_dictionary({12: rows}, tmp_path, 1))
    assert points_of(batch.rows).tobytes() == rows.tobytes()


@pytest.mark.parametrize(
    ("stars", "words"),
    [
        ({"abc": star(1, 2)}, "'abc' is no catalogue number"),
        ({1: 5.0}, "has float in place of columns"),
        ({1: {"flux0": [1.0], "eflux0": [1.0]}}, "neither lstseq nor jdmid"),
        ({1: star(1, 2), 2: {"lstseq": [1], "flux0": 1, "eflux0": 1}}, "another number of apert"),
        ({1: star(1, 2, flux=np.ones((3, 2)))}, "lengths of the columns differ"),
    ],
)
def test_what_cannot_be_understood_is_told(stars: dict, words: str) -> None:
    with pytest.raises(NightglassError, match=words):
        batch_of(stars)


def test_no_stars_are_an_empty_batch() -> None:
    batch = batch_of({})
    assert len(batch.rows) == len(batch.stars) == len(batch.exposures) == 0
