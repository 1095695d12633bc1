"""How the lens bends a plane picture: a polynomial in two coordinates for each axis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.polynomial import legendre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Table = tuple[tuple[float, ...], ...]

REACH = 1.1
"""Half widths of the chip up to which the polynomial is followed; it stays as it is beyond."""
_NEWTON_STEPS = 12
_CLOSE_PX = 1e-10


@dataclass(frozen=True)
class Distortion:
    """Shift of a plane picture by polynomials of Legendre.

    ``x = xp + sum c[i][j] L_i(2 xp / nx - 1) L_j(2 yp / ny - 1)`` over i + j <= order, and y
    likewise; xp and yp are pixels of a `Pointing`. Beyond `REACH` half widths of the chip the
    shift stays that of the edge, so that no star far outside is folded back onto the chip.

    Parameters
    ----------
    order : int
        Highest total degree.
    nx, ny : int
        Size of the chip, pixels.
    x_px, y_px : tuple of tuple of float, (order + 1, order + 1)
        Coefficients c[i][j], pixels; zero where i + j > order.
    """

    order: int
    nx: int
    ny: int
    x_px: Table
    y_px: Table

    @classmethod
    def identity(cls, nx: int, ny: int) -> Distortion:
        """No shift anywhere."""
        return cls(0, nx, ny, ((0.0,),), ((0.0,),))

    @classmethod
    def of(cls, nx: int, ny: int, x_px: Numbers, y_px: Numbers) -> Distortion:
        """Distortion of square tables of coefficients."""
        tables = (tuple(tuple(map(float, row)) for row in table) for table in (x_px, y_px))
        return cls(len(x_px) - 1, nx, ny, *tables)

    @cached_property
    def tables_px(self) -> Numbers:
        """Coefficients (2, order + 1, order + 1) of both axes."""
        return np.array([self.x_px, self.y_px])

    def moved(self, tables_px: Numbers) -> Distortion:
        """Distortion with further polynomials (2, n, n) of the same kind added."""
        size = max(len(self.tables_px[0]), tables_px.shape[1])
        total = np.zeros((2, size, size))
        for tables in (self.tables_px, tables_px):
            total[:, : tables.shape[1], : tables.shape[1]] += tables
        return Distortion.of(self.nx, self.ny, *total)

    def shift(self, x: ArrayLike, y: ArrayLike) -> tuple[Numbers, Numbers]:
        """Shift in x and y, pixels, at pixels of the plane picture."""
        powers = self._powers(x, y)
        return _sum(self.tables_px[0], *powers), _sum(self.tables_px[1], *powers)

    def bend(self, x: ArrayLike, y: ArrayLike) -> tuple[Numbers, Numbers]:
        """Pixels on the chip of pixels of the plane picture."""
        dx, dy = self.shift(x, y)
        return np.asarray(x, np.float64) + dx, np.asarray(y, np.float64) + dy

    def straighten(self, x: ArrayLike, y: ArrayLike) -> tuple[Numbers, Numbers]:
        """Pixels of the plane picture of pixels on the chip: `bend` undone, by Newton's rule."""
        wanted_x, wanted_y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        dx, dy = self.shift(wanted_x, wanted_y)
        flat_x, flat_y = wanted_x - dx, wanted_y - dy
        for _ in range(_NEWTON_STEPS if self.order else 0):
            step_x, step_y = self._step(flat_x, flat_y, wanted_x, wanted_y)
            flat_x, flat_y = flat_x + step_x, flat_y + step_y
            if not (np.abs(step_x) + np.abs(step_y) > _CLOSE_PX).any():
                break
        return flat_x, flat_y

    def as_json(self) -> dict[str, Any]:
        """Fields as JSON can carry them, exactly."""
        size = {"order": self.order, "nx": self.nx, "ny": self.ny}
        return {**size, "x_px": list(map(list, self.x_px)), "y_px": list(map(list, self.y_px))}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Distortion:
        """The same again."""
        tables = (tuple(tuple(map(float, row)) for row in fields[key]) for key in ("x_px", "y_px"))
        return cls(int(fields["order"]), int(fields["nx"]), int(fields["ny"]), *tables)

    def _powers(self, x: ArrayLike, y: ArrayLike) -> tuple[Numbers, Numbers]:
        return (
            polynomials(half_widths(x, self.nx), self.order),
            polynomials(half_widths(y, self.ny), self.order),
        )

    def _step(self, x: Numbers, y: Numbers, wanted_x: Numbers, wanted_y: Numbers) -> Any:
        """Newton's step from x, y to where `bend` gives the wanted pixels."""
        found_x, found_y = self.bend(x, y)
        (xx, xy), (yx, yy) = self._slopes(x, y)
        off_x, off_y = wanted_x - found_x, wanted_y - found_y
        determinant = xx * yy - xy * yx
        return (yy * off_x - xy * off_y) / determinant, (xx * off_y - yx * off_x) / determinant

    def _slopes(self, x: Numbers, y: Numbers) -> tuple[tuple[Numbers, Numbers], ...]:
        """Derivatives of `bend`: of x by x and y, of y by x and y."""
        powers = self._powers(x, y)
        within = (
            (2.0 / self.nx) * (np.abs(2.0 * x / self.nx - 1.0) < REACH),
            (2.0 / self.ny) * (np.abs(2.0 * y / self.ny - 1.0) < REACH),
        )
        slopes = [
            [within[axis] * _sum(_derivative(table, axis), *powers) for axis in (0, 1)]
            for table in self.tables_px
        ]
        return (1.0 + slopes[0][0], slopes[0][1]), (slopes[1][0], 1.0 + slopes[1][1])


def half_widths(pixels: ArrayLike, size: int) -> Numbers:
    """Pixels as half widths of the chip from its middle, at most `REACH` of them."""
    return np.clip(2.0 * np.asarray(pixels, np.float64) / size - 1.0, -REACH, REACH)


def polynomials(values: Numbers, order: int) -> Numbers:
    """Polynomials of Legendre from degree 0 to `order`, the degree along the first axis."""
    table = np.asarray(legendre.legvander(values, order), np.float64)
    return np.moveaxis(table.reshape(*np.shape(values), order + 1), -1, 0)


def terms(order: int) -> Iterator[tuple[int, int]]:
    """Degrees in x and y of the terms, the low total degrees first."""
    return ((total - j, j) for total in range(order + 1) for j in range(total + 1))


def _sum(table: Numbers, along_x: Numbers, along_y: Numbers) -> Numbers:
    """Sum of the terms at each place, one after the other: the same for one star or many."""
    total = np.zeros(along_x.shape[1:])
    for i, j in terms(len(table) - 1):
        if table[i, j]:
            total += table[i, j] * (along_x[i] * along_y[j])
    return total


def _derivative(table: Numbers, axis: int) -> Numbers:
    """Coefficients of the derivative, in a table of the same size."""
    slope = np.zeros_like(table)
    found = legendre.legder(table, axis=axis) if len(table) > 1 else np.zeros((0, 0))
    slope[: found.shape[0], : found.shape[1]] = found
    return slope
