"""`nightglass events`: its product, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed import DataSet, Ephemeris
from nightglass.core.lightspeed.lc import Table, event_table

from .curves import Field
from .pictures import refusal, summary

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture
def field(tmp_path: Path) -> Field:
    return Field.make(tmp_path)


def test_it_writes_what_the_function_makes(field: Field, capsys: Said) -> None:
    path = field.folder / "events.fits"
    told = summary(capsys, "events", "--input", field.cube, "--output", path, "--eph", field.par,
                   "--roi", field.roi)  # fmt: skip
    data_set = DataSet.from_first(field.cube)
    ephemeris = Ephemeris(field.par, data_set, "Magellan Clay")
    expected = event_table(data_set, ephemeris=ephemeris, roi=field.roi)
    made = Table.load(path)
    assert list(made.columns) == list(expected.columns) == told["columns"]
    for name in expected.columns:
        np.testing.assert_array_equal(made[name], expected[name])
    assert told["frames"] == 160
    assert told["first_utc"].startswith("2025-12-10T03:15:00.00")


def test_frames_alone_need_no_par_file(field: Field, capsys: Said) -> None:
    path = field.folder / "events.csv"
    told = summary(capsys, "events", "--input", field.cube, "--output", path)
    assert told["columns"] == ["FRAME", "CUBE", "UTC_DAY", "UTC_SEC"]
    assert path.read_text(encoding="utf-8").startswith("FRAME,CUBE,UTC_DAY,UTC_SEC\n0,1,")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--eph", "nowhere.par"], "nowhere.par"),
        (["--roi", "nowhere.reg"], "nowhere.reg"),
        (["--observatory", "Atlantis"], "no site called 'Atlantis'"),
        (["--output", "no/such.fits"], "does not exist"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_nothing_written(
    field: Field, capsys: Said, more: list[object], why: str
) -> None:
    before = field.left()
    said = refusal(
        capsys, "events", "--input", field.cube, "--output", field.folder / "e.fits", *more
    )
    assert why in said
    assert field.left() == before
