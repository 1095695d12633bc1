"""Regions and views survive being written down."""

from __future__ import annotations

import json
import math
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.regions import marks, shapes
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.session.document import RegionRecord, ViewRecord
from nightglass.core.session.records import (
    BY_PLACE,
    SHAPES,
    region_entry,
    region_record,
    shape_entries,
    shape_of,
    view_record,
    view_values,
)
from nightglass.core.session.view import Stack, View

NUMBER = st.floats(-shapes.FARTHEST_PX, shapes.FARTHEST_PX)
PATH = st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=4).map(tuple)
RINGS = st.lists(st.builds(shapes.Annulus, NUMBER, NUMBER, NUMBER, NUMBER), min_size=1, max_size=3)
SPECIAL = {
    "polygon": PATH.map(shapes.Polygon),
    "rings": RINGS.map(lambda rings: shapes.Rings(tuple(rings))),
    "sketch": st.lists(PATH, min_size=1, max_size=3).map(lambda paths: marks.Sketch(tuple(paths))),
}
TEXT = st.text(max_size=8)


def shapes_of(name: str) -> st.SearchStrategy[shapes.Shape]:
    if name in SPECIAL:
        return SPECIAL[name]
    kind = SHAPES[name]
    return st.builds(kind, *[NUMBER] * len(fields(kind)))  # type: ignore[arg-type]


ENTRIES = st.builds(
    RegionEntry,
    TEXT,
    st.none() | st.one_of([shapes_of(name) for name in SHAPES]),
    st.booleans(),
    st.booleans(),
    st.dictionaries(TEXT, TEXT, max_size=3),
    st.lists(TEXT, max_size=3).map(tuple),
    TEXT,
    st.integers(0, 1000),
    TEXT,
    st.none() | st.integers(0, 1000),
)


@given(ENTRIES)
def test_every_region_is_the_same_afterwards(entry: RegionEntry) -> None:
    written = region_record(entry).model_dump_json()
    read = region_entry(RegionRecord.model_validate(json.loads(written)))
    assert read == entry
    assert read.properties == entry.properties


def test_every_shape_has_a_name() -> None:
    known = (*vars(shapes).values(), *vars(marks).values())
    kinds = {kind for kind in known if isinstance(kind, type)}
    concrete = {
        kind for kind in kinds
        if issubclass(kind, shapes.Shape) and not kind.__name__.startswith("_")
    } - {shapes.Shape}  # fmt: skip
    assert set(SHAPES.values()) == concrete


def test_rings_of_each_kind_are_the_same_afterwards() -> None:
    rings = shapes.Rings(
        (shapes.EllipseAnnulus(1, 2, 3, 4, 5, 6, 7), shapes.BoxAnnulus(1, 2, 3, 4, 5, 6, 7))
    )
    assert shape_of(json.loads(json.dumps(shape_entries(rings)))) == rings


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"kind": "blob"},
        {"kind": "circle", "x": 1.0, "y": 2.0},
        {"kind": "circle", "x": 1.0, "y": 2.0, "r": "wide"},
        {"kind": "polygon", "points": [[1.0]]},
        {"kind": "rings"},
        {"kind": "rings", "rings": [{"kind": "point"}]},
        {"kind": "rings", "rings": 3},
        {"kind": "rings", "rings": [3]},
        {"kind": "rings", "rings": []},
        {"kind": "polygon", "points": []},
        {"kind": "sketch", "paths": []},
        {"kind": "circle", "x": 1.0, "y": math.nan, "r": 3.0},
        {"kind": "circle", "x": 1.0, "y": 2.0, "r": math.inf},
        {"kind": "point", "x": 1e308, "y": 2.0},
    ],
)
def test_a_shape_that_is_none_is_refused(entries: dict) -> None:
    with pytest.raises(ValueError, match=r"shape|validation|no points|too far"):
        shape_of(entries)


def test_every_field_of_the_view_is_kept() -> None:
    # The reference is a picture, which no file holds.
    assert {field.name for field in fields(View)} - {"reference"} == set(ViewRecord.model_fields)


def test_a_view_is_the_same_afterwards() -> None:
    view = View("b", "a", "tile", 12, stack=Stack(10, "median"), contrast=1.5, play_range=(2, 40))
    written = view_record(view, ["a", "b"]).model_dump_json()
    record = ViewRecord.model_validate(json.loads(written))
    assert (record.capture, record.other) == (1, 0)
    assert View(capture="b", other="a", **view_values(record)) == view
    assert not BY_PLACE & view_values(record).keys()
