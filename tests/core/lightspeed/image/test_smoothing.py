"""Filling and smoothing of images."""

from __future__ import annotations

import numpy as np
from nightglass.core.lightspeed.image.smoothing import filled, smoothed
from scipy.ndimage import gaussian_filter


def test_a_pixel_is_filled_with_the_mean_of_its_good_neighbours() -> None:
    image = np.arange(20.0).reshape(4, 5)
    image[0, 0] = image[1, 2] = image[1, 3] = np.nan
    expected = image.copy()
    for row, column in ((0, 0), (1, 2), (1, 3)):
        near = image[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        expected[row, column] = np.nanmean(near)
    np.testing.assert_allclose(filled(image), expected)
    assert np.isnan(image[0, 0])


def test_a_pixel_amid_unknown_ones_stays_unknown() -> None:
    assert np.isnan(filled(np.full((5, 5), np.nan))).all()


def test_equal_errors_give_a_plain_gaussian() -> None:
    image = np.random.default_rng(2).normal(100.0, 5.0, (40, 50))
    made, _ = smoothed(image, np.full(image.shape, 5.0), 2.0)
    expected = gaussian_filter(image, 2.0, truncate=3.0)
    np.testing.assert_allclose(made[8:-8, 8:-8], expected[8:-8, 8:-8], rtol=1e-12)


def test_the_error_is_that_of_the_weighted_mean() -> None:
    generator = np.random.default_rng(3)
    errors = generator.uniform(1.0, 4.0, (60, 60))
    trials = [smoothed(generator.normal(0.0, errors), errors, 1.5) for _ in range(300)]
    scatter = np.std([image for image, _ in trials], axis=0)
    np.testing.assert_allclose(scatter.mean(), trials[0][1].mean(), rtol=0.02)


def test_a_level_field_keeps_its_level_at_edges_and_holes() -> None:
    image, error = np.full((20, 20), 7.0), np.full((20, 20), 1.0)
    image[3:5, 3:5] = np.nan
    made, spread = smoothed(image, error, 2.0)
    known = np.isfinite(image)
    np.testing.assert_allclose(made[known], 7.0, rtol=1e-12)
    assert np.isnan(made[~known]).all()
    assert (spread[known] < 1.0).all()


def test_counting_noise_does_not_pull_the_level_down() -> None:
    counts = np.random.default_rng(4).poisson(9.0, (200, 200)).astype(float)
    made, _ = smoothed(counts, np.sqrt(np.maximum(counts, 1.0)), 3.0)
    assert abs(made.mean() - 9.0) < 0.05
