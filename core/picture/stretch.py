"""How the range between the limits is spread over the colours: DS9's scales.

Formulae as SAOImage DS9 8.4 draws them (its reference manual, "How it works"), for x from 0
to 1: log(a x + 1) / log(a), (a^x - 1) / a, sqrt x, x^2, asinh(10 x) / 3, sinh(3 x) / 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from .codes import SCALE_CODES, Codes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Kind = Literal["linear", "log", "sqrt", "squared", "asinh", "sinh", "power", "histogram"]
STRETCHES: Final[tuple[Kind, ...]] = (
    "linear",
    "log",
    "sqrt",
    "squared",
    "asinh",
    "sinh",
    "power",
    "histogram",
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A scale.

    Attributes
    ----------
    kind : str
        One of `STRETCHES`.
    parameter : float
        The exponent a of "log" and "power", above 1.
    """

    kind: Kind = "linear"
    parameter: float = 1000.0

    def __post_init__(self) -> None:
        """Refuse what has no logarithm."""
        if not self.parameter > 1:
            raise ValueError(f"the exponent of a scale is above 1, not {self.parameter}")


def spread(x: NDArray[np.float64], stretch: Stretch) -> NDArray[np.float64]:
    """Position on the colour scale of positions between the limits.

    Parameters
    ----------
    x : ndarray
        0 at the lower limit, 1 at the upper.
    stretch : Stretch
        Not "histogram", which needs the pixels; see `equalised_table`.

    Returns
    -------
    ndarray
        0 to 1, of the shape of `x`.
    """
    a = stretch.parameter
    formulae: dict[str, Callable[[], Any]] = {
        "linear": lambda: x,
        "log": lambda: np.log(a * x + 1) / np.log(a),
        "sqrt": lambda: np.sqrt(x),
        "squared": lambda: x * x,
        "asinh": lambda: np.arcsinh(10 * x) / 3,
        "sinh": lambda: np.sinh(3 * x) / 10,
        "power": lambda: (a**x - 1) / a,
    }
    return np.asarray(np.clip(formulae[stretch.kind](), 0.0, 1.0))


@lru_cache(maxsize=16)
def scale_table(stretch: Stretch) -> Codes:
    """Code of each of 16384 even steps between the limits.

    Returns
    -------
    uint16 ndarray, shape (16384,)
        Read-only.
    """
    x = np.arange(SCALE_CODES) / (SCALE_CODES - 1)
    return _as_codes(spread(x, stretch))


def equalised_table(values: NDArray[np.floating], low: float, high: float) -> Codes:
    """Codes that give every colour the same number of pixels.

    Parameters
    ----------
    values : ndarray
        Finite pixel values, or a fair sample of them.
    low, high : float
        The limits; the ones beyond count as lying on them.

    Returns
    -------
    uint16 ndarray, shape (16384,)
        The share of pixels below each step; the linear table when there are no pixels.
    """
    if values.size == 0:
        return scale_table(Stretch("linear"))
    steps = (np.clip(values, low, high) - low) * ((SCALE_CODES - 1) / (high - low)) + 0.5
    counts = np.bincount(steps.astype(np.intp).ravel(), minlength=SCALE_CODES)
    below = np.cumsum(counts) - counts
    return _as_codes(below / values.size)


def _as_codes(position: NDArray[np.float64]) -> Codes:
    table = (position * (SCALE_CODES - 1) + 0.5).astype(np.uint16)
    table.flags.writeable = False
    return table
