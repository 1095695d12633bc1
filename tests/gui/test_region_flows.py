"""A night with regions: drawn, dragged, taken back, lost with the power, found again, sent on."""

from __future__ import annotations

import math
import os
import re
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.exchange.xpa import Ds9
from nightglass.core.regions.shapes import Annulus, Circle
from nightglass.core.regions.text.reader import parse_regions
from nightglass.core.session import autosave
from nightglass.core.session.document import read_session
from nightglass.core.session.records import region_entry
from PyQt6.QtCore import QEvent, QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QFileDialog

from ..core.running_ds9 import running_ds9

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from nightglass.core.regions.entries import RegionEntry
    from nightglass.gui.timeline import Timeline

    from .desktop import Desktop

LEFT, SHIFT, CONTROL = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
STAR = 31.5, 31.5
FRAMES = 300
# DS9 numbers its regions through all frames and never uses a number again.
SUMS = """
set out [open {%(out)s} w]
set found 0
for {set id 1} {$found < %(count)d && $id < 100000} {incr id} {
    set statistics [$current(frame) get marker $id analysis stats image fk5]
    if {$statistics ne ""} {
        incr found
        puts $out "MARKER\\n$statistics"
    }
}
close $out
"""


def drag(desktop: Desktop, start: tuple[float, float], end: tuple[float, float]) -> None:
    desktop.drag(desktop.at(*start), desktop.at(*end), LEFT)


def regions_of(desktop: Desktop) -> Mapping[int, RegionEntry]:
    return desktop.bench.regions.list.entries


def draw_star_and_sky(desktop: Desktop) -> None:
    """The source by key, the sky by menu; it is made sky by key."""
    desktop.look_at_picture()
    desktop.press(Qt.Key.Key_C, SHIFT)
    drag(desktop, STAR, (36.5, 31.5))
    desktop.act("region.tool.annulus")
    drag(desktop, STAR, (46.5, 31.5))
    desktop.look_at_picture()
    desktop.press("y")


def curve(desktop: Desktop) -> np.ndarray | None:
    """The light curve of the source, once every frame is counted."""
    lines = desktop.window.timeline.lines
    is_whole = len(lines) == 1 and len(lines[0].values) == FRAMES
    return lines[0].values.copy() if is_whole else None


def whole_curve(desktop: Desktop) -> np.ndarray:
    desktop.wait(lambda: curve(desktop) is not None and desktop.is_idle())
    values = curve(desktop)
    assert values is not None
    return values


def is_as_before(desktop: Desktop, before: np.ndarray) -> bool:
    """Whether the light curve is this one again."""
    values = curve(desktop)
    return values is not None and np.allclose(values, before)


def is_previewed_below(timeline: Timeline, level: float) -> bool:
    """Whether dots of some frames stand for the curve, and lie below a level on the average."""
    dots = timeline.lines[0].dots[1] if timeline.lines else np.empty(0)
    return bool(len(dots)) and float(np.nanmean(dots)) < level


def hold(desktop: Desktop, start: tuple[float, float], *places: tuple[float, float]) -> QPoint:
    """Press and move, and do not let go; gives where the pointer is."""
    surface = desktop.frame_view.viewport()
    QTest.mousePress(surface, LEFT, pos=desktop.at(*start))
    for place in places:
        desktop._mouse(QEvent.Type.MouseMove, desktop.at(*place), LEFT)
    return desktop.at(*places[-1])


def save_as(desktop: Desktop, path: Path) -> None:
    """Save the regions for the first time: a name is asked for."""
    desktop.act("region.save")
    desktop.wait(lambda: desktop.window.findChildren(QFileDialog))
    dialog = desktop.window.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    desktop.wait(path.exists)
    desktop.wait(desktop.is_idle)


def power_fails(desktop: Desktop, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left but what the disk holds at this moment."""
    drawn = [entry.shape for entry in regions_of(desktop).values()]

    def is_saved() -> bool:
        documents = map(read_session, saved())
        return any([region_entry(r).shape for r in one.regions] == drawn for one in documents)

    def saved() -> list[Path]:
        return list(autosave.sessions_dir().glob("auto-*.json"))

    desktop.wait(desktop.is_idle)
    desktop.wait(is_saved)
    left = saved()
    monkeypatch.setenv("NIGHTGLASS_HOME", str(home))
    for path in left:
        shutil.copy(path, autosave.sessions_dir())


def test_a_star_is_drawn_followed_lost_and_found_again(
    crab: Desktop,
    start: Callable[..., Desktop],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crab.bench.transport.go_to(40)
    crab.wait_for_picture()
    draw_star_and_sky(crab)
    source, sky = regions_of(crab).values()
    assert isinstance(source.shape, Circle)
    assert isinstance(sky.shape, Annulus)
    assert (source.background, sky.background) == (False, True)
    before = whole_curve(crab)
    frame_flux = crab.bench.numbers.statistics[min(regions_of(crab))].flux_e
    assert frame_flux == pytest.approx(before[crab.view.frame], rel=1e-6)

    # The curve moves while the mouse is down, and is counted anew when it is let go.
    place = hold(crab, STAR, (33.5, 33.5), (37.5, 36.5))
    timeline = crab.window.timeline
    crab.wait(lambda: is_previewed_below(timeline, 0.7 * before.mean()))
    QTest.mouseRelease(crab.frame_view.viewport(), LEFT, pos=place)
    assert whole_curve(crab).mean() < 0.7 * before.mean()
    crab.press(Qt.Key.Key_Z, CONTROL)
    crab.wait(lambda: is_as_before(crab, before))

    # Ten drags are ten steps back and ten forth.
    entries = dict(regions_of(crab))
    x, y = STAR
    for step in range(10):
        drag(crab, (x, y), (x + 2.0, y + (-1.0) ** step))
        x, y = x + 2.0, y + (-1.0) ** step
    moved = dict(regions_of(crab))
    assert moved != entries
    for _ in range(10):
        crab.press(Qt.Key.Key_Z, CONTROL)
    assert dict(regions_of(crab)) == entries
    for _ in range(10):
        crab.press(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert dict(regions_of(crab)) == moved
    for _ in range(10):
        crab.press(Qt.Key.Key_Z, CONTROL)

    assert crab.problems == ()
    power_fails(crab, tmp_path / "after", monkeypatch)
    crab.window.close()

    again = start()
    again.wait(lambda: again.window.toasts.toasts)
    (toast,) = again.window.toasts.toasts
    assert "2 regions" in toast.problem.text
    QTest.mouseClick(toast.buttons["restore"], LEFT)
    again.wait(lambda: again.capture is not None and again.capture.counted == FRAMES)
    again.wait_for_picture()
    assert list(regions_of(again).values()) == list(entries.values())
    assert again.view.frame == 40
    again.wait(lambda: is_as_before(again, before))

    save_as(again, tmp_path / "star.reg")
    assert again.bench.regions.list.is_saved
    read = parse_regions((tmp_path / "star.reg").read_text()).entries
    assert [entry.background for entry in read] == [False, True]
    for written, entry in zip(read, entries.values(), strict=True):
        assert written.shape.bounds() == pytest.approx(entry.shape.bounds(), abs=1e-4)
    assert again.problems == ()


@pytest.fixture
def ds9(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ds9]:
    """A real DS9."""
    title = f"flow{os.getpid()}"
    with running_ds9(title, tmp_path) as environment:
        for name in ("XPA_METHOD", "XPA_TMPDIR"):
            monkeypatch.setenv(name, environment[name])
        yield Ds9(title, timeout_s=30.0)


def sums_in(ds9: Ds9, count: int, folder: Path) -> list[tuple[float, float]]:
    """Sum and pixels of the regions that DS9 shows."""
    script, out = folder / "sums.tcl", folder / "sums.txt"
    script.write_text(SUMS % {"out": out, "count": count})
    ds9.set("source", str(script))
    rows = re.findall(r"reg\tsum\t.*\n-.*\n1\t(\S+)\t", out.read_text())
    pixels = re.findall(r"reg\tsum\tnpix.*\n-.*\n1\t\S+\t(\S+)", out.read_text())
    return list(zip(map(float, rows), map(float, pixels), strict=True))


@pytest.mark.ds9
def test_ds9_shows_the_same_regions_with_the_same_sums(
    crab: Desktop, night: Path, ds9: Ds9, tmp_path: Path
) -> None:
    draw_star_and_sky(crab)
    crab.act("region.tool.box")
    drag(crab, (6.2, 8.3), (14.9, 12.6))
    crab.wait(crab.is_idle)
    save_as(crab, tmp_path / "mine.reg")
    ours = parse_regions(crab.bench.regions.text()).entries
    numbers = list(crab.bench.numbers.statistics.values())

    assert crab.view.frame == 0
    ds9.set("fits", str(min((night / "crab").glob("*cube001.fits"))))
    ds9.set("regions", "load", str(tmp_path / "mine.reg"))
    theirs = parse_regions(ds9.regions()).entries
    assert [entry.kind for entry in theirs] == [entry.kind for entry in ours]
    assert [entry.background for entry in theirs] == [entry.background for entry in ours]
    for their, our in zip(theirs, ours, strict=True):
        assert their.shape.bounds() == pytest.approx(our.shape.bounds(), abs=1e-4)
    for (their_sum, their_pixels), our in zip(
        sums_in(ds9, len(ours), tmp_path), numbers, strict=True
    ):
        assert their_pixels == our.npix
        assert their_sum == our.sum.adu


def test_a_ruler_tells_arcseconds_by_the_plate_scale_of_the_settings(crab: Desktop) -> None:
    crab.act("region.tool.ruler")
    drag(crab, (10.0, 20.0), (50.0, 20.0))
    (ident,) = regions_of(crab)
    layer = crab.running.hands.active.layer
    shape = regions_of(crab)[ident].shape
    length_px = math.hypot(shape.x1 - shape.x0, shape.y1 - shape.y0)
    for scale in (crab.bench.settings.plate_scale_arcsec, 0.25):
        crab.bench.use_settings(crab.bench.settings.changed(plate_scale_arcsec=scale))
        assert layer._drawn[ident].words == f"{length_px:.2f} px, {length_px * scale:.2f}″"


def test_a_second_capture_shows_the_same_regions(crab: Desktop, night: Path) -> None:
    crab.open(night / "vela")
    crab.act("view.tile")
    crab.wait(lambda: crab.running.hands.hand_in(1) is not None)
    draw_star_and_sky(crab)
    layers = [crab.running.hands.hand_in(number).layer for number in (0, 1)]
    for layer in layers:
        assert layer._drawn.keys() == regions_of(crab).keys()
