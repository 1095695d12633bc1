"""Masters from whatever an observer points at: a saved one, pixel properties, or a capture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from ..errors import NightglassError

if TYPE_CHECKING:
    from pathlib import Path

    from ..engine.jobs import JobContext
    from ..lightspeed.capture import Capture
    from ..lightspeed.masters import Master
    from ..settings import Settings

MasterKind = Literal["bias", "dark", "flat"]


class Sourced(NamedTuple):
    """A master, and the file that stands for it on a command line."""

    master: Master
    given: Path | None


def made_from(
    kind: MasterKind,
    path: Path,
    ctx: JobContext,
    *,
    bias: Master | None,
    settings: Settings,
    output: Path | None = None,
) -> Sourced:
    """Read a master, or make it of the capture a cube belongs to; for a working thread.

    Parameters
    ----------
    kind : {"bias", "dark", "flat"}
    path : Path
        A saved master, pixel properties (as a bias), any cube of a capture, or its folder.
    ctx : JobContext
        Told of the progress; looked at for a cancel.
    bias : Master or None
        Subtracted from a dark or a flat made here.
    settings : Settings
        Offset of the detector, and gain where a file does not tell it.
    output : Path or None
        Where to keep what is made of a capture.

    Raises
    ------
    NightglassError
        If the file cannot be used.
    Cancelled
        If the job was cancelled.
    """
    from ..lightspeed.cube import parse_name
    from ..lightspeed.open_capture import open_capture

    if path.is_file() and parse_name(path) is None:
        return _read(kind, path, settings)
    capture = open_capture(path)
    try:
        return made_of_capture(kind, capture, ctx, bias=bias, settings=settings, output=output)
    finally:
        capture.close()


def made_of_capture(
    kind: MasterKind,
    capture: Capture,
    ctx: JobContext,
    *,
    bias: Master | None,
    settings: Settings,
    output: Path | None = None,
) -> Sourced:
    """Average a capture, as in `made_from`."""
    from ..lightspeed.calibration import make_master, save_master

    master = make_master(kind, capture, ctx, bias=bias, adu_offset=settings.adu_offset)
    return Sourced(master if output is None else save_master(master, output), capture.path)


def _read(kind: MasterKind, path: Path, settings: Settings) -> Sourced:
    from ..lightspeed.calibration import load_master
    from ..lightspeed.noise.files import is_properties_file

    if is_properties_file(path):
        return Sourced(_of_kind(kind, bias_of_properties(path, settings)), path)
    master = _of_kind(kind, load_master(path))
    return Sourced(master, path)


def _of_kind(kind: MasterKind, master: Master) -> Master:
    if master.kind != kind:
        raise NightglassError(
            f"Could not use the {kind}",
            f"This file holds a {master.kind}, not a {kind}.",
            f"Choose it as {master.kind}.",
            master.path,
        )
    return master


def bias_of_properties(path: Path, settings: Settings) -> Master:
    """Read the bias of a file of pixel properties, in ADU with the detector offset.

    The file has electrons relative to the offset of 199.5 ADU:
    ``bias_adu = bias_e x gain + 199.5``, with the file's own gain, else that of the settings.

    Raises
    ------
    NightglassError
        If the file cannot be read.
    """
    from ..lightspeed.masters import DETECTOR_OFFSET_ADU, Master
    from ..lightspeed.noise.pixel_properties import PixelProperties

    properties = PixelProperties.load(path)
    origin = properties.origin
    gain = origin.adu_per_electron
    notes = tuple(properties.notices)
    if gain is None:
        gain = settings.adu_per_electron
        notes += (f"{path.name} does not tell its gain: {gain:g} ADU per electron was assumed.",)
    image = np.asarray(properties.bias, np.float64) * gain + DETECTOR_OFFSET_ADU
    return Master(
        kind="bias",
        image=image.astype(np.float32),
        subarray=origin.subarray,
        binning=origin.binning,
        frames=origin.frames,
        exposure_s=origin.exposure_s,
        mode=origin.mode,
        temperature_c=origin.temperature_c,
        sources=origin.sources,
        notes=notes,
        path=path,
    )
