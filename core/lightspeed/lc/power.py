"""Power spectra of the light in a region, averaged over segments without gaps.

Definition. A segment of N frames with electrons x_k has the Fourier sums F_j; their squares are
averaged over all segments. White noise of variance V gives ``<|F_j|^2> = N V``, and the power is
``2 <|F_j|^2> / (N V)``: Leahy's, with the noise that is there in place of Poisson's. Electrons
are read-noisy, rounded to counts and cut, so V is measured: from the median of the averaged
squares over the frequencies, which a few lines or slow variations do not move. The expectation
without a signal is 2, whatever the dead time; V over the variance expected is told.

A sine of amplitude A electrons per frame at a Fourier frequency stands ``A^2 N / (2 V)`` above 2.
An exposure of E seconds damps amplitudes by ``sinc(pi f E)``: the light of the sine itself is
larger by one over that, and its power by one over its square, the column DAMPING.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...errors import NightglassError
from ..modes import check_mode
from ..products import describe
from .frame_fluxes import FrameFluxes, frame_fluxes
from .parts import make_plan
from .tables import Table

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..modes import Mode

    Numbers = NDArray[np.float64]

LEAST_FRAMES = 8
# Without a length, segments are this part of the longest stretch without gaps, if they keep
# `_USUAL_LEAST` frames.
_USUAL_SEGMENTS, _USUAL_LEAST = 16, 256
# Times are whole microseconds at worst; a lost frame shifts by a whole interval.
_GAP_PART = 0.5
_BATCH_VALUES = 1 << 21


class Segments(NamedTuple):
    """Frames of a segment, and the first frames of all segments, shape (n,)."""

    length: int
    starts: NDArray[np.int64]


def power_spectrum(
    data_set: DataSet,
    roi: str | os.PathLike[str],
    *,
    background: str | os.PathLike[str] | None = None,
    segment_s: float | None = None,
    max_freq_hz: float | None = None,
    rebin: int = 1,
    mode: Mode = "sum",
    ctx: JobContext | None = None,
) -> Table:
    """Look for periods in the light of a region.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    roi : path-like
        Region file; its first source is meant. Its sky, if any, is taken off frame by frame.
    background : path-like or None
        A region file all of which is sky.
    segment_s : float or None
        Length of a segment in seconds; None takes a 16th of the longest stretch without gaps.
    max_freq_hz : float or None
        Leave out what is above.
    rebin : int
        Average so many neighbouring frequencies.
    mode : str
        "sum" or "clip".
    ctx : JobContext or None
        Told of the progress; checked.

    Returns
    -------
    Table
        FREQ (Hz), POWER (expectation 2 without a signal), ERROR (its standard deviation:
        power over the root of the averaged powers), DAMPING (see above), AVERAGED (how many).

    Raises
    ------
    NightglassError
        If an option makes no sense, no stretch without gaps is long enough, or a frame cannot be
        read.
    Cancelled
        If the job was cancelled.
    """
    check_mode(mode)
    _check(data_set, segment_s, max_freq_hz, rebin, mode)
    plan = make_plan(data_set, roi, background, clip=mode == "clip", only_first=True)
    light = frame_fluxes(data_set, plan, ctx)
    interval_s = frame_interval_s(data_set)
    segments = find_segments(light.net_e[0], data_set.timestamps(), interval_s, segment_s)
    squares = mean_squares(light.net_e[0], segments, ctx)
    variance = noise_variance(squares, segments)
    if not variance > 0:
        raise NightglassError(
            "No power spectrum", "All frames have the same light.", "Choose another region."
        )
    made = _columns(squares, variance, segments, interval_s, data_set.exposure_s)
    made = _rebinned(_below(made, max_freq_hz), rebin)
    options: dict[str, object] = {
        "roi": roi,
        "background": background,
        "segment": segment_s,
        "max_freq": max_freq_hz,
        "rebin": rebin,
        "mode": mode,
    }
    header = _header(data_set, segments, light, variance, interval_s, options)
    return Table(made, {"FREQ": "Hz"}, header, "POWER")


def find_segments(
    light: Numbers, stamps: Numbers, interval_s: float, segment_s: float | None = None
) -> Segments:
    """Cut frames into segments none of which has a gap.

    Parameters
    ----------
    light : ndarray of float64, shape (n,)
        NaN for a frame that does not count.
    stamps : ndarray of float64, shape (n,)
        Seconds.
    interval_s : float
        Between frames.
    segment_s : float or None
        As for `power_spectrum`.

    Raises
    ------
    NightglassError
        If no stretch without gaps is long enough.
    """
    good = np.isfinite(light) & np.isfinite(stamps)
    joined = good[1:] & good[:-1]
    joined &= np.abs(np.diff(stamps) - interval_s) <= _GAP_PART * interval_s
    edges = np.flatnonzero(~joined) + 1
    runs = [(int(run[0]), len(run)) for run in np.split(np.arange(light.size), edges)
            if len(run) and good[run[0]]]  # fmt: skip
    longest = max((count for _, count in runs), default=0)
    length = _length(longest, interval_s, segment_s)
    starts = [first + np.arange(count // length) * length for first, count in runs]
    return Segments(length, np.concatenate(starts).astype(np.int64))


def mean_squares(light: Numbers, segments: Segments, ctx: JobContext | None = None) -> Numbers:
    """Average |F_j|^2 / N over the segments, shape (frequencies,), those of 0 and Nyquist left out.

    The mean of each segment is taken off, which only the frequency 0 feels.
    """
    length, total = segments.length, np.zeros((segments.length - 1) // 2)
    for starts in _batches(segments):
        if ctx is not None:
            ctx.check()
        piece = light[starts[:, None] + np.arange(length)]
        transformed = np.fft.rfft(piece - piece.mean(axis=1, keepdims=True), axis=1)
        total += (np.abs(transformed[:, 1 : total.size + 1]) ** 2).sum(axis=0)
    return np.asarray(total / (length * segments.starts.size), np.float64)


def noise_variance(squares: Numbers, segments: Segments) -> float:
    """Variance of the white noise: the median of the averaged squares over that of such averages.

    An average of m powers of noise has a gamma distribution of shape m.
    """
    from scipy.stats import gamma

    count = segments.starts.size
    return float(np.median(squares) / (gamma.ppf(0.5, count) / count))


def _batches(segments: Segments) -> Iterator[NDArray[np.int64]]:
    step = max(1, _BATCH_VALUES // segments.length)
    for first in range(0, segments.starts.size, step):
        yield segments.starts[first : first + step]


def frame_interval_s(data_set: DataSet) -> float:
    """Time from frame to frame; published conventions have the exposure inside a bundle."""
    steps = np.diff(data_set.timestamps())
    steps = steps[steps > 0]
    return float(np.median(steps)) if steps.size else data_set.exposure_s


def _length(longest: int, interval_s: float, segment_s: float | None) -> int:
    if segment_s is None:
        wanted = max(longest // _USUAL_SEGMENTS, min(longest, _USUAL_LEAST))
    else:
        wanted = round(segment_s / interval_s)
    if wanted < LEAST_FRAMES or wanted > longest:
        raise NightglassError(
            "No segment for a power spectrum",
            f"A segment of {wanted} frames was wanted, the longest stretch without gaps has "
            f"{longest} ({longest * interval_s:.4g} s), and {LEAST_FRAMES} are the least.",
            "Change --segment, or use more frames.",
        )
    return wanted


def _columns(
    squares: Numbers, variance: float, segments: Segments, interval_s: float, exposure_s: float
) -> dict[str, NDArray[Any]]:
    frequency = np.arange(1, squares.size + 1) / (segments.length * interval_s)
    power = 2.0 * squares / variance
    count = segments.starts.size
    return {
        "FREQ": frequency,
        "POWER": power,
        "ERROR": power / np.sqrt(count),
        "DAMPING": np.sinc(frequency * exposure_s) ** 2,
        "AVERAGED": np.full(squares.size, count, np.int64),
    }


def _below(columns: dict[str, NDArray[Any]], max_freq_hz: float | None) -> dict[str, NDArray[Any]]:
    if max_freq_hz is None:
        return columns
    kept = columns["FREQ"] <= max_freq_hz
    if not kept.any():
        lowest = float(columns["FREQ"][0])
        raise NightglassError(
            "No frequency left", f"The lowest frequency is {lowest:.4g} Hz.",
            "Raise --max-freq, or take longer segments.",
        )  # fmt: skip
    return {name: values[kept] for name, values in columns.items()}


def _rebinned(columns: dict[str, NDArray[Any]], rebin: int) -> dict[str, NDArray[Any]]:
    """Average neighbouring frequencies; the last bin may have fewer."""
    if rebin == 1:
        return columns
    first = np.arange(0, columns["FREQ"].size, rebin)
    width = np.diff([*first, columns["FREQ"].size])
    made = {
        name: np.add.reduceat(values, first) / width
        for name, values in columns.items() if name not in {"AVERAGED", "ERROR"}
    }  # fmt: skip
    averaged = columns["AVERAGED"][0] * width
    return {
        "FREQ": made["FREQ"], "POWER": made["POWER"],
        "ERROR": made["POWER"] / np.sqrt(averaged), "DAMPING": made["DAMPING"],
        "AVERAGED": averaged.astype(np.int64),
    }  # fmt: skip


def _header(
    data_set: DataSet, segments: Segments, light: FrameFluxes, variance: float, interval_s: float,
    options: dict[str, object],
) -> Header:  # fmt: skip
    from astropy.io import fits

    used = (segments.starts[:, None] + np.arange(segments.length)).ravel()
    expected = float(light.variance_e2[0, used].mean())
    mean = float(light.net_e[0, used].mean())
    header = fits.Header()
    header["EXPTIME"] = (used.size * data_set.exposure_s, "[s] of the frames used")
    describe(header, data_set, options=options)
    header["NSEGMENT"] = (segments.starts.size, "segments averaged")
    header["SEGFRAME"] = (segments.length, "frames of a segment")
    header["SEGTIME"] = (segments.length * interval_s, "[s] length of a segment")
    header["NUSED"] = (used.size, "frames in segments")
    header["INTERVAL"] = (interval_s, "[s] from frame to frame")
    header["LIVEFRAC"] = (data_set.exposure_s / interval_s, "exposure over interval")
    header["NOISELEV"] = (2.0, "power of noise alone")
    header["MEANFLUX"] = (mean, "[electron] per frame")
    header["NOISEVAR"] = (variance, "[electron^2] variance of the noise, measured")
    header["EXPECVAR"] = (expected, "[electron^2] of Poisson and read noise")
    return header


def _check(
    data_set: DataSet, segment_s: float | None, max_freq_hz: float | None, rebin: int, mode: str
) -> None:
    """Refuse what makes no sense before any frame is read."""
    wrong = None
    if mode == "weight":
        wrong = "Weight mode gives no light of single frames", "Use --mode sum or clip."
    elif segment_s is not None and not 0 < segment_s < np.inf:
        wrong = f"A segment of {segment_s:g} s makes no sense", "Change --segment."
    elif max_freq_hz is not None and not max_freq_hz > 0:
        wrong = f"A highest frequency of {max_freq_hz:g} Hz makes no sense", "Change --max-freq."
    elif rebin < 1:
        wrong = f"{rebin} frequencies a bin make no sense", "Change --rebin."
    elif data_set.num_frames() < LEAST_FRAMES:
        wrong = f"The capture has {data_set.num_frames()} frames only", "Use more frames."
    if wrong is not None:
        raise NightglassError("No power spectrum", f"{wrong[0]}.", wrong[1])
