"""Signals tied to slots, and cut."""

from __future__ import annotations

from nightglass.core.ties import Ties
from psygnal import Signal


class _Bell:
    rung = Signal(int)


def test_every_slot_hears_until_the_ties_are_cut() -> None:
    one, other, heard = _Bell(), _Bell(), []
    ties = Ties((one.rung, heard.append), (other.rung, lambda number: heard.append(-number)))
    one.rung.emit(1)
    other.rung.emit(2)
    ties.cut()
    ties.cut()
    one.rung.emit(3)
    other.rung.emit(4)
    assert heard == [1, -2]
