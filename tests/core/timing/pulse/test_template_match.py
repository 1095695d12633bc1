"""Times of arrival by template: unbiased, with the scatter that errors say."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.timing.pulse.profile import Profile
from nightglass.core.timing.pulse.template import Template, match

from .folding import BROAD, CRAB, FRAME_S, GOLDEN, density, folded, harmonics

CASES = {
    "broad": (BROAD, 0.2, 32, 0.01, 50.0, 0.0),
    "peaks": (CRAB, 0.8, 64, 0.005, 50.0, 0.0),
    "peaks on a sky": (CRAB, 0.6, 64, 0.005, 5.0, 50.0),
    "frames longer than bins": (CRAB, 0.8, 128, 0.03, 50.0, 0.0),
    "frames of two fifths of a turn": (BROAD, 0.3, 32, 0.648, 50.0, 0.0),
    "frames longer than a turn": (BROAD, 0.9, 32, 2.1, 200.0, 0.0),
}
MANY = pytest.mark.parametrize("seeds", [60, pytest.param(500, marks=pytest.mark.slow)])


def true_template(shape: PulseShape, rate: float) -> Template:
    return Template.of(harmonics(shape, 100) * rate / FRAME_S)


@MANY
@pytest.mark.parametrize("case", CASES)
def test_shift_and_scale_put_in_come_out(case: str, seeds: int) -> None:
    peaks, fraction, n_bins, length, rate, sky = CASES[case]
    late = [((phase + 0.137) % 1.0, width, share) for phase, width, share in peaks]
    template = true_template(PulseShape(peaks, fraction), rate)
    shape = PulseShape(late, fraction / 2)
    found = [
        match(folded(seed, 10_000, n_bins, length * GOLDEN, rate, shape, sky_e=sky), template)
        for seed in range(seeds)
    ]
    for pulls in (
        np.array([(one.phase_shift - 0.137) / one.error_turns for one in found]),
        np.array([(one.scale - 0.5) / one.scale_error for one in found]),
    ):
        assert abs(pulls.mean()) < 0.05 + 3.5 / math.sqrt(seeds)
        slack = 3.5 / math.sqrt(2 * seeds)
        assert 0.97 - slack < pulls.std() < 1.03 + slack


@pytest.mark.parametrize("shift", [-0.49, -0.25, 0.0, 1e-7, 0.4999, 0.5])
def test_a_profile_without_noise_is_found_to_a_billionth(shift: float) -> None:
    shape = PulseShape(BROAD, 0.5)
    template = Template.of(harmonics(shape, 8))
    middles = (np.arange(64) + 0.5) / 64
    k = np.arange(1, 9)
    dimmed = Template.of(harmonics(shape, 8) * np.sinc(k / 64))
    sums = 1e6 * (1.0 + dimmed.rate(middles - shift))
    made = match(Profile(sums, sums, np.full(64, 1e6), 1.0), template)
    assert made.phase_shift == pytest.approx(shift, abs=1e-9)
    assert -0.5 < made.phase_shift <= 0.5
    assert made.scale == pytest.approx(1.0, abs=1e-9)


def test_a_pulse_shows_the_rate_it_was_made_of() -> None:
    shape = PulseShape(CRAB, 0.8)
    made = Template.of(harmonics(shape, 200)).rate((np.arange(8192) + 0.5) / 8192)
    np.testing.assert_allclose(made, density(shape) - 1.0, atol=2e-3)


@pytest.mark.parametrize("case", ["broad", "peaks", "frames longer than bins"])
def test_a_template_of_a_profile_is_the_pulse_freed_of_noise(case: str) -> None:
    peaks, fraction, n_bins, length, rate, _ = CASES[case]
    shape = PulseShape(peaks, fraction)
    profile = folded(1, 40_000, n_bins, length * GOLDEN, rate, shape)
    truth = true_template(shape, rate)
    middles = (np.arange(n_bins) + 0.5) / n_bins
    made = Template.of_profile(profile)
    apart = made.rate(middles) - truth.rate(middles)
    # Peaks of three bins have harmonics that bins take for others, a thousandth of the peak.
    peak = truth.rate(middles).max()
    assert apart.std() < max(0.9 * profile.error.mean(), 0.003 * peak)
    assert match(profile, made).phase_shift == pytest.approx(0.0, abs=1e-4)
    assert match(profile, made).scale == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(("peaks", "count"), [([(0.3, 0.1, 1.0)], 1), (CRAB, 2)])
def test_gaussian_peaks_are_fitted(peaks: list[tuple[float, float, float]], count: int) -> None:
    shape = PulseShape(peaks, 0.6)
    profile = folded(2, 40_000, 64, 0.01 * GOLDEN, 50.0, shape)
    made = Template.gaussians(profile, count)
    truth = true_template(shape, 50.0)
    middles = (np.arange(64) + 0.5) / 64
    apart = made.rate(middles) - truth.rate(middles)
    assert np.abs(apart).max() < 0.06 * truth.rate(middles).max()
    toa = match(profile, made)
    assert toa.phase_shift == pytest.approx(0.0, abs=3 * toa.error_turns)


def test_parts_matched_to_the_whole_scatter_about_it() -> None:
    shape = PulseShape(CRAB, 0.8)
    parts = [folded(seed, 2000, 64, 0.005 * GOLDEN, 50.0, shape) for seed in range(30)]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    template = Template.of_profile(whole)
    toas = [match(part, template) for part in parts]
    pulls = np.array([one.phase_shift / one.error_turns for one in toas])
    assert abs(pulls.mean()) < 0.7
    assert 0.6 < pulls.std() < 1.45


@pytest.mark.parametrize("n_bins", [32, 256])
def test_a_template_of_a_profile_promises_no_smaller_errors(n_bins: int) -> None:
    """Noise taken for sharp features would."""
    shape = PulseShape(BROAD, 0.2)
    template = Template.of_profile(folded(5, 20_000, n_bins, 0.01 * GOLDEN, 50.0, shape))
    parts = [folded(seed, 2000, n_bins, 0.01 * GOLDEN, 50.0, shape) for seed in range(100)]
    shifts = [match(part, template) for part in parts]
    truth = [match(part, true_template(shape, 50.0)) for part in parts]
    ratios = [one.error_turns / other.error_turns for one, other in zip(shifts, truth, strict=True)]
    assert 0.9 < np.mean(ratios) < 1.1
    scatter = np.std([one.phase_shift for one in shifts])
    assert scatter == pytest.approx(np.mean([one.error_turns for one in shifts]), rel=0.25)


def test_a_template_goes_through_a_file_as_plain_numbers() -> None:
    made = Template.of_profile(folded(3, 10_000, 32, 0.01, 50.0, PulseShape(BROAD, 0.3)))
    assert Template.from_numbers(json.loads(json.dumps(made.as_numbers()))) == made


@pytest.mark.parametrize(
    "numbers",
    [{}, {"cos": [1.0]}, {"cos": [1.0], "sin": [1.0, 2.0]}, {"cos": ["x"], "sin": [1.0]},
     {"cos": [math.nan], "sin": [1.0]}, {"cos": [0.0], "sin": [0.0]}, {"cos": 3, "sin": [1.0]}],
)  # fmt: skip
def test_numbers_that_are_no_pulse_are_refused(numbers: dict[str, object]) -> None:
    with pytest.raises(NightglassError, match="No time of arrival"):
        Template.from_numbers(numbers)


def test_noise_makes_no_template() -> None:
    noise = folded(4, 5000, 32, 0.01, 50.0)
    for make in (Template.of_profile, Template.gaussians):
        with pytest.raises(NightglassError, match="No pulse is seen"):
            make(noise)


def test_a_bin_without_exposure_or_frames_of_whole_turns_are_refused() -> None:
    template = true_template(PulseShape(BROAD, 0.5), 50.0)
    shares = np.array([1.0, 1.0, 0.0, 1.0])
    with pytest.raises(NightglassError, match="no exposure"):
        match(Profile(shares, shares, shares, 1.0), template)
    with pytest.raises(NightglassError, match="too long"):
        match(folded(1, 2000, 16, 1.0, 50.0), template)
    with pytest.raises(NightglassError, match="too long"):
        match(Profile(np.ones(2), np.ones(2), np.ones(2), 1.0), template)


def test_a_flat_profile_has_no_arrival() -> None:
    template = true_template(PulseShape(BROAD, 0.5), 50.0)
    with pytest.raises(NightglassError, match="flat"):
        match(Profile(np.zeros(8), np.ones(8), np.ones(8), 1.0), template)
