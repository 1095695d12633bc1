"""Light curves: every number against numpy and scipy, frame by frame."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.frames.encoding import Encoding
from nightglass.core.lightspeed.box import Box
from nightglass.core.lightspeed.reduce import (
    NATIVE_RULE,
    V1_RULE,
    V3_RULE,
    CosmicRule,
    Recipe,
    aperture_sums,
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


def masks_of(shape: tuple[int, int], seed: int = 5) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    y, x = np.indices(shape)
    circle = np.hypot(y - shape[0] / 2, x - shape[1] / 2) < min(shape) / 3
    circle[shape[0] // 2, shape[1] // 2] = True
    return [circle, np.ones(shape, bool), generator.random(shape) < 0.2]


def expected(
    headers: list[CubeHeader],
    recipe: Recipe,
    masks: list[np.ndarray],
    clip: bool = False,
    weights: list[np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    flux, lost, saturated = [], [], []
    union = np.logical_or.reduce(masks)
    for header in headers:
        counts = slow_rule.raw_frames(header, recipe)
        frames = slow_rule.light(counts, recipe)
        largest = 255 if header.encoding.dtype == "u1" else 65535
        top = min(recipe.saturation_adu, largest)
        for k in range(len(frames)):
            flagged = slow_rule.rays(frames, k, recipe.cosmic)
            flux.append([
                slow_rule.flux(frames, k, flagged, mask, recipe.rescale, clip,
                               None if weights is None else weights[i])
                for i, mask in enumerate(masks)
            ])  # fmt: skip
            lost.append([np.count_nonzero(flagged & mask) for mask in masks])
            saturated.append(bool((counts[k][union] >= top).any()))
    return np.array(flux).T, np.array(lost).T, np.array(saturated)


def compare(headers: list[CubeHeader], recipe: Recipe, masks: list[np.ndarray], **how: Any) -> Any:
    weights = how.get("weights")
    flux, lost, saturated = expected(headers, recipe, masks, how.get("clip", False), weights)
    sums = aperture_sums(headers, recipe, masks, **how)
    assert (sums.lost == lost).all()
    assert (sums.saturated == saturated).all()
    np.testing.assert_allclose(sums.flux_e, flux, rtol=1e-11, atol=1e-8)
    assert list(sums.pixels) == [np.count_nonzero(mask) for mask in masks]
    return sums


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 5), (1, 9), (23, 31), (18, 300)])
def test_every_rule_on_frames_of_any_size(
    tmp_path: Path, rule: CosmicRule | None, shape: tuple[int, int]
) -> None:
    headers = [
        maker.write(tmp_path, i + 1, maker.counts(10 * i + shape[1], n, shape))
        for i, n in enumerate((7, 1, 2, 3))
    ]
    compare(headers, Recipe(maker.GAIN, cosmic=rule), masks_of(shape))


def test_the_rules_do_flag_something(tmp_path: Path) -> None:
    header = maker.write(tmp_path, 1, maker.counts(3, 40, (24, 24)))
    for rule in RULES[:-1]:
        sums = aperture_sums([header], Recipe(maker.GAIN, cosmic=rule), [np.ones((24, 24), bool)])
        assert sums.lost.sum() > 10, rule


@pytest.mark.parametrize("rescale", ["template", "pixels", "none"])
@pytest.mark.parametrize("clip", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_lost_pixels_are_made_good(
    tmp_path: Path, rescale: Any, clip: bool, weighted: bool
) -> None:
    shape = (20, 22)
    headers = [maker.write(tmp_path, k + 1, maker.counts(k, 9, shape, rays=20)) for k in range(2)]
    masks = masks_of(shape)
    generator = np.random.default_rng(1)
    weights = [generator.random(shape) for _ in masks] if weighted else None
    recipe = Recipe(maker.GAIN, rescale=rescale, cosmic=CosmicRule(threshold=5.0))
    sums = compare(headers, recipe, masks, clip=clip, weights=weights)
    assert sums.lost.any()


@pytest.mark.parametrize("rule", [NATIVE_RULE, V1_RULE, V3_RULE, CosmicRule("ceiling", 30.0)])
@pytest.mark.parametrize("spread", [0.4, 40.0, 4000.0, 30000.0])
def test_a_pedestal_of_its_own_for_each_pixel(
    tmp_path: Path, rule: CosmicRule, spread: float
) -> None:
    shape = (17, 90)
    pedestal = np.random.default_rng(2).normal(0, spread, shape)
    recipe = Recipe(maker.GAIN, pedestal_e=pedestal, cosmic=rule)
    header = maker.write(tmp_path, 1, maker.counts(4, 8, shape, rays=9))
    compare([header], recipe, masks_of(shape))


@pytest.mark.parametrize("mapping", [False, True, None])
@pytest.mark.parametrize("box", [None, Box(3, 2, 40, 19), Box(0, 0, 1, 1), Box(60, 20, 80, 25)])
def test_a_box_is_cut_out_first(tmp_path: Path, mapping: bool | None, box: Box | None) -> None:
    header = maker.write(tmp_path, 1, maker.counts(6, 12, (25, 80), rays=9))
    shape = (25, 80) if box is None else (box.top - box.bottom, box.right - box.left)
    compare([header], Recipe(maker.GAIN, box=box), masks_of(shape), mapping=mapping)


def test_a_small_aperture_of_a_wide_frame_is_read_piece_by_piece(tmp_path: Path) -> None:
    header = maker.write(tmp_path, 1, maker.counts(6, 5, (12, 2300), rays=60))
    mask = np.zeros((12, 2300), bool)
    mask[3:9, 1100:1140] = True
    for mapping in (False, True):
        compare([header], Recipe(maker.GAIN), [mask], mapping=mapping)


@pytest.mark.parametrize("mapping", [False, True])
@pytest.mark.parametrize(
    "storage",
    [{"per_bundle": 4}, {"per_bundle": 4, "left_over": 3}, {"signed": True}, {"left_over": 2}],
)
def test_bundles_and_signed_counts(tmp_path: Path, mapping: bool, storage: dict[str, Any]) -> None:
    values = maker.counts(8, 12, (9, 14))
    if storage.get("signed"):
        values = np.minimum(values, 32767)
    header = maker.write(tmp_path, 1, values, **storage)
    if storage == {"left_over": 2}:
        values = np.concatenate([values, np.full((12, 2, 14), 77)], axis=1)
    compare(
        [header], Recipe(maker.GAIN, saturation_adu=5000), masks_of(header.shape), mapping=mapping
    )


def test_frames_of_8_bits(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    values = generator.poisson(20, (9, 15, 21)).astype(np.uint8)
    values[generator.random(values.shape) < 0.002] = 255
    header = maker.write(tmp_path, 1, values, per_bundle=3)
    recipe = Recipe(1.5, offset_adu=3.0, cosmic=CosmicRule(threshold=8.0))
    sums = compare([header], recipe, masks_of((15, 21)))
    assert sums.saturated.any()
    assert not sums.saturated.all()


def test_many_frames_by_any_number_of_threads_are_the_same_to_the_last_bit(
    tmp_path: Path,
) -> None:
    shape = (30, 40)
    headers = [maker.write(tmp_path, k + 1, maker.counts(k, 700, shape)) for k in range(3)]
    headers.append(headers[0])
    recipe = Recipe(maker.GAIN, cosmic=CosmicRule(threshold=6.0))
    one = compare(headers, recipe, masks_of(shape), threads=1)
    for threads in (2, 4):
        for mapping in (False, True):
            other = aperture_sums(
                headers, recipe, masks_of(shape), threads=threads, mapping=mapping
            )
            for a, b in zip(one, other, strict=True):
                np.testing.assert_array_equal(a, b)
    n = 700
    np.testing.assert_array_equal(one.flux_e[:, :n], one.flux_e[:, 3 * n :])


def test_a_steady_star_is_spared_and_a_ray_on_it_is_not(tmp_path: Path) -> None:
    values = np.full((9, 11, 11), 205, np.uint16)
    values[:, 5, 5] = 9000
    values[4, 2, 8] = 9000
    values[6, 5, 5] = 60000 - 1
    header = maker.write(tmp_path, 1, values)
    sums = aperture_sums([header], Recipe(maker.GAIN), [np.ones((11, 11), bool)])
    assert list(sums.lost[0]) == [0, 0, 0, 0, 1, 0, 1, 0, 0]
    star, sky = (9000 - 199.5) / 8.5, 120 * (205 - 199.5) / 8.5
    np.testing.assert_allclose(sums.flux_e[0, [0, 4, 6]], star + sky, 1e-9)


def test_a_mask_that_loses_all_its_pixels_has_no_flux(tmp_path: Path) -> None:
    values = np.full((3, 5, 5), 205, np.uint16)
    values[1, 2, 2] = 5000
    mask = np.zeros((5, 5), bool)
    mask[2, 2] = True
    header = maker.write(tmp_path, 1, values)
    sums = aperture_sums([header], Recipe(maker.GAIN), [mask, np.zeros((5, 5), bool)])
    assert np.isnan(sums.flux_e[0]).tolist() == [False, True, False]
    assert (sums.flux_e[1] == 0).all()


def test_no_frames_and_no_masks(tmp_path: Path) -> None:
    header = maker.write(tmp_path, 1, maker.counts(1, 2, (4, 4)))
    assert aperture_sums([], Recipe(8.5), [np.ones((4, 4), bool)]).flux_e.shape == (1, 0)
    assert aperture_sums([header], Recipe(8.5), []).flux_e.shape == (0, 2)


@pytest.mark.parametrize("mapping", [False, True, None])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_file_cut_short_is_named(tmp_path: Path, mapping: bool | None, threads: int) -> None:
    headers = [maker.write(tmp_path, k + 1, maker.counts(k, 50, (20, 20))) for k in range(3)]
    os.truncate(headers[1].path, headers[1].data_offset + 20 * 20 * 2 * 30 + 11)
    with pytest.raises(NightglassError, match="cube002"):
        aperture_sums(
            headers, Recipe(8.5), [np.ones((20, 20), bool)], threads=threads, mapping=mapping
        )


@pytest.mark.parametrize("threads", [1, 2])
def test_a_cancel_stops_it_and_progress_is_in_frames(tmp_path: Path, threads: int) -> None:
    header = maker.write(tmp_path, 1, maker.counts(1, 40, (8, 8)))
    ctx = JobContext()
    aperture_sums([header], Recipe(8.5), [np.ones((8, 8), bool)], ctx=ctx, threads=threads)
    assert (ctx.last_progress.done, ctx.last_progress.total) == (40, 40)
    ctx.token.cancel()
    with pytest.raises(Cancelled):
        aperture_sums([header], Recipe(8.5), [np.ones((8, 8), bool)], ctx=ctx, threads=threads)


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    small = maker.write(tmp_path, 1, maker.counts(1, 2, (4, 4)))
    large = maker.write(tmp_path, 2, maker.counts(1, 2, (4, 5)))
    scaled = replace(small, encoding=Encoding(">i2", 2.0))
    mask = np.ones((4, 4), bool)
    with pytest.raises(NightglassError, match="4 x 5"):
        aperture_sums([small, large], Recipe(8.5), [mask])
    with pytest.raises(NightglassError, match="8 or 16 bits"):
        aperture_sums([scaled], Recipe(8.5), [mask])
    with pytest.raises(ValueError, match="mask"):
        aperture_sums([large], Recipe(8.5), [mask])
    with pytest.raises(ValueError, match="pedestal"):
        aperture_sums([small], Recipe(8.5, pedestal_e=np.zeros((3, 4))), [mask])
    with pytest.raises(ValueError, match="does not lie"):
        aperture_sums([small], Recipe(8.5, box=Box(0, 0, 5, 4)), [mask])
    with pytest.raises(ValueError, match="without a number"):
        Recipe(8.5, pedestal_e=np.full((4, 4), np.nan))
    with pytest.raises(ValueError, match="gain"):
        Recipe(0.0)
