"""The profile: two turns of it, and ranges made, moved, stretched and removed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.gui.fold.plot import UnitAxis, broken
from nightglass.gui.fold.profile_plot import ProfileCurve
from nightglass.gui.fold.steps_item import fold_cue
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QEvent, QPointF, Qt
from PyQt6.QtGui import QContextMenuEvent
from PyQt6.QtWidgets import QApplication

from .made import drag, made_fold, mouse

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NEAR = 0.006


def at(plot, phase):
    low, high = plot.box.viewRange()[1]
    return plot.point_of(phase, 0.5 * (low + high))


def ends(phases):
    return phases.start, phases.stop


def colours(plot, x):
    """Colours in a column of the box."""
    image, frame = plot.grab().toImage(), plot.frame()
    rows = range(round(frame.top()) + 4, round(frame.bottom()) - 24)
    return {image.pixelColor(round(x), row).name() for row in rows}


def test_profile_is_drawn_twice_with_its_errors(profile):
    values = made_fold().profile.rate
    assert profile.steps[0].values == pytest.approx(np.tile(values, 2))
    assert profile.box.viewRange()[0] == [0.0, 2.0]
    low, high = profile.box.viewRange()[1]
    assert low < values.min() < values.max() < high
    assert [item.isVisible() for item in profile.steps] == [True, False, False, False]


def test_unit_stands_at_the_axes(profile):
    assert profile.axes["left"].labelText == "Light (e⁻/s)"
    assert profile.axes["bottom"].labelText == "Phase (turns)"


def test_long_numbers_are_written_in_thousands_of_thousands(profile):
    axis = UnitAxis(profile.axes["left"])
    axis.show("Light", "e⁻/s", 4.2e7)
    assert profile.axes["left"].labelText == "Light (10⁶ e⁻/s)"
    assert profile.axes["left"].scale == pytest.approx(1e-6)


@pytest.mark.parametrize("roles", THEMES.values(), ids=THEMES)
def test_four_profiles_are_told_apart_by_dash_alone(roles):
    cues = [fold_cue(roles, place) for place in range(4)]
    assert len({cue.dash for cue in cues}) == 4


def test_profile_keeps_its_axis_while_it_fills_it(profile):
    before = profile.box.viewRange()[1]
    fold = made_fold(2).profile
    profile.show_curves([ProfileCurve("x", 0.99 * fold.rate, fold.error)], "Light", "e⁻/s")
    assert profile.box.viewRange()[1] == before
    profile.show_curves([ProfileCurve("x", 3 * fold.rate, fold.error)], "Light", "e⁻/s")
    assert profile.box.viewRange()[1] != before


def test_bins_without_exposure_leave_a_hole(profile):
    values = np.array([1.0, np.nan, 3.0, 2.0])
    profile.show_curves([ProfileCurve("x", values, np.full(4, 0.1))], "Light", "e⁻/s")
    assert not profile.grab().isNull()
    low, high = profile.box.viewRange()[1]
    assert low < 0.9
    assert high > 3.1


def test_shift_and_drag_make_an_on_range(profile, told):
    dragged, released = told(profile.rangeDragged), told(profile.rangeReleased)
    drag(profile, at(profile, 0.4), at(profile, 0.7), SHIFT)
    assert [which for which, _ in dragged] == ["on"]
    ((which, phases),) = released
    assert which == "on"
    assert ends(phases) == pytest.approx((0.4, 0.7), abs=NEAR)


def test_ctrl_and_drag_through_the_end_of_the_turn_make_an_off_range(profile, told):
    released = told(profile.rangeReleased)
    drag(profile, at(profile, 0.9), at(profile, 1.2), CTRL)
    ((which, phases),) = released
    assert which == "off"
    assert ends(phases) == pytest.approx((0.9, 0.2), abs=NEAR)


def test_click_with_shift_makes_nothing(profile, told):
    released, removed = told(profile.rangeReleased), told(profile.rangeRemoved)
    drag(profile, at(profile, 0.4), at(profile, 0.4), SHIFT)
    assert released == removed == []
    assert profile.hand.ranges["on"] is None


def test_body_moves_in_the_second_turn_as_in_the_first(profile, told):
    profile.set_ranges(PhaseRange(0.2, 0.4), None)
    released = told(profile.rangeReleased)
    drag(profile, at(profile, 1.3), at(profile, 1.95))
    ((which, phases),) = released
    assert which == "on"
    assert ends(phases) == pytest.approx((0.85, 0.05), abs=NEAR)


def test_edge_stretches_a_range_through_the_end_of_the_turn(profile, told):
    profile.set_ranges(None, PhaseRange(0.7, 0.9))
    released = told(profile.rangeReleased)
    drag(profile, at(profile, 0.9), at(profile, 1.1))
    ((which, phases),) = released
    assert which == "off"
    assert ends(phases) == pytest.approx((0.7, 0.1), abs=NEAR)


def test_escape_takes_a_drag_back(profile, told, qtbot):
    profile.set_ranges(PhaseRange(0.2, 0.4), None)
    released = told(profile.rangeReleased)
    drag(profile, at(profile, 0.3), at(profile, 0.6), release=False)
    qtbot.keyClick(profile, Qt.Key.Key_Escape)
    assert [ends(phases) for _, phases in released] == [(0.2, 0.4)]
    assert ends(profile.hand.ranges["on"]) == (0.2, 0.4)
    mouse(profile.viewport(), QEvent.Type.MouseButtonRelease, at(profile, 0.6))
    assert len(released) == 1


def test_escape_takes_a_new_range_back(profile, told, qtbot):
    removed = told(profile.rangeRemoved)
    drag(profile, at(profile, 0.3), at(profile, 0.6), SHIFT, release=False)
    qtbot.keyClick(profile, Qt.Key.Key_Escape)
    assert removed == [("on",)]
    assert profile.hand.ranges["on"] is None


def test_range_under_the_hand_is_not_moved_by_what_arrives(profile):
    profile.set_ranges(PhaseRange(0.2, 0.4), None)
    drag(profile, at(profile, 0.3), at(profile, 0.6), release=False)
    profile.set_ranges(PhaseRange(0.2, 0.4), PhaseRange(0.8, 0.9))
    assert ends(profile.hand.ranges["on"]) == pytest.approx((0.5, 0.7), abs=NEAR)
    assert ends(profile.hand.ranges["off"]) == (0.8, 0.9)
    mouse(profile.viewport(), QEvent.Type.MouseButtonRelease, at(profile, 0.6))


def test_clicked_range_is_removed_with_delete(profile, told, qtbot):
    profile.set_ranges(PhaseRange(0.2, 0.4), PhaseRange(0.6, 0.7))
    removed = told(profile.rangeRemoved)
    drag(profile, at(profile, 0.65), at(profile, 0.65))
    qtbot.keyClick(profile, Qt.Key.Key_Delete)
    assert removed == [("off",)]
    assert profile.hand.ranges["on"] is not None
    qtbot.keyClick(profile, Qt.Key.Key_Delete)
    assert len(removed) == 1


def test_ranges_are_moved_and_stretched_by_key(profile, told, qtbot):
    profile.set_ranges(PhaseRange(0.2, 0.4), PhaseRange(0.6, 0.7))
    released = told(profile.rangeReleased)
    qtbot.keyClick(profile, Qt.Key.Key_Right)
    assert released == []
    qtbot.keyClick(profile, Qt.Key.Key_Space)
    qtbot.keyClick(profile, Qt.Key.Key_Right)
    qtbot.keyClick(profile, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(profile, Qt.Key.Key_Space)
    qtbot.keyClick(profile, Qt.Key.Key_Left, CTRL)
    assert [(which, phases.text) for which, phases in released] == [
        ("on", "0.210-0.410"),
        ("on", "0.210-0.420"),
        ("off", "0.599-0.699"),
    ]


def test_menu_offers_what_fits_the_place(profile, told):
    profile.set_ranges(PhaseRange(0.2, 0.4), None)
    released, removed = told(profile.rangeReleased), told(profile.rangeRemoved)
    profile.fill_menu(at(profile, 0.3).toPoint())
    texts = [entry.text() for entry in profile.menu.actions()]
    assert texts[:2] == ["Remove the on-pulse range", "Off-pulse: all the rest"]
    profile.menu.actions()[1].trigger()
    profile.menu.actions()[0].trigger()
    assert [(which, ends(phases)) for which, phases in released] == [("off", (0.4, 0.2))]
    assert removed == [("on",)]
    profile.set_ranges(None, None)
    profile.fill_menu(at(profile, 0.03).toPoint())
    entry = profile.menu.actions()[0]
    assert entry.text() == "New on-pulse range here"
    entry.trigger()
    assert ends(released[-1][1]) == pytest.approx((0.98, 0.08), abs=NEAR)


def test_right_button_opens_the_menu(profile, monkeypatch):
    shown = []
    monkeypatch.setattr(profile.menu, "popup", shown.append)
    place = at(profile, 0.3).toPoint()
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, place, profile.mapToGlobal(place))
    QApplication.sendEvent(profile.viewport(), event)
    assert shown == [profile.mapToGlobal(place)]
    assert profile.menu.actions()


def test_pointer_shows_what_could_be_taken(profile):
    profile.set_ranges(PhaseRange(0.2, 0.4), None)
    shapes = []
    for phase in (0.3, 0.4, 0.6):
        mouse(profile.viewport(), QEvent.Type.MouseMove, at(profile, phase), is_held=False)
        shapes.append(profile.viewport().cursor().shape())
    shape = Qt.CursorShape
    assert shapes == [shape.OpenHandCursor, shape.SizeHorCursor, shape.ArrowCursor]


def test_ranges_are_seen_in_both_turns(profile):
    before = [colours(profile, at(profile, phase).x()) for phase in (0.3, 1.3, 0.6)]
    profile.set_ranges(PhaseRange(0.2, 0.4), None)
    after = [colours(profile, at(profile, phase).x()) for phase in (0.3, 1.3, 0.6)]
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, True, False]


def test_tip_tells_phase_and_light(profile):
    values = profile.curves[0].values
    tip = profile.tip_at(at(profile, 1.02).toPoint())
    assert tip.startswith("Phase 0.0")
    assert f"circle 1: {values[0]:.6g} ±" in tip
    assert "Shift and drag" in profile.tip_at(QPointF(2.0, 100.0).toPoint())


def test_caption_is_broken_between_its_parts(profile, told, qtbot):
    assert broken("one; two; three", profile.small_metrics, 1e4, 2) == ["one; two; three"]
    assert broken("one; two; three", profile.small_metrics, 10.0, 2) == ["one", "two; three"]
    lines = told(profile.linesChanged)
    profile.set_caption("phases by PINT (TDB, barycentre); " + "stamps UTC from GPS; " * 4)
    assert lines == [(2,)]
    qtbot.waitUntil(lambda: profile.frame().top() >= 2 * profile.small_metrics.height())


def test_escape_and_bare_keys_are_left_to_the_window_unless_needed(profile):
    from PyQt6.QtGui import QKeyEvent

    def is_kept(key):
        none = Qt.KeyboardModifier.NoModifier
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, none)
        event.ignore()
        QApplication.sendEvent(profile, event)
        return event.isAccepted()

    keys = (Qt.Key.Key_Left, Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Z)
    assert [is_kept(key) for key in keys] == [True, True, False, False]
