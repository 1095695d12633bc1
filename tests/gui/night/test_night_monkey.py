"""Anything done anywhere in the workspace while a night grows, is merged, closed and followed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.night.layout import NightLayout
from nightglass.core.mascara.night.lock import DriverLock
from nightglass.core.timing.sidereal import BATCH
from nightglass.core.workbench.night import launch
from PyQt6.QtCore import QAbstractItemModel, QAbstractListModel
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QFileDialog, QLabel

from ...core.mascara.browsing.made_stars import FIRST_BATCH, plan_night, write_night
from ...core.mascara.field.made_field import named, picture, write_frame
from ...core.mascara.watching.made_night import append, records, write_journal
from ...core.mascara.watching.made_plan import MadeNight as MadeJournal
from .monkey import Monkey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PyQt6.QtWidgets import QWidget

    from ...core.mascara.browsing.made_stars import MadeNight
    from ..desktop import Desktop

STEPS, OLD = 10, ("LPC", "LPE")
STALL_S = 1.0


@dataclass
class Growing:
    """A night of two cameras of which the journal is written bit by bit."""

    stars: MadeNight
    lines: list[dict[str, object]]
    lock: DriverLock

    @property
    def output(self) -> Path:
        return self.stars.output

    def grow(self, count: int) -> None:
        """Write so many lines; a batch's stores are there before its line."""
        new, self.lines = self.lines[:count], self.lines[count:]
        for line in new:
            self._products(line)
            append(self.output, line)

    def _products(self, line: dict[str, object]) -> None:
        camera = str(line.get("camera"))
        if line["kind"] == "unit" and line["bin"] in self.stars.batches:
            self.stars.write(camera, int(str(line["bin"])))
        if line["kind"] == "merge":
            self.stars.merge(camera)
        if line["kind"] == "end":
            self.lock.close()


@pytest.fixture
def growing(tmp_path: Path):
    """Before its first batch; a driver holds it."""
    plan = MadeJournal(tmp_path / "old", "CE", STEPS, 20, True, 1, is_whole=True)
    write_journal(plan.output, "CE", STEPS, 20, is_whole=True)
    made = plan_night(plan.output, "CE", 60, 150)
    for step in range(3):
        slot = FIRST_BATCH * BATCH + 20 * step
        write_frame(plan.raw / named(slot), slot, active=picture())
    lines = records(plan)
    NightLayout(plan.output).journal.write_text(json.dumps(lines[0]) + "\n", encoding="utf-8")
    night = Growing(made, lines[1:], DriverLock(NightLayout(plan.output).lock))
    yield night
    night.lock.close()


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another night, of other cameras, that is over."""
    write_night(tmp_path / "new", "NS", stars=60, exposures=60)
    write_journal(tmp_path / "new", "NS", 4)
    return tmp_path / "new"


@pytest.fixture(autouse=True)
def _harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started, and no other program."""

    def refuse(*_: object) -> None:
        raise NightglassError("Not now", "A monkey sits at the desk.", "")

    monkeypatch.setattr(launch, "launch", refuse)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: False)
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: "")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([], ""))


def words_of(widget: QWidget) -> set[str]:
    """Everything that its labels, buttons and lists say and that can be seen."""
    said: list[str] = []
    for kind in (QLabel, QAbstractButton):
        said += [one.text() for one in widget.findChildren(kind) if one.isVisible()]
    for box in widget.findChildren(QComboBox):
        said += [box.itemText(row) for row in range(box.count()) if box.isVisible()]
    for view in widget.findChildren(QAbstractItemView):
        if view.isVisible() and (model := view.model()) is not None:
            said += [
                str(model.index(row, column).data() or "")
                for row in range(model.rowCount())
                for column in range(_columns(model))
            ]
    return set(said)


def _columns(model: QAbstractItemModel) -> int:
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount()


def assert_nothing_of(cameras: tuple[str, ...], desktop: Desktop) -> None:
    for holder in (desktop.window.night, desktop.window.messages):
        told = [text for text in words_of(holder) if any(one in text for one in cameras)]
        assert not told


def unexpected(desktop: Desktop) -> list[str]:
    """Troubles that nobody thought of."""
    entries = desktop.bench.problems.entries()
    return [str(one) for one in entries if "Unexpected" in str(one)]


def play(start: Callable[..., Desktop], growing: Growing, other: Path, seed: int, deeds: int):
    desktop = start(night=growing.output)
    desktop.wait(lambda: desktop.bench.night.snapshot is not None)
    monkey = Monkey(desktop, seed)
    with monkey.at_large():
        portion = max(len(growing.lines) // 12, 1)
        while growing.lines:
            growing.grow(portion)
            monkey.play(deeds)
        desktop.act("workspace.mascara")
        desktop.bench.night.watch(growing.output)
        desktop.wait(lambda: desktop.bench.night.snapshot.status.state == "finished")
        monkey.play(deeds)
        desktop.act("night.leave")
        desktop.act("workspace.mascara")
        assert_nothing_of(OLD, desktop)
        monkey.play(deeds)
        desktop.bench.night.watch(other)
        monkey.play(deeds)
        desktop.act("workspace.mascara")
        desktop.wait(lambda: desktop.bench.night.snapshot is not None)
        desktop.wait(desktop.is_idle)
    for page in ("plots", "frames", "sky", "curves", "report"):
        desktop.act(f"night.page.{page}")
        desktop.wait(desktop.is_idle)
        assert_nothing_of(OLD, desktop)
    assert desktop.bench.night.snapshot.output == other
    assert not unexpected(desktop)
    assert monkey.longest_s < STALL_S


@pytest.mark.expected_log
def test_a_monkey_finds_nothing_that_breaks(
    start: Callable[..., Desktop], growing: Growing, other: Path
) -> None:
    play(start, growing, other, seed=1, deeds=6)


@pytest.mark.slow
@pytest.mark.expected_log
@pytest.mark.parametrize("seed", range(2, 5))
def test_several_monkeys_find_nothing_that_breaks(
    start: Callable[..., Desktop], growing: Growing, other: Path, seed: int
) -> None:
    play(start, growing, other, seed, deeds=12)
