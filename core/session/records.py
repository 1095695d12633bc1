"""Regions, views and paths as the records of a session file, and back."""

from __future__ import annotations

import os
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..regions import marks, shapes
from ..regions.entries import RegionEntry
from .document import FileRecord, RegionRecord, ViewRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import TypeAdapter

    from .view import View

SHAPES: dict[str, type[shapes.Shape]] = {
    "circle": shapes.Circle,
    "ellipse": shapes.Ellipse,
    "box": shapes.Box,
    "polygon": shapes.Polygon,
    "annulus": shapes.Annulus,
    "ellipse annulus": shapes.EllipseAnnulus,
    "box annulus": shapes.BoxAnnulus,
    "rings": shapes.Rings,
    "point": marks.Point,
    "text": marks.Text,
    "line": marks.Line,
    "ruler": marks.Ruler,
    "vector": marks.Vector,
    "sketch": marks.Sketch,
}
_NAMES = {shape: name for name, shape in SHAPES.items()}
KIND = "kind"
BY_PLACE = frozenset({"capture", "other"})
_SAME = tuple(name for name in ViewRecord.model_fields if name not in BY_PLACE)
_ENTRY = tuple(name for name in RegionRecord.model_fields if name != "shape")


def shape_entries(shape: shapes.Shape) -> dict[str, Any]:
    """Kind and numbers of a shape."""
    return {KIND: _NAMES[type(shape)]} | {
        field.name: _entry(getattr(shape, field.name))
        for field in fields(shape)  # type: ignore[arg-type]
    }


def shape_of(entries: Mapping[str, Any]) -> shapes.Shape:
    """The shape of a kind and numbers.

    Raises
    ------
    ValueError
        If the kind is not known or a number is missing or none.
    """
    shape = SHAPES.get(str(entries.get(KIND)))
    if shape is None:
        raise ValueError(f"there is no shape {str(entries.get(KIND))[:40]!r}")
    numbers = {name: value for name, value in entries.items() if name != KIND}
    if shape is shapes.Rings and isinstance(numbers.get("rings"), list):
        numbers["rings"] = [_ring(ring) for ring in numbers["rings"]]
    made: shapes.Shape = _reader(shape).validate_python(numbers)
    _require_place(made)
    return made


def _require_place(shape: shapes.Shape) -> None:
    """Refuse a shape that is nowhere: a drawn one never is."""
    try:
        edges = shape.bounds()
    except (ValueError, IndexError):
        raise ValueError("it has no points") from None
    # Numbers that are none fail as well.
    if not all(abs(edge) <= 4 * shapes.FARTHEST_PX for edge in edges):
        raise ValueError("it lies too far away")


def _entry(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_entry(part) for part in value]
    return shape_entries(value) if isinstance(value, shapes.Shape) else value


def _ring(entries: Any) -> Any:
    return shape_of(entries) if isinstance(entries, dict) else entries


@lru_cache
def _reader(shape: type[shapes.Shape]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(shape)


def region_record(entry: RegionEntry) -> RegionRecord:
    """A region as it is written."""
    values = {name: getattr(entry, name) for name in _ENTRY}
    values["properties"] = dict(entry.properties)
    shape = None if entry.shape is None else shape_entries(entry.shape)
    return RegionRecord.model_construct(shape=shape, **values)


def region_entry(record: RegionRecord) -> RegionEntry:
    """A region as it was written.

    Raises
    ------
    ValueError
        If its shape is not understood.
    """
    values = {name: getattr(record, name) for name in _ENTRY}
    shape = None if record.shape is None else shape_of(record.shape)
    return RegionEntry(shape=shape, **values)


def view_record(view: View, order: Sequence[str]) -> ViewRecord:
    """A view as it is written.

    Parameters
    ----------
    view : View
    order : sequence of str
        Keys of the captures, in the order of the session.
    """
    places = {key: place for place, key in enumerate(order)}
    values = {name: getattr(view, name) for name in _SAME}
    for name in BY_PLACE:
        values[name] = places.get(getattr(view, name))
    return ViewRecord(**values)


def view_values(record: ViewRecord) -> dict[str, Any]:
    """Fields of a view that do not hang on captures by name."""
    return {name: getattr(record, name) for name in _SAME}


def file_record(path: Path, folder: Path | None) -> FileRecord:
    """Where a file is.

    Parameters
    ----------
    path : Path
    folder : Path or None
        Of the session; None where the session has no place of its own.
    """
    full = os.path.abspath(path)  # noqa: PTH100 - links stay as the observer named them
    return FileRecord(
        absolute=full, relative=None if folder is None else os.path.relpath(full, folder)
    )


def found(record: FileRecord, folder: Path) -> Path | None:
    """The file, first as seen from the session's folder; None when it is nowhere."""
    places = [] if record.relative is None else [folder / record.relative]
    places.append(Path(record.absolute))
    # Unlike `Path.exists` this takes a folder that may not be entered for one that is not there.
    there = (place for place in places if os.path.exists(place))  # noqa: PTH110
    return next((Path(os.path.normpath(place)) for place in there), None)
