"""Frames folded piece by piece, so that sums over pieces are the same live and afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from ..fold import MOST_BINS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]


class Pieces(NamedTuple):
    """Sums over the bins of a turn for pieces of consecutive frames.

    Attributes
    ----------
    sums : ndarray of float64, shape (n_pieces, n_bins)
        Values times the shares of their frames.
    variances : ndarray of float64, same shape
        Of `sums`: variances times squared shares. A frame in two bins makes these correlated,
        which is not kept.
    shares : ndarray of float64, same shape
        Frames.
    """

    sums: Numbers
    variances: Numbers
    shares: Numbers


def fold_pieces(
    phase: ArrayLike,
    values: ArrayLike,
    variances: ArrayLike,
    starts: ArrayLike,
    n_bins: int,
    smear_turns: float,
    threads: int = 1,
) -> Pieces:
    """Fold each piece by itself.

    A frame of mid-exposure phase p that lasted s turns covers [p - s/2, p + s/2], and a bin gets
    the share of it that falls inside, as `timing.fold.fold` does; a frame with anything that is
    not finite is left out.

    Parameters
    ----------
    phase : array_like of float64, shape (n,)
        Of the middles of the exposures, turns; whole turns do not matter.
    values, variances : array_like of float64, shape (n,)
        Light of a frame and its variance.
    starts : array_like of int64, shape (n_pieces + 1,)
        Frames at which pieces begin, and the end of the last; ascending.
    n_bins : int
        Bins in a turn.
    smear_turns : float
        Turns that every frame lasted: exposure times spin frequency.
    threads : int
        Share the pieces out among so many threads. The result is the same for any number.

    Returns
    -------
    Pieces

    Raises
    ------
    NightglassError
        If there is no bin or too many, frames last a negative time, or the shapes do not fit.
    """
    from .pieces_kernels import fold_long, fold_short

    turns, light, noise = rows = [
        np.ascontiguousarray(row, np.float64) for row in (phase, values, variances)
    ]
    places = np.ascontiguousarray(starts, np.int64)
    _check(rows, places, n_bins, smear_turns)
    out = np.empty((3, places.size - 1, n_bins))
    # One bin holds every frame whole, however long.
    smear = float(smear_turns) if n_bins > 1 else 0.0
    kernel = fold_short if smear * n_bins <= 1.0 else fold_long

    def work(span: tuple[int, int]) -> None:
        first, last = span
        kernel(turns, light, noise, places, first, last, smear, out)

    spans = _spans(places, threads)
    if len(spans) > 1:
        with ThreadPoolExecutor(len(spans), "nightglass-fold") as pool:
            list(pool.map(work, spans))
    else:
        work((0, places.size - 1))
    return Pieces(*out)


def _spans(starts: Places, threads: int) -> list[tuple[int, int]]:
    """Cut the pieces into spans of about as many frames each."""
    marks = np.linspace(starts[0], starts[-1], max(threads, 1) + 1)[1:-1]
    edges = np.concatenate([[0], np.searchsorted(starts, marks), [starts.size - 1]])
    return list(pairwise(np.unique(edges).tolist()))


def _check(rows: list[Numbers], starts: Places, n_bins: int, smear_turns: float) -> None:
    if not 1 <= n_bins <= MOST_BINS:
        raise _refusal(f"{n_bins} bins are not between 1 and {MOST_BINS}")
    shapes = {row.shape for row in rows}
    if len(shapes) != 1 or rows[0].ndim != 1:
        told = ", ".join(str(row.shape) for row in rows)
        raise _refusal(f"the shapes of phases, values and variances do not fit: {told}")
    if not smear_turns >= 0.0 or smear_turns == np.inf:
        raise _refusal(f"a frame can not last {smear_turns} turns")
    if starts.ndim != 1 or starts.size == 0 or starts[0] < 0 or starts[-1] > rows[0].size:
        raise _refusal("pieces begin or end outside the frames")
    if (np.diff(starts) < 0).any():
        raise _refusal("pieces do not follow one another")


def _refusal(text: str) -> NightglassError:
    return NightglassError("Cannot fold", f"{text[0].upper()}{text[1:]}.")
