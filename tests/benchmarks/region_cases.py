"""Cases of regions in the window, each in a process of its own: python region_cases.py NAME JSON.

The real window stands on the screen of DISPLAY; the mouse moves as a hand moves it.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Annulus, Box, Circle, Ellipse
from PyQt6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget
from window_cases import Window, send_mouse

if TYPE_CHECKING:
    from collections.abc import Callable

MOVE_S = 0.008  # a mouse tells of its moves 125 times a second
RADIUS_PX = 12.0
MIDDLE = Qt.MouseButton.MiddleButton  # also over a region it moves the picture


class Repaints(QObject):
    """Notes when a widget has been painted, and tells it."""

    painted = pyqtSignal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.painted_s = 0.0
        self._widget = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Let the widget paint as it does and look at the clock after it."""
        if event is None or event.type() != QEvent.Type.Paint:
            return False
        self._widget.removeEventFilter(self)
        QApplication.sendEvent(self._widget, event)
        self._widget.installEventFilter(self)
        self.painted_s = time.perf_counter()
        self.painted.emit()
        return True


class Drag:
    """Moves a circle by the mouse, and looks when its numbers and its light curve follow."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.bench = window.bench
        rows, columns = self.bench.capture.source.shape
        self._x, self._y = columns / 2, rows / 2
        circle = RegionEntry("circle", Circle(self._x, self._y, RADIUS_PX))
        sky = RegionEntry("annulus", Annulus(self._x, self._y, 20.0, 30.0), background=True)
        self.ident, _ = self.bench.regions.list.add([circle, sky], "Draw")
        self._surface = window.view.viewport()
        self._table = Repaints(window.running.window.regions.table.viewport())
        self._told_s = 0.0
        self.bench.numbers.changed.connect(self._on_numbers)

    def _on_numbers(self) -> None:
        self._told_s = time.perf_counter()

    def _at(self, step: int) -> QPointF:
        return self.window.view.widget_at(self._x - 1 + 0.5 * (step % 40), self._y - 1)

    def press(self) -> None:
        """Take hold of the circle."""
        send_mouse(self._surface, QEvent.Type.MouseButtonPress, self._at(0))
        for step in (5, 10):
            send_mouse(self._surface, QEvent.Type.MouseMove, self._at(step))

    def release(self) -> None:
        """Let it go."""
        send_mouse(self._surface, QEvent.Type.MouseButtonRelease, self._at(1))

    def move(self, step: int) -> tuple[float, float]:
        """Move once; milliseconds until the numbers are there and until the table shows them."""
        # The loop sleeps while the others work, as that of the program does: one that asks again
        # and again would keep the interpreter from them.
        loop = QEventLoop()

        def look() -> None:
            if self._table.painted_s > self._told_s > begun_s:
                loop.quit()

        tie = self._table.painted.connect(look)
        begun_s = time.perf_counter()
        send_mouse(self._surface, QEvent.Type.MouseMove, self._at(step))
        loop.exec()
        self._table.painted.disconnect(tie)
        told_s = self._told_s
        self.window.sync()
        done_s = time.perf_counter()
        self.window.rest(max(0.001, MOVE_S - (done_s - begun_s)))
        return 1e3 * (told_s - begun_s), 1e3 * (done_s - begun_s)


def drag_of_many(path: str, count: int, moves: int) -> dict[str, Any]:
    """Drag one of many regions, to numbers in the painted table."""
    window = opened(path)
    rows, columns = window.bench.capture.source.shape
    # First in the list, so that it has a light curve besides.
    drag = Drag(window)
    window.bench.regions.list.add(many(count, rows, columns), "Draw")
    window.bench.regions.list.select([drag.ident])
    settle(window)
    return moved(window, drag, moves)


def open_file(path: str, count: int) -> dict[str, Any]:
    """Open a file of many regions; until all are painted, and how long a click had to wait."""
    window = opened(path)
    rows, columns = window.bench.capture.source.shape
    shapes = [entry.shape for entry in many(count, rows, columns)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.reg"
        file.write_text("image\n" + "".join(f"{ds9_text(shape)}\n" for shape in shapes))
        window.rest(2.0)
        table = Repaints(window.running.window.regions.table.viewport())
        layer = window.running.hands.active.layer
        window.running.stalls.start()
        begun_s = time.perf_counter()
        window.running.open([file])
        window.wait(lambda: len(window.bench.regions.list) == count)
        window.wait(lambda: layer.is_whole and table.painted_s > begun_s)
        window.sync()
        shown_s = time.perf_counter() - begun_s
        settle(window)
        window.running.stalls.stop()
    found = {"shown_s": shown_s, "worst_stall_ms": window.running.stalls.worst_ms()}
    window.close()
    return found


def ds9_text(shape: Any) -> str:
    """A region as a line of a file."""
    return f"{type(shape).__name__.lower()}({','.join(map(str, astuple(shape)))})"


def undo(path: str, count: int) -> dict[str, Any]:
    """Take many regions away and bring them back; how long a click had to wait."""
    window = opened(path)
    rows, columns = window.bench.capture.source.shape
    regions = window.bench.regions.list
    regions.add(many(count, rows, columns), "Draw")
    settle(window)
    window.running.stalls.start()
    for step in (regions.undo, regions.redo):
        # In a turn of its own, as a key does it.
        QTimer.singleShot(20, step)
        settle(window)
    window.running.stalls.stop()
    worst_ms = window.running.stalls.worst_ms()
    window.close()
    return {"worst_stall_ms": worst_ms}


def settle(window: Window) -> None:
    """Let the window live until no light is counted any more."""
    window.rest(1.0)
    window.wait(lambda: not window.bench.light.is_counting)
    window.rest(1.0)


def roi_drag(path: str, moves: int) -> dict[str, Any]:
    """The same drag of a circle of pyqtgraph, with statistics by numpy in a table."""
    import pyqtgraph as pg
    from nightglass.core.lightspeed.open_capture import open_capture
    from PyQt6.QtWidgets import QTableWidget, QTableWidgetItem

    application = QApplication([])
    image = np.asarray(open_capture(Path(path)).read(0)).T
    view, table = pg.ImageView(), QTableWidget(1, 6)
    circle = pg.CircleROI((image.shape[0] / 2, image.shape[1] / 2), radius=RADIUS_PX)
    view.setImage(image)
    view.addItem(circle)
    for box in tuple(pg.ViewBox.AllViews):
        box.setMenuEnabled(False)  # its menus would go before what asks them at the end
    for widget in (view, table):
        widget.resize(800, 600)
        widget.show()

    def measure() -> None:
        # Outside the circle the part is nought; its mask is what is not.
        mask = circle.getArrayRegion(np.ones_like(image), view.imageItem) > 0.5
        values = circle.getArrayRegion(image, view.imageItem)[mask]
        numbers = (values.sum(), values.mean(), np.median(values), values.std(),
                   values.min(), values.max())  # fmt: skip
        for place, number in enumerate(numbers):
            table.setItem(0, place, QTableWidgetItem(f"{number:.2f}"))

    circle.sigRegionChanged.connect(measure)
    painted, times = Repaints(table.viewport()), []
    for step in range(moves + 20):
        begun_s = time.perf_counter()
        circle.setPos((image.shape[0] / 2 + 0.5 * (step % 40), image.shape[1] / 2))
        while painted.painted_s < begun_s:
            application.processEvents()
        screen = application.primaryScreen()
        assert screen is not None
        screen.grabWindow(0, 0, 0, 1, 1)
        times.append(1e3 * (time.perf_counter() - begun_s))
        time.sleep(MOVE_S)
    return {"table": statistics.median(times[20:])}


def roi_pan() -> dict[str, Any]:
    """1,000 regions of pyqtgraph pushed about."""
    from bench_region_layer import theirs

    application = QApplication([])
    found = theirs()[1]
    del application
    return {"per_s": 1e3 / found}


def opened(path: str) -> Window:
    """The window with a capture that is counted to its end."""
    window = Window()
    window.show()
    window.first_frame_s(Path(path))
    capture = window.bench.capture
    window.wait(lambda: capture.counted == capture.captured)
    return window


def drag(path: str, moves: int) -> dict[str, Any]:
    """From a move of the mouse to numbers of the shown frame in the painted table."""
    window = opened(path)
    drag = Drag(window)
    window.rest(2.0)
    return moved(window, drag, moves)


def moved(window: Window, drag: Drag, moves: int) -> dict[str, Any]:
    """Move as often as asked, and close the window; median, 95 % and worst in milliseconds."""
    drag.press()
    times = np.array([drag.move(step) for step in range(moves)])
    drag.release()
    window.close()
    return {
        name: [float(np.median(column)), float(np.percentile(column, 95)), float(column.max())]
        for name, column in zip(("numbers", "table"), times.T, strict=True)
    }


def many(count: int, rows: int, columns: int) -> list[RegionEntry]:
    """Regions of every common kind all over a frame."""
    random = np.random.default_rng(5)
    places = random.uniform((1, 1), (columns, rows), (count, 2))
    makers: tuple[Callable[[float, float], tuple[str, Any]], ...] = (
        lambda x, y: ("circle", Circle(x, y, 9.0)),
        lambda x, y: ("box", Box(x, y, 20.0, 12.0, 30.0)),
        lambda x, y: ("ellipse", Ellipse(x, y, 12.0, 6.0, 60.0)),
        lambda x, y: ("annulus", Annulus(x, y, 6.0, 12.0)),
    )
    made = (makers[i % 4](float(x), float(y)) for i, (x, y) in enumerate(places))
    return [RegionEntry(kind, shape) for kind, shape in made]


def pan(path: str, count: int, seconds: float) -> dict[str, Any]:
    """Push a picture with many regions about; pictures painted a second."""
    window = opened(path)
    rows, columns = window.bench.capture.source.shape
    window.bench.regions.list.add(many(count, rows, columns), "Draw")
    window.bench.regions.list.select(())
    window.rest(0.5)
    window.wait(lambda: not window.bench.light.is_counting)
    window.rest(1.0)
    surface = Repaints(window.view.viewport())
    stamps: list[float] = []
    hand = window.dragging_hand(MIDDLE)
    hand.press()
    end_s = time.perf_counter() + seconds
    while time.perf_counter() < end_s:
        before_s = surface.painted_s
        window.wait(lambda before_s=before_s: surface.painted_s > before_s)
        stamps.append(surface.painted_s)
    window.sync()
    elapsed_s = time.perf_counter() - (end_s - seconds)
    hand.release()
    window.close()
    steps_ms = 1e3 * np.diff(stamps)
    return {"per_s": len(stamps) / elapsed_s, "p99_ms": float(np.percentile(steps_ms, 99)),
            "median_ms": statistics.median(steps_ms.tolist())}  # fmt: skip


CASES: dict[str, Callable[..., dict[str, Any]]] = {
    one.__name__: one for one in (drag, drag_of_many, pan, open_file, undo, roi_drag, roi_pan)
}


if __name__ == "__main__":
    print(json.dumps(CASES[sys.argv[1]](**json.loads(sys.argv[2]))))
