"""Any product of a fold, by its kind and the suffix of its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from ....errors import NightglassError
from ...products import require_free
from .bestprof import BESTPROF_SUFFIX, write_bestprof
from .exports import Part, write_fold
from .phase_table import write_phase_table
from .provenance import require_finished
from .toas import times_of_arrival, write_tim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ....engine.jobs import JobContext
    from ....timing.edits import PivotedPhases
    from ....timing.pulse.template import Template
    from ..result import FoldResult
    from .phase_table import CubeFrames
    from .provenance import Origin
    from .toa_places import ToaPlace

Kind = Literal["profile", "raster", "fold", "toas", "phases"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, eq=False)
class Folded:
    """A result and what is needed to write everything of it.

    Attributes
    ----------
    result : FoldResult
    origin : Origin
    clocks : sequence of PivotedPhases
        That gave the phases of each fold.
    cubes : callable or None
        Gives the frames of cube after cube; None where phases of frames are not asked for.
    """

    result: FoldResult
    origin: Origin
    clocks: Sequence[PivotedPhases]
    cubes: Callable[[], Iterable[CubeFrames]] | None = None


@dataclass(frozen=True)
class ToaOptions:
    """How times of arrival are taken; see `times_of_arrival`."""

    rows: int | None = None
    place: ToaPlace | None = None
    template: Template | None = None


def write_product(
    kind: Kind,
    path: str | Path,
    folded: Folded,
    ctx: JobContext | None = None,
    *,
    toas: ToaOptions | None = None,
    clobber: bool = False,
) -> tuple[Path, ...]:
    """Write one product.

    Parameters
    ----------
    kind : {"profile", "raster", "fold", "toas", "phases"}
        "fold" is profile and raster in one FITS file; in text files it is the profile.
    path : path-like
        The suffix says how it is written. A ``.bestprof`` holds one fold and a ``.tim`` one
        pulsar: of several each gets a file with its number.
    folded : Folded
    ctx : JobContext or None
        Told of the progress; checked.
    toas : ToaOptions or None
    clobber : bool
        Whether files of these names may be replaced.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    NightglassError
        If nothing is folded, or a file exists or cannot be written.
    Cancelled
        If the job was cancelled.
    """
    path = Path(path)
    require_finished(folded.result)
    if kind == "phases":
        return (_phases(path, folded, ctx, clobber=clobber),)
    if kind == "toas":
        return _toas(path, folded, toas or ToaOptions(), clobber=clobber)
    if kind in {"profile", "fold"} and path.suffix.lower() == BESTPROF_SUFFIX:
        return _bestprofs(path, folded, clobber=clobber)
    parts: tuple[Part, ...] = ("profile", "raster") if kind == "fold" else (kind,)
    return (write_fold(folded.result, path, folded.origin, parts, clobber=clobber),)


def _phases(path: Path, folded: Folded, ctx: JobContext | None, *, clobber: bool) -> Path:
    if folded.cubes is None:
        raise NightglassError(
            "No phases of frames", "The frames of this fold are not at hand.", "", path
        )
    return write_phase_table(
        folded.result, path, folded.origin, folded.clocks, folded.cubes(), ctx, clobber=clobber
    )


def _bestprofs(path: Path, folded: Folded, *, clobber: bool) -> tuple[Path, ...]:
    folds = folded.result.folds
    names = _numbered(path, len(folds), clobber=clobber)
    return tuple(
        write_bestprof(folded.result, fold, clock, name, folded.origin, clobber=clobber)
        for fold, clock, name in zip(folds, folded.clocks, names, strict=True)
    )


def _toas(path: Path, folded: Folded, options: ToaOptions, *, clobber: bool) -> tuple[Path, ...]:
    made = times_of_arrival(
        folded.result, folded.clocks, template=options.template, rows=options.rows,
        place=options.place,
    )  # fmt: skip
    pulsars = tuple(dict.fromkeys(toa.fold.psr for toa in made))
    names = _numbered(path, len(pulsars), clobber=clobber)
    return tuple(
        write_tim(
            folded.result, [toa for toa in made if toa.fold.psr == psr], name, folded.origin,
            options.place, clobber=clobber,
        )
        for psr, name in zip(pulsars, names, strict=True)
    )  # fmt: skip


def _numbered(path: Path, count: int, *, clobber: bool) -> tuple[Path, ...]:
    """Names for so many files, all of them free before the first is written."""
    names = (
        (path,)
        if count == 1
        else tuple(path.with_stem(f"{path.stem}_{number}") for number in range(1, count + 1))
    )
    return tuple(require_free(name, clobber=clobber) for name in names)
