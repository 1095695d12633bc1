"""Bias, dark and flat of a data set in electrons, cut to its frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .masters import Master, MasterKind, median_light, trim_to

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .cube import CubeHeader
    from .data_set import DataSet
    from .noise.pixel_properties import PixelProperties


@dataclass(frozen=True, eq=False)
class Corrections:
    """What is taken off frames, and what images are divided by.

    Attributes
    ----------
    properties : PixelProperties or None
        Bias and noise of the pixels.
    dark : ndarray of float64, shape (rows, columns), or None
        Electrons per second.
    flat : ndarray of float64, shape (rows, columns), or None
        Response, median 1.
    """

    properties: PixelProperties | None = None
    dark: NDArray[np.float64] | None = None
    flat: NDArray[np.float64] | None = None

    def changed(self, **parts: Any) -> Corrections:
        """Give a copy with some parts replaced."""
        return replace(self, **parts)

    def pedestal_e(self, exposure_s: float | None) -> NDArray[np.float64] | None:
        """Electrons to take off every pixel of a frame: bias and dark."""
        bias = None if self.properties is None else np.asarray(self.properties.bias, np.float64)
        if self.dark is None:
            return bias
        dark = self.dark * (exposure_s or 0.0)
        return dark if bias is None else bias + dark


@dataclass(frozen=True, eq=False)
class Measured:
    """A mean frame of a calibration capture, with where on the sensor it lies."""

    master: Master

    def fitted(self, header: CubeHeader) -> tuple[NDArray[np.float64], tuple[str, ...]]:
        """Cut to the subarray of some frames; sentences tell what does not match.

        Raises
        ------
        NightglassError
            If it does not cover the frames or is binned differently.
        """
        image, told = trim_to(self.master, header)
        return image.astype(np.float64), (*self.master.notes, *told)


def dark_rate(dark: DataSet) -> Measured:
    """Mean electrons per second of a dark capture, its own bias taken off.

    Raises
    ------
    NightglassError
        If the exposure is not told.
    """
    rate = dark.stack(cut_cr=True) / dark.exposure_s
    return _measured("dark", np.nan_to_num(rate), dark)


def flat_response(flat: DataSet) -> Measured:
    """Mean of a flat capture, its own bias taken off, over its median.

    The median, and not the maximum, so that one hot pixel does not scale every flux. Flats are
    bright: cosmic rays are not cut, whose test would eat into dust shadows.

    Raises
    ------
    NightglassError
        If there is no light.
    """
    mean = flat.stack(cut_cr=False)
    return _measured("flat", mean / median_light(mean, flat.header), flat)


def _measured(kind: MasterKind, image: NDArray[np.float64], source: DataSet) -> Measured:
    header = source.header
    no_bias = source.corrections.properties is None
    notes = (f"The {kind} was made without a bias of its own.",) if no_bias else ()
    return Measured(
        Master(
            kind=kind,
            image=image.astype(np.float32),
            subarray=header.subarray,
            binning=header.binning,
            frames=source.num_frames(),
            exposure_s=header.exposure_s,
            mode=header.mode,
            filter=header.filter,
            temperature_c=header.temperature_c,
            sources=tuple(cube.path.name for cube in source.cubes),
            notes=notes,
            path=header.path,
        )
    )
