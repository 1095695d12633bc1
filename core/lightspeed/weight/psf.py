"""Weights of pixels from a circle or ellipse that is the half-maximum contour of a star.

The published versions take twice too small a width and turn ellipses by 90 degrees; here the
star falls to half its maximum on the contour itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from ...regions.shapes import Circle, Ellipse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...regions.shapes import Shape

    Numbers = NDArray[np.float64]

# A Gaussian has 0.02 % of its light beyond three half widths, a Moffat star more.
ENLARGEMENT = 3.0
# Points and parts of a Gauss-Legendre rule, along each side of a pixel.
_NODES = 5


class HalfMaximum(NamedTuple):
    """Where a star is half as bright as in its centre; in pixels as DS9 counts them, from 1.

    `a_px` and `b_px` are semi-axes, `angle_deg` turns the first from +x counter-clockwise.
    """

    x_px: float
    y_px: float
    a_px: float
    b_px: float
    angle_deg: float = 0.0


class PsfWeights(NamedTuple):
    """Pixels that take part, shape (rows, columns), and their weights, shape (n,), of sum 1."""

    mask: NDArray[np.bool_]
    weights: Numbers


def half_maximum(region: Shape) -> HalfMaximum:
    """Take a circle or an ellipse of a region file for the half-maximum contour.

    Raises
    ------
    NightglassError
        If the region has another shape.
    """
    if isinstance(region, Circle):
        return HalfMaximum(region.x, region.y, region.r, region.r)
    if isinstance(region, Ellipse):
        return HalfMaximum(region.x, region.y, region.a, region.b, region.angle)
    raise NightglassError(
        "No contour of a star",
        f"A region of the shape {type(region).__name__.lower()} does not tell how wide a star is.",
        "Draw a circle or an ellipse along the star's half maximum.",
    )


def psf_weights(
    contour: HalfMaximum,
    shape: tuple[int, int],
    *,
    beta: float | None = None,
    base: int = 1,
    enlargement: float = ENLARGEMENT,
) -> PsfWeights:
    """Give the part of a star's light in each pixel of the enlarged contour.

    Parameters
    ----------
    contour : HalfMaximum
        The star.
    shape : tuple of int
        Rows and columns of the frame.
    beta : float or None
        Exponent of a Moffat star, ``(1 + q^2 (2^(1/beta) - 1))^-beta`` with the radius q in
        half widths; above 1, for the light to be finite. None is a Gaussian of the standard
        deviation radius / 1.17741.
    base : int
        Coordinate of the centre of the first pixel.
    enlargement : float
        Pixels up to so many half widths take part.

    Returns
    -------
    PsfWeights
        Integrals over the pixels, divided by their sum: light outside the enlarged contour
        or the frame is not counted.

    Raises
    ------
    NightglassError
        If the star is not wide at all, lies outside the frame, or beta is not above 1.
    """
    _check(contour, beta)
    rows, columns = shape
    y, x = np.mgrid[:rows, :columns] + float(base)
    mask = _squared_radius(contour, x, y) < enlargement**2
    if not mask.any():
        raise NightglassError(
            "Star outside the frame",
            f"The region around x {contour.x_px:g}, y {contour.y_px:g} covers no pixel of the "
            f"frame of {columns} x {rows} pixels.",
            "Draw the region on an image of this capture.",
        )
    light = _integrals(contour, x[mask], y[mask], beta)
    return PsfWeights(mask, light / light.sum())


def profile(squared_radius: Numbers, beta: float | None = None) -> Numbers:
    """Give the brightness relative to the centre at a squared radius in half widths."""
    if beta is None:
        return np.asarray(np.exp2(-squared_radius), np.float64)
    return np.asarray(
        (1.0 + squared_radius * (2.0 ** (1.0 / beta) - 1.0)) ** -beta, dtype=np.float64
    )


def _squared_radius(contour: HalfMaximum, x: Numbers, y: Numbers) -> Numbers:
    angle = np.deg2rad(contour.angle_deg)
    across, up = x - contour.x_px, y - contour.y_px
    along = across * np.cos(angle) + up * np.sin(angle)
    beside = up * np.cos(angle) - across * np.sin(angle)
    return np.asarray((along / contour.a_px) ** 2 + (beside / contour.b_px) ** 2, np.float64)


def _integrals(contour: HalfMaximum, x: Numbers, y: Numbers, beta: float | None) -> Numbers:
    places, parts = np.polynomial.legendre.leggauss(_NODES)
    total = np.zeros(x.shape)
    for dx, across in zip(0.5 * places, 0.5 * parts, strict=True):
        for dy, up in zip(0.5 * places, 0.5 * parts, strict=True):
            total += across * up * profile(_squared_radius(contour, x + dx, y + dy), beta)
    return total


def _check(contour: HalfMaximum, beta: float | None) -> None:
    if not (contour.a_px > 0.0 and contour.b_px > 0.0):
        raise NightglassError(
            "Star without width",
            f"The half widths are {contour.a_px:g} and {contour.b_px:g} pixels.",
            "Draw a circle or an ellipse along the star's half maximum.",
        )
    if beta is not None and not beta > 1.0:
        raise NightglassError(
            "Moffat star without end",
            f"With beta {beta:g} the star's light has no finite sum.",
            "Use a beta above 1; seeing has 2.5 to 5.",
        )
