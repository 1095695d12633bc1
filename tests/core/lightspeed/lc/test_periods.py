"""Searches on captures: the light in a region, times at the telescope and at the pulsar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import Ephemeris
from nightglass.core.lightspeed.lc import Table, blind_search, period_search
from nightglass.core.lightspeed.lc.search_light import Start
from nightglass.core.timing.edits import edited
from nightglass.core.timing.search.blind import Band
from nightglass.core.timing.search.grid import Extent
from nightglass.core.timing.search.statistic import Statistic

from .skies import Sky

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed import DataSet

Z2 = Statistic("z2", 2)
NEAR = Extent(span=6.0, is_in_turns=True)


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Sky:
    return Sky.make(tmp_path_factory.mktemp("periods"))


@pytest.fixture(scope="module")
def pulsar(sky: Sky) -> DataSet:
    return sky.take(sky.rates(sky.light(3000.0, 0.8), 30.0), seed=1)


def test_the_par_file_is_found_to_be_right(sky: Sky, pulsar: DataSet) -> None:
    made = period_search(pulsar, sky.roi, Start(sky.ephemeris(pulsar)), Z2, NEAR)
    best = made.result.candidates[0]
    assert best.sigma > 5.0
    assert abs(best.offset_hz) < 4.0 * best.f0_error_hz
    assert best.f0_hz == pytest.approx(29.946 + best.offset_hz, abs=1e-12)
    assert best.f1_hz_s == -3.77e-10
    assert made.predicted_hz == pytest.approx(sky.frequency_hz, abs=1e-9)
    assert made.pepoch_mjd == 61000.0


def test_an_edited_f0_is_put_right(sky: Sky, pulsar: DataSet) -> None:
    """What is found is F0 at PEPOCH as a par file holds it, to give to a fold."""
    ephemeris = sky.ephemeris(pulsar)
    ephemeris.solution = edited(ephemeris.solution, 29.946 + 0.07)
    wrong = Ephemeris.__new__(Ephemeris)
    vars(wrong).update(vars(ephemeris))
    wrong._model = type(ephemeris._model)(ephemeris.solution, ephemeris.site)
    best = period_search(pulsar, sky.roi, Start(wrong), Z2, NEAR).result.candidates[0]
    assert best.f0_hz == pytest.approx(29.946, abs=4.0 * best.f0_error_hz)
    assert best.offset_hz == pytest.approx(-0.07, abs=4.0 * best.f0_error_hz)


def test_at_the_telescope_the_frequency_is_the_one_seen_there(sky: Sky, pulsar: DataSet) -> None:
    made = period_search(pulsar, sky.roi, Start(None, 29.9), Z2, NEAR)
    best = made.result.candidates[0]
    assert best.f0_hz == pytest.approx(sky.frequency_hz, abs=4.0 * best.f0_error_hz)
    assert made.pepoch_mjd is None
    times = pulsar.frame_times()
    assert made.epoch.day == times.day[0]
    assert made.epoch.seconds == pytest.approx(times.seconds.mean(), abs=1e-6)


def test_a_blind_search_finds_it(sky: Sky, pulsar: DataSet) -> None:
    made = blind_search(pulsar, sky.roi, Band())
    best = made.result.candidates[0]
    assert best.sigma > 5.0
    assert best.f0_hz == pytest.approx(sky.frequency_hz, abs=4.0 * best.f0_error_hz)
    assert made.result.frames == 2000


def test_products_hold_the_list_and_the_scan(sky: Sky, pulsar: DataSet, tmp_path: Path) -> None:
    from astropy.table import Table as AstropyTable

    made = period_search(pulsar, sky.roi, Start(sky.ephemeris(pulsar)), Z2, NEAR, top=4)
    text, binary = made.save(tmp_path / "found.ecsv"), made.save(tmp_path / "found.fits")
    with pytest.raises(NightglassError, match="exists"):
        made.save(binary)
    read = AstropyTable.read(text)
    assert len(read) == len(made.result.candidates) > 0
    assert read["F0"].unit == "Hz"
    assert read["F1"].unit == "Hz / s"
    assert read["F0"].tolist() == [one.f0_hz for one in made.result.candidates]
    assert read["STATISTIC"].tolist() == ["Z^2_2"] * len(read)
    assert read.meta["NTRIALS"] == made.result.trials
    table = Table.load(binary)
    assert table.name == "CANDIDATES"
    assert table["VALUE"].tolist() == read["VALUE"].tolist()
    assert table.header["EPOCH0"] == "MJD 61000.0 TDB"
    assert table.header["NINDEP"] == pytest.approx(made.result.independent_trials)
    np.testing.assert_array_equal(made.scan["FREQ"], made.result.scan_hz)


def test_f1_searched_far_is_told(sky: Sky, pulsar: DataSet) -> None:
    extent = replace(NEAR, f1_span=4.0, f1_is_in_turns=True)
    period_search(pulsar, sky.roi, Start(sky.ephemeris(pulsar)), Z2, extent, top=1)
    assert any("F0 at PEPOCH" in told for told in pulsar.notices)


@pytest.mark.parametrize(
    ("start", "options", "why"),
    [
        (Start(), {}, "Nothing tells where"),
        (Start(None, -3.0), {}, "no frequency"),
        (Start(None, 30.0, float("nan")), {}, "F1"),
        (Start(None, 30.0), {"mode": "weight"}, "single frames"),
        (Start(None, 30.0), {"top": 0}, "no list"),
        (Start(None, 0.3), {}, "above 1/T"),
    ],
)
def test_what_makes_no_sense_is_refused(
    sky: Sky, pulsar: DataSet, start: Start, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(NightglassError, match=why):
        period_search(pulsar, sky.roi, start, Z2, Extent(span=0.3), **options)


def test_a_par_file_and_a_frequency_are_one_too_many(sky: Sky, pulsar: DataSet) -> None:
    for start, why in (
        (Start(sky.ephemeris(pulsar), 30.0), "were given"),
        (Start(sky.ephemeris(pulsar), None, 1e-9), "that of the par file"),
    ):
        with pytest.raises(NightglassError, match=why):
            period_search(pulsar, sky.roi, start, Z2, NEAR)
