"""No frame is lost silently."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.lightspeed.accounting import account, missing_numbers
from nightglass.core.lightspeed.cube import Stamps

INTERVAL_S = 0.002


def capture(bundles, per_bundle=1, unit=1, drop=(), cube_bundles=10, first=1):
    """Stamps of a capture of so many bundles, some never written, in cubes of `cube_bundles`."""
    kept = np.array([index for index in range(bundles) if index not in set(drop)])
    clock = np.round(kept * per_bundle * INTERVAL_S, 6)
    return [
        (first + place // cube_bundles, Stamps(clock[part], kept[part] * unit))
        for place in range(0, len(kept), cube_bundles)
        for part in [slice(place, place + cube_bundles)]
    ]


def balance(pieces, per_bundle=1):
    return account(pieces, per_bundle, INTERVAL_S)


def test_a_capture_without_losses_balances():
    result = balance(capture(47))
    assert (result.captured, result.lost, result.duplicates, result.gaps) == (47, 0, 0, ())
    edges, counts = result.interval_histogram
    assert counts.sum() == 46
    assert edges[np.argmax(counts)] <= INTERVAL_S <= edges[np.argmax(counts) + 1]


@given(st.sets(st.integers(1, 58), max_size=20), st.sampled_from([1, 4]), st.booleans())
def test_every_dropped_bundle_is_counted_whatever_the_counter_counts(drop, per_bundle, frames):
    pieces = capture(60, per_bundle, per_bundle if frames else 1, drop)
    result = balance(pieces, per_bundle)
    assert result.lost == len(drop) * per_bundle
    assert result.captured == (60 - len(drop)) * per_bundle
    assert all(gap.frames % per_bundle == 0 for gap in result.gaps)


def test_a_gap_tells_where_how_long_and_by_what():
    (gap,) = balance(capture(30, drop=(12, 13, 14))).gaps
    assert (gap.after_frame, gap.frames, gap.reason) == (11, 3, "FRAMESTAMP and TIMESTAMP")
    assert gap.seconds == pytest.approx(3 * INTERVAL_S)


def test_a_counter_of_the_host_does_not_hide_a_hole_in_time():
    pieces = [(number, Stamps(s.clock_s, None)) for number, s in capture(30, drop=(12, 13))]
    (gap,) = balance(pieces).gaps
    assert (gap.frames, gap.reason) == (2, "TIMESTAMP")


def test_a_jump_of_the_counter_counts_even_without_a_hole_in_time():
    (number, piece), *rest = capture(10)
    counter = piece.counter + np.where(np.arange(10) > 4, 7, 0)
    (gap,) = balance([(number, Stamps(piece.clock_s, counter)), *rest]).gaps
    assert (gap.after_frame, gap.frames, gap.reason) == (4, 7, "FRAMESTAMP")
    assert gap.seconds == pytest.approx(7 * INTERVAL_S)


def test_a_late_stamp_that_is_made_up_for_is_no_loss():
    (number, piece), *_ = capture(10)
    clock = piece.clock_s.copy()
    clock[5] += 0.9 * INTERVAL_S
    assert balance([(number, Stamps(clock, piece.counter))]).lost == 0


def test_a_missing_cube_costs_what_the_stamps_around_it_say():
    pieces = [piece for piece in capture(47) if piece[0] not in (2, 4)]
    result = balance(pieces)
    assert result.missing_cubes == (2, 4)
    assert [(gap.after_frame, gap.frames, gap.reason) for gap in result.gaps] == [
        (9, 10, "missing cube"),
        (19, 10, "missing cube"),
    ]


def test_a_missing_cube_costs_a_full_cube_where_stamps_say_nothing():
    blank = Stamps(np.full(10, np.nan), None)
    result = balance([(1, blank), (4, blank)], per_bundle=3)
    assert result.lost == 2 * 10 * 3


def test_a_lost_frame_beside_a_missing_cube_is_counted_too():
    pieces = [piece for piece in capture(40, drop=(9, 20)) if piece[0] != 2]
    assert balance(pieces).lost == 12


@pytest.mark.parametrize("unit", [1, 4])
def test_frames_stored_twice_are_duplicates(unit):
    (number, piece), *_ = capture(10, per_bundle=4, unit=unit)
    counter, clock = piece.counter.copy(), piece.clock_s.copy()
    counter[6], clock[6] = counter[5], clock[5]
    result = balance([(number, Stamps(clock, counter))], per_bundle=4)
    assert result.duplicates == 4


def test_a_counter_that_steps_back_is_counted():
    (number, piece), *_ = capture(10)
    counter = piece.counter.copy()
    counter[6:] -= 9
    assert balance([(number, Stamps(piece.clock_s, counter))]).steps_back == 1


def test_a_counter_that_stands_still_is_not_believed():
    (number, piece), *_ = capture(10)
    result = balance([(number, Stamps(piece.clock_s, np.zeros(10, np.int64)))])
    assert (result.duplicates, result.lost) == (0, 0)


def test_long_intervals_are_in_the_last_bin():
    _, counts = balance(capture(30, drop=range(10, 20))).interval_histogram
    assert counts[-1] == 1
    assert counts.sum() == 19


@pytest.mark.parametrize("pieces", [[], [(1, Stamps(np.zeros(1), np.zeros(1, np.int64)))]])
def test_one_bundle_or_none_has_no_gaps(pieces):
    result = balance(pieces)
    assert (result.lost, result.gaps) == (0, ())


def test_damaged_stamps_do_not_upset_the_balance():
    clock = np.array([0.0, 1e11, -1e11, np.nan, 0.008])
    counter = np.array([0, 2**62, -(2**62), 3, 4])
    result = balance([(1, Stamps(clock, counter))])
    assert result.captured == 5


def test_numbers_absent_in_between_are_found():
    assert missing_numbers([3, 4, 7, 9]) == (5, 6, 8)
    assert missing_numbers([]) == ()
