"""Which trials are peaks of their own, and which belong to a stronger one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..pulse.moments import HARMONICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .grid import Grid
    from .light import SearchLight
    from .statistic import Statistic

    Numbers = NDArray[np.float64]

_MOST_CONSIDERED = 2000
_SAMPLE = 16_384
_FARTHEST_TURNS = 500.0
_MARGIN = 2.0


class Spot(NamedTuple):
    """A trial: its place in the grid, offsets of F0 and F1, and value."""

    row: int
    column: int
    offset_hz: float
    offset_hz_s: float
    value: float


def peaks(
    values: Numbers, grid: Grid, light: SearchLight, statistic: Statistic, top: int
) -> list[Spot]:
    """Give the highest peaks, at most `top`, each with its neighbours and side lobes merged.

    Parameters
    ----------
    values : ndarray of float64, shape (trials of F1, trials of F0)
    grid, light, statistic
        What they are of.
    top : int
    """
    merging = Merging.of(light, statistic)
    found: list[Spot] = []
    for spot in maxima(values, grid, _MOST_CONSIDERED):
        if len(found) >= top:
            break
        if not any(merging.belongs(spot, other) for other in found):
            found.append(spot)
    return found


def maxima(values: Numbers, grid: Grid, most: int) -> Iterator[Spot]:
    """Give trials that no neighbour surpasses, the highest first, at most so many."""
    padded = np.pad(values, 1, constant_values=-np.inf)
    rows, columns = values.shape
    highest = np.ones(values.shape, np.bool_)
    for down in range(3):
        for right in range(3):
            highest &= values >= padded[down : down + rows, right : right + columns]
    places = np.flatnonzero(highest)
    order = np.argsort(-values.ravel()[places], kind="stable")[:most]
    f0, f1 = grid.f0.offsets, grid.f1.offsets
    for place in places[order].tolist():
        row, column = divmod(place, columns)
        yield Spot(row, column, float(f0[column]), float(f1[row]), float(values[row, column]))


@dataclass(frozen=True, eq=False)
class Merging:
    """Tells whether a peak is only what a stronger one leaves at other frequencies.

    A peak of value S above the noise leaves ``S W`` at other trials, W the response of the frame
    times, the highest of any harmonic. With noise on top, and as much again for safety, what lies
    below ``(sqrt(2 S W) + sqrt(noise))^2`` is taken for that; and so is what is nearer than 1/T in
    F0 and 4/T^2 in F1.
    """

    turned: tuple[Numbers, Numbers]
    span_s: float
    harmonics: int
    noise: float

    @classmethod
    def of(cls, light: SearchLight, statistic: Statistic) -> Merging:
        """Take the frame times."""
        sample = light.sample(_SAMPLE)
        turned = sample.clock_s, sample.half_square_s2
        return cls(turned, light.span_s, min(statistic.harmonics, HARMONICS), statistic.noise)

    def belongs(self, spot: Spot, stronger: Spot) -> bool:
        """Whether the one is merged into the other."""
        hz = spot.offset_hz - stronger.offset_hz
        hz_s = spot.offset_hz_s - stronger.offset_hz_s
        turns, bend = abs(hz) * self.span_s, abs(hz_s) * self.span_s**2
        if turns < 1.0 and bend < 4.0:
            return True
        left = max(stronger.value - self.noise, 0.0) * self._response(hz, hz_s, turns - bend)
        return spot.value < (math.sqrt(_MARGIN * left) + math.sqrt(self.noise)) ** 2

    def _response(self, hz: float, hz_s: float, turns: float) -> float:
        if turns > _FARTHEST_TURNS:
            return 0.0
        turn = np.exp(2j * np.pi * (hz * self.turned[0] + hz_s * self.turned[1]))
        wave, highest = np.ones_like(turn), 0.0
        for _ in range(self.harmonics):
            wave *= turn
            highest = max(highest, abs(complex(wave.mean())) ** 2)
        return highest
