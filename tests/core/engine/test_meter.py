"""The progress bar: pace, time left, and no noise where nobody looks."""

from __future__ import annotations

import io

from nightglass.core.engine.jobs import Progress
from nightglass.core.engine.meter import Meter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_terminal_gets_a_bar_with_pace_and_time_left_and_is_wiped_at_the_end() -> None:
    stream, clock = Terminal(), Clock()
    with Meter("frames", stream, clock) as meter:
        clock.now_s = 2.0
        meter(Progress(1000, 4000))
    shown, wiped = stream.getvalue().split("\r")[1:3]
    assert shown == "[######..................], 1,000 of 4,000 frames, 500 a second, 6 s left"
    assert wiped.strip() == ""
    assert len(wiped) == len(shown)


def test_a_file_gets_whole_lines_and_few_of_them() -> None:
    stream, clock = io.StringIO(), Clock()
    with Meter("frames", stream, clock) as meter:
        for second in range(1, 26):
            clock.now_s = float(second)
            meter(Progress(second, 100))
    lines = stream.getvalue().splitlines()
    assert lines == [
        "nightglass: 10 of 100 frames, 1 a second, 1 min 30 s left",
        "nightglass: 20 of 100 frames, 1 a second, 1 min 20 s left",
    ]


def test_another_stage_has_its_own_pace() -> None:
    stream, clock = Terminal(), Clock()
    with Meter("frames", stream, clock) as meter:
        clock.now_s = 100.0
        meter(Progress(1, None, "Reading"))
        clock.now_s = 101.0
        meter(Progress(50, None, "Reading"))
    assert "Reading, 50 frames, 50 a second" in stream.getvalue()


def test_a_silent_meter_says_nothing() -> None:
    with Meter.silent() as meter:
        meter(Progress(1, 2))
    assert not meter._width


def test_long_waits_are_told_in_hours() -> None:
    stream, clock = Terminal(), Clock()
    with Meter("frames", stream, clock) as meter:
        clock.now_s = 60.0
        meter(Progress(1, 121))
    assert "2 h 00 min left" in stream.getvalue()
