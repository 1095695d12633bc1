"""`nightglass bias`: bias files, the drawing beside them, and refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.lightspeed import DataSet, PixelProperties
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.settings import CaptureSettings
from PIL import Image

from .pictures import capture, files, refusal, summary

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def bias(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bias")
    simulate_capture(CaptureSettings(calibration="bias", frames=300, shape=(12, 16)), folder)
    return folder


def test_planes_are_those_of_the_properties(bias: Path, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "bias.fits"
    told = summary(capsys, "bias", "--input", bias, "--output", path)
    made = PixelProperties.load(path)
    expected = PixelProperties.from_bias(DataSet.from_dir(bias, cut_cr=False))
    np.testing.assert_array_equal(made.bias, expected.bias)
    np.testing.assert_array_equal(made.widths, expected.widths)
    assert told["frames"] == 300
    assert told["median_width_e"] == pytest.approx(0.41, abs=0.02)
    assert "telegraph_pixels" not in told


def test_noise_is_mapped_and_drawn_beside_the_output(
    bias: Path, tmp_path: Path, capsys: Said
) -> None:
    path = tmp_path / "bias.fits"
    told = summary(capsys, "bias", "--input", bias, "--output", path, "--map-noise", "--dbg-noise")
    drawing = tmp_path / "bias-noise.png"
    assert told["outputs"] == [str(path), str(drawing)]
    assert "telegraph_pixels" in told
    assert fits.getval(path, "NAXIS", 3) == 3
    with Image.open(drawing) as picture:
        colours = {colour for _, colour in picture.getcolors(1 << 16) or ()}
    assert {(176, 196, 222), (200, 40, 40), (255, 255, 255)} <= colours


def test_the_drawing_takes_a_name_and_no_map(bias: Path, tmp_path: Path, capsys: Said) -> None:
    drawing = tmp_path / "noise.png"
    summary(capsys, "bias", "--input", bias, "--output", tmp_path / "b.fits", "--dbg-noise",
            drawing, "--frames", 50)  # fmt: skip
    assert drawing.read_bytes()[:4] == b"\x89PNG"


def test_gain_and_layout_of_published_versions(bias: Path, tmp_path: Path, capsys: Said) -> None:
    ours, theirs = tmp_path / "ours.fits", tmp_path / "theirs.fits"
    summary(capsys, "bias", "--input", bias, "--output", ours, "--gain", 8.5)
    told = summary(capsys, "bias", "--input", bias, "--output", theirs, "--compat", "v1")
    assert told["adu_per_electron"] == 8.9
    np.testing.assert_allclose(fits.getdata(theirs, 1) * 8.9, fits.getdata(ours, 1) * 8.5)
    assert fits.getval(theirs, "PIXPROP", 1) == "T"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--output", "no/such.fits"], "does not exist"),
        (["--output", "taken.fits"], "is not replaced"),
        (["--input", "nowhere"], "is not there"),
        (["--dbg-noise", "taken.fits"], "is not replaced"),
        (["--dbg-noise", "b.fits"], "both the numbers and the drawing"),
        (["--input", "short", "--frames", 1], "a scatter needs two"),
        (["--gain", 0], "above zero"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_nothing_written(
    bias: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch,
    words: list[object], why: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    capture(tmp_path / "short")
    (tmp_path / "taken.fits").write_text("precious")
    before = files(tmp_path)
    usual: list[object] = ["--input", bias, "--output", "b.fits"]
    assert why in refusal(capsys, "bias", *usual, *words)
    assert files(tmp_path) == before
