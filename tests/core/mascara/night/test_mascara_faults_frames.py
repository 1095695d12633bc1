"""Raw frames and darks that cannot be used: counted, named, told before and after."""

from __future__ import annotations

import json
import threading
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest
from nightglass.core.cli import main
from nightglass.core.engine.journal import read_journal
from nightglass.core.errors import NightglassError
from nightglass.core.mascara import Reduction
from nightglass.core.mascara.night import driver, ending
from nightglass.core.mascara.night.exposures import check_all_there
from nightglass.core.mascara.night.source import CameraChoice, FolderSource, QueueSource

from .inline_slots import InlineSlots
from .small_night import simulated

if TYPE_CHECKING:
    from pathlib import Path

ODD = ("truncated:4", "empty:5", "garbage:6", "no-card:7", "wrong-size:8", "wrong-site:9")
FRAMES = 16


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "Slots", InlineSlots)
    monkeypatch.setattr(driver, "_TICK_S", 0.01)
    monkeypatch.setattr(ending, "write_report", lambda _: None)


@pytest.fixture(scope="module")
def odd_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd") / "raw"
    return simulated(folder, frames=FRAMES, scale=0.15, defects=("missing:2", *ODD, "warm-darks"))


@pytest.fixture(scope="module")
def reduced_night(odd_night: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(driver, "Slots", InlineSlots)
        patch.setattr(ending, "write_report", lambda _: None)
        code = main(["night", "reduce", str(odd_night), "--output", str(odd_night.parent / "out")])
    assert code == 0
    return odd_night.parent / "out"


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    code = main(["night", *map(str, words)])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def units_of(output: Path) -> list[dict[str, Any]]:
    return [one for one in read_journal(output / "journal.jsonl") if one["kind"] == "unit"]


TOLD = (
    "not whole", "after 0 of at least 2880 bytes", "does not start like a FITS file",
    "tells no usable JD", "wrong size", "Leiden", "-7.0 C",
)  # fmt: skip


def test_every_odd_frame_is_counted_and_the_others_are_reduced(reduced_night: Path) -> None:
    (unit,) = units_of(reduced_night)
    assert (unit["received"], unit["reduced"], len(unit["failed"])) == (13, 9, 4)
    assert unit["dark"] is None


@pytest.mark.parametrize("verb", [("status",), ("report", "--format", "text")])
def test_status_and_report_name_them(
    reduced_night: Path, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]
) -> None:
    code, text = said(capsys, verb[0], reduced_night, *verb[1:])
    assert code == 0
    assert [words for words in TOLD if words not in text] == []
    assert "Traceback" not in text


def test_a_check_names_them_before(
    odd_night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said(capsys, "check", odd_night, "--output", tmp_path / "out")
    assert code == 0
    told = (
        "2 files no raw frame", "1 frame left out: not whole",
        "1 frame left out: a card is missing", "1 frame left out: the frame has the wrong size",
        "1 frame left out: the frame is from another site",
        "taken at -7.0 C instead of -15 C: they would not be used",
    )  # fmt: skip
    assert [words for words in told if words not in text] == []
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_frame_is_told_and_is_no_success(
    tmp_path: Path, odd_night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "catalogue.csv").write_bytes((odd_night / "catalogue.csv").read_bytes())
    for words in ((empty,), (odd_night, "--camera", "E")):
        code, text = said(capsys, "check", *words, "--output", tmp_path / "out")
        assert code == 1
        assert "No raw frame" in text
        code, text = said(capsys, "reduce", *words, "--output", tmp_path / "out", "--resume")
        assert code == 1
        assert "no raw frame" in text
        assert said(capsys, "status", tmp_path / "out")[0] == 0
        assert said(capsys, "report", tmp_path / "out", "--format", "text")[0] == 0


def test_what_cannot_run_is_one_sentence_and_exit_code_2(
    tmp_path: Path, odd_night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "bad.json").write_text('{"gain_e_adu": -1}')
    out = ("--output", tmp_path / "out")
    for words in (
        (tmp_path / "absent", *out),
        (tmp_path / "bare", *out),
        (odd_night, "--output", odd_night),
        (odd_night, "--output", tmp_path / "file"),
        (odd_night, "--output", tmp_path / "file" / "inside"),
        (odd_night, *out, "--config", tmp_path / "bad.json"),
        (odd_night, *out, "--config", tmp_path / "absent.json"),
        (odd_night, *out, "--catalogue", tmp_path / "absent.csv"),
        (odd_night, *out, "--catalogue", tmp_path / "file"),
        (odd_night, *out, "--camera", "Q"),
        (odd_night, *out, "--workers", "0"),
    ):
        code, text = said(capsys, "reduce", *words)
        assert (code, text.count("nightglass:"), len(text.splitlines())) == (2, 1, 1), text
    for verb in ("status", "report", "overview", "stop", "pause", "resume"):
        assert said(capsys, verb, tmp_path / "bare")[0] == 2


def test_a_raw_frame_that_went_away_is_no_damaged_frame(tmp_path: Path) -> None:
    there = tmp_path / "a.fits"
    there.touch()
    check_all_there([there])
    with pytest.raises(NightglassError, match="is gone"):
        check_all_there([there, tmp_path / "b.fits"])


def test_a_folder_that_is_empty_all_at_once_was_unplugged(odd_night: Path, tmp_path: Path) -> None:
    raw = tmp_path / "mount"
    raw.symlink_to(odd_night)
    source = FolderSource([raw], CameraChoice(), None)
    before = source.files()
    assert len(before) == 25
    raw.unlink()
    with pytest.raises(NightglassError, match="mount"):
        source.files()
    raw.mkdir()
    with pytest.raises(NightglassError, match="raw frames are gone"):
        source.files()
    raw.rmdir()
    raw.symlink_to(odd_night)
    assert source.files() == before


class Entries:
    """A queue of the camera process, as it may be."""

    def __init__(self, *entries: Any) -> None:
        self._entries = iter(entries)

    def get_nowait(self) -> Any:
        entry = next(self._entries)
        if isinstance(entry, Exception):
            raise entry
        return entry


def test_what_is_no_frame_in_a_queue_is_named_and_passed_over(odd_night: Path) -> None:
    name = min(odd_night.glob("*LPC.fits")).name
    odd = (7, ("science", "C"), ("science", "C", None), "science", ("science", "C", "absent.fits"))
    source = QueueSource(Entries(*odd, ("science", "C", name), None), odd_night, CameraChoice())  # type: ignore[arg-type]
    assert [file.path.name for file in source.files()] == [name]
    assert source.is_over
    assert len(source.unreadable()) == 4


def test_a_queue_that_was_closed_ends_the_night(odd_night: Path) -> None:
    source = QueueSource(Entries(ValueError("Queue is closed")), odd_night, CameraChoice())  # type: ignore[arg-type]
    assert source.files() == []
    assert source.is_over
    assert "without an end mark" in source.unreadable()["queue"]


@pytest.mark.expected_log
def test_queues_and_events_of_multiprocessing_serve_and_a_deaf_saver_stops_nothing(
    odd_night: Path, tmp_path: Path
) -> None:
    context = get_context("spawn")
    names, saved = context.Queue(), context.Queue(1)
    saved.put("nobody takes this")
    odd = sorted(odd_night.glob("*LPC.fits"))[5:8]  # to be read in no time
    for path in odd:
        names.put(("science", "C", path.name))
    names.put(None)
    Reduction(
        odd_night, names, None, saved, context.Event(), None, output=tmp_path / "out",
        catalogue=odd_night / "catalogue.csv",
    )  # fmt: skip
    (unit,) = units_of(tmp_path / "out")
    assert (unit["received"], unit["state"]) == (3, "failed")
    assert saved.get() == "nobody takes this"
    for queue in (names, saved):
        queue.close()
        queue.join_thread()


def test_an_event_that_is_set_before_ends_a_reduction_at_once(
    odd_night: Path, tmp_path: Path
) -> None:
    event = threading.Event()
    event.set()
    Reduction(odd_night, event=event, output=tmp_path / "out")
    last = read_journal(tmp_path / "out" / "journal.jsonl")[-1]
    assert (last["kind"], last["state"]) == ("end", "stopped")


def test_a_check_as_json_has_the_same_findings(
    odd_night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["night", "check", str(odd_night), "--output", str(tmp_path / "out"), "--json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {one["level"] for one in findings} == {"good", "notice"}
