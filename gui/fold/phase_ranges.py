"""Ranges of phase on an axis of two turns: where they lie, and what a hand makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ...core.timing.pulse.ranges import PhaseRange
from .plot import TURNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Which = Literal["on", "off"]
WHICH: tuple[Which, ...] = ("on", "off")
Part = Literal["body", "start", "stop", "new"]
STEP_TURNS = 0.001
LEAST_TURNS = 0.005
"""A range does not get narrower than this under a hand."""


@dataclass(frozen=True)
class Grip:
    """What a hand has taken hold of.

    Attributes
    ----------
    which : {"on", "off"}
    part : {"body", "start", "stop", "new"}
    before : PhaseRange or None
        The range as it was; None for a new one.
    pressed : float
        Where on the axis, turns from 0 to 2.
    """

    which: Which
    part: Part
    before: PhaseRange | None
    pressed: float

    def range_at(self, position: float) -> PhaseRange:
        """Range with the hand at a position of the axis."""
        by = position - self.pressed
        if self.before is None:
            return _spanned(min(position, self.pressed), abs(by))
        start, width = self.before.start, self.before.width
        if self.part == "body":
            return _spanned(start + by, width)
        if self.part == "stop":
            return _spanned(start, width + by)
        kept = _held_width(width - by)
        return _spanned(start + width - kept, kept)


def stretches(phases: PhaseRange) -> list[tuple[float, float]]:
    """Where a range lies on the axis, as pairs of ends between 0 and 2 turns, ascending."""
    ends = ((phases.start + turn, phases.start + phases.width + turn) for turn in (-1, 0, 1))
    return [
        (max(left, 0.0), min(right, TURNS)) for left, right in ends if right > 0 and left < TURNS
    ]


def edges(phases: PhaseRange) -> list[tuple[Part, float]]:
    """Ends of a range that lie on the axis, each with its name."""
    named: Iterable[tuple[Part, float]] = (("start", phases.start), ("stop", phases.stop))
    return [(part, phase + turn) for part, phase in named for turn in (0, 1)]


def grip_at(
    ranges: Mapping[Which, PhaseRange | None], position: float, reach: float
) -> Grip | None:
    """What there is to take hold of at a position of the axis; an edge before what lies inside.

    Parameters
    ----------
    ranges : mapping
    position : float
        Turns from 0 to 2.
    reach : float
        From how far an edge is caught, turns.
    """
    shown = [(which, phases) for which in WHICH if (phases := ranges[which]) is not None]
    near = [
        (abs(place - position), Grip(which, part, phases, position))
        for which, phases in shown
        for part, place in edges(phases)
        if abs(place - position) <= reach
    ]
    if near:
        return min(near, key=lambda one: one[0])[1]
    inside = (one for one in shown if bool(one[1].contains(position)))
    return next((Grip(which, "body", phases, position) for which, phases in inside), None)


def shifted(phases: PhaseRange, by_turns: float) -> PhaseRange:
    """Range moved along."""
    return _spanned(phases.start + by_turns, phases.width)


def widened(phases: PhaseRange, by_turns: float) -> PhaseRange:
    """Range whose end is moved."""
    return _spanned(phases.start, phases.width + by_turns)


def _held_width(width: float) -> float:
    return min(max(width, LEAST_TURNS), 1.0)


def _spanned(start: float, width: float) -> PhaseRange:
    """Range in whole steps, that its ends can be written with few digits."""
    first = round(start / STEP_TURNS)
    steps = round(_held_width(width) / STEP_TURNS)
    per_turn = round(1.0 / STEP_TURNS)
    return PhaseRange((first % per_turn) / per_turn, ((first + steps) % per_turn) / per_turn)
