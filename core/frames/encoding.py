"""How numbers lie in a file, and how they become numbers to compute with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .cards import Cards

_STORAGE = {8: "u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}
_UNSIGNED_ZERO = 32768.0


@dataclass(frozen=True)
class Encoding:
    """Storage of the pixels of one source.

    Attributes
    ----------
    dtype : str
        numpy name of the stored numbers, for instance ">i2".
    bscale, bzero : float
        Value = bscale x stored + bzero (FITS standard 4.0, eq. 3).
    blank : int or None
        Stored integer that means "no value".
    """

    dtype: str
    bscale: float = 1.0
    bzero: float = 0.0
    blank: int | None = None

    @classmethod
    def from_cards(cls, cards: Cards) -> Encoding:
        """Encoding told by the BITPIX, BSCALE, BZERO and BLANK cards of an image."""
        bitpix = cards.integer("BITPIX")
        scale, zero = cards.number("BSCALE"), cards.number("BZERO")
        blank = cards.integer("BLANK") if bitpix is not None and bitpix > 0 else None
        return cls(
            _STORAGE[8 if bitpix is None else bitpix],
            1.0 if scale is None else scale,
            zero or 0.0,
            blank,
        )

    @property
    def storage(self) -> np.dtype[Any]:
        """The stored numbers' type."""
        return np.dtype(self.dtype)

    @property
    def is_offset_uint16(self) -> bool:
        """Whether these are uint16 counts stored as signed numbers, as cameras write them."""
        return (self.dtype, self.bscale, self.bzero, self.blank) == (
            ">i2",
            1.0,
            _UNSIGNED_ZERO,
            None,
        )

    @property
    def native(self) -> np.dtype[Any]:
        """Type `decode` gives: uint16, uint8, float32, or float64 where float32 loses digits."""
        if self.is_offset_uint16:
            return np.dtype(np.uint16)
        if (self.dtype, self.bscale, self.bzero, self.blank) == ("u1", 1.0, 0.0, None):
            return np.dtype(np.uint8)
        exact_in_float32 = self.dtype in ("u1", ">i2", ">f4")
        return np.dtype(np.float32 if exact_in_float32 else np.float64)

    def decode(self, raw: NDArray[Any]) -> NDArray[Any]:
        """Turn stored numbers into a fresh native array of the same shape.

        Parameters
        ----------
        raw : ndarray
            Numbers of type `dtype`, any shape.

        Returns
        -------
        ndarray
            Values of type `native`; blank pixels are NaN.
        """
        if self.is_offset_uint16:
            counts = raw.view(">u2").astype(np.uint16)
            counts ^= np.uint16(0x8000)
            return counts
        values = raw.astype(self.native)
        if values.dtype.kind != "f":
            return values
        with np.errstate(over="ignore", invalid="ignore"):  # a senseless scale is for the eye
            if self.bscale != 1.0:
                values *= self.bscale
            if self.bzero != 0.0:
                values += self.bzero
        if self.blank is not None:
            values[raw == self.blank] = np.nan
        return values
