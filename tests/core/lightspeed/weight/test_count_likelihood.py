"""Sums over distinct counts against the likelihood written out in full."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.weight import count_model, trap_matrix
from scipy.stats import poisson

from .samples import electrons_of, histogram, normal_density, raw_counts

PIXELS, VALUES = 3, 140


def drawn(mean: float, frames: int = 400, seed: int = 3):
    rng = np.random.default_rng(seed)
    counts = raw_counts(rng, np.full((frames, PIXELS), mean))
    return histogram(counts, np.arange(frames) % 2, 2, VALUES)


def sums(model, counts, means):
    out = np.zeros((4, *means.shape))
    model.sums(model.row_counts(counts), means, np.ones(means.shape, np.bool_), out)
    return out


def written_out(counts, means, n, *, published=False):
    """Logarithm of the likelihood of each group and pixel, with the whole matrix."""
    u_e = electrons_of(PIXELS, VALUES)
    noise = np.array([normal_density(np.arange(PIXELS), u_e, eps) for eps in range(n + 1)])
    kept = trap_matrix(n)
    total = np.zeros(means.shape)
    for g, p in np.ndindex(*means.shape):
        light = kept @ poisson.pmf(np.arange(n + 1), means[g, p])
        chance = light @ noise[:, p]
        used = counts[g, p] > 0
        total[g, p] = counts[g, p, used] @ np.log(chance[used])
        if not published:
            total[g, p] -= counts[g, p].sum() * np.log(chance.sum())
    return total


@pytest.mark.parametrize("mean", [0.05, 1.0, 4.0])
def test_logarithm_agrees_with_the_whole_sum(mean):
    counts = drawn(mean)
    model = count_model(counts, np.arange(PIXELS), electrons_of(PIXELS, VALUES), normal_density)
    first, second = (np.full((2, PIXELS), factor * mean) for factor in (1.0, 1.3))
    ours = sums(model, counts, first)[0] - sums(model, counts, second)[0]
    theirs = written_out(counts, first, 60) - written_out(counts, second, 60)
    np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("mean", [0.03, 0.8, 6.0])
def test_derivatives_agree_with_differences(mean, published):
    counts = drawn(mean)
    model = count_model(
        counts, np.arange(PIXELS), electrons_of(PIXELS, VALUES), normal_density,
        n_electrons=12 if published else None, published=published,
    )  # fmt: skip
    at = np.full((2, PIXELS), mean)
    step = 1e-4 * mean
    above, here, below = (sums(model, counts, at + k * step) for k in (1, 0, -1))
    np.testing.assert_allclose(here[1], (above[0] - below[0]) / (2 * step), rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(-here[2], (above[1] - below[1]) / (2 * step), rtol=1e-5)
    assert (here[3] > 0).all()


def test_the_published_sum_ends_at_n_and_is_not_normalised():
    counts = drawn(1.0)
    model = count_model(
        counts, np.arange(PIXELS), electrons_of(PIXELS, VALUES), normal_density,
        n_electrons=9, published=True,
    )  # fmt: skip
    first, second = (np.full((2, PIXELS), mean) for mean in (1.0, 2.0))
    ours = sums(model, counts, first)[0] - sums(model, counts, second)[0]
    theirs = [written_out(counts, means, 9, published=True) for means in (first, second)]
    np.testing.assert_allclose(ours, theirs[0] - theirs[1], rtol=1e-10)


@pytest.mark.parametrize("mean", [1e-7, 1e-3, 400.0])
def test_far_from_the_counts_the_likelihood_stays_finite(mean):
    counts = drawn(6.0)
    model = count_model(counts, np.arange(PIXELS), electrons_of(PIXELS, VALUES), normal_density)
    assert np.isfinite(sums(model, counts, np.full((2, PIXELS), mean))).all()


def test_groups_that_are_not_active_stay_untouched():
    counts = drawn(1.0)
    model = count_model(counts, np.arange(PIXELS), electrons_of(PIXELS, VALUES), normal_density)
    out = np.full((4, 2, PIXELS), -7.0)
    active = np.zeros((2, PIXELS), np.bool_)
    active[1, 2] = True
    model.sums(model.row_counts(counts), np.ones((2, PIXELS)), active, out)
    assert (out[:, ~active] == -7.0).all()
    assert (out[:, active] != -7.0).all()


def test_many_pixels_in_pieces_give_the_same(monkeypatch):
    counts, u_e = drawn(2.0), electrons_of(PIXELS, VALUES)
    whole = count_model(counts, np.arange(PIXELS), u_e, normal_density)
    monkeypatch.setattr("nightglass.core.lightspeed.weight.likelihood._CHUNK", 1)
    pieces = count_model(counts, np.arange(PIXELS), u_e, normal_density)
    np.testing.assert_array_equal(whole.cells, pieces.cells)
    np.testing.assert_array_equal(whole.table, pieces.table)
    np.testing.assert_array_equal(whole.pixel_rows, pieces.pixel_rows)


def test_a_stray_bright_count_is_left_out_and_told():
    counts = drawn(0.1)
    counts[0, 1, VALUES - 1] = 1
    model = count_model(counts, np.arange(PIXELS), electrons_of(PIXELS, VALUES), normal_density)
    assert any("more electrons" in sentence for sentence in model.notices)


def test_impossible_counts_are_left_out_and_told():
    counts, u_e = drawn(0.1), electrons_of(PIXELS, VALUES)
    u_e[:, 0] = -30.0
    counts[0, 0, 0] = 2
    model = count_model(counts, np.arange(PIXELS), u_e, normal_density)
    assert any(sentence.startswith("2 of") for sentence in model.notices)


def test_too_bright_a_pixel_is_refused():
    counts = np.zeros((1, 1, 2), np.uint32)
    counts[0, 0, 1] = 10
    with pytest.raises(NightglassError, match="700 photo-electrons"):
        count_model(counts, np.arange(1), np.array([[0.0, 696.0]]), normal_density)
