"""Sums, moments and histograms pixel by pixel against numpy and scipy, frame by frame."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.lightspeed.box import Box
from nightglass.core.lightspeed.reduce import (
    NATIVE_RULE,
    V1_RULE,
    V3_RULE,
    CosmicRule,
    Recipe,
    electrons,
    histograms,
    moments,
    stack,
    stacks,
)

from . import cubes as maker
from . import slow_rule

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed.cube_header import CubeHeader

RULES = [
    NATIVE_RULE,
    V1_RULE,
    V3_RULE,
    CosmicRule("ceiling", 40.0),
    CosmicRule(threshold=4.0),
    CosmicRule("median", 6.0, temporal=False, least_e=-1.0),
    None,
]


def all_frames(
    headers: list[CubeHeader], recipe: Recipe
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts, electrons and flags of every frame."""
    counts, light, flags = [], [], []
    for header in headers:
        raw = slow_rule.raw_frames(header, recipe)
        frames = slow_rule.light(raw, recipe)
        counts.append(raw)
        light.append(frames)
        flags.append([slow_rule.rays(frames, k, recipe.cosmic) for k in range(len(frames))])
    return np.concatenate(counts), np.concatenate(light), np.concatenate(flags)


def compare(
    headers: list[CubeHeader],
    recipe: Recipe,
    *,
    groups: np.ndarray | None = None,
    n_groups: int = 1,
    **how: Any,
) -> Any:
    _, light, flags = all_frames(headers, recipe)
    value = np.rint(light) if how.get("clip") else light
    chosen = np.zeros(len(light), int) if groups is None else groups
    result = stack(headers, recipe, groups=groups, n_groups=n_groups, **how)
    for group in range(n_groups):
        mine = chosen == group
        good = ~flags[mine]
        assert result.frames[group] == np.count_nonzero(mine)
        np.testing.assert_array_equal(result.good[group], good.sum(0))
        total = np.where(good, value[mine], 0).sum(0)
        np.testing.assert_allclose(result.sum_e[group], total, rtol=1e-11, atol=1e-8)
    return result


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 5), (1, 9), (23, 31), (18, 300), (40, 129)])
def test_every_rule_on_frames_of_any_size(
    tmp_path: Path, rule: CosmicRule | None, shape: tuple[int, int]
) -> None:
    headers = [
        maker.write(tmp_path, i + 1, maker.counts(10 * i + shape[1], n, shape, rays=6))
        for i, n in enumerate((7, 1, 2, 3))
    ]
    compare(headers, Recipe(maker.GAIN, cosmic=rule))
    compare(headers, Recipe(maker.GAIN, cosmic=rule), clip=True)


@pytest.mark.parametrize("sky_e", [30.0, 800.0, 7000.0])
@pytest.mark.parametrize("rule", [NATIVE_RULE, V1_RULE, CosmicRule(threshold=4.0, least_e=25.0)])
def test_a_bright_sky(tmp_path: Path, sky_e: float, rule: CosmicRule) -> None:
    values = maker.counts(3, 6, (30, 260), sky_e, rays=40)
    compare([maker.write(tmp_path, 1, values)], Recipe(maker.GAIN, cosmic=rule))


@pytest.mark.parametrize("clip", [False, True])
@pytest.mark.parametrize("rule", [NATIVE_RULE, V1_RULE, V3_RULE])
@pytest.mark.parametrize("spread", [0.4, 40.0, 4000.0])
def test_a_pedestal_of_its_own_for_each_pixel(
    tmp_path: Path, rule: CosmicRule, spread: float, clip: bool
) -> None:
    shape = (17, 190)
    pedestal = np.random.default_rng(2).normal(0, spread, shape)
    recipe = Recipe(maker.GAIN, pedestal_e=pedestal, cosmic=rule)
    compare([maker.write(tmp_path, 1, maker.counts(4, 8, shape, rays=9))], recipe, clip=clip)


@pytest.mark.parametrize("mapping", [False, True, None])
@pytest.mark.parametrize("clip", [False, True])
def test_groups_bundles_and_a_box(tmp_path: Path, mapping: bool | None, clip: bool) -> None:
    headers = [
        maker.write(tmp_path, k + 1, maker.counts(k, 12, (25, 80)), per_bundle=3, left_over=2)
        for k in range(3)
    ]
    groups = np.random.default_rng(1).integers(-1, 4, 36).astype(np.int16)
    recipe = Recipe(maker.GAIN, box=Box(3, 2, 70, 24))
    compare(headers, recipe, groups=groups, n_groups=5, mapping=mapping, clip=clip)


@pytest.mark.parametrize("clip", [False, True])
def test_signed_counts_and_frames_of_8_bits(tmp_path: Path, clip: bool) -> None:
    values = np.minimum(maker.counts(8, 12, (9, 14)), 32767)
    compare([maker.write(tmp_path, 1, values, signed=True)], Recipe(maker.GAIN), clip=clip)
    small = np.random.default_rng(1).poisson(20, (9, 15, 21)).astype(np.uint8)
    recipe = Recipe(1.5, offset_adu=3.0, cosmic=CosmicRule(threshold=3.0))
    compare([maker.write(tmp_path, 2, small)], recipe, clip=clip)


def test_any_number_of_threads_gives_the_same_to_the_last_bit(tmp_path: Path) -> None:
    headers = [maker.write(tmp_path, k + 1, maker.counts(k, 40, (50, 200))) for k in range(3)]
    recipe = Recipe(maker.GAIN, cosmic=CosmicRule(threshold=6.0))
    mask = np.random.default_rng(1).random((50, 200)) < 0.3
    for work in (
        lambda threads: stack(headers, recipe, threads=threads),
        lambda threads: stack(headers, recipe, threads=threads, clip=True),
        lambda threads: moments(headers, recipe, threads=threads),
        lambda threads: histograms(
            headers, recipe, mask, low_adu=190, high_adu=260, threads=threads
        ),
    ):
        first = work(1)
        for threads in (2, 3, 4):
            for one, other in zip(first, work(threads), strict=True):
                np.testing.assert_array_equal(one, other)


def test_sums_of_more_frames_than_32_bits_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = maker.write(tmp_path, 1, maker.counts(4, 50, (6, 7)))
    monkeypatch.setattr(stacks, "_MOST_FRAMES", 60)
    compare([header] * 5, Recipe(maker.GAIN))


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("rule", [None, NATIVE_RULE, V3_RULE])
def test_moments(tmp_path: Path, folded: bool, rule: CosmicRule | None) -> None:
    shape = (20, 30)
    headers = [maker.write(tmp_path, k + 1, maker.counts(k, 20, shape, rays=50)) for k in range(3)]
    pedestal = np.random.default_rng(2).normal(0, 0.3, shape)
    recipe = Recipe(maker.GAIN, pedestal_e=pedestal, cosmic=rule)
    _, light, flags = all_frames(headers, recipe)
    light = light - np.floor(light + 0.5) if folded else light
    result = moments(headers, recipe, folded=folded, max_frames=45)
    good = ~flags[:45]
    np.testing.assert_array_equal(result.good, good.sum(0))
    for power, moment in enumerate(result[1:], 1):
        mean = np.where(good, light[:45] ** power, 0).sum(0) / good.sum(0)
        np.testing.assert_allclose(moment, mean, rtol=1e-11, atol=1e-11)


def test_moments_of_a_pixel_that_is_always_lost_are_no_numbers(tmp_path: Path) -> None:
    values = np.full((3, 4, 4), 205, np.uint16)
    values[:, 1, 1] = 100
    result = moments([maker.write(tmp_path, 1, values)], Recipe(8.5, cosmic=V3_RULE))
    assert result.good[1, 1] == 0
    assert np.isnan(result.m1).sum() == 1
    assert np.isnan(result.m3[1, 1])


def test_histograms(tmp_path: Path) -> None:
    shape = (20, 30)
    headers = [maker.write(tmp_path, k + 1, maker.counts(k, 40, shape, rays=50)) for k in range(2)]
    groups = np.random.default_rng(3).integers(-1, 3, 80).astype(np.int16)
    mask = np.zeros(shape, bool)
    mask[4:15, 5:20] = np.random.default_rng(4).random((11, 15)) < 0.6
    recipe = Recipe(maker.GAIN)
    counts, _, flags = all_frames(headers, recipe)
    result = histograms(headers, recipe, mask, groups=groups, n_groups=3, low_adu=195, high_adu=230)
    np.testing.assert_array_equal(result.pixels, np.flatnonzero(mask))
    assert result.counts.dtype == np.uint32
    for group in range(3):
        values, lost = counts[groups == group][:, mask], flags[groups == group][:, mask]
        np.testing.assert_array_equal(result.lost[group], lost.sum(0))
        np.testing.assert_array_equal(result.below[group], ((values < 195) & ~lost).sum(0))
        np.testing.assert_array_equal(result.above[group], ((values > 230) & ~lost).sum(0))
        for value in range(195, 231):
            found = result.counts[group, :, value - 195]
            np.testing.assert_array_equal(found, ((values == value) & ~lost).sum(0))


@pytest.mark.parametrize("rule", RULES)
def test_frames_one_after_another(tmp_path: Path, rule: CosmicRule | None) -> None:
    headers = [
        maker.write(tmp_path, 1, maker.counts(1, 30, (12, 20), rays=50)),
        maker.write(tmp_path, 2, maker.counts(2, 2, (12, 20))),
    ]
    recipe = Recipe(maker.GAIN, cosmic=rule, box=Box(1, 2, 18, 11), saturation_adu=4000)
    counts, light, flags = all_frames(headers, recipe)
    frames = list(electrons(headers, recipe))
    np.testing.assert_array_equal([frame for frame, _ in frames], np.where(flags, np.nan, light))
    assert [full for _, full in frames] == list((counts >= 4000).any((1, 2)))
    assert list(electrons([], recipe)) == []


def test_frames_all_of_whose_pixels_are_flagged_fit(tmp_path: Path) -> None:
    values = maker.counts(1, 20, (6, 9), sky_e=50.0)
    recipe = Recipe(maker.GAIN, cosmic=CosmicRule("ceiling", -1000.0))
    header = maker.write(tmp_path, 1, values)
    compare([header], recipe)
    compare([header], recipe, clip=True)
    assert all(np.isnan(frame).all() for frame, _ in electrons([header], recipe))


@pytest.mark.parametrize("mapping", [False, True, None])
@pytest.mark.parametrize("clip", [False, True])
def test_a_file_cut_short_is_named(tmp_path: Path, mapping: bool | None, clip: bool) -> None:
    headers = [maker.write(tmp_path, k + 1, maker.counts(k, 20, (20, 20))) for k in range(3)]
    os.truncate(headers[1].path, headers[1].data_offset + 20 * 20 * 2 * 10 + 11)
    with pytest.raises(NightglassError, match="cube002"):
        stack(headers, Recipe(8.5), mapping=mapping, clip=clip)


def test_a_cancel_stops_it_and_progress_is_in_frames(tmp_path: Path) -> None:
    header = maker.write(tmp_path, 1, maker.counts(1, 40, (48, 8)))
    ctx = JobContext()
    for threads in (1, 3):
        stack([header], Recipe(8.5), ctx=ctx, threads=threads)
        assert (ctx.last_progress.done, ctx.last_progress.total) == (40, 40)
    ctx.token.cancel()
    for threads in (1, 3):
        with pytest.raises(Cancelled):
            stack([header], Recipe(8.5), ctx=ctx, threads=threads)


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    plain = maker.write(tmp_path, 1, maker.counts(1, 2, (4, 4)))
    signed = maker.write(tmp_path, 2, np.full((2, 4, 4), 300), signed=True)
    with pytest.raises(NightglassError, match="otherwise"):
        stack([plain, signed], Recipe(8.5))
    with pytest.raises(NightglassError, match="no cubes"):
        stack([], Recipe(8.5))
    with pytest.raises(ValueError, match="groups of"):
        stack([plain], Recipe(8.5), groups=np.zeros(3, np.int16))
    with pytest.raises(ValueError, match="groups are"):
        stack([plain], Recipe(8.5), groups=np.array([0, 1], np.int16))
