"""Fits of polynomials over the chip that some wrong stars do not harm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..camera.distortion import half_widths, polynomials, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]

_ROUNDS = 30
_SOFT_ROUNDS = 6
# Median of the length of two independent normal numbers of unit spread.
_RAYLEIGH = 1.17741
_LEAST_SCALE = 0.5
# Twice that of Akaike's criterion: where stars are few, in the corners, a needless degree does
# more harm than a missing one.
_PRICE = 4.0
_GRID = (13, 9)


@dataclass(frozen=True, eq=False)
class Fit:
    """Polynomials of both axes.

    Attributes
    ----------
    tables_px : ndarray of float64, shape (2, order + 1, order + 1)
        Coefficients as `Distortion` has them.
    used : ndarray of bool, shape (n,)
        Stars that were not left out.
    off_px : ndarray of float64, shape (2, n)
        What the fit leaves of each star, pixels.
    error_px : float
        Error of an axis of the fit over the chip by the noise of the stars, rms.
    distance : ndarray of float64, shape (n,)
        Length of what the fit leaves, in units of the expected errors.
    scale : float
        Spread of an axis of the used stars in these units.
    """

    tables_px: Numbers
    used: Mask
    off_px: Numbers
    error_px: float
    distance: Numbers
    scale: float

    @property
    def order(self) -> int:
        """Degree of the polynomials."""
        return len(self.tables_px[0]) - 1

    def cost(self, scale: float, clip_sigma: float) -> float:
        """What tells fits of several degrees apart: the lower, the better.

        Squares of the distances in units of `scale`, none above that of the clipping, and
        `_PRICE` for every coefficient.
        """
        squares = np.minimum(self.distance / scale, clip_sigma) ** 2
        return float(squares.sum() + _PRICE * 2 * terms_of(self.order))

    @property
    def rms_px(self) -> Numbers:
        """Residuals of the used stars in x and y, rms."""
        return np.asarray(np.sqrt(np.mean(self.off_px[:, self.used] ** 2, axis=1)))


def terms_of(order: int) -> int:
    """Number of the terms of a polynomial of two variables."""
    return (order + 1) * (order + 2) // 2


def design(x: Numbers, y: Numbers, size: tuple[int, int], order: int) -> Numbers:
    """Terms (n, terms) of the polynomial at pixels of the plane picture."""
    along_x = polynomials(half_widths(x, size[0]), order)
    along_y = polynomials(half_widths(y, size[1]), order)
    return np.stack([along_x[i] * along_y[j] for i, j in terms(order)], axis=-1)


def fit(
    x: Numbers,
    y: Numbers,
    wanted: Numbers,
    error_px: Numbers,
    size: tuple[int, int],
    order: int,
    clip_sigma: float,
) -> Fit | None:
    """Fit shifts by polynomials, leaving out stars that do not belong.

    A few rounds in which far stars count less, then rounds in which they are left out, to the
    end. It begins with all stars and knows no earlier solution: the same stars give the same
    bits.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Places in the plane picture, pixels.
    wanted : ndarray of float64, shape (2, n)
        Shifts in x and y, pixels.
    error_px : ndarray of float64, shape (n,)
        Expected error of a shift along an axis.
    size : tuple of int
        Width and height of the chip.
    order : int
        Degree.
    clip_sigma : float
        Stars farther off, in units of the others' spread, are left out.

    Returns
    -------
    Fit or None
        None where there are too few stars.
    """
    columns = design(x, y, size, order)
    weights = 1.0 / error_px**2
    used = np.ones(x.size, bool)
    softened = weights
    for number in range(_ROUNDS):
        if used.sum() < 2 * columns.shape[1]:
            return None
        found = _solved(columns, wanted, np.where(used, softened, 0.0))
        off = wanted - np.einsum("nk,ck->cn", columns, found)
        distance = np.hypot(*off) / error_px
        scale = max(float(np.median(distance[used])) / _RAYLEIGH, _LEAST_SCALE)
        if number < _SOFT_ROUNDS:
            softened = weights / np.maximum(distance / scale, 1.0)
            continue
        before, softened, used = used, weights, distance <= clip_sigma * scale
        if number > _SOFT_ROUNDS and np.array_equal(before, used):
            break
    error = scale * _error_px(columns, np.where(used, weights, 0.0), size, order)
    return Fit(_tables(found, order), used, off, error, distance, scale)


def _solved(columns: Numbers, wanted: Numbers, weights: Numbers) -> Numbers:
    """Coefficients (2, terms) by least squares.

    Normal equations by plain sums: polynomials of Legendre bear them, and the bits do not
    depend on how many threads a library for matrices takes.
    """
    weighted = columns * weights[:, None]
    normal = np.einsum("nk,nl->kl", weighted, columns)
    right = np.einsum("nk,cn->kc", weighted, wanted)
    return np.asarray(np.linalg.solve(_firm(normal), right).T)


def _firm(normal: Numbers) -> Numbers:
    """Normal equations with a trace of their size on the diagonal: never without a solution."""
    return normal + np.diag(1e-12 * np.diag(normal) + 1e-12)


def _error_px(columns: Numbers, weights: Numbers, size: tuple[int, int], order: int) -> float:
    """Error of the fit for stars of unit scale, rms over a grid on the chip."""
    normal = _firm(np.einsum("nk,nl->kl", columns * weights[:, None], columns))
    side_x, side_y = (
        (np.arange(count) + 0.5) / count * length for count, length in zip(_GRID, size, strict=True)
    )
    grid_x, grid_y = (side.ravel() for side in np.meshgrid(side_x, side_y))
    grid = design(grid_x, grid_y, size, order)
    variance = np.einsum("nk,kn->n", grid, np.linalg.solve(normal, grid.T))
    return float(np.sqrt(np.mean(variance)))


def _tables(found: Numbers, order: int) -> Numbers:
    tables = np.zeros((2, order + 1, order + 1))
    for column, (i, j) in enumerate(terms(order)):
        tables[:, i, j] = found[:, column]
    return tables
