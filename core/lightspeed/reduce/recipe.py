"""How raw counts become electrons, and which of them are cosmic rays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..box import Box
    from ..cube_header import CubeHeader

RuleKind = Literal["median", "laplacian", "ceiling"]
Rescale = Literal["template", "pixels", "none"]


@dataclass(frozen=True)
class CosmicRule:
    """What counts as a cosmic ray.

    Attributes
    ----------
    kind : str
        "median": ``|I - M| / sqrt(max(M, 0) + 1) > threshold``, where I is the pixel in electrons
        and M the median of the 3 x 3 pixels around it (an edge repeats itself). "laplacian": the
        sum L of the four neighbours (0 outside the frame) minus 4 I has ``-L / I > 2``, and
        I > 3 e-. "ceiling": I > threshold.
    threshold : float
        Of "median" (no unit) and "ceiling" (electrons).
    temporal : bool
        Spare what "median" finds where the neighbouring frames of the same cube show the same
        excess: the core of a star, a hot pixel. A ray is in one frame only.
    least_e : float or None
        Any pixel below is flagged as well, electrons.
    """

    kind: RuleKind = "median"
    threshold: float = 20.0
    temporal: bool = True
    least_e: float | None = None


NATIVE_RULE = CosmicRule()
V1_RULE = CosmicRule("laplacian", temporal=False)
V3_RULE = CosmicRule("median", 20.0, temporal=False, least_e=-2.0)


@dataclass(frozen=True, eq=False)
class Recipe:
    """From counts to electrons: ``(counts - offset) / gain - pedestal``.

    Attributes
    ----------
    adu_per_electron : float
        Gain.
    offset_adu : float
        Counts without light.
    pedestal_e : ndarray of float64, shape (rows, columns) of the box, or None
        Bias relative to the offset plus dark rate times exposure, electrons; finite.
    cosmic : CosmicRule or None
        What is cut; None for nothing.
    saturation_adu : int
        Counts from which a pixel is saturated; the largest count the storage can hold always is.
    box : Box or None
        Part of the frame that is used; all else is in the cropped frame.
    rescale : str
        What happens to an aperture sum that lost pixels. "template": it gets what these pixels
        had in the neighbouring frames, scaled as the others have changed; "pixels": it is divided
        by the part of the pixels that stayed; "none": nothing.

    Raises
    ------
    ValueError
        If the gain is not positive or the pedestal is not finite.
    """

    adu_per_electron: float
    offset_adu: float = 199.5
    pedestal_e: NDArray[np.float64] | None = None
    cosmic: CosmicRule | None = NATIVE_RULE
    saturation_adu: int = 60000
    box: Box | None = None
    rescale: Rescale = "template"

    def __post_init__(self) -> None:
        if not 0.0 < self.adu_per_electron < np.inf:
            raise ValueError(f"the gain must be positive, not {self.adu_per_electron}")
        if self.pedestal_e is not None and not np.isfinite(self.pedestal_e).all():
            raise ValueError("the pedestal has pixels without a number")


def shape_of(header: CubeHeader, recipe: Recipe) -> tuple[int, int]:
    """Rows and columns of a frame after the box was cut out.

    Raises
    ------
    ValueError
        If the box does not lie in the frame, or the pedestal does not fit.
    """
    rows, columns = header.shape
    box = recipe.box
    if box is not None:
        if not (0 <= box.left < box.right <= columns and 0 <= box.bottom < box.top <= rows):
            raise ValueError(f"{box} does not lie in a frame of {rows} rows, {columns} columns")
        rows, columns = box.top - box.bottom, box.right - box.left
    pedestal = recipe.pedestal_e
    if pedestal is not None and pedestal.shape != (rows, columns):
        raise ValueError(f"the pedestal has the shape {pedestal.shape}, not {(rows, columns)}")
    return rows, columns
