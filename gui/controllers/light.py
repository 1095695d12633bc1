"""Light curves of the regions, put into the timeline."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ..timeline_curves import MOST_NAMED, LightLine

if TYPE_CHECKING:
    from ...core.workbench import Workbench
    from ...core.workbench.curve import GrowingCurve
    from ...core.workbench.desk import OpenCapture
    from ...core.workbench.light.light import RegionCurve
    from ..timeline import Timeline


class _Shown(NamedTuple):
    """What the timeline holds of one region."""

    growth: GrowingCurve
    revision: int
    points: int


class LightLines:
    """Shows the curves that the workbench has; only what is new of them is looked at.

    Parameters
    ----------
    workbench : Workbench
    timeline : Timeline
    """

    def __init__(self, workbench: Workbench, timeline: Timeline) -> None:
        self._light = workbench.light
        self._regions = workbench.regions.list
        self._timeline = timeline
        self._shown: dict[int, _Shown] = {}
        self.axis: tuple[str, str] | None = None

    def set_relative(self, is_relative: bool) -> None:
        """Show light relative to the comparison stars, or as it is."""
        self._light.relative = is_relative

    def show(self, capture: OpenCapture, *, is_timed: bool) -> None:
        """Show the curves of a capture, against seconds or against frame numbers."""
        idents = self._light.idents
        chosen = self._regions.selection & set(idents)
        shown = self._wanted(idents, chosen)
        curves = self._light.curves(capture.key, shown)
        if not self._timeline.lines:
            self._shown.clear()
        lines = [self._line(one, is_timed, not chosen or one.ident in chosen) for one in curves]
        self._timeline.set_lines(lines, len(idents) - len(lines))
        self._timeline.set_relative(self._light.relative, self._light.has_comparison)
        self.axis = ("Flux", curves[0].unit) if curves else None

    def _wanted(self, idents: tuple[int, ...], chosen: frozenset[int]) -> frozenset[int]:
        """As many as can be told apart: the selected ones first."""
        ranked = [i for i in idents if i in chosen] + [i for i in idents if i not in chosen]
        return frozenset(ranked[:MOST_NAMED])

    def _line(self, curve: RegionCurve, is_timed: bool, is_front: bool) -> LightLine:
        dots = curve.dots
        made = LightLine(
            curve.ident,
            curve.name,
            _in_words(curve),
            dots=(dots.seconds if is_timed else dots.frames.astype(float), dots.values),
            is_front=is_front,
        )
        if curve.is_preview:
            self._shown.pop(curve.ident, None)
            return made
        kept = self._kept(curve) if is_timed else 0
        seconds = curve.seconds if is_timed else curve.frames.astype(float)
        return LightLine(
            made.ident, made.name, made.note, seconds, curve.values, kept, made.dots, is_front
        )

    def _kept(self, curve: RegionCurve) -> int:
        """Points at the start that the timeline has already."""
        growth, before = curve.growth, self._shown.pop(curve.ident, None)
        if growth is None:
            return 0
        self._shown[curve.ident] = _Shown(growth, growth.revision, len(curve.values))
        if before is None or before.growth is not growth:
            return 0
        return min(before.points, growth.moved_since(before.revision))


def _in_words(curve: RegionCurve) -> str:
    """Mean light, for the legend."""
    mean = curve.summary.mean
    if math.isnan(mean):
        return ""
    number = f"{mean:,.0f}" if abs(mean) >= 1000 else f"{mean:.4g}"
    return f"{number} {curve.unit}".replace("-", "−")
