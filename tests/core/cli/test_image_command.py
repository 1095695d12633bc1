"""`nightglass image`: its options, its product, and what it says when it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core import cli
from nightglass.core.cli.science import execute
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import DataSet
from nightglass.core.lightspeed.image import mean_image

from .pictures import SPEC, capture, files, refusal, summary

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    return capture(tmp_path / "sky")


def test_it_writes_what_the_function_makes(cube: Path, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "mean.fits"
    told = summary(capsys, "image", "--input", cube, "--output", path, "--allow-cr", "--no-qe")
    expected = mean_image(DataSet.from_first(cube, cut_cr=False), qe=False)
    np.testing.assert_array_equal(fits.getdata(path), expected.data)
    assert told["outputs"] == [str(path)]
    assert told["frames"] == 40
    assert told["exposure_s"] == pytest.approx(40 * SPEC.exposure_s)
    assert told["unit"] == "electron/s"
    assert told["saturated_pixels"] == expected.header["NSATPIX"]
    assert told["median"] == pytest.approx(np.median(expected.data))


def test_a_folder_does_as_well_as_a_cube(cube: Path, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "mean.fits"
    assert summary(capsys, "image", "--input", cube.parent, "--output", path)["frames"] == 40


def test_every_option_is_obeyed(cube: Path, tmp_path: Path, capsys: Said) -> None:
    box = tmp_path / "box.reg"
    box.write_text("image\nbox(6,4,6,4,0)\n")
    path = tmp_path / "mean.fits"
    told = summary(
        capsys, "image", "--input", cube, "--output", path, "--min-index", 2, "--max-index", 2,
        "--frames", 15, "--bbox", box, "--cr-ceil", 5000, "--gain", 8, "--mode", "clip", "--wcs",
        "--smooth", 1.0, "--fill", "--plate-scale", 0.06, "--threads", 1, "--timing-offset", 1,
        "--n-electrons", 5, "--n-iterations", 9,
    )  # fmt: skip
    header = fits.getheader(path)
    assert (told["frames"], told["adu_per_electron"]) == (15, 8.0)
    assert (header["NAXIS1"], header["NAXIS2"]) == (told["columns"], told["rows"])
    assert header["LTV1"] < 0
    assert header["CD2_2"] == pytest.approx(0.06 / 3600)
    assert header["OPTION MODE"] == "clip"
    assert header["OPTION SMOOTH"] == 1.0
    assert header["OPTION FILL"] is True


def test_a_bare_mode_is_sum(cube: Path, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "mean.fits"
    summary(capsys, "image", "--output", path, "--input", cube, "--mode")
    assert fits.getval(path, "OPTION MODE") == "sum"


def test_calibrations_are_used_and_told(cube: Path, tmp_path: Path, capsys: Said) -> None:
    bias = capture(tmp_path / "bias", SPEC.with_(object_name="bias"))
    flat = capture(tmp_path / "flat", SPEC.with_(object_name="flat"))
    path = tmp_path / "mean.fits"
    words = ("image", "--input", cube, "--output", path, "--clobber")
    # All these captures show the same counts: less their mean nothing is left.
    told = summary(capsys, *words, "--bias", bias)
    assert (told["flat_corrected"], told["median"]) == (False, pytest.approx(0.0, abs=1e-6))
    assert summary(capsys, *words, "--flat", flat)["flat_corrected"]


def test_words_for_people(cube: Path, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "mean.fits"
    assert cli.main(["image", "--input", str(cube), "--output", str(path)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("40 frames, 0.2 s: median ")
    assert f"{path} written" in said.out


def test_the_window_runs_the_same_words(cube: Path, tmp_path: Path) -> None:
    path = tmp_path / "mean.fits"
    words = ["image", "--input", str(cube), "--output", str(path)]
    outcome = execute(words, JobContext())
    assert outcome.outputs == (path,)
    with pytest.raises(NightglassError, match="exists and is not replaced"):
        execute(words, JobContext())


def test_an_existing_output_is_refused_and_kept(cube: Path, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "mean.fits"
    path.write_text("precious")
    words = ("image", "--input", cube, "--output", path)
    assert "is not replaced" in refusal(capsys, *words)
    assert path.read_text() == "precious"
    summary(capsys, *words, "--clobber")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--output", "no/such/mean.fits"], "does not exist"),
        (["--input", "nowhere.fits"], "is not there"),
        (["--min-index", 7], "cubes 1 to 2, none from 7"),
        (["--mode", "best"], "none of"),
        (["--smooth", "-1"], "not a number above zero"),
        (["--plate-scale", "nan"], "not a number above zero"),
        (["--bbox", "far.reg"], "outside"),
        (["--bias", "small/crab_20251210_001500_cube001.fits"], "does not fit these frames"),
        (["--flat", "small/crab_20251210_001500_cube001.fits"], "does not fit these frames"),
        (["--flat", "unlit/crab_20251210_001500_cube001.fits"], "saw no light"),
        (["--wcs", "--input", "lost"], "no readable TELRA"),
        (["--input", "timeless"], "no valid EXPOSURE TIME"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_nothing_written(
    cube: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch, words: list[object],
    why: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "far.reg").write_text("image\nbox(600,400,6,4,0)\n")
    capture(tmp_path / "small", SPEC.with_(rows=4, columns=4))
    capture(tmp_path / "lost", SPEC.with_(cards={"TELRA": "N/A"}))
    capture(tmp_path / "timeless", SPEC.with_(cards={"EXPOSURE TIME": None}))
    unlit = capture(tmp_path / "unlit")
    for path in unlit.parent.glob("*.fits"):
        with fits.open(path, mode="update") as units:
            units[1].data[:] = 150
    before = files(tmp_path)
    usual: list[object] = ["--input", cube, "--output", "mean.fits"]
    assert why in refusal(capsys, "image", *usual, *words)
    assert files(tmp_path) == before
