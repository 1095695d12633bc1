"""Counts called good at first sight are good, right up to the bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed.reduce import CosmicRule, Recipe, electrons
from nightglass.core.lightspeed.reduce.early_out import limits

from . import cubes as maker
from . import slow_rule

if TYPE_CHECKING:
    from pathlib import Path

RULES = [
    CosmicRule(temporal=False),
    CosmicRule(threshold=3.3, temporal=False),
    CosmicRule(threshold=20.0, temporal=False, least_e=-2.0),
    CosmicRule("laplacian", temporal=False),
    CosmicRule("ceiling", 25.0, temporal=False),
    CosmicRule("laplacian", temporal=False, least_e=-3.0),
]


@pytest.mark.parametrize("threshold", [0.5, 3.0, 20.0])
@pytest.mark.parametrize(("offset", "gain"), [(199.5, 8.5), (12.25, 0.31), (-40.0, 3.0)])
def test_the_highest_good_count_is_the_last_that_no_median_can_flag(
    threshold: float, offset: float, gain: float
) -> None:
    limit = limits(CosmicRule(threshold=threshold), offset, gain, 1e-6).astype(np.int64)
    lowest = np.arange(65536)
    low_e = (lowest - offset) / gain
    root = threshold * np.sqrt(np.maximum(low_e, 0) + 1)
    assert ((limit - offset) / gain - low_e <= root).all()
    inside = limit < 65535
    assert ((limit[inside] + 1.01 - offset) / gain - low_e[inside] > root[inside]).all()


def at_the_bounds(rule: CosmicRule, seed: int) -> np.ndarray:
    """Frames of a few values only, each next to a bound of another."""
    generator = np.random.default_rng(seed)
    limit = limits(rule, 199.5, maker.GAIN, 0.0).astype(np.int64)
    frames = []
    for _ in range(60):
        low = int(generator.choice([199, 200, 170, 182, 183, 225, 226, 260, 900, 5000]))
        values = low + generator.integers(-1, 2, 4)
        high = limit[values] + generator.integers(-2, 3, 4)
        middle = (values + high) // 2
        choice = np.clip(np.concatenate([values, high, middle]), 0, 65535)
        weight = generator.dirichlet(np.full(choice.size, 0.3))
        frames.append(generator.choice(choice, (14, 140), p=weight))
    return np.array(frames).astype(np.uint16)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("columns", [30, 140])
@pytest.mark.parametrize("spread", [0.0, 0.7])
def test_frames_at_the_bounds_are_judged_as_by_the_whole_rule(
    tmp_path: Path, rule: CosmicRule, columns: int, spread: float
) -> None:
    values = at_the_bounds(rule, columns)[:, :, :columns]
    generator = np.random.default_rng(7)
    # Pedestals of whole and half counts meet the rounding of the shifts.
    pedestal = np.rint(generator.normal(0, 40 * spread, values.shape[1:])) / 2 / maker.GAIN
    recipe = Recipe(maker.GAIN, cosmic=rule, pedestal_e=pedestal if spread else None)
    header = maker.write(tmp_path, 1, values)
    light = slow_rule.light(values, recipe)
    flagged = 0
    for k, (frame, _) in enumerate(electrons([header], recipe)):
        expected = slow_rule.rays(light, k, rule)
        np.testing.assert_array_equal(np.isnan(frame), expected)
        flagged += np.count_nonzero(expected)
    assert 0 < flagged < values.size


def test_with_the_time_test_too(tmp_path: Path) -> None:
    rule = CosmicRule(threshold=6.0)
    values = at_the_bounds(rule, 3)
    header = maker.write(tmp_path, 1, values)
    recipe = Recipe(maker.GAIN, cosmic=rule)
    light = slow_rule.light(values, recipe)
    for k, (frame, _) in enumerate(electrons([header], recipe)):
        np.testing.assert_array_equal(np.isnan(frame), slow_rule.rays(light, k, rule))
