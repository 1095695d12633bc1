"""`nightglass search`: what it tells and writes, and what it refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from nightglass.core import cli
from nightglass.core.cli.search import Reach, reach_of
from nightglass.core.lightspeed import DataSet
from nightglass.core.lightspeed.lc import period_search
from nightglass.core.lightspeed.lc.search_light import Start
from nightglass.core.timing.search.grid import Extent
from nightglass.core.timing.search.statistic import Statistic

from .curves import Field
from .pictures import refusal, summary

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]
NUMBERS = {"statistic", "trials", "independent_trials", "frames", "span_s", "oversampling"}


@pytest.fixture
def field(tmp_path: Path) -> Field:
    return Field.make(tmp_path)


def test_it_tells_what_the_function_finds(field: Field, capsys: Said) -> None:
    told = summary(capsys, "search", field.cube, "--roi", field.roi, "--f0", 31, "--span", "4/T",
                   "--statistic", "z2", "--harmonics", 1, "--top", 3)  # fmt: skip
    data_set = DataSet.from_first(field.cube)
    extent = Extent(span=4.0, is_in_turns=True)
    made = period_search(data_set, field.roi, Start(None, 31.0), Statistic("z2", 1), extent, top=3)
    assert told["outputs"] == []
    assert told.keys() > NUMBERS
    assert told["trials"] == made.result.trials
    assert told["independent_trials"] <= told["trials"]
    assert (told["frames"], told["frames_total"]) == (160, 160)
    for one, expected in zip(told["candidates"], made.result.candidates, strict=True):
        assert one["f0_hz"] == expected.f0_hz
        assert one["probability"] == expected.probability
        assert one["f1_error_hz_s"] is None


@pytest.mark.parametrize("statistic", ["ef", "z2", "h"])
def test_a_par_file_is_the_prediction(field: Field, capsys: Said, statistic: str) -> None:
    told = summary(capsys, "search", field.cube.parent, "--roi", field.roi, "--eph", field.par,
                   "--statistic", statistic, "--span", 2, "--top", 2)  # fmt: skip
    assert told["pepoch_mjd"] == 61000.0
    assert told["predicted_hz"] == pytest.approx(29.9456, abs=0.01)
    for one in told["candidates"]:
        assert one["f0_hz"] == pytest.approx(29.946, abs=3.0)


def test_it_writes_the_list(field: Field, capsys: Said) -> None:
    from astropy.table import Table

    path = field.folder / "found.ecsv"
    told = summary(capsys, "search", "--input", field.cube, "--roi", field.roi, "--eph", field.par,
                   "--span", 3, "--output", path)  # fmt: skip
    assert told["outputs"] == [str(path)]
    read = Table.read(path)
    assert read["F0"].tolist() == [one["f0_hz"] for one in told["candidates"]]
    assert read["SIGMA"].tolist() == [one["sigma"] for one in told["candidates"]]


def test_a_blind_search_needs_no_prediction(field: Field, capsys: Said) -> None:
    told = summary(capsys, "search", field.cube, "--roi", field.roi, "--blind", "--f-min", 20,
                   "--f-max", 90)  # fmt: skip
    assert told["statistic"] == "harmonic sum"
    assert told["predicted_hz"] is None
    assert all(18.0 < one["f0_hz"] < 92.0 for one in told["candidates"])


def test_people_get_a_ranked_list(field: Field, capsys: Said) -> None:
    words = ["search", str(field.cube), "--roi", str(field.roi), "--f0", "31", "--span", "5"]
    assert cli.main([*words, "--top", "4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "independent" in lines[0]
    assert "at 2025-12-10T" in lines[1]
    assert lines[2].startswith(" 1. ")
    assert all("probability" in line and "Hz" in line for line in lines[2:])


def test_spans_are_numbers_or_parts_of_the_time() -> None:
    assert reach_of("0.01") == Reach(0.01, False)
    assert reach_of("20/T") == Reach(20.0, True)
    assert reach_of("8/t2") == Reach(8.0, True)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--f0", 31, "--span", "wide"], "not a span"),
        (["--f0", 31, "--span", "-3"], "span"),
        (["--f0", 31, "--f1-span", "nan"], "not a span"),
        (["--f0", 31, "--span", 31], "above 1/T"),
        (["--f0", 31, "--trials", 0], "0 trials"),
        (["--f0", 31, "--span", 20, "--trials", 3], "what lies between"),
        (["--f0", 31, "--statistic", "ef", "--bins", 1], "1 bins"),
        (["--f0", 31, "--harmonics", 30], "30 harmonics"),
        (["--f0", 31, "--bins", 16], "--bins has no part in --statistic h"),
        (["--f0", 31, "--statistic", "ef", "--harmonics", 3], "--harmonics has no part"),
        (["--f0", 31, "--timing-offset", 1e12], "at most 1e.09"),
        (["--f0", 31, "--statistic", "x"], "none of"),
        (["--f0", 0], "above zero"),
        (["--f0", 31, "--f1", "inf"], "F1"),
        (["--f0", 31, "--top", 0], "no list"),
        (["--f0", 31, "--f-min", 3], "--f-min without --blind"),
        (["--blind", "--f0", 31], "--f0 and a blind search"),
        (["--blind", "--stretches", 0], "0 stretches"),
        (["--blind", "--f-min", 1e4], "No frequency"),
        ([], "Nothing tells where"),
        (["--f0", 31, "--frames", 4], "4 frames"),
        (["--f0", 31, "--input", "other.fits"], "Two captures"),
        (["--f0", 31, "--roi", "nowhere.reg"], "nowhere.reg"),
        (["--f0", 31, "--eph", "nowhere.par"], "nowhere.par"),
        (["--f0", 31, "--output", "no/such.ecsv"], "does not exist"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_nothing_written(
    field: Field, capsys: Said, more: list[object], why: str
) -> None:
    before = field.left()
    said = refusal(capsys, "search", field.cube, "--roi", field.roi, *more)
    assert re.search(why, said), said
    assert field.left() == before


def test_a_capture_has_to_be_named(field: Field, capsys: Said) -> None:
    assert "No capture was named" in refusal(capsys, "search", "--roi", field.roi, "--f0", 31)
