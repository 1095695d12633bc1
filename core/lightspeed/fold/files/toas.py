"""Times of arrival of the pulse, as a ``.tim`` file for PINT and TEMPO2."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ....errors import NightglassError
from ....frames.times import FrameTime, normalised
from ....timing.grid import exact_mjd
from ...products import new_file
from .provenance import facts_of, require_finished
from .tables import comment_lines, require_suffix
from .toa_places import ToaPlace, moved, place_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ....timing.edits import PivotedPhases
    from ....timing.pulse.profile import Profile
    from ....timing.pulse.template import Template
    from ....timing.pulse.template import Toa as Match
    from ..result import FoldResult, SourceFold
    from .provenance import Origin

    Numbers = NDArray[np.float64]

TIM_SUFFIX = ".tim"
LEAST_SNR = 3.0
"""A pulse that is weaker against its error has no time of arrival."""

# Light has no dispersion; both programs take zero for infinite frequency.
_INFINITE_MHZ = 0.0
_DECIMALS = 16
# A line that begins like a command (END, TIME, JUMP) would be taken for one.
_NAME = "ng_"
_ROUNDS = 4
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Toa:
    """One time of arrival.

    Attributes
    ----------
    fold : SourceFold
        Region and par file.
    time : FrameTime
        UTC at the place; the pulse nearest to the middle of its light.
    error_s : float
        Standard deviation.
    phase_shift : float
        Turns by which the pulse is later than the template.
    snr : float
        Pulse over its error.
    exposure_s : float
        Folded for it.
    moved_s : float
        By how much it arrives later at the place than at the telescope.
    """

    fold: SourceFold
    time: FrameTime
    error_s: float
    phase_shift: float
    snr: float
    exposure_s: float
    moved_s: float


def times_of_arrival(
    result: FoldResult,
    clocks: Sequence[PivotedPhases],
    *,
    template: Template | None = None,
    rows: int | None = None,
    place: ToaPlace | None = None,
) -> tuple[Toa, ...]:
    """Match the pulse of every fold against a template.

    Parameters
    ----------
    result : FoldResult
    clocks : sequence of PivotedPhases
        That gave the phases of each fold.
    template : Template or None
        Whose phase zero arrives; None makes one of each fold, so that residuals tell how the
        pulse moves within the capture and against the par file the fold is of.
    rows : int or None
        Rows of the raster for each time of arrival; None for one time of all light.
    place : ToaPlace or None
        Where it arrives; None for the known place near the telescope.

    Returns
    -------
    tuple of Toa
        Of the folds in order, each in order of time. Rows in which the pulse is not seen, or
        some phase was not exposed, have none.

    Raises
    ------
    NightglassError
        If nothing is folded, or no pulse is seen anywhere.
    """
    require_finished(result)
    made: list[Toa] = []
    for fold, clock in zip(result.folds, clocks, strict=True):
        where = place or place_near(clock.site)
        made += _of_fold(result, fold, clock, template, rows, where)
    if not made:
        raise NightglassError(
            "No time of arrival",
            f"The pulse is nowhere {LEAST_SNR:g} times its error.",
            "Fold more frames, or more rows for each time of arrival.",
            result.path,
        )
    return tuple(made)


def write_tim(
    result: FoldResult,
    toas: Sequence[Toa],
    path: str | Path,
    origin: Origin,
    place: ToaPlace | None = None,
    *,
    clobber: bool = False,
) -> Path:
    """Write times of arrival in TEMPO2's FORMAT 1.

    Parameters
    ----------
    result : FoldResult
    toas : sequence of Toa
        From `times_of_arrival`, of one pulsar.
    path : path-like
        Ends in ``.tim``.
    origin : Origin
    place : ToaPlace or None
        As given to `times_of_arrival`.
    clobber : bool
        Whether a file of this name may be replaced.

    Raises
    ------
    NightglassError
        If there is no time of arrival, they are of several pulsars, the file exists or cannot be
        written; nothing is left then.
    """
    path = Path(path)
    require_suffix(path, (TIM_SUFFIX,), "times of arrival")
    _require_one_pulsar(toas, path)
    where = place or place_near(origin.site)
    lines = ["FORMAT 1\n", *_comments(result, origin, where)]
    lines += [_line(toa, result.capture, where) for toa in toas]
    with new_file(path, clobber=clobber) as temporary:
        temporary.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


def _require_one_pulsar(toas: Sequence[Toa], path: Path) -> None:
    names = dict.fromkeys(toa.fold.psr for toa in toas)
    if len(names) != 1:
        raise NightglassError(
            "Could not write times of arrival",
            "There are none." if not names else f"They are of {' and '.join(names)}.",
            "Fold one pulsar, and write a file for each.",
            path,
        )


def _of_fold(
    result: FoldResult,
    fold: SourceFold,
    clock: PivotedPhases,
    template: Template | None,
    rows: int | None,
    place: ToaPlace,
) -> Iterator[Toa]:
    from ....timing.pulse.template import Template, match

    model = template or Template.of_profile(fold.profile)
    for profile, middle_s in _profiles(fold, rows):
        found = match(profile, model)
        if found.scale >= LEAST_SNR * found.scale_error:
            near = normalised(result.start.day, result.start.seconds + middle_s)
            yield _arrived(result, fold, clock, found, near, place, profile)


def _profiles(fold: SourceFold, rows: int | None) -> Iterator[tuple[Profile, float]]:
    """Give each part of a fold with the middle of its light, seconds since the start."""
    raster = fold.raster
    middles_s = 0.5 * (raster.edges_s[:-1] + raster.edges_s[1:])
    step = rows or middles_s.size
    for first in range(0, middles_s.size, step):
        part = slice(first, first + step)
        sums, variances, shares = (
            table[part].sum(axis=0) for table in (raster.sums, raster.variances, raster.shares)
        )
        if (shares > 0.0).all():
            profile = replace(fold.profile, sums=sums, variances=variances, shares=shares)
            weights = raster.shares[part].sum(axis=1)
            yield profile, float(np.average(middles_s[part], weights=weights))


def _arrived(
    result: FoldResult,
    fold: SourceFold,
    clock: PivotedPhases,
    found: Match,
    near: FrameTime,
    place: ToaPlace,
    profile: Profile,
) -> Toa:
    wanted = found.phase_shift - result.settings.phase_offset
    here = _instant_of(clock, near, wanted)
    moved_s = moved(clock, here, place)
    return Toa(
        fold,
        normalised(here.day, here.seconds + moved_s),
        found.error_turns / clock.frequency_hz,
        found.phase_shift,
        found.scale / found.scale_error,
        float(profile.exposure_s.sum()),
        moved_s,
    )


def _instant_of(clock: PivotedPhases, near: FrameTime, phase: float) -> FrameTime:
    """Instant nearest to another at which the pulsar has a phase."""
    time = near
    for _ in range(_ROUNDS):
        missing = phase - float(clock.phase([time.day], [time.seconds])[0])
        missing -= round(missing)
        time = normalised(time.day, time.seconds + missing / clock.frequency_hz)
    return time


def _comments(result: FoldResult, origin: Origin, place: ToaPlace) -> Iterator[str]:
    yield from comment_lines(facts_of(result, origin))
    position = " ".join(f"{metres:.1f}" for metres in place.site.itrf_m)
    yield f"# PLACE: {place.code}, {place.site.name}, ITRF {position} m\n"
    yield "# MOVED: -moved is by how many us a pulse is later there than at the telescope\n"
    yield "# CLOCK: no clock corrections were made\n"
    for psr, file in dict.fromkeys((fold.psr, fold.par_path) for fold in result.folds):
        yield f"# PARFILE {psr}: {file or 'not in a file'}\n"


def _line(toa: Toa, capture: str, place: ToaPlace) -> str:
    """Name, MHz, MJD, error in microseconds, site, and what more is known as flags."""
    flags = {
        "psr": _word(toa.fold.psr),
        "reg": _word(toa.fold.name) or str(toa.fold.ident),
        "shift": f"{toa.phase_shift:.9f}",
        "snr": f"{toa.snr:.2f}",
        "tobs": f"{toa.exposure_s:.6f}",
        "moved": f"{1e6 * toa.moved_s:.4f}",
    }
    told = " ".join(f"-{name} {value}" for name, value in flags.items())
    error_us, mjd = 1e6 * toa.error_s, f"{exact_mjd(*toa.time):.{_DECIMALS}f}"
    return f"{_NAME}{_word(capture)} {_INFINITE_MHZ:.1f} {mjd} {error_us:.4f} {place.code} {told}\n"


def _word(text: str) -> str:
    """Fields of the file end at blanks."""
    return _BLANKS.sub("_", text.strip())
