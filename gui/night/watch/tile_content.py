"""What the tile of one camera says, in words, from how the camera stands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ....core.mascara.letters import in_order
from ....core.mascara.report.limits import LATE_BATCHES, STEADY_S_PER_H, TOLERANCE_C
from ....core.mascara.report.records import number
from ....core.timing.sidereal import SOLAR_SLOT_S
from ....core.wording import counted
from ..cues import letter_of
from ..words import NOTHING, clock, fixed, signed, whole
from .words import CAMERA_LOOKS, UNKNOWN_LOOK, Look

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ....core.mascara.report.camera_status import CameraStatus
    from ....core.mascara.watching.snapshot import Alarm, NightSnapshot

DARK_BAND_C = 1.0
"""A dark taken at a temperature further from that of the chip fits badly."""
TREND_WORDS = {"↗": "growing", "→": "steady", "↘": "shrinking", " ": "trend not known yet"}
MARK = "▲"
"""Stands beside what is not in order."""


class TileLine(NamedTuple):
    """One line of a tile.

    Parameters
    ----------
    key : str
    word : str
        What it is.
    text, short : str
        The value, and as it is written without the word where there is little room.
    cue : str
        Role of its colour; empty for plain text.
    tip : str
    """

    key: str
    word: str
    text: str
    short: str
    cue: str = ""
    tip: str = ""


WIDEST = {
    "lag": TileLine("lag", "Lag", "36,000 s 99.9 b ↗", "9,999 s ↗"),
    "frames": TileLine("frames", "Reduced", "5,888 of 5,888", "5,888/5,888"),
    "lost": TileLine("lost", "Missing", "888, failed 888", "888 lost"),
    "speed": TileLine("speed", "Frame", "88.88 of 6.38 s", "88.88 s"),
    "chip": TileLine("chip", "Chip", "−88.8 of −15.0 °C", "−88.8 °C"),
    "dark": TileLine("dark", "Dark", "88.8 h, +8.8 °C", "dark 8.8 h"),
    "told": TileLine("told", "Warnings", "888, errors 88", "88 warn."),
}
"""The longest that a line usually becomes; what is longer ends in dots."""


@dataclass(frozen=True)
class TileContent:
    """A tile.

    Parameters
    ----------
    camera, letter : str
        Camera id, and what stands for it.
    look : Look
    state, when : str
        What it does; mid-exposure of the last frame reduced.
    slot : int
        Place of the newest frame in its batch; -1 where there is none.
    unit : str
        Unit at work; empty for none.
    lines : tuple of TileLine
    alarm : str
        What is wrong with it; empty for nothing.
    """

    camera: str
    letter: str
    look: Look
    state: str
    when: str
    slot: int
    unit: str
    lines: tuple[TileLine, ...]
    alarm: str = ""

    @property
    def sentence(self) -> str:
        """Everything it says, for a screen reader."""
        lines = ", ".join(f"{line.word} {line.text}" for line in self.lines)
        return f"{self.state}, last frame {self.when} UTC, slot {self.slot} of 50, {lines}"


def tile_contents(snapshot: NightSnapshot) -> tuple[TileContent, ...]:
    """Tiles of all cameras of a night."""
    cameras = {one.camera: one for one in snapshot.status.cameras}
    names = in_order(cameras)
    return tuple(
        TileContent(
            camera=one.camera,
            letter=letter_of(one.camera, names),
            look=CAMERA_LOOKS.get(one.state, UNKNOWN_LOOK),
            state=one.state,
            when=clock(one.last_utc),
            slot=one.slot if one.newest_lstseq else -1,
            unit=one.running,
            lines=tile_lines(one, snapshot.settings),
            alarm=_alarm_of(one.camera, snapshot.alarms),
        )
        for one in map(cameras.__getitem__, names)
    )


def _alarm_of(camera: str, alarms: tuple[Alarm, ...]) -> str:
    of_camera = (one for one in alarms if one.subject.partition("-")[0] == camera)
    return next((one.title for one in of_camera), "")


def tile_lines(one: CameraStatus, settings: Mapping[str, Any]) -> tuple[TileLine, ...]:
    """The lines of a tile, each below the other."""
    return (_lag(one), _frames(one), _lost(one), _speed(one), _chip(one, settings), _dark(one),
            _told(one))  # fmt: skip


def trend_of(slope_s_per_h: float) -> str:
    """Arrow of a lag that grows, stays or shrinks; a blank where that is not known."""
    if not math.isfinite(slope_s_per_h):
        return " "
    if abs(slope_s_per_h) < STEADY_S_PER_H:
        return "→"
    return "↗" if slope_s_per_h > 0 else "↘"


def _line(key: str, text: str, short: str, *, cue: str = "", tip: str = "") -> TileLine:
    return TileLine(key, WIDEST[key].word, text, short, cue, tip)


def _lag(one: CameraStatus) -> TileLine:
    arrow = trend_of(one.lag_trend_s_per_h)
    seconds = fixed(one.lag_s, 0, "s")
    return _line(
        "lag",
        f"{seconds} {fixed(one.lag_batches, 1)} b {arrow}",
        f"{seconds} {arrow}",
        cue="warn" if one.lag_batches > LATE_BATCHES else "",
        tip=f"From the last frame reduced to the newest one: {seconds}, "
        f"{fixed(one.lag_batches, 2)} batches of 50 frames; {TREND_WORDS[arrow]}",
    )


def _frames(one: CameraStatus) -> TileLine:
    done, came = whole(one.reduced), whole(one.received)
    tip = f"{counted(one.reduced, 'frame')} reduced of {came} received, {one.queued_frames:,} wait"
    return _line("frames", f"{done} of {came}", f"{done}/{came}", tip=tip)


def _lost(one: CameraStatus) -> TileLine:
    return _line(
        "lost",
        f"{one.missing:,}, failed {one.failed:,}",
        f"{one.missing + one.failed:,} lost",
        cue="warn" if one.failed else "",
        tip=f"{counted(one.missing, 'frame')} never came, {one.failed:,} could not be reduced",
    )


def _speed(one: CameraStatus) -> TileLine:
    taken = fixed(one.frame_s, 2)
    return _line(
        "speed",
        f"{taken} of {SOLAR_SLOT_S:.2f} s",
        f"{taken} s",
        cue="warn" if one.frame_s > SOLAR_SLOT_S else "",
        tip="Computing time of a frame in the last batch, "
        f"of the {SOLAR_SLOT_S:.2f} s in which the camera takes one",
    )


def _chip(one: CameraStatus, settings: Mapping[str, Any]) -> TileLine:
    wanted = number(dict(settings), "ccd_set_point_c")
    now, set_point = fixed(one.ccdtemp_c, 1), fixed(wanted, 1)
    return _line(
        "chip",
        f"{now} of {set_point} °C",
        f"{now} °C",
        cue="warn" if abs(one.ccdtemp_c - wanted) > TOLERANCE_C else "",
        tip=f"Chip temperature in the last batch; it is to be {set_point} ± {TOLERANCE_C:g} °C",
    )


def _dark(one: CameraStatus) -> TileLine:
    if not one.dark:
        return _line("dark", NOTHING, "no dark", tip="No dark was used yet")
    age_h = fixed(number(one.dark, "age_h"), 1)
    off_c = one.ccdtemp_c - number(one.dark, "temperature_c")
    text = f"{age_h} h, {signed(off_c, 1)} °C"
    return _line(
        "dark",
        text,
        f"dark {age_h} h",
        cue="warn" if abs(off_c) > DARK_BAND_C else "",
        tip=f"{one.dark.get('file', 'The dark')} is {age_h} h older than the last batch; "
        f"the chip is {signed(off_c, 1)} °C from its temperature",
    )


def _told(one: CameraStatus) -> TileLine:
    """How many warnings and errors there are."""
    warnings, errors = counted(one.warnings, "warning"), counted(one.errors, "error")
    return _line(
        "told",
        f"{one.warnings:,}, errors {one.errors:,}",
        f"{one.errors:,} err." if one.errors else f"{one.warnings:,} warn.",
        cue="bad" if one.errors else "",
        tip=f"{warnings} and {errors} in this night",
    )
