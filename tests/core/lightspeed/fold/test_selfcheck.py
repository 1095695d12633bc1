"""A known pulse put into the sky comes out as strong as it went in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.fold.selfcheck import SelfCheck, mean_shape, self_check
from nightglass.core.timing.fold import fold

FRAME_S = 0.005
PEAK = np.exp(-0.5 * ((np.arange(24) - 9) / 2.0) ** 2)


def checked(seed: int, frames: int = 4000, rate: float = 60.0, **options: Any) -> SelfCheck:
    rng = np.random.default_rng([seed, 1])
    phase = (rng.random() + np.arange(frames) * 0.1525) % 1.0
    sky_e = rng.poisson(3.0, frames).astype(float)
    settings = {"frame_s": FRAME_S, "smear_turns": 0.15, "n_bins": 32, "seed": seed} | options
    return self_check(phase, sky_e, np.full(frames, 3.0), rate, **settings)


CASES = [
    {}, {"shape": PEAK}, {"smear_turns": 0.0, "shape": PEAK}, {"smear_turns": 0.7},
    {"n_bins": 5, "shape": PEAK},
]  # fmt: skip


def assert_unbiased(made: list[SelfCheck]) -> None:
    pulls = np.array([one.pull for one in made])
    count = pulls.size
    assert abs(pulls.mean()) < 3.5 / np.sqrt(count)
    assert abs(pulls.std() - 1.0) < 3.5 / np.sqrt(2 * count)


@pytest.mark.parametrize("options", CASES)
def test_the_amplitude_comes_back_without_bias(options: dict[str, Any]) -> None:
    assert_unbiased([checked(seed, **options) for seed in range(60)])


@pytest.mark.slow
@pytest.mark.parametrize("options", CASES)
def test_the_amplitude_comes_back_without_bias_over_many_seeds(options: dict[str, Any]) -> None:
    made = [checked(seed, **options) for seed in range(100, 2100)]
    assert_unbiased(made)
    recovered = np.array([one.recovered for one in made])
    assert recovered.mean() / 60.0 == pytest.approx(
        1.0, abs=3.5 * recovered.std() / 60.0 / np.sqrt(recovered.size)
    )


def test_a_weak_pulse_in_frames_with_hardly_any_light_too() -> None:
    assert_unbiased([checked(seed, rate=0.5) for seed in range(60)])


def test_noise_is_no_more_than_it_must_be() -> None:
    one = checked(3, smear_turns=0.0)
    # Light of a sinusoid above its mean: half its square on average over all frames.
    per_frame = (3.0 + 60.0 * FRAME_S) / (0.5 * 4000)
    assert one.error == pytest.approx(np.sqrt(per_frame) / FRAME_S, rel=0.02)


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    assert checked(5).recovered == checked(5).recovered
    assert checked(5).recovered != checked(6).recovered


def test_it_is_folded_like_the_fold_with_gaps_left_out() -> None:
    rng = np.random.default_rng(2)
    phase, sky_e = rng.random(500), rng.poisson(50.0, 500).astype(float)
    phase[3], sky_e[9] = np.nan, np.nan
    made = self_check(
        phase, sky_e, np.full(500, 50.0), 1e-12, frame_s=FRAME_S, smear_turns=0.2, n_bins=16,
        starts=np.array([0, 100, 100, 350, 500]),
    )  # fmt: skip
    plain = fold(phase, sky_e, FRAME_S, 16, smear_turns=0.2, variances=np.full(500, 50.0))
    np.testing.assert_allclose(made.profile.sums, plain.sums[0], rtol=1e-12)
    np.testing.assert_allclose(made.profile.variances, plain.variances[0], rtol=1e-12)
    assert made.profile.frames == pytest.approx(498)


@pytest.mark.parametrize("smear", [0.0, 0.01, 0.3, 1.0, 2.6])
def test_a_shape_over_an_exposure_is_its_mean_there(smear: float) -> None:
    phase = np.random.default_rng(1).random(200) * 5 - 2
    steps = (np.arange(20_000) + 0.5) / 20_000 - 0.5
    bins = (PEAK - PEAK.min()) / (PEAK - PEAK.min()).mean()
    for shape, instant in (
        (PEAK, lambda at: bins[np.floor(at % 1.0 * 24).astype(int) % 24]),
        (None, lambda at: 1.0 + np.cos(2 * np.pi * (at - 0.5))),
    ):
        expected = [instant(one + steps * smear).mean() for one in phase]
        np.testing.assert_allclose(mean_shape(phase, smear, shape), expected, atol=2e-3)


def test_the_outcome_is_a_sentence() -> None:
    one = SelfCheck(40.0, 38.5, 1.25, checked(1).profile, np.empty(0))
    assert one.text == "Injected 40 e⁻/s, recovered 38.5 ± 1.2 e⁻/s (-1.2 σ)."


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"rate": 0.0}, "no light"), ({"rate": np.nan}, "no light"),
        ({"shape": np.ones(8)}, "flat"), ({"shape": np.array([1.0, np.nan])}, "flat"),
        ({"frames": 0}, "No frame"), ({"smear_turns": 1.0}, "too long"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_told(options: dict[str, Any], why: str) -> None:
    with pytest.raises(NightglassError, match=why):
        checked(1, **options)
