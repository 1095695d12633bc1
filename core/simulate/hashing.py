"""Random numbers that depend on a seed and a place, not on who asks first.

SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195): the n-th value of a stream
is a mixing function of key + n * golden ratio, so any value is had without the ones before it.
"""

from __future__ import annotations

from zlib import crc32

_MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(value: int) -> int:
    """Return SplitMix64's finaliser of a 64-bit value."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def key(seed: int, purpose: str) -> int:
    """Return the 64-bit key of one purpose's stream; purposes do not share numbers."""
    return mix((mix((seed + GOLDEN) & _MASK) + crc32(purpose.encode())) & _MASK)


class Stream:
    """A sequence of uniform numbers for the few things drawn once per capture."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._state = key(seed, purpose)

    def unit(self) -> float:
        """Return the next number in [0, 1)."""
        self._state = (self._state + GOLDEN) & _MASK
        return (mix(self._state) >> 11) * 2.0**-53

    def between(self, low: float, high: float) -> float:
        """Return the next number in [low, high)."""
        return low + (high - low) * self.unit()
