"""Playback bar, timeline and accounting strip, kept in step with the transport."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, Qt, QTimer

from ...core.errors import NightglassError
from ...core.picture.stack import MOST_FRAMES
from ...core.workbench.playback import Speed
from ..timeline_marks import GapMark
from ..widgets.throttle import Throttle
from .light import LightLines

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from ...core.lightspeed.accounting import Accounting
    from ...core.session.view import View
    from ...core.workbench import Workbench
    from ...core.workbench.desk import OpenCapture
    from ..accounting import AccountingStrip
    from ..frame.tiles import FrameArea
    from ..playback_bar import PlaybackBar
    from ..timeline import Timeline

TICK_MS = 7  # a screen of 144 Hz
STRIP_MS = 250
CURVE_MS = 100
LOOK_MS = 60
MORE_MS = 10


class TimeController(QObject):
    """Moves the session through time and shows where every frame went."""

    def __init__(
        self,
        workbench: Workbench,
        area: FrameArea,
        bar: PlaybackBar,
        timeline: Timeline,
        strip: AccountingStrip,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._area = area
        self._bar = bar
        self._timeline = timeline
        self._strip = strip
        self._curve_shown: tuple[str, int] | None = None
        self._is_timed = False
        self._labels_shown: tuple[str, str, str | None] | None = None
        self._balance_shown: Accounting | None = None
        self._tell_curve = Throttle(self._show_curve, CURVE_MS, self)
        self._lines = LightLines(workbench, timeline)
        self._tell_light = Throttle(self._show_light, CURVE_MS, self)
        self._tell_look = Throttle(self._show_light, LOOK_MS, self)
        self._more_light = QTimer(self)
        self._more_light.setSingleShot(True)
        self._more_light.setInterval(MORE_MS)
        self._more_light.timeout.connect(self._show_more_light)
        self._connect()
        self._ticker = self._started_timer(TICK_MS, self._tick)
        self._strip_timer = self._started_timer(STRIP_MS, self._show_strip)

    def _connect(self) -> None:
        transport = self._bench.transport
        self._bar.frameRequested.connect(transport.go_to)
        self._bar.utcRequested.connect(self._go_to_utc)
        self._bar.speedChosen.connect(self._on_speed_chosen)
        self._timeline.frameRequested.connect(transport.go_to)
        self._timeline.rangeChanged.connect(transport.set_range)
        self._timeline.brushed.connect(self._stack_frames)
        self._timeline.relativeToggled.connect(self._lines.set_relative)
        self._bench.session.changed.connect(self._on_view_changed)
        self._bench.desk.grown.connect(self._on_capture_grown)
        self._bench.light.changed.connect(self._on_light_changed)
        self._bench.settings_changed.connect(self._on_settings_changed)
        self._bench.regions.list.selection_changed.connect(self._tell_light.call)

    def _started_timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(slot)
        timer.start(interval_ms)
        return timer

    def stop(self) -> None:
        """Stand still for good."""
        self._ticker.stop()
        self._strip_timer.stop()
        self._tell_curve.cancel()
        self._tell_light.cancel()
        self._tell_look.cancel()
        self._more_light.stop()

    def _go_to_utc(self, text: str) -> None:
        try:
            self._bench.transport.go_to_time(text)
        except NightglassError as error:
            self._bar.refuse_utc(f"{error.text} {error.hint}")

    def _on_speed_chosen(self, unit: str, amount: float) -> None:
        self._bench.transport.set_speed(Speed(amount, "fps" if unit == "fps" else "realtime"))

    def _stack_frames(self, first: int, last: int) -> None:
        """Play the frames marked, and show exactly these stacked, or the last that one holds."""
        session, frames = self._bench.session, min(last - first + 1, MOST_FRAMES)
        self._bench.transport.set_range(first, last)
        self._bench.transport.go_to(last)
        session.change(stack=replace(session.view.stack, frames=frames))

    def _tick(self) -> None:
        self._bench.transport.tick()
        playback = self._bench.transport.playback
        direction = (-1 if playback.backward else 1) if playback.playing else 0
        self._bar.set_playing(direction)

    def _on_view_changed(self, before: View, after: View) -> None:
        if before.capture != after.capture:
            self._curve_shown = self._balance_shown = None
            self._timeline.clear()
            self._show_curve()
        if before.play_range != after.play_range:
            self._timeline.set_range(after.play_range)
        self._show_frame(after)

    def _show_frame(self, view: View) -> None:
        capture = self._bench.capture
        captured = 0 if capture is None else capture.captured
        is_live = capture is not None and capture.live
        self._timeline.set_frame(view.frame)
        self._bar.set_frame(view.frame, captured)
        self._bar.set_live(view.live, self._bench.transport.behind if is_live else None)

    def _on_capture_grown(self, key: str) -> None:
        if key == self._bench.session.view.capture:
            self._tell_curve.call()

    def _on_light_changed(self, key: str) -> None:
        if key == self._bench.session.view.capture:
            # A hand that drags sees each look at the capture; a count may take its time.
            is_dragged = self._bench.regions.list.is_dragging
            (self._tell_look if is_dragged else self._tell_light).call()

    def _on_settings_changed(self, _: object) -> None:
        self._bench.light.refresh()

    # The timeline

    def _show_light(self) -> None:
        capture = self._bench.capture
        if capture is not None and self._curve_shown is not None:
            self._go_on(capture, self._lines.show(capture, is_timed=self._is_timed))

    def _show_more_light(self) -> None:
        capture = self._bench.capture
        if capture is not None and self._curve_shown is not None:
            self._go_on(capture, self._lines.show_more(capture))

    def _go_on(self, capture: OpenCapture, has_more: bool) -> None:
        """Let events of the hand in between many curves."""
        self._show_labels(capture)
        if has_more:
            self._more_light.start()

    def _show_labels(self, capture: OpenCapture) -> None:
        start = capture.utc_of_zero if self._is_timed else None
        labels = (*(self._lines.axis or ("Mean", "ADU")), start)
        if labels != self._labels_shown:
            self._labels_shown = labels
            self._timeline.set_labels(*labels)

    def _show_curve(self) -> None:
        capture = self._bench.capture
        if capture is None or capture.captured == 0:
            return
        if not self._append_curve(capture):
            self._begin_curve(capture)
            self._show_light()
        self._show_gaps(capture)
        self._show_frame(self._bench.session.view)

    def _show_gaps(self, capture: OpenCapture) -> None:
        if capture.accounting is not self._balance_shown:
            self._balance_shown = capture.accounting
            self._timeline.set_gaps(_gap_marks(capture))

    def _begin_curve(self, capture: OpenCapture) -> None:
        axis = _axis_of(capture)
        curve = capture.curve
        frames = np.arange(max(capture.captured, len(curve)), dtype=np.float64)
        self._timeline.set_times(frames if axis is None else axis)
        self._timeline.set_curve(
            frames[: len(curve)] if axis is None else curve.seconds, curve.values
        )
        self._timeline.set_frame(self._bench.session.view.frame)
        self._curve_shown, self._is_timed = (capture.key, curve.revision), axis is not None
        self._show_labels(capture)

    def _append_curve(self, capture: OpenCapture) -> bool:
        """Show what is new or has moved; False when that asks for another axis."""
        curve, shown = capture.curve, self._curve_shown
        if shown is None or shown[0] != capture.key or not self._is_timed:
            return False
        kept = min(self._timeline.n_points, curve.moved_since(shown[1]))
        # From the last point on that stays: time that steps back there has no place on the axis.
        if not kept or not _rises(curve.seconds[kept - 1 :]):
            return False
        self._timeline.set_curve(curve.seconds, curve.values, kept)
        if capture.live:
            self._timeline.set_times(curve.seconds, kept)
        self._curve_shown = capture.key, curve.revision
        return True

    # The strip

    def _show_strip(self) -> None:
        view = self._area.views[0]
        strip = self._bench.strip(view.painted_count, view.painted_per_second)
        if self._bench.capture is None:
            self._strip.clear()
            return
        self._strip.set_counts(strip.captured, strip.read, strip.counted, strip.painted, strip.lost)
        capture = self._bench.capture
        self._strip.set_behind(strip.behind if capture.live else None)
        self._strip.set_rate(strip.frames_per_second)
        if strip.disk is not None:
            self._strip.set_disk(strip.disk.free_gb, strip.disk.hours)


def _axis_of(capture: OpenCapture) -> npt.NDArray[np.float64] | None:
    """Time of every frame in seconds; None where time is not known or does not rise."""
    source = capture.lightspeed
    if source is None:
        return None
    seconds = capture.curve.seconds if capture.live else source.elapsed_s()
    return seconds if _rises(seconds) and _rises(capture.curve.seconds) else None


def _rises(seconds: npt.NDArray[np.float64]) -> bool:
    return bool(np.isfinite(seconds).all() and (np.diff(seconds) >= 0).all())


def _gap_marks(capture: OpenCapture) -> list[GapMark]:
    gaps = () if capture.accounting is None else capture.accounting.gaps
    return [GapMark(gap.after_frame, gap.frames, gap.reason) for gap in gaps]
