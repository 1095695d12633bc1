"""The whole sky as the cameras saw it: transparency of each cell over a night."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from .conditions_picture import FEWEST_STARS
from .figures import GREY, as_png, drawing, say_empty
from .healpix import cell_count, cell_of
from .records import mapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from .records import CameraRecords

    Numbers = NDArray[np.float64]

_COLUMNS, _ROWS = 720, 360


def sky_picture(cameras: Iterable[CameraRecords], night: str) -> bytes:
    """Draw the median transparency of each HEALPix cell in equatorial coordinates, as a PNG."""
    values = cell_medians(cameras)
    with drawing(8.2, 4.6) as figure:
        axes = figure.subplots()
        picture = axes.imshow(
            _painted(values), extent=(360, 0, -90, 90), origin="lower", cmap="cividis", vmin=0.0,
            vmax=1.2, aspect="auto", interpolation="nearest",
        )  # fmt: skip
        figure.colorbar(picture, ax=axes, label="Median transparency (1: clear)", extend="max")
        axes.set_title(f"Transparency of the sky {night}, all cameras (white: not seen)")
        axes.set_xticks(range(0, 361, 45), [f"{degrees // 15} h" for degrees in range(0, 361, 45)])
        axes.set_yticks(range(-90, 91, 30))
        axes.set_xlabel("Right ascension")
        axes.set_ylabel("Declination (°)")
        axes.grid(color=GREY, lw=0.4)
        axes.set_axisbelow(b=False)
        axes.tick_params(pad=7)
        if not np.isfinite(values).any():
            say_empty(axes, "no sky cell measured")
        return as_png(figure)


def cell_medians(cameras: Iterable[CameraRecords]) -> Numbers:
    """Median transparency over batches and cameras, shape (768,); NaN where no star was."""
    seen: dict[int, list[float]] = defaultdict(list)
    for camera in cameras:
        for batch in camera.reduced:
            for cell, (_, transparency, stars) in mapped(batch, "cells").items():
                if stars >= FEWEST_STARS and transparency is not None:
                    seen[int(cell)].append(transparency)
    medians = np.full(cell_count(), np.nan)
    for number, values in seen.items():
        medians[number] = np.median(values)
    return medians


def _painted(values: Numbers) -> Numbers:
    """Values of the cells on a grid of right ascension (falling) and declination."""
    ra = 360.0 - (np.arange(_COLUMNS) + 0.5) * (360.0 / _COLUMNS)
    dec = (np.arange(_ROWS) + 0.5) * (180.0 / _ROWS) - 90.0
    return np.asarray(values[cell_of(*np.meshgrid(ra, dec))])
