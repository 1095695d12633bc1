"""Shapes written as the numbers of a region, in the system and the manner of its words.

Enough digits are written for 1e-4 pixel of 0.05 arcsec; DS9 itself writes fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..marks import Line, Point, Ruler, Text, Vector
from ..shapes import (
    Annulus,
    Box,
    BoxAnnulus,
    Circle,
    Ellipse,
    EllipseAnnulus,
    Polygon,
    Rings,
    Shape,
)
from ..systems import EQUATORIAL, SKY
from .arguments import arcsec_of_unit, system_of_length, system_of_place
from .sketches import SAME_DEG, Item
from .words import number, sexagesimal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..systems import Surroundings

KIND_OF_SHAPE: dict[type[Shape], str] = {
    Circle: "circle",
    Ellipse: "ellipse",
    EllipseAnnulus: "ellipse",
    Box: "box",
    BoxAnnulus: "box",
    Annulus: "annulus",
    Polygon: "polygon",
    Point: "point",
    Text: "text",
    Line: "line",
    Ruler: "ruler",
    Vector: "vector",
}
_PLACE_DECIMALS, _PIXEL_DECIMALS, _ANGLE_DECIMALS = 10, 8, 8
_LENGTH_DECIMALS = {'"': 7, "'": 9, "d": 11, "r": 13, "i": 8, "p": 8}
_RADIAN_DEG = 57.29577951308232


class Manner(NamedTuple):
    """How a region is to be written.

    Attributes
    ----------
    system : str
        Of its statement.
    words : tuple of str
        The words it had there, whose units and forms are kept; empty for a new one.
    items : tuple of Item
        What these words say; where that is still so they are kept.
    at : pair of float
        Where angles are stated, as long as no place is written.
    """

    system: str
    words: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    at: tuple[float, float] = (0.0, 0.0)


def kind_of(shape: Shape) -> str:
    """The word of DS9 for a shape."""
    return KIND_OF_SHAPE[type(shape.rings[0] if isinstance(shape, Rings) else shape)]


def items_of(shape: Shape) -> tuple[Item, ...]:
    """Give the numbers of a shape in the order in which DS9 writes them."""
    if isinstance(shape, Rings):
        first, *others = map(items_of, shape.rings)
        is_round = isinstance(shape.rings[0], Annulus)
        outer = slice(2, 3) if is_round else slice(3, 5)
        sizes = [item for items in others for item in items[outer]]
        return (*first, *sizes) if is_round else (*first[:-1], *sizes, first[-1])
    if isinstance(shape, Polygon):
        return tuple(Item("p", point) for point in shape.points)
    values = list(vars(shape).values())
    if isinstance(shape, Line):
        return Item("p", (shape.x0, shape.y0)), Item("p", (shape.x1, shape.y1))
    items = [Item("p", (values[0], values[1])), *(Item("l", (value,)) for value in values[2:])]
    if "angle" in vars(shape):
        items[-1] = Item("a", items[-1].values)
    return tuple(items)


def spell(items: Sequence[Item], manner: Manner, surroundings: Surroundings) -> list[str]:
    """Write numbers as words.

    Raises
    ------
    BadWord
        If the system is not known for this frame.
    """
    likes = _likes(items, manner.words)
    is_aligned = len(manner.items) == len(items) and "".join(map("".join, likes)) == "".join(
        manner.words
    )
    words: list[str] = []
    system, at, last_angle = manner.system, manner.at, ""
    for place, (item, like) in enumerate(zip(items, likes, strict=True)):
        if item.letter == "p":
            system = system_of_place(like[0], like[1], manner.system) if like else manner.system
            at = item.values[0], item.values[1]
        if is_aligned and manner.items[place] == item:
            words += like
        elif item.letter == "p":
            words += _place(item.values, like, system, surroundings)
        elif item.letter == "l":
            words.append(_length(item.values[0], like, manner.system, surroundings))
        elif item.letter == "a":
            angle_deg = surroundings.plane(system, manner.system).angle_of(item.values[0], at)
            last_angle = _angle(angle_deg % 360.0, like, last_angle)
            words.append(last_angle)
        else:
            words.append(f"{item.values[0]:.0f}")
        if item.letter != "a":
            last_angle = ""
    return words


def _likes(items: Sequence[Item], words: Sequence[str]) -> list[tuple[str, ...]]:
    """Give the old words of each item; those of the first of its sort where they do not match."""
    counts = [2 if item.letter == "p" else 1 for item in items]
    if words and len(words) in {sum(counts), sum(counts) - (items[-1].letter == "a")}:
        starts = [sum(counts[:place]) for place in range(len(counts))]
        pairs = zip(starts, counts, strict=True)
        return [tuple(words[start : start + count]) for start, count in pairs]
    place, length = tuple(words[:2]), tuple(words[2:3])
    if not _is_number(length):
        length = ()
    return [{"p": place, "l": length}.get(item.letter, ()) for item in items]


def _is_number(words: tuple[str, ...]) -> bool:
    return bool(words) and words[0][:1] in set("0123456789.+") and sexagesimal(words[0]) is None


def _place(
    values: tuple[float, ...], like: tuple[str, ...], system: str, surroundings: Surroundings
) -> tuple[str, str]:
    first, second = surroundings.plane(system, system).place_of(values[0], values[1])
    hours = system in EQUATORIAL
    like_first, like_second = like or ("", "")
    return (
        _coordinate(first, like_first, system, hours=hours),
        _coordinate(second, like_second, system, hours=False),
    )


def _coordinate(value: float, like: str, system: str, *, hours: bool) -> str:
    decimals = _PLACE_DECIMALS if system in SKY else _PIXEL_DECIMALS
    if not like:
        return plain(value, decimals)
    form = sexagesimal(like)
    if form is not None:
        return _clock(value, like, hours=hours and not form[1])
    unit = number(like).unit
    arcsec = arcsec_of_unit(unit)
    if arcsec is not None:
        return plain(value * 3600.0 / arcsec, _LENGTH_DECIMALS[unit] + 1) + unit
    return plain(value, decimals) + unit


def _clock(value: float, like: str, *, hours: bool) -> str:
    """Write degrees or, divided by 15, hours with minutes and seconds, like a word that was."""
    decimals = 7 if hours else 6
    unit = 10**decimals
    ticks = round(abs(value / 15.0 if hours else value) * 3600 * unit)
    whole, part = divmod(ticks, unit)
    sign = "-" if value < 0 and ticks else "+" if like.startswith("+") or not hours else ""
    first, second, third = (":", ":", "") if ":" in like else ("h" if hours else "d", "m", "s")
    seconds = f"{whole % 60:02d}.{part:0{decimals}d}"
    return f"{sign}{whole // 3600}{first}{whole // 60 % 60:02d}{second}{seconds}{third}"


def _length(
    length_px: float, like: tuple[str, ...], system: str, surroundings: Surroundings
) -> str:
    unit = number(like[0]).unit if like else '"' if system in SKY else ""
    plane = surroundings.plane(system_of_length(unit, system), system)
    length = plane.length_of(length_px)
    arcsec = arcsec_of_unit(unit)
    if arcsec is not None:
        length *= 3600.0 / arcsec
    bare = _LENGTH_DECIMALS["d" if system in SKY else "i"]
    return plain(length, _LENGTH_DECIMALS.get(unit, bare)) + unit


def _angle(angle_deg: float, like: tuple[str, ...], before: str) -> str:
    """Write an angle; one right behind another is larger than it, as DS9 writes a panda."""
    if before and angle_deg <= number(before).value + SAME_DEG:
        angle_deg += 360.0
    unit = number(like[0]).unit if like else ""
    if unit == "r":
        return plain(angle_deg / _RADIAN_DEG, _ANGLE_DECIMALS + 2) + unit
    word = plain(angle_deg, _ANGLE_DECIMALS)
    return ("0" if word == "360" and not before else word) + unit


def plain(value: float, decimals: int) -> str:
    """Write a number without needless zeros and never with an exponent."""
    word = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if word == "-0" else word
