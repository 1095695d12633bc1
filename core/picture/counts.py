"""Frames made ready for the kernels, whatever they are stored as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..frames.encoding import Encoding
    from .codes import Plane

_SIGN = np.uint16(0x8000)
_NO_FLIP = np.uint16(0)
NO_PLANE: Plane = np.empty((0, 0), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """Calibration for display: (value - subtract) x multiply, pixel by pixel.

    Attributes
    ----------
    subtract, multiply : float32 ndarray of the frame's shape, or None
        In the frame's units (counts), and without unit.
    """

    subtract: Plane | None = None
    multiply: Plane | None = None

    def planes(self) -> tuple[Plane, Plane]:
        """Both planes as the kernels take them; a missing one has no rows."""
        return _plane(self.subtract), _plane(self.multiply)

    def apply(self, values: NDArray[Any], where: tuple[slice, slice]) -> NDArray[Any]:
        """Corrected copy of the values of a part of the frame."""
        if self.subtract is not None:
            values = values - self.subtract[where]
        if self.multiply is not None:
            values = values * self.multiply[where]
        return values


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """One frame: 16-bit counts as stored, or float32 numbers; value = scale x number + offset.

    Attributes
    ----------
    pixels : uint16 or float32 ndarray, shape (rows, columns)
        C-contiguous and read-only.
    swap : bool
        The bytes of each count are in the other order.
    flip : uint16
        Bits to turn over after the swap: 0x8000 for signed counts, else 0.
    """

    pixels: NDArray[Any]
    swap: bool = False
    flip: np.uint16 = _NO_FLIP
    scale: float = 1.0
    offset: float = 0.0

    @property
    def are_integers(self) -> bool:
        """Whether the pixels are 16-bit counts."""
        return self.pixels.dtype == np.uint16

    def values(self, where: tuple[slice, slice]) -> NDArray[np.float64]:
        """Values of a part of the frame, as float64."""
        numbers = self.integers(where) if self.are_integers else self.pixels[where]
        return numbers.astype(np.float64) * self.scale + self.offset

    def integers(self, where: tuple[slice, slice]) -> NDArray[np.uint16]:
        """Counts of a part of the frame in native order, signed ones in offset binary."""
        part = self.pixels[where]
        return np.asarray((part.byteswap() if self.swap else part) ^ self.flip)


def kernel_view(array: NDArray[Any]) -> NDArray[Any]:
    """Give the array in the one form the kernels are compiled for: contiguous and read-only."""
    fixed = np.require(array, requirements=["C", "A"]).view(np.ndarray)
    fixed.flags.writeable = False
    return fixed


def counts_of(frame: NDArray[Any], encoding: Encoding | None = None) -> Counts:
    """Make a frame ready for the kernels, without a copy when it is 16-bit or native float32.

    Parameters
    ----------
    frame : ndarray, shape (rows, columns)
        Stored numbers if their type is that of `encoding`, else values.
    encoding : Encoding or None
        How `frame` is stored; None for values.

    Raises
    ------
    ValueError
        If the frame is not an image of one plane with at least one pixel.
    """
    if frame.ndim != 2 or frame.size == 0:
        raise ValueError(f"a frame has rows and columns, this array has the shape {frame.shape}")
    if encoding is None or frame.dtype != np.dtype(encoding.dtype):
        return _native(frame)
    if encoding.blank is not None:
        return _native(encoding.decode(frame))
    stored = _native(frame)
    scale = stored.scale * encoding.bscale
    offset = stored.offset * encoding.bscale + encoding.bzero
    return Counts(stored.pixels, stored.swap, stored.flip, scale, offset)


def _native(frame: NDArray[Any]) -> Counts:
    kind, size = frame.dtype.kind, frame.dtype.itemsize
    if kind in "ui" and size == 2:
        swap = not frame.dtype.isnative
        signed = kind == "i"
        pixels = kernel_view(_as_counts(frame))
        return Counts(pixels, swap, _SIGN, 1.0, -32768.0) if signed else Counts(pixels, swap)
    if kind in "ub" and size == 1:
        return Counts(kernel_view(frame.astype(np.uint16)))
    if kind == "f" and size <= 4:
        return Counts(kernel_view(frame.astype(np.float32, copy=False)))
    return _centred(frame)


def _as_counts(frame: NDArray[Any]) -> NDArray[np.uint16]:
    """Reinterpret 16-bit numbers of any order as native uint16, without touching them."""
    return np.ascontiguousarray(frame).view(np.uint16)


def _centred(frame: NDArray[Any]) -> Counts:
    """Wide numbers as float32 about their median, where float32 has digits to spare."""
    values = frame.astype(np.float64)
    sample = values[:: max(1, len(values) // 64), :: max(1, values.shape[1] // 64)]
    finite = sample[np.isfinite(sample)]
    centre = float(np.median(finite)) if finite.size else 0.0
    with np.errstate(over="ignore"):
        pixels = (values - centre).astype(np.float32)
    return Counts(kernel_view(pixels), offset=centre)


def _plane(plane: Plane | None) -> Plane:
    return NO_PLANE if plane is None else kernel_view(plane.astype(np.float32, copy=False))
