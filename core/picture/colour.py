"""Colour maps by their DS9 names, and the table from codes to colours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .codes import BLANK_CODE, NAN_CODE, SATURATED_CODE, SCALE_CODES, TABLE_SIZE, Colours

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_CONTRAST: Final = 1.0
DEFAULT_BIAS: Final = 0.5

_RESOURCE = "colour_maps.json"
_OPAQUE: Final = 0xFF000000


@dataclass(frozen=True, slots=True)
class Specials:
    """Colours of the cells that are not on the scale, as 0xRRGGBB.

    Attributes
    ----------
    blank : int
        Outside the frame.
    nan : int
        No number.
    saturated : int or None
        At or above the saturation level; None shows the brightest colour of the map.
    """

    blank: int = 0x101014
    nan: int = 0x3A3A4A
    saturated: int | None = 0xE62020


_SPECIALS: Final = Specials()


@lru_cache(maxsize=1)
def _maps() -> dict[str, Any]:
    text = (files("nightglass.resources.data") / _RESOURCE).read_text(encoding="utf-8")
    maps: dict[str, Any] = json.loads(text)["maps"]
    return maps


def names() -> tuple[str, ...]:
    """Names of the colour maps, DS9's first and in DS9's order."""
    return tuple(_maps())


@lru_cache(maxsize=8)
def rgb(name: str) -> NDArray[np.float64]:
    """Colours of a map at the 16384 steps of the colour scale.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    float64 ndarray, shape (16384, 3)
        Red, green and blue, 0 to 1, read-only.

    Raises
    ------
    KeyError
        If there is no map of that name.
    """
    entry = _maps()[name]
    colours = _stepped(entry["levels"]) if "levels" in entry else _ramped(entry)
    colours.flags.writeable = False
    return colours


def _stepped(levels: str) -> NDArray[np.float64]:
    """Equal steps of constant colour, told as 12 bits a channel: rrrgggbbb."""
    digits = [int(levels[i : i + 3], 16) for i in range(0, len(levels), 3)]
    colours = np.array(digits, np.float64).reshape(-1, 3) / 0xFFF
    return colours[np.arange(SCALE_CODES) * len(colours) // SCALE_CODES]


def _ramped(entry: dict[str, Any]) -> NDArray[np.float64]:
    """Straight lines between (position, level) points, channel by channel."""
    x = np.arange(SCALE_CODES) / SCALE_CODES
    channels = [np.array(entry[channel]).T for channel in ("red", "green", "blue")]
    return np.stack([np.interp(x, *points) for points in channels], axis=1)


def colour_table(
    name: str = "grey",
    inverted: bool = False,
    contrast: float = DEFAULT_CONTRAST,
    bias: float = DEFAULT_BIAS,
    specials: Specials = _SPECIALS,
) -> Colours:
    """Colour of every code of a picture.

    Contrast and bias act as in DS9: a code at x (0 to 1) takes the colour that the map has at
    ``(x - bias) * contrast + 0.5``; inverting turns the map round after that.

    Parameters
    ----------
    name : str
        One of `names`.
    inverted : bool
    contrast, bias : float
        1 and 0.5 leave the map as it is.
    specials : Specials

    Returns
    -------
    uint32 ndarray, shape (codes.TABLE_SIZE,)
        0xffRRGGBB.

    Raises
    ------
    KeyError
        If there is no map of that name.
    """
    colours = _packed(name)
    if (inverted, contrast, bias) != (False, DEFAULT_CONTRAST, DEFAULT_BIAS):
        colours = colours[_places(inverted, contrast, bias)]
    table = np.empty(TABLE_SIZE, np.uint32)
    table[:SCALE_CODES] = colours
    saturated = specials.saturated
    table[BLANK_CODE] = _OPAQUE | specials.blank
    table[NAN_CODE] = _OPAQUE | specials.nan
    table[SATURATED_CODE] = colours[-1] if saturated is None else _OPAQUE | saturated
    return table


def _places(inverted: bool, contrast: float, bias: float) -> NDArray[np.intp]:
    x = np.arange(SCALE_CODES) / SCALE_CODES
    moved = ((x - bias) * contrast + 0.5) * SCALE_CODES
    places = np.clip(moved, 0, SCALE_CODES - 1).astype(np.intp)
    return np.asarray(SCALE_CODES - 1 - places if inverted else places)


@lru_cache(maxsize=8)
def _packed(name: str) -> Colours:
    levels = np.rint(rgb(name) * 0xFF).astype(np.uint32)
    packed = _OPAQUE | levels[:, 0] << 16 | levels[:, 1] << 8 | levels[:, 2]
    return packed.astype(np.uint32)
