"""What menus and keys do to regions: one step each, with a name, and nothing forbidden."""

from __future__ import annotations

import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Line, Point
from nightglass.core.regions.shapes import Annulus, Box, Circle
from nightglass.core.session import region_deeds as deeds
from nightglass.core.session.region_marks import (
    is_comparison,
    lock_px,
    plain_tags,
    with_comparison,
    with_lock,
    with_plain_tags,
    with_sky,
)
from nightglass.core.session.regions import RegionList


def circle(x: float = 10.0, **more: object) -> RegionEntry:
    return RegionEntry("circle", Circle(x, 20.0, 3.0), **more)


@pytest.fixture
def regions() -> RegionList:
    made = RegionList()
    made.add([circle(), circle(30.0)], "Draw")
    return made


def xs(regions: RegionList) -> list[float]:
    return [entry.shape.x for entry in regions.entries.values()]


def test_a_run_of_pushes_is_one_step(regions):
    for _ in range(5):
        assert deeds.push(regions, 1.0, 0.0)
    assert deeds.push(regions, 0.0, 10.0)
    assert xs(regions) == [15.0, 35.0]
    assert regions.undo_label == "Move 2 regions"
    regions.undo()
    assert xs(regions) == [10.0, 30.0]
    assert regions.undo_label == "Draw"


def test_a_push_of_other_regions_is_another_step(regions):
    deeds.push(regions, 1.0, 0.0)
    regions.select([1])
    deeds.push(regions, 1.0, 0.0)
    regions.undo()
    assert xs(regions) == [11.0, 31.0]


def test_nothing_is_pushed_without_a_selection_or_in_a_drag(regions):
    regions.begin("Move circle")
    assert deeds.push(regions, 1.0, 0.0)
    regions.abort()
    regions.select(())
    assert not deeds.push(regions, 1.0, 0.0)
    assert xs(regions) == [10.0, 30.0]


def test_what_a_file_forbids_stays(regions):
    fixed = circle(50.0, properties={"delete": "0", "move": "0"})
    regions.add([fixed], "Draw")
    deeds.push(regions, 1.0, 1.0)
    deeds.delete(regions)
    assert list(regions.entries.values())[-1] == fixed


@pytest.mark.parametrize(
    "deed",
    [
        lambda regions: deeds.include(regions, True),
        lambda regions: deeds.mark_background(regions, False),
        deeds.ungroup,
        lambda regions: deeds.group(regions, "  "),
        lambda regions: deeds.rename(regions, 1, ""),
        lambda regions: deeds.put_at(regions, {1: (10.0, 20.0)}),
        lambda regions: deeds.put_at(regions, {99: (1.0, 1.0)}),
    ],
)
def test_what_changes_nothing_is_no_step(regions, deed):
    deed(regions)
    assert regions.undo_count == 1


def test_a_rename_is_a_step(regions):
    deeds.rename(regions, 1, "Crab")
    assert regions.get(1).text == "Crab"
    assert regions.undo_label == "Rename circle"


def test_middles_of_all_kinds_are_put_to_a_place():
    regions = RegionList()
    regions.add([RegionEntry("line", Line(0.0, 0.0, 4.0, 2.0)), circle()], "Draw")
    deeds.put_at(regions, {1: (10.0, 10.0), 2: (1.0, 2.0)}, "Snap")
    line, round_one = regions.entries.values()
    assert line.shape == Line(8.0, 9.0, 12.0, 11.0)
    assert round_one.shape == Circle(1.0, 2.0, 3.0)
    assert regions.undo_label == "Snap 2 regions"


def test_sky_is_two_to_three_radii_wide_with_a_tag_not_used_before():
    entries = {
        1: circle(tags=("pair 1",), properties={"color": "red", "text": "Crab"}),
        2: RegionEntry("box", Box(5.0, 6.0, 8.0, 4.0, 0.0)),
        3: RegionEntry("point", Point(1.0, 1.0)),
        4: circle(background=True),
    }
    pairs = with_sky(entries, entries)
    assert pairs.keys() == {1, 2}
    tagged, ring = pairs[1]
    assert tagged.tags == ("pair 1", "pair 2")
    assert ring == RegionEntry(
        "annulus", Annulus(10.0, 20.0, 6.0, 9.0), background=True, tags=("pair 2",),
        properties={"color": "red"},
    )  # fmt: skip
    assert pairs[2][1].shape == Annulus(5.0, 6.0, 8.0, 12.0)


def test_marks_and_groups_leave_each_other_alone():
    entry = with_lock(with_comparison(circle(tags=("a",)), True), 7.5)
    assert entry.tags == ("a", "comparison", "lock=7.5")
    assert is_comparison(entry)
    assert lock_px(entry) == 7.5
    assert plain_tags(entry) == ("a",)
    assert with_plain_tags(entry, ("b", "b")).tags == ("b", "comparison", "lock=7.5")
    assert with_lock(with_comparison(entry, False), None).tags == ("a",)


def test_a_lock_without_a_number_is_none():
    assert lock_px(circle(tags=("lock=far",))) is None


def test_a_mixed_choice_becomes_all_comparison_stars_then_none(regions):
    regions.edit("Tag", {1: circle(tags=("comparison",))})
    deeds.compare(regions)
    assert all(map(is_comparison, regions.entries.values()))
    deeds.compare(regions)
    assert not any(map(is_comparison, regions.entries.values()))


def test_only_what_holds_pixels_is_locked():
    regions = RegionList()
    regions.add([circle(), RegionEntry("point", Point(1.0, 1.0))], "Draw")
    deeds.lock(regions)
    assert [entry.tags for entry in regions.entries.values()] == [("lock=5",), ()]
    assert regions.undo_label == "Lock circle"
    regions.select([1])
    deeds.lock(regions)
    assert regions.undo_label == "Unlock circle"
