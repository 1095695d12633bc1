from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.timing import phase as phase_module
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.nodes import PintPhases
from nightglass.core.timing.phase import PhaseModel
from nightglass.core.timing.sites import Site, find_site

from .conftest import PULSARS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from .conftest import AskPint

HALF_NANOSECOND = 0.5e-9

REAL_FILES = [
    "J0540-6919_Xrays_3",
    "J0633+1746_LAT",
    "J0659+1414_NRT",
    "J0835-4510_LAT_PKSTZR",
    "J1023+0038_LAT",
    "J1509-5850_PKS",
    "J2339-0533_LAT_NRTTZR",
    "b0540",
    "b0540_2",
    "b0656",
    "crab",
    "geminga",
    "j0537",
    "j0742",
    "j1023",
    "j2339",
    "lighthouse",
    "saxj1808",
    "vela",
]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    phase_module._cache.clear()


def _difference_s(
    ours: tuple[NDArray[np.int64], NDArray[np.float64]],
    theirs: tuple[NDArray[np.int64], NDArray[np.float64]],
    f0_hz: float,
) -> float:
    turns = (ours[0] - theirs[0]) + (ours[1] - theirs[1])
    return float(np.abs(turns).max()) / f0_hz


def _times(seed: int, count: int = 200) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Times of a night of three windows that runs over midnight, in order."""
    since_midnight = np.sort(np.random.default_rng(seed).uniform(-3600.0, 7200.0, count))
    before = since_midnight < 0.0
    return np.where(before, 60999, 61000), np.where(before, since_midnight + 86400, since_midnight)


def test_phases_of_every_kind_of_pulsar_agree_with_pint_to_half_a_nanosecond(
    pulsar: str, ask_pint: AskPint
) -> None:
    ephemeris, site = load_ephemeris(pulsar), find_site("Magellan Clay")
    day, seconds = _times(seed=1)
    ours = PhaseModel(ephemeris, site).phase(day, seconds)
    theirs = ask_pint(ephemeris.text, site, day, seconds)
    assert _difference_s(ours, theirs, ephemeris.f0_hz) <= HALF_NANOSECOND


@pytest.mark.parametrize("name", REAL_FILES)
def test_phases_of_real_par_files_agree_with_pint_to_half_a_nanosecond(
    name: str, shared: Path, ask_pint: AskPint
) -> None:
    ephemeris, site = load_ephemeris(shared / "data" / "par" / f"{name}.par"), find_site("Clay")
    day, seconds = _times(seed=2, count=100)
    ours = PhaseModel(ephemeris, site).phase(day, seconds)
    theirs = ask_pint(ephemeris.text, site, day, seconds)
    assert _difference_s(ours, theirs, ephemeris.f0_hz) <= HALF_NANOSECOND


def test_a_glitch_inside_a_window_is_exact_on_both_sides(ask_pint: AskPint) -> None:
    ephemeris, site = load_ephemeris(PULSARS["glitch"]), find_site("Clay")
    model = PhaseModel(ephemeris, site)
    glitch_s = 0.21 * 86400.0
    coarse = np.linspace(glitch_s - 500.0, glitch_s + 500.0, 41)
    jump = coarse[np.argmax(np.abs(np.diff(model.phase(61000, coarse)[1], 2))) :][:3]
    seconds = np.sort(np.concatenate([coarse, np.linspace(jump[0], jump[-1], 60)]))
    ours = model.phase(61000, seconds)
    theirs = ask_pint(ephemeris.text, site, np.full(seconds.size, 61000), seconds)
    assert _difference_s(ours, theirs, ephemeris.f0_hz) <= HALF_NANOSECOND
    leaves = next(iter(model._windows.values())).leaves
    assert sum(not leaf.coefficients for leaf in leaves) in {1, 2}


def test_the_tzr_time_of_arrival_has_phase_zero() -> None:
    text = PULSARS["isolated"] + "TZRMJD 60990.125\nTZRSITE pks\nTZRFRQ 0\n"
    parkes = Site("Parkes", -4554231.5, 2816759.1, -3454036.3)
    turns, fraction = PhaseModel(load_ephemeris(text), parkes).phase([60990], [0.125 * 86400.0])
    assert turns[0] + fraction[0] == pytest.approx(0.0, abs=29.946 * HALF_NANOSECOND)


def test_without_tzr_phase_counts_turns_from_pepoch_at_the_barycentre() -> None:
    """Against astropy's own barycentring, which leaves out the Sun's Shapiro delay (120 us)."""
    from astropy import units as u
    from astropy.coordinates import EarthLocation, SkyCoord, solar_system_ephemeris
    from astropy.time import Time
    from nightglass.core.timing.offline import ephemeris_path

    site = find_site("Clay")
    ephemeris = load_ephemeris(PULSARS["isolated"])
    turns, fraction = PhaseModel(ephemeris, site).phase([61000], [30000.0])
    place = EarthLocation.from_geocentric(*site.itrf_m, unit="m")
    sky = SkyCoord("05:34:31.97", "22:00:52.1", unit=(u.hourangle, u.deg))
    with solar_system_ephemeris.set(str(ephemeris_path("de421"))):
        time = Time(61000.0, 30000.0 / 86400.0, format="mjd", scale="utc", location=place)
        barycentre = time.tdb + time.light_travel_time(sky)
    since = (barycentre - Time(60800.0, format="mjd", scale="tdb")).sec
    expected = since * (29.946 + since / 2 * (-3.77e-10 + since / 3 * 1e-20))
    assert turns[0] + fraction[0] == pytest.approx(expected, abs=29.946 * 200e-6)


def test_a_phase_does_not_depend_on_what_else_is_asked(pulsar: str) -> None:
    ephemeris, site = load_ephemeris(pulsar), find_site("Clay")
    day, seconds = _times(seed=3)
    together = PhaseModel(ephemeris, site).phase(day, seconds)
    phase_module._cache.clear()
    live = PhaseModel(ephemeris, site)
    for start in range(0, day.size, 7):
        part = slice(start, start + 7)
        turns, fraction = live.phase(day[part], seconds[part])
        assert (turns == together[0][part]).all()
        assert (fraction == together[1][part]).all()
    shuffle = np.random.default_rng(4).permutation(day.size)
    phase_module._cache.clear()
    turns, fraction = PhaseModel(ephemeris, site).phase(day[shuffle], seconds[shuffle])
    assert (turns == together[0][shuffle]).all()
    assert (fraction == together[1][shuffle]).all()


def test_midnight_is_the_same_moment_from_both_days() -> None:
    ephemeris = load_ephemeris(PULSARS["fast"])
    turns, fraction = PhaseModel(ephemeris, find_site("Clay")).phase([60999, 61000], [86400.0, 0.0])
    step = (turns[1] - turns[0]) + (fraction[1] - fraction[0])
    assert abs(step) <= ephemeris.f0_hz * HALF_NANOSECOND


def test_a_leap_second_is_a_second_long(ask_pint: AskPint) -> None:
    """31 December 2016 (MJD 57753) has 86401 seconds."""
    ephemeris, site = load_ephemeris(PULSARS["isolated"]), find_site("Clay")
    model = PhaseModel(ephemeris, site)
    turns, fraction = model.phase([57753, 57753, 57753, 57754], [86399.0, 86400.0, 86401.0, 0.0])
    phases = (turns - turns[0]) + fraction - fraction[0]
    one_second = phases[1]
    f_then_hz = 29.946 - 3.77e-10 * (57753 - 60800) * 86400.0
    assert one_second == pytest.approx(f_then_hz, rel=2e-4)
    assert phases[2] == pytest.approx(2 * one_second, abs=1e-8)
    assert phases[3] == pytest.approx(phases[2], abs=ephemeris.f0_hz * HALF_NANOSECOND)
    day, seconds = np.full(20, 57753), np.linspace(80000.0, 86399.9, 20)
    theirs = ask_pint(ephemeris.text, site, day, seconds)
    assert _difference_s(model.phase(day, seconds), theirs, 29.946) <= HALF_NANOSECOND


def test_a_day_beyond_the_earth_rotation_table_still_folds() -> None:
    from nightglass.core.timing.offline import iers_measured_until_mjd

    day = int(iers_measured_until_mjd()) + 365 + 400
    _, fraction = PhaseModel(load_ephemeris(PULSARS["isolated"]), find_site("Clay")).phase(
        day, np.linspace(0.0, 86400.0, 50)
    )
    assert ((fraction >= 0.0) & (fraction < 1.0)).all()


def test_many_threads_get_the_same_phases_as_one() -> None:
    ephemeris, site = load_ephemeris(PULSARS["binary"]), find_site("Clay")
    day, seconds = _times(seed=5)
    alone = PhaseModel(ephemeris, site).phase(day, seconds)
    phase_module._cache.clear()
    model, start = PhaseModel(ephemeris, site), threading.Barrier(6)
    results: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []

    def fold() -> None:
        start.wait()
        results.append(model.phase(day, seconds))

    threads = [threading.Thread(target=fold) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    for turns, fraction in results:
        assert (turns == alone[0]).all()
        assert (fraction == alone[1]).all()


def test_models_of_equal_content_share_windows_and_others_do_not() -> None:
    site = find_site("Clay")
    first = PhaseModel(load_ephemeris(PULSARS["isolated"]), site)
    same = PhaseModel(load_ephemeris("# a remark\n" + PULSARS["isolated"]), site)
    elsewhere = PhaseModel(first.ephemeris, find_site("La Silla"))
    other = PhaseModel(load_ephemeris(PULSARS["isolated"].replace("29.946", "29.947")), site)
    assert first.key == same.key
    assert len({first.key, elsewhere.key, other.key}) == 3
    first.phase([61000], [0.0])
    assert same._windows is first._windows
    assert not elsewhere._windows


def test_windows_report_how_well_they_agree_with_pint() -> None:
    model = PhaseModel(load_ephemeris(PULSARS["binary"]), find_site("Clay"))
    day, seconds = _times(seed=6)
    assert 0.0 < model.worst_s(day, seconds) <= HALF_NANOSECOND


@pytest.mark.parametrize(
    ("day", "seconds"), [(61000, -0.001), (61000, 86400.5), (61000, np.nan), (57754, 86400.5)]
)
def test_a_time_outside_its_day_is_refused_by_name(day: int, seconds: float) -> None:
    model = PhaseModel(load_ephemeris(PULSARS["isolated"]), find_site("Clay"))
    with pytest.raises(NightglassError, match=f"Time 2 is .* MJD {day}"):
        model.phase([day, day], [10.0, seconds])


def test_a_date_outside_the_solar_system_ephemeris_is_refused() -> None:
    model = PhaseModel(load_ephemeris(PULSARS["isolated"]), find_site("Clay"))
    with pytest.raises(NightglassError, match="DE421 covers 1899 to 2053"):
        model.phase([0], [0.0])


def test_no_times_give_no_phases_and_the_shape_is_kept() -> None:
    model = PhaseModel(load_ephemeris(PULSARS["isolated"]), find_site("Clay"))
    turns, fraction = model.phase([], [])
    assert turns.shape == fraction.shape == (0,)
    assert model.phase(61000, np.zeros((2, 3)))[1].shape == (2, 3)


def test_pint_gives_the_same_bits_whatever_the_batch() -> None:
    """The grid promises equal bits live and offline; that needs this of PINT and astropy."""
    ask = PintPhases(load_ephemeris(PULSARS["tight binary"]), find_site("Clay"))
    day, seconds = _times(seed=7, count=60)
    turns, rest = ask(day, seconds)
    for part in (slice(0, 1), slice(3, 8), slice(10, 28), slice(59, 60)):
        some_turns, some_rest = ask(day[part], seconds[part])
        assert (some_turns == turns[part]).all()
        assert (some_rest == rest[part]).all()
