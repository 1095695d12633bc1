"""`nightglass cube split|cube|shift`: the words, and what they say when they cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from astropy.io import fits
from nightglass.core import cli

from .pictures import SPEC, capture, files, refusal, summary

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    return capture(tmp_path / "sky")


def test_split_writes_a_file_per_bundle(cube: Path, tmp_path: Path, capsys: Said) -> None:
    told = summary(capsys, "cube", "split", "--input", cube, "--output", tmp_path / "parts")
    assert told["bundles"] == SPEC.bundles == len(told["outputs"])


def test_cube_writes_frames_without_a_flat(cube: Path, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "all.fits"
    told = summary(capsys, "cube", "cube", "--input", cube, "--output", path, "--frames", 7)
    assert told["frames"] == 7
    assert fits.getdata(path).shape == (7, 8, 12)


def test_shift_writes_a_folder(cube: Path, tmp_path: Path, capsys: Said) -> None:
    roi = tmp_path / "star.reg"
    roi.write_text("image\ncircle(6,4,3)\n")
    told = summary(capsys, "cube", "shift", "--input", cube, "--output", tmp_path / "held",
                   "--roi", roi, "--noshift")  # fmt: skip
    assert told["frames"] == 40
    assert told["largest_shift_px"] == 0
    assert sorted(path.name for path in (tmp_path / "held").iterdir()) == [
        "crab_20251210_001500_cube001.fits", "crab_20251210_001500_cube002.fits",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "missing"),
        (["melt"], "none of"),
        (["split", "--output", "parts", "--input", "nowhere.fits"], "is not there"),
        (["split", "--output", "taken", "--input", "CUBE"], "is a file"),
        (["cube", "--output", "taken", "--input", "CUBE"], "is not replaced"),
        (["cube", "--output", "no/such", "--input", "CUBE"], "does not exist"),
        (["shift", "--output", "sky", "--input", "CUBE", "--roi", "s.reg"], "that are read"),
        (["shift", "--output", "held", "--input", "CUBE", "--roi", "far.reg"], "no pixel"),
        (["shift", "--output", "held", "--input", "CUBE", "--roi", "box.reg"], "is no circle"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_nothing_written(
    cube: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch,
    words: list[Any], why: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("precious")
    for name, text in (("s", "circle(6,4,3)"), ("far", "circle(99,99,3)"), ("box", "box(6,4,3,3)")):
        (tmp_path / f"{name}.reg").write_text(f"image\n{text}\n")
    before = files(tmp_path)
    assert why in refusal(capsys, "cube", *(cube if word == "CUBE" else word for word in words))
    assert files(tmp_path) == before


def test_help_names_the_tools(capsys: Said) -> None:
    with pytest.raises(SystemExit):
        cli.main(["cube", "--help"])
    assert all(tool in capsys.readouterr().out for tool in ("split",))
