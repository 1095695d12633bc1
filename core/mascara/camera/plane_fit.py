"""Distortion that takes one set of pixels to another, for models made elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .distortion import Distortion, half_widths, polynomials, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_STEPS = (61, 41)


def chip_grid(nx: int, ny: int) -> tuple[Numbers, Numbers]:
    """Pixels (n,) spread over the chip up to its edges."""
    sides = (
        np.linspace(0.0, size - 1.0, steps) for size, steps in zip((nx, ny), _STEPS, strict=True)
    )
    x, y = np.meshgrid(*sides)
    return x.ravel(), y.ravel()


def fitted_distortion(
    flat: tuple[Numbers, Numbers], chip: tuple[Numbers, Numbers], size: tuple[int, int], order: int
) -> Distortion:
    """Distortion whose `bend` takes pixels of the plane picture to pixels of the chip best."""
    tables = fitted_tables(flat, (chip[0] - flat[0], chip[1] - flat[1]), size, order)
    return Distortion.of(*size, *tables)


def fitted_tables(
    places: tuple[Numbers, Numbers],
    shifts: tuple[Numbers, Numbers],
    size: tuple[int, int],
    order: int,
) -> tuple[Numbers, Numbers]:
    """Coefficients (order + 1, order + 1) of Legendre's polynomials for two shifts."""
    along = [
        polynomials(half_widths(values, length), order)
        for values, length in zip(places, size, strict=True)
    ]
    used = list(terms(order))
    columns = np.stack([along[0][i] * along[1][j] for i, j in used], axis=-1)
    found = np.linalg.lstsq(columns, np.stack(shifts, axis=-1), rcond=None)[0]
    tables = np.zeros((2, order + 1, order + 1))
    for (i, j), pair in zip(used, found, strict=True):
        tables[:, i, j] = pair
    return tables[0], tables[1]
