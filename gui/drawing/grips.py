"""Handles of regions on the screen: apart from each other, and never in the way of moving."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF

from ...core.regions.geometry.handles import Handle, handles
from ...core.regions.geometry.placement import Sized, angle_of, middle
from ...core.regions.shapes import unit
from ...core.session.region_edits import may

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PyQt6.QtGui import QTransform

    from ...core.regions.entries import RegionEntry
    from ...core.regions.shapes import Shape

GRIP_PX = 8.0
HIT_PX = 7.0
"""A press this near to a handle, across and down, takes it: 14 pixels each way."""
MOST_SELECTED = 30
"""Handles of more regions than this would hide the picture."""

TURN_GAP_PX = 24.0
"""How far outside a region the handle that turns it stands."""

_FREE_PX = 13.0
_APART_PX = 9.0


@dataclass(frozen=True)
class Grip:
    """A handle of a region, and where it is shown in the widget, in logical pixels."""

    ident: int
    handle: Handle
    place: QPointF


def grips_of(ident: int, entry: RegionEntry, to_screen: QTransform) -> tuple[Grip, ...]:
    """Give the handles that can be shown and used, the ones to be preferred first.

    On a region that is small on the screen they are pushed outwards, so that its middle is left
    for moving it; of two that would lie on each other the outer one is shown.
    """
    if entry.shape is None:
        return ()
    kept: list[Grip] = []
    for handle, place in _placed(entry, entry.shape, to_screen):
        if all(_gap(place, other.place) >= _APART_PX for other in kept):
            kept.append(Grip(ident, handle, place))
    return tuple(kept)


def grip_at(grips: Iterable[Grip], position: QPointF) -> Grip | None:
    """The handle nearest to a place, if a press there takes it."""
    found = min(grips, key=lambda grip: _gap(grip.place, position), default=None)
    return found if found is not None and _gap(found.place, position) <= HIT_PX else None


def screen_direction(grip: Grip, shape: Shape, to_screen: QTransform) -> QPointF:
    """From the middle of a shape to a handle of it, in pixels of the screen."""
    return grip.place - middle_on_screen(shape, to_screen)


def middle_on_screen(shape: Shape, to_screen: QTransform) -> QPointF:
    """Where the middle of a shape is in the widget."""
    x, y = middle(shape)
    return to_screen.map(QPointF(x - 1.0, y - 1.0))


def _placed(
    entry: RegionEntry, shape: Shape, to_screen: QTransform
) -> Iterator[tuple[Handle, QPointF]]:
    scale = abs(to_screen.m11())
    about = middle_on_screen(shape, to_screen)
    is_allowed = {"turn": may(entry, "rotate")}
    may_edit = may(entry, "edit")
    for handle in reversed(handles(shape, turn_gap_px=TURN_GAP_PX / scale)):
        if is_allowed.get(handle.kind, may_edit):
            place = _pushed_out(shape, handle, about, to_screen)
            if place is not None:
                yield handle, place


def _pushed_out(
    shape: Shape, handle: Handle, about: QPointF, to_screen: QTransform
) -> QPointF | None:
    place = to_screen.map(QPointF(handle.x - 1.0, handle.y - 1.0))
    offset = place - about
    reach = math.hypot(offset.x(), offset.y())
    if handle.kind == "turn" or reach >= _FREE_PX:
        return place
    if handle.kind == "vertex":
        return None if reach < _APART_PX else place
    if reach < 1e-6:
        return about + _side(shape, handle, to_screen) * _FREE_PX
    return about + offset * (_FREE_PX / reach)


def _side(shape: Shape, handle: Handle, to_screen: QTransform) -> QPointF:
    """Unit vector on the screen to the side of a handle in the very middle; none of an end."""
    if not isinstance(shape, Sized):
        return QPointF()
    cosine, sine = unit(angle_of(shape))
    x = handle.along * cosine - handle.across * sine
    y = handle.along * sine + handle.across * cosine
    towards = QPointF(math.copysign(x, x * to_screen.m11()), math.copysign(y, y * to_screen.m22()))
    return towards / math.hypot(x, y)


def _gap(place: QPointF, other: QPointF) -> float:
    apart = place - other
    return max(abs(apart.x()), abs(apart.y()))
