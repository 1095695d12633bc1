"""Thinning a long curve without losing a peak."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.gui.envelope import Envelope, GrowingRow


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_points_in_parts_equal_points_at_once(sizes, seed):
    rng = np.random.default_rng(seed)
    y = rng.normal(size=sum(sizes))
    x = np.arange(len(y), dtype=float)
    whole, parts = Envelope(), Envelope()
    whole.set(x, y)
    kept = 0
    for size in sizes:
        parts.set(x[: kept + size], y[: kept + size], kept)
        kept += size
    for columns in (1, 7, 100):
        for one, other in zip(
            whole.curve(0, len(y), columns), parts.curve(0, len(y), columns), strict=True
        ):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("columns", [10, 333, 1600])
def test_curve_has_the_extremes_of_every_column(columns):
    rng = np.random.default_rng(4)
    y = rng.normal(size=100_000)
    y[77_777] = 50.0
    y[12_345] = -50.0
    envelope = Envelope()
    envelope.set(np.arange(len(y)), y)
    x, thin = envelope.curve(0, len(y), columns)
    assert len(thin) <= 4 * columns + 4
    assert thin.max() == 50.0
    assert thin.min() == -50.0
    step = len(y) // (len(thin) // 2 - 1)
    for place in range(0, len(thin) - 2, 2):
        block = y[int(x[place]) : int(x[place + 2])]
        assert thin[place] == block.min()
        assert thin[place + 1] == block.max()
    assert step >= 1


def test_few_points_are_drawn_as_they_are():
    envelope = Envelope()
    envelope.set([0.0, 1.0, 2.0], [5.0, np.nan, 7.0])
    x, y = envelope.curve(-1, 3, 100)
    np.testing.assert_array_equal(x, [0, 1, 2])
    np.testing.assert_array_equal(y, [5, np.nan, 7])


def test_only_the_visible_part_is_drawn():
    envelope = Envelope()
    envelope.set(np.arange(1000.0), np.arange(1000.0))
    x, _ = envelope.curve(100, 110, 1000)
    assert (x[0], x[-1]) == (99, 111)


def test_missing_values_do_not_hide_their_neighbours():
    y = np.full(1000, np.nan)
    y[500] = 3.0
    envelope = Envelope()
    envelope.set(np.arange(1000.0), y)
    assert np.nanmax(envelope.curve(0, 1000, 10)[1]) == 3.0


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 2**32 - 1))
def test_points_that_moved_are_looked_at_again(kept, length, seed):
    rng = np.random.default_rng(seed)
    before, after = rng.normal(size=300), rng.normal(size=max(kept, length))
    after[:kept] = before[:kept]
    changed, fresh = Envelope(), Envelope()
    changed.set(np.arange(300.0), before)
    changed.set(np.arange(float(len(after))), after, kept)
    fresh.set(np.arange(float(len(after))), after)
    for one, other in zip(changed.curve(0, 300, 5), fresh.curve(0, 300, 5), strict=True):
        np.testing.assert_array_equal(one, other)


def test_points_are_not_copied():
    x, y = np.arange(10.0), np.zeros(10)
    envelope = Envelope()
    envelope.set(x, y)
    assert envelope.x is x


def test_empty_envelope_draws_nothing():
    x, y = Envelope().curve(0, 1, 100)
    assert len(x) == len(y) == 0


def test_cleared_envelope_starts_again():
    envelope = Envelope()
    envelope.set([1.0], [1.0])
    envelope.clear()
    envelope.set([0.0], [2.0])
    assert len(envelope) == 1


def test_row_is_rewritten_from_a_place_on():
    row = GrowingRow(2)
    row.append([1, 2, 3, 4])
    row.write(2, np.array([9.0]))
    np.testing.assert_array_equal(row.array, [1, 2, 9])
