"""Flux of a source against time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from ...frames.times import DAY_S
from ..modes import Mode, check_mode
from ..products import describe
from .frame_fluxes import net_of
from .lightcurve import ELECTRONS, PHOTONS
from .parts import Plan, make_plan, measured
from .tables import Table

if TYPE_CHECKING:
    import os

    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet

    Numbers = NDArray[np.float64]


class _Series(NamedTuple):
    """Of each bin: flux, variance and seconds that count; pixels cut and saturated frames."""

    flux: Numbers
    variance: Numbers
    exposure_s: Numbers
    columns: dict[str, Numbers]


def photometry(
    data_set: DataSet,
    source: str | os.PathLike[str],
    *,
    background: str | os.PathLike[str] | None = None,
    comparison: str | os.PathLike[str] | None = None,
    rebin: int = 1,
    mode: Mode = "sum",
    psf: bool = False,
    n_electrons: int | None = None,
    n_iterations: int = 25,
    ctx: JobContext | None = None,
) -> Table:
    """Follow a source in time.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    source : path-like
        Region file; its first source is meant. Regions marked as background are the sky.
    background : path-like or None
        A region file all of which is sky.
    comparison : path-like or None
        Region file of a star to compare with; its own sky regions, or `background`, are its sky.
    rebin : int
        Frames added up in each bin; the last one may have fewer.
    mode : str
        "sum", "clip" or "weight", as for `light_curve`.
    psf, n_electrons, n_iterations
        Of weight mode, as for `light_curve`.
    ctx : JobContext or None
        Told of the progress; checked.

    Returns
    -------
    Table
        TIMEHI, TIMELO (end of the last and start of the first exposure of a bin, seconds after
        0 h UTC of the day MJDREFI), FLUX and ERROR per second, EXPOSURE (seconds that count),
        NLOST and SATURATED; REL, REL_ERROR, COMP and COMP_ERROR where there is a comparison.
        A bin none of whose frames count has NaN for a flux.

    Raises
    ------
    NightglassError
        If an option makes no sense, a region holds no pixel, or a frame cannot be read.
    Cancelled
        If the job was cancelled.
    """
    check_mode(mode, n_electrons, n_iterations, psf=psf)
    if rebin < 1:
        raise NightglassError(
            "Cannot follow it so", f"{rebin} frames a bin make no sense.", "Change --rebin."
        )
    how = _How(data_set, rebin, mode, psf, n_electrons, n_iterations, ctx)
    data_set.notice_times()
    made = how.series(source, background)
    low, high, reference = _edges(data_set, how.bins())
    columns = {"TIMEHI": high, "TIMELO": low, "FLUX": made.flux, "ERROR": np.sqrt(made.variance),
               "EXPOSURE": made.exposure_s, **made.columns}  # fmt: skip
    unit = PHOTONS if mode == "weight" else ELECTRONS
    units = {"TIMEHI": "s", "TIMELO": "s", "FLUX": unit, "ERROR": unit, "EXPOSURE": "s"}
    if comparison is not None:
        star = how.series(comparison, background)
        columns |= _relative(made, star)
        units |= {"COMP": unit, "COMP_ERROR": unit}
    options: dict[str, object] = {
        "src": source,
        "bkg": background,
        "comp": comparison,
        "rebin": rebin,
        "mode": mode,
    }
    header = _header(data_set, reference, rebin, float(made.exposure_s.sum()), options)
    return Table(columns, units, header, "PHOTOMETRY")


@dataclass(frozen=True, eq=False)
class _How:
    """All but the regions."""

    data_set: DataSet
    rebin: int
    mode: Mode
    psf: bool
    n_electrons: int | None
    n_iterations: int
    ctx: JobContext | None

    def bins(self) -> NDArray[np.int64]:
        """Bin of every frame in use."""
        return np.arange(self.data_set.num_frames()) // self.rebin

    def series(
        self, roi: str | os.PathLike[str], background: str | os.PathLike[str] | None
    ) -> _Series:
        plan = make_plan(self.data_set, roi, background, clip=self.mode == "clip", only_first=True)
        return self._weighted(plan) if self.mode == "weight" else _added_up(self, plan)

    def _weighted(self, plan: Plan) -> _Series:
        from .sampling import MOST_GROUPS, Frames, Limits
        from .weighted import weighted_fluxes

        bins = self.bins()
        n_bins = int(bins[-1]) + 1
        if n_bins > MOST_GROUPS:
            raise NightglassError(
                "Too many bins for weight mode", f"There would be {n_bins:,} of them.",
                "Raise --rebin.",
            )  # fmt: skip
        limits = Limits(self.psf, self.n_electrons, self.n_iterations)
        frames = Frames(self.data_set, lambda _: bins.astype(np.int16), n_bins, limits, self.ctx)
        made = weighted_fluxes(frames, plan)[0]
        columns = {"NLOST": made.columns["NLOST"], "SATURATED": np.full(n_bins, np.nan)}
        exposure_s = made.frames * self.data_set.exposure_s
        return _Series(made.flux, made.error**2, exposure_s, columns)


def _added_up(how: _How, plan: Plan) -> _Series:
    """Add up the frames of each bin in their order; frames without any pixel do not count."""
    bins, exposure_s = how.bins(), how.data_set.exposure_s
    n_bins = int(bins[-1]) + 1 if bins.size else 0
    sums, noise_e2 = np.zeros((5, n_bins)), 0.0
    for chunk in measured(how.data_set, plan, how.ctx):
        net = net_of(chunk, plan, 0)
        noise_e2 = net.noise_e2
        place = bins[chunk.first : chunk.first + net.light_e.size]
        good = np.isfinite(net.light_e)
        rows = (net.light_e, net.variance_e2, good, chunk.sums.lost[0], chunk.sums.saturated)
        for row, values in enumerate(rows):
            sums[row] += np.bincount(place[good], values[good], minlength=n_bins)
    frames = np.where(sums[2] > 0, sums[2], np.nan)
    return _Series(
        sums[0] / (frames * exposure_s),
        np.maximum(sums[1], frames * noise_e2) / (frames * exposure_s) ** 2,
        sums[2] * exposure_s,
        {"NLOST": sums[3], "SATURATED": sums[4]},
    )


def _relative(made: _Series, star: _Series) -> dict[str, Numbers]:
    """Flux over that of the comparison, with both errors."""
    known = star.flux > 0
    flux = np.where(known, star.flux, np.nan)
    ratio = made.flux / flux
    variance = (made.variance + ratio**2 * star.variance) / flux**2
    return {
        "REL": ratio,
        "REL_ERROR": np.sqrt(variance),
        "COMP": star.flux,
        "COMP_ERROR": np.sqrt(star.variance),
    }


def _edges(data_set: DataSet, bins: NDArray[np.int64]) -> tuple[Numbers, Numbers, int]:
    """Start and end of the exposures of each bin, and the day they count from."""
    times, n_bins = data_set.frame_times(), int(bins[-1]) + 1 if bins.size else 0
    known = np.isfinite(times.seconds)
    reference = int(times.day[known][0]) if known.any() else 0
    middle = (times.day - reference) * float(DAY_S) + times.seconds
    low, high = np.full(n_bins, np.inf), np.full(n_bins, -np.inf)
    np.minimum.at(low, bins[known], middle[known])
    np.maximum.at(high, bins[known], middle[known])
    half_s = data_set.exposure_s / 2.0
    empty = ~np.isfinite(low)
    return (
        np.where(empty, np.nan, low - half_s),
        np.where(empty, np.nan, high + half_s),
        reference,
    )


def _header(
    data_set: DataSet, reference: int, rebin: int, live_s: float, options: dict[str, object]
) -> Header:
    from astropy.io import fits

    header = fits.Header()
    header["EXPTIME"] = (live_s, "[s] of all frames that count")
    header["DURATION"] = (data_set.exposure_s * rebin, "[s] exposure of a whole bin")
    describe(header, data_set, options=options)
    header["MJDREFI"] = (reference, "times count from 0 h UTC of this day")
    header["TIMEUNIT"] = ("s", "unit of TIMELO and TIMEHI")
    return header
