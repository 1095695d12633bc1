"""The lens: where light of a direction falls, how it is spread, and how much is lost.

Positions on the chip are 0-based pixels of the active window. A smaller chip sits in the middle of
the same lens, so field angles, not parts of the chip, decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..hashing import Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FOCAL_PX = 24.25 / 0.009
"""Fitted focal length over the pixel, as the stations' own solutions give it."""
_HALF_WIDTH_PX = 2004.0
_CORNER_PX = 2408.5
_SHIFT_PX = 8.0
_LEAST_DEPTH = 0.3
_MOST_FIELD = 1.35
# Radial term, the two of a decentred lens (Brown 1966) and tilt of the chip: pixels at the edge
# of the long side. Root mean square 6, most 15 near the ends of the long side.
_RADIAL, _RADIAL5 = -16.8, 8.0
_DECENTRED_X, _DECENTRED_Y = 1.33, 0.39
_TILT_X, _TILT_Y = 1.07, -0.43
_SIGMA = 1.0 / 2.354820045
_CENTRE_FWHM_PX, _CORNER_FWHM_PX = 2.8, 5.0
_WING, _WING_WIDTH = 0.08, 1.8
_COMA, _COMA_PX, _COMA_WIDTH = 0.14, 1.6, 1.3


class Spread(NamedTuple):
    """Shape of stars without trails, arrays (n,), pixels.

    The light is a round Gaussian of width `sigma`, one wider, and one that coma moves outwards
    by (`coma_x`, `coma_y`) and widens; the flux centroid of all is the star's position.
    """

    sigma: Numbers
    coma: Numbers
    coma_x: Numbers
    coma_y: Numbers
    wing: float = _WING
    wing_width: float = _WING_WIDTH
    coma_width: float = _COMA_WIDTH


@dataclass(frozen=True)
class Optics:
    """One camera's lens over its chip.

    Attributes
    ----------
    x0, y0 : float
        Pixel of the axis of the lens.
    focal_px : float
    strength : float
        Of the distortion, about 1.
    """

    x0: float
    y0: float
    focal_px: float
    strength: float

    @classmethod
    def of(cls, shape: tuple[int, int], seed: int, camera: str) -> Optics:
        """Lens of a camera over a chip of (rows, columns)."""
        stream = Stream(seed, f"lens of {camera}")
        x0 = shape[1] / 2 + stream.between(-_SHIFT_PX, _SHIFT_PX)
        y0 = shape[0] / 2 + stream.between(-_SHIFT_PX, _SHIFT_PX)
        focal_px = FOCAL_PX * stream.between(0.998, 1.002)
        return cls(x0, y0, focal_px, stream.between(0.9, 1.05))

    def project(self, orientation: Numbers, vectors: Numbers) -> tuple[Numbers, Numbers]:
        """Pixels x, y of directions (n, 3); NaN for what the lens does not see."""
        seen = vectors @ orientation.T
        depth = np.where(seen[:, 2] > _LEAST_DEPTH, seen[:, 2], np.nan)
        u, v = self.focal_px * seen[:, 0] / depth, self.focal_px * seen[:, 1] / depth
        du, dv = self.distortion(u, v)
        return self.x0 + u + du, self.y0 + v + dv

    def distortion(self, u: Numbers, v: Numbers) -> tuple[Numbers, Numbers]:
        """Pixels by which light falls off the plane picture, at pixels from the axis."""
        a, b = u / _HALF_WIDTH_PX, v / _HALF_WIDTH_PX
        r2 = np.minimum(a * a + b * b, _MOST_FIELD**2)
        radial = _RADIAL * r2 + _RADIAL5 * r2 * r2
        du = a * radial + _DECENTRED_X * (r2 + 2 * a * a) + 2 * _DECENTRED_Y * a * b
        dv = b * radial + _DECENTRED_Y * (r2 + 2 * b * b) + 2 * _DECENTRED_X * a * b
        keystone = _TILT_X * a + _TILT_Y * b
        return self.strength * (du + a * keystone), self.strength * (dv + b * keystone)

    def directions(self, orientation: Numbers, x: Numbers, y: Numbers) -> Numbers:
        """Directions (n, 3) of pixels, by repeated projection."""
        u, v = x - self.x0, y - self.y0
        for _ in range(6):
            du, dv = self.distortion(u, v)
            u, v = x - self.x0 - du, y - self.y0 - dv
        plane = np.stack([u, v, np.full_like(u, self.focal_px)], axis=-1)
        plane /= np.linalg.norm(plane, axis=-1)[..., None]
        return np.asarray(plane @ orientation, np.float64)

    def field(self, x: Numbers, y: Numbers) -> Numbers:
        """Distance from the axis over that of the corner of the real chip."""
        return np.hypot(x - self.x0, y - self.y0) / _CORNER_PX

    def spread(self, x: Numbers, y: Numbers) -> Spread:
        """Shape of stars at pixels."""
        field = np.minimum(self.field(x, y), _MOST_FIELD)
        fwhm = _CENTRE_FWHM_PX + (_CORNER_FWHM_PX - _CENTRE_FWHM_PX) * field**2
        outward = _COMA_PX / _CORNER_PX
        return Spread(
            fwhm * _SIGMA, _COMA * field, outward * (x - self.x0), outward * (y - self.y0)
        )
