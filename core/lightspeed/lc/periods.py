"""Searches for the period of the light in a region."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...frames.times import DAY_S
from ...timing.search.light import SearchLight, refusal
from ..products import describe, write_fits
from .power import frame_interval_s
from .search_light import Start, measured_light, predicted, require_start
from .tables import TEXT_SUFFIXES, Table

if TYPE_CHECKING:
    import os

    from astropy.io.fits import Header

    from ...engine.jobs import JobContext
    from ...frames.positioned import PathLike
    from ...frames.times import FrameTime
    from ...timing.search.blind import Band
    from ...timing.search.grid import Extent
    from ...timing.search.result import Prediction, SearchResult
    from ...timing.search.statistic import Statistic
    from ..data_set import DataSet
    from ..modes import Mode

_MOST_MOVED = 0.01
# Name, field of a candidate, unit.
_COLUMNS = (
    ("F0", "f0_hz", "Hz"), ("F0_ERROR", "f0_error_hz", "Hz"),
    ("F1", "f1_hz_s", "Hz/s"), ("F1_ERROR", "f1_error_hz_s", "Hz/s"),
    ("DELTA_F0", "offset_hz", "Hz"), ("DELTA_F1", "offset_hz_s", "Hz/s"),
    ("STATISTIC", "statistic", ""), ("VALUE", "value", ""),
    ("PROB_ONE", "probability_once", ""), ("PROBABILITY", "probability", ""),
    ("SIGMA", "sigma", ""),
    ("HARMONICS", "harmonics", ""), ("HARMONIC_OF", "harmonic_of", ""), ("RATIO", "ratio", ""),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class PeriodSearch:
    """A search and where it comes from.

    Attributes
    ----------
    result : SearchResult
    epoch : FrameTime
        UTC of the mean time of the frames used.
    pepoch_mjd : float or None
        Epoch of the F0 and F1 of candidates, TDB, that of the par file; None: `epoch`.
    predicted_hz : float
        Frequency predicted as seen at the telescope; 0 for a blind search.
    header : astropy Header
        Of products.
    """

    result: SearchResult
    epoch: FrameTime
    pepoch_mjd: float | None
    predicted_hz: float
    header: Header

    @property
    def candidates(self) -> Table:
        """The list, the least probable first; NaN where an error is not known."""
        rows = self.result.candidates
        columns = {
            name: np.array([getattr(one, field) for one in rows]) for name, field, _ in _COLUMNS
        }
        units = {name: unit for name, _, unit in _COLUMNS if unit}
        return Table(columns, units, self.header, "CANDIDATES")

    @property
    def scan(self) -> Table:
        """FREQ and, of all F1 at each, the highest STATISTIC."""
        columns = {"FREQ": self.result.scan_hz, "STATISTIC": self.result.scan_value}
        return Table(columns, {"FREQ": "Hz"}, self.header, "SCAN")

    def save(self, filename: PathLike, *, clobber: bool = False) -> Path:
        """Write the candidates: as text for .ecsv and .csv, else as FITS with the scan beside them.

        Raises
        ------
        NightglassError
            If it exists and `clobber` is not set, or it cannot be written; nothing is left then.
        """
        from astropy.io import fits

        path = Path(filename)
        if path.suffix.lower() in TEXT_SUFFIXES:
            return self.candidates.save(path, clobber=clobber)
        units = [fits.PrimaryHDU(), self.candidates.hdu(), self.scan.hdu()]
        return write_fits(units, path, clobber=clobber)


def period_search(
    data_set: DataSet,
    roi: str | os.PathLike[str],
    start: Start,
    statistic: Statistic,
    extent: Extent,
    *,
    background: str | os.PathLike[str] | None = None,
    mode: Mode = "sum",
    top: int = 10,
    ctx: JobContext | None = None,
) -> PeriodSearch:
    """Search for a period around a predicted one.

    With a par file F0 and F1 are changed in the pulsar's own time, so that the motion of the
    telescope and of a companion stays in the phases.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    roi : path-like
        Region file; its first source is meant. Its sky, if any, is taken off frame by frame.
    start : Start
    statistic : Statistic
    extent : Extent
    background : path-like or None
        A region file all of which is sky.
    mode : str
        "sum" or "clip".
    top : int
        Candidates to be listed.
    ctx : JobContext or None
        Told of the progress; checked.

    Raises
    ------
    NightglassError
        If an option makes no sense, too few frames have light and a time, or a frame cannot be
        read.
    Cancelled
        If the job was cancelled.
    """
    from ...timing.search.around import search_around

    require_start(start)
    _require_list(top)
    measured = measured_light(data_set, roi, background, mode, ctx)
    light, prediction = predicted(data_set, measured, start)
    grid = extent.grid(light.span_s, statistic.harmonics, light.frequency_hz)
    result = search_around(
        light, prediction, statistic, grid, top=top, ctx=ctx, threads=data_set.options.threads
    )
    pepoch_mjd = None
    if start.ephemeris is not None:
        pepoch_mjd = float(start.ephemeris.solution.model.PEPOCH.value)
        _tell_reach(data_set, prediction, grid.f1.reach)
    options = {"roi": roi, "background": background, "mode": mode, "statistic": statistic.name,
               "f0": start.f0_hz, "f1": start.f1_hz_s}  # fmt: skip
    header = _header(data_set, result, measured.epoch, pepoch_mjd, options)
    return PeriodSearch(result, measured.epoch, pepoch_mjd, light.frequency_hz, header)


def blind_search(
    data_set: DataSet,
    roi: str | os.PathLike[str],
    band: Band,
    *,
    background: str | os.PathLike[str] | None = None,
    mode: Mode = "sum",
    stretches: int = 1,
    top: int = 10,
    ctx: JobContext | None = None,
) -> PeriodSearch:
    """Search for any period, by times at the telescope.

    Parameters
    ----------
    data_set, roi, background, mode, top, ctx
        As for `period_search`.
    band : Band
    stretches : int
        Stretches whose power spectra are averaged.

    Raises
    ------
    NightglassError
        If an option makes no sense, too few frames have light and a time, or a frame cannot be
        read.
    Cancelled
        If the job was cancelled.
    """
    from ...timing.search.blind import search_blind

    _require_list(top)
    measured = measured_light(data_set, roi, background, mode, ctx)
    light = SearchLight.of(
        measured.net_e, measured.elapsed_s, interval_s=frame_interval_s(data_set)
    )
    result = search_blind(
        light, band, stretches=stretches, top=top, ctx=ctx, threads=data_set.options.threads
    )
    options = {"roi": roi, "background": background, "mode": mode, "stretches": stretches,
               "f_min": band.f_min_hz, "f_max": band.f_max_hz}  # fmt: skip
    header = _header(data_set, result, measured.epoch, None, options)
    return PeriodSearch(result, measured.epoch, None, 0.0, header)


def _tell_reach(data_set: DataSet, prediction: Prediction, f1_reach_hz_s: float) -> None:
    """Say where F1 was searched so far that F0 at PEPOCH means little."""
    moved_hz = abs(f1_reach_hz_s * prediction.since_epoch_s)
    if moved_hz > _MOST_MOVED * prediction.f0_hz:
        days = abs(prediction.since_epoch_s) / DAY_S
        data_set.notice(
            f"F1 was searched so far that F0 at PEPOCH, {days:.4g} days away, moves by up to "
            f"{moved_hz:.4g} Hz; DELTA_F0 and DELTA_F1 are changes at the mean time of the frames."
        )


def _require_list(top: int) -> None:
    if top < 1:
        raise refusal(f"{top} candidates make no list", "Change --top.")


def _header(
    data_set: DataSet, result: SearchResult, epoch: FrameTime, pepoch_mjd: float | None,
    options: dict[str, Any],
) -> Header:  # fmt: skip
    from astropy.io import fits

    header = fits.Header()
    header["EXPTIME"] = (result.frames * data_set.exposure_s, "[s] of the frames used")
    describe(header, data_set, options=options)
    header["STATIST"] = (result.statistic, "statistic of the search")
    header["NTRIALS"] = (result.trials, "trials")
    header["NINDEP"] = (result.independent_trials, "independent ones among them")
    header["NUSED"] = (result.frames, "frames used")
    header["SPAN"] = (result.span_s, "[s] T, time covered")
    header["F0STEP"] = (result.f0_step_hz, "[Hz] from trial to trial")
    header["F1STEP"] = (result.f1_step_hz_s, "[Hz/s] from trial to trial")
    header["OVERSAMP"] = (result.oversampling, "1/T over the step of F0")
    header["MEANTIME"] = (epoch.iso(9), "UTC, mean time of the frames")
    header["EPOCH0"] = (
        "MEANTIME" if pepoch_mjd is None else f"MJD {pepoch_mjd!r} TDB", "epoch of F0 and F1"
    )  # fmt: skip
    return header
