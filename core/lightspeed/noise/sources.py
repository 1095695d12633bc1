"""What the noise of pixels is measured from, and where on the sensor it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from ..masters import FloatImage, Master, trim_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..camera import Subarray
    from ..cube import CubeHeader
    from ..reduce.recipe import Recipe

    Plane = NDArray[np.float64]
    AnyPlane = NDArray[Any]


class Named(Protocol):
    """Conventions, as far as they matter here."""

    @property
    def name(self) -> str:
        """Empty for ours, else "v1" or "v3"."""


class HasBias(Protocol):
    """Pixel properties, as far as a data set's own bias matters here."""

    bias: Plane


class NoiseSource(Protocol):
    """The part of a data set that noise is measured from."""

    @property
    def cubes(self) -> Sequence[CubeHeader]:
        """The cubes in use."""

    @property
    def header(self) -> CubeHeader:
        """Header of the first of them."""

    @property
    def conventions(self) -> Named:
        """Ours, or those of a published version."""

    @property
    def pixel_properties(self) -> HasBias:
        """What is known of the pixels already."""

    def num_frames(self) -> int:
        """Count the frames in use."""

    def recipe(self, **keywords: Any) -> Recipe:
        """Say how counts become electrons."""


@dataclass(frozen=True)
class Origin:
    """Where pixel properties come from.

    Attributes
    ----------
    subarray : Subarray or None
        Part of the sensor in unbinned pixels; None for all of it.
    binning : int
        Sensor pixels along one side of a pixel.
    adu_per_electron : float or None
        Gain that turned counts into electrons.
    frames : int
        How many were used; 0 where that is not told.
    sources : tuple of str
        Names of the cubes.
    path : Path or None
        The file they were read from.
    """

    subarray: Subarray | None = None
    binning: int = 1
    mode: str | None = None
    temperature_c: float | None = None
    exposure_s: float | None = None
    adu_per_electron: float | None = None
    frames: int = 0
    sources: tuple[str, ...] = ()
    path: Path | None = None

    @classmethod
    def of_header(cls, header: CubeHeader) -> Origin:
        """Take the facts of a frame."""
        return cls(
            subarray=header.subarray,
            binning=header.binning,
            mode=header.mode,
            temperature_c=header.temperature_c,
            exposure_s=header.exposure_s,
        )

    @classmethod
    def of(cls, source: NoiseSource, most_frames: int | None = None) -> Origin:
        """Take the facts of a data set of which at most so many frames are used."""
        frames = source.num_frames()
        return replace(
            cls.of_header(source.header),
            adu_per_electron=source.recipe(corrected=False).adu_per_electron,
            frames=frames if most_frames is None else min(frames, most_frames),
            sources=tuple(cube.path.name for cube in source.cubes),
        )

    def at(self, header: CubeHeader, adu_per_electron: float | None) -> Origin:
        """Give the same for the part of the sensor, and the gain, that these frames have."""
        gain = self.adu_per_electron if adu_per_electron is None else adu_per_electron
        return replace(self, subarray=header.subarray, adu_per_electron=gain)

    def cut(self, plane: AnyPlane, header: CubeHeader) -> tuple[AnyPlane, tuple[str, ...]]:
        """Cut a plane to the part of the sensor that some frames show.

        Parameters
        ----------
        plane : ndarray, shape (rows, columns) or (rows, columns, numbers)
            On the frames this origin tells of.
        header : CubeHeader
            Of the frames wanted.

        Returns
        -------
        plane : ndarray
            Contiguous; the same where nothing is cut off.
        mismatches : tuple of str
            Sentences about mode and temperature.

        Raises
        ------
        NightglassError
            If the binning differs or the frames reach beyond the plane; it says what each shows.
        """
        if plane.ndim == 3:
            first, told = self.cut(plane[:, :, 0], header)
            if first.shape == plane.shape[:2]:
                return plane, told
            rest = (self.cut(plane[:, :, index], header)[0] for index in range(1, plane.shape[2]))
            return np.stack([first, *rest], axis=-1), told
        # Masters hold float32, but cutting them is the same for any numbers.
        image, told = trim_to(self._master(cast("FloatImage", plane)), header)
        return np.ascontiguousarray(image), told

    def _master(self, image: FloatImage) -> Master:
        return Master(
            "bias",
            image,
            subarray=self.subarray,
            binning=self.binning,
            mode=self.mode,
            temperature_c=self.temperature_c,
            path=self.path,
        )
