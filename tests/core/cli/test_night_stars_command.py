"""`nightglass night stars` and `nightglass night curve`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from nightglass.core.cli import main

from ..mascara.browsing.made_stars import HD_189733, write_night

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_night(tmp_path_factory.mktemp("night"), "NE", 24, 100, merged="half").output


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main(["night", *map(str, words)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_stars_are_listed_best_first(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "stars", night, "HD", "189")
    heading, star = out.splitlines()
    assert (code, err) == (0, "nightglass: 1 star\n")
    assert heading.split()[:6] == ["ASCC", "HD", "HIP", "RA", "Dec", "V"]
    assert star.split()[:6] == ["807144", "189733", "98505", "300.18214", "22.71085", "7.67"]
    assert "LPE LPN" in star


def test_a_long_list_is_cut_and_says_so(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "stars", night, "--limit", 3, "--sort", "v")
    assert (code, len(out.splitlines())) == (0, 4)
    assert "more, see --limit" in err
    assert len(run(capsys, "stars", night, "--limit", 0)[1].splitlines()) > 10


def test_as_json_everything_is_plain(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "stars", night, "20:00:43.7 +22:42:39", "--json")
    told = json.loads(out)
    assert (code, told["found"], told["stars"][0]["ascc"]) == (0, 1, HD_189733)
    assert told["explanation"] == "1 star within 1°, the nearest first."
    assert told["stars"][0]["cameras"] == ["LPE", "LPN"]
    assert told["stars"][0]["fast_points"] == 200


def test_filters_hold(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--bright", 5, "--faint", 8, "--camera", "lpn", "--points", 60, "--flags", "some")
    told = json.loads(run(capsys, "stars", night, *words, "--json", "--limit", 0)[1])
    assert told["found"] == len(told["stars"]) > 0
    for star in told["stars"]:
        assert 5 <= star["vmag"] <= 8
        assert "LPN" in star["cameras"]
        assert star["fast_points"] >= 60
        assert star["flagged_percent"] > 0


def test_nothing_found_is_said_and_fails(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "stars", night, "nonsense")
    assert (code, out) == (1, "")
    assert "such as HD 189733" in err


@pytest.mark.parametrize("words", [("807144",), ("HD", "189733"), ("300.18", "22.71")])
def test_a_curve_is_written_by_number_or_place(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    path = tmp_path / "star.csv"
    code, out, _ = run(capsys, "curve", night, *words, "--output", path)
    assert (code, out.strip()) == (0, str(path))
    assert f"# SOURCE: {night}" in path.read_text()
    assert path.read_text().count("\nLPN,") == 100
    assert run(capsys, "curve", night, *words, "--output", path)[0] == 2
    assert run(capsys, "curve", night, *words, "--output", path, "--clobber", "--slow")[0] == 0
    assert path.read_text().count("\nLPN,") == 2


@pytest.mark.parametrize(
    ("star", "words"),
    [("70", "begins with '70'"), ("999", "There is no such star"), ("5 95", "-90 to +90")],
)
def test_a_star_that_is_not_clear_is_refused(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], star: str, words: str
) -> None:
    code, out, err = run(capsys, "curve", night, star, "--output", tmp_path / "star.csv")
    assert (code, out) == (2, "")
    assert words in err
    assert list(tmp_path.glob("*.csv")) == []


def test_a_folder_without_light_curves_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in (("stars",), ("curve", "7", "--output", "x.csv")):
        code, _, err = run(capsys, verb[0], tmp_path, *verb[1:])
        assert code == 2
        assert "holds no light curves" in err
