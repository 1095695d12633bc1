"""What people and JSON files ask of a simulator: settings by name, defects with their place."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from ..errors import NightglassError

    Refusal = Callable[[str, str], NightglassError]

Settings = TypeVar("Settings")


def settings_of(kind: type[Settings], values: Mapping[str, Any], refusal: Refusal) -> Settings:
    """Make settings (a dataclass) from JSON values, lists standing for tuples.

    Raises
    ------
    NightglassError
        For a name that is no field, and for whatever the settings refuse.
    """
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - known)
    if unknown:
        raise refusal(
            f"{unknown[0]!r} is not a setting of it", f"Use some of {', '.join(sorted(known))}."
        )
    return kind(**{name: _tuples(value) for name, value in values.items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def defect_and_place(
    word: str, known: Collection[str], placed: Collection[str], place: str, refusal: Refusal
) -> tuple[str, int]:
    """Read ``NAME`` or ``NAME:NUMBER``; 0 stands for no number.

    Parameters
    ----------
    word : str
    known, placed : collection of str
        Names of all defects, and of those that a number may follow.
    place : str
        What the number counts, such as "cube".
    refusal : callable
        Makes the error of a text and a hint.

    Raises
    ------
    NightglassError
        For a name that is no defect or a place that is no number from 1.
    """
    name, _, number = word.partition(":")
    if name not in known:
        raise refusal(f"{name!r} is no known defect", f"Choose some of {', '.join(known)}.")
    if not number:
        return name, 0
    if name not in placed or not number.isdecimal() or not int(number):
        raise refusal(
            f"{word!r} names no {place} to damage",
            f"A {place} number from 1 may follow {', '.join(placed)}.",
        )
    return name, int(number)
