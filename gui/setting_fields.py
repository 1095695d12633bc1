"""What the settings dialog needs to know of each field, read from the model itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

Place = tuple[str, ...]


@dataclass(frozen=True)
class SettingField:
    """One line of the dialog.

    Parameters
    ----------
    place : tuple of str
        Names from the top of the model to the field.
    title, description, unit, group : str
        As the model says.
    kind : str
        "switch", "choice", "number", "text", "folder", or "table".
    choices : tuple of str
        What a choice offers.
    is_optional : bool
        Whether an empty field means None.
    """

    place: Place
    title: str
    description: str
    unit: str
    group: str
    kind: str
    choices: tuple[str, ...] = ()
    is_optional: bool = False


def setting_fields(
    model: type[BaseModel], above: Place = (), group: str = ""
) -> Iterator[SettingField]:
    """Fields of a model that a person may edit, with the ones of the models inside it."""
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        if extra.get("hidden") or name == "schema_version":
            continue
        inside = str(extra.get("group") or group or "General")
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from setting_fields(info.annotation, (*above, name), inside)
        else:
            yield _field((*above, name), info, inside, str(extra.get("unit") or ""))


def _field(place: Place, info: FieldInfo, group: str, unit: str) -> SettingField:
    kind, choices, is_optional = _kind(info.annotation)
    title = info.title or place[-1].replace("_", " ").capitalize()
    return SettingField(
        place, title, info.description or "", unit, group, kind, choices, is_optional
    )


def _kind(annotation: Any) -> tuple[str, tuple[str, ...], bool]:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        kind, choices, _ = _kind(next(arg for arg in args if arg is not type(None)))
        return kind, choices, type(None) in args
    if origin is Literal:
        return "choice", tuple(str(arg) for arg in args), False
    if origin in (dict, list):
        return "table", (), False
    known = {bool: "switch", int: "number", float: "number", Path: "folder"}
    return known.get(annotation, "text"), (), False


def value_at(model: BaseModel, place: Place) -> Any:
    """Value of a field."""
    value: Any = model
    for name in place:
        value = getattr(value, name)
    return value


def with_values(model: BaseModel, values: dict[Place, Any]) -> dict[str, Any]:
    """Top-level values of a model with some fields replaced, ready to be validated."""
    made: dict[str, Any] = {}
    for place, value in values.items():
        top = place[0]
        if len(place) == 1:
            made[top] = value
            continue
        table = made.setdefault(top, getattr(model, top).model_dump())
        for name in place[1:-1]:
            table = table[name]
        table[place[-1]] = value
    return made


_SENTENCES = {
    "float_parsing": "Type a number, such as 0.5.",
    "float_type": "Type a number, such as 0.5.",
    "int_parsing": "Type a whole number.",
    "int_type": "Type a whole number.",
    "int_from_float": "Type a whole number.",
    "finite_number": "Type a number that is not infinite.",
    "string_too_short": "Type something.",
    "missing": "Type something.",
    "greater_than": "It must be above {gt:g}.",
    "greater_than_equal": "It must be {ge:g} or more.",
    "less_than": "It must be below {lt:g}.",
    "less_than_equal": "It must be {le:g} or less.",
}


def plain_fault(fault: ErrorDetails) -> str:
    """What is wrong with a value, in plain words."""
    sentence = _SENTENCES.get(fault["type"])
    if sentence is None:
        return fault["msg"].rstrip(".") + "."
    return sentence.format(**fault.get("ctx", {}))
