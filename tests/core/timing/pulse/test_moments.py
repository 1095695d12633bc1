"""Z^2 and H against a twin in numpy, PINT and noise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.timing.pulse.moments import HARMONICS, Moments, moments_of
from nightglass.core.timing.pulse.probability import z_probability
from scipy.stats import kstest


def light(seed: int, count: int, amplitude: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    phase = generator.random(count)
    rate = 20.0 * (1.0 + amplitude * np.cos(2 * np.pi * (phase - 0.2)))
    return phase, generator.poisson(rate).astype(np.float64)


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33, 1000])
def test_sums_are_those_of_numpy(count: int) -> None:
    phase, values = light(count, count, 0.3)
    phase = 7.0 * phase - 3.0
    made = moments_of(phase, values, values + 2.0)
    angles = 2 * np.pi * np.arange(1, HARMONICS + 1)[:, None] * phase
    close = {"rtol": 0.0, "atol": 1e-12 * (1.0 + values.sum())}
    np.testing.assert_allclose(made.value_cos, np.cos(angles) @ values, **close)
    np.testing.assert_allclose(made.value_sin, np.sin(angles) @ values, **close)
    np.testing.assert_allclose(made.cos, np.cos(angles).sum(axis=1), **close)
    np.testing.assert_allclose(made.sin, np.sin(angles).sum(axis=1), **close)
    assert made.frames == count
    assert made.total == values.sum()
    assert made.squares == (values**2).sum()
    assert made.variance == (values + 2.0).sum()


@pytest.mark.parametrize("phase", np.arange(-8, 17) / 8)
def test_sines_are_good_to_the_last_bits_in_every_eighth_of_the_turn(phase: float) -> None:
    for beside in (phase, np.nextafter(phase, -9.0), np.nextafter(phase, 9.0), phase + 0.06):
        made = moments_of([beside], [1.0], [1.0])
        angle = math.tau * (beside - round(beside))
        assert made.cos[0] == pytest.approx(math.cos(angle), abs=1e-15)
        assert made.sin[0] == pytest.approx(math.sin(angle), abs=1e-15)


@pytest.mark.parametrize("spoilt", [np.nan, np.inf])
@pytest.mark.parametrize("row", [0, 1, 2])
def test_a_frame_without_a_number_is_left_out(row: int, spoilt: float) -> None:
    phase, values = light(1, 100)
    rows = np.array([phase, values, values])
    rows[row, [0, 40, 99]] = spoilt
    kept = np.delete(np.array([phase, values, values]), [0, 40, 99], axis=1)
    made, expected = moments_of(*rows), moments_of(*kept)
    assert made.frames == expected.frames == 97
    assert made.total == expected.total
    np.testing.assert_allclose(made.value_cos, expected.value_cos, atol=1e-9)


def test_parts_added_in_order_are_the_same_to_the_bit() -> None:
    phase, values = light(2, 10_000)

    def total() -> Moments:
        parts = [
            moments_of(turns, seen, seen)
            for turns, seen in zip(
                np.array_split(phase, 7), np.array_split(values, 7), strict=True
            )
        ]  # fmt: skip
        made = parts[0]
        for part in parts[1:]:
            made = made + part
        return made

    one, again, whole = total(), total(), moments_of(phase, values, values)
    np.testing.assert_array_equal(one.value_sin, again.value_sin)
    assert one.h_test() == again.h_test()
    assert one.h_test().h == pytest.approx(whole.h_test().h, rel=1e-9)


def test_a_wrong_gain_and_an_offset_change_nothing() -> None:
    phase, values = light(3, 5000, 0.05)
    true = moments_of(phase, values, values).h_test()
    assert true.probability < 1e-6
    wrong = moments_of(phase, 8.9 * values + 1000.0, values).h_test()
    assert wrong.h == pytest.approx(true.h, rel=1e-9)


def test_light_that_does_not_vary_is_no_pulsar() -> None:
    phase = np.random.default_rng(4).random(100)
    for values in (np.full(100, 0.1), np.zeros(100)):
        made = moments_of(phase, values, values)
        assert math.isnan(made.z_squared(2))
        assert made.h_test().probability == 1.0
    nothing = moments_of([], [], []).h_test()
    assert math.isnan(nothing.h)
    assert nothing.probability == 1.0


def test_a_sinusoid_has_the_power_it_must_have() -> None:
    count, amplitude = 200_000, 0.02
    phase, values = light(5, count, amplitude)
    made = moments_of(phase, values, values)
    # Z^2 = 2 N (r F / 2)^2 / r, r electrons a frame, besides 2 of noise.
    expected = count * 20.0 * amplitude**2 / 2
    assert made.z_squared(1) == pytest.approx(expected, abs=4 * 2 * math.sqrt(expected))
    assert made.h_test().harmonics <= 2


def events(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Frames so short that each holds one photon or none, and where in the turn photons fell."""
    generator = np.random.default_rng(seed)
    phase = (np.arange(60_000) + 0.5) / 60_000
    chance = 0.02 * (1 + 0.3 * np.cos(2 * np.pi * phase) + 0.3 * np.cos(6 * np.pi * phase))
    values = (generator.random(phase.size) < chance).astype(np.float64)
    return phase, values


def test_for_single_photons_z_and_h_are_those_of_pint() -> None:
    from pint.eventstats import hm, z2m

    phase, values = events(6)
    made = moments_of(phase, values, values)
    # Events have a scatter of one each, frames that hold one or none a little less.
    scale = made.scatter / values.sum()
    photons = phase[values > 0]
    powers = np.cumsum(made.powers() * scale)
    np.testing.assert_allclose(powers, z2m(photons, m=HARMONICS), rtol=1e-9)
    tried = powers - 4.0 * np.arange(HARMONICS)
    assert tried.max() == pytest.approx(hm(photons, m=HARMONICS), rel=1e-9)
    assert made.h_test().h == pytest.approx(hm(photons), rel=0.03)
    assert made.h_test().harmonics == int(np.argmax(tried)) + 1


@pytest.mark.parametrize("seeds", [400, pytest.param(6000, marks=pytest.mark.slow)])
def test_noise_gives_uniform_probabilities(seeds: int) -> None:
    made = [moments_of(*light(seed, 600), np.ones(600)) for seed in range(1000, 1000 + seeds)]
    for n in (1, 2, 10):
        probabilities = [z_probability(one.z_squared(n), n) for one in made]
        assert kstest(probabilities, "uniform").pvalue > 1e-3
    found = np.sort([one.h_test().probability for one in made])
    # The formula of the paper is a fit, good to some hundredths of the probability.
    excess = np.abs(found - (np.arange(seeds) + 0.5) / seeds)
    assert excess.max() < 0.015 + 1.95 / math.sqrt(seeds)
