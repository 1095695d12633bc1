"""The strip that says where every frame went."""

from __future__ import annotations

import pytest
from nightglass.gui.accounting import AccountingStrip


@pytest.fixture
def strip(qtbot):
    made = AccountingStrip()
    qtbot.addWidget(made)
    return made


def test_nothing_known_is_a_dash(strip):
    assert {strip.text(key) for key in ("captured", "lost", "behind", "rate", "disk")} == {"–"}


def test_counts_are_grouped_in_thousands(strip):
    strip.set_counts(184220, 184220, 184219, 5411, 0)
    assert strip.text("captured") == "184,220"
    assert strip.text("counted") == "184,219"
    assert strip.text("painted") == "5,411"


def test_lost_frames_have_a_glyph_beside_the_colour(strip):
    strip.set_counts(10, 10, 10, 1, 0)
    assert strip.text("lost") == "✓ 0"
    assert strip._numbers["lost"].property("cue") == "good"
    strip.set_counts(10, 10, 10, 1, 12)
    assert strip.text("lost") == "▲ 12"
    assert strip._numbers["lost"].property("cue") == "bad"


def test_disk_is_told_in_gigabytes_and_hours(strip):
    strip.set_disk(412.3, 31.2)
    assert strip.text("disk") == "412 GB (31 h)"
    strip.set_disk(412.3)
    assert strip.text("disk") == "412 GB"
    strip.set_disk(3.0, 0.5)
    assert strip._numbers["disk"].property("cue") == "bad"
    strip.set_disk(None)
    assert strip.text("disk") == "–"


def test_rate_and_backlog(strip):
    strip.set_rate(2012.7)
    strip.set_behind(1234)
    assert (strip.text("rate"), strip.text("behind")) == ("2,013", "1,234")


def test_numbers_do_not_change_the_layout_while_they_run(strip):
    strip.resize(1200, 24)
    strip.set_counts(1, 1, 1, 1, 0)
    before = [
        number.sizeHint().width() <= number.minimumWidth() for number in strip._numbers.values()
    ]
    hint = strip.minimumSizeHint()
    strip.set_counts(8_111_111, 8_111_111, 8_111_111, 111_111, 11_111)
    strip.set_behind(11_111)
    assert all(before)
    assert strip.minimumSizeHint() == hint


def test_number_that_outgrew_its_room_keeps_the_new_one(strip):
    strip.set_counts(88_888_888_888, 1, 1, 1, 0)
    wide = strip.minimumSizeHint().width()
    strip.set_counts(1, 1, 1, 1, 0)
    assert strip.minimumSizeHint().width() == wide


def test_strip_fits_the_smallest_window(strip):
    assert strip.minimumSizeHint().width() <= 1100
