"""The pulse over two turns, with the ranges on it and off it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PyQt6.QtCore import QPoint, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QMenu

from ...core.timing.pulse.ranges import PhaseRange
from ..theme import spaced
from .phase_ranges import WHICH, Grip
from .plot import PHASE_LABEL, TURNS, FoldPlot, UnitAxis, broken
from .range_hand import ARROWS, REMOVERS, RangeHand
from .ranges_item import RangesItem
from .steps_item import StepsItem, fold_cue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from PyQt6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent

    from ..theme import Roles
    from .phase_ranges import Which

    Numbers = NDArray[np.float64]

MOST_CURVES = 4
GRIP_PX = 6.0
MARGIN = 0.06
MADE_TURNS = 0.1
MOST_LINES = 2
TIP = (
    "Shift and drag: on-pulse range. Ctrl and drag: off-pulse range.\n"
    "Drag a range to move it, its edges to stretch it; Delete removes it.\n"
    "Keys: Space chooses a range, arrows move it, Shift and arrows stretch it, Ctrl for fine steps."
)
NOTHING = "No number to show: a ratio needs a second profile above zero."


class ProfileCurve(NamedTuple):
    """A profile with its errors, shape (n_bins,) both, and its name."""

    name: str
    values: Numbers
    errors: Numbers


class ProfilePlot(FoldPlot):
    """Up to four profiles; ranges are made, moved and removed with the mouse or by key.

    Signals: `rangeDragged` at most once a frame and `rangeReleased`, with "on" or "off" and a
    PhaseRange; `rangeRemoved` with "on" or "off". Setters emit nothing but `linesChanged`: how
    many lines the caption needs.
    """

    rangeDragged = pyqtSignal(str, object)
    rangeReleased = pyqtSignal(str, object)
    rangeRemoved = pyqtSignal(str)
    linesChanged = pyqtSignal(int)

    keys = frozenset({*ARROWS, *REMOVERS, Qt.Key.Key_Space})

    def __init__(self) -> None:
        super().__init__()
        self.curves: tuple[ProfileCurve, ...] = ()
        self._is_shared = False
        self._name = ""
        self.hand = RangeHand(self)
        self.menu = QMenu(self)
        self._unit = ""
        self._axis = UnitAxis(self.axes["left"])
        self.axes["bottom"].setLabel(PHASE_LABEL)
        self.steps = [StepsItem() for _ in range(MOST_CURVES)]
        self._ranges = RangesItem(self.roles, self.small_font)
        for item in (self._ranges, *self.steps):
            self.box.addItem(item, ignoreBounds=True)
        self.box.setXRange(0.0, TURNS, padding=0.0)
        self.box.sigRangeChanged.connect(self._show_view)
        self.box.sigResized.connect(self._fit)
        self.hand.changed.connect(self._show_ranges)
        self.hand.dragged.connect(self.rangeDragged)
        self.hand.released.connect(self.rangeReleased)
        self.hand.removed.connect(self.rangeRemoved)
        self.setToolTip(TIP)
        self.setAccessibleName("Pulse profile")
        self._axis.show("Light", "e⁻/s", 1.0)
        self.set_roles(self.roles)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        super().set_roles(roles)
        self._ranges.set_roles(roles)
        for place, item in enumerate(self.steps):
            item.set_cue(fold_cue(roles, place))

    # What it is told

    def set_caption(self, text: str) -> None:
        """Write this above the box, on two lines where one is too short."""
        super().set_caption(text)
        self._break_caption()

    def _break_caption(self) -> None:
        width = self.width() - self.axis_width - spaced(4)
        most = 1 if self.is_terse else MOST_LINES
        lines = len(broken(self.caption, self.small_metrics, width, most))
        if lines != self.lines:
            self.set_lines(lines)
            self.linesChanged.emit(lines)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Break the caption anew."""
        super().resizeEvent(event)
        # pyqtgraph calls it without an event before there are axes.
        if event is not None:
            self._break_caption()

    def show_curves(self, curves: Sequence[ProfileCurve], name: str, unit: str) -> None:
        """Show these, at most four; `name` and `unit` stand at the axis."""
        self.curves = tuple(curves[:MOST_CURVES])
        self._name, self._unit = name, unit
        for place, item in enumerate(self.steps):
            is_shown = place < len(self.curves)
            item.setVisible(is_shown)
            if is_shown:
                item.set_steps(self.curves[place].values, self.curves[place].errors)
        self._fit()
        self.refresh()

    def paint_over(self, painter: QPainter, frame: QRectF) -> None:
        """Say why there is nothing to see."""
        super().paint_over(painter, frame)
        if self.curves and _ends(self.curves) is None:
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.setPen(QColor(self.roles.text))
            painter.drawText(frame, int(flags), NOTHING)

    def set_ranges(self, on: PhaseRange | None, off: PhaseRange | None) -> None:
        """Show these ranges; one that is held stays under the hand."""
        self.hand.set_ranges(on, off)

    def share_axis(self, is_shared: bool) -> None:
        """Leave the numbers of the phases to the plot below, or write them here."""
        self._is_shared = is_shared
        self.axes["bottom"].setStyle(showValues=not is_shared)
        self.axes["bottom"].showLabel(not is_shared and not self.is_terse)

    def set_terse(self, is_terse: bool) -> None:
        """Leave the caption one line as well."""
        super().set_terse(is_terse)
        self.share_axis(self._is_shared)
        self._break_caption()

    def _fit(self, *_: object) -> None:
        """Keep the axis while the profiles fill it well, and as long as a hand drags."""
        ends = _ends(self.curves)
        if ends is None:
            self._axis.show(self._name, self._unit, 1.0)
        if ends is None or self.hand.is_held:
            return
        room = (ends[1] - ends[0]) * MARGIN or max(1e-9, abs(ends[1]) * MARGIN)
        low, high = ends[0] - room, ends[1] + room
        # The names of the ranges stand at the foot.
        share = (self.small_metrics.height() + 2.0) / max(1.0, self.box.height())
        foot = (high - low) * share / max(0.2, 1.0 - share)
        _, (shown_low, shown_high) = self.box.viewRange()
        is_inside = shown_low <= ends[0] - 0.8 * foot and ends[1] <= shown_high
        if not is_inside or (high - low + foot) < 0.7 * (shown_high - shown_low):
            self.box.setYRange(low - foot, high, padding=0.0)
        self._axis.show(self._name, self._unit, max(abs(low), abs(high)))

    def _show_view(self, *_: object) -> None:
        view = self.view()
        for item in (self._ranges, *self.steps):
            item.set_view(view)

    def _show_ranges(self) -> None:
        self._ranges.set_ranges(self.hand.ranges, self.hand.chosen)

    # What the observer does

    def _reach(self) -> float:
        return GRIP_PX * TURNS / max(1.0, self.frame().width())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Take hold of a range, or begin a new one."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.frame().contains(event.position()):
            place = self.position_of(event.position()).x()
            self.hand.press(place, self._reach(), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Drag what is held, or show what could be."""
        if event is None:
            return
        place = self.position_of(event.position()).x()
        if self.hand.is_held:
            self.hand.move(min(max(place, 0.0), TURNS))
        else:
            is_inside = self.frame().contains(event.position())
            self._show_cursor(self.hand.grip(place, self._reach()) if is_inside else None)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Let go."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            place = self.position_of(event.position()).x()
            self.hand.release(min(max(place, 0.0), TURNS))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Take a second click as the first."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Move, stretch and remove the chosen range; Escape takes a drag back."""
        if event is not None and not self.hand.take_key(event):
            super().keyPressEvent(event)

    def needs(self, event: QKeyEvent) -> bool:
        """Escape is needed only while something is held."""
        is_escape = event.key() == Qt.Key.Key_Escape
        return self.hand.is_held if is_escape else super().needs(event)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Offer what can be done where the pointer is."""
        if event is None or self.hand.is_held:
            return
        self.fill_menu(event.pos())
        self.menu.popup(event.globalPos())

    def fill_menu(self, point: QPoint) -> None:
        """Fill the menu with what can be done at a point of the viewport."""
        self.menu.clear()
        place = self.position_of(point).x()
        grip = self.hand.grip(place, self._reach())
        if grip is not None:
            self._offer(
                f"Remove the {grip.which}-pulse range", lambda: self.hand.remove(grip.which)
            )
            self._offer_rest(grip)
        for which in WHICH:
            self._offer(f"New {which}-pulse range here", self._maker(which, place))

    def _maker(self, which: Which, place: float) -> Callable[[], None]:
        half = 0.5 * MADE_TURNS
        return lambda: self.hand.put(which, PhaseRange(place - half, place + half))

    def _offer_rest(self, grip: Grip) -> None:
        phases = grip.before
        if phases is not None and grip.which == "on" and phases.width < 1.0:
            self._offer("Off-pulse: all the rest", lambda: self.hand.put("off", phases.rest))

    def _offer(self, text: str, do: Callable[[], None]) -> None:
        entry = self.menu.addAction(text)
        if entry is not None:
            entry.triggered.connect(lambda _: do())

    def _show_cursor(self, grip: Grip | None) -> None:
        if grip is None:
            shape = Qt.CursorShape.ArrowCursor
        else:
            is_body = grip.part == "body"
            shape = Qt.CursorShape.OpenHandCursor if is_body else Qt.CursorShape.SizeHorCursor
        self.show_cursor(shape)

    def tip_at(self, point: QPoint) -> str:
        """Phase and light under the pointer; elsewhere how to make ranges."""
        if not self.curves or not self.frame().contains(point.toPointF()):
            return super().tip_at(point)
        phase = self.position_of(point).x() % 1.0
        lines = [f"Phase {phase:.3f}", *(self._value_at(curve, phase) for curve in self.curves)]
        return "\n".join([*lines, "", TIP])

    def _value_at(self, curve: ProfileCurve, phase: float) -> str:
        place = min(int(phase * len(curve.values)), len(curve.values) - 1)
        value, error = curve.values[place], curve.errors[place]
        return f"{curve.name}: {value:.6g} ± {error:.2g} {self._unit}".rstrip()


def _ends(curves: Sequence[ProfileCurve]) -> tuple[float, float] | None:
    """Lowest and highest end of all error bars, None where there is no number."""
    ends = [
        one
        for curve in curves
        for one in (curve.values - curve.errors, curve.values + curve.errors)
    ]
    every = np.concatenate([np.empty(0), *ends])
    every = every[np.isfinite(every)]
    return (float(every.min()), float(every.max())) if every.size else None
