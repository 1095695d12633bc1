"""Light of many stars in apertures at given positions, as the station's pipeline measures it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from .flags import PFlag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Pixels = NDArray[np.float32]

SKY_RADII_PX = (6.0, 21.0)
GAIN_E_ADU = 0.62
BAD_LEVEL_ADU = 63000.0
MOON_RADIUS_PX = 30.0

# As many annuli as the second-level cache holds between being collected, sorted and used.
_STARS_AT_ONCE = 128


@dataclass(frozen=True, eq=False)
class Photometry:
    """Measurements of n stars; counts are those of the image, ADU per exposure.

    Attributes
    ----------
    flux, eflux : ndarrays of float64, shape (n, naper)
        Light in the apertures without the sky, and its standard deviation [ADU].
    sky, esky : ndarrays of float64, shape (n,)
        Sky of a pixel and its scatter (not the error of the sky) [ADU].
    peak : ndarray of float64, shape (n,)
        Highest pixel of the largest aperture, with the sky [ADU].
    pflag : ndarray of uint8, shape (n,)
        Bits of `PFlag`. A star too close to the edge has 0 everywhere. One without a sky (fewer
        than 20 usable pixels) has -1 as sky and scatter, and no flux (NaN).
    """

    flux: Numbers
    eflux: Numbers
    sky: Numbers
    esky: Numbers
    peak: Numbers
    pflag: NDArray[np.uint8]


def measure(
    image: Pixels,
    x: ArrayLike,
    y: ArrayLike,
    radii_px: Sequence[float],
    sky_radii_px: tuple[float, float] = SKY_RADII_PX,
    gain: ArrayLike = GAIN_E_ADU,
    bad_level_adu: float = BAD_LEVEL_ADU,
    moon_px: tuple[float, float] | None = None,
    *,
    moon_radius_px: float = MOON_RADIUS_PX,
    noise_ratio: ArrayLike = 1.0,
) -> Photometry:
    """Measure stars at forced positions.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
        Counts without bias and dark [ADU], C-contiguous.
    x, y : array_like, shape (n,)
        Positions, the centre of the first pixel being (0, 0) [px]. Where one is not finite or the
        box around the star leaves the image, nothing is measured.
    radii_px : sequence of float
        Radii of the apertures [px].
    sky_radii_px : tuple of float
        Inner and outer radius of the annulus of the sky, both included [px].
    gain : array_like, shape (n,) or one for all
        Electrons per count. For a mean of N frames, N times that of a frame.
    bad_level_adu : float
        Counts above which a pixel is saturated.
    moon_px : tuple of float or None
        Where the Moon is [px].
    moon_radius_px : float
        Stars nearer to the Moon are flagged.
    noise_ratio : array_like, shape (n,) or one for all
        By how much the noise of a sum exceeds that of independent pixels of the same scatter: 1
        but where the image was interpolated.

    Returns
    -------
    Photometry

    Raises
    ------
    NightglassError
        If the image is not of the kind said above or a radius makes no sense.

    Notes
    -----
    A pixel's weight is R + 0.5 - r, at most 1, with r from its centre to the star; weights below
    1 are scaled so that all add up to A = pi R^2 (DAOPHOT). The sky is DAOPHOT's mode. Errors are
    eflux^2 = A s^2 + F / gain + A^2 s^2 / n, with s the scatter and n the pixels of the sky and
    F at least 0, so that an error is a number for negative fluxes, too.
    """
    places = np.stack(np.broadcast_arrays(*(np.asarray(part, np.float64) for part in (x, y))))
    radii = np.array(radii_px, np.float64)
    ring = np.array(sky_radii_px, np.float64)
    _check(image, places, radii, ring)
    count = places.shape[1]
    made = _blank(count, radii.size)
    made.pflag[:] = PFlag.EDGE
    inside = _inside(image, places, radii, ring)
    gains, ratios = (_one_each(values, count) for values in (gain, noise_ratio))
    for block in _blocks(inside, places[1]):
        found = _measured(image, places[:, block], radii, ring,
                          gains[block], ratios[block], bad_level_adu)  # fmt: skip
        for name, values in vars(found).items():
            getattr(made, name)[block] = values
    if moon_px is not None:
        away = np.hypot(places[0] - moon_px[0], places[1] - moon_px[1])
        made.pflag[inside & (away < moon_radius_px)] |= np.uint8(PFlag.MOON)
    return made


def _measured(
    image: Pixels,
    places: Numbers,
    radii: Numbers,
    ring: Numbers,
    gain: Numbers,
    noise_ratio: Numbers,
    bad_level_adu: float,
) -> Photometry:
    """Measure a few stars, all of them inside."""
    from .aperture_kernels import gather
    from .sky_kernels import finish

    stars = places.shape[1]
    made = _blank(stars, radii.size)
    rows = np.empty((stars, _most_pixels(ring)), np.float32)
    counts = np.empty(stars, np.int64)
    totals = np.empty((stars, radii.size))
    x, y = np.ascontiguousarray(places)
    gather(image, x, y, radii, ring, rows, counts, totals, made.peak)
    # numpy sorts with vector instructions, several times faster than a compiled loop would.
    rows[:, : counts.max()].sort(axis=1)
    finish(rows, counts, totals, made.peak, radii, gain, noise_ratio, bad_level_adu,
           made.flux, made.eflux, made.sky, made.esky, made.pflag)  # fmt: skip
    return made


def _blank(stars: int, apertures: int) -> Photometry:
    return Photometry(
        flux=np.zeros((stars, apertures)),
        eflux=np.zeros((stars, apertures)),
        sky=np.zeros(stars),
        esky=np.zeros(stars),
        peak=np.zeros(stars),
        pflag=np.zeros(stars, np.uint8),
    )


def _blocks(inside: NDArray[np.bool_], y: Numbers) -> Iterator[NDArray[np.int64]]:
    """Numbers of stars, row after row of the image so that its pixels come from the cache."""
    chosen = np.flatnonzero(inside)
    chosen = chosen[np.argsort(y[chosen], kind="stable")]
    for first in range(0, chosen.size, _STARS_AT_ONCE):
        yield chosen[first : first + _STARS_AT_ONCE]


def _inside(image: Pixels, places: Numbers, radii: Numbers, ring: Numbers) -> NDArray[np.bool_]:
    """Whether the box around the nearest pixel is in the image; not for a place not finite."""
    half = max(math.floor(ring[1] + 0.5), math.floor(radii.max() + 1.5))
    nearest = np.rint(places)
    limits = np.array(image.shape[::-1])[:, np.newaxis] - half
    inside: NDArray[np.bool_] = ((nearest >= half) & (nearest < limits)).all(axis=0)
    return inside


def _most_pixels(ring: Numbers) -> int:
    """More pixels than any annulus of this size has, wherever its centre is."""
    diagonal = math.sqrt(0.5)
    inner = max(ring[0] - diagonal, 0.0)
    return math.ceil(math.pi * float((ring[1] + diagonal) ** 2 - inner**2)) + 1


def _one_each(values: ArrayLike, count: int) -> Numbers:
    return np.broadcast_to(np.asarray(values, np.float64), (count,))


def _check(image: Pixels, places: Numbers, radii: Numbers, ring: Numbers) -> None:
    if image.ndim != 2 or image.dtype != np.float32 or not image.flags.c_contiguous:
        raise _refusal("the image is not one of float32 numbers, row after row")
    if places.ndim != 2:
        raise _refusal("the positions are not two lists of numbers")
    if radii.ndim != 1 or radii.size == 0 or not (np.isfinite(radii) & (radii > 0)).all():
        raise _refusal("an aperture has no radius above 0")
    if not 0 <= ring[0] < ring[1] < np.inf:
        raise _refusal("the inner radius of the sky annulus is not the smaller one")


def _refusal(text: str) -> NightglassError:
    return NightglassError("Cannot measure stars", f"{text[0].upper()}{text[1:]}.")
