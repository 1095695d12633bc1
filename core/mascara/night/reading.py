"""The journal of a night as it is read: a line that says nonsense is damaged, as a torn one is."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from ...engine.journal import JournalTail

if TYPE_CHECKING:
    import os

    from ...engine.journal import Record

_MOST = 1e16
"""More than any byte count, and few enough for every sum."""
_LAST_S, _LAST_JD, _LAST_SLOT = 1e11, 5e6, 10**9
"""Times and slots up to the year 5000: those that calendars know."""
_POWER = re.compile(rb"[eE]\+?\d\d+[,\]}\s]")
_LONG = re.compile(rb"[:,\[]\s*-?\d{17}")
"""What may be a number above `_MOST`; few lines hold one."""
_NAME = re.compile(r"[A-Za-z0-9]{0,16}")


def read_night(path: str | os.PathLike[str]) -> list[Record]:
    """Every sound record of the journal of a night, oldest first; none when it is absent."""
    return night_tail(path).read()


def night_tail(path: str | os.PathLike[str]) -> JournalTail:
    """A reader that goes on where it stopped and passes over lines that say nonsense."""
    return JournalTail(path, is_sound)


def is_sound(record: Record, line: bytes = b"") -> bool:
    """Whether every field is of the type that a driver writes, or null, or absent.

    A batch has to tell which one it is, and how it ended.

    Parameters
    ----------
    record : dict
    line : bytes
        From which it was read: tells quickly that no number in it is huge.
    """
    if (_POWER.search(line) or _LONG.search(line)) and not _is_small(record):
        return False
    kind = record.get("kind")
    if kind == "unit" and any(record.get(name) is None for name in _OF_BATCH):
        return False
    return isinstance(kind, str) and all(
        record.get(name) is None or is_of_type(record[name]) for name, is_of_type in _FIELDS.items()
    )


def _is_small(value: Any) -> bool:
    """Whether all numbers in a tree are finite, and none is huge."""
    if isinstance(value, dict):
        return all(map(_is_small, value.values()))
    if isinstance(value, list):
        return all(map(_is_small, value))
    return not isinstance(value, int | float) or abs(value) <= _MOST


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and value >= 0


def _is_size(value: Any) -> bool:
    """Older journals count where later ones list."""
    return isinstance(value, list | dict) or _is_count(value)


def _is_slot(value: Any) -> bool:
    return _is_count(value) and value <= _LAST_SLOT


def _is_time(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= _LAST_S


def _is_jd(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= _LAST_JD


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_name(value: Any) -> bool:
    """Part of the names of folders."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _is_numbers_by_name(value: Any) -> bool:
    return isinstance(value, dict) and all(one is None or _is_number(one) for one in value.values())


def _is_lists(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, list) for one in value)


def _is_frames(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and (one.get("jd") is None or _is_jd(one["jd"])) for one in value
    )


def _is_cameras(value: Any) -> bool:
    """A header lists them; a sign of life tells of each."""
    if isinstance(value, list):
        return all(map(_is_name, value))
    return isinstance(value, dict) and all(
        _is_name(name) and isinstance(own, dict) and _is_of_camera(own)
        for name, own in value.items()
    )


def _is_of_camera(own: Record) -> bool:
    slot, unit = own.get("newest_lstseq"), own.get("running")
    return (slot is None or _is_slot(slot)) and (unit is None or isinstance(unit, str))


def _is_astrometry(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("drift_arcmin") or [], list)


def _is_request(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_texts(value.get(name) or []) for name in _LISTED)


_OF_BATCH = ("unit", "camera", "bin", "state")
_LISTED = ("raw", "cameras")
_FIELDS = {
    "at": _is_time, "mid_jd": _is_jd, "bin": _is_slot, "lstseq": _is_slot,
    "first_lstseq": _is_slot, "last_lstseq": _is_slot, "unit": _is_text, "key": _is_text,
    "state": _is_text, "what": _is_text, "subject": _is_text, "reason": _is_text,
    "camera": _is_name, "night": _is_name, "site": _is_text, "calibration": _is_text,
    "received": _is_size, "reduced": _is_size, "missing": _is_size, "failed": _is_size,
    "stars_fast": _is_count, "stars_slow": _is_count, "free_bytes": _is_count,
    "took_s": _is_number, "files": _is_texts, "warnings": _is_texts, "problems": _is_texts,
    "duplicates": _is_texts, "frames": lambda value: _is_count(value) or _is_frames(value),
    "astrometry": _is_astrometry, "dark": _is_mapping, "cells": _is_mapping,
    "unreadable": _is_mapping, "config": _is_mapping, "flags": _is_numbers_by_name,
    "seconds": _is_numbers_by_name, "calibration_stars": _is_lists, "cameras": _is_cameras,
    "request": _is_request,
}  # fmt: skip
