"""The fold as a session keeps it: texts by the options of `nightglass fold`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import NightglassError
from ...lightspeed.fold.settings import STAMPS, FoldSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .desk import FoldDesk

COMMAND = "fold"
_EPH = "--eph"
_NUMBERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "--bins": ("n_bins", int),
    "--f0": ("f0_hz", float),
    "--f1": ("f1_hz_s", float),
    "--phase-offset": ("phase_offset", float),
    "--timing-offset": ("timing_offset_s", float),
    "--stamp": ("stamp", str),
    "--row-delay": ("row_delay", bool),
}


def values_of(fold: FoldDesk) -> dict[str, str]:
    """What differs from a fresh program."""
    paths = [str(one.path) for one in fold.shelf.chosen if one.path is not None]
    told = {f"{_EPH}{'' if not place else f'-{place + 1}'}": p for place, p in enumerate(paths)}
    usual = FoldSettings()
    for option, (name, _) in _NUMBERS.items():
        value = getattr(fold.settings, name)
        if value != getattr(usual, name):
            told[option] = value if isinstance(value, str) else repr(value)
    for which in ("on", "off"):
        phases = getattr(fold.settings, which)
        if phases is not None:
            told[f"--{which}"] = phases.text
    return told


def take_values(fold: FoldDesk, values: Mapping[str, str]) -> None:
    """Fold as it was kept; what makes no sense is left as it is."""
    paths = [Path(text) for option, text in values.items() if option.startswith(_EPH)]
    there = [path for path in paths if path.exists()]
    changes = settings_of(values)
    names: tuple[str, ...] = ("f0_hz", "f1_hz_s")
    edits = {name: changes.pop(name) for name in names if name in changes}
    fold.restore(there, changes, edits)


def settings_of(values: Mapping[str, str]) -> dict[str, Any]:
    """Fields of `FoldSettings` that were kept and make sense."""
    from ...timing.pulse.ranges import PhaseRange

    found: dict[str, Any] = {}
    readers = {**_NUMBERS, "--on": ("on", PhaseRange.parse), "--off": ("off", PhaseRange.parse)}
    for option, (name, read) in readers.items():
        if option not in values:
            continue
        try:
            value = read(values[option])
            FoldSettings(**{name: value})
        except (ValueError, NightglassError):
            continue
        if name != "stamp" or value in STAMPS:
            found[name] = value
    return found
