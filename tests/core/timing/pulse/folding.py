"""Frames of known light folded, for tests of what is measured on profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from nightglass.core.timing.pulse.pieces import Pieces, fold_pieces
from nightglass.core.timing.pulse.profile import Profile

if TYPE_CHECKING:
    from nightglass.core.simulate.pulse import PulseShape
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FRAME_S = 0.001
GOLDEN = (5**0.5 - 1) / 2
"""Frames that last this part of any round number of turns never keep step with the pulsar."""
BROAD = [(0.3, 0.5, 1.0)]
CRAB = [(0.1, 0.04, 0.7), (0.5, 0.08, 0.3)]
_NODES = 8192


def consecutive(generator: np.random.Generator, count: int, smear: float) -> Numbers:
    """Phases of the middles of frames without gaps, from any beginning."""
    return (generator.random() + np.arange(count) * smear) % 1.0


def frames(
    generator: np.random.Generator,
    phase: Numbers,
    smear: float,
    rate_e: float,
    shape: PulseShape | None = None,
    *,
    sky_e: float = 0.0,
    read_e: float = 1.0,
) -> tuple[Numbers, Numbers]:
    """Electrons of frames above a known sky, and the variances that are told from each count."""
    expected = np.full(phase.size, rate_e)
    if shape is not None:
        expected *= shape.averaged(phase, np.full(phase.size, smear))
    seen = generator.poisson(expected + sky_e) + generator.normal(0.0, read_e, phase.size)
    return seen - sky_e, seen + read_e**2


def pieces_of(
    seed: int,
    count: int,
    n_bins: int,
    smear: float,
    rate_e: float,
    shape: PulseShape | None = None,
    *,
    pieces: int = 1,
    sky_e: float = 0.0,
    read_e: float = 1.0,
) -> tuple[Pieces, NDArray[np.int64]]:
    """Fold consecutive frames piece by piece; gives also where pieces begin."""
    generator = np.random.default_rng([seed, n_bins, count])
    phase = consecutive(generator, count, smear)
    light = frames(generator, phase, smear, rate_e, shape, sky_e=sky_e, read_e=read_e)
    starts = np.linspace(0, count, pieces + 1).astype(np.int64)
    return fold_pieces(phase, *light, starts, n_bins, smear), starts


def folded(
    seed: int,
    count: int,
    n_bins: int,
    smear: float,
    rate_e: float,
    shape: PulseShape | None = None,
    *,
    sky_e: float = 0.0,
    read_e: float = 1.0,
) -> Profile:
    """Fold consecutive frames into one profile."""
    pieces, _ = pieces_of(
        seed, count, n_bins, smear, rate_e, shape, sky_e=sky_e, read_e=read_e
    )  # fmt: skip
    return Profile(*(part[0] for part in pieces), FRAME_S, smear)


def density(shape: PulseShape) -> Numbers:
    """Pulse of mean 1 at phases spread evenly over the turn."""
    return shape.density((np.arange(_NODES) + 0.5) / _NODES)


def harmonics(shape: PulseShape, count: int) -> NDArray[np.complex128]:
    """Amplitudes of exp(2 pi i k phase) of a pulse of mean 1, k = 1 to `count`."""
    phase = np.arange(_NODES) / _NODES
    return np.fft.rfft(shape.density(phase))[1 : count + 1] / _NODES
