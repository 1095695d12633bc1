"""How S/N grows with exposure, and what is said about its future."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.timing.pulse.growth import MOST_TIMES, Growth, growth_of
from nightglass.core.timing.pulse.profile import Profile
from nightglass.core.timing.pulse.ranges import PhaseRange

from .folding import BROAD, FRAME_S, GOLDEN, pieces_of

SMEAR = 0.01 * GOLDEN
ON = PhaseRange(0.05, 0.55)


def grown(
    seed: int, fraction: float, on: PhaseRange | None = None, count: int = 10_000, pieces: int = 50
) -> Growth:
    shape = PulseShape(BROAD, fraction)
    made, starts = pieces_of(seed, count, 32, SMEAR, 50.0, shape, pieces=pieces)
    return growth_of(*made, starts[1:] * FRAME_S, smear_turns=SMEAR, on=on)


@pytest.mark.parametrize("on", [None, ON])
def test_the_end_of_the_growth_is_what_the_whole_profile_says(on: PhaseRange | None) -> None:
    made, starts = pieces_of(1, 5000, 32, SMEAR, 50.0, PulseShape(BROAD, 0.1), pieces=37)
    growth = growth_of(*made, starts[1:] * FRAME_S, smear_turns=SMEAR, on=on)
    whole = Profile(*(part.sum(axis=0) for part in made), FRAME_S, SMEAR)
    assert growth.seconds[-1] == pytest.approx(5.0)
    assert growth.frames[-1] == pytest.approx(5000)
    assert growth.reduced_chi2[-1] == pytest.approx(whole.chi_square().reduced)
    snr = whole.signal_to_noise(on)
    assert growth.snr[-1] == pytest.approx(snr.value)
    assert growth.text == snr.text
    assert growth.h[-1] > 10.0


def test_times_are_few_and_spread_over_the_root_of_time() -> None:
    growth = grown(2, 0.1, count=6000, pieces=3000)
    assert MOST_TIMES / 2 < growth.seconds.size <= MOST_TIMES
    assert growth.seconds[0] == pytest.approx(0.002)
    assert growth.seconds[-1] == pytest.approx(6.0)
    steps = np.diff(np.sqrt(growth.seconds))
    assert (steps > 0.0).all()
    assert steps.max() < 3.0 * np.median(steps)
    assert growth.snr.shape == growth.h.shape == growth.reduced_chi2.shape == growth.seconds.shape


def test_pieces_without_frames_are_no_times_of_their_own() -> None:
    made, starts = pieces_of(3, 4000, 32, SMEAR, 50.0, pieces=8)
    rows = [np.insert(part, [2, 2, 8], 0.0, axis=0) for part in made]
    seconds = np.insert(starts[1:] * FRAME_S, [2, 2, 8], [1.0, 1.0, 4.0])
    growth = growth_of(*rows, seconds, smear_turns=SMEAR)
    np.testing.assert_allclose(growth.seconds, starts[1:] * FRAME_S)
    plain = growth_of(*made, starts[1:] * FRAME_S, smear_turns=SMEAR)
    np.testing.assert_array_equal(growth.snr, plain.snr)


def test_a_slow_pulsar_is_judged_by_the_bins_it_has_shown() -> None:
    smear = 0.0001
    made, starts = pieces_of(4, 12_000, 16, smear, 50.0, pieces=40)
    growth = growth_of(*made, starts[1:] * FRAME_S, smear_turns=smear)
    assert np.isfinite(growth.reduced_chi2[3:]).all()
    assert np.abs(growth.reduced_chi2[3:] - 1.0).max() < 2.5


@pytest.mark.parametrize("on", [None, ON])
def test_a_steady_pulse_grows_with_the_root_of_time(on: PhaseRange | None) -> None:
    growth = grown(5, 0.2, on)
    assert growth.slope * math.sqrt(10.0) == pytest.approx(growth.snr[-1], rel=0.1)
    assert growth.slope_error == pytest.approx(growth.slope * 0.02, rel=0.6)


@pytest.mark.slow
@pytest.mark.parametrize("fraction", [0.05, 0.2])
@pytest.mark.parametrize("on", [None, ON])
def test_slopes_scatter_as_their_errors_say(on: PhaseRange | None, fraction: float) -> None:
    made = [grown(seed, fraction, on) for seed in range(400)]
    slopes = np.array([one.slope for one in made])
    spread = slopes.std() / np.mean([one.slope_error for one in made])
    assert 0.88 < spread < 1.14
    final = np.mean([one.snr[-1] for one in made]) / math.sqrt(10.0)
    assert slopes.mean() == pytest.approx(final, rel=0.02)


def test_it_says_since_when_it_is_enough() -> None:
    growth = grown(6, 0.08)
    assert growth.forecast.state == "reached"
    place = int(np.flatnonzero(growth.snr < 5.0)[-1])
    assert growth.forecast.seconds == growth.seconds[place + 1]
    assert growth.forecast.text.startswith("5 sigma was reached after ")


@pytest.mark.parametrize(("on", "fraction"), [(None, 0.045), (ON, 0.035)])
def test_it_says_when_it_will_be_enough(on: PhaseRange | None, fraction: float) -> None:
    """What is said after 2 s comes true on average."""
    truth = (5.0 / grown(7, fraction, on, 200_000).slope) ** 2
    made = [grown(seed, fraction, on, 2000).forecast for seed in range(60)]
    ahead = [one for one in made if one.state == "ahead"]
    assert len(ahead) > 20
    assert all(one.seconds > 2.0 for one in ahead)
    assert np.median([one.seconds for one in ahead]) == pytest.approx(truth, rel=0.4)
    assert all("in all" in one.text for one in ahead)


@pytest.mark.parametrize("on", [None, ON])
def test_noise_promises_nothing(on: PhaseRange | None) -> None:
    made = [grown(seed, 0.0, on, 4000).forecast for seed in range(150)]
    states = [one.state for one in made]
    assert states.count("none") > 75
    assert states.count("ahead") <= 12
    assert states.count("reached") == 0
    text = next(one.text for one in made if one.state == "none")
    assert text.startswith("No pulse seen in 4.0 s; 5 sigma would take more than ")


def test_too_little_says_nothing_yet() -> None:
    growth = grown(8, 0.01, pieces=3, count=300)
    assert growth.forecast.state == "unknown"
    assert math.isnan(growth.forecast.seconds)
    assert growth.forecast.text.endswith("cannot be said yet.")


def test_nothing_folded_has_no_growth() -> None:
    for rows in (0, 3):
        nothing = np.zeros((rows, 8))
        growth = growth_of(nothing, nothing, nothing, np.arange(rows) + 0.0, smear_turns=0.1)
        assert growth.seconds.size == growth.snr.size == growth.h.size == 0
        assert growth.forecast.state == "unknown"
        assert math.isnan(growth.slope)


def test_a_pulse_that_went_away_is_foretold_from_what_it_is_now() -> None:
    made, _ = pieces_of(9, 3000, 32, SMEAR, 50.0, PulseShape(BROAD, 0.2), pieces=20)
    dark, _ = pieces_of(10, 400_000, 32, SMEAR, 50.0, pieces=180)
    rows = [np.concatenate([one, two]) for one, two in zip(made, dark, strict=True)]
    seconds = np.cumsum(rows[2].sum(axis=1)) * FRAME_S
    growth = growth_of(*rows, seconds, smear_turns=SMEAR)
    assert growth.snr.max() > 5.0 > growth.snr[-1]
    assert growth.forecast.state != "reached"
    if growth.forecast.state == "ahead":
        assert growth.forecast.seconds > seconds[-1]


@pytest.mark.parametrize(
    ("scale", "unit"), [(0.1, " s"), (20.0, " min"), (1000.0, " h"), (1e6, " d")]
)
def test_times_are_told_in_the_unit_that_suits_them(scale: float, unit: str) -> None:
    made, starts = pieces_of(11, 4000, 32, SMEAR, 50.0, pieces=20)
    growth = growth_of(*made, starts[1:] * FRAME_S * scale * 10, smear_turns=SMEAR)
    assert growth.forecast.state == "none"
    assert unit in growth.forecast.text


def test_a_range_of_the_whole_turn_leaves_nothing_to_compare() -> None:
    made, starts = pieces_of(12, 1000, 32, SMEAR, 50.0, pieces=5)
    with pytest.raises(NightglassError, match="leaves no phase"):
        growth_of(*made, starts[1:] * FRAME_S, on=PhaseRange(0.0, 1.0))
