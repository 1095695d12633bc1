"""Where the parts of the fold stand in a panel that may be flat, tall or narrow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Part = Literal["profile", "raster", "growth", "controls"]
PAGES: tuple[tuple[str, str], ...] = (
    ("pulse", "Pulse"),
    ("growth", "Growth"),
    ("controls", "Settings"),
)
WIDE_PX, SIDED_PX, MIDDLE_PX, HALVED_PX = 1400, 960, 760, 560
TALL_PX, LOW_PX, STACKED_PX = 400, 300, 280


@dataclass(frozen=True)
class Arrangement:
    """Cells of a grid.

    Attributes
    ----------
    cells : tuple of (part, row, column)
        Parts that are seen; the others are hidden.
    columns, rows : tuple of int
        Shares of the width and of the height to spare.
    has_side : bool
        Whether the settings have the side of the panel from top to bottom, and no page.
    halves : int
        Of the settings, side by side.
    has_pages : bool
        Whether the observer leafs through pages.
    is_stacked : bool
        Whether the profile stands on the raster and shares its axis.
    is_low, is_broad : bool
        Whether there is no height to spare, and whether there is width.
    """

    cells: tuple[tuple[Part, int, int], ...]
    columns: tuple[int, ...]
    rows: tuple[int, ...] = (1,)
    has_side: bool = False
    halves: int = 1
    has_pages: bool = False
    is_stacked: bool = False
    is_low: bool = False
    is_broad: bool = False


FLAT = Arrangement(
    (("profile", 0, 0), ("raster", 0, 1), ("growth", 0, 2)), (5, 5, 3), has_side=True, halves=2
)
FLAT_PULSE = replace(FLAT, cells=FLAT.cells[:2], columns=(1, 1), halves=1, has_pages=True)
FLAT_GROWTH = replace(FLAT_PULSE, cells=(("growth", 0, 0),), columns=(1,))
SQUARE = Arrangement(
    (("profile", 0, 0), ("raster", 1, 0), ("growth", 0, 1), ("controls", 1, 1)),
    (5, 3), (4, 5), is_stacked=True,
)  # fmt: skip
BESIDE = Arrangement((("profile", 0, 0), ("raster", 0, 1)), (1, 1), has_pages=True)
STACKED = Arrangement(
    (("profile", 0, 0), ("raster", 1, 0)), (1,), (4, 5), has_pages=True, is_stacked=True
)
GROWTH = Arrangement((("growth", 0, 0),), (1,), has_pages=True)
SETTINGS = Arrangement((("controls", 0, 0),), (1,), has_pages=True)
SETTINGS_HALVED = replace(SETTINGS, halves=2)


def arrangement(width: int, height: int, page: str) -> Arrangement:
    """Choose the arrangement for a panel of a size in logical pixels, open at a page."""
    chosen = _chosen(width, height, page)
    return replace(chosen, is_low=height < LOW_PX, is_broad=width >= MIDDLE_PX)


def _chosen(width: int, height: int, page: str) -> Arrangement:
    if width >= MIDDLE_PX and height >= TALL_PX:
        return SQUARE
    if width >= WIDE_PX:
        return FLAT
    if width >= SIDED_PX:
        return FLAT_GROWTH if page == "growth" else FLAT_PULSE
    if page == "growth":
        return GROWTH
    if page == "controls":
        return SETTINGS_HALVED if width >= HALVED_PX else SETTINGS
    return STACKED if width < MIDDLE_PX and height >= STACKED_PX else BESIDE
