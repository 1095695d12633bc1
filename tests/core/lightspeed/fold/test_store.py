"""The fold of counts: as a direct fold of PINT's phases, and the same live and afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.frames.times import FrameTime, spread
from nightglass.core.lightspeed.calibration import CountScale
from nightglass.core.lightspeed.fold.light import light_of
from nightglass.core.lightspeed.fold.request import FoldRequest, Shift, SourceCounts
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.lightspeed.fold.store import FoldStore
from nightglass.core.lightspeed.region_sums import SpotSums
from nightglass.core.lightspeed.rolling_shutter import row_delay_s
from nightglass.core.lightspeed.times import TimeModel
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.fold import fold
from nightglass.core.timing.phase import PhaseModel
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.core.timing.sites import find_site

PAR = """PSR TEST
RAJ 05:34:31.97
DECJ +22:00:52.1
POSEPOCH 60800
PEPOCH 60800
F0 29.946923
F1 -3.77e-10
EPHEM DE421
CLOCK TT(TAI)
UNITS TDB
"""
SITE = find_site()
SCALE = CountScale(8.5, 199.5)
INTERVAL_S, EXPOSURE_S, CONSTANT_S = 0.0021, 0.0019, 0.003
MODEL = TimeModel(FrameTime(60999, 86_399.5), "gps", 0.0, INTERVAL_S, 1, CONSTANT_S, "")
PIXELS, SKY_PIXELS = 40, 120


@pytest.fixture(scope="module")
def ephemeris() -> Any:
    return load_ephemeris(PAR)


@pytest.fixture(scope="module")
def cubes() -> list[SimpleNamespace]:
    """Six cubes of a pulse above a sky, with a gap before the fourth and one lost stamp."""
    rng = np.random.default_rng(5)
    made, clock = [], 0.0
    for number in range(6):
        n = 300 + 41 * number
        seconds = clock + INTERVAL_S * np.arange(n)
        clock = float(seconds[-1]) + INTERVAL_S + (0.7 if number == 2 else 0.0)
        light = rng.poisson(9.0 + 6.0 * np.cos(2 * np.pi * 29.943 * seconds), n)
        sky = rng.poisson(6.0, n)
        total = np.rint(8.5 * (light + 2 * sky / 6)).astype(np.int64)
        if number == 1:
            seconds = seconds.copy()
            seconds[7] = np.nan
        made.append(
            SimpleNamespace(
                seconds=seconds,
                source=SpotSums(total + round(PIXELS * 199.5), np.full(n, PIXELS)),
                sky=SpotSums(
                    np.rint(8.5 * sky).astype(np.int64) + round(SKY_PIXELS * 199.5),
                    np.full(n, SKY_PIXELS),
                ),
            )
        )
    return made


def request(ephemeris: Any, cubes: list[Any], **changes: Any) -> FoldRequest:
    made = FoldRequest(
        sources=(SourceCounts(1, "crab", 31.0, tuple(cubes)),),
        ephemerides=(ephemeris,),
        site=SITE,
        settings=FoldSettings(n_bins=20),
        shift=None,
        model=MODEL,
        scale=SCALE,
        read_noise_e=0.3,
        frame_s=EXPOSURE_S,
        readout_s=0.004,
        frame_rows=64,
        capture="crab",
        path=Path("crab_cube001.fits"),
        frames_total=sum(len(cube.seconds) for cube in cubes),
        frames_missing=0,
    )
    return replace(made, **changes)


def folded(store: FoldStore, asked: FoldRequest) -> Any:
    return store.fold(asked, JobContext()).folds[0]


def everything(fold_: Any) -> tuple[Any, ...]:
    profile, raster, moments = fold_.profile, fold_.raster, fold_.moments
    return (
        profile.sums, profile.variances, profile.shares, raster.sums, raster.variances,
        raster.shares, raster.edges_s, moments.value_cos, moments.value_sin,
        np.array([moments.total, moments.squares, moments.variance, moments.frames]),
        np.array([fold_.frames_counted, fold_.sky_rate]),
    )  # fmt: skip


def assert_same(one: Any, other: Any) -> None:
    for left, right in zip(everything(one), everything(other), strict=True):
        np.testing.assert_array_equal(left, right)


def direct(ephemeris: Any, cubes: list[Any], turns: float = 0.0, later_s: float = 0.0) -> Any:
    """The same with the phase model and the plain fold, all frames at once."""
    elapsed = np.concatenate([cube.seconds for cube in cubes])
    known = np.isfinite(elapsed)
    day, seconds = spread(MODEL.instant.day, MODEL.instant.seconds, elapsed + CONSTANT_S + later_s)
    model = PhaseModel(ephemeris, SITE)
    phase = np.full(elapsed.size, np.nan)
    phase[known] = model.phase(day[known], seconds[known])[1] + turns
    light = [light_of(cube.source, cube.sky, SCALE, 0.3) for cube in cubes]
    net, variance = (np.concatenate([part[row] for part in light]) for row in range(2))
    return fold(
        phase, net, EXPOSURE_S, 20, smear_turns=EXPOSURE_S * 29.946, variances=variance
    )  # fmt: skip


def test_it_is_a_direct_fold_of_the_phases_of_pint(ephemeris: Any, cubes: list[Any]) -> None:
    made, expected = folded(FoldStore(2), request(ephemeris, cubes)), direct(ephemeris, cubes)
    np.testing.assert_allclose(made.profile.shares, expected.counts, rtol=1e-4)
    np.testing.assert_allclose(made.profile.rate, expected.rate[0], rtol=0, atol=2.0)
    np.testing.assert_allclose(made.profile.error, expected.error[0], rtol=1e-3)
    assert made.frames_counted == sum(len(cube.seconds) for cube in cubes) - 1


def test_cube_after_cube_and_all_at_once_are_equal_bit_for_bit(
    ephemeris: Any, cubes: list[Any]
) -> None:
    at_once = folded(FoldStore(1), request(ephemeris, cubes))
    live = FoldStore(2)
    for count in range(1, len(cubes) + 1):
        growing = folded(live, request(ephemeris, cubes[:count]))
    assert_same(growing, at_once)


def test_a_cube_that_arrives_late_or_goes_leaves_no_trace(ephemeris: Any, cubes: list[Any]) -> None:
    store = FoldStore(2)
    for some in ([0, 1, 3], [0, 1, 2, 3], [1, 2, 3], [0, 1, 2, 3, 4, 5]):
        last = folded(store, request(ephemeris, [cubes[number] for number in some]))
    assert_same(last, folded(FoldStore(1), request(ephemeris, cubes)))


def test_the_number_of_threads_changes_nothing(ephemeris: Any, cubes: list[Any]) -> None:
    assert_same(
        folded(FoldStore(1), request(ephemeris, cubes)),
        folded(FoldStore(7), request(ephemeris, cubes)),
    )


def test_raster_and_profile_hold_the_same_light(ephemeris: Any, cubes: list[Any]) -> None:
    made = folded(FoldStore(2), request(ephemeris, cubes))
    np.testing.assert_allclose(made.raster.sums.sum(0), made.profile.sums, rtol=1e-12)
    np.testing.assert_allclose(made.raster.shares.sum(0), made.profile.shares, rtol=1e-12)
    rows = made.raster.shares.sum(1)
    assert rows.sum() == pytest.approx(made.frames_counted)
    gap = cubes[3].seconds[0]
    assert rows[int(gap / 0.25) - 1] == 0.0


def test_a_region_that_moved_is_folded_anew_and_its_sky_too(
    ephemeris: Any, cubes: list[Any]
) -> None:
    store = FoldStore(2)
    folded(store, request(ephemeris, cubes))
    without = [SimpleNamespace(seconds=c.seconds, source=c.source, sky=None) for c in cubes]
    made = folded(store, request(ephemeris, without))
    assert_same(made, folded(FoldStore(1), request(ephemeris, without)))
    assert made.sky_rate == 0.0
    assert_same(
        folded(store, request(ephemeris, cubes)), folded(FoldStore(1), request(ephemeris, cubes))
    )


@pytest.mark.parametrize(
    ("settings", "turns", "later_s"),
    [
        ({"phase_offset": 0.3}, 0.3, 0.0),
        ({"timing_offset_s": 0.004}, 0.0, -0.004),
        ({"stamp": "start"}, 0.0, -EXPOSURE_S / 2),
        ({"stamp": "end"}, 0.0, EXPOSURE_S / 2),
        ({"row_delay": True}, 0.0, row_delay_s(31.0, 64, 0.004)),
    ],
)
def test_a_setting_moves_the_phases_by_what_it_says(
    ephemeris: Any, cubes: list[Any], settings: dict[str, Any], turns: float, later_s: float
) -> None:
    asked = request(ephemeris, cubes, settings=FoldSettings(n_bins=20, **settings))
    made, expected = folded(FoldStore(2), asked), direct(ephemeris, cubes, turns, later_s)
    np.testing.assert_allclose(made.profile.sums, expected.sums[0], rtol=1e-3, atol=3.0)


def test_a_dragged_frequency_is_what_pint_makes_of_it(ephemeris: Any, cubes: list[Any]) -> None:
    store = FoldStore(2)
    delta_f_hz = 0.6 / 4.5
    linear = folded(store, request(ephemeris, cubes, shift=Shift(delta_f_hz, 0.0)))
    exact = folded(
        store,
        request(ephemeris, cubes, settings=FoldSettings(n_bins=20, f0_hz=29.946923 + delta_f_hz)),
    )
    plain = folded(store, request(ephemeris, cubes))
    np.testing.assert_allclose(linear.profile.sums, exact.profile.sums, atol=60.0)
    assert np.abs(plain.profile.sums - exact.profile.sums).max() > 600.0
    assert exact.f0_hz == pytest.approx(29.946923 + delta_f_hz)


def test_only_the_first_par_file_is_edited(ephemeris: Any, cubes: list[Any]) -> None:
    other = load_ephemeris(PAR.replace("29.946923", "29.9"))
    asked = request(ephemeris, cubes, ephemerides=(ephemeris, other), shift=Shift(0.1, 0.0))
    first, second = FoldStore(2).fold(asked, JobContext()).folds
    plain = folded(FoldStore(2), request(ephemeris, cubes, ephemerides=(other,)))
    np.testing.assert_array_equal(second.profile.sums, plain.profile.sums)
    assert first.psr == second.psr == "TEST"


def test_a_preview_leaves_what_was_folded_alone(ephemeris: Any, cubes: list[Any]) -> None:
    store = FoldStore(2)
    before = folded(store, request(ephemeris, cubes))
    few = [
        SimpleNamespace(
            seconds=c.seconds[:50], source=SpotSums(c.source.sums[:50], c.source.pixels[:50]),
            sky=SpotSums(c.sky.sums[:50], c.sky.pixels[:50]),
        )
        for c in cubes
    ]  # fmt: skip
    seen = folded(store, request(ephemeris, few, is_preview=True))
    assert seen.frames_counted == 6 * 50 - 1
    assert_same(folded(store, request(ephemeris, cubes)), before)


def test_what_was_put_in_stands_in_the_result(ephemeris: Any, cubes: list[Any]) -> None:
    settings = FoldSettings(n_bins=20, stamp="end", on=PhaseRange(0.9, 0.1))
    made = FoldStore(2).fold(request(ephemeris, cubes, settings=settings), JobContext())
    assert made.settings == settings
    assert made.frames_read == sum(len(cube.seconds) for cube in cubes)
    end = cubes[-1].seconds[-1] + EXPOSURE_S
    assert made.span_s == pytest.approx(end)
    assert "UTC from GPS" in made.time_note
    assert "end of exposure" in made.time_note
