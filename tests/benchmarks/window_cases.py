"""Cases of the window, each run in a process of its own: python window_cases.py NAME JSON.

Every case opens the real window on the screen of DISPLAY, moves the mouse with events as a hand
does, and prints what it found as one line of JSON. A frame counts as painted when the paint event
of the view has drawn it; the clock stops after the X server has answered once more.
"""

from __future__ import annotations

import json
import math
import re
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nightglass.core.cli.window import WindowOptions
from nightglass.core.workbench.playback import Speed
from nightglass.gui.running import Running
from PyQt6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PyQt6.QtGui import QGuiApplication, QMouseEvent
from PyQt6.QtWidgets import QApplication, QStyle, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

FOREVER_S = 1e6
MOUSE_MS = 8
SCRUB_MS = 2
SCRUB_FRAMES_PER_S = 250.0
FRAMES_PER_S = 2000
PATIENCE_S = 60
NOTE_MS = 1000
GRASP_MS = 2000
UNWANTED = ("pint", "photutils", "regions")


def anonymous_mb() -> float:
    """Memory of this process that no file stands behind."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"RssAnon:\s+(\d+)", text)
    return int(found[1]) / 1024 if found else math.nan


def processor_s() -> float:
    """Processor time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


def send_mouse(
    widget: QWidget, kind: QEvent.Type, place: QPointF, held: Qt.MouseButton = LEFT
) -> None:
    """Let a button go down, move or go up over a widget."""
    button = NONE if kind == QEvent.Type.MouseMove else held
    down = NONE if kind == QEvent.Type.MouseButtonRelease else held
    modifiers = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), button, down, modifiers)
    QApplication.sendEvent(widget, event)


class Hand(QObject):
    """Holds a button down over a widget and moves along a path.

    The path goes on where it was left: a picture pushed about in circles stays where it is.
    """

    def __init__(
        self,
        widget: QWidget,
        path: Callable[[float], QPointF],
        interval_ms: int = MOUSE_MS,
        held: Qt.MouseButton = LEFT,
    ) -> None:
        super().__init__()
        self._widget, self._path, self._held = widget, path, held
        self._moved_s = 0.0
        self._last_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._move)
        self._timer.setInterval(interval_ms)

    def press(self) -> None:
        """Take hold."""
        self._last_s = time.perf_counter()
        self._send(QEvent.Type.MouseButtonPress)
        self._timer.start()

    def release(self) -> None:
        """Let go."""
        self._timer.stop()
        self._send(QEvent.Type.MouseButtonRelease)

    def _move(self) -> None:
        now_s = time.perf_counter()
        self._moved_s += now_s - self._last_s
        self._last_s = now_s
        self._send(QEvent.Type.MouseMove)

    def _send(self, kind: QEvent.Type) -> None:
        send_mouse(self._widget, kind, self._path(self._moved_s), self._held)


class Window:
    """The real program, driven from outside."""

    def __init__(self, **options: Any) -> None:
        self.running = Running(WindowOptions(exit_after_s=FOREVER_S, **options))
        self.bench = self.running.workbench
        self.view = self.running.window.area.views[0]

    def show(self) -> None:
        """Bring it up and wait until the compiled loops are loaded."""
        self.running.show()
        self.wait(lambda: "nightglass.core.picture.stack_kernels" in sys.modules)
        self.rest(0.5)

    def wait(self, reached: Callable[[], bool], timeout_s: float = 60.0) -> None:
        """Let the window live until something holds."""
        deadline_s = time.perf_counter() + timeout_s
        while not reached():
            if time.perf_counter() > deadline_s:
                raise TimeoutError("the window does not get there")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 5)

    def rest(self, seconds: float) -> None:
        """Let the window live for a while, by its own event loop."""
        loop = QEventLoop()
        QTimer.singleShot(round(1e3 * seconds), Qt.TimerType.PreciseTimer, loop.quit)
        loop.exec()

    def first_frame_s(self, path: Path) -> float:
        """Open something; the time until its first frame is painted."""
        loop, before = QEventLoop(), self.view.painted_count
        self.view.painted.connect(lambda _: loop.quit())
        started_s = time.perf_counter()
        self.bench.open([path])
        loop.exec()
        assert self.view.painted_count == before + 1
        self.sync()
        return time.perf_counter() - started_s

    def close(self) -> None:
        """End the program."""
        self.running.window.close()
        self.running.destroy_window()

    def sync(self) -> None:
        """Wait for the X server to have done what it was asked."""
        screen = QGuiApplication.primaryScreen()
        assert screen is not None
        screen.grabWindow(0, 0, 0, 1, 1)

    def scrubbing_hand(self) -> Hand:
        """A hand that drags the slider over all frames and back."""
        slider = self.running.window.timeline.scrubber
        style = slider.style()
        assert style is not None
        half = style.pixelMetric(QStyle.PixelMetric.PM_SliderLength) // 2
        last = slider.maximum()

        def place(elapsed_s: float) -> QPointF:
            turn = (elapsed_s * SCRUB_FRAMES_PER_S) % (2 * last)
            frame = round(min(turn, 2 * last - turn))
            x = QStyle.sliderPositionFromValue(0, last, frame, slider.width() - 2 * half)
            return QPointF(x + half, slider.height() / 2)

        return Hand(slider, place, SCRUB_MS)

    def dragging_hand(self, held: Qt.MouseButton = LEFT) -> Hand:
        """A hand that pushes the picture about."""
        surface = self.view.viewport()
        assert surface is not None
        across, down = surface.width() / 2, surface.height() / 2

        def place(elapsed_s: float) -> QPointF:
            x = across * (1 + 0.4 * math.sin(2.0 * elapsed_s))
            return QPointF(x, down * (1 + 0.4 * math.cos(3.0 * elapsed_s)))

        return Hand(surface, place, held=held)


def scrub(path: str, seconds: float, locked: bool, alone: bool) -> dict[str, Any]:
    """Drag the slider; count the frames painted."""
    window = Window()
    window.show()
    if alone:
        window.running.window.show_only_picture(True)
    window.first_frame_s(Path(path))
    window.bench.session.change(limits_locked=locked)
    window.rest(1.0)
    seen: set[int] = set()
    shapes: set[tuple[int, ...]] = set()

    def note(slot: str, result: Any) -> None:
        if slot == "main":
            seen.add(result.frame)
            shapes.add((*result.picture.index.shape, int(result.picture.scaled)))

    window.bench.pictures.ready.connect(note)
    if alone:
        window.running.window.docks["timeline"].show()
        window.rest(0.5)
    hand = window.scrubbing_hand()
    hand.press()
    window.rest(0.5)
    painted, started_s, used_s = window.view.painted_count, time.perf_counter(), processor_s()
    window.rest(seconds)
    window.sync()
    elapsed_s = time.perf_counter() - started_s
    painted = window.view.painted_count - painted
    used_s = processor_s() - used_s
    hand.release()
    window.close()
    return {
        "per_s": painted / elapsed_s,
        "distinct": len(seen),
        "pictures": sorted(shapes),
        "cores": used_s / elapsed_s,
    }


def play(path: str, seconds: float, frames_per_s: float) -> dict[str, Any]:
    """Play; count the frames painted."""
    window = Window()
    window.show()
    window.first_frame_s(Path(path))
    window.bench.transport.set_speed(Speed(frames_per_s, "fps"))
    window.bench.transport.play()
    window.rest(0.5)
    painted, started_s = window.view.painted_count, time.perf_counter()
    window.rest(seconds)
    window.sync()
    elapsed_s = time.perf_counter() - started_s
    painted = window.view.painted_count - painted
    window.close()
    return {"per_s": painted / elapsed_s}


def first_frame(path: str) -> dict[str, Any]:
    """Open a capture in a window that stands there."""
    window = Window()
    window.show()
    took_s = window.first_frame_s(Path(path))
    window.close()
    return {"seconds": took_s}


def modules() -> dict[str, Any]:
    """What has been imported when the window can be used, and after its loops are loaded."""
    window = Window()
    window.running.show()
    window.wait(lambda: window.running.timings()["startup_s"] is not None)
    at_start = [name for name in UNWANTED if name in sys.modules]
    window.show()
    later = [name for name in UNWANTED if name in sys.modules]
    window.close()
    return {"unwanted": sorted({*at_start, *later})}


def memory(path: str, seconds: float) -> dict[str, Any]:
    """Open a huge capture, scrub through it, and watch the memory."""
    window = Window()
    window.show()
    window.rest(1.0)
    empty_mb = anonymous_mb()
    first_s = window.first_frame_s(Path(path))
    first_mb = anonymous_mb()
    window.rest(0.5)
    most_mb = [first_mb]
    watch = QTimer()
    watch.timeout.connect(lambda: most_mb.append(anonymous_mb()))
    watch.start(50)
    hand = window.scrubbing_hand()
    hand.press()
    window.rest(seconds)
    hand.release()
    watch.stop()
    frames = window.bench.capture.captured if window.bench.capture else 0
    window.close()
    return {
        "first_s": first_s,
        "first_mb": first_mb - empty_mb,
        "most_mb": max(most_mb) - empty_mb,
        "frames": frames,
    }


class Watch(QObject):
    """Drags the view of a window that follows a capture, and watches it to the end."""

    def __init__(self, window: Window, frames: int, rests: bool) -> None:
        super().__init__()
        self._window, self._frames, self._rests = window, frames, rests
        self._hand = window.dragging_hand()
        self._is_held = False
        self._begun_s = time.perf_counter()
        self.notes: list[tuple[float, int, float, float]] = []
        self._loop = QEventLoop()
        for interval_ms, slot in ((NOTE_MS, self._note), (GRASP_MS, self._grasp)):
            timer = QTimer(self)
            timer.timeout.connect(slot)
            timer.start(interval_ms)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._begun_s

    def run(self) -> None:
        """Go on until every frame is counted, or a minute after it should be."""
        self._loop.exec()
        self._let_go()
        self._note()

    def _counted(self) -> int:
        capture = self._window.bench.capture
        return 0 if capture is None else capture.counted

    def _note(self) -> None:
        worst_ms = self._window.running.stalls.worst_ms()
        self.notes.append((self.elapsed_s, self._counted(), anonymous_mb(), worst_ms))

    def _grasp(self) -> None:
        """Let go and take hold again, at once or after a rest."""
        was_held = self._is_held
        self._let_go()
        is_over = self.elapsed_s > self._frames / FRAMES_PER_S + PATIENCE_S
        if self._counted() >= self._frames or is_over:
            self._loop.quit()
        elif not (was_held and self._rests):
            self._hand.press()
            self._is_held = True

    def _let_go(self) -> None:
        if self._is_held:
            self._is_held = False
            self._hand.release()


def follow(folder: str, frames: int, rests: bool = False) -> dict[str, Any]:
    """Follow a live capture to its end with the view dragged; `rests` lets go now and then."""
    window = Window(follow=Path(folder))
    running = window.running
    running.show()
    window.wait(lambda: running.timings()["startup_s"] is not None)
    running.stalls.start()
    used_s = processor_s()
    watch = Watch(window, frames, rests)
    watch.run()
    running.stalls.stop()
    found = {
        **running.timings(),
        "cores": (processor_s() - used_s) / watch.elapsed_s,
        "notes": watch.notes,
        "problems": [problem.text for problem in running.problems.entries()],
        "over_16_ms": running.stalls.turns_over(16.0),
    }
    window.close()
    return found


CASES: dict[str, Callable[..., dict[str, Any]]] = {
    "scrub": scrub,
    "play": play,
    "first_frame": first_frame,
    "modules": modules,
    "memory": memory,
    "follow": follow,
}


if __name__ == "__main__":
    print(json.dumps(CASES[sys.argv[1]](**json.loads(sys.argv[2]))))
