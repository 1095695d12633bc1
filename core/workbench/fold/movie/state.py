"""What there is to tell about a phase movie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ....timing.pulse.ranges import PhaseRange

Sheet = Literal["movie", "difference", "ratio"]
TURNS_PER_S = 0.5


@dataclass(frozen=True)
class MovieState:
    """What there is to tell about the phase movie.

    Attributes
    ----------
    sheet : {"movie", "difference", "ratio"} or None
        What is shown; None for the frames.
    n_bins, bin : int
        Bins in a turn (0 before there are images), and the one shown, from 0.
    phase : float or None
        Middle of that bin, turns.
    bin_frames : int
        Frames in that bin.
    frames, frames_total : int
        Frames added up, and those of the capture.
    progress : float or None
        Part of the work done while images are built.
    is_old : bool
        Whether the images are of another par file, frequency, number of bins or timing.
    is_stopped : bool
        Whether frames are missing that nobody adds.
    on, off : PhaseRange or None
        Of the difference.
    note : str
        What was given up to save memory.
    is_playing : bool
    turns_per_s : float
        Speed of playing.
    """

    sheet: Sheet | None = None
    n_bins: int = 0
    bin: int = 0
    phase: float | None = None
    bin_frames: int = 0
    frames: int = 0
    frames_total: int = 0
    progress: float | None = None
    is_old: bool = False
    is_stopped: bool = False
    on: PhaseRange | None = None
    off: PhaseRange | None = None
    note: str = ""
    is_playing: bool = False
    turns_per_s: float = TURNS_PER_S
