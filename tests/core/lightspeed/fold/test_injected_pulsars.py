"""What was put into the counts comes out of the fold: light, phase and pulsed fraction."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed.fold.store import FoldStore
from nightglass.core.timing.pulse.template import Template, match

from ...timing.pulse.folding import harmonics
from .injected import PULSARS

if TYPE_CHECKING:
    from .injected import Injected

HARMONICS = 40


@pytest.fixture(params=sorted(PULSARS))
def pulsar(request: pytest.FixtureRequest) -> Injected:
    return PULSARS[request.param]


def rms_shown(pulsar: Injected) -> float:
    """RMS of the harmonics of which frames leave a twentieth of the best: 2 ms hide some."""
    k = np.arange(1, 21)
    smear = pulsar.exposure_s * pulsar.ephemeris.f0_hz
    passed = np.sinc(k * smear) ** 2 * np.sinc(k / pulsar.n_bins) * (k < pulsar.n_bins / 2)
    shown = passed > 0.05 * passed.max()
    return float(np.sqrt(2.0 * (np.abs(harmonics(pulsar.shape, 20)[shown]) ** 2).sum()))


@pytest.mark.parametrize("seeds", [25, pytest.param(600, marks=pytest.mark.slow)])
def test_amplitude_phase_and_fraction_come_out_as_they_went_in(
    pulsar: Injected, seeds: int
) -> None:
    template = Template.of(pulsar.rate * harmonics(pulsar.shape, HARMONICS))
    truth, store = rms_shown(pulsar), FoldStore(1)
    pulls = []
    for seed in range(seeds):
        profile = pulsar.folded(store, seed).profile
        toa, rms = match(profile, template), profile.rms_fraction()
        level = (profile.mean_rate - pulsar.rate) / profile._error_of(profile._mean_weights())
        pulls.append(
            (
                toa.phase_shift / toa.error_turns,
                (toa.scale - 1.0) / toa.scale_error,
                (rms.value - truth) / rms.error,
                level,
            )
        )
    deviations = np.array(pulls)
    assert np.abs(deviations.mean(axis=0)).max() < 0.1 + 3.5 / math.sqrt(seeds)
    slack = 3.5 / math.sqrt(2 * seeds)
    assert deviations.std(axis=0).min() > 0.95 - slack
    assert deviations.std(axis=0).max() < 1.05 + slack


def test_the_fraction_told_is_that_of_the_pulse_before_frames_washed_it_out() -> None:
    """Where frames leave no phase without light of the pulse, its harmonics are measured."""
    for name in ("accreting", "frames longer than a turn"):
        pulsar = PULSARS[name]
        told = pulsar.folded(FoldStore(1), 0).pulsed_fraction
        assert "sinusoid" in told.text
        assert abs(told.value - math.sqrt(2) * rms_shown(pulsar)) < 4.0 * told.error
        assert told.error < 0.25 * told.value


def test_of_a_crab_it_is_the_light_above_the_quiet_phases() -> None:
    pulsar = PULSARS["crab"]
    made = pulsar.folded(FoldStore(1), 0)
    assert "quietest fifth" in made.pulsed_fraction.text
    assert made.pulsed_fraction.value == pytest.approx(pulsar.fraction, rel=0.03)
    assert made.profile.chi_square().probability < 1e-100
    assert made.moments.h_test().probability < 1e-100


def test_a_pulse_is_seen_through_frames_longer_than_a_turn() -> None:
    made = PULSARS["frames longer than a turn"].folded(FoldStore(1), 1)
    assert made.profile.chi_square().probability < 1e-6
    assert made.moments.h_test().probability < 1e-6
    assert made.profile.frames == pytest.approx(4000)
