"""What was wrong with a measurement: bits of photometry and astrometry, and the byte of a row.

The night files keep one byte, whose bits the station's first pipeline defined; the photometry has
the bits of the second one. `LP_BITS` is the whole translation, and reads both ways:

==========================  ===========  =========
what was wrong              pflag/aflag  flag byte
==========================  ===========  =========
saturated in the aperture   pflag 8      1
saturated in the sky        pflag 2      2
near the Moon               pflag 32     8
astrometry not trustworthy  aflag not 0  16
sky negative or unknown     pflag 4      32
a flux is negative          pflag 16     64
a number is not finite      (the flux)   128
too close to the edge       pflag 1      255
==========================  ===========  =========

Bit 4 of the byte, an uneven background, is not told by our photometry.
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Bytes = NDArray[np.uint8]
    Answers = NDArray[np.bool_]

OUTSIDE = 255
"""Flag byte of a star that was not measured, being too close to the edge."""


class PFlag(IntFlag):
    """Bits of a photometric measurement."""

    EDGE = 1
    """Too close to the edge: nothing measured, all values are 0."""
    SKY_SATURATED = 2
    """A pixel of the sky annulus is saturated."""
    SKY_NEGATIVE = 4
    """The sky is negative, or could not be found (-1)."""
    SATURATED = 8
    """A pixel of the largest aperture is saturated."""
    NEGATIVE = 16
    """The flux in at least one aperture is negative."""
    MOON = 32
    """The Moon is near."""


class AFlag(IntFlag):
    """Bits of the astrometric solution of a batch."""

    BRIGHT = 1
    """Solved although parts of the image are bright."""
    TOO_BRIGHT = 2
    """Not attempted, the image is too bright: the previous solution is used."""
    TOO_FEW = 4
    """Too few stars were found, or no fit is good: the previous solution is used."""


class LpFlag(IntFlag):
    """Bits of the flag byte in the night files; 255 means that nothing was measured."""

    SATURATED = 1
    SKY_SATURATED = 2
    MOON = 8
    ASTROMETRY = 16
    SKY_NEGATIVE = 32
    NEGATIVE = 64
    NOT_FINITE = 128


LP_BITS = {
    PFlag.SATURATED: LpFlag.SATURATED,
    PFlag.SKY_SATURATED: LpFlag.SKY_SATURATED,
    PFlag.MOON: LpFlag.MOON,
    PFlag.SKY_NEGATIVE: LpFlag.SKY_NEGATIVE,
    PFlag.NEGATIVE: LpFlag.NEGATIVE,
}
"""Bits that have one of the same meaning in the flag byte."""


def lp_flag(pflag: ArrayLike, aflag: ArrayLike, finite: ArrayLike) -> Bytes:
    """Translate into the flag byte of the night files.

    Parameters
    ----------
    pflag, aflag : array_like of uint8, shape (n,) or one for all
        Bits of `PFlag` and `AFlag`.
    finite : array_like of bool, shape (n,) or one for all
        Whether all fluxes and errors of a row are finite.

    Returns
    -------
    ndarray of uint8, shape (n,)
    """
    bits = np.asarray(pflag, np.uint8)
    lost = np.where(np.asarray(aflag) != 0, np.uint8(LpFlag.ASTROMETRY), np.uint8(0))
    odd = np.where(np.asarray(finite), np.uint8(0), np.uint8(LpFlag.NOT_FINITE))
    flag = _PFLAG_TO_LP[bits] | lost | odd
    return np.where(bits & PFlag.EDGE, np.uint8(OUTSIDE), flag).astype(np.uint8)


def split_lp_flag(flag: ArrayLike) -> tuple[Bytes, Answers, Answers]:
    """Translate the flag byte back.

    Parameters
    ----------
    flag : array_like of uint8, shape (n,)
        Flag bytes.

    Returns
    -------
    pflag : ndarray of uint8, shape (n,)
        Bits of `PFlag`.
    astrometry_failed, finite : ndarrays of bool, shape (n,)
        Whether any bit of `AFlag` was set (which one the byte does not tell), and whether all
        numbers were finite. Not known for a star outside: False and True.
    """
    flag = np.asarray(flag, np.uint8)
    measured = flag != OUTSIDE
    astrometry = measured & ((flag & LpFlag.ASTROMETRY) != 0)
    return _LP_TO_PFLAG[flag], astrometry, ~measured | ((flag & LpFlag.NOT_FINITE) == 0)


def _table(bits: dict[int, int]) -> Bytes:
    """Translation of every byte, bit by bit."""
    numbers = np.arange(256)
    table = np.zeros(256, np.uint8)
    for given, told in bits.items():
        table |= np.where(numbers & given, told, 0).astype(np.uint8)
    return table


_PFLAG_TO_LP = _table({int(ours): int(theirs) for ours, theirs in LP_BITS.items()})
_LP_TO_PFLAG = _table({int(theirs): int(ours) for ours, theirs in LP_BITS.items()})
_LP_TO_PFLAG[OUTSIDE] = PFlag.EDGE
