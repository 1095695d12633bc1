"""Which phases are on and which are off, as a text tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Phases = NDArray[np.float64]

OFF, ON, NEITHER = 1, 0, -1


class Span(NamedTuple):
    """Phases from `low` up to, and without, `high`; it goes through 0 where `low` is larger."""

    low: float
    high: float

    def contains(self, phase: Phases, *, strict: bool = False) -> NDArray[np.bool_]:
        """Tell which phases lie in it; `strict` leaves out `low` as well, as published."""
        above = phase > self.low if strict else phase >= self.low
        below = phase < self.high
        return above & below if self.low < self.high else above | below

    def overlaps(self, other: Span) -> bool:
        """Tell whether they share more than an edge."""
        starts = self.contains(np.array([other.low])), other.contains(np.array([self.low]))
        return bool(starts[0][0] or starts[1][0])

    def __str__(self) -> str:
        return f"{self.low:g}:{self.high:g}"


@dataclass(frozen=True)
class PhaseRanges:
    """Phases of the pulse and phases without it.

    Attributes
    ----------
    on, off : tuple of Span
        Turns; a phase in any of them counts.
    """

    on: tuple[Span, ...]
    off: tuple[Span, ...]

    @classmethod
    def parse(cls, text: str) -> PhaseRanges:
        """Read ``on_low:on_high,off_low:off_high``.

        Parameters
        ----------
        text : str
            In turns from 0 to 1. Each side may be several ranges joined by ``&`` or ``|``, which
            both mean "or". A low end above the high one goes through phase 0.

        Raises
        ------
        NightglassError
            If it is no such text, a range is empty, or on and off overlap.
        """
        sides = text.split(",")
        if len(sides) != 2:
            raise _wrong(text, "it needs an on and an off range with a comma between them")
        on, off = (_spans(side, text) for side in sides)
        for one in on:
            for other in off:
                if one.overlaps(other):
                    raise _wrong(text, f"on {one} and off {other} overlap")
        return cls(on, off)

    def groups(self, phase: Phases, *, strict: bool = False) -> NDArray[np.int16]:
        """Give 0 for frames that are on, 1 for off, -1 for the rest and where phase is NaN."""
        found = np.full(phase.shape, NEITHER, np.int16)
        for group, spans in ((ON, self.on), (OFF, self.off)):
            for span in spans:
                found[span.contains(phase, strict=strict)] = group
        found[np.isnan(phase)] = NEITHER
        return found

    def __str__(self) -> str:
        return ",".join("|".join(map(str, spans)) for spans in (self.on, self.off))


def _spans(text: str, whole: str) -> tuple[Span, ...]:
    return tuple(_span(part, whole) for part in text.replace("&", "|").split("|"))


def _span(text: str, whole: str) -> Span:
    try:
        low, high = (float(end) for end in text.split(":"))
    except ValueError:
        raise _wrong(whole, f"{text.strip() or 'nothing'!r} is not low:high") from None
    if not (0.0 <= low <= 1.0 and 0.0 <= high <= 1.0):
        raise _wrong(whole, f"{text.strip()!r} does not lie between 0 and 1 turns")
    if low == high or (low, high) == (1.0, 0.0):
        raise _wrong(whole, f"{text.strip()!r} holds no phase")
    # Phase 1 is phase 0 of the next turn.
    return Span(0.0 if low == 1.0 else low, high)


def _wrong(text: str, why: str) -> NightglassError:
    return NightglassError(
        "No phase ranges", f"{text!r} can not be used: {why}.",
        "Write for instance --range 0.2:0.4,0.6:0.1, with | between several of a side.",
    )  # fmt: skip
