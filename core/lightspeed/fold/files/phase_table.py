"""Phase and light of every frame as a file, written cube by cube: FITS, ECSV, CSV or HDF5."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ....errors import NightglassError
from ...products import new_file
from .exports import RATE, SECOND, TURN
from .phase_sinks import SUFFIXES, phase_sink
from .provenance import require_finished
from .tables import Column, require_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ....engine.jobs import JobContext
    from ....timing.edits import PivotedPhases
    from ..result import FoldResult
    from .provenance import Origin

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FoldedFrames:
    """Frames of one cube as one fold saw them, shape (n,) each.

    Attributes
    ----------
    phase : ndarray of float64
        Turns in [0, 1); NaN for a frame without a time.
    net_e, variance_e2 : ndarray of float64
        Electrons above the sky and their variance.
    """

    phase: Numbers
    net_e: Numbers
    variance_e2: Numbers


@dataclass(frozen=True, eq=False)
class CubeFrames:
    """Frames of one cube.

    Attributes
    ----------
    cube : int
        Its number.
    first : int
        Number of its first frame in the capture, from 0.
    day : ndarray of int64, shape (n,)
        UTC MJD of the instants that were given a phase.
    seconds : ndarray of float64, shape (n,)
        Of that day; NaN for a frame without a time.
    folds : sequence of FoldedFrames
        In the order of the result.
    """

    cube: int
    first: int
    day: Whole
    seconds: Numbers
    folds: Sequence[FoldedFrames]


def write_phase_table(
    result: FoldResult,
    path: str | Path,
    origin: Origin,
    clocks: Sequence[PivotedPhases],
    cubes: Iterable[CubeFrames],
    ctx: JobContext | None = None,
    *,
    clobber: bool = False,
) -> Path:
    """Write a line for every frame.

    Parameters
    ----------
    result : FoldResult
    path : path-like
        Ends in ``.fits``, ``.ecsv``, ``.csv``, ``.h5`` or ``.hdf5``.
    origin : Origin
    clocks : sequence of PivotedPhases
        That gave the phases of each fold.
    cubes : iterable of CubeFrames
        Asked for one after the other; no more than one is kept.
    ctx : JobContext or None
        Told of the progress; checked between cubes.
    clobber : bool
        Whether a file of this name may be replaced.

    Returns
    -------
    Path
        The file. Columns FRAME (from 0), CUBE, UTC_DAY (MJD), UTC_SEC; then for each fold TURNS
        (whole, so that TURNS + PHASE runs on), PHASE, FLUX and ERROR (electrons per second), from
        the second fold on with its number, such as PHASE_2.

    Raises
    ------
    NightglassError
        If nothing is folded, the file exists or cannot be written; nothing is left then.
    Cancelled
        If the job was cancelled; nothing is left then.
    """
    require_finished(result)
    path = Path(path)
    suffix = require_suffix(path, SUFFIXES, "a table of frames")
    counters = [TurnCounter(clock) for clock in clocks]
    done = 0
    with (
        new_file(path, clobber=clobber) as temporary,
        phase_sink(suffix, temporary, result, origin) as sink,
    ):
        for cube in cubes:
            if ctx is not None:
                ctx.check()
                ctx.progress(done, result.frames_total, f"cube {cube.cube}")
            sink.add(_columns(cube, counters, result.frame_s))
            done += cube.seconds.size
        if not done:
            raise NightglassError(
                "No frames", f"{result.capture} has no frame to list.",
                "Wait for the first cube.", result.path,
            )  # fmt: skip
        sink.finish()
    return path


@dataclass(eq=False)
class TurnCounter:
    """Counts whole turns, so that turns and phase of all frames together run on without a step."""

    clock: PivotedPhases
    _model: Any = field(init=False, default=None)
    _offset: float | None = field(init=False, default=None)

    def turns(self, day: Whole, seconds: Numbers, phase: Numbers) -> Whole:
        """Whole turns of frames from the zero phase of the par file, shape (n,).

        0 for a frame without a time. The phase shown differs from that of the par file by a
        constant: the offset chosen, the row of the region, the pivot of an edit.
        """
        turns = np.zeros(seconds.shape, np.int64)
        known = np.isfinite(seconds) & np.isfinite(phase)
        if known.any():
            whole, fraction = self._of_par_file(day[known], seconds[known])
            beyond = fraction - phase[known]
            if self._offset is None:
                self._offset = float(beyond[0] - np.round(beyond[0]))
            turns[known] = whole + np.round(beyond - self._offset).astype(np.int64)
        return turns

    def _of_par_file(self, day: Whole, seconds: Numbers) -> tuple[Whole, Numbers]:
        from ....timing.phase import PhaseModel

        if self._model is None:
            self._model = PhaseModel(self.clock.ephemeris, self.clock.site)
        whole, fraction = self._model.phase(day, seconds)
        return whole, fraction


def _columns(
    cube: CubeFrames, counters: Sequence[TurnCounter], frame_s: float
) -> tuple[Column, ...]:
    count = cube.seconds.size
    made = [
        Column("FRAME", np.arange(cube.first, cube.first + count), "", "of the capture, from 0"),
        Column("CUBE", np.full(count, cube.cube, np.int64), "", "number of the cube"),
        Column("UTC_DAY", cube.day, "d", "MJD of the instant that has this phase"),
        Column("UTC_SEC", cube.seconds, SECOND, "seconds of that day"),
    ]
    for number, (one, counter) in enumerate(zip(cube.folds, counters, strict=True), start=1):
        end = f"_{number}" if number > 1 else ""
        turns = counter.turns(cube.day, cube.seconds, one.phase)
        # Counts below the offset of the detector are expected to have less than no variance.
        error_e = np.sqrt(np.maximum(one.variance_e2, 0.0))
        made += [
            Column(f"TURNS{end}", turns, TURN, "whole turns"),
            Column(f"PHASE{end}", one.phase, TURN, "from 0 to below 1"),
            Column(f"FLUX{end}", one.net_e / frame_s, RATE, "above the sky"),
            Column(f"ERROR{end}", error_e / frame_s, RATE, "standard deviation"),
        ]
    return tuple(made)
