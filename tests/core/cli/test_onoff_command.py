"""`nightglass onoff`: its product, and what it says when it cannot."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.lightspeed import DataSet, Ephemeris
from nightglass.core.lightspeed.image import on_off

from .pictures import capture, files, refusal, summary

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]
RANGE = "0:0.5,0.5:1"


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    return capture(tmp_path / "sky")


@pytest.fixture
def par(tmp_path: Path) -> Path:
    path = tmp_path / "crab.par"
    source = resources.files("nightglass.resources.data") / "crab_demo.par"
    path.write_text(source.read_text(encoding="utf-8"))
    return path


def test_it_writes_what_the_function_makes(
    cube: Path, par: Path, tmp_path: Path, capsys: Said
) -> None:
    path = tmp_path / "pulse.fits"
    told = summary(capsys, "onoff", "--input", cube, "--output", path, "--eph", par,
                   "--range", RANGE, "--observatory", "Magellan Clay")  # fmt: skip
    data_set = DataSet.from_first(cube)
    expected = on_off(data_set, Ephemeris(par, data_set), RANGE)
    np.testing.assert_array_equal(fits.getdata(path), expected.data)
    header = fits.getheader(path)
    assert told["frames"] + told["frames_off"] == 40
    assert told["exposure_off_s"] == pytest.approx(header["OFFTIME"])
    assert told["range"] == header["OPTION RANGE"] == RANGE
    assert header["QECORR"] == "F"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--range", "0.1:0.5,0.4:0.6"], "overlap"),
        (["--range", "0.1"], "a comma between"),
        (["--row-delay"], "Leave out --row-delay"),
        (["--range", "0.3:0.3000001,0.5:0.9"], "No frame of crab"),
        (["--eph", "nowhere.par"], "nowhere.par"),
        (["--observatory", "Atlantis"], "no site called 'Atlantis'"),
        (["--output", "no/such.fits"], "does not exist"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_nothing_written(
    cube: Path, par: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch,
    words: list[object], why: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    before = files(tmp_path)
    usual: list[object] = ["--input", cube, "--output", "p.fits", "--eph", par, "--range", RANGE]
    assert why in refusal(capsys, "onoff", *usual, *words)
    assert files(tmp_path) == before
