"""The driver: every unit once, in order, whatever dies; late frames, orders, trouble."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.night import control

from .listings import FIRST, frames
from .tiny_night import (
    Listing,
    at_once,
    driver_for,
    merged,
    no_more,
    note,
    of_kind,
    played,
    reduced,
    units_made,
    with_processes,
    without_processes,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .tiny_night import Record


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    without_processes(monkeypatch)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out"


def ordering(output: Path, what: control.Verb, subject: str = "") -> Callable[[], None]:
    return lambda: control.give(output / "control", control.Order(what, subject))


def test_every_unit_is_made_once_in_order_and_merged_at_the_end(output: Path) -> None:
    records = reduced(output, Listing(frames(FIRST, 120)))
    first = FIRST // 50
    assert of_kind(records, "unit") == [f"LPC-{first + number:08d}" for number in range(3)]
    assert len(of_kind(records, "merge")) == 1
    assert records[-1]["kind"] == "end"
    assert [line.split()[0] for line in merged(output).splitlines()] == ["1", "2", "3"]


def test_a_second_run_finds_everything_done(output: Path) -> None:
    listing = frames(FIRST, 60)
    before = len(of_kind(reduced(output, Listing(listing)), "unit"))
    after = reduced(output, Listing(listing))
    assert len(of_kind(after, "unit")) == before
    assert len(of_kind(after, "merge")) == 1


def test_cameras_are_reduced_beside_each_other_in_processes(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_processes(monkeypatch)
    records = reduced(output, Listing(frames(FIRST, 50, "LPC") + frames(FIRST, 50, "LPE")))
    assert sorted(unit[:3] for unit in of_kind(records, "unit")) == ["LPC", "LPE"]
    starts = [record["unit"] for record in records if record["kind"] in {"start", "unit"}]
    assert {unit[:3] for unit in starts[:2]} == {"LPC", "LPE"}


@pytest.mark.expected_log
def test_a_process_that_died_is_started_again_with_the_same_result(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = frames(FIRST, 10)
    reduced(output.parent / "undisturbed", Listing(listing))
    with_processes(monkeypatch)
    note(output, listing[7], "SIGSEGV", 1)
    records = reduced(output, Listing(listing))
    assert merged(output) == merged(output.parent / "undisturbed")
    assert len(of_kind(records, "unit")) == 1


@pytest.mark.expected_log
@pytest.mark.parametrize("how", ["SIGSEGV", "SIGKILL", "refuse"])
def test_a_unit_that_died_once_is_made_again_with_the_same_result(output: Path, how: str) -> None:
    listing = frames(FIRST, 60)
    undisturbed = output.parent / "undisturbed"
    reduced(undisturbed, Listing(listing))
    note(output, listing[7], how, 1)
    records = reduced(output, Listing(listing))
    assert merged(output) == merged(undisturbed)
    assert len(of_kind(records, "unit")) == 2


@pytest.mark.expected_log
@pytest.mark.parametrize(("how", "words"), [("SIGKILL", "SIGKILL"), ("refuse", "frame is odd")])
def test_that_a_unit_was_started_again_is_in_the_journal(
    output: Path, how: str, words: str
) -> None:
    listing = frames(FIRST, 60)
    note(output, listing[7], how, 1)
    records = reduced(output, Listing(listing))
    (again,) = (record for record in records if record["kind"] == "again")
    first = next(record for record in records if record["kind"] == "unit")
    assert (again["unit"], again["camera"], again["night"]) == (
        first["unit"], first["camera"], first["night"],
    )  # fmt: skip
    assert words in again["reason"]
    assert again["reason"].endswith("is started again.")


@pytest.mark.expected_log
def test_a_frame_that_kills_its_reader_twice_is_left_out_and_named(output: Path) -> None:
    listing = frames(FIRST, 10)
    note(output, listing[3], "SIGSEGV", 99)
    records = reduced(output, Listing(listing))
    unit = next(record for record in records if record["kind"] == "unit")
    assert unit["reduced"] == 9
    assert "SIGSEGV" in unit["failed"][listing[3].path.name]


@pytest.mark.expected_log
def test_a_unit_that_never_works_fails_and_the_night_goes_on(output: Path) -> None:
    listing = frames(FIRST, 100)
    note(output, listing[3], "refuse", 99)
    records = reduced(output, Listing(listing))
    states = [record["state"] for record in records if record["kind"] == "unit"]
    assert states == ["failed", "done"]
    failed = next(record for record in records if record["kind"] == "unit")
    assert "the frame is odd" in failed["warnings"][0]


def test_darks_are_made_before_the_batches_that_need_them(output: Path) -> None:
    listing = frames(FIRST, 20, kind="dark") + frames(FIRST + 50, 50)
    records = reduced(output, Listing(listing))
    made = [record["kind"] for record in records if record["kind"] in {"dark", "unit"}]
    assert made == ["dark", "unit"]
    assert f"master-{listing[0].path.name}" in merged(output)


def test_darks_taken_after_a_batch_do_not_change_it(output: Path) -> None:
    listing = frames(FIRST, 50) + frames(FIRST + 60, 20, kind="dark")
    reduced(output, Listing(listing))
    assert "None" in merged(output)


def test_a_frame_marked_bad_is_left_out_of_its_batch_and_those_after_follow(output: Path) -> None:
    listing = frames(FIRST, 100)
    source = Listing(listing, is_over=False)
    records = played(
        output, source,
        (units_made(1), ordering(output, "mark", listing[0].path.name)),
        (lambda records: 49 in _reduced(records), no_more(source)),
    )  # fmt: skip
    assert listing[0].path.name not in merged(output)
    assert _reduced(records)[-2:] == [49, 50]


def _reduced(records: list[Record]) -> list[int]:
    return [record["reduced"] for record in records if record["kind"] == "unit"]


def test_a_frame_that_comes_after_its_batch_closed_re_opens_it(output: Path) -> None:
    listing = frames(FIRST, 101)
    late = listing.pop(20)
    source = Listing(listing, is_over=False)
    played(
        output, source,
        (units_made(2), lambda: source.now.append(late)),
        (units_made(3), no_more(source)),
    )  # fmt: skip
    offline = output.parent / "offline"
    reduced(offline, Listing([*listing, late]))
    assert merged(output) == merged(offline)


def test_a_batch_waits_for_its_last_frames_and_a_merge_for_the_end(output: Path) -> None:
    source = Listing(frames(FIRST, 60), is_over=False)
    turns = iter(range(50))
    is_idle = lambda records: units_made(1)(records) and next(turns, None) is None  # noqa: E731
    records = played(output, source, (is_idle, no_more(source)))
    assert len(of_kind(records, "unit")) == 2
    assert len(of_kind(records, "merge")) == 1


def test_raw_frames_that_were_archived_do_not_undo_their_batch(output: Path) -> None:
    listing = frames(FIRST, 100)
    source = Listing(listing, is_over=False)

    def archive() -> None:
        source.now = listing[30:]
        source.is_over = True

    units = of_kind(played(output, source, (units_made(1), archive)), "unit")
    assert len(units) == len(set(units)) == 2


def test_an_order_to_stop_ends_the_run_and_a_later_one_goes_on(output: Path) -> None:
    listing = frames(FIRST, 60)
    played(
        output, Listing(listing, is_over=False), (units_made(1), ordering(output, "stop")),
        state="stopped",
    )  # fmt: skip
    assert len(of_kind(reduced(output, Listing(listing)), "unit")) == 2


def test_a_paused_night_starts_nothing_until_it_goes_on(output: Path) -> None:
    listing = frames(FIRST, 100)
    turns = iter(range(50))
    records = played(
        output, Listing(listing),
        (units_made(1), ordering(output, "pause")),
        (lambda _: next(turns, None) is None, ordering(output, "resume")),
    )  # fmt: skip
    kinds = [record.get("what", record["kind"]) for record in records]
    paused = kinds[kinds.index("pause") : kinds.index("resume")]
    assert "start" not in paused
    assert len(of_kind(records, "unit")) == 2


@pytest.mark.parametrize("what", ["stop", "pause"])
def test_an_order_to_a_run_that_died_before_it_obeyed_is_forgotten(
    output: Path, what: control.Verb
) -> None:
    ordering(output, what)()
    assert len(of_kind(reduced(output, Listing(frames(FIRST, 50))), "unit")) == 1


def test_a_retried_unit_is_made_again_and_its_night_merged_anew(output: Path) -> None:
    listing = frames(FIRST, 100)
    first, second = of_kind(reduced(output, Listing(listing)), "unit")
    before = merged(output)
    ordering(output, "retry", second)()
    records = reduced(output, Listing(listing))
    assert sorted(of_kind(records, "unit")) == [first, first, second, second]
    assert len(of_kind(records, "merge")) == 2
    assert merged(output) == before
    assert not list(output.glob("*/tmp"))


def test_a_second_driver_on_the_same_night_refuses(output: Path) -> None:
    first = driver_for(output, Listing([]))
    with pytest.raises(NightglassError, match="being reduced already"):
        driver_for(output, Listing([]))
    first.close()


def test_an_output_that_was_removed_is_told(output: Path) -> None:
    source = Listing(frames(FIRST, 10), is_over=False)
    with pytest.raises(NightglassError, match="output folder is gone"):
        played(output, source, (at_once, lambda: shutil.rmtree(output)))
