"""What a trial is worth, and which of its harmonics count."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.timing.pulse.moments import moments_of
from nightglass.core.timing.search.light import SearchLight
from nightglass.core.timing.search.statistic import Statistic, distinct_harmonics

from .lights import light


def test_z_squared_and_h_are_those_of_the_fold() -> None:
    some = light(1, 4000, height=0.2)
    moments = moments_of(some.turns, some.values, np.zeros(some.frames))
    powers, distinct = moments.powers()[:, None], np.ones((20, 1), np.bool_)
    z2 = Statistic("z2", 3).of_powers(powers[:3], distinct[:3])
    assert z2[0] == pytest.approx(moments.z_squared(3))
    h = Statistic.of("h").of_powers(powers, distinct)
    assert h[0] == pytest.approx(moments.h_test().h)


def test_harmonics_that_even_frames_confuse_are_left_out() -> None:
    """A fifth of the frame rate: 1 and 4 look alike, so do 2 and 3, and 5 is the mean."""
    distinct = distinct_harmonics(np.array([200.0, 200.5, 37.7]), 8, 1e-3, 0.05)
    assert np.flatnonzero(distinct[:, 0]).tolist() == [0, 1]
    assert distinct[:, 1:].all()
    assert not distinct_harmonics(np.array([500.0]), 1, 1e-3, 0.05).any()
    assert distinct_harmonics(np.array([200.0]), 8, 0.0, 0.05).all()


def test_harmonics_that_are_left_out_count_for_nothing() -> None:
    powers = np.array([[10.0], [50.0], [8.0]])
    distinct = np.array([[True], [False], [True]])
    assert Statistic("z2", 3).of_powers(powers, distinct)[0] == 18.0
    assert Statistic("h", 3).of_powers(powers, distinct)[0] == 14.0


def test_probabilities_are_those_of_noise() -> None:
    assert Statistic("z2", 2).log_probability(30.0, 2) == pytest.approx(np.log(16 * np.exp(-15)))
    assert Statistic("z2", 2).log_probability(30.0, 1) == pytest.approx(-15.0)
    assert Statistic("h", 20).log_probability(50.0, 20) == pytest.approx(-20.0)
    assert Statistic("ef", 8, 16).log_probability(30.0, 3) == pytest.approx(-15.0)
    assert Statistic("z2", 2).log_probability(1e5, 2) < -49_000


@pytest.mark.parametrize(
    ("kind", "harmonics", "bins", "why"),
    [("z2", 0, None, "harmonics"), ("h", 21, None, "harmonics"), ("ef", None, 2, "bins"),
     ("ef", None, 2000, "bins"), ("x", None, None, "none of ef, z2, h")],
)  # fmt: skip
def test_bad_numbers_are_refused(
    kind: str, harmonics: int | None, bins: int | None, why: str
) -> None:
    with pytest.raises(NightglassError, match=why):
        Statistic.of(kind, harmonics, bins)


@pytest.mark.parametrize(
    ("values", "seconds", "why"),
    [(np.ones(100), np.arange(100.0), "same light"), (np.arange(100.0), np.ones(100), "same time"),
     (np.arange(10.0), np.arange(10.0), "10 frames"),
     (np.full(100, np.nan), np.arange(100.0), "0 f")],
)  # fmt: skip
def test_light_that_cannot_be_searched_is_refused(
    values: np.ndarray, seconds: np.ndarray, why: str
) -> None:
    with pytest.raises(NightglassError, match=why):
        SearchLight.of(values, seconds)
