"""Find the pointing of a camera from its nominal one: degrees off, turned, of another scale.

Stars in the middle of the chip vote for the shift at every turn and scale; the best votes are
made exact as a rotation of the sphere; the lens is then followed outwards, degree by degree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..camera.distortion import Distortion
from ..camera.model import CameraModel
from ..camera.pointing import Pointing
from ..photometry.flags import AFlag
from .detect import stars
from .polynomial_fit import fit
from .settings import AstrometrySettings
from .verify import brightness_flag, verify

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .detect import Detections
    from .solution import Solution

    Image = NDArray[np.float32]
    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_TURNS_DEG = np.arange(-6.0, 6.01, 0.5)
_STRETCHES = np.arange(0.97, 1.0301, 0.01)
_REACH_PX = 240.0
_BIN_PX = 10.0
_MIDDLE_PX = 700.0
_MOST_STARS = 400
_VOTERS = 120
_FWHM_PX = 3.5
_SNR = 12.0
_CANDIDATES = 6
_CERTAIN_RMS_PX = 1.0
_LEAST_PAIRS = 12
_ROUGH_PX = 1.0
_CLIP_SIGMA = 4.0
_NEAR_PX = (25.0, 12.0, 8.0)
# Radius from the axis, how near a star must be to its place, degree of the polynomials.
_GROWTH = (
    (900.0, 12.0, 1),
    (1400.0, 12.0, 2),
    (1900.0, 10.0, 3),
    (9999.0, 10.0, 3),
    (9999.0, 6.0, 4),
)


class _Vote(NamedTuple):
    """How the plane picture must be changed about its axis, and for how many pairs it fits."""

    votes: float
    turn_deg: float
    stretch: float
    shift: tuple[float, float]


@dataclass(frozen=True, eq=False)
class _Scene:
    """The brightest stars of the catalogue and of the frame.

    Attributes
    ----------
    vectors : ndarray of float64, shape (n, 3)
        Directions of catalogue stars in and about the nominal view.
    x, y : ndarray of float64, shape (m,)
        Places on the frame, pixels.
    size : tuple of int
        Width and height of the chip.
    """

    vectors: Numbers
    x: Numbers
    y: Numbers
    size: tuple[int, int]

    def pairs(self, model: CameraModel, radius_px: float, near_px: float) -> tuple[Places, Places]:
        """Indices of catalogue stars within a radius and of what lies nearest to their places."""
        from scipy.spatial import KDTree

        x, y, _ = model.pixels(self.vectors)
        at = model.pointing
        own: Places = np.flatnonzero(np.hypot(x - at.x0, y - at.y0) < radius_px)
        tree = KDTree(np.stack([self.x, self.y], axis=-1))
        places = np.stack([x[own], y[own]], axis=-1)
        distance, nearest = tree.query(places, distance_upper_bound=near_px)
        is_found = np.isfinite(distance)
        return own[is_found], np.asarray(nearest)[is_found]


def blind(
    image: Image,
    vectors: ArrayLike,
    vmag: ArrayLike,
    nominal: CameraModel,
    settings: AstrometrySettings | None = None,
) -> Solution | None:
    """Solve a frame from the nominal pointing.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
        Dark subtracted, ADU.
    vectors : array_like of float64, shape (n, 3)
        Directions of stars at mid-exposure: north, east, up, observed.
    vmag : array_like of float64, shape (n,)
    nominal : CameraModel
        Right within 2 degrees, 50 pixels, 5 degrees of rotation, 2 % of the scale.
    settings : AstrometrySettings, optional

    Returns
    -------
    Solution or None
        Its model has a pointing of its own. None if the frame is too bright, or no pointing is
        certain.
    """
    settings = settings or AstrometrySettings()
    if brightness_flag(image, settings) & AFlag.TOO_BRIGHT:
        return None
    vectors, vmag = np.asarray(vectors, np.float64), np.asarray(vmag, np.float64)
    found = stars(image, _SNR, _FWHM_PX, _MOST_STARS)
    scene = _scene(vectors, vmag, found, nominal)
    for vote in _votes(scene, nominal.pointing)[:_CANDIDATES]:
        model = _grown(scene, _turned(nominal, vote), nominal)
        if model is None:
            continue
        solution = verify(image, vectors, vmag, model, settings)
        if solution.is_solved and solution.dr < _CERTAIN_RMS_PX:
            return solution
    return None


def _scene(vectors: Numbers, vmag: Numbers, found: Detections, nominal: CameraModel) -> _Scene:
    """The stars that may be on the chip, the brightest as many as were found."""
    x, y, _ = nominal.pixels(vectors)
    size = (nominal.nx, nominal.ny)
    is_near = np.ones(x.shape, bool)
    for values, length in zip((x, y), size, strict=True):
        is_near &= (values > -_REACH_PX) & (values < length + _REACH_PX)
    order = np.flatnonzero(is_near)[np.argsort(vmag[is_near], kind="stable")]
    return _Scene(vectors[order[: _most(found, size)]], found.x, found.y, size)


def _most(found: Detections, size: tuple[int, int]) -> int:
    """Catalogue stars to be used: the area about the chip holds more than the chip."""
    wider = (size[0] + 2 * _REACH_PX) * (size[1] + 2 * _REACH_PX) / (size[0] * size[1])
    return int(len(found.x) * wider)


def _votes(scene: _Scene, at: Pointing) -> list[_Vote]:
    """Votes of every turn and scale, the best first."""
    x, y, _ = at.project(scene.vectors)
    own = _about(x - at.x0, y - at.y0, _MIDDLE_PX, _VOTERS)
    reach_px = _MIDDLE_PX + np.sqrt(2.0) * _REACH_PX
    seen = _about(scene.x - at.x0, scene.y - at.y0, reach_px, 2 * _VOTERS)
    votes = [_vote(own, seen, turn, stretch) for turn in _TURNS_DEG for stretch in _STRETCHES]
    return sorted(votes, key=lambda vote: -vote.votes)


def _about(x: Numbers, y: Numbers, radius_px: float, most: int) -> Numbers:
    """Brightest places (2, n) within a radius; they come in the order of their brightness."""
    return np.stack([x, y])[:, np.hypot(x, y) < radius_px][:, :most]


def _vote(own: Numbers, seen: Numbers, turn_deg: float, stretch: float) -> _Vote:
    """Most frequent shift of all pairs: bins of a few pixels, four neighbours together."""
    cos, sin = stretch * np.cos(np.radians(turn_deg)), stretch * np.sin(np.radians(turn_deg))
    turned = np.stack([cos * own[0] - sin * own[1], sin * own[0] + cos * own[1]])
    shifts = (seen[:, None, :] - turned[:, :, None]).reshape(2, -1)
    bins = np.floor((shifts + _REACH_PX) / _BIN_PX).astype(np.int64)
    count = int(2 * _REACH_PX / _BIN_PX)
    bins = bins[:, ((bins >= 0) & (bins < count)).all(axis=0)]
    table = np.bincount(bins[0] * count + bins[1], minlength=count * count).reshape(count, count)
    quads = table[1:, 1:] + table[:-1, 1:] + table[1:, :-1] + table[:-1, :-1]
    best = np.unravel_index(np.argmax(quads), quads.shape)
    shift_x, shift_y = ((float(place) + 1.0) * _BIN_PX - _REACH_PX for place in best)
    return _Vote(float(quads[best]), float(turn_deg), float(stretch), (shift_x, shift_y))


def _turned(nominal: CameraModel, vote: _Vote) -> CameraModel:
    """Nominal model with the change of a vote: the picture turns as the rotation grows."""
    at = nominal.pointing
    changed = replace(
        at,
        rotation_deg=at.rotation_deg + vote.turn_deg,
        scale_px=at.scale_px * vote.stretch,
        x0=at.x0 + vote.shift[0],
        y0=at.y0 + vote.shift[1],
    )
    return CameraModel(changed, Distortion.identity(nominal.nx, nominal.ny))


def _grown(scene: _Scene, model: CameraModel, nominal: CameraModel) -> CameraModel | None:
    """Model of a vote made exact from the middle outwards; None where stars do not follow."""
    for near_px in _NEAR_PX:
        own, seen = scene.pairs(model, _MIDDLE_PX, near_px)
        if own.size < _LEAST_PAIRS:
            return None
        pointing = _rotated(
            scene, own, seen, replace(nominal.pointing, scale_px=model.pointing.scale_px)
        )
        model = replace(model, pointing=pointing)
    for radius_px, near_px, order in _GROWTH:
        bent = _bent(scene, model, *scene.pairs(model, radius_px, near_px), order)
        if bent is None:
            return None
        model = replace(model, distortion=bent)
    return model


def _rotated(scene: _Scene, own: Places, seen: Places, at: Pointing) -> Pointing:
    """Pointing by pairs: the rotation of the sphere (Wahba's problem, by singular values).

    The pixel of the axis stays that of `at`; the scale follows from the pairs as well.
    """
    camera = replace(at, alt_deg=90.0, az_deg=0.0, rotation_deg=0.0)
    rays = camera.directions(scene.x[seen], scene.y[seen]) @ camera.matrix.T
    left, _, right = np.linalg.svd(np.einsum("ni,nj->ij", rays, scene.vectors[own]))
    matrix = left @ np.diag([1.0, 1.0, np.linalg.det(left @ right)]) @ right
    found = Pointing.of_matrix(matrix, at.x0, at.y0, at.scale_px)
    x, y, _ = found.project(scene.vectors[own])
    u, v = x - at.x0, y - at.y0
    stretch = (u @ (scene.x[seen] - at.x0) + v @ (scene.y[seen] - at.y0)) / (u @ u + v @ v)
    return replace(found, scale_px=float(at.scale_px * stretch))


def _bent(
    scene: _Scene, model: CameraModel, own: Places, seen: Places, order: int
) -> Distortion | None:
    """Distortion by pairs, of the highest degree that they determine all over the chip."""
    if own.size < _LEAST_PAIRS:
        return None
    x, y, _ = model.pointing.project(scene.vectors[own])
    wanted = np.stack([scene.x[seen] - x, scene.y[seen] - y])
    for degree in range(order, -1, -1):
        fitted = fit(x, y, wanted, np.ones(own.size), scene.size, degree, _CLIP_SIGMA)
        if fitted is not None and fitted.error_px <= _ROUGH_PX:
            return Distortion.of(*scene.size, *fitted.tables_px)
    return None
