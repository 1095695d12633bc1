"""Cubes in order, and where each frame number lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..frames.source import check_index

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from .cube import CubeHeader


@dataclass(frozen=True, eq=False)
class Series:
    """Cubes in order and the number of the first frame of each; replaced, never changed."""

    cubes: tuple[CubeHeader, ...]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, cubes: Iterable[CubeHeader]) -> Series:
        """Order cubes by number."""
        ordered = tuple(sorted(cubes, key=lambda header: header.number))
        counts = [header.n_frames for header in ordered]
        return cls(ordered, np.cumsum([0, *counts], dtype=np.int64))

    @property
    def n_frames(self) -> int:
        """Frames in all cubes."""
        return int(self.starts[-1])

    def locate(self, index: int) -> tuple[CubeHeader, int]:
        """Cube of a frame, and the frame's number in it."""
        check_index(index, self.n_frames)
        place = int(np.searchsorted(self.starts, index, side="right")) - 1
        return self.cubes[place], index - int(self.starts[place])
