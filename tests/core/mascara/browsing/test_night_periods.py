"""Periods that are there are found, and white noise has none."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.engine.jobs import CancelToken, JobContext
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.mascara.browsing.curve import Curve
from nightglass.core.mascara.browsing.period import find_periods
from nightglass.core.mascara.products.rows import data_dtype
from nightglass.core.timing.sidereal import SOLAR_SLOT_S

SLOT_D = SOLAR_SLOT_S / 86400
START_JD = 2457418.3
NOISE = 0.02


def made(count: int = 3000, seed: int = 1, cameras: int = 1) -> Curve:
    """White noise and a slow arch, as altitude makes it; every camera with its own zero point."""
    rng = np.random.default_rng(seed)
    points = np.zeros(count, data_dtype(2))
    points["jdmid"] = START_JD + np.arange(count) * SLOT_D
    camera = (np.arange(count) * cameras // count).astype(np.uint8)
    arch = 1.0 - 0.2 * np.linspace(-1, 1, count) ** 2
    for name in ("flux0", "flux1"):
        points[name] = 5000.0 * (1 + camera) * (arch + rng.normal(0.0, NOISE, count))
    points["eflux0"] = points["eflux1"] = 5000.0 * (1 + camera) * NOISE
    return Curve(7, "fast", ("LPC", "LPE")[:cameras], camera, points, {})


def with_light(curve: Curve, factor: np.ndarray) -> Curve:
    for name in ("flux0", "flux1"):
        curve.points[name] *= factor
    return curve


def wave(curve: Curve, period_d: float, amplitude: float, epoch_jd: float) -> Curve:
    turns = (curve.points["jdmid"] - epoch_jd) / period_d
    return with_light(curve, 1.0 + amplitude * np.cos(2 * np.pi * turns))


def dips(curve: Curve, period_d: float, depth: float, epoch_jd: float, duration_d: float) -> Curve:
    since_d = (curve.points["jdmid"] - epoch_jd + period_d / 2) % period_d - period_d / 2
    return with_light(curve, np.where(np.abs(since_d) < duration_d / 2, 1.0 - depth, 1.0))


@pytest.mark.parametrize("cameras", [1, 2])
@pytest.mark.parametrize("period_d", [0.004, 0.02, 0.06])
def test_a_wave_is_found_with_its_phase_and_amplitude(period_d: float, cameras: int) -> None:
    epoch_jd = START_JD + 0.3 * period_d
    search = find_periods(wave(made(cameras=cameras), period_d, 0.05, epoch_jd))
    best = search.found[0]
    # The parabola taken away bends a wave that comes only a few times.
    assert best.period_d == pytest.approx(period_d, rel=0.015)
    turns = (best.epoch_jd - epoch_jd) / best.period_d
    assert abs(turns - round(turns)) < 0.05
    assert best.amplitude == pytest.approx(0.05, rel=0.15)
    assert best.false_alarm < 1e-10


@pytest.mark.parametrize("period_d", [0.033, 0.08])
def test_a_transit_is_found_with_its_depth_and_time(period_d: float) -> None:
    epoch_jd, duration_d = START_JD + 0.4 * period_d, 0.08 * period_d
    curve = dips(made(), period_d, 0.04, epoch_jd, duration_d)
    best = find_periods(curve, "transit").found[0]
    assert best.period_d == pytest.approx(period_d, rel=0.005)
    turns = (best.epoch_jd - epoch_jd) / period_d
    assert abs(turns - round(turns)) < 0.03
    assert best.amplitude == pytest.approx(0.04, rel=0.15)
    assert best.duration_d == pytest.approx(duration_d, rel=0.6)
    assert best.false_alarm < 1e-10


@pytest.mark.parametrize("method", ["sine", "transit"])
def test_white_noise_has_no_significant_period(method: str) -> None:
    alarms = [find_periods(made(1000, seed), method).found[0].false_alarm for seed in range(20)]
    assert min(alarms) > 1e-3
    assert max(alarms) > 0.05


def test_flagged_points_do_not_count() -> None:
    curve = made(1000)
    curve.points["flux1"][::7] *= 50.0
    curve.points["flag"][::7] = 1
    search = find_periods(wave(curve, 0.02, 0.05, START_JD))
    assert search.points == 1000 - len(range(0, 1000, 7))
    assert search.found[0].period_d == pytest.approx(0.02, rel=0.02)


def test_a_range_holds_what_is_searched() -> None:
    search = find_periods(made(500), shortest_d=0.005, longest_d=0.01, top=2)
    assert search.periods_d[0] == pytest.approx(0.005)
    assert search.periods_d[-1] == pytest.approx(0.01)
    assert (np.diff(search.periods_d) > 0).all()
    assert len(search.power) == len(search.periods_d)
    assert len(search.found) <= 2


@pytest.mark.parametrize("method", ["sine", "transit"])
def test_points_of_one_moment_or_too_few_are_refused(method: str) -> None:
    with pytest.raises(NightglassError, match="has 20 unflagged points"):
        find_periods(made(20), method)
    curve = made(40)
    curve.points["jdmid"] = START_JD
    with pytest.raises(NightglassError, match="Too few points"):
        find_periods(curve, method)
    assert find_periods(made(21), method).found


def test_an_empty_range_is_refused() -> None:
    for shortest_d, longest_d in ((0.02, 0.01), (-1.0, 0.5), (0.1, float("nan"))):
        with pytest.raises(NightglassError, match="No period to search"):
            find_periods(made(100), shortest_d=shortest_d, longest_d=longest_d)


def test_a_search_can_be_cancelled() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        find_periods(made(100), ctx=JobContext(token))
