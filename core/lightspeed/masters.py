"""Master bias, dark and flat frames: made from a capture, kept in a FITS file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ..engine.jobs import JobContext
from ..errors import NightglassError

if TYPE_CHECKING:
    from pathlib import Path

    from .camera import Subarray
    from .capture import Capture
    from .cube import CubeHeader

FloatImage = NDArray[np.float32]
MasterKind = Literal["bias", "dark", "flat"]
KINDS: tuple[MasterKind, ...] = get_args(MasterKind)
DETECTOR_OFFSET_ADU = 199.5
UNITS = {"bias": "adu", "dark": "adu/s", "flat": ""}
MOST_TEMPERATURE_STEP_C = 1.0


@dataclass(frozen=True, eq=False)
class Master:
    """The mean of many calibration frames, and how it was taken.

    Attributes
    ----------
    kind : str
        "bias", "dark" or "flat".
    image : ndarray of float32, shape (rows, columns)
        Bias: ADU, detector offset included. Dark: ADU per second. Flat: response, median 1.
    subarray : Subarray or None
        Part of the sensor in unbinned pixels; None for all of it.
    binning : int
        Sensor pixels along one side of an image pixel.
    frames : int
        How many were averaged.
    exposure_s : float or None
        Of one frame.
    temperature_c : float or None
        Of the sensor, mean over the cubes.
    sources : tuple of str
        Names of the cubes that went in.
    notes : tuple of str
        How it was made and what did not match, as sentences.
    path : Path or None
        The file it is kept in.
    """

    kind: MasterKind
    image: FloatImage
    subarray: Subarray | None = None
    binning: int = 1
    frames: int = 0
    exposure_s: float | None = None
    mode: str | None = None
    filter: str | None = None
    temperature_c: float | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    path: Path | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.image.shape
        return rows, columns


def mean_counts(capture: Capture, ctx: JobContext, *, text: str = "") -> NDArray[np.float64]:
    """Average every frame of a capture.

    The raw counts are added as whole numbers, so that the result does not depend on the order
    or on how the frames lie in cubes.

    Parameters
    ----------
    capture : Capture
        Counts of 8 or 16 bits.
    ctx : JobContext
        Told of the progress in frames; looked at for a cancel.

    Returns
    -------
    ndarray of float64, shape (rows, columns)
        Mean counts in ADU.

    Raises
    ------
    NightglassError
        If there are no frames or one cannot be read.
    Cancelled
        If the job was cancelled.
    """
    from .reduce import Recipe, stack

    n_frames = capture.n_frames
    if n_frames == 0:
        raise NightglassError(
            "No frames", f"{capture.name} holds no frames.", "Choose another capture.", capture.path
        )
    with_text = JobContext(ctx.token, lambda now: ctx.progress(now.done, now.total, text))
    # Sums of whole counts below 2^53 are exact in float64.
    made = stack(capture.cubes, Recipe(1.0, offset_adu=0.0, cosmic=None), ctx=with_text)
    ctx.check()
    mean: NDArray[np.float64] = made.sum_e[0] / n_frames
    return mean


def make_master(
    kind: MasterKind,
    capture: Capture,
    ctx: JobContext,
    *,
    bias: Master | None = None,
    adu_offset: float = DETECTOR_OFFSET_ADU,
) -> Master:
    """Average a calibration capture into a master frame.

    Bias: mean counts. Dark: (mean - bias) / exposure, ADU per second. Flat: (mean - bias),
    divided by its median. The published library divides by the maximum, where one hot pixel
    rescales every flux.

    Parameters
    ----------
    kind : {"bias", "dark", "flat"}
        What the capture shows.
    capture : Capture
        The calibration frames; all of them are used.
    ctx : JobContext
        Told of the progress in frames; looked at for a cancel.
    bias : Master or None
        Subtracted from a dark or a flat, cut to its subarray.
    adu_offset : float
        Detector offset in ADU, subtracted instead where there is no bias.

    Returns
    -------
    Master
        With what did not match in its notes.

    Raises
    ------
    NightglassError
        If there are no frames, one cannot be read, the bias does not cover the capture, a dark
        has no exposure time or a flat no light.
    Cancelled
        If the job was cancelled.
    """
    mean = mean_counts(capture, ctx, text=f"Averaging {kind} frames")
    header = capture.header
    notes: tuple[str, ...] = ()
    if kind != "bias":
        pedestal, notes = _pedestal(header, bias, adu_offset)
        mean = mean - pedestal
    if kind == "dark":
        mean /= _exposure_of_dark(header)
    if kind == "flat":
        mean /= median_light(mean, header)
    return _label(kind, mean.astype(np.float32), capture, notes)


def _pedestal(
    header: CubeHeader, bias: Master | None, adu_offset: float
) -> tuple[NDArray[np.float32] | float, tuple[str, ...]]:
    if bias is None:
        return adu_offset, (f"No bias was given: {adu_offset:g} ADU were subtracted everywhere.",)
    image, mismatches = trim_to(bias, header)
    name = bias.path.name if bias.path else "made in this session"
    return image, (f"The bias ({name}) was subtracted.", *mismatches)


def _exposure_of_dark(header: CubeHeader) -> float:
    if not header.exposure_s:
        raise NightglassError(
            "Could not make a dark",
            f"{header.path.name} does not tell its exposure time.",
            "Choose a capture whose header holds EXPOSURE TIME.",
            header.path,
        )
    return header.exposure_s


def median_light(light: NDArray[np.float64], header: CubeHeader) -> float:
    """Median of the mean frame of a flat, offset taken off.

    Raises
    ------
    NightglassError
        If half of the pixels saw no light.
    """
    median = float(np.median(light))
    if not median > 0.0:
        raise NightglassError(
            "Could not make a flat",
            f"Half of the pixels of {header.path.name} and its other cubes saw no light.",
            "Choose a capture of an evenly lit field, and its own bias.",
            header.path,
        )
    return median


def _label(kind: MasterKind, image: FloatImage, capture: Capture, notes: tuple[str, ...]) -> Master:
    header = capture.header
    degrees = [cube.temperature_c for cube in capture.cubes if cube.temperature_c is not None]
    return Master(
        kind=kind,
        image=image,
        subarray=header.subarray,
        binning=header.binning,
        frames=capture.n_frames,
        exposure_s=header.exposure_s,
        mode=header.mode,
        filter=header.filter,
        temperature_c=float(np.mean(degrees)) if degrees else None,
        sources=tuple(cube.path.name for cube in capture.cubes),
        notes=notes,
    )


def trim_to(master: Master, header: CubeHeader) -> tuple[FloatImage, tuple[str, ...]]:
    """Cut a master to the part of the sensor that a science frame shows.

    Parameters
    ----------
    master : Master
        Calibration of the same or a larger subarray.
    header : CubeHeader
        Of the science frames.

    Returns
    -------
    image : ndarray of float32, shape (header.rows, header.columns)
        A view of the master's image.
    mismatches : tuple of str
        Sentences about mode, exposure, filter and temperature; empty when all is alike.

    Raises
    ------
    NightglassError
        If the binning differs or the master does not cover the frames.
    """
    if master.binning != header.binning:
        raise _does_not_fit(
            master,
            f"It was taken with {master.binning}x{master.binning} binning, "
            f"the frames with {header.binning}x{header.binning}.",
        )
    left, bottom = _corner(master.subarray)
    frame_left, frame_bottom = _corner(header.subarray)
    across, odd_across = divmod(frame_left - left, master.binning)
    up, odd_up = divmod(frame_bottom - bottom, master.binning)
    rows, columns = master.shape
    inside = across >= 0 and up >= 0
    inside = inside and across + header.columns <= columns and up + header.rows <= rows
    if odd_across or odd_up or not inside:
        raise _does_not_fit(
            master,
            f"It shows {_place(master.subarray, master.shape, master.binning)}, "
            f"the frames show {_place(header.subarray, header.shape, header.binning)}.",
        )
    image = master.image[up : up + header.rows, across : across + header.columns]
    return image, tuple(_mismatches(master, header))


def _corner(subarray: Subarray | None) -> tuple[int, int]:
    return (subarray.hpos, subarray.vpos) if subarray else (0, 0)


def _place(subarray: Subarray | None, shape: tuple[int, int], binning: int) -> str:
    left, bottom = _corner(subarray)
    right, top = left + shape[1] * binning, bottom + shape[0] * binning
    return f"detector columns {left} to {right - 1} and rows {bottom} to {top - 1}"


def _does_not_fit(master: Master, why: str) -> NightglassError:
    return NightglassError(
        f"The {master.kind} does not fit these frames",
        why,
        f"Take a {master.kind} in the subarray and binning of the frames, or of the whole sensor.",
        master.path,
    )


def _mismatches(master: Master, header: CubeHeader) -> list[str]:
    """Say what differs where it matters: exposure for a dark, filter for a flat."""
    the = f"The {master.kind} was taken"
    found = []
    if master.mode != header.mode and None not in (master.mode, header.mode):
        found.append(f"{the} in {master.mode} mode, the frames in {header.mode} mode.")
    if master.kind == "dark" and _differ(master.exposure_s, header.exposure_s, 1e-6):
        found.append(
            f"{the} with {master.exposure_s:g} s, the frames with {header.exposure_s:g} s: "
            "its rate is scaled."
        )
    if master.kind == "flat" and master.filter != header.filter:
        found.append(
            f"{the} in filter {master.filter or 'unknown'}, "
            f"the frames in filter {header.filter or 'unknown'}."
        )
    if _differ(master.temperature_c, header.temperature_c, MOST_TEMPERATURE_STEP_C):
        found.append(
            f"{the} at {master.temperature_c:.1f} °C, the frames at {header.temperature_c:.1f} °C."
        )
    return found


def _differ(one: float | None, other: float | None, tolerance: float) -> bool:
    return one is not None and other is not None and abs(one - other) > tolerance


def stored_at(master: Master, path: Path) -> Master:
    """Give the same master with the file it is kept in."""
    return replace(master, path=path)
