"""Folding against closed forms and a brute-force twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.errors import NightglassError
from nightglass.core.timing.fold import Folded, fold

if TYPE_CHECKING:
    from numpy.typing import NDArray


def overlaps(phase: float, smear: float, bins: int) -> NDArray[np.float64]:
    """Part of a frame in each bin, by intersecting intervals turn by turn."""
    shares = np.zeros(bins)
    low, high = phase - smear / 2, phase + smear / 2
    for turn in range(int(np.floor(low)), int(np.ceil(high)) + 1):
        left = turn + np.arange(bins) / bins
        shares += np.clip(np.minimum(high, left + 1 / bins) - np.maximum(low, left), 0, None)
    return shares / smear


def twin(phases: NDArray, values: NDArray, smears: NDArray, bins: int) -> NDArray[np.float64]:
    return sum(
        value * overlaps(phase, smear, bins)
        for phase, value, smear in zip(phases, values, smears, strict=True)
    )


@pytest.mark.parametrize("longest", [0.01, 0.3, 0.99, 5.5])
@pytest.mark.parametrize("bins", [1, 2, 7, 64])
def test_frames_are_shared_out_exactly_also_over_several_turns(longest: float, bins: int) -> None:
    generator = np.random.default_rng(bins)
    phases, values = generator.random(200), generator.normal(5, 2, 200)
    smears = generator.uniform(1e-4, longest, 200)
    folded = fold(phases, values, 0.5, bins, smear_turns=smears, variances=np.full(200, 4.0))
    np.testing.assert_allclose(folded.sums[0], twin(phases, values, smears, bins), rtol=1e-9)
    np.testing.assert_allclose(
        folded.exposure_s, twin(phases, np.full(200, 0.5), smears, bins), rtol=1e-9
    )
    squares = sum(
        4.0 * overlaps(phase, smear, bins) ** 2 for phase, smear in zip(phases, smears, strict=True)
    )
    np.testing.assert_allclose(folded.variances[0], squares, rtol=1e-8)


def test_without_smearing_a_frame_falls_whole_into_its_bin() -> None:
    phases = np.array([0.0, 0.0999, 0.1, 0.95, 1.0, 1.25, -0.05])
    folded = fold(phases, np.arange(1.0, 8.0), 2.0, 10)
    expected = np.zeros(10)
    for place, value in ((0, 1), (0, 2), (1, 3), (9, 4), (0, 5), (2, 6), (9, 7)):
        expected[place] += value
    np.testing.assert_array_equal(folded.sums[0], expected)
    assert folded.exposure_s.sum() == 14.0


@pytest.mark.parametrize("phase", [-1e-17, 1.0, np.nextafter(1.0, 0.0), 0.0, 3.0 - 1e-16])
@pytest.mark.parametrize("smear", [0.0, 1e-15, 0.125, 1.0, 2.0])
def test_the_end_of_a_turn_is_the_beginning_of_the_next(phase: float, smear: float) -> None:
    folded = fold([phase], [1.0], 1.0, 8, smear_turns=smear)
    assert folded.sums.sum() == pytest.approx(1.0, rel=1e-12)
    if smear == 0.125:
        np.testing.assert_allclose(folded.sums[0, [0, 7]], 0.5, atol=1e-12)
    if smear >= 1.0:
        np.testing.assert_allclose(folded.sums[0], 1 / 8, rtol=1e-12)


@given(
    st.lists(st.floats(-10, 10), min_size=1, max_size=30),
    st.floats(0, 20),
    st.integers(1, 50),
    st.floats(0.001, 10),
)
def test_neither_light_nor_time_is_lost(
    phases: list[float], smear: float, bins: int, exposure_s: float
) -> None:
    values = np.linspace(-3.0, 7.0, len(phases))
    folded = fold(phases, values, exposure_s, bins, smear_turns=smear)
    assert folded.sums.sum() == pytest.approx(values.sum(), rel=1e-9, abs=1e-9)
    assert folded.exposure_s.sum() == pytest.approx(exposure_s * len(phases), rel=1e-9)
    assert folded.counts.sum() == pytest.approx(len(phases), rel=1e-9)


def test_a_frame_without_a_number_is_left_out_with_its_exposure() -> None:
    values = np.array([[1.0, np.nan, 2.0, 4.0], [1.0, 1.0, 1.0, 1.0]])
    folded = fold([0.1, 0.1, np.nan, 0.1], values, [1.0, 2.0, 4.0, 8.0], 4, smear_turns=0.01)
    assert folded.sums[:, 0].tolist() == pytest.approx([5.0, 2.0])
    assert folded.exposure_s[0] == pytest.approx(9.0)


def test_a_bin_without_exposure_has_no_rate() -> None:
    folded = fold([0.1], [3.0], 2.0, 2, variances=[4.0])
    np.testing.assert_array_equal(folded.rate, [[1.5, np.nan]])
    np.testing.assert_array_equal(folded.error, [[1.0, np.nan]])


def test_bins_that_no_frame_reaches_stay_empty_to_the_last_bit() -> None:
    generator = np.random.default_rng(6)
    phases, smears = generator.uniform(0.2, 0.3, 999), generator.uniform(0.01, 0.17, 999)
    folded = fold(phases, generator.random(999), 1.0 / 3, 64, smear_turns=smears)
    assert np.isnan(folded.rate[0, 30:]).all()
    assert not folded.sums[0, 30:].any()
    assert (folded.exposure_s[10:24] > 0).all()


def parts(phases: NDArray, values: NDArray, pieces: int) -> Folded:
    folds = [
        fold(phase, value, 0.1, 16, smear_turns=0.3)
        for phase, value in zip(
            np.array_split(phases, pieces), np.array_split(values, pieces), strict=True
        )
    ]
    total = folds[0]
    for more in folds[1:]:
        total = total + more
    return total


def test_parts_added_in_order_are_the_same_to_the_bit_and_make_the_whole() -> None:
    generator = np.random.default_rng(2)
    phases, values = generator.random(1000), generator.normal(size=1000)
    one, again = parts(phases, values, 7), parts(phases, values, 7)
    np.testing.assert_array_equal(one.sums, again.sums)
    whole = fold(phases, values, 0.1, 16, smear_turns=0.3)
    np.testing.assert_allclose(one.sums, whole.sums, atol=1e-12)
    np.testing.assert_allclose(one.exposure_s, whole.exposure_s, rtol=1e-12)


def test_folds_of_other_bins_do_not_add() -> None:
    with pytest.raises(NightglassError, match="4 bins, the other 1 rows of 5 bins"):
        fold([0.1], [1.0], 1.0, 4) + fold([0.1], [1.0], 1.0, 5)


@pytest.mark.parametrize(
    ("phase", "values", "exposure", "smear", "variances"),
    [
        ([0.1, 0.2], [1.0], 1.0, 0.0, None),
        ([0.1, 0.2], [1.0, 2.0], [1.0, 1.0, 1.0], 0.0, None),
        ([0.1, 0.2], [1.0, 2.0], 1.0, [0.1, 0.1, 0.1], None),
        ([0.1, 0.2], [1.0, 2.0], 1.0, -0.1, None),
        ([0.1, 0.2], [[1.0, 2.0], [3.0, 4.0]], 1.0, 0.0, [1.0, 2.0]),
    ],
)
def test_frames_that_do_not_fit_together_are_refused(
    phase: Any, values: Any, exposure: Any, smear: Any, variances: Any
) -> None:
    with pytest.raises(NightglassError, match="Cannot fold"):
        fold(phase, values, exposure, 4, smear_turns=smear, variances=variances)


def test_no_frames_make_an_empty_fold() -> None:
    folded = fold([], [], 1.0, 3)
    assert np.isnan(folded.rate).all()
    assert folded.counts.tolist() == [0, 0, 0]


def test_without_variances_errors_are_unknown() -> None:
    folded = fold([0.1, 0.6], [[1.0, 2.0], [3.0, 4.0]], 1.0, 2)
    assert folded.rate.tolist() == [[1, 2], [3, 4]]
    assert np.isnan(folded.error).all()


def test_a_frame_is_shared_as_many_instants_within_it_would_be() -> None:
    steps = 100_000
    instants = 0.93 + 2.37 * ((np.arange(steps) + 0.5) / steps - 0.5)
    fine = fold(instants, np.full(steps, 7.0 / steps), 1.0 / steps, 16)
    folded = fold([0.93], [7.0], 1.0, 16, smear_turns=2.37)
    np.testing.assert_allclose(folded.sums, fine.sums, rtol=5e-4)
    np.testing.assert_allclose(folded.exposure_s, fine.exposure_s, rtol=5e-4)


def test_a_sine_loses_contrast_as_its_sinc_says() -> None:
    phases, smear, bins = (np.arange(40_000) + 0.5) / 40_000, 0.4, 50
    folded = fold(phases, np.sin(2 * np.pi * phases), 1.0, bins, smear_turns=smear)
    middles = (np.arange(bins) + 0.5) / bins
    expected = np.sinc(smear) * np.sinc(1 / bins) * np.sin(2 * np.pi * middles)
    np.testing.assert_allclose(folded.rate[0], expected, atol=1e-6)


def test_whole_frames_are_those_of_numpy() -> None:
    generator = np.random.default_rng(3)
    phases, values = generator.random(5000), generator.integers(0, 99, 5000).astype(float)
    folded = fold(phases, values, 1.0, 37, variances=values)
    place = (phases * 37).astype(int)
    np.testing.assert_array_equal(folded.sums[0], np.bincount(place, values, 37))
    np.testing.assert_array_equal(folded.variances, folded.sums)
    np.testing.assert_array_equal(folded.counts, np.bincount(place, minlength=37))


def test_rows_are_folded_as_if_each_were_alone() -> None:
    generator = np.random.default_rng(8)
    phases, values = generator.random(300), generator.normal(size=(3, 300))
    together = fold(phases, values, 1.0, 9, smear_turns=0.2, variances=values**2)
    for row in range(3):
        alone = fold(phases, values[row], 1.0, 9, smear_turns=0.2, variances=values[row] ** 2)
        np.testing.assert_array_equal(together.sums[row], alone.sums[0])
        np.testing.assert_array_equal(together.variances[row], alone.variances[0])


@pytest.mark.parametrize("bins", [0, -3, 10**9])
def test_a_senseless_number_of_bins_is_refused(bins: int) -> None:
    with pytest.raises(NightglassError, match="bins"):
        fold([0.1], [1.0], 1.0, bins)


@pytest.mark.parametrize("smear", [0.0, 0.02])
def test_pure_noise_has_a_chi_square_of_one_a_degree_of_freedom(smear: float) -> None:
    generator = np.random.default_rng(5)
    chi2 = []
    for _ in range(60):
        values = generator.poisson(20.0, 20_000).astype(float)
        folded = fold(
            generator.random(20_000), values, 1.0, 32, smear_turns=smear, variances=values
        )
        pulls = (folded.rate[0] - values.mean()) / folded.error[0]
        chi2.append((pulls**2).sum() / 31)
    # Shares of a frame in two bins lower the scatter of each by the same part as its error.
    assert np.mean(chi2) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("smear", [0.0, 0.0301, 1 / 32])
def test_one_row_of_short_frames_gives_the_same_bits_as_several_rows(smear: float) -> None:
    generator = np.random.default_rng(8)
    phases, values = generator.uniform(-3, 3, 5000), generator.poisson(9.0, 5000).astype(float)
    values[17] = np.nan
    one = fold(phases, values, 0.01, 32, smear_turns=smear, variances=values)
    two = fold(phases, [values, values], 0.01, 32, smear_turns=smear, variances=[values, values])
    np.testing.assert_array_equal(one.sums[0], two.sums[1])
    np.testing.assert_array_equal(one.variances[0], two.variances[1])
    np.testing.assert_array_equal(one.exposure_s, two.exposure_s)
    np.testing.assert_array_equal(one.counts, two.counts)
