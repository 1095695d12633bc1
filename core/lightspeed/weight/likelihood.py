"""How probable every distinct raw count of every pixel is, per number of photo-electrons.

``p(u | lambda) = sum_eps f(u | eps) sum_gamma P(eps | gamma) Poisson(gamma | lambda)``: the
inner part does not depend on lambda and is worked out once, for the counts that occur.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...errors import NightglassError
from .trap import TRAPS, full_trap_chances, photons_from_electrons

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

# Density of electrons u, shape (k, m), of pixels (flat indices, shape (k,)) that held eps.
Density = Callable[["NDArray[np.int64]", "Numbers", int], "Numbers"]

# Poisson terms relative to the largest stay above the smallest double up to here.
MOST_ELECTRONS = 500
# Noise does not reach further than this from the true number of electrons.
_NOISE_REACH_E = 4
# What is smaller than this part of the largest probability of a row is left out of it; the
# second holds for tables that would otherwise be larger than `_LARGE_TABLE` numbers.
_TRIM, _TRIM_HARD = 1e-30, 1e-13
_LARGE_TABLE = 1 << 25
# Numbers in a temporary array; a few of these fit the cache.
_CHUNK = 1 << 19
PUBLISHED_ELECTRONS = 3


@dataclass(frozen=True, eq=False)
class CountModel:
    """Probabilities of the distinct counts of some pixels, for any group of frames.

    Made by `count_model`. A row is one value of one pixel; the last row of a pixel is the
    probability to lie in the range of values at all, and is divided by.

    Attributes
    ----------
    n_pixels, largest : int
        Pixels; largest number of photo-electrons.
    cells : ndarray of int64, shape (rows,)
        Place of a row in the flat (pixels, values); -1 for the range.
    pixel_rows : ndarray of int64, shape (n_pixels + 1,)
        Where the rows of a pixel begin.
    table, begins, firsts : ndarray
        Probabilities of the rows one after the other, where each row begins, and its first
        number of photo-electrons.
    inside : ndarray of bool, shape (n_pixels, n_values)
        The values that take part.
    u_e : ndarray of float64, shape (n_pixels, n_values)
        Electrons of the values.
    notices : tuple of str
        What was left out, as sentences.
    """

    n_pixels: int
    largest: int
    cells: NDArray[np.int64]
    pixel_rows: NDArray[np.int64]
    table: Numbers
    begins: NDArray[np.int64]
    firsts: NDArray[np.int32]
    inside: Flags
    u_e: Numbers
    notices: tuple[str, ...]

    def row_counts(self, counts: NDArray[np.unsignedinteger] | Numbers) -> Numbers:
        """Give how often each row occurred, shape (groups, rows); ranges count negatively."""
        flat = counts.reshape(counts.shape[0], -1)
        rows = np.ascontiguousarray(flat[:, self.cells], np.float64)
        ranges = np.flatnonzero(self.cells < 0)
        rows[:, ranges] = 0.0
        if ranges.size:
            rows[:, ranges] = -np.add.reduceat(rows, self.pixel_rows[:-1], axis=1)
        return rows

    def mean_photons(self, counts: NDArray[np.unsignedinteger] | Numbers) -> Numbers:
        """Give lambda from the mean of the values, shape (groups, pixels); NaN without any."""
        return _mean_photons(counts, self.u_e, self.inside)

    def sums(self, row_counts: Numbers, means: Numbers, active: Flags, out: Numbers) -> None:
        """Write log likelihood, score, information and squared scores in lambda.

        All of the shape (groups, pixels), `out` with those four in front.
        """
        from .weight_kernels import add_up_likelihood

        add_up_likelihood(
            self.table, self.begins, self.firsts, self.pixel_rows, row_counts,
            np.ascontiguousarray(means), np.ascontiguousarray(active), self.largest, out,
        )  # fmt: skip


def count_model(
    counts: NDArray[np.unsignedinteger] | Numbers,
    pixels: NDArray[np.int64],
    u_e: Numbers,
    density: Density,
    *,
    n_electrons: int | None = None,
    published: bool = False,
) -> CountModel:
    """Work out the probabilities of all counts that occur.

    Parameters
    ----------
    counts : ndarray of int, shape (n_groups, n_pixels, n_values)
        Histograms of raw counts.
    pixels : ndarray of int64, shape (n_pixels,)
        Flat indices, passed to `density`.
    u_e : ndarray of float64, shape (n_pixels, n_values)
        Electrons of the values, bias and dark taken off.
    density : callable
        ``density(pixels, u_e, eps)``, such as `PixelProperties.density`; of digitised values,
        as measured widths are: the rounding to counts is part of the noise.
    n_electrons : int or None
        Values above half an electron more than this are left out, and the likelihood is that
        of the rest given that it lies in the range: no bias, little loss. None takes what
        the brightest pixel needs: its mean, seven standard deviations and eight more. The sum
        over electrons always goes as far as the range needs.
    published : bool
        The likelihood of August 2026: all values, sums over 0 ... `n_electrons` (3 if None),
        not divided by the probability of the range.

    Raises
    ------
    NightglassError
        If the brightest pixel holds more than about `MOST_ELECTRONS` in a frame.
    """
    occurs = np.asarray(counts.any(axis=0))
    reach = _published_reach(n_electrons, u_e) if published else _reach(counts, u_e, n_electrons)
    rows = _all_rows(pixels, u_e, density, occurs, reach)
    return CountModel(
        n_pixels=len(pixels),
        largest=reach.largest,
        cells=rows.cells,
        pixel_rows=np.searchsorted(rows.owners, np.arange(len(pixels) + 1)),
        table=rows.table,
        begins=np.concatenate([[0], np.cumsum(rows.sizes)]),
        firsts=rows.firsts,
        inside=reach.inside,
        u_e=u_e,
        notices=_notices(counts, rows.cells, reach.inside),
    )


class _Reach(NamedTuple):
    """Values that take part, largest numbers of electrons of the sums, whether a range is."""

    inside: Flags
    electrons: int
    largest: int
    is_range: bool


class _Rows(NamedTuple):
    """Rows of some pixels: cell or -1, pixel, probabilities, how many of them, first one."""

    cells: NDArray[np.int64]
    owners: NDArray[np.int64]
    table: Numbers
    sizes: NDArray[np.int64]
    firsts: NDArray[np.int32]


def _published_reach(n_electrons: int | None, u_e: Numbers) -> _Reach:
    largest = n_electrons or PUBLISHED_ELECTRONS
    return _Reach(np.ones(u_e.shape, np.bool_), largest, largest, is_range=False)


def _reach(counts: Any, u_e: Numbers, n_electrons: int | None) -> _Reach:
    limit = _needed(counts, u_e) if n_electrons is None else min(n_electrons, MOST_ELECTRONS)
    inside = u_e <= limit + 0.5
    # As far as the range, not as far as the counts: its probability is summed as well.
    electrons = int(np.ceil(max(u_e[inside].max(initial=0.0), 0.0))) + _NOISE_REACH_E
    return _Reach(inside, electrons, electrons + TRAPS, is_range=True)


def _needed(counts: Any, u_e: Numbers) -> int:
    """Electrons that make the truncation negligible for the brightest pixel and group."""
    means = _mean_photons(counts, u_e, np.ones(u_e.shape, np.bool_))
    brightest = float(np.nanmax(means, initial=0.0))
    needed = brightest + 7.0 * np.sqrt(brightest) + 8.0
    if needed > MOST_ELECTRONS:
        raise NightglassError(
            "Too bright for weight mode",
            f"A pixel of the region holds {brightest:.0f} photo-electrons in a frame on average.",
            "Use --mode sum: so many electrons need no weighting.",
        )
    return int(np.ceil(needed))


def _mean_photons(counts: Any, u_e: Numbers, inside: Flags) -> Numbers:
    total = np.einsum("gpv,pv->gp", counts, np.where(inside, u_e, 0.0))
    samples = np.einsum("gpv,pv->gp", counts, inside.astype(np.float64))
    known = samples > 0.0
    mean = np.where(known, total / np.where(known, samples, 1.0), np.nan)
    return photons_from_electrons(mean)


def _all_rows(
    pixels: NDArray[np.int64], u_e: Numbers, density: Density, occurs: Flags, reach: _Reach
) -> _Rows:
    """Rows of all pixels, worked out for a few of them at a time to bound the memory."""
    rough_size = np.count_nonzero(occurs & reach.inside) * (reach.largest + 1)
    trim = _TRIM if rough_size < _LARGE_TABLE else _TRIM_HARD
    height = max(1, _CHUNK // (u_e.shape[1] * (reach.largest + 1)))
    parts = []
    for low in range(0, len(pixels), height):
        some = slice(low, low + height)
        noise = _noise(
            density,
            pixels[some],
            u_e[some],
            occurs[some],
            reach._replace(inside=reach.inside[some]),
        )
        part = _packed(*noise[:2], _through_traps(noise.densities, reach.largest), trim)
        cells = np.where(part.cells < 0, -1, part.cells + low * u_e.shape[1])
        parts.append(part._replace(cells=cells, owners=part.owners + low))
    return _Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


class _Noise(NamedTuple):
    """Cell or -1 and pixel of each row; densities for 0 ... electrons, shape (electrons, rows)."""

    cells: NDArray[np.int64]
    owners: NDArray[np.int64]
    densities: Numbers


def _noise(
    density: Density, pixels: NDArray[np.int64], u_e: Numbers, occurs: Flags, reach: _Reach
) -> _Noise:
    """Densities of the values that occur and, after those of each pixel, of the whole range."""
    owners, values = np.nonzero(occurs & reach.inside)
    count, pixel = owners.size, np.arange(len(u_e) if reach.is_range else 0)
    densities = np.empty((reach.electrons + 1, count + pixel.size))
    for eps in range(reach.electrons + 1):
        noise = density(pixels, u_e, eps)
        noise = np.where(np.isfinite(noise), noise, 0.0)
        densities[eps, :count] = noise[owners, values]
        densities[eps, count:] = np.where(reach.inside, noise, 0.0).sum(axis=1)[: pixel.size]
    cells = np.concatenate([owners * u_e.shape[1] + values, np.full(pixel.size, -1)])
    order = np.argsort(np.concatenate([owners, pixel]), kind="stable")
    return _Noise(cells[order], np.concatenate([owners, pixel])[order], densities[:, order])


def _through_traps(densities: Numbers, largest: int) -> Numbers:
    """``sum_eps f(u | eps) P(eps | gamma)``, shape (rows, largest + 1)."""
    full = full_trap_chances(largest)
    chances = np.zeros((largest + 1, densities.shape[1]))
    for eps, noise in enumerate(densities):
        for j in range(min(TRAPS, largest - eps) + 1):
            chances[eps + j] += full[j, eps + j] * noise
    return np.ascontiguousarray(chances.T)


def _packed(
    cells: NDArray[np.int64], owners: NDArray[np.int64], tall: Numbers, trim: float
) -> _Rows:
    """Keep of each row what lies between its first and last number that matters.

    Rows are divided by their largest number, which adds a constant to the logarithm only; a
    value without any probability has no row.
    """
    highest = tall.max(axis=1, initial=0.0)
    possible = (highest > 0.0) | (cells < 0)
    cells, owners, tall, highest = (x[possible] for x in (cells, owners, tall, highest))
    scaled = tall / np.where(highest > 0.0, highest, 1.0)[:, np.newaxis]
    matters = scaled > trim
    width = tall.shape[1]
    first = np.argmax(matters, axis=1)
    end = width - np.argmax(matters[:, ::-1], axis=1)
    number = np.arange(width)
    kept = (number >= first[:, np.newaxis]) & (number < end[:, np.newaxis])
    return _Rows(cells, owners, scaled[kept], end - first, first.astype(np.int32))


def _notices(counts: Any, cells: NDArray[np.int64], inside: Flags) -> tuple[str, ...]:
    """Tell how many samples are out of range, and how many the noise model knows nothing of."""
    per_cell = counts.sum(axis=0, dtype=np.float64)
    total = per_cell.sum()
    beyond = per_cell[~inside].sum()
    known = per_cell.ravel()[cells[cells >= 0]].sum()
    strange = total - beyond - known
    sentences = []
    if beyond > 0.0:
        sentences.append(
            f"{beyond:.0f} of {total:.0f} samples hold more electrons than the likelihood sums "
            "over and were left out."
        )
    if strange > 0.0:
        sentences.append(
            f"{strange:.0f} of {total:.0f} samples are impossible under the noise of their "
            "pixels and were left out."
        )
    return tuple(sentences)
