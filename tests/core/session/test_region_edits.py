"""Changes to the regions selected."""

from __future__ import annotations

import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Sketch
from nightglass.core.regions.shapes import Box, Circle
from nightglass.core.session.region_edits import (
    as_background,
    deletable,
    duplicated,
    included,
    may,
    nudged,
    with_property,
)
from nightglass.core.session.region_marks import grouped

CIRCLE = RegionEntry("circle", Circle(10.0, 20.0, 5.0), properties={"color": "red"}, piece=3)
BOX = RegionEntry("box", Box(1.0, 2.0, 3.0, 4.0), tags=("a",), raw="box(1,2,3,4)", line=7)
KEPT = RegionEntry("panda", Sketch((((0.0, 0.0), (1.0, 1.0)),)))
UNKNOWN = RegionEntry("tile", None)
ALL = {1: CIRCLE, 2: BOX, 3: KEPT, 4: UNKNOWN}


def test_nudge_moves_what_may_be_moved() -> None:
    changes = nudged(ALL, 1.0, -2.0)
    assert {ident: entry.shape for ident, entry in changes.items()} == {
        1: Circle(11.0, 18.0, 5.0),
        2: Box(2.0, 0.0, 3.0, 4.0),
    }
    assert changes[1].piece == 3


@pytest.mark.parametrize("deed", ["select", "move", "edit", "rotate", "delete"])
def test_file_forbids_by_a_property(deed) -> None:
    assert may(CIRCLE, deed)
    assert not may(RegionEntry("circle", CIRCLE.shape, properties={deed: "0"}), deed)
    assert may(KEPT, deed) is may(UNKNOWN, deed) is (deed in {"select", "delete"})


def test_deletable_leaves_out_what_is_locked() -> None:
    locked = RegionEntry("circle", CIRCLE.shape, properties={"delete": "0"})
    assert deletable({**ALL, 5: locked}) == (1, 2, 3, 4)


def test_copies_are_new_regions() -> None:
    first, second = duplicated(ALL.values(), 10.0, 0.0)
    assert (first.shape, first.piece, first.properties) == (Circle(20.0, 20.0, 5.0), None,
                                                           CIRCLE.properties)  # fmt: skip
    assert (second.raw, second.line, second.tags) == ("", 0, ("a",))


def test_only_what_becomes_different_is_a_change() -> None:
    assert included(ALL, True) == as_background(ALL, False) == {}
    assert not any(entry.include for entry in included(ALL, False).values())
    assert all(entry.background for entry in as_background(ALL, True).values())
    assert set(grouped(ALL, "a")) == {1, 3, 4}
    assert grouped({2: BOX}, "b")[2].tags == ("a", "b")
    assert set(with_property(ALL, "color", "red")) == {2, 3, 4}
    assert with_property({1: CIRCLE}, "text", "star")[1].text == "star"
