"""Light curves of the regions, put into the timeline."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..timeline_curves import MOST_NAMED, LightLine

if TYPE_CHECKING:
    from ...core.workbench import Workbench
    from ...core.workbench.curve import GrowingCurve
    from ...core.workbench.desk import OpenCapture
    from ...core.workbench.light.curves import RegionCurve
    from ..timeline import Timeline


MOST_RENEWED = 2
"""So many curves are put into the timeline at once; each costs some milliseconds."""


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
        self._lines: dict[int, LightLine] = {}
        self._stale: list[int] = []
        self._axis_of: tuple[str, bool] | None = None
        self.axis: tuple[str, str] | None = None

    def set_relative(self, is_relative: bool) -> None:
        """Show light relative to the comparison stars, or as it is."""
        self._light.relative = is_relative

    def show(self, capture: OpenCapture, *, is_timed: bool) -> bool:
        """Show the curves of a capture, against seconds or against frame numbers.

        Returns
        -------
        bool
            Whether some have changed that `show_more` will show: many at once would stop the hand.
        """
        ranked, chosen = self._ranked()
        if (capture.key, is_timed) != self._axis_of or not self._timeline.lines:
            self._axis_of = capture.key, is_timed
            self._shown.clear()
            self._lines.clear()
        first = chosen | (set(ranked) - self._lines.keys()) | set(self._stale)
        self._stale = [i for i in ranked if i in first] + [i for i in ranked if i not in first]
        return len(self._stale) > MOST_RENEWED or self.show_more(capture)

    def show_more(self, capture: OpenCapture) -> bool:
        """Show the next curves that have changed; whether there are more."""
        ranked, chosen = self._ranked()
        idents, is_timed = self._light.idents, self._axis_of is not None and self._axis_of[1]
        now, self._stale = self._stale[:MOST_RENEWED], self._stale[MOST_RENEWED:]
        curves = self._light.curves(capture.key, frozenset(now) & frozenset(ranked))
        known = {i: _as_it_was(line) for i, line in self._lines.items() if i in ranked}
        made = {one.ident: self._line(one, is_timed) for one in curves}
        both = {**known, **made}
        self._lines = {i: both[i] for i in idents if i in both}
        lines = [
            replace(line, is_front=not chosen or i in chosen) for i, line in self._lines.items()
        ]
        self._timeline.set_lines(lines, len(idents) - len(ranked))
        self._timeline.set_relative(self._light.relative, self._light.has_comparison)
        if curves or not lines:
            self.axis = ("Flux", curves[0].unit) if curves else None
        return bool(self._stale)

    def _ranked(self) -> tuple[tuple[int, ...], frozenset[int]]:
        """As many regions as can be told apart, the selected ones first, and these."""
        idents = self._light.idents
        chosen = self._regions.selection & set(idents)
        ranked = [i for i in idents if i in chosen] + [i for i in idents if i not in chosen]
        return tuple(ranked[:MOST_NAMED]), chosen

    def _line(self, curve: RegionCurve, is_timed: bool) -> LightLine:
        dots = curve.dots
        made = LightLine(
            curve.ident,
            curve.name,
            _in_words(curve),
            dots=(dots.seconds if is_timed else dots.frames.astype(float), dots.values),
        )
        if curve.is_preview:
            self._shown.pop(curve.ident, None)
            return made
        kept = self._kept(curve) if is_timed else 0
        seconds = curve.seconds if is_timed else curve.frames.astype(float)
        return replace(made, seconds=seconds, values=curve.values, kept=kept)

    def _kept(self, curve: RegionCurve) -> int:
        """Points at the start that the timeline has already."""
        growth, before = curve.growth, self._shown.pop(curve.ident, None)
        if growth is None:
            return 0
        self._shown[curve.ident] = _Shown(growth, growth.revision, len(curve.values))
        if before is None or before.growth is not growth:
            return 0
        return min(before.points, growth.moved_since(before.revision))


def _as_it_was(line: LightLine) -> LightLine:
    """A line of which nothing is new."""
    return replace(line, kept=len(line.seconds))


def _in_words(curve: RegionCurve) -> str:
    """Mean light, for the legend."""
    mean = curve.summary.mean
    if math.isnan(mean):
        return ""
    number = f"{mean:,.0f}" if abs(mean) >= 1000 else f"{mean:.4g}"
    return f"{number} {curve.unit}".replace("-", "−")
