from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.workbench.playback import Playback, Speed


def test_real_time_plays_as_many_frames_as_the_camera_took() -> None:
    playback = Playback()
    playback.start(0, 100.0)
    assert playback.advance(100.5, 0, 10_000, interval_s=0.002) == 250


def test_frame_rate_does_not_depend_on_the_capture() -> None:
    playback = Playback()
    playback.speed = Speed(25.0, "fps")
    playback.start(10, 0.0)
    assert playback.advance(2.0, 0, 1000, interval_s=0.002) == 60


def test_an_unknown_interval_plays_by_frame_rate() -> None:
    assert Speed(7.0, "realtime").frames_per_second(None) == 7.0


def test_playing_backward_goes_down() -> None:
    playback = Playback()
    playback.speed = Speed(10.0, "fps")
    playback.start(50, 0.0, backward=True)
    assert playback.advance(1.0, 0, 100, None) == 40


@pytest.mark.parametrize(("rule", "expected"), [("stop", 99), ("loop", 5), ("bounce", 99)])
def test_what_happens_at_the_end(rule: str, expected: int) -> None:
    playback = Playback()
    playback.speed = Speed(10.0, "fps")
    playback.end_rule = rule  # type: ignore[assignment]
    playback.start(95, 0.0)
    assert playback.advance(1.0, 0, 99, None) == expected
    assert playback.playing == (rule != "stop")
    assert playback.backward == (rule == "bounce")


def test_bounce_comes_back_from_the_edge() -> None:
    playback = Playback()
    playback.speed = Speed(10.0, "fps")
    playback.end_rule = "bounce"
    playback.start(8, 0.0)
    assert playback.advance(1.0, 0, 9, None) == 9
    assert playback.advance(1.5, 0, 9, None) == 4


@given(
    now=st.floats(0, 1e6),
    start=st.integers(0, 99),
    amount=st.floats(1e-3, 1e4),
    rule=st.sampled_from(["stop", "loop", "bounce"]),
    backward=st.booleans(),
)
def test_the_frame_is_always_inside_the_range(
    now: float, start: int, amount: float, rule: str, backward: bool
) -> None:
    playback = Playback()
    playback.speed = Speed(amount, "fps")
    playback.end_rule = rule  # type: ignore[assignment]
    playback.start(start, 0.0, backward)
    frame = playback.advance(now, 0, 99, None)
    assert frame is not None
    assert 0 <= frame <= 99


def test_a_single_frame_stops_at_once() -> None:
    playback = Playback()
    playback.end_rule = "bounce"
    playback.start(0, 0.0)
    assert playback.advance(1.0, 0, 0, 0.1) == 0
    assert not playback.playing
