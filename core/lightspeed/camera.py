"""The camera's own words in a cube header, made into numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..frames.fits_blocks import damaged

if TYPE_CHECKING:
    from pathlib import Path

    from ..frames.cards import Cards

_ULTRA_QUIET, _STANDARD = 1, 2


class Subarray(NamedTuple):
    """Part of the sensor read out, in unbinned detector pixels."""

    hpos: int
    vpos: int
    hsize: int
    vsize: int


def subarray_of(cards: Cards) -> Subarray | None:
    """Subarray position and size; None when the whole sensor was read."""
    if not _is_on(cards, "SUBARRAY MODE"):
        return None
    numbers = [cards.number(f"SUBARRAY {key}") for key in ("HPOS", "VPOS", "HSIZE", "VSIZE")]
    return Subarray(*(round(number or 0.0) for number in numbers))


def mode_of(cards: Cards) -> str | None:
    """Readout mode: "standard", "ultra-quiet" or "photon-number"; None when it is not told.

    READOUT SPEED is 1 for ultra-quiet and 2 for standard unless the driver supplies text.
    """
    if "PHOTON" in (cards.text("SENSOR MODE") or "").upper():
        return "photon-number"
    speed = cards.number("READOUT SPEED")
    if speed is not None:
        return {_ULTRA_QUIET: "ultra-quiet", _STANDARD: "standard"}.get(round(speed))
    words = (cards.text("READOUT SPEED") or "").upper()
    if "QUIET" in words or "SLOW" in words:
        return "ultra-quiet"
    return "standard" if "STANDARD" in words or "FAST" in words else None


def gain_of(cards: Cards) -> float | None:
    """Counts per electron from CONVERSION FACTOR COEFF, which is electrons per count."""
    electrons = cards.number("CONVERSION FACTOR COEFF")
    return 1.0 / electrons if electrons is not None and 1e-6 < electrons < 1e6 else None


def binning_of(cards: Cards) -> int:
    """Binning factor from text like `2X2` or a number; 1 when it is not told."""
    number = re.match(r"\s*([1-9]\d?)", str(cards.get("BINNING") or ""))
    return int(number[1]) if number else 1


def frames_per_bundle(path: Path, cards: Cards, bundle_rows: int) -> tuple[int, tuple[str, ...]]:
    """Camera frames packed into one tall image, with sentences on what is odd.

    The mode decides: FRAMEBUNDLE NUMBER may be above 1 while bundling is off.

    Raises
    ------
    NightglassError
        If bundling is on and no number of frames makes sense.
    """
    if not _is_on(cards, "FRAMEBUNDLE MODE"):
        return 1, ()
    number = cards.number("FRAMEBUNDLE NUMBER")
    frames = round(number) if number is not None else _frames_from_height(cards, bundle_rows)
    if not 1 <= frames <= bundle_rows:
        raise damaged(path, "has frame bundles but no valid FRAMEBUNDLE NUMBER")
    left = bundle_rows % frames
    if left:
        return frames, (f"has {left} rows too many for bundles of {frames} frames",)
    return frames, ()


def _frames_from_height(cards: Cards, bundle_rows: int) -> int:
    height = cards.integer("IMAGE HEIGHT")
    return bundle_rows // height if height and height > 0 and bundle_rows % height == 0 else 0


def _is_on(cards: Cards, keyword: str) -> bool:
    """Whether a camera mode is on; its value is text, or the driver's code 2."""
    return (cards.text(keyword) or "").upper() == "ON" or cards.number(keyword) == 2
