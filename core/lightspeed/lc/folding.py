"""Sums of apertures folded into bins of phase, cube after cube in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from ...frames.times import FrameTimes
from ...timing.fold import Folded, fold
from .parts import Chunk, Plan, measured, variances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..ephemeris import Ephemeris

    Numbers = NDArray[np.float64]

# Rows of what is folded: light, frames, pixels cut, saturated frames.
LIGHT, FRAMES, LOST, SATURATED = range(4)
_MINUTE_S = 60.0


class Turns(NamedTuple):
    """Phases of the frames of a cube, and the spin frequency that smears and delays them."""

    phase: Numbers
    frequency_hz: float
    smear: float


@dataclass(frozen=True, eq=False)
class Folds:
    """Every part of a plan, folded.

    Attributes
    ----------
    whole : list of Folded
        One of each part: rows are light, frames, pixels cut and saturated frames.
    blocks : list of list of Folded
        The light alone, for each part and block of time; empty where no blocks were asked for.
    """

    whole: list[Folded]
    blocks: list[list[Folded]]


class Clock:
    """Phases of frames, cube by cube: the same for a capture that is read while it grows.

    Parameters
    ----------
    data_set : DataSet
        Gives the times, the exposure and the conventions.
    ephemeris : Ephemeris
        Gives the phases.
    """

    def __init__(self, data_set: DataSet, ephemeris: Ephemeris) -> None:
        self._times = data_set.frame_times()
        self._ephemeris = ephemeris
        self._smears = data_set.conventions.smears
        self._frequencies: dict[tuple[int, int], float] = {}
        self.exposure_s = data_set.exposure_s

    def turns(self, first: int, cubes: Sequence[slice]) -> list[Turns]:
        """Give the phases of cubes, slices into the frames from number `first` on."""
        times = self._times.part(first, first + cubes[-1].stop)
        phase = self._ephemeris.phases(times)
        made = []
        for cube in cubes:
            frequency_hz = self._frequency_hz(times.part(cube.start, cube.stop))
            smear = self.exposure_s * frequency_hz if self._smears else 0.0
            made.append(Turns(phase[cube], frequency_hz, smear))
        return made

    def _frequency_hz(self, times: FrameTimes) -> float:
        """Spin frequency in the middle of the minute that the first frame is in.

        Whatever other frames there are, it is the same; in half a minute it changes by 1e-8.
        """
        known = np.flatnonzero(np.isfinite(times.seconds))
        if not known.size:
            return 0.0
        start = times[int(known[0])]
        minute = start.day, int(start.seconds // _MINUTE_S)
        if minute not in self._frequencies:
            middle = np.array([(minute[1] + 0.5) * _MINUTE_S])
            at = FrameTimes(np.array([start.day]), middle, times.quality)
            self._frequencies[minute] = self._ephemeris.frequency_hz(at)
        return self._frequencies[minute]


def require_bins(data_set: DataSet, ephemeris: Ephemeris, n_bins: int, most: int) -> None:
    """Refuse numbers of bins that make no sense, and captures shorter than a bin.

    Raises
    ------
    NightglassError
        If so.
    """
    if not 1 <= n_bins <= most:
        raise NightglassError(
            "Cannot fold so", f"{n_bins:,} is not a number of bins from 1 to {most:,}.",
            "Change --bins.",
        )  # fmt: skip
    stamps = data_set.timestamps()
    stamps = stamps[np.isfinite(stamps)]
    if not stamps.size:
        raise NightglassError(
            "No times", f"No frame of {data_set.capture.name} has a time.", "Use other cubes."
        )
    length_s = float(stamps.max() - stamps.min()) + data_set.exposure_s
    bin_s = 1.0 / (ephemeris.frequency_hz(data_set.frame_times()) * n_bins)
    if length_s < bin_s:
        raise NightglassError(
            "The capture is too short",
            f"Its {length_s:.3g} s are less than one bin of {bin_s:.3g} s.",
            "Use more frames, or more bins.",
            data_set.header.path,
        )


def fold_all(
    data_set: DataSet,
    plan: Plan,
    ephemeris: Ephemeris,
    n_bins: int,
    *,
    n_blocks: int = 0,
    ctx: JobContext | None = None,
) -> Folds:
    """Fold all parts of a plan.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    plan : Plan
        What is added up.
    ephemeris : Ephemeris
        Gives the phases.
    n_bins : int
        Bins of a turn.
    n_blocks : int
        Fold the light in so many blocks of consecutive frames as well.
    ctx : JobContext or None
        Told of the progress; checked.
    """
    clock, parts = Clock(data_set, ephemeris), plan.parts
    whole: list[Folded | None] = [None] * len(parts)
    blocks: list[list[Folded | None]] = [[None] * n_blocks for _ in parts]
    total = data_set.num_frames()
    for chunk in measured(data_set, plan, ctx):
        for cube, turns in zip(chunk.cubes, clock.turns(chunk.first, chunk.cubes), strict=True):
            for index in range(len(parts)):
                made = _fold_cube(chunk, plan, index, cube, turns, clock.exposure_s, n_bins)
                whole[index] = _added(whole[index], made)
                for block, piece in _pieces(chunk.first, cube, total, n_blocks):
                    made = _fold_light(chunk, plan, index, cube, piece, turns, clock, n_bins)
                    blocks[index][block] = _added(blocks[index][block], made)
    nothing = fold(np.zeros(0), np.zeros(0), clock.exposure_s, n_bins)
    return Folds(
        [one for one in whole if one is not None],
        [[one or nothing for one in of_part] for of_part in blocks],
    )


def _added(sum_: Folded | None, more: Folded) -> Folded:
    return more if sum_ is None else sum_ + more


def _fold_cube(
    chunk: Chunk, plan: Plan, index: int, cube: slice, turns: Turns, exposure_s: float, n_bins: int
) -> Folded:
    part = plan.parts[index]
    flux, lost = chunk.sums.flux_e[index, cube], chunk.sums.lost[index, cube]
    none = np.zeros(flux.size)
    rows = [flux, none + 1.0, lost, chunk.sums.saturated[cube]]
    spread = [variances(part, flux, lost), none + 1.0, none, none]
    return fold(
        turns.phase + part.delay_s * turns.frequency_hz, np.array(rows, np.float64), exposure_s,
        n_bins, smear_turns=turns.smear, variances=np.array(spread),
    )  # fmt: skip


def _fold_light(
    chunk: Chunk, plan: Plan, index: int, cube: slice, piece: slice, turns: Turns, clock: Clock,
    n_bins: int,
) -> Folded:  # fmt: skip
    """Fold the light of a piece of a cube."""
    phase = turns.phase[piece] + plan.parts[index].delay_s * turns.frequency_hz
    flux = chunk.sums.flux_e[index, cube][piece]
    return fold(phase, flux, clock.exposure_s, n_bins, smear_turns=turns.smear)


def _pieces(first: int, cube: slice, total: int, n_blocks: int) -> list[tuple[int, slice]]:
    """Blocks that frames of a cube fall into, and which frames of it."""
    if not n_blocks:
        return []
    number = np.arange(first + cube.start, first + cube.stop)
    block = number * n_blocks // total
    found = []
    for which in np.unique(block).tolist():
        inside = np.flatnonzero(block == which)
        found.append((which, slice(int(inside[0]), int(inside[-1]) + 1)))
    return found
