"""Rates of every pixel from sums of electrons, with their errors; the core of all images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..noise.planes import DEFAULT_WIDTH_E
from ..weight.published import photons_v1, photons_v3
from .trap_curve import photons_and_slope

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..conventions import Compat
    from ..data_set import DataSet

    Numbers = NDArray[np.float64]

# Rows at a time: temporary arrays of a whole sensor would not fit into the memory allowed.
BAND_PX = 1 << 19
# Below these parts of its median the published versions call a flat dark.
LEAST_FLAT = 0.02
LEAST_FLAT_V1 = 0.1
_ROUNDING_TERMS = 6
# What the observatory states for the camera, electrons.
_NOISE_OF_MODE_E = {"standard": 0.41, "ultra-quiet": 0.29, "photon-number": 0.29}


class RateMap(NamedTuple):
    """Rates of the pixels of one group of frames, before the flat.

    Attributes
    ----------
    rate, error : ndarray of float64, shape (rows, columns)
        Electrons or photons per second; NaN where nothing is known.
    exposure_s : ndarray of float64, shape (rows, columns)
        Seconds that each pixel contributed.
    """

    rate: Numbers
    error: Numbers
    exposure_s: Numbers


@dataclass(frozen=True)
class Scale:
    """How sums of electrons become rates.

    Attributes
    ----------
    exposure_s : float
        Of one frame.
    is_photons : bool
        Whether the internal quantum efficiency is undone.
    is_clipped : bool
        Whether electrons were rounded to whole numbers.
    compat : str
        Conventions of a published version; "" for ours.
    adu_per_electron : float
        Gain.
    bias_frames : int
        Frames of the bias, whose own noise is in every frame; 0 where it is not known or cancels.
    """

    exposure_s: float
    is_photons: bool
    is_clipped: bool = False
    compat: Compat = ""
    adu_per_electron: float = 8.5
    bias_frames: int = 0

    def lasting_variance(self, widths_e: Numbers | float) -> Numbers:
        """Give the variance of what is wrong by the same amount in every frame, electrons squared.

        That is the noise of the bias. Clipping adds that half electrons lie between two counts:
        the place where numbers are rounded is off by up to half a count, and each part of an
        electron moves the mean by the density of the noise there.
        """
        widths = np.maximum(np.asarray(widths_e, np.float64), 1e-9)
        variance = np.square(widths) / self.bias_frames if self.bias_frames else 0.0 * widths
        if not self.is_clipped:
            return variance
        density = 2.0 * np.exp(-0.5 * (0.5 / widths) ** 2) / (np.sqrt(2.0 * np.pi) * widths)
        slope = np.minimum(density, 1.0)
        # Two places, half an electron up and down, each off by itself.
        places = 1.0 / (24.0 * self.adu_per_electron**2)
        return np.asarray(slope**2 * (variance + places), np.float64)


def rates(
    sum_e: Numbers, good: NDArray[np.int64], widths_e: Numbers | float, scale: Scale
) -> RateMap:
    """Turn sums over frames into rates.

    Parameters
    ----------
    sum_e : ndarray, shape (rows, columns)
        Electrons added up.
    good : ndarray of int64, shape (rows, columns)
        Frames that were added up.
    widths_e : ndarray, shape (rows, columns), or float
        Read noise, electrons.
    scale : Scale
        What is wanted.

    Notes
    -----
    The variance of a sum is that of Poisson, the electrons themselves, plus the read noise of
    each frame; see `Scale.lasting_variance` for what does not average out. The efficiency is
    undone on the mean per frame, because the traps of a pixel are empty again in every frame;
    errors follow its slope.
    """
    empty = np.full(sum_e.shape, np.nan)
    made = RateMap(empty, empty.copy(), good.astype(np.float64) * scale.exposure_s)
    rows, columns = sum_e.shape
    step = max(1, BAND_PX // max(columns, 1))
    for first in range(0, rows, step):
        part = slice(first, first + step)
        widths = widths_e[part] if isinstance(widths_e, np.ndarray) else widths_e
        made.rate[part], made.error[part] = _band(sum_e[part], good[part], widths, scale)
    return made


def _band(
    sum_e: Numbers, good: NDArray[np.int64], widths_e: Numbers | float, scale: Scale
) -> tuple[Numbers, Numbers]:
    frames = np.where(good > 0, good, np.nan)
    mean = sum_e / frames
    noise = rounded_variance(widths_e) if scale.is_clipped else np.square(widths_e)
    scatter = (np.maximum(sum_e, 0.0) + frames * noise) / frames**2
    error = np.sqrt(scatter + scale.lasting_variance(widths_e))
    if scale.is_photons:
        mean, error = _photons(mean, error, frames, scale.compat)
    return mean / scale.exposure_s, error / scale.exposure_s


def _photons(
    mean: Numbers, error: Numbers, frames: Numbers, compat: Compat
) -> tuple[Numbers, Numbers]:
    """Undo the efficiency; the published curves have kinks, so their slope is a difference."""
    if not compat:
        photons, slope = photons_and_slope(mean)
        return photons, error * slope
    if compat == "v1":
        return photons_v1(mean), (photons_v1(mean + error) - photons_v1(mean - error)) / 2.0
    made = (photons_v3((mean + part * error) * frames) / frames for part in (0.0, 1.0, -1.0))
    middle, above, below = made
    return middle, (above - below) / 2.0


def rounded_variance(width_e: Numbers | float) -> Numbers:
    """Give the variance of Gaussian noise after rounding to whole numbers.

    ``sum_k (2 k - 1) P(|x| > k - 1/2)`` over k = 1, 2, ...: 0.096 for a width of 0.3, and
    ``width**2 + 1/12`` for wide noise.
    """
    from scipy.special import erfc

    width = np.maximum(np.asarray(width_e, np.float64), 1e-9)
    terms = max(_ROUNDING_TERMS, int(np.ceil(9.0 * float(np.max(width, initial=0.0)))))
    total = np.zeros(width.shape)
    for k in range(1, terms + 1):
        total += (2 * k - 1) * erfc((k - 0.5) / (np.sqrt(2.0) * width))
    return total


def read_noise_e(data_set: DataSet) -> Numbers | float:
    """Give the read noise of the pixels of the cropped frame; that of the mode without a bias."""
    properties = data_set.corrections.properties
    box = data_set.options.bbox
    if properties is None:
        return _NOISE_OF_MODE_E.get(data_set.header.mode or "", DEFAULT_WIDTH_E)
    return properties.widths if box is None else properties.cropped(box).widths


def flattened(made: RateMap, data_set: DataSet) -> RateMap:
    """Divide by the flat, if there is one; pixels it shows dark become NaN."""
    flat = data_set.flat()
    if flat is None:
        return made
    conventions = data_set.conventions
    if not conventions.is_native:
        flat = flat / np.nanmax(flat)
    least = LEAST_FLAT_V1 if conventions.name == "v1" else LEAST_FLAT
    lit = np.where(flat >= least, flat, np.nan)
    return RateMap(made.rate / lit, made.error / lit, made.exposure_s)
