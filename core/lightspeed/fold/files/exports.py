"""Profiles and rasters of a fold as files: FITS, ECSV, CSV or PRESTO's ``.bestprof``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ....frames.times import DAY_S
from .provenance import facts_of, facts_of_fold, par_sheets, require_finished, text_facts
from .tables import (
    FITS_SUFFIXES,
    TABLE_SUFFIXES,
    Column,
    Fact,
    Picture,
    Sheet,
    require_suffix,
    write_fits_file,
    write_text_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ..result import FoldResult, Raster, SourceFold
    from .provenance import Origin

    Numbers = NDArray[np.float64]

Part = Literal["profile", "raster"]
RATE, TURN, SECOND = "electron/s", "turn", "s"


def write_fold(
    result: FoldResult,
    path: str | Path,
    origin: Origin,
    parts: Sequence[Part] = ("profile", "raster"),
    *,
    clobber: bool = False,
) -> Path:
    """Write profiles or rasters, the kind of file by the suffix of the name.

    Parameters
    ----------
    result : FoldResult
    path : path-like
        ``.fits`` holds for each region and par file a table PROFILE in the columns of
        `nightglass lc`, images RASTER, RASTER_ERROR and RASTER_EXPOSURE (phase across, time up)
        with the table ROWS of their times, and the par files as tables. ``.ecsv`` and ``.csv``
        hold all folds in one table, a bin a line, of the first of `parts`.
    origin : Origin
    parts : sequence of {"profile", "raster"}
        What to write.
    clobber : bool
        Whether a file of this name may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    NightglassError
        If nothing is folded, the suffix is unknown, the file exists or cannot be written; nothing
        is left then.
    """
    require_finished(result)
    path = Path(path)
    if require_suffix(path, TABLE_SUFFIXES, "a fold") in FITS_SUFFIXES:
        made = [part for name in parts for part in _FITS_PARTS[name](result)]
        return write_fits_file(
            path, facts_of(result, origin), [*made, *par_sheets(result)], clobber=clobber
        )
    table = _TEXT_TABLES[parts[0]]
    return write_text_file(path, table(result, text_facts(result, origin)), clobber=clobber)


def profile_sheets(result: FoldResult) -> list[Sheet]:
    """One table for each fold."""
    return [
        Sheet("PROFILE", profile_columns(fold), facts_of_fold(fold), number)
        for number, fold in enumerate(result.folds, start=1)
    ]


def profile_columns(fold: SourceFold) -> tuple[Column, ...]:
    """Bins of a turn, in the columns of `nightglass lc`."""
    profile = fold.profile
    low, high = _bin_ends(profile.n_bins)
    return (
        Column("PHASELO", low, TURN, "start of the bin"),
        Column("PHASEHI", high, TURN, "end of the bin"),
        Column("FLUX", profile.rate, RATE, "above the sky"),
        Column("ERROR", profile.error, RATE, "standard deviation"),
        Column("EXPOSURE", profile.exposure_s, SECOND, "exposure of the bin"),
        Column("COUNT", profile.shares, "", "frames, in shares"),
        Column("ELECTRON", profile.sums, "electron", "sum above the sky"),
    )


def raster_parts(result: FoldResult) -> Iterator[Sheet | Picture]:
    """Images and the times of their rows for each fold."""
    for number, fold in enumerate(result.folds, start=1):
        raster = fold.raster
        cards = (*_axes(result, raster), *facts_of_fold(fold))
        yield Picture("RASTER", raster.rate, RATE, cards, number)
        yield Picture("RASTER_ERROR", raster.error, RATE, cards, number)
        yield Picture("RASTER_EXPOSURE", raster.exposure_s, SECOND, cards, number)
        yield Sheet("ROWS", _row_columns(raster), (), number)


def _bin_ends(n_bins: int) -> tuple[Numbers, Numbers]:
    edges = np.arange(n_bins + 1) / n_bins
    return edges[:-1], edges[1:]


def _row_columns(raster: Raster) -> tuple[Column, ...]:
    since = "since DATE-OBS"
    return (
        Column("TIMELO", raster.edges_s[:-1], SECOND, f"start of the row {since}"),
        Column("TIMEHI", raster.edges_s[1:], SECOND, f"end of the row {since}"),
        Column("EXPOSURE", raster.shares.sum(axis=1) * raster.frame_s, SECOND, "of the row"),
    )


def _axes(result: FoldResult, raster: Raster) -> tuple[Fact, ...]:
    """Where the pixels of a raster lie: phase across, seconds since the start upwards."""
    n_bins, row_s = raster.sums.shape[1], float(raster.edges_s[1] - raster.edges_s[0])
    first_s = float(raster.edges_s[0]) + 0.5 * row_s
    return (
        Fact("CTYPE1", "PHASE", "phase of the pulse"),
        Fact("CUNIT1", TURN, "turns"),
        Fact("CRPIX1", 1.0, "middle of the first bin"),
        Fact("CRVAL1", 0.5 / n_bins, "[turn] its phase"),
        Fact("CDELT1", 1.0 / n_bins, "[turn] width of a bin"),
        Fact("CTYPE2", "TIME", "time since MJDREF"),
        Fact("CUNIT2", SECOND, "seconds"),
        Fact("CRPIX2", 1.0, "middle of the first row"),
        Fact("CRVAL2", first_s, "[s] its time"),
        Fact("CDELT2", row_s, "[s] height of a row"),
        Fact("TIMESYS", "UTC", "time scale"),
        Fact("DATEREF", result.start.iso(9), "UTC, from which the seconds count"),
        Fact("MJDREFI", result.start.day, "[d] DATEREF as MJD, whole days"),
        Fact("MJDREFF", result.start.seconds / DAY_S, "[d] and the rest"),
    )


def _profile_table(result: FoldResult, facts: tuple[Fact, ...]) -> Sheet:
    """All profiles under one another."""
    named = [(*_names(fold, fold.profile.n_bins), *profile_columns(fold)) for fold in result.folds]
    return Sheet("PROFILE", _stacked(named), facts)


def _raster_table(result: FoldResult, facts: tuple[Fact, ...]) -> Sheet:
    """All rasters under one another, a bin of a row a line."""
    return Sheet("RASTER", _stacked([_raster_lines(fold) for fold in result.folds]), facts)


def _raster_lines(fold: SourceFold) -> tuple[Column, ...]:
    raster = fold.raster
    rows, n_bins = raster.sums.shape
    low, high = _bin_ends(n_bins)
    since = "since DATE-OBS"
    return (
        *_names(fold, rows * n_bins),
        Column("TIMELO", np.repeat(raster.edges_s[:-1], n_bins), SECOND, f"start, {since}"),
        Column("TIMEHI", np.repeat(raster.edges_s[1:], n_bins), SECOND, f"end, {since}"),
        Column("PHASELO", np.tile(low, rows), TURN, "start of the bin"),
        Column("PHASEHI", np.tile(high, rows), TURN, "end of the bin"),
        Column("FLUX", raster.rate.ravel(), RATE, "above the sky"),
        Column("ERROR", raster.error.ravel(), RATE, "standard deviation"),
        Column("EXPOSURE", raster.exposure_s.ravel(), SECOND, "of the bin"),
    )


def _names(fold: SourceFold, count: int) -> tuple[Column, ...]:
    """Columns that tell the folds of one table apart."""
    return (
        Column("REGIONID", np.full(count, fold.ident, np.int64), "", "number of the region"),
        Column("REGION", np.full(count, fold.name), "", "its name"),
        Column("PSR", np.full(count, fold.psr), "", "pulsar"),
    )


def _stacked(tables: Sequence[tuple[Column, ...]]) -> tuple[Column, ...]:
    """Tables of the same columns under one another."""
    return tuple(
        replace(columns[0], values=np.concatenate([column.values for column in columns]))
        for columns in zip(*tables, strict=True)
    )


_FITS_PARTS = {"profile": profile_sheets, "raster": raster_parts}
_TEXT_TABLES = {"profile": _profile_table, "raster": _raster_table}
