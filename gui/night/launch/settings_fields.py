"""What the form of a reduction's settings needs to know of each: read from the model itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ....core.mascara.settings import ReductionSettings
from ...setting_fields import plain_fault, setting_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

    from ...setting_fields import SettingField

GROUPS = (
    ("Stars and apertures", ("fast", "slow", "edge", "min_observations")),
    ("Sky and detector", ("sky", "gain", "bad", "reject", "moon", "masks", "ccd", "vignetting")),
    ("Astrometry", ("astrometry", "solutions", "pressure", "temperature")),
    ("Darks, biases and flats", ("dark", "bias", "flat", "min_calibration", "calibration")),
    ("Transparency", ("clear", "extinction")),
    ("Thumbnails", ("targets",)),
)
"""Headings, and how the names of the fields under each begin."""
OTHERS = "More"
TOGETHER = ""
"""In place of a name: what is wrong with several settings together."""

_PREFIX = "Value error, "
_SENTENCES = {
    "too_short": "Type {min_length} or more, with commas between them.",
    "too_long": "Type {max_length} at most.",
}


def grouped_fields() -> dict[str, list[SettingField]]:
    """All fields under their headings, in the order of the model."""
    made: dict[str, list[SettingField]] = {title: [] for title, _ in GROUPS}
    for field in setting_fields(ReductionSettings):
        made.setdefault(_group_of(field.place[0]), []).append(field)
    return {title: fields for title, fields in made.items() if fields}


def _group_of(name: str) -> str:
    return next((title for title, starts in GROUPS if name.startswith(starts)), OTHERS)


def limits_text(name: str) -> str:
    """What a field allows, in few words; empty where it has no limits."""
    found: dict[str, Any] = {}
    for rule in ReductionSettings.model_fields[name].metadata:
        names = ("ge", "gt", "le", "lt", "min_length", "max_length")
        found |= {one: getattr(rule, one) for one in names if getattr(rule, one, None) is not None}
    if "max_length" in found:
        return f"{found['min_length']} to {found['max_length']} numbers"
    if "ge" in found and "le" in found:
        return f"{found['ge']:g} to {found['le']:g}"
    words = [
        text.format(found[one])
        for one, text in (("gt", "above {:g}"), ("ge", "{:g} or more"), ("le", "up to {:g}"))
        if one in found
    ]
    return ", ".join(words)


def validated(values: dict[str, Any]) -> tuple[ReductionSettings | None, dict[str, str]]:
    """Settings of what is typed, or None, and what is wrong by the name of the field.

    Parameters
    ----------
    values : dict
        By name, as typed.
    """
    try:
        made = ReductionSettings.model_validate(values)
    except ValidationError as error:
        faults: dict[str, str] = {}
        for fault in error.errors(include_url=False):
            faults.setdefault(str(fault["loc"][0]) if fault["loc"] else TOGETHER, _told(fault))
        return None, faults
    endless = {name for name, value in vars(made).items() if not _is_finite(value)}
    if endless:
        return None, dict.fromkeys(endless, "Type a number that is not infinite.")
    return made, {}


def _told(fault: ErrorDetails) -> str:
    """A fault in plain words, with the part of a field that it is about."""
    form = _SENTENCES.get(fault["type"])
    if form is not None:
        return form.format(**fault.get("ctx", {}))
    if fault["type"] == "missing":
        return "Type two numbers, with a comma between them."
    text = plain_fault(fault).removeprefix(_PREFIX)
    part = next((str(one) for one in fault["loc"][1:] if isinstance(one, str)), "")
    text = f"{text[0].upper()}{text[1:]}"
    return f"{part}: {text}" if part else text


def _is_finite(value: Any) -> bool:
    return all(math.isfinite(number) for number in _numbers(value))


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, float):
        yield value
