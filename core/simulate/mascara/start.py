"""The first slot of a night, given as a number, as a time, or not at all."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from ...timing.sidereal import BATCH, jd_from, sequence
from .refusal import refusal

_MIDNIGHTS = {"LaPalma": "2015-02-19T00:30:00", "LaSilla": "2017-11-18T04:00:00"}
"""Nights of new Moon."""
_MOST_SLOTS = 10**8


def first_slot(start: str, site: str) -> int:
    """LST sequence number of the slot that is asked for, or of the usual one.

    Raises
    ------
    NightglassError
        If `start` is neither a number nor a UTC time.
    """
    if not start:
        usual = _slot_at(_MIDNIGHTS[site])
        return -(-usual // BATCH) * BATCH
    slot = int(start) if start.isdecimal() else _slot_at(start)
    if not 0 < slot < _MOST_SLOTS:
        raise refusal(f"the start {start!r} is out of range", "Slots are counted since 2013.")
    return slot


def _slot_at(text: str) -> int:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise refusal(
            f"the start {text!r} is neither a slot nor a UTC time",
            "Give an LST sequence number such as 10600000, or a time like 2015-02-19T00:30:00.",
        ) from None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return math.floor(float(sequence(jd_from(date))))
