"""The page of frames on the program's own frame view, with frames of a small night."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nightglass.core.mascara.field.frames import CameraFrames
from nightglass.gui.controllers.frames import FrameController
from nightglass.gui.controllers.night import frame_thumbs
from nightglass.gui.controllers.night import frames as frames_module
from nightglass.gui.controllers.night.frames import FramesController
from nightglass.gui.drawing.hands import RegionHands
from nightglass.gui.frame.cuts import HistogramPanel
from nightglass.gui.frame.readout import ReadoutPanel
from nightglass.gui.frame.tiles import FrameArea
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QPointF, Qt, pyqtSignal
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget

from ...core.mascara.field.made_field import SLOT, named, record_of, write_frame
from .frames_made import made_thumbnails, night_with_frames

SLOTS = (SLOT - 1, SLOT, SLOT + 1)


class Stage(QWidget):
    """A window with the program's frame view, and the hands of an observer."""

    workspaceChanged = pyqtSignal(str)

    def __init__(self, bench, qtbot):
        super().__init__()
        self.bench, self._bot = bench, qtbot
        self.area = FrameArea(self)
        self.area.set_roles(THEMES["dark"])
        self.readout, self.cuts = ReadoutPanel(self), HistogramPanel(self)
        self.readout.hide()
        self.cuts.hide()
        self.frames = FrameController(bench, self.area, self.readout, self.cuts, self)
        self.hands = RegionHands(self.area, bench.regions.list, self)

    @property
    def view(self):
        return self.bench.session.view

    def wait(self, condition):
        def is_met():
            self.bench.transport.tick()
            return bool(condition())

        self._bot.waitUntil(is_met, timeout=10_000)

    def click(self, x, y):
        view = self.area.views[0]
        at = view.widget_at(x, y).toPoint()
        QTest.mouseMove(view.viewport(), at)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def close_all(self):
        self.hands.close()
        self.bench.pictures.ready.disconnect(missing_ok=True)
        self.bench.session.changed.disconnect(missing_ok=True)


@pytest.fixture
def snapshot(tmp_path):
    return night_with_frames(tmp_path, SLOTS)


@pytest.fixture
def stage(bench, qtbot):
    made = Stage(bench, qtbot)
    qtbot.addWidget(made)
    yield made
    made.close_all()


@pytest.fixture
def frames(stage, bench, on_screen, monkeypatch):
    """The controller with its page, which holds the frame view."""
    monkeypatch.setattr(frames_module, "LOOK_MS", 10)
    controller = FramesController(bench, stage)
    on_screen(controller.make(), 1100, 600)
    controller.take_area(stage.area)
    yield controller
    controller.stop()
    stage.area.setParent(stage)


@pytest.fixture
def shown(frames, stage, snapshot):
    """The same with the newest frame of the night on the screen."""
    stage.bench.night.output = snapshot.output
    frames.show_snapshot(snapshot)
    wait_for(frames, stage, SLOTS[-1])
    return frames


def slot_of(frames, stage):
    """Slot of the frame on the screen."""
    source, view = frames.shelf.source_of(stage.view.capture), stage.view
    result = stage.bench.pictures.shown.get("main")
    if source is None or result is None:
        return None
    is_there = (result.capture, result.frame) == (view.capture, view.frame)
    return source.file(result.frame).lstseq if is_there else None


def wait_for(frames, stage, lstseq):
    """Until the frame of a slot is on the screen with its overlay."""

    def is_there():
        overlay = frames.overlay.layer.overlay
        is_shown = slot_of(frames, stage) == lstseq
        return is_shown and overlay is not None and overlay.lstseq == lstseq

    stage.wait(is_there)


def test_the_newest_frame_comes_up_with_its_stars(shown, stage):
    row = shown.page.row
    assert row.newest.isChecked()
    assert row.slot_field.value() == SLOTS[-1]
    assert row.place.text() == f"no. {SLOTS[-1] % 50}"
    assert row.utc.text().startswith("2015-02-19 00:34:2")
    assert len(shown.overlay.layer.overlay) > 30
    assert stage.bench.problems.entries() == ()


def test_a_frame_that_comes_is_shown_at_once(shown, stage, tmp_path, snapshot):
    write_frame(tmp_path / "raw" / named(SLOT + 2), SLOT + 2)
    shown.show_snapshot(replace(snapshot, revision=snapshot.revision + 1))
    wait_for(shown, stage, SLOT + 2)


def test_a_late_frame_does_not_move_the_one_looked_at(shown, stage, tmp_path, snapshot):
    shown._go_to(SLOT)
    wait_for(shown, stage, SLOT)
    write_frame(tmp_path / "raw" / named(SLOT - 5), SLOT - 5)
    shown.show_snapshot(replace(snapshot, revision=snapshot.revision + 1))
    stage.wait(lambda: stage.bench.capture.source.n_frames == 4)
    wait_for(shown, stage, SLOT)
    assert stage.view.frame == 2


def test_a_slot_typed_and_the_arrows_change_the_frame(shown, stage):
    field = shown.page.row.slot_field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, str(SLOTS[0]))
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_for(shown, stage, SLOTS[0])
    assert not shown.page.row.newest.isChecked()
    QTest.mouseClick(shown.page.row.forth, Qt.MouseButton.LeftButton)
    wait_for(shown, stage, SLOTS[1])
    QTest.mouseClick(shown.page.row.newest, Qt.MouseButton.LeftButton)
    wait_for(shown, stage, SLOTS[2])


def test_other_pages_choose_a_frame(shown, stage):
    stage.bench.night.choose_frame("LPC", SLOTS[0])
    wait_for(shown, stage, SLOTS[0])
    stage.bench.night.choose_frame("LPC", 0)
    wait_for(shown, stage, SLOTS[-1])
    assert shown.page.row.newest.isChecked()


def test_a_batch_without_a_binned_image_says_so(shown, stage):
    stage.bench.night.choose_binned(record_of()["unit"])
    stage.wait(shown.page.empty.isVisible)
    assert "first binned image of LPC" in shown.page.empty.text
    assert shown.page.row.kind_combo.currentText() == "Binned images"


def test_a_click_on_a_star_chooses_it(shown, stage):
    chosen = []
    stage.bench.night.star_chosen.connect(chosen.append)
    overlay = shown.overlay.layer.overlay
    star = next(k for k in range(len(overlay)) if 60 < overlay.x[k] < 240 and overlay.y[k] > 60)
    stage.click(overlay.x[star], overlay.y[star])
    assert chosen == [overlay.ascc[star]]


def test_a_click_that_draws_a_region_chooses_no_star(shown, stage):
    chosen = []
    stage.bench.night.star_chosen.connect(chosen.append)
    stage.hands.set_tool("circle")
    overlay = shown.overlay.layer.overlay
    stage.click(overlay.x[3], overlay.y[3])
    assert chosen == []
    assert len(stage.bench.regions.list.entries) == 1


def test_residuals_are_measured_when_they_are_wanted(shown, stage):
    assert shown.overlay.layer._residuals is None
    QTest.mouseClick(shown.page.overlay_row.toggles["has_residuals"], Qt.MouseButton.LeftButton)
    stage.wait(lambda: shown.overlay.layer._residuals is not None)
    assert shown.overlay.layer._residuals.rms_px < 1.5
    shown._go_to(SLOT)
    stage.wait(
        lambda: (found := shown.overlay.layer._residuals) is not None and found.lstseq == SLOT
    )
    assert shown.overlay.layer._residuals.rms_px < 0.1


def test_a_frame_is_marked_by_its_name(shown, stage, monkeypatch):
    marked = []
    monkeypatch.setattr(
        stage.bench.night, "mark", lambda file, *, is_bad: marked.append((file, is_bad))
    )
    shown.page.row.mark.click()
    shown.page.row.mark.menu().actions()[0].trigger()
    assert marked == [(named(SLOTS[-1]), True), (named(SLOTS[-1]), False)]


def test_thumbnails_come_with_the_names_of_their_stars(shown, stage, snapshot, monkeypatch):
    made = made_thumbnails(100_002, 100_003)
    monkeypatch.setattr(frame_thumbs, "thumbnails_of", lambda *_: made)
    last = {"LPC": record_of(batch=SLOT // 50 + 1)}
    shown.show_snapshot(replace(snapshot, last=last, revision=snapshot.revision + 1))
    stage.wait(lambda: shown.page.thumbs.count() == 2)
    assert [shown.page.thumbs.item(k).text() for k in (0, 1)] == ["HD 7000", "100003"]


def test_without_frames_the_page_says_what_it_waits_for(frames, stage, snapshot, tmp_path):
    (tmp_path / "empty").mkdir()
    request = {**snapshot.request, "raw": [str(tmp_path / "empty")]}
    stage.bench.night.output = snapshot.output
    frames.show_snapshot(replace(snapshot, request=request))
    stage.wait(lambda: "no whole frame of LPC" in frames.page.empty.text)
    assert frames.page.empty.isVisible()


def test_a_raw_folder_that_is_gone_is_told(frames, stage, snapshot, tmp_path):
    request = {**snapshot.request, "raw": [str(tmp_path / "gone")]}
    stage.bench.night.output = snapshot.output
    frames.show_snapshot(replace(snapshot, request=request))
    stage.wait(lambda: "gone" in frames.page.empty.text)
    assert stage.bench.problems.entries() == ()


def test_another_night_takes_the_frames_off_the_desk(shown, stage, tmp_path):
    stage.bench.night.leave()
    assert len(stage.bench.desk) == 0
    assert shown.page.empty.isVisible()
    assert not shown.overlay.layer.isVisible()


@pytest.fixture
def other_capture(tmp_path, bench):
    """A capture that is shown before the page is."""
    write_frame(tmp_path / "other" / named(SLOT, "LPE"), SLOT, "LPE")
    source = CameraFrames([tmp_path / "other"], "LPE")
    source.refresh()
    return bench.desk.put(source).key


def test_the_capture_of_before_comes_back_at_lightspeed(other_capture, frames, stage, snapshot):
    stage.bench.night.output = snapshot.output
    frames.show_snapshot(snapshot)
    wait_for(frames, stage, SLOTS[-1])
    assert stage.view.capture != other_capture
    stage.workspaceChanged.emit("lightspeed")
    assert stage.view.capture == other_capture
    assert not frames.overlay.layer.isVisible()


def test_a_capture_opened_by_hand_is_left_on_the_screen(shown, stage, other_capture, snapshot):
    stage.bench.show(other_capture)
    shown.show_snapshot(replace(snapshot, revision=snapshot.revision + 1))
    stage.wait(lambda: not shown.overlay.layer.isVisible())
    assert stage.view.capture == other_capture
    assert not shown.page.empty.isVisible()
    assert not shown.page.row.slot_field.isEnabled()
    stage.bench.night.choose_frame("LPC", SLOTS[0])
    wait_for(shown, stage, SLOTS[0])


def test_a_star_under_the_pointer_is_marked(shown, stage):
    overlay, view = shown.overlay.layer.overlay, stage.area.views[0]
    before = view.grab().toImage()
    view.hover(QPointF(view.widget_at(overlay.x[5], overlay.y[5])))
    assert view.grab().toImage() != before
    view.cursorMoved.emit(None, None)
    assert shown.overlay.layer.star_at(overlay.x[5], overlay.y[5]) == 5
