"""The binned image of a batch: frames brought to one sidereal time, added and averaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ...errors import NightglassError
from .turning import refracted, turned, unrefracted

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Pixels = NDArray[np.float32]

# Between nodes the way from pixel to pixel is taken as bilinear: wrong by 0.002 px at most.
NODE_STEP_PX = 32
_MOST_FRAMES = 65535


class Camera(Protocol):
    """What a stack asks of the model of a camera."""

    def pixels(self, vectors: Numbers, /) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
        """Pixels x and y of directions, and whether these are in front of the camera."""

    def directions(self, x: Numbers, y: Numbers, /) -> Numbers:
        """Unit vectors (n, 3), north, east, up, of pixels."""


@dataclass(frozen=True, eq=False)
class Binned:
    """The mean of the frames of a batch.

    Attributes
    ----------
    image : ndarray of float32, shape (ny, nx)
        Mean [ADU per exposure]; 0 where no frame was.
    coverage : ndarray of uint16, shape (ny, nx)
        Frames that each pixel is the mean of.
    variance : ndarray of float64, shape (lines, places)
        Variance of a pixel over that of a mean of independent ones, at every `NODE_STEP_PX`-th
        pixel: below 1, because neighbours share what interpolation spreads over them.
    """

    image: Pixels
    coverage: NDArray[np.uint16]
    variance: Numbers

    @property
    def noise_ratio(self) -> float:
        """What `noise_ratio_at` gives, middle of the chip: the median."""
        return float(1.0 / np.sqrt(np.median(self.variance)))

    def noise_ratio_at(self, x: ArrayLike, y: ArrayLike) -> Numbers:
        """Noise of a sum of pixels over what their scatter lets expect of independent ones.

        Parameters
        ----------
        x, y : array_like of float64, shape (n,)
            Places [px].

        Returns
        -------
        ndarray of float64, shape (n,)
            At least 1. Multiply the scatter of the sky by it before telling the error of a flux.
            It holds for sums wider than a few pixels; in the smallest aperture the sky is up to
            a tenth less noisy.
        """
        place, line = (_nearest(values, limit) for values, limit in zip(
            (x, y), self.variance.shape[::-1], strict=True))  # fmt: skip
        ratio: Numbers = 1.0 / np.sqrt(self.variance[line, place])
        return ratio

    def frames_at(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.uint16]:
        """Frames at places [px] on the image, shape (n,)."""
        ny, nx = self.coverage.shape
        column, row = (
            np.clip(np.rint(values).astype(np.int64), 0, limit - 1)
            for values, limit in ((x, nx), (y, ny))
        )
        return self.coverage[row, column]


class Stack:
    """Adds frames, each turned to the sidereal time of the first argument of all.

    Parameters
    ----------
    model : Camera
        The astrometric solution of the batch, and of the stack.
    latitude_deg : float
        Of the station.
    reference_lst_h : float
        Local sidereal time that the binned image is of, hours.
    shape : tuple of int
        Rows and columns of the frames.

    Notes
    -----
    A pixel of the stack is followed to its direction, about the celestial pole to where that part
    of the sky was in the frame, and to the pixel there; refraction is taken off and put on again.
    This is done for every 32nd pixel, and between them the way is bilinear. Frames are
    interpolated by cubic convolution and multiplied by the area that a pixel of the stack has in
    them, so that the light of a star stays the same.
    """

    def __init__(
        self, model: Camera, latitude_deg: float, reference_lst_h: float, shape: tuple[int, int]
    ) -> None:
        self._model = model
        self._latitude_deg = latitude_deg
        self._reference_lst_h = reference_lst_h
        self._nodes = tuple(-(-size // NODE_STEP_PX) + 1 for size in shape)
        line, place = np.indices(self._nodes) * float(NODE_STEP_PX)
        self._directions = unrefracted(model.directions(place.ravel(), line.ravel()))
        self._total = np.zeros(shape, np.float32)
        self._coverage = np.zeros(shape, np.uint16)
        self._shares = np.zeros(self._nodes)
        self._frames = 0

    def add(self, image: Pixels, lst_h: float, model: Camera | None = None) -> None:
        """Add a frame.

        Parameters
        ----------
        image : ndarray of float32, shape (ny, nx)
            Counts without bias and dark, all finite, C-contiguous [ADU].
        lst_h : float
            Its local sidereal time, hours.
        model : Camera, optional
            Its own astrometric solution, where the camera was moved within the batch.

        Raises
        ------
        NightglassError
            If it has not the shape and type of the stack, or there are 65,535 frames already.
        """
        from .stack_kernels import add_frame

        self._check(image)
        x, y = self._sources(lst_h, model or self._model)
        area = _area(x, y)
        add_frame(image, x, y, area, NODE_STEP_PX, self._total, self._coverage)
        self._shares += np.nan_to_num(_power(x) * _power(y) * area**2, nan=1.0)
        self._frames += 1

    def average(self) -> Binned:
        """Mean of the frames added so far.

        Raises
        ------
        NightglassError
            If there is none.
        """
        if not self._frames:
            raise NightglassError("Cannot average frames", "None was added to the stack.")
        frames = np.maximum(self._coverage, np.uint16(1)).astype(np.float32)
        image: Pixels = np.divide(self._total, frames)
        return Binned(image, self._coverage.copy(), _smoothed(self._shares / self._frames))

    def _sources(self, lst_h: float, model: Camera) -> tuple[Numbers, Numbers]:
        """Pixels in a frame of that time of the nodes of the stack."""
        # Half a day is the farthest that a sidereal time can be from another.
        hours = (lst_h - self._reference_lst_h + 12.0) % 24.0 - 12.0
        moved = refracted(turned(self._directions, hours, self._latitude_deg))
        x, y, in_front = model.pixels(moved)
        x, y = (np.where(in_front, values, np.nan).reshape(self._nodes) for values in (x, y))
        return x, y

    def _check(self, image: Pixels) -> None:
        if image.shape != self._total.shape or image.dtype != np.float32:
            raise NightglassError(
                "Cannot add a frame to the stack",
                f"It has {image.shape} pixels of {image.dtype}, not {self._total.shape} of "
                "float32.",
                "Frames of one batch have one size.",
            )
        if self._frames == _MOST_FRAMES:
            raise NightglassError("Cannot add a frame to the stack", "It has 65,535 already.")


def _area(x: Numbers, y: Numbers) -> Numbers:
    """Area in the frame of a pixel of the stack: the determinant of the derivatives."""
    x_down, x_right = np.gradient(x, NODE_STEP_PX)
    y_down, y_right = np.gradient(y, NODE_STEP_PX)
    area: Numbers = np.abs(x_right * y_down - x_down * y_right)
    return area


def _power(place: Numbers) -> Numbers:
    """Sum of the squared weights of cubic convolution at these fractions of a pixel."""
    f = place - np.floor(place)
    weights = (
        f * (f * (1.0 - 0.5 * f) - 0.5),
        f * f * (1.5 * f - 2.5) + 1.0,
        f * (f * (2.0 - 1.5 * f) + 0.5),
        f * f * (0.5 * f - 0.5),
    )
    total: Numbers = sum((weight**2 for weight in weights), np.zeros_like(f))
    return total


def _smoothed(values: Numbers) -> Numbers:
    """Mean over three by three nodes, about what the annulus of a sky extends over."""
    padded = np.pad(values, 1, mode="edge")
    lines, places = values.shape
    parts = [padded[i : i + lines, j : j + places] for i in range(3) for j in range(3)]
    mean: Numbers = np.mean(parts, axis=0)
    return mean


def _nearest(values: ArrayLike, limit: int) -> NDArray[np.int64]:
    """Numbers of the nearest nodes."""
    nodes = np.rint(np.asarray(values, np.float64) / NODE_STEP_PX).astype(np.int64)
    return np.clip(nodes, 0, limit - 1)
