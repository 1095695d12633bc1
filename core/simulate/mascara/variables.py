"""Stars that vary: which, and how, from the seed and their number alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..hashing import GOLDEN, key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_AMPLITUDE_MAG = (0.03, 0.3)
_PERIOD_D = (0.02, 0.6)
_DEPTH = (0.005, 0.03)
_TRANSIT_PERIOD_D = (0.8, 3.0)
_DURATION_D = (0.06, 0.16)
_INGRESS = 0.1


class Variations(NamedTuple):
    """How stars vary, arrays (n,).

    A sine has ``V + amplitude sin(2 pi (t - epoch) / period)`` magnitudes. A transit takes the
    part `depth` of the light for `duration_d` around its epochs, with tenths of it for ingress
    and egress. Amplitude and depth are 0 for stars that do not vary so.
    """

    amplitude_mag: Numbers
    depth: Numbers
    period_d: Numbers
    epoch_jd: Numbers
    duration_d: Numbers

    def factor(self, jd: float) -> Numbers:
        """Flux over that of a constant star at a Julian date."""
        turns = (jd - self.epoch_jd) / self.period_d
        sine = 10.0 ** (-0.4 * self.amplitude_mag * np.sin(2.0 * np.pi * turns))
        off_d = np.abs(turns - np.round(turns)) * self.period_d
        edge = (0.5 * self.duration_d - off_d) / (_INGRESS * self.duration_d)
        return np.asarray(sine * (1.0 - self.depth * np.clip(edge, 0.0, 1.0)))

    @property
    def vary(self) -> NDArray[np.bool_]:
        """Which stars vary."""
        return (self.amplitude_mag > 0.0) | (self.depth > 0.0)

    def told(self, ascc: NDArray[np.int64]) -> list[dict[str, Any]]:
        """Each variable star's numbers, for the truth."""
        return [
            {
                "ascc": int(ascc[n]),
                "kind": "transit" if self.depth[n] else "sine",
                "amplitude_mag": float(self.amplitude_mag[n]),
                "depth": float(self.depth[n]),
                "period_d": float(self.period_d[n]),
                "epoch_jd": float(self.epoch_jd[n]),
                "duration_d": float(self.duration_d[n]),
            }
            for n in np.flatnonzero(self.vary)
        ]


def variations(ascc: NDArray[np.int64], seed: int, fraction: float, middle_jd: float) -> Variations:
    """Make up how the stars of these numbers vary; epochs lie about `middle_jd`."""
    draw = _Draws(ascc, key(seed, "variables"))
    chosen = draw.between(0.0, 1.0)
    is_sine, is_transit = chosen < fraction / 2, (chosen >= fraction / 2) & (chosen < fraction)
    amplitude = np.where(is_sine, draw.between(*_AMPLITUDE_MAG), 0.0)
    depth = np.where(is_transit, draw.between(*_DEPTH), 0.0)
    period = np.where(is_transit, draw.between(*_TRANSIT_PERIOD_D), draw.between(*_PERIOD_D))
    epoch = middle_jd + draw.between(-0.5, 0.5) * np.minimum(period, 0.3)
    return Variations(amplitude, depth, period, epoch, draw.between(*_DURATION_D))


class _Draws:
    """Uniform numbers of stars, tied to the number of each."""

    def __init__(self, ascc: NDArray[np.int64], seed: int) -> None:
        self._state = ascc.astype(np.uint64) * np.uint64(GOLDEN) + np.uint64(seed)

    def between(self, low: float, high: float) -> Numbers:
        """Return the next number of every star."""
        self._state = _mixed(self._state + np.uint64(GOLDEN))
        unit = (self._state >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return np.asarray(low + (high - low) * unit)


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser, as `hashing.mix`."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
