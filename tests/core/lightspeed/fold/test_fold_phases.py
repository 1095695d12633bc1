"""Phases of the store, cube by cube over a night, held against PINT asked by its own road."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import NightglassError
from nightglass.core.frames.times import FrameTime, spread
from nightglass.core.lightspeed.fold.frames import clocks_of, cube_frames
from nightglass.core.lightspeed.fold.store import FoldStore
from nightglass.core.lightspeed.region_sums import SpotSums
from nightglass.core.lightspeed.rolling_shutter import row_delay_s
from nightglass.core.timing import phase as phase_module
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.grid import later

from ...timing.pint_itself import ask
from .injected import ACCRETING, BINARY, CONSTANT_S, CRAB, HEAD, SITE, Injected

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed.fold.request import FoldRequest

HALF_NANOSECOND = 0.5e-9
EVENING = FrameTime(60999, 20.5 * 3600.0)
HOURS, CUBES, FRAMES = 8, 33, 6
EXPOSURE_S = 0.0019
TZR = "TZRMJD 60990.125\nTZRSITE @\nTZRFRQ 0\n"
TIGHT = (
    HEAD + "F0 400.97\nBINARY DD\nPB 0.09\nA1 1.4\nT0 60999.3\nECC 0.6\nOM 70\nSINI 0.9\nM2 0.4\n"
)
PARS = {
    "crab": CRAB,
    "with TZR": CRAB + TZR,
    "accreting": ACCRETING,
    "binary": BINARY,
    "tight": TIGHT,
}
SLOWLY = {"binary", "tight"}
NIGHTS = [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOWLY)) for name in PARS]


def night() -> list[SimpleNamespace]:
    """Cubes of a few frames all over a night, with a lost stamp and gaps between."""
    rng = np.random.default_rng(3)
    begins = np.linspace(0.0, HOURS * 3600.0 - 10.0, CUBES)
    cubes = []
    for begin in begins:
        seconds = begin + np.sort(rng.uniform(0.0, 9.0, FRAMES))
        if not cubes:
            seconds[2] = np.nan
        spot = SpotSums(np.full(FRAMES, 40_000), np.full(FRAMES, 40))
        cubes.append(SimpleNamespace(seconds=seconds, source=spot, sky=None))
    return cubes


def asked(par: str, cubes: list[Any], start: FrameTime = EVENING, **settings: Any) -> FoldRequest:
    made = Injected(par, 0.0021, EXPOSURE_S, ((0.3, 0.1, 1.0),), 0.5, 1000.0, start=start)
    return made.request(cubes, **settings)


def of_store(request: FoldRequest) -> Any:
    """Phases of all frames, the cubes given one after the other as they come live."""
    store, source = FoldStore(2), request.sources[0]
    for count in range(1, len(source.cubes) + 1):
        growing = replace(source, cubes=source.cubes[:count])
        store.fold(replace(request, sources=(growing,)), JobContext())
    (strip,) = store._phases.values()
    return strip.column(0) + request.settings.phase_offset


def of_pint(request: FoldRequest, later_s: float = 0.0) -> Any:
    elapsed_s = np.concatenate([cube.seconds for cube in request.sources[0].cubes])
    model, settings = request.model, request.settings
    text = request.ephemerides[0].text
    edited = text
    if settings.f0_hz is not None:
        edited = edited.replace(text.split("F0 ")[1].split()[0], repr(settings.f0_hz), 1)
    if settings.f1_hz_s is not None:
        edited = edited.replace("F1 -3.77e-10", f"F1 {settings.f1_hz_s!r}")
    phases = np.full(elapsed_s.size, np.nan)
    known = np.isfinite(elapsed_s)
    day, seconds = spread(*model.instant, elapsed_s[known] + (CONSTANT_S + later_s))
    phases[known] = ask(edited, SITE, day, seconds)[1] + settings.phase_offset
    if edited != text:
        # Edits turn the pulse about the start of the capture.
        pivot = np.array([model.instant.day]), np.array([model.instant.seconds])
        phases -= ask(edited, SITE, *pivot)[1] - ask(text, SITE, *pivot)[1]
    return phases


def worst_s(ours: Any, theirs: Any, f0_hz: float) -> float:
    away = ours - theirs
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    return float(np.nanmax(np.abs(away - np.round(away)))) / f0_hz


@pytest.mark.parametrize("par", NIGHTS)
def test_a_night_is_within_half_a_nanosecond_of_pint(par: str) -> None:
    request = asked(PARS[par], night())
    f0_hz = request.ephemerides[0].f0_hz
    assert worst_s(of_store(request), of_pint(request), f0_hz) <= HALF_NANOSECOND


@pytest.mark.parametrize(
    ("settings", "later_s"),
    [
        ({"f0_hz": 29.94695}, 0.0),
        ({"f0_hz": 29.9469, "f1_hz_s": -3.9e-10}, 0.0),
        ({"timing_offset_s": 0.0123}, -0.0123),
        ({"stamp": "start"}, -EXPOSURE_S / 2),
        ({"stamp": "end", "phase_offset": 0.25}, EXPOSURE_S / 2),
        ({"row_delay": True}, row_delay_s(31.0, 64, 0.004)),
        (
            {"row_delay": True, "stamp": "start", "timing_offset_s": -1.5, "f0_hz": 29.94695},
            row_delay_s(31.0, 64, 0.004) - EXPOSURE_S / 2 + 1.5,
        ),
    ],
)
def test_settings_change_nothing_of_that(settings: dict[str, Any], later_s: float) -> None:
    request = asked(CRAB, night()[::6], **settings)
    made, expected = of_store(request), of_pint(request, later_s)
    # PINT's own rounding enters twice where there is a pivot.
    most_s = HALF_NANOSECOND * (1.5 if request.settings.is_edited else 1.0)
    assert worst_s(made, expected, 29.946923) <= most_s


def test_rows_far_from_the_middle_in_a_tight_orbit_are_timed_by_the_shutter() -> None:
    """The Doppler shift of the orbit changes what a delay is in turns."""
    request = asked(TIGHT, night()[:8], row_delay=True)
    source = replace(request.sources[0], row=2.0)
    request = replace(request, sources=(source,))
    expected = of_pint(request, row_delay_s(2.0, 64, 0.004))
    assert worst_s(of_store(request), expected, 400.97) <= HALF_NANOSECOND


def test_the_frames_of_a_table_have_the_phases_that_were_folded() -> None:
    request = asked(CRAB, night(), row_delay=True, phase_offset=0.3, f0_hz=29.94695)
    table = np.concatenate(
        [cube.folds[0].phase for cube in cube_frames(request, clocks_of(request))]
    )
    made = of_store(request)
    np.testing.assert_allclose(table, made - np.floor(made), rtol=0, atol=1e-12)


def test_a_leap_second_is_counted() -> None:
    """31 December 2016, MJD 57753: a capture of ten seconds goes through 23:59:60."""
    seconds = np.arange(40) * 0.25
    spot = SpotSums(np.full(40, 40_000), np.full(40, 40))
    cubes = [
        SimpleNamespace(seconds=part, source=spot_part, sky=None)
        for part, spot_part in zip(
            np.split(seconds, 4), [SpotSums(*(x[:10] for x in spot))] * 4, strict=True
        )
    ]
    request = asked(CRAB, cubes, FrameTime(57753, 86_395.0))
    phases = of_store(request)
    # PINT cannot say 23:59:60; what lies before it and after it are ten true seconds apart.
    true_s = 86_395.0 + seconds + CONSTANT_S
    outside = (true_s < 86_400.0) | (true_s >= 86_401.0)
    day = np.where(true_s < 86_400.0, 57753, 57754)
    of_day = np.where(true_s < 86_400.0, true_s, true_s - 86_401.0)
    theirs = ask(CRAB, SITE, day[outside], of_day[outside])[1]
    assert worst_s(phases[outside], theirs, 29.946923) <= HALF_NANOSECOND
    # Within it the pulsar goes on as ever: a quadratic through the outside meets the inside.
    turned = np.unwrap(2 * np.pi * (phases - 29.95 * seconds)) / (2 * np.pi)
    trend = np.polynomial.Polynomial.fit(seconds[outside], turned[outside], 2)
    assert np.abs(turned - trend(seconds)).max() < 29.95e-7


@pytest.mark.parametrize(
    ("start", "elapsed_s", "day", "seconds"),
    [
        ((57753, 86_399.5), 0.75, 57753, 86_400.25),
        ((57753, 86_399.5), 1.5, 57754, 0.0),
        ((57753, 86_400.5), -1.0, 57753, 86_399.5),
        ((57753, 10.0), 2 * 86_400.0, 57755, 9.0),
        ((57754, 0.5), -1.0, 57753, 86_400.5),
        ((57754, 0.5), -1.75, 57753, 86_399.75),
        ((57754, 0.5), -86_402.0, 57752, 86_399.5),
        ((60999, 86_399.5), 1.0, 61000, 0.5),
        ((60999, 0.5), -1.0, 60998, 86_399.5),
    ],
)
def test_times_go_on_through_days_of_any_length(
    start: tuple[int, float], elapsed_s: float, day: int, seconds: float
) -> None:
    days, secs = later(*start, np.array([elapsed_s, np.nan]))
    assert (days[0], secs[0]) == (day, seconds)
    assert np.isnan(secs[1])


def test_without_a_date_there_are_no_phases(expected_log: object) -> None:
    request = asked(CRAB, night())
    undated = replace(request, model=replace(request.model, quality="none"))
    with pytest.raises(NightglassError, match="Nothing tells when") as caught:
        of_store(undated)
    assert caught.value.hint


@pytest.mark.parametrize("quality", ["gps", "telescope", "file name"])
def test_another_clock_is_stated_and_folded_all_the_same(quality: Any) -> None:
    request = asked(CRAB, night()[:3])
    timed = replace(request, model=replace(request.model, quality=quality, note="So it is."))
    result = FoldStore(1).fold(timed, JobContext())
    words = {"gps": "GPS", "telescope": "telescope's clock", "file name": "local time"}
    assert words[quality] in result.time_note
    assert "So it is." in result.notices
    assert result.frames_counted == 3 * FRAMES - 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["crab", "j1023", "j2339", "lighthouse", "saxj1808", "vela"])
def test_a_night_of_a_real_pulsar_is_within_half_a_nanosecond(shared: Path, name: str) -> None:
    phase_module._cache.clear()
    text = load_ephemeris(shared / "data" / "par" / f"{name}.par").text
    request = asked(text, night())
    expected = of_pint(request)
    assert worst_s(of_store(request), expected, request.ephemerides[0].f0_hz) <= HALF_NANOSECOND
