"""Images by phase: their means, and what is there while the pulse is on and not while it is off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....timing.pulse.ranges import PhaseRange
    from ...calibration import CountScale

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]


class OnMinusOff(NamedTuple):
    """Image of a pulse, shape (rows, columns) both; NaN where nothing was on, or nothing off.

    Attributes
    ----------
    image_e : ndarray of float64
        Electrons of a pixel of the camera in one frame: mean while on less mean while off.
    signal_to_noise : ndarray of float64
        The same over its standard deviation.
    """

    image_e: Numbers
    signal_to_noise: Numbers


@dataclass(frozen=True, eq=False)
class PhaseImages:
    """Counts by phase, added up over frames and perhaps over neighbouring pixels.

    Attributes
    ----------
    sums : ndarray of uint64, shape (n_bins, rows, columns)
        Stored numbers.
    rows_counted : ndarray of int64, shape (n_bins, rows)
        How many rows of frames are in each row of the images.
    columns_counted : ndarray of int64, shape (columns,)
        How many columns of the frames are in each column.
    frames : ndarray of int64, shape (n_bins,)
        Frames, by the phase of their middle row.
    zero_adu : int
        Counts of the stored number 0.
    scale : CountScale
    read_noise_e : float
        Of one pixel in one frame.
    """

    sums: NDArray[np.uint64]
    rows_counted: Places
    columns_counted: Places
    frames: Places
    zero_adu: int
    scale: CountScale
    read_noise_e: float

    @property
    def n_bins(self) -> int:
        """Bins in a turn."""
        return len(self.sums)

    def samples(self, number: int) -> Places:
        """How often a pixel of the camera was read for each one of an image, (rows, columns)."""
        samples: Places = self.rows_counted[number][:, None] * self.columns_counted
        return samples

    def electrons(self, number: int) -> Numbers:
        """Electrons of all frames of a bin, shape (rows, columns)."""
        offset_adu = self.scale.offset_adu - self.zero_adu
        light: Numbers = self.sums[number] - self.samples(number) * offset_adu
        light /= self.scale.adu_per_electron
        return light

    def mean_e(self, number: int) -> Numbers:
        """Mean image of a bin: electrons of a pixel of the camera in one frame.

        Returns
        -------
        ndarray of float64, shape (rows, columns)
            NaN where there is no frame.
        """
        return _ratio(self.electrons(number), self.samples(number))

    def on_minus_off(self, on: PhaseRange, off: PhaseRange) -> OnMinusOff:
        """Subtract the mean image of some phases from that of others.

        Both means are by exposure: bins count with the share of them that is inside the range.

        Notes
        -----
        With E_j the electrons of bin j, N_j its samples, and a_j, b_j its shares of both ranges,
        the image is ``sum_j u_j E_j``, ``u_j = a_j / sum_k a_k N_k - b_j / sum_k b_k N_k``, and its
        variance ``sum_j u_j^2 (max(E_j, 0) + N_j r^2)``, Poisson and the read noise r. What belongs
        to both ranges takes part in both with its covariance.
        """
        shares = np.stack([on.shares(self.n_bins), off.shares(self.n_bins)])
        # Samples of both ranges are products of what was counted in rows and in columns.
        weights = _ratio(1.0, shares @ self.rows_counted)
        shape = self.sums.shape[1:]
        image, variance = np.zeros(shape), np.zeros(shape)
        for number in np.flatnonzero(shares.any(axis=0)).tolist():
            part = shares[0, number] * weights[0] - shares[1, number] * weights[1]
            weight = part[:, None] / self.columns_counted
            electrons = self.electrons(number)
            noise = self.samples(number) * self.read_noise_e**2
            image += weight * electrons
            variance += weight**2 * (np.maximum(electrons, 0.0) + noise)
        return OnMinusOff(image, _ratio(image, np.sqrt(variance)))


def _ratio(above: Numbers | float, below: NDArray[np.generic]) -> Numbers:
    """Quotient; NaN where the divisor is zero."""
    quotient = np.full(below.shape, np.nan)
    np.divide(above, below, out=quotient, where=below != 0)
    return quotient
