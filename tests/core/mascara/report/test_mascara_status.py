"""The status of a night out of its journal."""

from __future__ import annotations

import json
import math

import pytest
from nightglass.core.mascara.report.status import NightStatus

from .mascara_journal import (
    BATCH_S,
    FIRST_BIN,
    batch_record,
    beat_record,
    dark_record,
    failed_record,
    header_record,
    merge_record,
    unix_s,
    whole_night,
)

START_S = unix_s(FIRST_BIN * 50)


def live(*more: dict[str, object], steps: int = 2) -> list[dict[str, object]]:
    return [header_record(), *(batch_record(step) for step in range(steps)), *more]


def test_counts_and_numbers_of_the_last_batch() -> None:
    beat = beat_record(START_S + 800, 120.0)
    one = NightStatus.of(live(beat), now_s=START_S + 803).cameras[0]
    assert (one.received, one.reduced, one.missing, one.failed) == (118, 98, 2, 0)
    assert (one.batches_done, one.batches_partial, one.batches_failed) == (2, 0, 0)
    assert one.last_lstseq == (FIRST_BIN + 1) * 50 + 49
    assert (one.newest_lstseq, one.slot) == ((FIRST_BIN + 2) * 50 + 17, 17)
    assert one.frame_s == pytest.approx(11.5 / 49)
    assert (one.zero_point_mag, one.rms_px) == (pytest.approx(17.03), pytest.approx(0.33))
    assert one.flags == {"saturated": 80, "moon": 0}
    assert one.dark["age_h"] == 2.0
    assert one.last_utc.startswith("2016-01-30T20:")


def test_a_later_record_of_a_batch_replaces_the_earlier_one() -> None:
    again = batch_record(1, reduced=50, missing=[])
    one = NightStatus.of(live(again), now_s=0.0).cameras[0]
    assert (one.reduced, one.missing, one.batches_done) == (99, 1, 2)


def test_lag_is_told_in_seconds_and_batches_with_its_trend() -> None:
    beats = [beat_record(START_S + 5.0 * k, 100.0 + 0.5 * k) for k in range(200)]
    status = NightStatus.of(live(*beats), now_s=START_S + 1000)
    one = status.cameras[0]
    assert one.lag_s == 199.5
    assert one.lag_batches == pytest.approx(199.5 / BATCH_S, rel=1e-4)
    assert one.lag_trend_s_per_h == pytest.approx(360.0)
    assert "growing" in status.to_text()
    early = NightStatus.of(live(*beats[:50]), now_s=START_S + 300).cameras[0]
    assert math.isnan(early.lag_trend_s_per_h)


def test_throughput_and_time_left() -> None:
    records = live(beat_record(START_S + 800, 1.0, queued_frames=98))
    status = NightStatus.of(records, now_s=START_S + 801)
    assert status.frames_per_s == pytest.approx(98 / (2 * BATCH_S + 25 - 3), rel=0.01)
    assert status.time_left_s == pytest.approx(98 / status.frames_per_s)


def test_a_clock_that_was_set_back_gives_no_throughput() -> None:
    records = [header_record(at=START_S + 1e6), batch_record(0)]
    status = NightStatus.of(records, now_s=START_S)
    assert math.isnan(status.frames_per_s)
    assert status.time_left_s == 0.0


@pytest.mark.parametrize(
    ("more", "is_running", "state"),
    [
        ([], None, "running"),
        ([], False, "interrupted"),
        ([{"kind": "control", "what": "pause", "at": 0.0}], True, "paused"),
        (
            [{"kind": "control", "what": what, "at": 0.0} for what in ("pause", "resume")],
            True,
            "running",
        ),
        ([{"kind": "end", "state": "stopped", "at": 0.0}], False, "stopped"),
        ([{"kind": "end", "state": "finished", "at": 0.0}], False, "finished"),
        ([{"kind": "end", "state": "stopped", "at": 0.0}, header_record()], True, "running"),
    ],
)
def test_state_of_the_night(
    more: list[dict[str, object]], is_running: bool | None, state: str
) -> None:
    records = [*live(beat_record(START_S + 800, 1.0)), *more]
    assert NightStatus.of(records, is_running=is_running, now_s=START_S + 810).state == state


def test_a_driver_without_a_sign_of_life_is_taken_for_dead() -> None:
    records = live(beat_record(START_S + 800, 1.0))
    assert NightStatus.of(records, now_s=START_S + 829).state == "running"
    status = NightStatus.of(records, now_s=START_S + 831)
    assert (status.state, status.cameras[0].state) == ("interrupted", "interrupted")


@pytest.mark.parametrize(
    ("running", "state"),
    [
        (None, "waiting"),
        (f"LPC-{FIRST_BIN + 2:08d}", "reducing"),
        ("LPC-dark-15218000", "darks"),
        ("LPC-merge", "merging"),
    ],
)
def test_state_of_a_camera_is_what_it_does(running: str | None, state: str) -> None:
    records = live(beat_record(START_S + 800, 1.0, running=running))
    assert NightStatus.of(records, is_running=True).cameras[0].state == state


def test_a_camera_whose_newest_batch_failed_is_in_error() -> None:
    beat = beat_record(START_S + 800, 1.0)
    status = NightStatus.of(live(failed_record(2), beat), is_running=True)
    assert status.cameras[0].state == "error"
    assert status.cameras[0].errors == 1
    assert "ERROR 1x" in status.to_text()


def test_cameras_end_as_done_stopped_or_error() -> None:
    end = {"kind": "end", "state": "finished", "at": 0.0}
    for last, state in ((merge_record(), "done"), (merge_record(state="failed"), "error")):
        assert NightStatus.of(live(last, end), is_running=False).cameras[0].state == state
    assert NightStatus.of(live(end), is_running=False).cameras[0].state == "stopped"


def test_a_camera_without_a_finished_batch_is_shown() -> None:
    records = [header_record(cameras=[]), beat_record(START_S, 5.0, camera="LPE")]
    (one,) = NightStatus.of(records, is_running=True).cameras
    assert (one.camera, one.received, one.reduced) == ("LPE", 118, 0)
    assert one.last_utc == "-"


def test_a_journal_that_says_nothing_is_an_empty_night() -> None:
    status = NightStatus.of([], now_s=0.0)
    assert (status.state, status.cameras, status.free_bytes) == ("empty", (), -1)
    assert "No camera has delivered a frame yet." in status.to_text()
    assert status.to_json()["cameras"] == []


def test_json_has_null_for_what_is_not_known() -> None:
    answer = NightStatus.of([header_record(), failed_record()], is_running=False).to_json()
    text = json.dumps(answer, allow_nan=False)
    assert json.loads(text)["cameras"][0]["rms_px"] is None
    assert answer["messages"][0]["times"] == 1


def test_the_latest_of_several_nights_is_shown() -> None:
    later = batch_record(270, night="20160131")
    status = NightStatus.of(live(later), is_running=True)
    assert (status.night, status.cameras[0].reduced) == ("20160131", 49)


def test_starts_and_rejected_darks_are_told() -> None:
    dark = dark_record(state="rejected", problems=["The chip was 4.1 C too warm."])
    status = NightStatus.of([*whole_night(batches=3), *live(dark)], is_running=True)
    assert status.starts == 2
    assert "started 2 times" in status.to_text()
    assert status.messages[0].text == "The chip was 4.1 C too warm."


def test_columns_of_the_table_stand_below_each_other() -> None:
    lines = NightStatus.of(whole_night(("LPC", "LPE"), 3), is_running=False).to_text().splitlines()
    heading = next(line for line in lines if "Reduced" in line)
    rows = [line for line in lines if line.startswith("LP")][:2]
    end = heading.index("Reduced") + len("Reduced")
    assert [row[end - 7 : end] for row in rows] == ["147/147"] * 2
