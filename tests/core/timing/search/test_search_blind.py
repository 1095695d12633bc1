"""Blind searches: pulsars in gaps and red noise, harmonics marked, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from nightglass.core.engine.jobs import CancelToken, JobContext
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.timing.search.blind import Band, search_blind
from nightglass.core.timing.search.light import SearchLight
from nightglass.core.timing.search.whitening import spectrum_of, whitened

from .lights import noise, pulse, times

F_HZ, FRAMES = 29.946, 40_000


def made_light(
    seed: int, height: float, drift: float = 0.0, f1_hz_s: float = 0.0, frames: int = FRAMES
) -> SearchLight:
    rng, t = np.random.default_rng(seed), times(frames)
    phase = F_HZ * t + 0.5 * f1_hz_s * t**2
    counts = rng.poisson(20.0 * (1.0 + height * pulse(phase))).astype(float)
    counts += drift * np.cumsum(rng.standard_normal(frames)) / np.sqrt(frames)
    counts[3000:3400] = np.nan
    kept = np.r_[0:11_000, 12_500:frames]
    return SearchLight.of(counts[kept], t[kept] + 4.0e4, interval_s=1e-3)


@pytest.mark.parametrize("drift", [0.0, 60.0])
def test_a_pulsar_is_found_through_gaps_and_red_noise(drift: float) -> None:
    made = search_blind(made_light(1, 0.12, drift))
    best = made.candidates[0]
    assert best.sigma > 5.0
    assert best.f0_hz == pytest.approx(F_HZ, abs=4.0 * best.f0_error_hz)
    assert best.f0_error_hz < 0.1 / made.span_s
    assert best.offset_hz == best.f0_hz
    related = [one for one in made.candidates if one.sigma > 4.0][1:]
    assert related
    assert {one.harmonic_of for one in related} == {1}
    assert "1/2" in {one.ratio for one in related}
    assert len([one for one in made.candidates if one.harmonic_of == 1]) <= 3


def test_averaged_spectra_find_a_pulse_that_drifts() -> None:
    some = made_light(2, 0.2, f1_hz_s=0.005)
    one, many = (search_blind(some, stretches=stretches, top=1) for stretches in (1, 16))
    assert many.candidates[0].sigma > 5.0
    assert many.candidates[0].sigma > one.candidates[0].sigma
    assert many.candidates[0].f0_hz == pytest.approx(F_HZ, abs=0.1)


def test_only_the_band_is_searched() -> None:
    some = made_light(3, 0.3)
    made = search_blind(some, Band(40.0, 100.0), top=3)
    assert all(39.5 < one.f0_hz < 100.5 for one in made.candidates)
    assert made.scan_hz.min() >= 40.0
    assert made.scan_hz.max() <= 100.0
    assert search_blind(some, Band(10.0), top=1).scan_hz.max() < 500.0


def test_whitened_noise_has_power_two_whatever_its_colour() -> None:
    rng = np.random.default_rng(4)
    values = rng.standard_normal(30_000) + 0.2 * np.cumsum(rng.standard_normal(30_000))
    some = SearchLight.of(values, times(30_000), interval_s=1e-3)
    for stretches in (1, 8):
        spectrum = spectrum_of(some, stretches)
        power = whitened(spectrum, 20)
        for part in np.array_split(power[20:-1], 5):
            assert part.mean() == pytest.approx(2.0, rel=0.1)
        assert spectrum.power[20:60].mean() > 10.0 * spectrum.power[-2000:].mean()
        assert (power[:20] == 0.0).all()


def test_a_sine_has_the_power_it_should() -> None:
    """A^2 N / (2 V) above 2, less what the sine adds to the scatter."""
    t = times(8192)
    values = np.random.default_rng(5).standard_normal(8192) + 0.2 * np.cos(2 * np.pi * 50.0 * t)
    spectrum = spectrum_of(SearchLight.of(values, t, interval_s=1e-3), 1)
    peak = spectrum.power.max()
    assert peak == pytest.approx(0.2**2 * 8192 / 2 / 1.02, rel=0.3)
    assert np.argmax(spectrum.power) * spectrum.step_hz == pytest.approx(50.0, abs=0.1)


def test_threads_do_not_change_the_result() -> None:
    some = made_light(6, 0.1, frames=16_000)
    one, three = (search_blind(some, threads=threads, top=4) for threads in (1, 3))
    assert str(one.candidates) == str(three.candidates)


def test_a_cancel_stops_it() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        search_blind(noise(7, 2000), ctx=JobContext(token))


@pytest.mark.parametrize(
    ("frames", "band", "stretches", "why"),
    [
        (2000, Band(700.0, None), 1, "No frequency lies between 700"),
        (2000, Band(90.0, 80.0), 1, "No frequency lies between 90"),
        (2000, None, 0, "0 stretches"),
        (2000, None, 50, "less than 64"),
        (30, None, 1, "less than 64"),
    ],
)
def test_what_makes_no_sense_is_refused(frames: int, band: Any, stretches: int, why: str) -> None:
    with pytest.raises(NightglassError, match=why):
        search_blind(SearchLight.of(*_light(frames), interval_s=1e-3), band, stretches=stretches)


def test_frames_without_even_intervals_are_refused() -> None:
    with pytest.raises(NightglassError, match="not known"):
        search_blind(SearchLight.of(*_light(500)))


def _light(frames: int) -> tuple[Any, Any]:
    return np.random.default_rng(8).standard_normal(frames), times(frames)
