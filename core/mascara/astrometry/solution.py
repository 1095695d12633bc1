"""What is known after the stars of a frame were looked for."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..camera.model import CameraModel
from ..finite import finite_or_none
from ..photometry.flags import AFlag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Residuals:
    """Stars that were used: where the model has them, and measured less modelled, pixels.

    Attributes
    ----------
    x, y, dx, dy : ndarray of float32, shape (n,)
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    dx: NDArray[np.float32]
    dy: NDArray[np.float32]

    @classmethod
    def of(cls, *columns: Numbers) -> Residuals:
        """Residuals of four columns of any type."""
        return cls(*(np.asarray(column, np.float32) for column in columns))

    @classmethod
    def none(cls) -> Residuals:
        """No stars at all."""
        return cls.of(*(np.empty(0) for _ in range(4)))


@dataclass(frozen=True)
class Solution:
    """A camera model and how well it holds.

    Parameters
    ----------
    model : CameraModel
        The solved one; the start where `aflag` tells that there is none.
    aflag : int
        0: good. The bits add, see `AFlag`.
    stars_used, stars_expected : int
    dx, dy, dr : float
        Residuals in x, in y and together, rms of the used stars, pixels; NaN without solution.
    order : int
        Degree of the polynomials that were fitted: lower than that of the model where the
        stars could only move the shape of the start.
    median_shift : tuple of float
        Median of solved less start, pixels in x and y.
    residuals : Residuals
        Not part of the JSON.
    """

    model: CameraModel
    aflag: int
    stars_used: int = 0
    stars_expected: int = 0
    dx: float = math.nan
    dy: float = math.nan
    dr: float = math.nan
    order: int = 0
    median_shift: tuple[float, float] = (0.0, 0.0)
    residuals: Residuals = field(default_factory=Residuals.none, compare=False, repr=False)

    @property
    def is_solved(self) -> bool:
        """Whether the model was found on this frame."""
        return not self.aflag & (AFlag.TOO_BRIGHT | AFlag.TOO_FEW)

    def as_json(self) -> dict[str, Any]:
        """All but the residuals of single stars; NaN is null."""
        return {
            "aflag": self.aflag,
            "stars_used": self.stars_used,
            "stars_expected": self.stars_expected,
            "dx": finite_or_none(self.dx),
            "dy": finite_or_none(self.dy),
            "dr": finite_or_none(self.dr),
            "order": self.order,
            "median_shift": list(self.median_shift),
            "model": self.model.as_json(),
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Solution:
        """The same again, without residuals."""
        shift_x, shift_y = fields["median_shift"]
        return cls(
            model=CameraModel.from_json(fields["model"]),
            aflag=int(fields["aflag"]),
            stars_used=int(fields["stars_used"]),
            stars_expected=int(fields["stars_expected"]),
            dx=_or_nan(fields["dx"]),
            dy=_or_nan(fields["dy"]),
            dr=_or_nan(fields["dr"]),
            order=int(fields["order"]),
            median_shift=(float(shift_x), float(shift_y)),
        )


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else float(value)
