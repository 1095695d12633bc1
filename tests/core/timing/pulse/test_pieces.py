"""Pieces of frames against the fold of each, and what they must not depend on."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.errors import NightglassError
from nightglass.core.timing.fold import fold
from nightglass.core.timing.pulse.pieces import Pieces, fold_pieces

EDGES = (0.0, 1e-17, 5e-324, 0.5, np.nextafter(1.0, 0.0), 1.0 - 2.0**-52, 1.0 / 3.0)
BINS = (1, 2, 3, 4, 7, 32, 100, 1024)
# In bins below ten, in turns above.
SHORT = (0.0, 1e-15, 1e-9, 0.3, 1.0)
LONG = (1.0 + 1e-13, 1.5, 2.5)
TURNS = (0.5, 0.999, 1.0 - 1e-15, 1.0, 1.0 + 1e-14, 1.99, 2.0, 7.77, 1e5 + 0.3)


def some_frames(bins: int, smear: float, n: int = 1500) -> tuple[np.ndarray, ...]:
    """Frames anywhere, at edges of bins and with ends there, some with a number missing."""
    generator = np.random.default_rng(bins)
    phase = generator.random(n)
    phase[: len(EDGES)] = EDGES
    edges = generator.integers(0, bins, 600) / bins
    phase[100:700] = edges
    phase[700:1000] = (edges[:300] + smear / 2) % 1.0
    phase[1000:1300] = (edges[300:] - smear / 2) % 1.0
    values, variances = generator.normal(5.0, 3.0, n), generator.uniform(1.0, 2.0, n)
    phase[41], values[42], variances[43], values[44] = np.nan, np.inf, np.nan, -np.inf
    return phase, values, variances


def one_by_one(frames: tuple[np.ndarray, ...], starts: Any, bins: int, smear: float) -> Pieces:
    folds = []
    for begin, end in pairwise(starts):
        phase, values, variances = (row[begin:end] for row in frames)
        folds.append(fold(phase, values, 1.0, bins, smear_turns=smear, variances=variances))
    return Pieces(
        np.array([one.sums[0] for one in folds]),
        np.array([one.variances[0] for one in folds]),
        np.array([one.counts for one in folds]),
    )


def same(one: Pieces, other: Pieces) -> None:
    for mine, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("bins", BINS[1:])
@pytest.mark.parametrize("width", SHORT)
def test_frames_up_to_a_bin_fold_as_each_piece_would_to_the_bit(bins: int, width: float) -> None:
    frames, starts = some_frames(bins, width / bins), [0, 700, 700, 1500]
    made = fold_pieces(*frames, starts, bins, width / bins)
    same(made, one_by_one(frames, starts, bins, width / bins))


@pytest.mark.parametrize("bins", BINS)
@pytest.mark.parametrize("smear", [*(-width for width in LONG), *TURNS])
def test_longer_frames_fold_as_each_piece_would(bins: int, smear: float) -> None:
    turns = smear if smear > 0.0 else -smear / bins
    frames, starts = some_frames(bins, turns), [0, 700, 700, 1500]
    made = fold_pieces(*frames, starts, bins, turns)
    for mine, theirs in zip(made, one_by_one(frames, starts, bins, turns), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12 * np.abs(theirs).max())


@given(
    st.lists(st.one_of(st.sampled_from(EDGES), st.floats(0, 1, exclude_max=True)), min_size=1),
    st.one_of(st.sampled_from((0.0, 1e-15, 1 / 8, 1.0, 2.0)), st.floats(0, 20)),
    st.integers(1, 50),
)
def test_no_frame_is_lost(phases: list[float], smear: float, bins: int) -> None:
    values = np.linspace(-3.0, 7.0, len(phases))
    made = fold_pieces(phases, values, np.ones(len(phases)), [0, len(phases)], bins, smear)
    assert made.shares.sum() == pytest.approx(len(phases), rel=1e-12)
    assert made.sums.sum() == pytest.approx(values.sum(), rel=1e-12, abs=1e-11)
    assert (made.shares >= -1e-12).all()
    assert (made.variances <= made.shares + 1e-12).all()


@given(st.sampled_from(EDGES), st.integers(2, 1024), st.floats(0, 1))
def test_a_frame_at_an_edge_is_where_its_light_was(phase: float, bins: int, width: float) -> None:
    smear = width / bins
    made = fold_pieces([phase], [1.0], [1.0], [0, 1], bins, smear)
    reach = smear / 2 + 1e-12
    first, last = (int(np.floor((phase + side * reach) * bins)) for side in (-1, 1))
    touched = set(np.flatnonzero(made.shares[0]).tolist())
    assert touched <= {place % bins for place in range(first, last + 1)}


@pytest.mark.parametrize("smear", [0.0, 0.01, 0.3, 1.2])
@pytest.mark.parametrize("turns", [-3.0, 1.0, 5.0])
def test_whole_turns_do_not_matter(smear: float, turns: float) -> None:
    phase = np.arange(64) / 64.0
    ones = np.ones(64)
    moved = fold_pieces(phase + turns, ones, ones, [0, 64], 16, smear)
    for mine, theirs in zip(moved, fold_pieces(phase, ones, ones, [0, 64], 16, smear), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)


@pytest.mark.parametrize("phase", [np.inf, -np.inf, 1e300, -1e300, np.nan])
@pytest.mark.parametrize("smear", [0.0, 0.01, 0.3, 1.2])
def test_no_phase_does_harm(phase: float, smear: float) -> None:
    made = fold_pieces([phase], [1.0], [1.0], [0, 1], 16, smear)
    assert made.shares.sum() == pytest.approx(float(np.isfinite(phase)))


@pytest.mark.parametrize("smear", [0.01, 0.3, 1.2])
def test_result_does_not_depend_on_threads(smear: float) -> None:
    frames = some_frames(32, smear, 5000)
    starts = np.unique(np.random.default_rng(3).integers(0, 5001, 40))
    one = fold_pieces(*frames, starts, 32, smear)
    for threads in (0, 2, 3, 200):
        same(fold_pieces(*frames, starts, 32, smear, threads), one)


@pytest.mark.parametrize("smear", [0.01, 0.3, 1.2])
def test_cubes_as_they_come_give_the_same_bits_as_all_at_once(smear: float) -> None:
    frames, starts = some_frames(32, smear), [0, 400, 700, 701, 1500]
    whole = fold_pieces(*frames, starts, 32, smear)
    for number, (begin, end) in enumerate(pairwise(starts)):
        cube = tuple(row[begin:end] for row in frames)
        alone = fold_pieces(*cube, [0, end - begin], 32, smear)
        same(alone, Pieces(*(kind[number : number + 1] for kind in whole)))


@pytest.mark.parametrize("smear", [0.01, 0.06, 0.3])
def test_bins_that_no_frame_reaches_stay_empty_to_the_last_bit(smear: float) -> None:
    generator = np.random.default_rng(6)
    phase = generator.uniform(0.2, 0.3, 999)
    values = generator.random(999)
    made = fold_pieces(phase, values, values, [0, 999], 64, smear)
    for kind in made:
        assert not kind[0, 30:].any()
        assert (kind[0, 13:19] > 0.0).all()


def test_frames_outside_the_pieces_are_not_counted() -> None:
    ones = np.ones(10)
    made = fold_pieces(ones * 0.1, ones, ones, [2, 5, 9], 4, 0.0)
    assert made.shares[:, 0].tolist() == [3.0, 4.0]


def test_no_frames_make_empty_pieces() -> None:
    nothing = np.empty(0)
    assert not fold_pieces(nothing, nothing, nothing, [0, 0], 4, 0.1).sums.any()
    assert fold_pieces(nothing, nothing, nothing, [0], 4, 0.1, 2).sums.shape == (0, 4)


@pytest.mark.parametrize(
    ("phase", "values", "starts", "bins", "smear", "told"),
    [
        ([0.1, 0.2], [1.0], [0, 1], 4, 0.0, "do not fit"),
        ([[0.1]], [[1.0]], [0, 1], 4, 0.0, "do not fit"),
        ([0.1], [1.0], [0, 2], 4, 0.0, "outside the frames"),
        ([0.1], [1.0], [-1, 1], 4, 0.0, "outside the frames"),
        ([0.1], [1.0], [], 4, 0.0, "outside the frames"),
        ([0.1], [1.0], [1, 0, 1], 4, 0.0, "follow one another"),
        ([0.1], [1.0], [0, 1], 0, 0.0, "0 bins"),
        ([0.1], [1.0], [0, 1], 10**9, 0.0, "bins"),
        ([0.1], [1.0], [0, 1], 4, -0.1, "-0.1 turns"),
        ([0.1], [1.0], [0, 1], 4, np.nan, "nan turns"),
        ([0.1], [1.0], [0, 1], 4, np.inf, "inf turns"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    phase: Any, values: Any, starts: Any, bins: int, smear: float, told: str
) -> None:
    with pytest.raises(NightglassError, match=told):
        fold_pieces(phase, values, values, starts, bins, smear)
