"""The stars of a night side by side, each once, whatever cameras saw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NightStars:
    """Stars in columns of shape (n,), sorted by number; a look that found more makes another one.

    Attributes
    ----------
    ascc : ndarray of int64
    hd, hip : ndarray of int32
        0 where there is none.
    ra_deg, dec_deg, vmag, bmag : ndarray of float64
        ICRS at J2000; NaN where a value is not known.
    spectype : ndarray of bytes, S9
    variable : ndarray of uint8
        Bits of the catalogue; 0 for a constant star.
    camera_names : tuple of str
        Cameras that saw stars.
    cameras : ndarray of uint8
        Bit k: seen by ``camera_names[k]``.
    fast_points, slow_points : ndarray of int32
    flagged : ndarray of int32
        Fast points with a flag; -1 where that is not known.
    flags : ndarray of uint8
        All flags of its fast points, or-ed (`photometry.flags`).
    mean_flux : ndarray of float64
        Mean unflagged fast flux of the largest aperture, ADU per exposure; NaN if not known.
    scatter_mag : ndarray of float64
        Standard deviation of that over the mean, magnitudes; NaN if not known.
    """

    ascc: NDArray[np.int64]
    hd: NDArray[np.int32]
    hip: NDArray[np.int32]
    ra_deg: Numbers
    dec_deg: Numbers
    vmag: Numbers
    bmag: Numbers
    spectype: NDArray[np.bytes_]
    variable: NDArray[np.uint8]
    camera_names: tuple[str, ...]
    cameras: NDArray[np.uint8]
    fast_points: NDArray[np.int32]
    slow_points: NDArray[np.int32]
    flagged: NDArray[np.int32]
    flags: NDArray[np.uint8]
    mean_flux: Numbers
    scatter_mag: Numbers

    def __len__(self) -> int:
        return self.ascc.size


@dataclass(frozen=True)
class StarFilter:
    """Which stars are listed; the defaults let all of them through.

    Attributes
    ----------
    brightest_vmag, faintest_vmag : float
    camera : str
        Id; empty for any.
    least_points : int
        Fast points at least.
    flags : {"any", "none", "some"}
        Whatever flags; no flagged point; at least one.
    """

    brightest_vmag: float = float("-inf")
    faintest_vmag: float = float("inf")
    camera: str = ""
    least_points: int = 0
    flags: str = "any"
