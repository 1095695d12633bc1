"""The pulse against direct integration, and its phases against the par file."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.simulate.pulse import PulseShape
from scipy import integrate, stats

PEAKS = ((0.30, 0.045, 0.6), (0.70, 0.09, 0.4))


def direct(phase: float, fraction: float = 0.9) -> float:
    """The profile from scipy's von Mises density."""
    total = 1 - fraction
    for centre, width, share in PEAKS:
        kappa = math.log(2) / (1 - math.cos(math.pi * width))
        angle = (2 * math.pi * (phase - centre) + math.pi) % (2 * math.pi) - math.pi
        total += fraction * share * 2 * math.pi * stats.vonmises.pdf(angle, kappa)
    return total


def test_the_profile_is_two_von_mises_peaks():
    phases = np.linspace(-1, 2, 301)
    found = PulseShape(PEAKS, 0.9).density(phases)
    np.testing.assert_allclose(found, [direct(p) for p in phases], rtol=1e-5, atol=1e-5)


def test_the_width_is_the_full_width_at_half_maximum():
    shape = PulseShape(((0.5, 0.05, 1.0),), 1.0)
    top, half = shape.density(np.array([0.5, 0.525]))
    assert half / top == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("span", [1e-4, 0.015, 0.15, 0.6, 1.0, 1.7, 3.25])
@pytest.mark.parametrize("middle", [0.28, 0.5, 0.99])
def test_an_exposure_sees_the_mean_of_the_profile_over_its_span(middle: float, span: float):
    found = PulseShape(PEAKS, 0.9).averaged(np.array([middle]), np.array([span]))[0]
    low, high = middle - span / 2, middle + span / 2
    peaks = [c + n for c, _, _ in PEAKS for n in range(-3, 4) if low < c + n < high]
    exact, _ = integrate.quad(direct, low, high, points=peaks or None, limit=400, epsabs=1e-12)
    assert found == pytest.approx(exact / span, rel=1e-6, abs=1e-8)


def test_an_exposure_of_whole_periods_sees_no_pulse():
    found = PulseShape(PEAKS, 0.9).averaged(np.linspace(0, 1, 50), np.full(50, 2.0))
    np.testing.assert_allclose(found, 1.0, atol=1e-12)


def test_an_endless_short_exposure_sees_the_profile_itself():
    shape, phase = PulseShape(PEAKS, 0.9), np.linspace(0, 1, 50)
    np.testing.assert_allclose(
        shape.averaged(phase, np.full(50, 1e-9)), shape.density(phase), rtol=1e-12
    )


def test_without_pulsed_light_the_source_is_steady():
    shape = PulseShape(PEAKS, 0.0)
    np.testing.assert_array_equal(shape.averaged(np.linspace(0, 1, 9), np.full(9, 0.1)), 1.0)
