"""Journals full of nonsense: what is damaged is counted and passed over, the rest is shown."""

from __future__ import annotations

import copy
import json
import os
import random
from typing import TYPE_CHECKING, Any

import pytest
from nightglass.core.engine.journal import record_of
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.night import verbs
from nightglass.core.mascara.night.layout import NightLayout
from nightglass.core.mascara.night.reading import is_sound, read_night
from nightglass.core.mascara.night.request import last_request
from nightglass.core.mascara.watching.snapshot_json import snapshot_json
from nightglass.core.mascara.watching.watcher import NightWatcher
from nightglass.core.workbench.night.remembered import look_at

from .made_night import held, write_journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Record = dict[str, Any]

NONSENSE = (
    None, True, "x", -1, 10**400, 1e308, -1e18, float("nan"), float("inf"), [], {}, [1], [[]],
    [{}], [None], {"a": 1}, {"LPC": None}, {"LPC": [1]}, "", "../..", "<script>", "9" * 50, "LPC-²",
)  # fmt: skip
DELETED = object()


@pytest.fixture
def output(tmp_path: Path) -> Path:
    write_journal(tmp_path / "night", "CE", 4, 4)
    return tmp_path / "night"


def lines_of(output: Path) -> list[Record]:
    text = NightLayout(output).journal.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def write(output: Path, records: list[Any]) -> None:
    text = "".join(json.dumps(record) + "\n" for record in records)
    NightLayout(output).journal.write_text(text, encoding="utf-8")


def some_of_each_kind(records: list[Record]) -> list[Record]:
    kinds = {record["kind"] for record in records}
    return [one for kind in kinds for one in [one for one in records if one["kind"] == kind][:3]]


def looked(output: Path) -> dict[str, Any]:
    """What is shown, through JSON and back."""
    watcher = NightWatcher(output, is_window=False)
    try:
        watcher.look()
        told: dict[str, Any] = json.loads(
            json.dumps(snapshot_json(watcher.look()), allow_nan=False)
        )
        return told
    finally:
        watcher.close()


def places(value: Any, so_far: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a field is, all the way down."""
    if so_far:
        yield so_far
    inner = value.items() if isinstance(value, dict) else ()
    inner = list(enumerate(value))[:2] if isinstance(value, list) else inner
    for name, one in inner:
        yield from places(one, (*so_far, name))


def spoil(record: Record, place: tuple[Any, ...], value: Any) -> None:
    inner: Any = record
    for name in place[:-1]:
        inner = inner[name]
    if value is DELETED:
        del inner[place[-1]]
    else:
        inner[place[-1]] = copy.deepcopy(value)


def look_with_everything(output: Path) -> None:
    looked(output)
    with held(output):
        looked(output)
    verbs.status_of(output).to_text()
    verbs.report_text(output)
    look_at([output])


@pytest.mark.parametrize("seed", range(3))
def test_nonsense_in_any_field_is_no_trouble(output: Path, seed: int) -> None:
    spoil_many(output, seed, 25)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 14))
def test_much_nonsense_in_any_field_is_no_trouble(output: Path, seed: int) -> None:
    spoil_many(output, seed, 250)


def spoil_many(output: Path, seed: int, times: int) -> None:
    rng, whole = random.Random(seed), some_of_each_kind(lines_of(output))
    whole.sort(key=lambda record: float(record["at"]))
    for _ in range(times):
        records = copy.deepcopy(whole)
        record = rng.choice(records)
        spoil(record, rng.choice(list(places(record))), rng.choice((*NONSENSE, DELETED)))
        write(output, records)
        look_with_everything(output)


def test_what_drivers_write_is_sound(output: Path) -> None:
    whole = NightLayout(output).journal.read_bytes().splitlines()
    assert len(read_night(NightLayout(output).journal)) == len(whole)


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind":"beat","at":NaN}', b'{"kind":"beat","at":1e400}', b"[" * 100_000,
        b'{"kind":"beat","at":-Infinity}', b"\x00\xff\xfe", b"3", b"{", b'"kind"',
    ],
)  # fmt: skip
def test_what_is_no_json_of_a_driver_is_no_record(line: bytes) -> None:
    record = record_of(line)
    assert record is None or not is_sound(record, line)


def test_a_damaged_batch_is_told_and_made_again(output: Path) -> None:
    records = lines_of(output)
    batch = next(one for one in records if one["kind"] == "unit")
    batch["frames"] = ["no frame"]
    write(output, records)
    told = looked(output)
    assert [alarm["kind"] for alarm in told["alarms"]].count("torn") == 1
    states = {cell["unit"]: cell["state"] for cell in told["grid"][batch["camera"]]}
    assert states.get(batch["unit"], "skipped") == "skipped"


def test_records_of_an_older_version_are_shown(output: Path) -> None:
    records = lines_of(output)
    for record in records:
        for name in ("frames", "astrometry", "cells", "flags", "seconds", "dark", "warnings"):
            if record["kind"] == "unit":
                record.pop(name, None)
    write(output, records)
    told = looked(output)
    assert not any(alarm["kind"] == "torn" for alarm in told["alarms"])
    assert sum(camera["batches_done"] for camera in told["cameras"]) > 0


def test_hundred_thousand_lines_of_rubbish_are_counted(output: Path) -> None:
    with open(NightLayout(output).journal, "ab") as file:
        file.write(b"rubbish\n" * 100_000)
    torn = next(one for one in looked(output)["alarms"] if one["kind"] == "torn")
    assert "100,000 lines" in torn["text"]


def test_a_journal_of_bytes_is_an_empty_night(output: Path) -> None:
    NightLayout(output).journal.write_bytes(random.Random(4).randbytes(300_000))
    assert looked(output)["state"] == "empty"


def test_a_night_that_was_moved_goes_on_where_it_is_now(output: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    os.rename(output, moved)  # noqa: PTH104 - a folder
    assert last_request(moved).output == moved


def test_a_request_that_is_not_whole_is_refused_in_words(output: Path) -> None:
    records = lines_of(output)
    del records[0]["request"]["workers"]
    write(output, records)
    with pytest.raises(NightglassError, match="does not tell how it was begun"):
        last_request(output)


def test_names_that_are_no_text_or_markup_reach_the_report_as_words(output: Path) -> None:
    evil = "<img src=x onerror=alert(1)>\"'&"
    records = lines_of(output)
    for record in records:
        if record["kind"] == "unit":
            record["warnings"], record["failed"] = [evil], {evil: evil}
        if record["kind"] == "beat":
            record["unreadable"] = {"\udcff.fits": evil}
    write(output, records)
    page = verbs.write_report(output).read_text(encoding="utf-8")
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "?.fits" in verbs.report_text(output)
    verbs.status_of(output).to_text().encode()
