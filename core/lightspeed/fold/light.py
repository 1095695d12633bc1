"""Electrons of a region above its sky, frame by frame, with the noise expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..calibration import CountScale
    from ..region_sums import SpotSums

    Numbers = NDArray[np.float64]


class Light(NamedTuple):
    """Light of one region in consecutive frames, shape (n,) each; NaN where it has no pixel.

    Attributes
    ----------
    net_e, variance_e2 : ndarray of float64
        Electrons above the sky (above the detector offset where there is none), and the variance
        expected of them.
    sky_e : ndarray of float64
        Electrons of sky in the pixels of the region; 0 where there is no sky.
    """

    net_e: Numbers
    variance_e2: Numbers
    sky_e: Numbers


def light_of(
    source: SpotSums, sky: SpotSums | None, scale: CountScale, read_noise_e: float
) -> Light:
    """Make electrons of counts.

    ``net = (S - p o) / g - (p / q) (B - q o) / g`` with the counts S, B and pixels p, q of source
    and sky, offset o and gain g; the variance is that of Poisson of both plus the read noise of
    all pixels, that of the sky times (p / q)^2.

    Parameters
    ----------
    source : SpotSums
    sky : SpotSums or None
    scale : CountScale
        Offset and gain.
    read_noise_e : float
        Of one pixel in one frame, electrons.
    """
    light, pixels, noise = _electrons(source, scale, read_noise_e)
    if sky is None:
        return Light(light, light + noise, np.zeros(light.size))
    dark, sky_pixels, sky_noise = _electrons(sky, scale, read_noise_e)
    share = pixels / sky_pixels
    below = share * dark
    return Light(light - below, light + noise + share**2 * (dark + sky_noise), below)


def _electrons(
    spot: SpotSums, scale: CountScale, read_noise_e: float
) -> tuple[Numbers, Numbers, Numbers]:
    """Electrons, pixels (NaN for none) and the variance of the read noise of a spot."""
    pixels = np.where(spot.pixels > 0, spot.pixels, np.nan)
    light = (spot.sums - pixels * scale.offset_adu) / scale.adu_per_electron
    return light, pixels, pixels * read_noise_e**2
