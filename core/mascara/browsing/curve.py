"""The light curve of one star in one night, from all its cameras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["fast", "slow"]


@dataclass(frozen=True, eq=False)
class Curve:
    """All points of a star.

    Attributes
    ----------
    ascc : int
    kind : {"fast", "slow"}
    cameras : tuple of str
        Cameras that saw it, in order of first sight.
    camera : ndarray of uint8, shape (n,)
        Which of `cameras` a point is of.
    points : structured ndarray of `products.rows.data_dtype`, shape (n,)
        Sorted by camera, then by ``lstseq``. Fluxes in ADU per exposure, ``jdmid`` JD (UTC) of
        mid-exposure, ``lst`` hours, x and y pixels counted from 0.
    facts : mapping of str to float or str
        ascc, hd, hip, ra_deg, dec_deg, vmag, bmag, spectype, as in `NightStars`.
    radii_px : tuple of float
        Radius of each aperture; empty where it is not known.
    is_complete : bool
        Whether the night of every camera is merged; else the curve still grows.
    """

    ascc: int
    kind: Kind
    cameras: tuple[str, ...]
    camera: NDArray[np.uint8]
    points: NDArray[np.void]
    facts: Mapping[str, float | str]
    radii_px: tuple[float, ...] = ()
    is_complete: bool = False

    def __len__(self) -> int:
        return len(self.points)
