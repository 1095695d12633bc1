"""The fold in the hands of an observer: while the camera writes, and at leisure afterwards."""

from __future__ import annotations

import threading
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.simulate.lightspeed import simulate_capture, simulate_live
from nightglass.core.simulate.settings import CaptureSettings
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.gui.fold.pars.par_offer import OFFERS
from PyQt6.QtCore import QEvent, QPointF, Qt
from PyQt6.QtTest import QTest

from .fold.made import drag, mouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nightglass.core.lightspeed.fold.result import FoldResult
    from nightglass.core.simulate.lightspeed import SimulationReport
    from nightglass.gui.fold.panel import FoldPanel
    from nightglass.gui.fold.raster_plot import RasterPlot

    from .desktop import Desktop

LEFT, SHIFT, CONTROL = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
FRAMES, PER_CUBE = 6000, 250
CRAB = CaptureSettings(
    object_name="crab", frames=FRAMES, shape=(64, 64), frames_per_cube=PER_CUBE,
    interval_s=0.0005, exposure_s=0.0005, star_rate=1e5, pulsed_fraction=0.6, stars=0,
    seeing_arcsec=0.3,
)  # fmt: skip
STAR = 31.5, 31.5
F0_HZ = 29.946


class Camera(threading.Thread):
    """The camera at 2,000 frames a second, which waits for a leave after some cubes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="camera")
        self._folder, self._stopped = folder, threading.Event()
        self._leave = threading.Semaphore(0)
        self.report: SimulationReport | None = None

    def run(self) -> None:
        self.report = simulate_live(
            CRAB, self._folder, stop=self._stopped, progress=lambda *_: self._leave.acquire()
        )

    def expose(self, cubes: int) -> None:
        """Let it go on for some cubes."""
        self._leave.release(cubes)

    def finish(self) -> SimulationReport:
        """Let it write all the rest."""
        self.expose(FRAMES)
        self.join()
        assert self.report is not None
        return self.report

    def stop(self) -> None:
        self._stopped.set()
        self.expose(FRAMES)
        self.join()


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A folder with par files and without captures."""
    text = (resources.files("nightglass.resources.data") / "crab_demo.par").read_text("utf-8")
    pars = tmp_path / "ephemerides"
    pars.mkdir()
    (pars / "crab.par").write_text(text, encoding="utf-8")
    far = text.replace("CRABDEMO", "FAR").replace("+22:00", "-22:00")
    (pars / "far.par").write_text(far, encoding="utf-8")
    return tmp_path


@pytest.fixture
def camera(night: Path) -> Iterator[Camera]:
    made = Camera(night / "tonight")
    yield made
    if made.is_alive():
        made.stop()


def panel_of(desktop: Desktop) -> FoldPanel:
    desktop.wait(lambda: desktop.running.fold.panel is not None)
    panel = desktop.running.fold.panel
    assert panel is not None
    return panel


def result_of(desktop: Desktop) -> FoldResult:
    result = desktop.bench.fold.result
    assert result is not None
    return result


def counted(desktop: Desktop) -> int:
    """Frames in the fold."""
    result = desktop.bench.fold.result
    return 0 if result is None or result.is_preview else result.frames_counted


def is_exact(desktop: Desktop) -> bool:
    """Whether PINT has seen every frame that was read, and the panel shows it."""
    result = desktop.bench.fold.result
    panel = panel_of(desktop)
    return desktop.bench.fold.is_up_to_date and panel._result is result


def draw_star_and_sky(desktop: Desktop) -> None:
    panel = panel_of(desktop)
    desktop.wait(panel.empty["no region"].isVisible)
    click(panel.empty["no region"].buttons["region.tool.circle"])
    desktop.drag(desktop.at(*STAR), desktop.at(37.5, 31.5), LEFT)
    desktop.act("region.sky-annulus")


def take_nearest_par(desktop: Desktop) -> None:
    """Fold on what is offered first."""
    offer = panel_of(desktop).offer
    button = offer.buttons[OFFERS[0]]
    desktop.wait(button.isVisible)
    assert button.text() == "Fold on CRABDEMO, 0″ from the telescope"
    assert not offer.buttons[OFFERS[1]].isVisible()
    click(button)


def click(button: object) -> None:
    QTest.mouseClick(button, LEFT)


def handle_of(raster: RasterPlot, name: str) -> QPointF:
    """Where a handle of the ridge line is, in the first turn."""
    phase, part = raster.hand.line.place(name)
    return raster.point_of(phase, part * raster._span_s)


def grab_handle(raster: RasterPlot, name: str, turns: float) -> QPointF:
    """Drag a handle along the phases and do not let go; gives where the pointer is."""
    start = handle_of(raster, name)
    end = start + raster.point_of(turns, 0.0) - raster.point_of(0.0, 0.0)
    drag(raster, start, end, release=False)
    return end


def let_go(raster: RasterPlot, point: QPointF) -> None:
    mouse(raster.viewport(), QEvent.Type.MouseButtonRelease, point)


@pytest.mark.usefixtures("quick_looks")
def test_the_pulse_grows_while_the_region_is_moved_and_f0_is_dragged(
    desktop: Desktop, camera: Camera
) -> None:
    desktop.bench.follow(camera._folder)
    camera.start()
    desktop.wait(lambda: desktop.capture is not None and desktop.capture.counted > 0)
    desktop.wait_for_picture()
    draw_star_and_sky(desktop)
    take_nearest_par(desktop)
    desktop.wait(lambda: counted(desktop) > 0 and is_exact(desktop))
    at_first = result_of(desktop)

    # The region is away and back while frames come in.
    surface, away = desktop.frame_view.viewport(), desktop.at(45.5, 40.5)
    camera.expose(4)
    QTest.mousePress(surface, LEFT, pos=desktop.at(*STAR))
    desktop._mouse(QEvent.Type.MouseMove, desktop.at(36.5, 34.5), LEFT)
    desktop._mouse(QEvent.Type.MouseMove, away, LEFT)
    desktop.wait(lambda: result_of(desktop).is_preview)
    QTest.mouseRelease(surface, LEFT, pos=away)
    desktop.wait(lambda: counted(desktop) > at_first.frames_counted and is_exact(desktop))
    off_star = result_of(desktop)
    # The sky has moved along and holds the star: there is no light of it left to be seen.
    assert off_star.folds[0].profile.mean_rate < 0.5 * at_first.folds[0].profile.mean_rate
    desktop.look_at_picture()
    desktop.wait(desktop.window.isActiveWindow)
    desktop.press(Qt.Key.Key_Z, CONTROL)
    desktop.wait(lambda: is_exact(desktop) and result_of(desktop) is not off_star)
    mean = at_first.folds[0].profile.mean_rate
    assert result_of(desktop).folds[0].profile.mean_rate == pytest.approx(mean, rel=0.1)

    # The frequency is dragged while frames come in: none is lost, and it is taken at the end.
    raster, before = panel_of(desktop).raster, counted(desktop)
    place = grab_handle(raster, "end", 0.5)
    desktop.wait(lambda: result_of(desktop).is_linear)
    dragged = result_of(desktop).folds[0].profile.chi_square().reduced
    camera.expose(4)
    desktop.wait(lambda: result_of(desktop).frames_counted > before)
    assert raster.hand.is_held
    let_go(raster, place)
    desktop.wait(lambda: is_exact(desktop))
    assert desktop.bench.fold.settings.f0_hz is not None
    assert desktop.bench.fold.f0_hz < F0_HZ
    assert panel_of(desktop).controls.f0.value == desktop.bench.fold.f0_hz
    click(panel_of(desktop).legend.buttons["fold.reset"])
    desktop.wait(lambda: desktop.bench.fold.f0_hz == F0_HZ)

    report = camera.finish()
    desktop.wait(lambda: counted(desktop) == report.frames == FRAMES)
    desktop.wait(lambda: is_exact(desktop))
    at_last = result_of(desktop)
    assert at_last.folds[0].profile.chi_square().reduced > dragged
    assert at_last.folds[0].moments.h_test().h > at_first.folds[0].moments.h_test().h
    assert at_last.frames_missing == 0
    numbers = panel_of(desktop).numbers
    assert numbers.text("frames") == f"{FRAMES:,}"
    assert desktop.window.strip.text("lost").endswith(" 0")
    assert desktop.problems == ()


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crab")
    simulate_capture(CRAB, folder)
    return folder


@pytest.fixture
def folding(start: Callable[..., Desktop], night: Path, capture: Path) -> Desktop:
    """The program with a capture folded on the demo pulsar."""
    desktop = start()
    desktop.open(capture)
    desktop.bench.fold.shelf.look_in(night / "ephemerides")
    draw_star_and_sky(desktop)
    take_nearest_par(desktop)
    desktop.wait(lambda: counted(desktop) == FRAMES and is_exact(desktop))
    return desktop


def test_ridge_and_ranges_follow_the_mouse(folding: Desktop) -> None:
    desk, panel = folding.bench.fold, panel_of(folding)
    raster, profile = panel.raster, panel.profile
    exact = result_of(folding).folds[0].profile

    # Escape takes a drag back, and nothing is edited.
    place = grab_handle(raster, "end", 0.3)
    folding.wait(lambda: result_of(folding).is_linear)
    folding.wait(lambda: panel.legend.badge.text() == "● linear")
    raster.setFocus()
    folding.wait(folding.window.isActiveWindow)
    folding.press(Qt.Key.Key_Escape)
    folding.wait(lambda: is_exact(folding))
    let_go(raster, place)
    assert (desk.settings.f0_hz, desk.settings.f1_hz_s) == (None, None)
    np.testing.assert_array_equal(result_of(folding).folds[0].profile.sums, exact.sums)

    # So does the reset after a drag of the end; the step is one over the time covered.
    place = grab_handle(raster, "end", -1.0)
    let_go(raster, place)
    folding.wait(lambda: desk.settings.f0_hz is not None and is_exact(folding))
    step_hz = 1.0 / result_of(folding).span_s
    assert desk.f0_hz - F0_HZ == pytest.approx(step_hz, rel=0.1)
    assert desk.settings.f1_hz_s is None
    folding.act("fold.reset")
    folding.wait(lambda: is_exact(folding) and result_of(folding).settings == desk.settings)
    np.testing.assert_array_equal(result_of(folding).folds[0].profile.sums, exact.sums)

    # Ranges: one on the pulse, one that wraps.
    middle = sum(profile.box.viewRange()[1]) / 2
    for modifier, ends in ((SHIFT, (0.2, 0.4)), (CONTROL, (0.85, 1.1))):
        drag(profile, *(profile.point_of(phase, middle) for phase in ends), modifier)
    folding.wait(lambda: desk.settings.off is not None and is_exact(folding))
    on, off = desk.settings.on, desk.settings.off
    assert isinstance(on, PhaseRange)
    assert isinstance(off, PhaseRange)
    assert (on.start, on.stop) == pytest.approx((0.2, 0.4), abs=0.01)
    assert (off.start, off.stop) == pytest.approx((0.85, 0.1), abs=0.01)
    snr = exact.signal_to_noise(on, off).value
    folding.wait(lambda: panel.numbers.text("snr") == f"{snr:,.1f}")
    assert panel.controls.off.text() == off.text
    assert folding.problems == ()
