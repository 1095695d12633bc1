"""`nightglass photo`: its product, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed import DataSet
from nightglass.core.lightspeed.lc import Table, photometry

from .curves import Field
from .pictures import refusal, summary

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture
def field(tmp_path: Path) -> Field:
    return Field.make(tmp_path)


@pytest.mark.parametrize("option", ["--src", "--roi"])
def test_it_writes_what_the_function_makes(field: Field, capsys: Said, option: str) -> None:
    path = field.folder / "photo.fits"
    told = summary(capsys, "photo", "--input", field.cube, "--output", path, option, field.roi,
                   "--rebin", 30)  # fmt: skip
    expected = photometry(DataSet.from_first(field.cube), field.roi, rebin=30)
    made = Table.load(path)
    for name in ("TIMEHI", "TIMELO", "FLUX", "ERROR", "EXPOSURE"):
        np.testing.assert_array_equal(made[name], expected[name])
    assert told["frames"] == 160
    assert told["bins"] == 6
    assert told["exposure_s"] == pytest.approx(0.8)
    assert made.header["OPTION REBIN"] == 30


def test_a_comparison_adds_its_columns(field: Field, capsys: Said) -> None:
    path, other = field.folder / "photo.fits", field.region("circle(4,4,2)\n")
    sky = field.folder / "sky.reg"
    sky.write_text("annulus(8,6,3.5,5)\n", encoding="utf-8")
    summary(capsys, "photo", "--input", field.cube, "--output", path, "--src", field.roi,
            "--bkg", sky, "--comp", other, "--rebin", 40)  # fmt: skip
    assert {"REL", "REL_ERROR", "COMP", "COMP_ERROR"} <= set(Table.load(path).columns)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--rebin", 0], "0 frames a bin"),
        (["--src", "nowhere.reg"], "nowhere.reg"),
        (["--comp", "nowhere.reg"], "nowhere.reg"),
        (["--output", "no/such.fits"], "does not exist"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_nothing_written(
    field: Field, capsys: Said, more: list[object], why: str
) -> None:
    before = field.left()
    said = refusal(capsys, "photo", "--input", field.cube, "--output", field.folder / "p.fits",
                   "--src", field.roi, *more)  # fmt: skip
    assert why in said
    assert field.left() == before
