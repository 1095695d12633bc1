"""A unit that was started again is told from then on, whatever becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nightglass.core.mascara.watching.watcher import NightWatcher
from nightglass.gui.night.watch.message_list import MessageFilter, MessageList

from ...core.workbench.night_desk.made_journal import header, unit, write

if TYPE_CHECKING:
    from pathlib import Path

REASON = "Its process was ended by SIGKILL: it is started again."


def told(output: Path, *records: dict[str, object]) -> list[tuple[str, str]]:
    """Where something is told in the panel of messages, and what."""
    watcher = NightWatcher(write(output, *records), is_window=False)
    messages = MessageList()
    messages.take(watcher.look())
    watcher.close()
    return [(one.where, one.text) for one in messages.chosen(MessageFilter())]


def again(of: dict[str, object]) -> dict[str, object]:
    return {key: of[key] for key in ("unit", "camera", "night")} | {
        "kind": "again", "at": 0.0, "reason": REASON,
    }  # fmt: skip


def test_it_is_told_before_any_batch_is_finished(tmp_path: Path) -> None:
    assert told(tmp_path / "a", header(), again(unit())) == [(unit()["unit"], REASON)]


def test_it_is_told_when_the_batch_is_finished_as_well(tmp_path: Path) -> None:
    batch = unit(warnings=["The sky is bright."])
    said = told(tmp_path / "a", header(), again(batch), batch)
    assert said == [(batch["unit"], "The sky is bright."), (batch["unit"], REASON)]
