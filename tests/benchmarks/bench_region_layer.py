"""1,000 regions over a frame: panned, refreshed, zoomed and dragged, beside 1,000 pg.ROI.

Run as ``python tests/benchmarks/bench_region_layer.py``; it prints figure, bar, measured,
reference, verdict, and ends with 1 when a bar is not met. Every figure is the time from the change
to the end of a real paint of a view of 1000 x 700 off screen, picture included.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from nightglass.core.picture.render import Picture
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.geometry.placement import moved
from nightglass.core.regions.shapes import Annulus, Box, Circle, Ellipse, Shape
from nightglass.core.session.regions import RegionList
from nightglass.gui.drawing.hand import RegionHand
from nightglass.gui.frame.view import FrameView
from nightglass.gui.theme import THEMES
from PyQt6.QtWidgets import QApplication, QWidget
from window_support import HEADLINE, Row, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COUNT = 1000
SIZE = (1000, 700)
REPEATS = 120
LOADS = 5
BAR_MS = 1000.0 / 60.0


def shapes() -> list[Shape]:
    """Circles, ellipses, boxes and rings all over the frame."""
    places = np.random.default_rng(1).uniform((20, 20), (SIZE[0] - 20, SIZE[1] - 20), (COUNT, 2))
    makers = (
        lambda x, y: Circle(x, y, 8.0),
        lambda x, y: Ellipse(x, y, 10.0, 6.0, 30.0),
        lambda x, y: Box(x, y, 14.0, 10.0, 20.0),
        lambda x, y: Annulus(x, y, 5.0, 10.0),
    )
    return [makers[number % 4](x, y) for number, (x, y) in enumerate(places.tolist())]


def picture(level: int) -> Picture:
    """One frame of a live capture."""
    codes = np.full((SIZE[1], SIZE[0]), 1000 + level, np.uint16)
    covered = (0.0, 0.0, float(SIZE[0]), float(SIZE[1]))
    return Picture(codes, covered, scaled=False, low=0.0, high=1.0, sample=np.zeros(0))


class Ours:
    """A frame view with its hand on 1,000 regions."""

    def __init__(self, *, named: bool) -> None:
        self.view, self.regions = FrameView(), RegionList()
        self.view.set_roles(THEMES["dark"])
        self.view.resize(*SIZE)
        self.view.show()
        self.view.set_frame_shape((SIZE[1], SIZE[0]))
        self.view.set_picture(picture(0))
        self.hand = RegionHand(self.view, self.regions, self.view)
        self.entries = [
            RegionEntry("circle", shape, properties={"text": f"star {number}"} if named else {})
            for number, shape in enumerate(shapes())
        ]
        self.idents: tuple[int, ...] = ()

    def load(self) -> None:
        """Show all of them."""
        self.idents = self.regions.replace_all(self.entries, None, "Open")

    def is_whole(self) -> bool:
        """Whether all of them are painted."""
        return self.hand.layer.is_whole

    def pan(self, step: int) -> None:
        """Push the picture by some pixels, around in a circle of 600."""
        turn = step * 2 * np.pi / REPEATS
        self.view.centre_on(500 + 300 * np.cos(turn), 350 + 300 * np.sin(turn))

    def refresh(self, step: int) -> None:
        """A live frame arrives."""
        self.view.set_picture(picture(step))

    def zoom(self, step: int) -> None:
        """One notch of the wheel, to and fro."""
        self.view.set_zoom(2.0 ** ((step % 8) / 4))

    def drag(self, step: int) -> None:
        """One region follows the pointer."""
        entry, ident = self.regions.entries[self.idents[0]], self.idents[0]
        assert entry.shape is not None
        shape = moved(entry.shape, (-1.0) ** step * 3.0, 0.0)
        self.regions.edit("Move", {ident: replace(entry, shape=shape)}, merge="bench")

    def close(self) -> None:
        """Put it away."""
        self.hand.close()
        self.view.close()


def roi(shape: Shape) -> pg.ROI:
    """The nearest that pyqtgraph has; a ring is two circles there."""
    left, bottom, right, top = shape.bounds()
    kind = pg.RectROI if isinstance(shape, Box) else pg.EllipseROI
    return kind((left, bottom), (right - left, top - bottom), pen="g")


def theirs() -> tuple[float, float, float]:
    """Load, pan and refresh with 1,000 pg.ROI: milliseconds."""
    widget = pg.GraphicsLayoutWidget()
    widget.resize(*SIZE)
    widget.show()
    box = widget.addViewBox(lockAspect=True)
    image = pg.ImageItem(np.zeros((SIZE[0], SIZE[1]), np.uint16))
    box.addItem(image)

    def add(_: int) -> None:
        for shape in shapes():
            box.addItem(roi(shape))

    load_ms = times(widget, add, 1)[0]
    pan = times(widget, lambda step: box.setRange(xRange=(step, 900 + step), padding=0), 10)
    frames = [np.full((SIZE[0], SIZE[1]), level, np.uint16) for level in range(10)]
    live = times(widget, lambda step: image.setImage(frames[step], autoLevels=False), 10)
    widget.close()
    return load_ms, statistics.median(pan), statistics.median(live)


def times(
    widget: QWidget,
    change: Callable[[int], object],
    repeats: int = REPEATS,
    is_whole: Callable[[], bool] = lambda: True,
) -> list[float]:
    """Milliseconds from each change to the end of the paint that shows all of it."""
    viewport = widget.viewport()
    found = []
    for step in range(repeats):
        QApplication.processEvents()
        started = time.perf_counter()
        change(step)
        viewport.repaint()
        while not is_whole():
            viewport.repaint()
        found.append(1e3 * (time.perf_counter() - started))
    return found


def row(figure: str, found: list[float], reference: str, bar_ms: float | None = BAR_MS) -> Row:
    """A line of the table; the middle one must be within the bar."""
    middle = statistics.median(found)
    measured = f"{middle:.1f} ms (worst {max(found):.1f})"
    if bar_ms is None:
        return Row(figure, "", measured, reference, None)
    return Row(figure, f"<= {bar_ms:.1f} ms", measured, reference, middle <= bar_ms)


def rows() -> Iterator[Row]:
    """All figures."""
    load_ms, pan_ms, live_ms = theirs()
    for named in (False, True):
        ours, words = Ours(named=named), ", all with words" if named else ""
        loaded = times(ours.view, lambda _, ours=ours: ours.load(), LOADS, ours.is_whole)
        yield row(f"1,000 regions shown{words}", loaded, f"pg.ROI {load_ms:.0f} ms", None)
        for name, change, reference, bar_ms in (
            ("panned", ours.pan, f"pg.ROI {pan_ms:.1f} ms", BAR_MS),
            ("under a live frame", ours.refresh, f"pg.ROI {live_ms:.1f} ms", BAR_MS),
            ("zoomed by a notch", ours.zoom, "", None),
        ):
            found = times(ours.view, change, is_whole=ours.is_whole)
            yield row(f"1,000 regions {name}{words}", found, reference, bar_ms)
        ours.view.set_zoom(1.0)
        ours.regions.select(ours.idents[:1])
        yield row(
            f"one of 1,000 regions dragged{words}",
            times(ours.view, ours.drag, is_whole=ours.is_whole),
            "",
        )
        ours.close()


def main() -> int:
    """Print the table; 1 when a bar is not met."""
    application = QApplication([])
    print(f"{load()}\n{HEADLINE}")
    failed = False
    for one in rows():
        print(one.text(), flush=True)
        failed |= one.is_met is False
    del application
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
