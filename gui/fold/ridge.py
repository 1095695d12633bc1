"""The ridge line of the raster: where it runs, and what a change of it means for F0 and F1."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Waves = NDArray[np.complex128]

Handle = Literal["end", "middle", "foot"]
STEP_TURNS = 0.02
"""A fiftieth of a turn over the span: F0 moves in steps of 1/(50 T)."""
MOST_MARKS = 16
MARK_HARMONICS = 8
LEAST_MARKS = 4
MARK_SIGMAS = 4.0
_FINENESS = 16


@dataclass(frozen=True)
class RidgeLine:
    """A line through the raster: ``foot + drift u + 4 bend u (1 - u)``, u the part of the span.

    Attributes
    ----------
    foot : float
        Phase at the start, turns in [0, 1).
    drift : float
        Turns from the start to the end.
    bend : float
        Turns between the middle of the line and that of its chord.
    """

    foot: float = 0.0
    drift: float = 0.0
    bend: float = 0.0

    @property
    def is_straight(self) -> bool:
        """Whether it stands for no change."""
        return self.drift == 0.0 and self.bend == 0.0

    def phase(self, part: Numbers | float) -> Numbers | float:
        """Phase at a part of the span (0 at the start, 1 at the end), not wrapped."""
        return self.foot + self.drift * part + 4.0 * self.bend * part * (1.0 - part)

    def place(self, handle: Handle) -> tuple[float, float]:
        """Phase and part of the span of a handle."""
        part = {"foot": 0.0, "middle": 0.5, "end": 1.0}[handle]
        return float(self.phase(part)), part

    def pulled(self, handle: Handle, by_turns: float, is_free: bool = False) -> RidgeLine:
        """Line with a handle moved along the phases; the other ends stay.

        Parameters
        ----------
        handle : {"end", "middle", "foot"}
        by_turns : float
        is_free : bool
            Whether steps do not matter.
        """
        if handle == "foot":
            return replace(self, foot=(self.foot + by_turns) % 1.0)
        name = "drift" if handle == "end" else "bend"
        turns = getattr(self, name) + by_turns
        return replace(self, **{name: turns if is_free else in_steps(turns)})

    def delta_f_hz(self, span_s: float) -> float:
        """Change of the frequency at the start that makes a ridge along this line straight, Hz.

        A pulse whose phase runs as ``drift u`` is folded ``drift / T`` too fast, T the span.
        """
        return -(self.drift + 4.0 * self.bend) / span_s + 0.0 if span_s > 0.0 else 0.0

    def delta_f1_hz_s(self, span_s: float) -> float:
        """Change of its derivative that does so, Hz/s: phases move by half of it times t^2."""
        return 8.0 * self.bend / span_s**2 + 0.0 if span_s > 0.0 else 0.0

    def text(self, handle: Handle, span_s: float) -> str:
        """What a hand on this handle has changed, in words for the cursor."""
        if handle == "foot":
            return f"phase {self.foot:.3f}"
        if handle == "end":
            return f"ΔF0 = {-self.drift + 0.0:+.2f}/T = {brief(-self.drift / span_s + 0.0)} Hz"
        step = brief(self.delta_f1_hz_s(span_s))
        return f"ΔF1 = {8.0 * self.bend + 0.0:+.2f}/T² = {step} Hz/s"


def in_steps(turns: float) -> float:
    """Nearest whole number of steps."""
    return round(turns / STEP_TURNS) * STEP_TURNS + 0.0


def brief(number: float) -> str:
    """Number with its sign, in as few characters as a cursor has room for."""
    mantissa, _, power = f"{number:+.2e}".partition("e")
    return f"{mantissa}e{int(power)}" if number else "+0"


def pulse_marks(sums: Numbers, variances: Numbers, shares: Numbers) -> tuple[Numbers, Numbers]:
    """Where the pulse lies in some blocks of rows that show it, for a line to be laid along.

    Blocks are compared with the one that shows the pulse best, by the cross-correlation of their
    first harmonics.

    Parameters
    ----------
    sums, variances, shares : ndarray of float64, shape (rows, n_bins)
        Electrons, their variances, frames.

    Returns
    -------
    rows : ndarray of float64, shape (n,)
        Middle of each block, in rows from the start of the raster.
    phases : ndarray of float64, shape (n,)
        Of the highest point of the pulse, turns in [0, 1).
    """
    starts = _block_starts(len(sums))
    values, noise, frames = (np.add.reduceat(part, starts) for part in (sums, variances, shares))
    total = np.maximum(frames.sum(axis=1, keepdims=True), 1e-300)
    net = values - frames * (values.sum(axis=1, keepdims=True) / total)
    harmonics = min(MARK_HARMONICS, sums.shape[1] // 2)
    waves = np.fft.rfft(net, axis=1)[:, 1 : harmonics + 1]
    middles = 0.5 * (starts + np.append(starts[1:], len(sums)))
    is_seen = _is_significant(waves, noise)
    if not is_seen.any():
        return np.empty(0), np.empty(0)
    best = waves[np.argmax(np.abs(waves).sum(axis=1) * is_seen)]
    shifts = _highest(waves[is_seen] * np.conj(best), sums.shape[1])
    top = _highest(best[np.newaxis], sums.shape[1])[0]
    # Bin 0 of the transform is the middle of the first bin of phase.
    return middles[is_seen], (shifts + top + 0.5 / sums.shape[1]) % 1.0


def _block_starts(rows: int) -> NDArray[np.intp]:
    count = min(rows, MOST_MARKS)
    return np.unique(np.arange(count) * rows // max(count, 1)).astype(np.intp)


def _is_significant(waves: Waves, noise: Numbers) -> NDArray[np.bool_]:
    """Whether the power of the harmonics is far above the 2 that noise gives each on average."""
    total = np.maximum(noise.sum(axis=1), 1e-300)
    power = 2.0 * (np.abs(waves) ** 2).sum(axis=1) / total
    dof = 2.0 * waves.shape[1]
    return np.asarray(power > dof + MARK_SIGMAS * np.sqrt(2.0 * dof))


def _highest(waves: Waves, n_bins: int) -> Numbers:
    """Phase at which each sum of harmonics, shape (n, harmonics), is highest."""
    fine = _FINENESS * n_bins
    padded = np.zeros((len(waves), fine // 2 + 1), np.complex128)
    padded[:, 1 : waves.shape[1] + 1] = waves
    return np.asarray(np.argmax(np.fft.irfft(padded, fine, axis=1), axis=1) / fine)


def starting_phase(sums: Numbers, variances: Numbers, shares: Numbers) -> float:
    """Phase of the pulse at the start of a raster, shape (rows, n_bins), turns in [0, 1).

    Where blocks of it show a pulse, a straight line through their phases tells; otherwise that of
    all light is taken.
    """
    rows, phases = pulse_marks(sums, variances, shares)
    if rows.size < LEAST_MARKS:
        return pulse_phase(sums.sum(axis=0), shares.sum(axis=0))
    # Whole turns are settled from block to block.
    steps = (np.diff(phases) + 0.5) % 1.0 - 0.5
    run = phases[0] + np.concatenate([[0.0], np.cumsum(steps)])
    return float(np.polyfit(rows, run, 1)[1]) % 1.0


def pulse_phase(sums: Numbers, shares: Numbers) -> float:
    """Phase of the highest point of a profile, shape (n_bins,), smoothed by its harmonics."""
    rate = np.divide(sums, shares, out=np.zeros_like(sums), where=shares > 0.0)
    waves = np.fft.rfft(rate)[1 : min(MARK_HARMONICS, sums.size // 2) + 1]
    return float(_highest(waves[np.newaxis], sums.size)[0] + 0.5 / sums.size) % 1.0
