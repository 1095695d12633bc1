"""Windows of time in which a Chebyshev polynomial stands for PINT."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .grid import window_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from .nodes import PhaseSource

DEGREE = 12

# Phases are to agree with PINT to 0.5 ns. PINT's rounding to a long double MJD takes up to 0.31 ns
# of that (0.15 ns until 2038), so the polynomial itself is held to the rest.
TOLERANCE_S = 0.5e-9
PINT_ROUNDING_S = 0.31e-9
FIT_TOLERANCE_S = TOLERANCE_S - PINT_ROUNDING_S

# PINT's spin phase is a long double too and scatters by 0.15 ns 30 years from PEPOCH, 0.25 ns after
# 55 years. Cutting cannot help there: a window is accepted when its parent was hardly worse and
# the rest is small. (Where the polynomial is to blame, halving makes it thousands of times better.)
_SCATTER_LIMIT_S = 1e-9
_LEAST_GAIN = 8.0

# An hour cut in halves twelve times is 0.88 s.
MAX_DEPTH = 12

_NODES = DEGREE + 1
_ANGLES = (2 * np.arange(_NODES) + 1) * np.pi / (2 * _NODES)
_NODE_X = np.cos(_ANGLES)

# Held-out points lie where the polynomial that vanishes at the nodes is largest, ends included.
_HELD_X = np.cos(np.array([0, 3, 6, 10, _NODES]) * np.pi / _NODES)
_POINTS_X = np.concatenate([_NODE_X, _HELD_X])

# Values at the nodes -> coefficients (the discrete cosine transform of the first kind of nodes).
_TO_COEFFICIENTS = np.cos(np.outer(np.arange(_NODES), _ANGLES)) * (2.0 / _NODES)
_TO_COEFFICIENTS[0] /= 2.0

# Evaluated in pieces that stay in the processor's cache.
_PIECE = 8192


@dataclass(frozen=True)
class Leaf:
    """A stretch of one UTC day with its polynomial.

    Parameters
    ----------
    start_s, stop_s : float
        Seconds of the day.
    turn : int
        Whole turns that the polynomial counts from.
    coefficients : tuple of float
        Chebyshev coefficients in turns; empty where PINT must be asked each time.
    worst_s : float
        Largest disagreement with PINT at the held-out points, in seconds.
    """

    start_s: float
    stop_s: float
    turn: int
    coefficients: tuple[float, ...]
    worst_s: float


@dataclass(frozen=True)
class Window:
    """One hour of the grid: leaves in order of time, and where they start."""

    leaves: tuple[Leaf, ...]
    starts_s: NDArray[np.float64]


@dataclass(frozen=True)
class _Candidate:
    number: int
    day: int
    start_s: float
    stop_s: float
    depth: int
    parent_worst_s: float = math.inf

    def seconds(self) -> NDArray[np.float64]:
        middle, half = (self.start_s + self.stop_s) / 2, (self.stop_s - self.start_s) / 2
        # Rounding must not carry the held-out ends out of the day.
        return np.clip(middle + half * _POINTS_X, self.start_s, self.stop_s)

    def halves(self, worst_s: float) -> tuple[_Candidate, _Candidate]:
        middle, depth = (self.start_s + self.stop_s) / 2, self.depth + 1
        return (
            _Candidate(self.number, self.day, self.start_s, middle, depth, worst_s),
            _Candidate(self.number, self.day, middle, self.stop_s, depth, worst_s),
        )

    def accepts(self, worst_s: float) -> bool:
        if worst_s <= FIT_TOLERANCE_S:
            return True
        return worst_s <= _SCATTER_LIMIT_S and worst_s * _LEAST_GAIN > self.parent_worst_s


def fit_windows(
    numbers: Iterable[int], ask: PhaseSource, f0_hz: float, max_depth: int = MAX_DEPTH
) -> dict[int, Window]:
    """Fit windows of the grid, cutting them in halves until they agree with PINT.

    Parameters
    ----------
    numbers : iterable of int
        Window numbers, see `grid.window_numbers`.
    ask : PhaseSource
        Exact phases; called once for each depth with the points of all windows.
    f0_hz : float
        Spin frequency, to turn phase errors into seconds.
    max_depth : int
        How often a window may be cut in halves.

    Returns
    -------
    dict of int to Window
    """
    pending = [_Candidate(number, *window_bounds(number), depth=0) for number in numbers]
    done: dict[int, list[Leaf]] = {candidate.number: [] for candidate in pending}
    while pending:
        halves: list[_Candidate] = []
        for candidate, leaf in zip(pending, _fit(pending, ask, f0_hz), strict=True):
            if candidate.accepts(leaf.worst_s):
                done[candidate.number].append(leaf)
            elif candidate.depth >= max_depth:
                done[candidate.number].append(_unfitted(leaf))
            else:
                halves.extend(candidate.halves(leaf.worst_s))
        pending = halves
    return {number: _window(leaves) for number, leaves in done.items()}


def _unfitted(leaf: Leaf) -> Leaf:
    return Leaf(leaf.start_s, leaf.stop_s, leaf.turn, (), leaf.worst_s)


def _window(leaves: list[Leaf]) -> Window:
    ordered = tuple(sorted(leaves, key=lambda leaf: leaf.start_s))
    return Window(ordered, np.array([leaf.start_s for leaf in ordered]))


def _fit(candidates: Sequence[_Candidate], ask: PhaseSource, f0_hz: float) -> list[Leaf]:
    days = np.repeat([candidate.day for candidate in candidates], _POINTS_X.size)
    seconds = np.concatenate([candidate.seconds() for candidate in candidates])
    turns, rests = ask(days.astype(np.int64), seconds)
    shape = (len(candidates), _POINTS_X.size)
    return [
        _leaf(candidate, turn, rest, f0_hz)
        for candidate, turn, rest in zip(
            candidates, turns.reshape(shape), rests.reshape(shape), strict=True
        )
    ]


def _leaf(
    candidate: _Candidate, turns: NDArray[np.int64], rests: NDArray[np.float64], f0_hz: float
) -> Leaf:
    """Fit one candidate; a few million turns an hour leave 1e-10 turns to a float64."""
    turn = int(turns[_NODES // 2])
    phases = (turns - turn).astype(np.float64) + rests
    coefficients = (_TO_COEFFICIENTS * phases[:_NODES]).sum(axis=1)
    worst = np.abs(clenshaw(coefficients, _HELD_X) - phases[_NODES:]).max()
    return Leaf(
        candidate.start_s,
        candidate.stop_s,
        turn,
        tuple(coefficients.tolist()),
        float(worst) / f0_hz,
    )


def clenshaw(coefficients: Sequence[float], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chebyshev series at x in [-1, 1], shape of `x` (Clenshaw 1955, MTAC 9, 118)."""
    doubled = x + x
    last, before, new = np.zeros_like(x), np.zeros_like(x), np.empty_like(x)
    # Three buffers change places: a frame costs 36 additions and multiplications, no memory.
    for coefficient in coefficients[:0:-1]:
        np.multiply(doubled, last, out=new)
        new += coefficient
        new -= before
        last, before, new = new, last, before
    last *= x
    last += coefficients[0]
    last -= before
    return last


def evaluate_leaf(
    leaf: Leaf,
    seconds: NDArray[np.float64],
    turns: NDArray[np.int64],
    fractions: NDArray[np.float64],
) -> None:
    """Write phases at the seconds of one leaf into `turns` and `fractions` (in [0, 1))."""
    middle, half = (leaf.start_s + leaf.stop_s) / 2, (leaf.stop_s - leaf.start_s) / 2
    for start in range(0, seconds.size, _PIECE):
        piece = slice(start, start + _PIECE)
        phase = clenshaw(leaf.coefficients, (seconds[piece] - middle) / half)
        turns[piece], fractions[piece] = split(phase)
        turns[piece] += leaf.turn


def split(phase: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Whole turns and a fraction in [0, 1): a phase a hair below a turn counts as that turn."""
    whole = np.floor(phase)
    fraction = phase - whole
    full = fraction >= 1.0
    fraction[full] = 0.0
    return whole.astype(np.int64) + full, fraction


def wrapped(phase: NDArray[np.float64]) -> NDArray[np.float64]:
    """Phases in [0, 1): one a hair below a turn is 0, NaN stays."""
    fraction = phase - np.floor(phase)
    fraction[fraction >= 1.0] = 0.0
    return fraction
