"""The pulse: peaks round the circle, averaged over each exposure without approximation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_NODES = 8192
_NEGLIGIBLE = 1e-17


class PulseShape:
    """A periodic pulse of mean 1: a constant part and von Mises peaks.

    The profile is f(p) = 1 - F + F * sum_i s_i M_i(p), with M_i the von Mises density in turns
    of concentration ln 2 / (1 - cos(pi w_i)), so that w_i is its full width at half maximum.

    Parameters
    ----------
    peaks : sequence of (phase, width, share)
        Phase and full width at half maximum in turns; the shares sum to 1.
    pulsed_fraction : float
        F, the fraction of the photons that are pulsed.
    """

    def __init__(self, peaks: Sequence[tuple[float, float, float]], pulsed_fraction: float) -> None:
        phase = np.arange(_NODES) / _NODES
        self._density = np.ones(_NODES)
        self._excess = np.zeros(_NODES)
        for centre, width, share in peaks:
            for k, size in enumerate(_harmonics(width), start=1):
                angle = 2 * np.pi * k * (phase - centre)
                amplitude = 2 * pulsed_fraction * share * size
                self._density += amplitude * np.cos(angle)
                self._excess += amplitude / (2 * np.pi * k) * np.sin(angle)

    def density(self, phase: NDArray[np.float64]) -> NDArray[np.float64]:
        """Profile at `phase` (turns, any shape), linear between nodes 1/8192 turn apart."""
        at = np.mod(phase, 1.0) * _NODES
        node = at.astype(np.int64) % _NODES
        step = at - np.floor(at)
        after = self._density[(node + 1) % _NODES]
        return np.asarray(self._density[node] * (1 - step) + after * step)

    def averaged(
        self, middle: NDArray[np.float64], span: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Mean of the profile over exposures.

        Parameters
        ----------
        middle, span : float64, shapes that broadcast
            Phase of mid-exposure and turns per exposure; a span may exceed one turn.

        Returns
        -------
        float64
            (C(middle + span/2) - C(middle - span/2)) / span with C the profile's integral.
        """
        start, end = middle - span / 2, middle + span / 2
        change = self._periodic_integral(end) - self._periodic_integral(start)
        safe = np.where(span > 0, span, 1.0)
        mean = np.where(span > 1e-6, 1.0 + change / safe, self.density(middle))
        return np.asarray(np.maximum(mean, 0.0))

    def _periodic_integral(self, phase: NDArray[np.float64]) -> NDArray[np.float64]:
        """Integral of the profile minus phase, by cubic Hermite steps (its slope is known)."""
        at = np.mod(phase, 1.0) * _NODES
        node = at.astype(np.int64) % _NODES
        after = (node + 1) % _NODES
        s = at - np.floor(at)
        slope0 = (self._density[node] - 1.0) / _NODES
        slope1 = (self._density[after] - 1.0) / _NODES
        rise = self._excess[after] - self._excess[node]
        return np.asarray(
            self._excess[node]
            + s * (slope0 + s * (3 * rise - 2 * slope0 - slope1 + s * (slope0 + slope1 - 2 * rise)))
        )


def _harmonics(width: float) -> NDArray[np.float64]:
    """Fourier amplitudes I_k(kappa) / I_0(kappa) of a von Mises peak, k = 1, 2, ..."""
    from scipy.special import ive

    kappa = np.log(2) / (1 - np.cos(np.pi * width))
    sizes = ive(np.arange(1, _NODES // 4), kappa) / ive(0, kappa)
    return np.asarray(sizes[sizes > _NEGLIGIBLE], dtype=np.float64)
