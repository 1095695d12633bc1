"""Verify a camera model on a frame: find its stars, follow the camera, fit the lens anew.

The pointing stays that of the start, for a whole night; drift, turn and scale go into the
polynomials. They are fitted from the plane picture of that pointing to the measured centroids,
so the start decides only which stars are found: from two starts a fraction of a pixel apart
come the same coefficients, to the last bit. One case is different: where the stars are too few
or cover too little of the chip to tell its shape (a cloud over a third of it), the shape is kept
that the start had, and only moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..camera.distortion import Distortion
from ..camera.model import CameraModel
from ..photometry.flags import AFlag
from .field import Field
from .polynomial_fit import terms_of
from .settings import AstrometrySettings
from .solution import Residuals, Solution

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from .field import Found, Image, Mask, Numbers
    from .polynomial_fit import Fit

_ROUNDS = 3
_MOVE_ORDER = 2
_ROUGH_PX = 0.5
# A shape taken over from the start may leave so much more than one fitted to stars that do not
# cover the chip: it is the safer one where there are none.
_PATIENCE = 1.25
_BRIGHT_SHARE = 1.0 / 3.0
_STEP = 7


@dataclass(frozen=True, eq=False)
class _Shape:
    """A distortion that was fitted to stars, and how."""

    distortion: Distortion
    fit: Fit
    found: Found


def verify(
    image: Image,
    vectors: ArrayLike,
    vmag: ArrayLike,
    start: CameraModel,
    settings: AstrometrySettings | None = None,
) -> Solution:
    """Find the stars of a frame and fit the camera model to them.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
        Dark subtracted, ADU.
    vectors : array_like of float64, shape (n, 3)
        Directions of isolated stars at mid-exposure: north, east, up, observed.
    vmag : array_like of float64, shape (n,)
        Only those within the limits are used.
    start : CameraModel
        The previous solution, or a blind one: right within `search_px`.
    settings : AstrometrySettings, optional

    Returns
    -------
    Solution
        With the start as its model where the frame is too bright or too few stars are found.
    """
    settings = settings or AstrometrySettings()
    light = brightness_flag(image, settings)
    if light & AFlag.TOO_BRIGHT:
        return Solution(start, light)
    field = Field.of(image, vectors, vmag, start.pointing, settings)
    shape = _shape(field, start.distortion)
    if shape is None or not _is_believed(shape, settings, field.size):
        expected = int(field.expected(start.distortion)[2].sum())
        used = 0 if shape is None else int(shape.fit.used.sum())
        return Solution(start, int(light | AFlag.TOO_FEW), used, expected)
    return _solution(shape, start, light)


def brightness_flag(image: Image, settings: AstrometrySettings) -> int:
    """Bits of `aflag` that tell of twilight and Moon, from every 49th pixel."""
    sample = image[::_STEP, ::_STEP]
    middle, bright = np.percentile(sample, [50.0, 95.0])
    if middle > settings.max_median_adu:
        return int(AFlag.TOO_BRIGHT)
    is_uneven = bright > settings.bright_percentile_adu or sample.std() > settings.bright_std_adu
    return int(AFlag.BRIGHT) if is_uneven else 0


def _shape(field: Field, start: Distortion) -> _Shape | None:
    """Distortion by the stars that it finds itself, in rounds until these are the same."""
    distortion = _followed(field, start)
    shape: _Shape | None = None
    for _ in range(_ROUNDS if distortion else 0):
        assert distortion is not None
        found = field.look(distortion, field.settings.gate_px)
        if shape is not None and found.is_like(shape.found):
            break
        shape = _best(field, found, start)
        if shape is None:
            return None
        distortion = shape.distortion
    return shape


def _followed(field: Field, start: Distortion) -> Distortion | None:
    """Start, moved, turned and stretched until its stars are nearly where it has them."""
    settings = field.settings
    distortion = start
    for search_px, order in (
        (settings.search_px, 0),
        (settings.search_px, 1),
        (settings.gate_px, 2),
    ):
        found = field.look(distortion, search_px)
        moved = field.move(found, distortion, order, _ROUGH_PX)
        if moved is None:
            return None
        distortion = distortion.moved(moved.tables_px)
    return distortion


def _best(field: Field, found: Found, start: Distortion) -> _Shape | None:
    """Shape by the stars alone where they tell it, else that of the start, moved."""
    wanted_order = _order_for(len(found.x), field.settings)
    highest = _highest(field, found, wanted_order)
    fresh = None if highest is None else _simplest(field, found, highest)
    has_most = len(found.x) >= field.settings.min_fraction * len(found.expected_x)
    if has_most and highest is not None and highest.order >= wanted_order - 1:
        return fresh
    kept = _kept(field, found, start)
    if fresh is None or kept is None:
        return kept or fresh
    is_kept = _rms(kept.fit) <= _PATIENCE * _rms(fresh.fit)
    return kept if is_kept else fresh


def _order_for(stars: int, settings: AstrometrySettings) -> int:
    """Highest degree with enough stars for each of its terms."""
    orders = range(settings.max_order, 0, -1)
    enough = (order for order in orders if stars >= settings.stars_per_term * terms_of(order))
    return next(enough, 0)


def _highest(field: Field, found: Found, wanted_order: int) -> Fit | None:
    """Polynomials of the highest degree that the stars determine all over the chip."""
    fits = (field.shape(found, order) for order in range(wanted_order, -1, -1))
    limit_px = field.settings.max_error_px
    return next((one for one in fits if one is not None and one.error_px <= limit_px), None)


def _simplest(field: Field, found: Found, highest: Fit) -> _Shape:
    """The degree, at most the highest, below which the stars stop to agree."""
    best, scale, sigma = highest, highest.scale, field.settings.clip_sigma
    for order in range(highest.order - 1, 0, -1):
        lower = field.shape(found, order)
        if lower is None or lower.cost(scale, sigma) > best.cost(scale, sigma):
            break
        best = lower
    return _Shape(Distortion.of(*field.size, *best.tables_px), best, found)


def _kept(field: Field, found: Found, start: Distortion) -> _Shape | None:
    moved = field.move(found, start, _MOVE_ORDER, field.settings.max_error_px)
    return _Shape(start.moved(moved.tables_px), moved, found) if moved else None


def _rms(fitted: Fit) -> float:
    return float(np.hypot(*fitted.rms_px))


def _is_believed(shape: _Shape, settings: AstrometrySettings, size: tuple[int, int]) -> bool:
    """Whether enough of the stars were used, and fit well.

    Enough of all, or of those in the middle of the chip, or, under a bright sky or a veil, of
    the brightest third.
    """
    fitted, found = shape.fit, shape.found
    if fitted.used.sum() < settings.min_stars or _rms(fitted) > settings.max_rms_px:
        return False
    is_used = found.is_found.copy()
    is_used[is_used] = fitted.used
    vmag = found.expected_vmag
    parts = (
        np.ones(vmag.shape, bool),
        _in_middle(found.expected_x, found.expected_y, size),
        vmag <= np.quantile(vmag, _BRIGHT_SHARE),
    )
    counts = [(int(is_used[part].sum()), int(part.sum())) for part in parts]
    return any(
        used >= settings.min_fraction * expected and expected >= settings.min_stars
        for used, expected in counts
    )


def _in_middle(x: Numbers, y: Numbers, size: tuple[int, int]) -> Mask:
    """Square in the middle of the chip, half as wide as the chip is high."""
    half_px = size[1] / 4.0
    return (np.abs(x - size[0] / 2.0) <= half_px) & (np.abs(y - size[1] / 2.0) <= half_px)


def _solution(shape: _Shape, start: CameraModel, light: int) -> Solution:
    found, used = shape.found, shape.fit.used
    model = CameraModel(start.pointing, shape.distortion)
    old_x, old_y = start.distortion.bend(found.flat_x[used], found.flat_y[used])
    new_x, new_y = shape.distortion.bend(found.flat_x[used], found.flat_y[used])
    dx, dy = shape.fit.rms_px
    return Solution(
        model,
        light,
        int(used.sum()),
        len(found.expected_x),
        float(dx),
        float(dy),
        _rms(shape.fit),
        shape.fit.order,
        (float(np.median(new_x - old_x)), float(np.median(new_y - old_y))),
        Residuals.of(new_x, new_y, found.x[used] - new_x, found.y[used] - new_y),
    )
