"""The stars of one frame in the plane picture of one pointing, and looking for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .centroids import measure, sky_slopes
from .polynomial_fit import fit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ..camera.distortion import Distortion
    from ..camera.pointing import Pointing
    from .polynomial_fit import Fit
    from .settings import AstrometrySettings

    Image = NDArray[np.float32]
    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]

# Stars so far outside the chip in the plane picture may still be bent onto it.
_BEYOND = 0.1


@dataclass(frozen=True, eq=False)
class Found:
    """Stars found about the places that a distortion gives them.

    Attributes
    ----------
    flat_x, flat_y : ndarray of float64, shape (n,)
        Places of the found stars in the plane picture, pixels.
    x, y : ndarray of float64, shape (n,)
        Their centroids, pixels.
    error_px : ndarray of float64, shape (n,)
        Expected errors of these.
    is_found : ndarray of bool, shape (m,)
        Which of the stars that should be seen these are.
    expected_x, expected_y, expected_vmag : ndarray of float64, shape (m,)
        Places of all stars that should be seen, pixels, and their magnitudes.
    """

    flat_x: Numbers
    flat_y: Numbers
    x: Numbers
    y: Numbers
    error_px: Numbers
    is_found: Mask
    expected_x: Numbers
    expected_y: Numbers
    expected_vmag: Numbers

    def is_like(self, other: Found | None) -> bool:
        """Whether the same stars were found at the same places."""
        return other is not None and all(
            np.array_equal(one, two)
            for one, two in ((self.x, other.x), (self.y, other.y), (self.flat_x, other.flat_x))
        )


@dataclass(frozen=True, eq=False)
class Field:
    """Stars on and about a chip.

    Attributes
    ----------
    image : ndarray of float32, shape (ny, nx)
        Dark subtracted, ADU.
    flat_x, flat_y : ndarray of float64, shape (n,)
        Places of the stars in the plane picture, pixels.
    vmag : ndarray of float64, shape (n,)
    settings : AstrometrySettings
    slopes : ndarray of float64
        Slope of the sky, see `centroids.sky_slopes`.
    """

    image: Image
    flat_x: Numbers
    flat_y: Numbers
    vmag: Numbers
    settings: AstrometrySettings
    slopes: Numbers

    @classmethod
    def of(
        cls,
        image: Image,
        vectors: ArrayLike,
        vmag: ArrayLike,
        pointing: Pointing,
        settings: AstrometrySettings,
    ) -> Field:
        """Field of directions (n, 3); stars far from the chip, too bright or faint are dropped."""
        x, y, _ = pointing.project(vectors)
        vmag = np.asarray(vmag, np.float64)
        ny, nx = image.shape
        chosen = (vmag > settings.bright_vmag) & (vmag <= settings.faint_vmag)
        chosen &= _is_within(x, nx, -_BEYOND * nx) & _is_within(y, ny, -_BEYOND * ny)
        image = np.ascontiguousarray(image, np.float32)
        return cls(image, x[chosen], y[chosen], vmag[chosen], settings, sky_slopes(image))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the chip."""
        return self.image.shape[1], self.image.shape[0]

    def expected(self, distortion: Distortion) -> tuple[Numbers, Numbers, Mask]:
        """Places of all stars by a distortion, and which of them should be seen."""
        x, y = distortion.bend(self.flat_x, self.flat_y)
        margin = self.settings.margin_px
        is_seen = _is_within(x, self.size[0], margin) & _is_within(y, self.size[1], margin)
        for low_x, high_x, low_y, high_y in self.settings.masks:
            is_seen &= ~((x >= low_x) & (x <= high_x) & (y >= low_y) & (y <= high_y))
        return x, y, is_seen

    def look(self, distortion: Distortion, search_px: int) -> Found:
        """Look for every star that should be seen, near its place by a distortion."""
        x, y, is_seen = self.expected(distortion)
        x, y = x[is_seen], y[is_seen]
        stars = measure(self.image, x, y, search_px, self.settings, self.slopes)
        with np.errstate(invalid="ignore"):
            is_near = np.hypot(stars.x - x, stars.y - y) <= search_px + 1.0
        good = stars.is_good & is_near
        flat_x, flat_y = self.flat_x[is_seen][good], self.flat_y[is_seen][good]
        measured = (stars.x[good], stars.y[good], stars.error_px[good])
        return Found(flat_x, flat_y, *measured, good, x, y, self.vmag[is_seen])

    def shape(self, found: Found, order: int) -> Fit | None:
        """Fit polynomials from the plane picture to the centroids."""
        wanted = np.stack([found.x - found.flat_x, found.y - found.flat_y])
        return self._fit(found, wanted, order)

    def move(
        self, found: Found, distortion: Distortion, order: int, max_error_px: float
    ) -> Fit | None:
        """Fit what a distortion lacks, to the highest degree whose error is small enough."""
        x, y = distortion.bend(found.flat_x, found.flat_y)
        wanted = np.stack([found.x - x, found.y - y])
        fits = (self._fit(found, wanted, lower) for lower in range(order, -1, -1))
        return next((one for one in fits if one is not None and one.error_px <= max_error_px), None)

    def _fit(self, found: Found, wanted: Numbers, order: int) -> Fit | None:
        sigma = self.settings.clip_sigma
        return fit(found.flat_x, found.flat_y, wanted, found.error_px, self.size, order, sigma)


def _is_within(values: Numbers, size: int, margin: float) -> Mask:
    """Whether places lie on the chip by so much; NaN does not."""
    return (values >= margin) & (values <= size - 1 - margin)
