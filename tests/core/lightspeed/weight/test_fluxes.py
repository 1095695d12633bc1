"""Fluxes of drawn frames against the truth, and their errors against the scatter."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from nightglass.core.lightspeed.weight import (
    Background,
    CountModel,
    WeightedFluxes,
    count_model,
    maximise,
    pixel_fluxes,
    pixels_per_band,
    trap_matrix,
)
from scipy.stats import poisson

from .samples import (
    EXPOSURE_S,
    GAIN,
    electrons_of,
    histogram,
    normal_density,
    raw_counts,
    star_weights,
)

WEIGHTS = star_weights()
PIXELS = WEIGHTS.size
VALUES = 150


class Drawn(NamedTuple):
    counts: np.ndarray
    model: CountModel
    weights: np.ndarray


def model_of(counts: np.ndarray, **keywords: int) -> CountModel:
    pixels = counts.shape[1]
    u_e = electrons_of(pixels, counts.shape[2])
    return count_model(counts, np.arange(pixels), u_e, normal_density, **keywords)


def draw(seed, fluxes, sky=0.0, frames=300, weights=WEIGHTS, values=VALUES, **keywords) -> Drawn:
    """Frames of groups of these fluxes, `frames` in each."""
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(fluxes)), frames)
    means = EXPOSURE_S * (np.asarray(fluxes)[groups][:, None] * weights + sky)
    counts = histogram(raw_counts(rng, means), groups, len(fluxes), values)
    return Drawn(counts, model_of(counts, **keywords), weights)


def fit(drawn: Drawn, **keywords) -> WeightedFluxes:
    return maximise(drawn.model, drawn.counts, drawn.weights, EXPOSURE_S, **keywords)


def pulls(seeds, truth, **keywords):
    background = keywords.pop("background", Background(0.0, 0.0))
    made = []
    for seed in seeds:
        result = fit(draw(seed, truth, **keywords), background=background)
        assert result.converged
        made.append((result.flux - truth) / result.error)
    return np.ravel(made)


def fisher_information(mean: float) -> float:
    """Expected information on lambda in one sample, from the density written out."""
    number, u_e = np.arange(31), electrons_of(1, 300)
    noise = np.array([normal_density(number, u_e, eps)[0] for eps in number]) / GAIN
    chances = trap_matrix(30).T @ noise
    below, here, above = (poisson.pmf(number, mean + d) @ chances for d in (-1e-4, 0.0, 1e-4))
    slope = (above - below) / 2e-4
    return float((slope**2 / np.maximum(here, 1e-300)).sum())


# Photo-electrons of the brightest pixel and frame: 0.01, 0.3 and 2.
TRUTH = np.array([0.01, 0.3, 2.0]) / (WEIGHTS.max() * EXPOSURE_S)


def test_fluxes_come_back_within_their_errors():
    made = pulls(range(20), TRUTH)
    assert abs(made.mean()) < 4 / np.sqrt(made.size)
    assert 0.75 < made.std() < 1.25


@pytest.mark.slow
@pytest.mark.parametrize("background", ["none", "free"])
def test_pulls_of_many_seeds_are_normal(background):
    free = background == "free"
    for k in range(len(TRUTH)):
        given = {"sky": 2.0, "background": "free"} if free else {}
        made = pulls(range(1000, 1200), np.repeat(TRUTH[k], 3), **given)
        assert abs(made.mean()) < 0.2
        assert 0.9 < made.std() < 1.1


def test_a_free_background_comes_back_with_the_fluxes():
    drawn = draw(7, np.array([0.0, 50.0, 400.0]), sky=4.0, frames=2000)
    result = fit(drawn, background="free")
    assert result.converged
    assert abs(result.background - 4.0) < 4 * result.background_error
    assert (np.abs(result.flux - [0.0, 50.0, 400.0]) < 4 * result.error).all()


def test_the_flux_may_be_negative_against_the_sky_but_lambda_may_not():
    fluxes = [fit(draw(seed, np.array([0.0]), sky=4.0, frames=200),
                  background=Background(4.0, 0.0)) for seed in range(12)]  # fmt: skip
    flux = np.array([result.flux[0] for result in fluxes])
    assert flux.min() < 0.0
    assert (flux >= -4.0 / WEIGHTS.max()).all()


def test_the_error_of_a_known_background_enters_that_of_the_flux():
    drawn = draw(8, np.array([50.0, 200.0]), sky=4.0)
    exact = fit(drawn, background=Background(4.0, 0.0))
    uncertain = fit(drawn, background=Background(4.0, 0.5))
    step = 1e-3
    above = fit(drawn, background=Background(4.0 + step, 0.0))
    per_sky = (above.flux - exact.flux) / step
    np.testing.assert_allclose(uncertain.error**2 - exact.error**2, (0.5 * per_sky) ** 2, rtol=2e-2)


def test_free_errors_agree_with_the_curvature_of_the_profile():
    drawn = draw(9, np.array([30.0, 300.0]), sky=3.0, frames=500)
    free = fit(drawn, background="free")
    known = fit(drawn, background=Background(free.background, free.background_error))
    np.testing.assert_allclose(known.flux, free.flux, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(known.error, free.error, rtol=1e-3)


def test_a_region_of_sky_gives_the_rate_of_a_pixel():
    drawn = draw(10, np.array([5.0]), weights=np.ones(30), frames=3000)
    result = fit(drawn)
    assert abs(result.flux[0] - 5.0) < 4 * result.error[0]
    information = 30 * 3000 * EXPOSURE_S**2 * fisher_information(5.0 * EXPOSURE_S)
    assert result.error[0] == pytest.approx(information**-0.5, rel=0.03)


def test_no_step_makes_the_likelihood_smaller():
    drawn = draw(11, np.array([20.0, 900.0]), sky=2.0)
    best = fit(drawn, background="free")

    def logarithm(result):
        means = EXPOSURE_S * (result.flux[:, None] * WEIGHTS + result.background)
        out = np.zeros((4, *means.shape))
        rows = drawn.model.row_counts(drawn.counts)
        drawn.model.sums(rows, means, np.ones(means.shape, np.bool_), out)
        return out[0].sum()

    steps = [logarithm(fit(drawn, background="free", max_iterations=k)) for k in range(8)]
    assert (np.diff(steps) >= -1e-9 * abs(steps[-1])).all()
    assert steps[-1] == pytest.approx(logarithm(best), rel=1e-12)


def test_even_weights_and_a_free_background_are_told_not_solved():
    drawn = draw(12, np.array([100.0, 200.0]), weights=np.full(9, 1 / 9))
    result = fit(drawn, background="free")
    assert np.isnan(result.flux).all()
    assert np.isnan(result.error).all()
    assert np.isnan(result.background)
    assert any("told apart" in sentence for sentence in result.notices)


def test_an_empty_group_is_nan_and_told():
    drawn = draw(13, np.array([100.0, 200.0, 300.0]))
    drawn.counts[1] = 0
    for background in (Background(0.0, 0.0), "free"):
        result = fit(drawn, background=background)
        assert np.isnan(result.flux).tolist() == [False, True, False]
        assert np.isnan(result.error).tolist() == [False, True, False]
        assert any("1 of 3 groups" in sentence for sentence in result.notices)


def test_no_counts_at_all_are_nan():
    drawn = draw(14, np.array([100.0]))
    drawn.counts[:] = 0
    result = fit(drawn)
    assert np.isnan(result.flux).all()


def test_a_dark_group_ends_at_zero_with_a_finite_error():
    drawn = draw(15, np.array([0.0, 100.0]), frames=400)
    result = fit(drawn)
    assert result.converged
    assert 0.0 <= result.flux[0] < 3 * result.error[0]
    assert 0.0 < result.error[0] < 2.0


def test_a_capped_number_of_electrons_does_not_bias():
    truth = np.array([2.5 / (WEIGHTS.max() * EXPOSURE_S)])
    made = [fit(draw(seed, truth, frames=1000, n_electrons=3)) for seed in range(100, 116)]
    flux = np.array([result.flux[0] for result in made])
    error = np.array([result.error[0] for result in made])
    assert any("left out" in sentence for sentence in made[0].notices)
    assert abs((flux - truth).mean() / error.mean()) < 4 / np.sqrt(16)


def test_a_histogram_cut_short_does_not_bias():
    truth = np.array([2.5 / (WEIGHTS.max() * EXPOSURE_S)])
    values = 60
    made = [fit(draw(seed, truth, frames=1000, values=values)) for seed in range(200, 216)]
    shift = np.mean([(result.flux[0] - truth[0]) / result.error[0] for result in made])
    assert abs(shift) < 4 / np.sqrt(16)


def test_counts_drawn_again_are_fitted_with_the_same_model():
    drawn = draw(16, np.array([200.0, 400.0]), frames=600)
    twice = maximise(drawn.model, 2 * drawn.counts, WEIGHTS, EXPOSURE_S)
    once = fit(drawn)
    np.testing.assert_allclose(twice.flux, once.flux, rtol=1e-6)
    np.testing.assert_allclose(twice.error, once.error / np.sqrt(2), rtol=1e-5)


def test_every_pixel_by_itself():
    weights = np.array([1e-6, 0.1, 1.0, 6.0])
    drawn = draw(17, np.array([50.0]), weights=weights, frames=4000)
    result = pixel_fluxes(drawn.model, drawn.counts, EXPOSURE_S)
    assert result.converged.all()
    assert (np.abs(result.flux - 50.0 * weights) < 4 * result.error).all()
    alone = maximise(drawn.model, drawn.counts, np.array([0.0, 0.0, 1.0, 0.0]), EXPOSURE_S)
    assert result.flux[2] == pytest.approx(alone.flux[0], rel=1e-5)
    assert result.error[2] == pytest.approx(alone.error[0], rel=1e-4)


def test_a_pixel_without_samples_is_nan():
    drawn = draw(18, np.array([50.0]), weights=np.ones(3))
    drawn.counts[0, 1] = 0
    result = pixel_fluxes(drawn.model, drawn.counts, EXPOSURE_S)
    assert np.isnan(result.flux).tolist() == [False, True, False]
    assert np.isnan(result.error).tolist() == [False, True, False]


def test_a_band_of_pixels_fits_the_memory():
    assert pixels_per_band(100, 20) * 100 * 20 * 8 < 1 << 29
    assert pixels_per_band(1 << 40, 500) == 1


@pytest.mark.parametrize("seed", range(25))
def test_nonsense_ends_in_numbers_or_nan_without_a_warning(seed):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(10.0 ** rng.uniform(-3, 1), (3, PIXELS, VALUES)).astype(np.uint32)
    counts *= rng.random((3, PIXELS, 1)) < 0.7
    model = model_of(counts)
    for background in (Background(0.0, 0.0), Background(50.0, 3.0), "free"):
        result = maximise(model, counts, WEIGHTS, EXPOSURE_S, background=background)
        assert not np.isinf(result.flux).any()
        assert (np.isnan(result.error) | (result.error > 0)).all()
    assert not np.isinf(pixel_fluxes(model, counts[:1], EXPOSURE_S).flux).any()
