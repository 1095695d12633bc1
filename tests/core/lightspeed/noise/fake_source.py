"""A data set as far as the noise of pixels needs one, from frames that a test makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits
from nightglass.core.lightspeed.cube_header import read_cube_header
from nightglass.core.lightspeed.reduce.recipe import NATIVE_RULE, Recipe

from ..writer import CubeSpec, cube_name, hdus

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed.cube_header import CubeHeader
    from numpy.typing import NDArray

GAIN = 8.5


@dataclass
class FakeSource:
    """The frames of some cubes."""

    cubes: tuple[CubeHeader, ...]
    gain: float = GAIN
    compat: str = ""
    pedestal_e: Any = None
    pixel_properties: Any = field(default_factory=lambda: SimpleNamespace(bias=0.0))

    @property
    def header(self) -> CubeHeader:
        return self.cubes[0]

    @property
    def conventions(self) -> Any:
        return SimpleNamespace(name=self.compat)

    def num_frames(self) -> int:
        return sum(cube.n_frames for cube in self.cubes)

    def recipe(self, *, corrected: bool = True, cut_cr: bool = True, bbox: Any = None) -> Recipe:
        return Recipe(
            self.gain,
            pedestal_e=self.pedestal_e if corrected else None,
            cosmic=NATIVE_RULE if cut_cr else None,
            box=bbox,
        )


def counts_of(electrons: NDArray[np.float64], gain: float = GAIN) -> NDArray[np.uint16]:
    """Whole counts of some electrons."""
    return np.clip(np.rint(199.5 + gain * electrons), 0, 65535).astype(np.uint16)


def source_of(folder: Path, counts: NDArray[np.uint16], **cards: Any) -> FakeSource:
    """Write frames of shape (frames, rows, columns) as one cube."""
    frames, rows, columns = counts.shape
    spec = CubeSpec(rows=rows, columns=columns, bundles=frames, cards=cards)
    units = hdus(spec, 1)
    header = units[1].header
    image = fits.ImageHDU(counts, name="DATA_CUBE")
    for card in header.cards[7:]:
        if card.keyword not in image.header:
            image.header.append(card)
    path = folder / cube_name(spec, 1)
    fits.HDUList([units[0], image, units[2]]).writeto(path)
    return FakeSource((read_cube_header(path),))


def header_of(folder: Path, rows: int, columns: int, **cards: Any) -> CubeHeader:
    """The header of a small cube."""
    folder.mkdir(exist_ok=True)
    return source_of(folder, np.zeros((1, rows, columns), np.uint16), **cards).header
