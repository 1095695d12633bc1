"""Ranges of phase, on the pulse and off it, which may wrap through the end of a turn."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from .measured import ratio

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*(?:-|–|\.\.|:|,|\s|to)\s*({_NUMBER})\s*")


@dataclass(frozen=True)
class PhaseRange:
    """Phases from `start` to below `stop`, through the end of the turn where `stop` is not above.

    Parameters
    ----------
    start, stop : float
        Turns; whole turns do not matter and are taken off, so that both are in [0, 1). Where both
        are the same phase the range is the whole turn.

    Raises
    ------
    NightglassError
        If one is not a number.
    """

    start: float
    stop: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and math.isfinite(self.stop)):
            raise _refusal(f"'{self.start}-{self.stop}' has an end that is not a number")
        object.__setattr__(self, "start", _fraction(self.start))
        object.__setattr__(self, "stop", _fraction(self.stop))

    @property
    def width(self) -> float:
        """Turns, above 0 and at most 1."""
        width = self.stop - self.start
        return width if width > 0.0 else width + 1.0

    @property
    def rest(self) -> PhaseRange:
        """All other phases.

        Raises
        ------
        NightglassError
            If there are none.
        """
        if self.start == self.stop:
            raise _refusal(f"'{self.text}' leaves no phase outside")
        return PhaseRange(self.stop, self.start)

    def contains(self, phase: ArrayLike) -> NDArray[np.bool_]:
        """Whether phases, turns of any shape, lie inside; NaN does not."""
        offset = np.asarray(phase, np.float64) - self.start
        return np.asarray(offset - np.floor(offset) < self.width)

    def shares(self, n_bins: int) -> NDArray[np.float64]:
        """Part of each bin of a turn that lies inside, from 0 to 1, shape (n_bins,)."""
        edges = np.arange(n_bins + 1) / n_bins
        inside = self._length_to(edges)
        return np.asarray(np.clip(np.diff(inside) * n_bins, 0.0, 1.0))

    def _length_to(self, phase: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turns of the range that lie between 0 and `phase`, which is in [0, 1]."""
        end = self.start + self.width
        first = np.clip(phase, self.start, end) - self.start
        wrapped = np.clip(phase, 0.0, max(end - 1.0, 0.0))
        return np.asarray(first + wrapped)

    @property
    def text(self) -> str:
        """Both ends with three decimals or as many as they need, as `parse` reads them."""
        return f"{_decimals(self.start)}-{_decimals(self.stop)}"

    @classmethod
    def parse(cls, text: str) -> PhaseRange:
        """Read a range such as ``0.9-0.1``.

        Raises
        ------
        NightglassError
            If it is none.
        """
        found = _RANGE.fullmatch(text)
        if found is None:
            raise _refusal(f"'{text}' is no range of phase")
        return cls(float(found[1]), float(found[2]))


def on_off_weights(
    shares: NDArray[np.float64], on: PhaseRange | None, off: PhaseRange | None
) -> NDArray[np.float64]:
    """What sums are multiplied by for the light of a frame on the pulse less that off it.

    Parameters
    ----------
    shares : ndarray of float64, shape (..., n_bins)
        Frames in each bin.
    on, off : PhaseRange or None
        One that is not given is the rest of the other.

    Returns
    -------
    ndarray of float64, shape (..., n_bins)
        NaN where no frame is in one of the ranges.

    Raises
    ------
    NightglassError
        If neither is given, or the one given is the whole turn.
    """
    inside = on if on is not None else None if off is None else off.rest
    if inside is None:
        raise _refusal("There is neither an on-pulse nor an off-pulse range")
    outside = off if off is not None else inside.rest
    return level_weights(shares, inside) - level_weights(shares, outside)


def level_weights(shares: NDArray[np.float64], chosen: PhaseRange) -> NDArray[np.float64]:
    """What sums are multiplied by for the light of a frame in a range, shape of `shares`."""
    inside = np.broadcast_to(chosen.shares(shares.shape[-1]), shares.shape)
    frames = (inside * shares).sum(axis=-1, keepdims=True)
    return ratio(inside, np.broadcast_to(frames, shares.shape))


def _fraction(turns: float) -> float:
    fraction = turns - math.floor(turns)
    return fraction if fraction < 1.0 else 0.0


def _decimals(turns: float) -> str:
    short = f"{turns:.3f}"
    return short if float(short) == turns else f"{turns:.17g}"


def _refusal(text: str) -> NightglassError:
    return NightglassError(
        "No such range of phase", f"{text}.", "Give two phases in turns, such as 0.9-0.1."
    )
