"""Masters that the window has saved, as the commands and data sets use them: in electrons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import NightglassError
from ..frames.fits_blocks import scan
from ..frames.positioned import Handle
from .corrections import Measured
from .master_files import load_master
from .masters import DETECTOR_OFFSET_ADU, KINDS, Master, MasterKind

if TYPE_CHECKING:
    from pathlib import Path

    from .noise.pixel_properties import PixelProperties


def is_master_file(path: Path) -> bool:
    """Tell whether a file is a saved bias, dark or flat, by its IMAGETYP."""
    return path.is_file() and scan(Handle(path))[0].cards.text("IMAGETYP") in KINDS


def saved_bias(path: Path, adu_per_electron: float) -> PixelProperties:
    """Read a saved bias as pixel properties with the usual noise.

    Raises
    ------
    NightglassError
        If it cannot be read or is no bias.
    """
    from .noise.pixel_properties import PixelProperties
    from .noise.planes import DEFAULT_WIDTH_E
    from .noise.sources import Origin

    master = _of_kind("bias", path)
    bias_e = (master.image.astype(np.float64) - DETECTOR_OFFSET_ADU) / adu_per_electron
    origin = Origin(
        subarray=master.subarray,
        binning=master.binning,
        mode=master.mode,
        temperature_c=master.temperature_c,
        exposure_s=master.exposure_s,
        adu_per_electron=adu_per_electron,
        frames=master.frames,
        sources=master.sources,
        path=path,
    )
    return PixelProperties(bias_e, np.full(bias_e.shape, DEFAULT_WIDTH_E), origin=origin)


def saved_dark(path: Path, adu_per_electron: float) -> Measured:
    """Read a saved dark as electrons per second.

    Raises
    ------
    NightglassError
        If it cannot be read or is no dark.
    """
    master = _of_kind("dark", path)
    return Measured(replace(master, image=master.image / np.float32(adu_per_electron)))


def saved_flat(path: Path) -> Measured:
    """Read a saved flat.

    Raises
    ------
    NightglassError
        If it cannot be read or is no flat.
    """
    return Measured(_of_kind("flat", path))


def _of_kind(kind: MasterKind, path: Path) -> Master:
    master = load_master(path)
    if master.kind != kind:
        raise NightglassError(
            f"Not a {kind}",
            f"{path.name} holds a {master.kind}.",
            f"Give it as --{master.kind}.",
            path,
        )
    return master
