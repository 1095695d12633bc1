"""The same steps one frame at a time with numpy and scipy, as the oracle of the fast ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from scipy.ndimage import median_filter

if TYPE_CHECKING:
    from nightglass.core.lightspeed.cube_header import CubeHeader
    from nightglass.core.lightspeed.reduce import CosmicRule, Recipe


def raw_frames(header: CubeHeader, recipe: Recipe) -> np.ndarray:
    """Counts of all frames of a cube through astropy, cropped; (frames, rows, columns)."""
    with fits.open(header.path) as hdus:
        data = np.asarray(hdus["DATA_CUBE"].data).astype(np.int64)
    strips = data[:, : header.frames_per_bundle * header.rows]
    frames = strips.reshape(-1, header.rows, header.columns)
    box = recipe.box
    return frames if box is None else frames[:, box.bottom : box.top, box.left : box.right]


def light(counts: np.ndarray, recipe: Recipe) -> np.ndarray:
    value = (counts.astype(np.float64) - recipe.offset_adu) / recipe.adu_per_electron
    return value if recipe.pedestal_e is None else value - recipe.pedestal_e


def references(k: int, n: int) -> list[int]:
    if n == 1:
        return []
    if n == 2:
        return [1 - k]
    return [1, 2] if k == 0 else [n - 2, n - 3] if k == n - 1 else [k - 1, k + 1]


def excess(value: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.abs(value - expected) / np.sqrt(np.maximum(expected, 0) + 1)


def middle(frame: np.ndarray) -> np.ndarray:
    return median_filter(frame, 3, mode="reflect")


def rays(frames: np.ndarray, k: int, rule: CosmicRule | None) -> np.ndarray:
    """Flagged pixels of frame k of a cube in electrons."""
    frame = frames[k]
    if rule is None:
        return np.zeros(frame.shape, bool)
    if rule.kind == "ceiling":
        flagged = frame > rule.threshold
    elif rule.kind == "laplacian":
        padded = np.pad(frame, 1)
        around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
        with np.errstate(divide="ignore", invalid="ignore"):
            flagged = (-(around - 4 * frame) / frame > 2) & (frame > 3)
    else:
        flagged = by_median(frames, k, rule)
    return flagged if rule.least_e is None else flagged | (frame < rule.least_e)


def by_median(frames: np.ndarray, k: int, rule: CosmicRule) -> np.ndarray:
    frame = frames[k]
    own = middle(frame)
    flagged = excess(frame, own) > rule.threshold
    others = references(k, len(frames)) if rule.temporal else []
    if not others or not flagged.any():
        return flagged
    predictions = []
    for j in others:
        its = middle(frames[j])
        brighter = (np.maximum(own, 0) + 1) / (np.maximum(its, 0) + 1)
        predictions.append(own + (frames[j] - its) * np.maximum(1, brighter))
    best = predictions[0]
    for other in predictions[1:]:
        best = np.where(np.abs(frame - other) < np.abs(frame - best), other, best)
    return flagged & (excess(frame, best) > rule.threshold)


def flux(
    frames: np.ndarray,
    k: int,
    flagged: np.ndarray,
    mask: np.ndarray,
    rescale: str,
    clip: bool = False,
    weights: np.ndarray | None = None,
) -> float:
    """Rescaled sum over a mask."""
    weight = np.ones(mask.shape) if weights is None else weights
    gone, stays = mask & flagged, mask & ~flagged
    value = np.rint(frames[k]) if clip else frames[k]
    good = (value * weight)[stays].sum()
    if not stays.any():
        return np.nan if gone.any() else 0.0
    if not gone.any() or rescale == "none":
        return good
    near = references(k, len(frames))
    if rescale == "template" and len(near):
        mean = np.mean([frames[j] * weight for j in near], axis=0)
        return good + mean[gone].sum() * (max(good, 0.0) + 10.0) / (
            max(mean[stays].sum(), 0.0) + 10.0
        )
    return good * (1 + weight[gone].sum() / weight[stays].sum())
