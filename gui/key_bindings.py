"""Which keys do what: the table's own keys, changed by the observer's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtGui import QKeySequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .action_spec import ActionSpec

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText


def normal_key(text: str) -> str:
    """One key sequence in Qt's spelling; "" when it is none."""
    return QKeySequence.fromString(text, _PORTABLE).toString(_PORTABLE)


def split_keys(text: str) -> tuple[str, ...]:
    """Key sequences in a text such as "Ctrl+A; B", as kept in the settings."""
    found = QKeySequence.listFromString(text, _PORTABLE)
    return tuple(key for key in (sequence.toString(_PORTABLE) for sequence in found) if key)


def join_keys(keys: Iterable[str]) -> str:
    """Opposite of `split_keys`."""
    return "; ".join(keys)


def shown_key(key: str) -> str:
    """How the desktop writes a key sequence."""
    return QKeySequence.fromString(key, _PORTABLE).toString(_NATIVE)


@dataclass(frozen=True)
class Conflict:
    """A key that two actions ask for; `winner` has it."""

    shortcut: str
    winner: str
    loser: str


@dataclass(frozen=True)
class Bindings:
    """Keys of each action, and what could not be granted."""

    keys: dict[str, tuple[str, ...]]
    conflicts: tuple[Conflict, ...] = ()
    unknown: tuple[str, ...] = ()


def bind(specs: Iterable[ActionSpec], overrides: Mapping[str, str]) -> Bindings:
    """Give every action its keys; the observer's own choice wins over the table.

    Parameters
    ----------
    specs : iterable of ActionSpec
        The action table.
    overrides : mapping
        From action key to its key sequences; "" takes the key away.
    """
    rows = list(specs)
    own = [(row.key, split_keys(overrides[row.key])) for row in rows if row.key in overrides]
    given = [
        (row.key, tuple(normal_key(key) for key in row.shortcuts))
        for row in rows
        if row.key not in overrides
    ]
    taken: dict[str, str] = {}
    keys: dict[str, tuple[str, ...]] = {}
    conflicts: list[Conflict] = []
    for action, wanted in own + given:
        free = tuple(key for key in wanted if taken.setdefault(key, action) == action)
        conflicts += [Conflict(key, taken[key], action) for key in wanted if key not in free]
        keys[action] = free
    unknown = tuple(sorted(set(overrides) - {row.key for row in rows}))
    return Bindings(keys, tuple(conflicts), unknown)
