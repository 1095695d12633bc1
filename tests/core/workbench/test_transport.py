"""Moving through a capture: by steps, by playback, by number and by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.workbench.playback import Speed
from nightglass.core.workbench.transport import Transport

from .night import Clock

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench

LAST = 29
INTERVAL_S = 0.0051


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def transport(bench: Workbench, clock: Clock, capture_folder: Path) -> Transport:
    """Transport of an open capture of 30 frames, with a clock of the test's."""
    bench.open([capture_folder])
    return Transport(bench.session, bench.desk, clock)


def frames_at(transport: Transport, clock: Clock, step_s: float, count: int) -> list[int]:
    shown = []
    for _ in range(count):
        clock.now_s += step_s
        transport.tick()
        shown.append(transport._session.view.frame)
    return shown


def test_going_beyond_the_ends_stays_at_them(transport: Transport, bench: Workbench) -> None:
    for wanted, got in ((5, 5), (-4, 0), (1000, LAST)):
        transport.go_to(wanted)
        assert bench.session.view.frame == got
    transport.step(-3)
    assert bench.session.view.frame == LAST - 3
    transport.step(100)
    assert bench.session.view.frame == LAST


def test_first_and_last_are_those_of_the_range(transport: Transport, bench: Workbench) -> None:
    transport.set_range(20, 5)
    assert bench.session.view.play_range == (5, 20)
    transport.go_to_last()
    assert bench.session.view.frame == 20
    transport.go_to_first()
    assert bench.session.view.frame == 5
    transport.set_range(None, None)
    transport.go_to_last()
    assert bench.session.view.frame == LAST


def test_half_a_range_ends_where_the_capture_ends(transport: Transport, bench: Workbench) -> None:
    transport.set_range(7, None)
    assert bench.session.view.play_range == (7, LAST)
    transport.set_range(None, 700)
    assert bench.session.view.play_range == (0, LAST)


def test_real_time_is_the_interval_of_the_capture(transport: Transport, clock: Clock) -> None:
    transport.play()
    assert frames_at(transport, clock, 2 * INTERVAL_S + 1e-6, 4) == [2, 4, 6, 8]


def test_frames_a_second_and_a_new_speed_go_on_from_the_frame_shown(
    transport: Transport, clock: Clock
) -> None:
    transport.set_speed(Speed(10, "fps"))
    transport.play()
    assert frames_at(transport, clock, 0.1001, 3) == [1, 2, 3]
    transport.set_speed(Speed(40, "fps"))
    assert frames_at(transport, clock, 0.1001, 2) == [7, 11]


def test_a_loop_and_a_bounce_stay_in_the_range(transport: Transport, clock: Clock) -> None:
    transport.set_speed(Speed(10, "fps"))
    transport.set_range(4, 7)
    transport.go_to(4)
    transport.play()
    assert frames_at(transport, clock, 0.1001, 6) == [5, 6, 7, 4, 5, 6]
    transport.set_end_rule("bounce")
    shown = frames_at(transport, clock, 0.1001, 8)
    assert set(shown) == {4, 5, 6, 7}
    assert np.abs(np.diff(shown)).max() == 1


def test_playing_stops_at_the_end_and_starts_again_at_the_other(
    transport: Transport, clock: Clock, bench: Workbench
) -> None:
    transport.set_speed(Speed(10, "fps"))
    transport.set_end_rule("stop")
    transport.go_to(LAST - 1)
    transport.play()
    assert frames_at(transport, clock, 0.1001, 3) == [LAST, LAST, LAST]
    assert not transport.playback.playing
    transport.play()
    assert frames_at(transport, clock, 0.1001, 1) == [1]
    transport.go_to_first()
    transport.play(backward=True)
    assert frames_at(transport, clock, 0.1001, 2) == [LAST - 1, LAST - 2]


def test_backward(transport: Transport, clock: Clock) -> None:
    transport.set_speed(Speed(10, "fps"))
    transport.go_to(9)
    transport.play(backward=True)
    assert frames_at(transport, clock, 0.1001, 3) == [8, 7, 6]
    transport.toggle()
    assert frames_at(transport, clock, 0.1001, 2) == [6, 6]


def test_a_jump_ends_playing(transport: Transport, clock: Clock) -> None:
    transport.play()
    transport.go_to(3)
    assert frames_at(transport, clock, 1.0, 1) == [3]


def test_a_time_is_that_of_the_nearest_frame(transport: Transport, bench: Workbench) -> None:
    assert bench.capture is not None
    assert bench.capture.lightspeed is not None
    for frame in (0, 1, 17, LAST):
        # GPSSTART of the files, the spacing, half an exposure and half a readout.
        middle = datetime(2025, 12, 10, 3, 15, tzinfo=UTC) + timedelta(
            seconds=frame * INTERVAL_S + 0.5 * 0.005 + 0.5 * 0.0042 + 0.3 * INTERVAL_S
        )
        transport.go_to(0 if frame else 5)
        transport.go_to_time(f"{middle:%H:%M:%S.%f}")
        assert bench.session.view.frame == frame
        transport.go_to(12)
        transport.go_to_time(f"{middle:%Y-%m-%dT%H:%M:%S.%f}")
        assert bench.session.view.frame == frame


def test_what_is_no_time_moves_nothing(transport: Transport, bench: Workbench) -> None:
    transport.go_to(4)
    with pytest.raises(NightglassError, match="is not a time"):
        transport.go_to_time("soon")
    assert bench.session.view.frame == 4


def test_an_image_without_times_is_gone_through_by_number(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "cube.fits"
    fits.PrimaryHDU(np.zeros((6, 4, 5), np.float32)).writeto(path)
    bench.open([path])
    with pytest.raises(NightglassError, match="no times"):
        bench.transport.go_to_time("03:15:00")
    clock = Clock()
    transport = Transport(bench.session, bench.desk, clock)
    transport.play()
    assert frames_at(transport, clock, 1.001, 3) == [1, 2, 3]


def test_another_capture_starts_at_its_first_frame(bench: Workbench, capture_folder, tmp_path):
    from .night import OTHER, written

    bench.open([capture_folder])
    bench.transport.go_to(12)
    bench.transport.set_range(3, 20)
    bench.transport.play()
    bench.open([written(tmp_path / "vela", OTHER)])
    view = bench.session.view
    assert (view.frame, view.play_range, view.live) == (0, None, False)
    assert not bench.transport.playback.playing
