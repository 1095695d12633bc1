"""`nightglass fft`: its product, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed import DataSet
from nightglass.core.lightspeed.lc import Table, power_spectrum

from .curves import Field
from .pictures import refusal, summary

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture
def field(tmp_path: Path) -> Field:
    return Field.make(tmp_path)


def test_it_writes_what_the_function_makes(field: Field, capsys: Said) -> None:
    path = field.folder / "power.fits"
    told = summary(capsys, "fft", "--input", field.cube, "--output", path, "--roi", field.roi,
                   "--segment", 0.2, "--rebin", 2, "--max-freq", 90)  # fmt: skip
    expected = power_spectrum(
        DataSet.from_first(field.cube), field.roi, segment_s=0.2, rebin=2, max_freq_hz=90.0
    )
    made = Table.load(path)
    for name in ("FREQ", "POWER", "ERROR", "DAMPING", "AVERAGED"):
        np.testing.assert_array_equal(made[name], expected[name])
    assert told["segments"] == made.header["NSEGMENT"]
    assert told["peak_power"] == pytest.approx(made["POWER"].max())
    assert 0.0 <= told["peak_chance"] <= 1.0
    assert told["live_fraction"] == pytest.approx(0.005 / 0.0051, rel=1e-3)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--segment", 1000], "longest stretch"),
        (["--segment", -1], "not a number above zero"),
        (["--max-freq", 0.001], "lowest frequency"),
        (["--rebin", 0], "make no sense"),
        (["--frames", 4], "4 frames only"),
        (["--roi", "nowhere.reg"], "nowhere.reg"),
        (["--output", "no/such.fits"], "does not exist"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_nothing_written(
    field: Field, capsys: Said, more: list[object], why: str
) -> None:
    before = field.left()
    said = refusal(capsys, "fft", "--input", field.cube, "--output", field.folder / "f.fits",
                   "--roi", field.roi, *more)  # fmt: skip
    assert why in said
    assert field.left() == before
