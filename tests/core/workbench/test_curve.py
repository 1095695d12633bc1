from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.workbench.curve import GrowingCurve


def _part(number: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    return np.full(length, float(number)), np.arange(length) + 1000.0 * number


@given(st.permutations(range(12)), st.lists(st.integers(0, 300), min_size=12, max_size=12))
def test_order_of_arrival_does_not_matter(order: list[int], lengths: list[int]) -> None:
    curve = GrowingCurve()
    for number in order:
        curve.put(number, *_part(number, lengths[number]))
    expected = np.concatenate([_part(n, lengths[n])[1] for n in range(12)])
    assert np.array_equal(curve.values, expected)
    assert len(curve) == sum(lengths)
    assert np.all(np.diff(curve.seconds) >= 0)


def test_a_rewritten_cube_replaces_its_frames() -> None:
    curve = GrowingCurve()
    curve.put(1, *_part(1, 5))
    curve.put(2, *_part(2, 5))
    curve.put(1, np.zeros(2), np.array([7.0, 8.0]))
    assert curve.values.tolist() == [7.0, 8.0, 2000.0, 2001.0, 2002.0, 2003.0, 2004.0]


def test_a_deleted_cube_is_forgotten() -> None:
    curve = GrowingCurve()
    curve.put(1, *_part(1, 3))
    curve.put(2, *_part(2, 3))
    curve.remove(1)
    curve.remove(9)
    assert curve.values.tolist() == [2000.0, 2001.0, 2002.0]


def test_only_a_late_cube_moves_points() -> None:
    curve = GrowingCurve()
    curve.put(1, *_part(1, 5))
    curve.put(3, *_part(3, 5))
    assert (curve.revision, curve.moved_since(0)) == (0, 10)
    curve.put(2, *_part(2, 5))
    assert (curve.revision, curve.moved_since(0)) == (1, 5)
    curve.put(4, *_part(4, 5))
    curve.put(3, *_part(3, 2))
    assert (curve.moved_since(0), curve.moved_since(1), curve.moved_since(2)) == (5, 10, 17)


def test_times_taken_anew_move_everything() -> None:
    curve = GrowingCurve()
    for number in (2, 1):
        curve.put(number, *_part(number, 3))
    curve.retime(lambda number: np.full(3, 10.0 * number))
    assert curve.seconds.tolist() == [10.0] * 3 + [20.0] * 3
    assert curve.moved_since(1) == 0


def test_parts_are_copies_in_order_of_the_cubes() -> None:
    curve = GrowingCurve()
    for number in (5, 2):
        curve.put(number, *_part(number, 3))
    parts = curve.parts()
    curve.put(2, np.zeros(3), np.zeros(3))
    assert [number for number, _ in parts] == [2, 5]
    assert parts[0][1].tolist() == [2000.0, 2001.0, 2002.0]


def test_a_curve_made_at_once_is_the_one_that_grew() -> None:
    cubes = {n: (np.arange(3.0) + 3 * n, np.full(3, float(n))) for n in (1, 4, 5)}
    grown = GrowingCurve()
    for number, (seconds, values) in cubes.items():
        grown.put(number, seconds, values)
    made = GrowingCurve.of(cubes)
    for curve in (grown, made):
        curve.put(3, np.arange(2.0) + 7.0, np.full(2, 3.0))
        curve.remove(4)
    np.testing.assert_array_equal(made.seconds, grown.seconds)
    np.testing.assert_array_equal(made.values, grown.values)
    assert len(GrowingCurve.of({})) == 0
