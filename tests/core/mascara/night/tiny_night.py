"""Drivers of nights whose units take no time: what tests of the driver share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nightglass.core.engine.journal import read_journal
from nightglass.core.engine.slots import Slots
from nightglass.core.mascara.night import driver, ending, schedule, watch
from nightglass.core.mascara.night.driver import Driver, NightRun
from nightglass.core.mascara.night.layout import NightLayout
from nightglass.core.mascara.settings import ReductionSettings

from . import tiny_units
from .inline_slots import InlineSlots

if TYPE_CHECKING:
    from collections.abc import Callable

    from nightglass.core.mascara.raw.names import RawFile

Record = dict[str, Any]
MOST_TURNS = 20_000


class Listing:
    """A source whose files the test decides."""

    def __init__(self, files: list[RawFile], *, is_over: bool = True) -> None:
        self.now = list(files)
        self.is_over = is_over
        self.error: Exception | None = None

    def files(self) -> list[RawFile]:
        if self.error is not None:
            raise self.error
        return list(self.now)

    def unreadable(self) -> dict[str, str]:
        return {}


def tiny_units_instead(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Let the driver start the units of a module of this folder."""
    for name in ("reduce_batch", "make_master", "merge_night"):
        kind = {"reduce_batch": "BATCH", "make_master": "CALIBRATION", "merge_night": "MERGE"}[name]
        monkeypatch.setattr(schedule, f"{kind}_TARGET", f"{module}:{name}")
    monkeypatch.setattr(ending, "write_report", lambda _: None)
    monkeypatch.setattr(watch, "SCAN_S", 0.0)
    monkeypatch.setattr(watch, "REST", 0.0)
    monkeypatch.setattr(driver, "_TICK_S", 0.02)


def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the driver call its units itself."""
    tiny_units_instead(monkeypatch, tiny_units.__name__)
    monkeypatch.setattr(driver, "Slots", InlineSlots)
    monkeypatch.setattr(InlineSlots, "meanwhile", None)


def with_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each unit be a process, as at the telescope."""
    monkeypatch.setattr(driver, "Slots", Slots)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    tiny_units_instead(monkeypatch, "tiny_units")


def driver_for(
    output: Path,
    source: Any,
    tell: Callable[[Record], None] | None = None,
    catalogue_key: str = "stars",
    **settings: Any,
) -> Driver:
    """A driver; the notes of `tiny_units` and the master frames are beside its folder."""
    notes = output.parent / "notes"
    notes.mkdir(exist_ok=True)
    run = NightRun(
        layout=NightLayout(output, notes / "masters"),
        settings=ReductionSettings(calibration_folder=str(notes), **settings),
        catalogue=output / "work" / "catalogue-1.npz",
        catalogue_key=catalogue_key,
        workers=2,
        is_live=not source.is_over,
        header={},
    )
    return Driver(run, source, tell)


def reduced(output: Path, source: Any, **options: Any) -> list[Record]:
    """The journal after a run to the end."""
    assert driver_for(output, source, **options).reduce() == "finished"
    return journal(output)


Step = tuple["Callable[[list[Record]], object]", "Callable[[], object]"]


def played(output: Path, source: Any, *steps: Step, state: str = "finished") -> list[Record]:
    """The journal after a run in which things happen: each step is a condition and a deed."""
    told: list[Record] = []
    left = list(steps)
    turns = iter(range(MOST_TURNS))

    def turn() -> bool:
        next(turns)
        if left and left[0][0](told):
            left.pop(0)[1]()
        return False

    assert driver_for(output, source, told.append).reduce(turn) == state
    assert not left
    return journal(output)


def journal(output: Path) -> list[Record]:
    return read_journal(output / "journal.jsonl")


def of_kind(records: list[Record], kind: str) -> list[str]:
    return [record["unit"] for record in records if record["kind"] == kind]


def units_made(number: int) -> Callable[[list[Record]], bool]:
    """Whether so many batches were finished, each counted as often as it was made."""
    return lambda records: len(of_kind(records, "unit")) == number


def at_once(_: list[Record]) -> bool:
    return True


def no_more(source: Listing) -> Callable[[], None]:
    return lambda: setattr(source, "is_over", True)


def merged(output: Path) -> str:
    return "".join(path.read_text() for path in sorted(output.glob("*/merged")))


def note(output: Path, file: RawFile, how: str, times: int) -> None:
    """Let a frame be deadly, or refused, so many times."""
    notes = output.parent / "notes"
    notes.mkdir(exist_ok=True)
    (notes / file.path.name).write_text(f"{how} {times}")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out"
