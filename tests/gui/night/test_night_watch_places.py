"""Where batches stand, limits of scales, and numbers in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.mascara.night.layout import camera_of_unit
from nightglass.core.mascara.watching.snapshot import BatchCell
from nightglass.core.timing.sidereal import BATCH_D
from nightglass.gui.night.watch.batch_words import batch_words
from nightglass.gui.night.watch.grid_places import LEAST_CELL_PX, Places, extent_of
from nightglass.gui.night.watch.measures import limits_for
from nightglass.gui.night.words import NOTHING, clock, fixed, signed, size

from .watch_made import FIRST, FIRST_JD, cells, grid

NUMBERS = st.floats(-1e5, 1e5, allow_nan=False)


def test_cameras_that_began_later_stand_below_their_time():
    extent = extent_of({"LPC": cells("LPC", "ddd"), "LPE": cells("LPE", "d", FIRST + 2)}, math.nan)
    assert (extent.first, extent.columns) == (FIRST, 3)
    assert extent.jd_of(2) == pytest.approx(FIRST_JD + 2 * BATCH_D)


def test_room_is_kept_until_dawn_so_that_cells_keep_their_width():
    dawn_jd = FIRST_JD + 100 * BATCH_D
    widths = {
        Places(extent_of(grid(LPC="d" * n), dawn_jd), 40, 1100, 130).cell_px for n in (1, 50, 99)
    }
    assert len(widths) == 1


def test_a_dawn_of_another_night_keeps_no_room():
    extent = extent_of(grid(LPC="ddd"), FIRST_JD + 300.0)
    assert extent.expected == 3


def test_grid_without_a_batch_has_no_extent():
    assert extent_of({"LPC": ()}, math.nan).columns == 0


@given(st.integers(1, 300), st.integers(300, 2000), st.integers(0, 3000), st.integers(0, 1999))
def test_place_of_a_cell_and_cell_of_a_place_agree(columns, width, scrolled, x):
    places = Places(extent_of(grid(LPC="d" * columns, LPE="d"), math.nan), 40, width, 130)
    scrolled = min(scrolled, places.overhang)
    found = places.at(x, 20, scrolled)
    if found is None:
        is_outside = x < 40 or x >= places.x_of(columns, scrolled)
        assert is_outside or not 0 <= 20 < places.bottom
        return
    left = places.x_of(found[1], scrolled)
    assert left <= x < left + places.cell_px
    assert places.cell_px >= LEAST_CELL_PX


@given(st.lists(NUMBERS, min_size=1, max_size=30))
def test_limits_hold_all_values_and_stay_for_the_same(values):
    low, high = limits_for(values, None)
    assert low < high
    assert low <= min(values) + 1e-6
    assert max(values) <= high + 1e-6 * max(1.0, abs(high))
    assert limits_for(values, (low, high)) == (low, high)


def test_limits_stay_while_values_move_inside():
    kept = limits_for([100.0, 190.0], None)
    assert limits_for([110.0, 180.0, math.nan], kept) == kept
    assert limits_for([110.0, 480.0], kept) != kept
    assert limits_for([], kept) == kept
    assert limits_for([], None) == (0.0, 1.0)


def test_batch_in_words_tells_numbers_and_leaves_out_what_is_not_known():
    whole = cells("LPC", "d", sky_adu=[812.4], rms_px=[0.41])[0]
    text = batch_words(whole)
    assert text.splitlines()[0].startswith("LPC-00304594: done, ")
    assert "50 of 50 frames reduced" in text
    assert "Sky level 812 ADU, astrometric residual 0.41 px" in text
    assert "zero point" not in text.lower()


def test_batch_in_words_cuts_a_long_list_of_warnings():
    cell = BatchCell("LPC-1", "LPC", 1, "partial", math.nan, 50, 47, 2, 1,
                     warnings=tuple("abcde"))  # fmt: skip
    lines = batch_words(cell).splitlines()
    assert lines[:2] == ["LPC-1: partial", "47 of 50 frames reduced, 2 missing, 1 failed"]
    assert lines[-1] == "and 2 more warnings"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (fixed(-14.96, 1, "°C"), "−15.0 °C"),
        (fixed(-0.04, 1), "0.0"),
        (fixed(math.nan, 1, "s"), NOTHING),
        (fixed(12345.6, 0, "s"), "12,346 s"),
        (signed(0.12, 1, "°C"), "+0.1 °C"),
        (signed(-1.0, 1), "−1.0"),
        (signed(math.nan, 1), NOTHING),
        (size(4.12e11), "412.0 GB"),
        (size(9.5e7), "95 MB"),
        (size(-1.0), NOTHING),
        (clock("2016-01-30T21:04:11.123"), "21:04:11"),
        (clock("-"), NOTHING),
        (camera_of_unit("LPC-00304594"), "LPC"),
        (camera_of_unit("raw frames"), ""),
        (camera_of_unit("mail"), ""),
    ],
)
def test_numbers_are_written_as_people_read_them(written, text):
    assert written == text
