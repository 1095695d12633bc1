"""Cases of the fold in the window, each in a process of its own: python fold_cases.py NAME JSON.

The real window stands on the screen of DISPLAY; the mouse moves as a hand moves it. A fold is
there when profile and raster have been painted with it and the X server has answered once more.
"""

from __future__ import annotations

import json
import sys
import time
from math import sin
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fold_hands import PATIENCE_S, Folding
from fold_light import PAR
from nightglass.core.lightspeed.fold.phases import FramePhases
from nightglass.core.timing.edits import PivotedPhases
from nightglass.gui.stalls import StallMonitor
from PyQt6.QtCore import QCoreApplication, QEvent, QPointF, QTimer
from region_cases import MOVE_S
from window_cases import Window, processor_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from nightglass.core.lightspeed.fold.request import FoldRequest

MOVES_TO_BEGIN = 3
HAND_MS, TURN_S = 16, 4.0


def opened(path: str) -> Folding:
    """A capture in the window, all its stamps read, and the fold on view."""
    window = Window()
    window.show()
    window.first_frame_s(Path(path))
    capture = window.bench.capture
    window.wait(lambda: capture.counted == capture.captured, PATIENCE_S)
    return Folding(window)


def drag(path: str, moves: int) -> dict[str, Any]:
    """F0: from a move of the mouse that holds the ridge line to a painted profile and raster."""
    folding = opened(path)
    folding.draw()
    folding.fold.shelf.choose([PAR])
    folding.settle()
    start = folding.ridge(0.0)
    folding.send_ridge(QEvent.Type.MouseButtonPress, start)
    step = folding.ridge(0.05) - start
    hand = folding.panel.raster.hand

    def is_there(asked: FoldRequest) -> bool:
        line, span_s = hand.line, hand.span_s
        return asked.shift == (line.delta_f_hz(span_s), line.delta_f1_hz_s(span_s))

    times = []
    for number in range(1, moves + 1):
        place = start + step * (number % 9 + 1)

        def move(place: QPointF = place) -> None:
            folding.send_ridge(QEvent.Type.MouseMove, place)

        times.append(folding.show(move, is_there))
        folding.window.rest(max(0.001, MOVE_S - times[-1][1] / 1e3))
    exact = folding.show(
        lambda: folding.send_ridge(QEvent.Type.MouseButtonRelease, place),
        lambda asked: asked.shift is None,
    )
    found = {"times": times[MOVES_TO_BEGIN:], "exact_ms": exact[1],
             "frames": folding.fold.result.frames_counted}  # fmt: skip
    folding.window.close()
    return found


def region(path: str, moves: int) -> dict[str, Any]:
    """A region moved by the mouse, to a painted fold of frames spread over the capture."""
    folding = opened(path)
    folding.draw()
    folding.fold.shelf.choose([PAR])
    folding.settle()
    light = folding.bench.light
    folding.send_star(QEvent.Type.MouseButtonPress, 0.0)
    for down in (4.0, 8.0):
        folding.send_star(QEvent.Type.MouseMove, down)
        folding.window.rest(0.5)
    times = []
    for number in range(moves):
        down = 0.5 * (number % 20 + 1)

        def move(down: float = down) -> None:
            folding.send_star(QEvent.Type.MouseMove, down)

        def is_there(asked: FoldRequest) -> bool:
            row = light.targets[0].source.aperture.centre[1] - 1.0
            return asked.is_preview and asked.sources[0].row == row

        times.append(folding.show(move, is_there))
        folding.window.rest(max(0.001, MOVE_S - times[-1][1] / 1e3))
    preview = folding.fold.result.frames_counted
    whole = folding.show(
        lambda: folding.send_star(QEvent.Type.MouseButtonRelease, down),
        lambda asked: not asked.is_preview and folding.fold.is_up_to_date,
    )
    found = {"times": times[MOVES_TO_BEGIN:], "whole_ms": whole[1], "preview": preview,
             "frames": folding.fold.result.frames_counted}  # fmt: skip
    folding.window.close()
    return found


class Clock:
    """Time that is spent in some methods, in whichever thread."""

    def __init__(self, *methods: tuple[type, str]) -> None:
        self.seconds = 0.0
        self._is_running = False
        for owner, name in methods:
            setattr(owner, name, self._timed(getattr(owner, name)))

    def _timed(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            if self._is_running:
                return method(*given, **named)
            self._is_running, begun_s = True, time.perf_counter()
            try:
                return method(*given, **named)
            finally:
                self._is_running = False
                self.seconds += time.perf_counter() - begun_s

        return timed


def first(path: str, is_counted: bool) -> dict[str, Any]:
    """A par file chosen: until its first profile of all frames; PINT is imported on the way."""
    folding = opened(path)
    fold, frames = folding.fold, folding.bench.capture.captured
    if is_counted:
        folding.draw()
        folding.window.wait(lambda: not folding.bench.light.is_counting, PATIENCE_S)
    folding.window.rest(1.0)
    phases = Clock((PivotedPhases, "__init__"), (FramePhases, "phases"), (PivotedPhases, "clock"))
    loaded_s: list[float] = []
    fold.shelf.changed.connect(lambda: loaded_s.append(time.perf_counter()))
    begun_s = time.perf_counter()

    def begin() -> None:
        folding.panel.parChosen.emit(PAR)
        if not is_counted:
            folding.draw()

    _, seen_ms = folding.show(
        begin, lambda _: fold.result is not None and fold.result.frames_counted == frames
    )
    found = {"seconds": seen_ms / 1e3, "loading_s": loaded_s[0] - begun_s,
             "phases_s": phases.seconds, "frames": frames}  # fmt: skip
    folding.window.close()
    return found


class Live:
    """Hands that move the region and drag F0 by turns while frames flow in."""

    def __init__(self, folding: Folding) -> None:
        self._folding = folding
        self._begun_s = time.perf_counter()
        self._holds = ""
        self._start = QPointF()
        self.drags = 0
        self._timer = QTimer()
        self._timer.timeout.connect(self._move)
        self._timer.start(HAND_MS)

    def stop(self) -> None:
        """Let go."""
        self._timer.stop()
        self._take("")

    def _move(self) -> None:
        now_s = time.perf_counter() - self._begun_s
        turn, rest = divmod(now_s, TURN_S)
        self._take(("star", "", "ridge", "")[int(turn) % 4])
        if self._holds == "star":
            self._folding.send_star(QEvent.Type.MouseMove, 3.0 * sin(3.0 * rest))
        elif self._holds == "ridge":
            along = self._folding.panel.raster.frame().width() / 2.0
            by = QPointF(0.4 * along * sin(3.0 * rest), 0.0)
            self._folding.send_ridge(QEvent.Type.MouseMove, self._start + by)

    def _take(self, what: str) -> None:
        if what == self._holds:
            return
        self._send(self._holds, QEvent.Type.MouseButtonRelease)
        if what == "ridge":
            self._start = self._folding.ridge(0.0)
        self._send(what, QEvent.Type.MouseButtonPress)
        self._holds = what
        self.drags += bool(what)

    def _send(self, what: str, kind: QEvent.Type) -> None:
        if what == "star":
            self._folding.send_star(kind, 0.0)
        elif what == "ridge":
            self._folding.send_ridge(kind, self._start)


def live(folder: str, frames: int, is_moved: bool) -> dict[str, Any]:
    """Follow a camera to its end, fold what comes, and drag the region and F0 meanwhile."""
    window = Window(follow=Path(folder))
    running, bench = window.running, window.bench
    running.show()
    window.wait(lambda: bench.capture is not None and bench.capture.captured > 0, PATIENCE_S)
    folding = Folding(window)
    folding.draw()
    bench.fold.shelf.choose([PAR])
    # PINT is imported, and the first picture is there.
    folding.rest_until(lambda: bench.fold.result is not None)
    window.rest(1.0)
    running.stalls.start()
    used_s, begun_s, begun_frames = processor_s(), time.perf_counter(), bench.capture.counted
    hands = Live(folding) if is_moved else None
    folding.rest_until(lambda: bench.capture.counted >= frames)
    if hands is not None:
        hands.stop()
    running.stalls.stop()
    elapsed_s, cores = time.perf_counter() - begun_s, processor_s() - used_s
    bench.fold.reset()
    folding.rest_until(lambda: bench.fold.is_up_to_date)
    result = bench.fold.result
    found = {
        "folded": result.frames_counted,
        "counted": bench.capture.counted,
        "seconds": elapsed_s,
        "begun_frames": begun_frames,
        "cores": cores / elapsed_s,
        "worst_ms": running.stalls.worst_ms(),
        "p99_ms": running.stalls.percentile_ms(99.0),
        "over_16_ms": running.stalls.turns_over(16.0),
        "drags": 0 if hands is None else hands.drags,
        "h": result.folds[0].moments.h_test().h,
        "problems": [problem.text for problem in running.problems.entries()],
    }
    window.close()
    return found


def idle(seconds: float) -> dict[str, Any]:
    """A process that does nothing: how late its timer comes."""
    application = QCoreApplication([])
    stalls = StallMonitor()
    stalls.start()
    QTimer.singleShot(round(1e3 * seconds), application.quit)
    application.exec()
    stalls.stop()
    return {"worst_ms": stalls.worst_ms(), "p99_ms": stalls.percentile_ms(99.0)}


CASES: dict[str, Callable[..., dict[str, Any]]] = {
    one.__name__: one for one in (drag, region, first, live, idle)
}


if __name__ == "__main__":
    print(json.dumps(CASES[sys.argv[1]](**json.loads(sys.argv[2]))))
