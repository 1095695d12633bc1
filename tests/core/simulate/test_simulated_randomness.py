"""The compiled random numbers against closed forms and against plain Python."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.simulate import hashing, kernels
from scipy import stats

N = 200_000


def normal_numbers(n: int = N, seed: int = 1) -> np.ndarray:
    out = np.empty((1, n))
    kernels.fill_normal(out, np.uint64(hashing.key(seed, "test")), 0, 0, n)
    return out[0]


def poisson_numbers(mean: float, n: int = N) -> np.ndarray:
    out = np.empty(n, dtype=np.int64)
    kernels.poisson_numbers(out, np.arange(n), mean, np.uint64(hashing.key(5, "test")))
    return out


def test_the_mixing_function_is_splitmix64():
    # First outputs of the reference generator for seed 0 (Vigna, splitmix64.c).
    expected = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert [hashing.mix(n * hashing.GOLDEN % 2**64) for n in (1, 2, 3)] == expected
    assert [int(kernels.mix(np.uint64(n * hashing.GOLDEN % 2**64))) for n in (1, 2, 3)] == expected


def test_uniform_numbers_of_kernel_and_python_agree():
    key = hashing.key(3, "here")
    out = np.empty((2, 3))
    kernels.fill_unit(out, np.uint64(key), 4, 8, 4096)
    for i, j in np.ndindex(2, 3):
        counter = (4 + i) * 4096 + 8 + j
        bits = hashing.mix((key + counter * hashing.GOLDEN) % 2**64)
        assert out[i, j] == (bits >> 11) * 2.0**-53


def test_purposes_and_seeds_have_streams_of_their_own():
    keys = {hashing.key(seed, purpose) for seed in range(50) for purpose in ("a", "b", "c")}
    assert len(keys) == 150


def test_normal_numbers_are_normal_far_into_the_tails():
    values = normal_numbers(2_000_000)
    assert abs(values.mean()) < 4 / math.sqrt(values.size)
    assert values.var() == pytest.approx(1.0, abs=4 * math.sqrt(2 / values.size))
    assert stats.kstest(values, "norm").pvalue > 1e-3
    for edge in (3.0, 3.7, 4.2):
        expected = 2 * stats.norm.sf(edge) * values.size
        assert abs(np.sum(np.abs(values) > edge) - expected) < 4.5 * math.sqrt(expected)


def test_neighbouring_numbers_are_independent():
    values = normal_numbers(1_000_000)
    for lag in (1, 2, 64, 256):
        correlation = np.mean(values[:-lag] * values[lag:])
        assert abs(correlation) < 4.5 / math.sqrt(values.size)


@pytest.mark.parametrize("mean", [0.004, 0.1, 0.9, 4.0, 11.9, 12.1, 47.0, 900.0])
def test_counts_follow_the_poisson_law(mean: float):
    counts = poisson_numbers(mean)
    error = math.sqrt(mean / N)
    assert abs(counts.mean() - mean) < 4 * error
    assert counts.var() == pytest.approx(mean, rel=4.5 * math.sqrt(2 / N + 1 / (mean * N)))
    assert chi_square_probability(counts, mean) > 1e-4


def chi_square_probability(counts: np.ndarray, mean: float) -> float:
    """Pearson's test over classes that expect at least 20 counts."""
    low, high = int(stats.poisson.ppf(1e-4, mean)), int(stats.poisson.isf(1e-4, mean))
    edges = np.arange(low, high + 1)
    below = stats.poisson.cdf(edges, mean)
    expected = np.diff(np.concatenate([[0.0], below, [1.0]])) * counts.size
    seen = np.bincount(np.searchsorted(edges, counts), minlength=edges.size + 1)
    enough = expected >= 20
    expected = np.append(expected[enough], expected[~enough].sum())
    seen = np.append(seen[enough], seen[~enough].sum())
    chi2 = np.sum((seen - expected) ** 2 / np.maximum(expected, 1e-300))
    return float(stats.chi2.sf(chi2, expected.size - 1))


def test_a_mean_of_zero_gives_no_counts():
    assert not poisson_numbers(0.0, 1000).any()


@pytest.mark.parametrize("electrons", [1, 2, 5, 100])
def test_traps_swallow_electrons_as_the_published_model_says(electrons: int):
    """Each electron is caught by each free trap with probability 0.11 (facts 4.4)."""
    bits = np.arange(1, 40_001, dtype=np.uint64) * np.uint64(hashing.GOLDEN)
    left = np.array(
        [kernels.after_traps(electrons, 4, 0.11, np.uint64(kernels.mix(b))) for b in bits]
    )
    expected = trapped_distribution(electrons)
    mean = electrons - expected @ np.arange(5)
    spread = math.sqrt(expected @ np.arange(5) ** 2 - (expected @ np.arange(5)) ** 2)
    assert abs(left.mean() - mean) < 4 * max(spread, 1e-3) / math.sqrt(left.size)


def trapped_distribution(electrons: int) -> np.ndarray:
    """Chances of 0 to 4 filled traps after some electrons, by the chain of states."""
    chance = np.zeros(5)
    chance[0] = 1.0
    for _ in range(electrons):
        caught = np.array([1 - 0.89 ** (4 - filled) for filled in range(5)])
        chance = chance * (1 - caught) + np.concatenate([[0.0], (chance * caught)[:-1]])
    return chance
