"""What an observer may choose about a fold, beside regions and par files."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Literal, get_args

from ...errors import NightglassError

if TYPE_CHECKING:
    from ...timing.pulse.ranges import PhaseRange

Stamp = Literal["middle", "start", "end"]
STAMPS: tuple[str, ...] = get_args(Stamp)
LEAST_BINS, MOST_BINS = 4, 1024
MOST_TURNS, MOST_OFFSET_S = 1e6, 1e8
"""Of the offsets: beyond, phases have no digits left, and times leave the tables of UTC."""


@dataclass(frozen=True)
class FoldSettings:
    """How light is folded.

    Attributes
    ----------
    n_bins : int
        Bins of a turn, 4 to 1024.
    f0_hz, f1_hz_s : float or None
        In place of F0 (Hz) and F1 (Hz/s) of the par file, at its PEPOCH; phases agree with those
        of the par file at the start of the capture.
    phase_offset : float
        Turns added to every phase.
    timing_offset_s : float
        Seconds taken off every time.
    stamp : {"middle", "start", "end"}
        Which instant of an exposure is given the phase of the par file.
    row_delay : bool
        Whether a region is timed by the rolling shutter at its own rows instead of the middle row
        of the frame.
    on, off : PhaseRange or None
        Phases of the pulse, and those without.

    Raises
    ------
    NightglassError
        If a value makes no sense.
    """

    n_bins: int = 32
    f0_hz: float | None = None
    f1_hz_s: float | None = None
    phase_offset: float = 0.0
    timing_offset_s: float = 0.0
    stamp: Stamp = "middle"
    row_delay: bool = False
    on: PhaseRange | None = None
    off: PhaseRange | None = None

    def __post_init__(self) -> None:
        if not LEAST_BINS <= self.n_bins <= MOST_BINS:
            raise _refusal(
                f"{self.n_bins} bins are not between {LEAST_BINS} and {MOST_BINS}",
                f"Choose {LEAST_BINS} to {MOST_BINS} bins.",
            )
        if self.f0_hz is not None and not (isfinite(self.f0_hz) and self.f0_hz > 0.0):
            raise _refusal(f"F0 of {self.f0_hz} Hz is no frequency", "Give Hz above zero.")
        numbers = (self.f1_hz_s or 0.0, self.phase_offset, self.timing_offset_s)
        if not all(map(isfinite, numbers)):
            raise _refusal("F1 or an offset is not a number", "Give a finite number.")
        if abs(self.phase_offset) > MOST_TURNS:
            raise _refusal(
                f"{self.phase_offset:g} turns of phase offset leave a phase no digits",
                "Give the part of a turn.",
            )
        if abs(self.timing_offset_s) > MOST_OFFSET_S:
            raise _refusal(
                f"A timing offset of {self.timing_offset_s:g} s is years",
                f"Give at most {MOST_OFFSET_S:g} s.",
            )
        if self.stamp not in STAMPS:
            raise _refusal(f"'{self.stamp}' is no part of an exposure", f"Choose {STAMPS}.")

    def stamp_shift_s(self, exposure_s: float) -> float:
        """Seconds from the middle of an exposure to the instant that is given its phase."""
        return {"start": -0.5, "middle": 0.0, "end": 0.5}[self.stamp] * exposure_s

    @property
    def is_edited(self) -> bool:
        """Whether F0 or F1 are others than those of the par file."""
        return self.f0_hz is not None or self.f1_hz_s is not None


def _refusal(text: str, hint: str) -> NightglassError:
    return NightglassError("Cannot fold like that", f"{text}.", hint)
