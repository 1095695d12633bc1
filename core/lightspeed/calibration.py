"""Bias, dark and flat taken off a frame for display, and counts made into electrons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .master_files import load_master, save_master
from .masters import DETECTOR_OFFSET_ADU, FloatImage, Master, MasterKind, make_master, trim_to

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..settings import Settings
    from .cube import CubeHeader

__all__ = [
    "Calibration",
    "CountScale",
    "Master",
    "MasterKind",
    "load_master",
    "make_master",
    "save_master",
    "trim_to",
]

# A pixel with less than this part of the median response says nothing; the published tools
# used the same limit from 2026-05 on.
LEAST_RESPONSE = 0.02


@dataclass(frozen=True, eq=False)
class Calibration:
    """What is done to every frame of one capture before it is shown.

    Attributes
    ----------
    pedestal : ndarray of float32, shape (rows, columns), or float, or None
        ADU taken off: the bias (or the constant offset) and the dark of one exposure.
    response : ndarray of float32, shape (rows, columns), or None
        What frames are divided by; NaN where the flat says nothing.
    mismatches : tuple of str
        Sentences on what differs between the masters and the frames.
    """

    pedestal: FloatImage | float | None = None
    response: FloatImage | None = None
    mismatches: tuple[str, ...] = ()

    @classmethod
    def for_frames(
        cls,
        header: CubeHeader,
        *,
        bias: Master | None = None,
        dark: Master | None = None,
        flat: Master | None = None,
        adu_offset: float = DETECTOR_OFFSET_ADU,
    ) -> Calibration:
        """Cut the masters to the subarray of a capture.

        Parameters
        ----------
        header : CubeHeader
            Of the frames to be calibrated.
        bias, dark, flat : Master or None
            What there is; nothing given means nothing done.
        adu_offset : float
            Detector offset in ADU, used where there is a dark or a flat but no bias.

        Raises
        ------
        NightglassError
            If a master does not cover the frames or is binned differently.
        """
        if bias is None and dark is None and flat is None:
            return cls()
        notes: list[str] = []
        pedestal: FloatImage | float = adu_offset
        if bias is not None:
            pedestal = _cut(bias, header, notes)
        if dark is not None and header.exposure_s is None:
            notes.append("The frames do not tell their exposure time: the dark is left out.")
        elif dark is not None and header.exposure_s is not None:
            pedestal = pedestal + _cut(dark, header, notes) * np.float32(header.exposure_s)
        response = None
        if flat is not None:
            response = _cut(flat, header, notes)
            response = np.where(response >= LEAST_RESPONSE, response, np.float32(np.nan))
        return cls(pedestal, response, tuple(notes))

    @property
    def removes_offset(self) -> bool:
        """Whether calibrated values are counts above no light (offset gone)."""
        return self.pedestal is not None

    def apply(self, frame: NDArray[Any], rows: slice | None = None) -> FloatImage:
        """Calibrate one frame.

        ``(frame - bias - dark x exposure) / flat``. With any master in use the detector offset
        is removed, by the bias or as a constant; with none the counts come back as they are,
        offset included (`removes_offset` tells).

        Parameters
        ----------
        frame : ndarray, shape (rows, columns)
            Native counts in ADU.
        rows : slice or None
            The rows of the frame that `frame` holds; None for all.

        Returns
        -------
        ndarray of float32, same shape
            ADU; NaN where the flat says nothing.
        """
        if self.pedestal is None:
            return frame.astype(np.float32)
        part = slice(None) if rows is None else rows
        pedestal = self.pedestal if isinstance(self.pedestal, float) else self.pedestal[part]
        values: FloatImage = np.subtract(frame, pedestal, dtype=np.float32)
        if self.response is not None:
            values /= self.response[part]
        return values


def _cut(master: Master, header: CubeHeader, notes: list[str]) -> FloatImage:
    image, mismatches = trim_to(master, header)
    notes.extend(mismatches)
    return image


@dataclass(frozen=True)
class CountScale:
    """Counts made into electrons.

    Attributes
    ----------
    adu_per_electron : float
        Gain.
    offset_adu : float
        Counts without light.
    from_header : bool
        Whether the gain is the camera's own (CONVERSION FACTOR COEFF, electrons per count).
    """

    adu_per_electron: float
    offset_adu: float
    from_header: bool = False

    @classmethod
    def of(cls, header: CubeHeader | None, settings: Settings) -> CountScale:
        """Take the gain from the header where it is there and wanted, else from the settings."""
        told = header.gain_adu_per_e if header is not None else None
        if told is not None and settings.use_header_gain:
            return cls(told, settings.adu_offset, from_header=True)
        return cls(settings.adu_per_electron, settings.adu_offset)

    def electrons(
        self, adu: NDArray[Any] | float, *, offset_removed: bool = False
    ) -> NDArray[np.float64] | float:
        """Give electrons: ``(adu - offset) / gain``.

        Parameters
        ----------
        adu : float or ndarray
            Counts.
        offset_removed : bool
            True for values of a `Calibration` that removes the offset.
        """
        offset = 0.0 if offset_removed else self.offset_adu
        values = (np.asarray(adu, dtype=np.float64) - offset) / self.adu_per_electron
        return float(values) if values.ndim == 0 else values
