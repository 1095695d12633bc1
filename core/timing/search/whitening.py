"""Power spectra of even light, and their red noise taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .light import SearchLight, refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

PADDING = 2
_FIRST_WIDTH, _MOST_WIDTH, _GROWTH = 16 * PADDING, 512 * PADDING, 1.5
_LEAST_LENGTH, _MOST_LENGTH = 64, 1 << 26


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Powers averaged over stretches; 2 on average in white noise.

    Attributes
    ----------
    power : ndarray of float64, shape (n,)
        At 0, `step_hz`, 2 `step_hz`, ... up to half the frame rate.
    step_hz : float
        Half of one over the length of a stretch, or less: stretches are padded to twice that.
    stretches : tuple of SearchLight
        Each with frequencies counted from 0.
    """

    power: Numbers
    step_hz: float
    stretches: tuple[SearchLight, ...]

    @property
    def length_s(self) -> float:
        """Of a stretch."""
        return max(one.span_s for one in self.stretches)


def spectrum_of(light: SearchLight, count: int) -> Spectrum:
    """Cut light into equal stretches and average their power spectra.

    Frames that are missing get the mean. The power of a stretch is ``2 |F|^2 / sum x^2``.

    Parameters
    ----------
    light : SearchLight
        At even intervals, some of which may be missing.
    count : int
        Stretches.

    Raises
    ------
    NightglassError
        If the intervals are not known, or there are more stretches than frames for them.
    """
    from scipy.fft import next_fast_len

    place, length = _places(light, count)
    powers, stretches = [], []
    padded = next_fast_len(PADDING * length, real=True)
    for number in range(count):
        inside = (place >= number * length) & (place < (number + 1) * length)
        if np.count_nonzero(inside) < max(length // 2, 1):
            continue
        one = SearchLight.of(
            light.values[inside], light.clock_s[inside], interval_s=light.interval_s
        )
        even = np.bincount(place[inside] - number * length, one.values, minlength=length)
        powers.append(np.abs(np.fft.rfft(even, padded)) ** 2 * (2.0 / one.scatter))
        stretches.append(one)
    if not stretches:
        raise refusal("More than half of the frames are missing everywhere", "Use another part.")
    step_hz = 1.0 / (padded * light.interval_s)
    return Spectrum(np.mean(powers, axis=0), step_hz, tuple(stretches))


def _places(light: SearchLight, count: int) -> tuple[NDArray[np.int64], int]:
    """Number of the interval of each frame, and intervals of a stretch."""
    if light.interval_s <= 0.0:
        raise refusal("The time from frame to frame is not known", "Search around a prediction.")
    place = np.rint((light.clock_s - light.clock_s.min()) / light.interval_s).astype(np.int64)
    total = int(place.max()) + 1
    if total > _MOST_LENGTH:
        raise refusal(f"{total:,} frames, lost ones included, are too many", "Use fewer cubes.")
    if count < 1 or total // count < _LEAST_LENGTH:
        raise refusal(
            f"{count:,} stretches of {total:,} frames cannot be: a stretch that has less than "
            f"{_LEAST_LENGTH} shows no period",
            "Change --stretches, or use more frames.",
        )
    return place, total // count


def whitened(spectrum: Spectrum, lowest: int) -> Numbers:
    """Divide a spectrum by its running median.

    Medians are taken over stretches of frequency that grow from 16 to 512 independent ones, and
    joined by straight lines of the logarithms; red noise is steepest where they are short.

    Parameters
    ----------
    spectrum : Spectrum
    lowest : int
        Number of the frequency to begin with.

    Returns
    -------
    ndarray of float64, shape (n,)
        2 on average in noise; 0 below `lowest`.
    """
    power, edges = spectrum.power, _edges(lowest, spectrum.power.size)
    middle = np.log(0.5 * (edges[1:] + edges[:-1]))
    pairs = zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    level = np.log([float(np.median(power[first:last])) for first, last in pairs])
    number = np.log(np.arange(lowest, power.size))
    made = np.zeros(power.size)
    mean = _median_of_noise(len(spectrum.stretches))
    made[lowest:] = power[lowest:] * (mean / np.exp(np.interp(number, middle, level)))
    return made


def _edges(lowest: int, size: int) -> NDArray[np.int64]:
    edges, width = [lowest], float(_FIRST_WIDTH)
    while edges[-1] + 2 * width < size:
        edges.append(edges[-1] + int(width))
        width = min(width * _GROWTH, float(_MOST_WIDTH))
    return np.array([*edges, size])


def _median_of_noise(stretches: int) -> float:
    """Median of averaged powers of noise, of mean 2."""
    from scipy.special import gammaincinv

    return 2.0 * float(gammaincinv(stretches, 0.5)) / stretches
