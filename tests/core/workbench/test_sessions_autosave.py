"""What is saved by itself, when, and how it comes back."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Circle
from nightglass.core.session import autosave
from nightglass.core.session.document import SessionDocument, read_session
from nightglass.core.settings import Settings
from nightglass.core.workbench import Workbench
from nightglass.core.workbench.sessions.sessions import Sessions

from .night import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nightglass.core.engine import Engine, InlineEngine
    from nightglass.core.problems import ProblemList

    from .night import Waiter

DAY_S = 86400.0


@pytest.fixture
def clock() -> Clock:
    return Clock(1_765_000_000.0)


@pytest.fixture
def windows(
    inline_engine: InlineEngine, problems: ProblemList, clock: Clock
) -> Iterator[Callable[[], Sessions]]:
    """Start windows; those that were not ended are ended."""
    made: list[Sessions] = []

    def begin() -> Sessions:
        bench = Workbench(inline_engine, problems, Settings())
        sessions = Sessions(bench, clock=clock)
        sessions.start()
        made.append(sessions)
        return sessions

    yield begin
    for sessions in made:
        sessions.close()
        sessions._bench.close()


@pytest.fixture
def sessions(windows: Callable[[], Sessions]) -> Sessions:
    return windows()


def circle(x: float = 5.0) -> RegionEntry:
    return RegionEntry("circle", Circle(x, 6.0, 2.0))


def draw(sessions: Sessions, x: float = 5.0) -> None:
    sessions._bench.regions.list.add([circle(x)], "Draw circle")


def files(pattern: str = "*.json") -> list[Path]:
    return sorted(autosave.sessions_dir().glob(pattern))


def saved() -> SessionDocument | None:
    """The one autosave."""
    found = files("auto-*.json")
    return read_session(found[0]) if found else None


def places() -> list[float]:
    """Where the circles of the autosave lie."""
    document = saved()
    return [] if document is None else [record.shape["x"] for record in document.regions]


def kill(sessions: Sessions) -> None:
    """End a window as ``kill -9`` does: nothing is written, and the lock is free."""
    auto = sessions.autosaving._auto
    assert auto is not None
    auto._claim._file.close()
    sessions.autosaving._auto = None


def test_an_edit_is_saved_at_once(sessions: Sessions) -> None:
    assert files() == []
    draw(sessions)
    assert places() == [5.0]
    document = saved()
    assert document is not None
    assert document.session is None
    assert not document.regions_saved


def test_many_edits_are_saved_once_a_second(sessions: Sessions, clock: Clock) -> None:
    draw(sessions, 1.0)
    for x in (2.0, 3.0):
        clock.now_s += 0.3
        draw(sessions, x)
        sessions.tick()
    assert places() == [1.0]
    clock.now_s += 0.5
    sessions.tick()
    assert places() == [1.0, 2.0, 3.0]


def test_a_drag_is_saved_when_it_ends(sessions: Sessions, clock: Clock) -> None:
    draw(sessions, 1.0)
    regions = sessions._bench.regions.list
    clock.now_s += 2
    regions.begin("Move circle")
    regions.edit("Move circle", {1: circle(9.0)})
    sessions.tick()
    assert places() == [1.0]
    regions.commit()
    assert places() == [9.0]


def test_another_view_is_saved_within_a_minute(
    sessions: Sessions, clock: Clock, capture_folder: Path
) -> None:
    sessions._bench.open([capture_folder])
    sessions.tick()
    sessions._bench.transport.go_to(7)
    for _ in range(59):
        clock.now_s += 1
        sessions.tick()
    document = saved()
    assert document is not None
    assert document.view.frame == 7
    assert document.captures[0].files == 3


def test_nothing_is_written_while_nothing_happens(sessions: Sessions, clock: Clock) -> None:
    draw(sessions)
    clock.now_s += 60
    sessions.tick()
    before = files()[0].stat().st_mtime_ns
    for _ in range(10):
        clock.now_s += 60
        sessions.tick()
    assert files()[0].stat().st_mtime_ns == before


def test_a_window_without_anything_writes_nothing(sessions: Sessions, clock: Clock) -> None:
    sessions.tick()
    clock.now_s += 60
    sessions.tick()
    assert files() == []


def test_a_clock_that_is_set_back_stops_nothing(sessions: Sessions, clock: Clock) -> None:
    draw(sessions, 1.0)
    clock.now_s -= 7200
    draw(sessions, 2.0)
    assert places() == [1.0, 2.0]


def test_nothing_is_saved_before_the_start(
    inline_engine: InlineEngine, problems: ProblemList
) -> None:
    bench = Workbench(inline_engine, problems, Settings())
    sessions = Sessions(bench)
    draw(sessions)
    sessions.tick()
    sessions.close()
    bench.close()
    assert files("*") == []


def test_a_killed_window_is_offered_and_restored(
    windows: Callable[[], Sessions], clock: Clock, capture_folder: Path
) -> None:
    first = windows()
    first._bench.open([capture_folder])
    first._bench.transport.go_to(7)
    draw(first)
    kill(first)
    clock.now_s += 3600
    second = windows()
    changes: list[bool] = []
    second.changed.connect(lambda: changes.append(second.has_last))
    (recovery,) = second.recoverable()
    assert recovery.title == "1 region on crab_20251210_001500"
    assert recovery.saved_at.timestamp() == clock.now_s - 3600
    assert changes[-1]
    second.restore(recovery)
    assert second._bench.session.view.frame == 7
    assert list(second._bench.regions.list.entries.values()) == [circle()]
    assert not second._bench.regions.list.is_saved
    assert second.path is None
    # It is the state of this window now, under its own lock.
    assert second.recoverable() == ()
    assert not changes[-1]
    assert [path.name for path in files()] == [second.autosaving._auto.path.name]
    assert places() == [5.0]


def test_a_saved_session_comes_back_under_its_name(
    windows: Callable[[], Sessions], clock: Clock, tmp_path: Path
) -> None:
    first, place = windows(), tmp_path / "work.nightglass.json"
    draw(first, 1.0)
    first.save(place)
    clock.now_s += 2
    draw(first, 2.0)
    kill(first)
    second = windows()
    second.restore(second.recoverable()[0])
    assert second.path == place
    assert second.title_part() == "work*"
    assert len(read_session(place).regions) == 1


def test_two_windows_never_offer_each_other(windows: Callable[[], Sessions]) -> None:
    first, second = windows(), windows()
    draw(first)
    draw(second)
    assert first.recoverable() == second.recoverable() == ()
    kill(first)
    assert len(second.recoverable()) == 1
    third = windows()
    assert third.recoverable() == ()
    second.close()
    assert len(third.recoverable()) == 1


def test_what_is_discarded_is_not_offered_again_but_can_be_had(
    windows: Callable[[], Sessions],
) -> None:
    first = windows()
    draw(first)
    kill(first)
    second = windows()
    second.discard(second.recoverable()[0])
    second.close()
    third = windows()
    assert third.recoverable() == ()
    assert third.has_last
    third.reopen_last()
    assert len(third._bench.regions.list) == 1


def test_a_clean_end_with_unsaved_regions_keeps_them(windows: Callable[[], Sessions]) -> None:
    first = windows()
    draw(first)
    first.close()
    second = windows()
    assert second.recoverable() == ()
    assert second.has_last
    second.reopen_last()
    assert list(second._bench.regions.list.entries.values()) == [circle()]


def test_a_clean_end_with_everything_saved_leaves_nothing(
    windows: Callable[[], Sessions], tmp_path: Path
) -> None:
    first = windows()
    draw(first)
    first.save(tmp_path / "x")
    first.close()
    assert files("*") == []
    second = windows()
    assert second.recoverable() == ()
    assert not second.has_last
    with pytest.raises(NightglassError, match="No last session"):
        second.reopen_last()


def test_unsaved_regions_outlive_another_session(
    windows: Callable[[], Sessions], tmp_path: Path, clock: Clock
) -> None:
    sessions, place = windows(), tmp_path / "x.nightglass.json"
    sessions.save(place)
    draw(sessions, 3.0)
    sessions.open(place)
    assert len(sessions._bench.regions.list) == 0
    assert sessions.has_last
    sessions.reopen_last()
    assert list(sessions._bench.regions.list.entries.values()) == [circle(3.0)]
    clock.now_s += 5
    sessions.new()
    assert len(files("kept-*")) == 2


def test_a_broken_autosave_never_prevents_a_start(
    windows: Callable[[], Sessions], problems: ProblemList, expected_log: list
) -> None:
    first, other = windows(), windows()
    draw(first)
    draw(other)
    path = first.autosaving._auto.path
    kill(first)
    kill(other)
    path.write_bytes(b"\x00\x00\x00")
    second = windows()
    assert len(second.recoverable()) == 1
    assert problems.entries()[0].title == "A session left behind could not be read"


def test_a_folder_that_cannot_be_written_is_told_and_nothing_else_stops(
    windows: Callable[[], Sessions], problems: ProblemList, monkeypatch, expected_log: list
) -> None:
    def refuse() -> Path:
        raise PermissionError(13, "Permission denied", "/sessions")

    monkeypatch.setattr(autosave, "sessions_dir", refuse)
    sessions = windows()
    draw(sessions)
    sessions.tick()
    assert sessions.recoverable() == ()
    assert problems.entries()[0].title == "The session is not saved by itself"
    assert problems.entries()[0].severity == "warning"


def test_a_full_disk_is_told_and_tried_again(
    sessions: Sessions, problems: ProblemList, clock: Clock, monkeypatch, expected_log: list
) -> None:
    real = autosave.write_session

    def full(path: Path, _: SessionDocument) -> None:
        raise NightglassError("Could not use a file", f"{path} cannot be written.", "", path)

    monkeypatch.setattr(autosave, "write_session", full)
    draw(sessions)
    assert [problem.count for problem in problems.entries()] == [1]
    monkeypatch.setattr(autosave, "write_session", real)
    clock.now_s += 30
    sessions.tick()
    assert files() == []
    clock.now_s += 30
    sessions.tick()
    assert places() == [5.0]


@pytest.mark.parametrize("lost", ["folder", "lock"])
def test_a_folder_that_somebody_removes_is_made_again(
    windows: Callable[[], Sessions], clock: Clock, lost: str
) -> None:
    sessions = windows()
    draw(sessions, 1.0)
    if lost == "folder":
        shutil.rmtree(autosave.sessions_dir())
    else:
        for path in files("*.lock") + files("*.json"):
            path.unlink()
    clock.now_s += 2
    draw(sessions, 2.0)
    assert places() == [1.0, 2.0]
    # The lock is there again as well: nobody else is offered the state of a living window.
    assert windows().recoverable() == ()
    kill(sessions)
    (recovery,) = windows().recoverable()
    assert len(recovery.document.regions) == 2


def test_a_clock_a_day_back_hides_no_state(windows: Callable[[], Sessions], clock: Clock) -> None:
    sessions = windows()
    draw(sessions, 1.0)
    clock.now_s -= DAY_S
    draw(sessions, 2.0)
    assert places() == [1.0, 2.0]
    kill(sessions)
    clock.now_s -= DAY_S
    (recovery,) = windows().recoverable()
    assert len(recovery.document.regions) == 2


def test_the_owner_thread_never_waits_for_the_disk(
    engine: Engine, problems: ProblemList, until: Waiter, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, clock = Workbench(engine, problems, Settings()), Clock()
    sessions, told = Sessions(bench, clock=clock), []
    sessions.autosaving.saved.connect(told.append)
    sessions.start()
    go_on, reached, written = threading.Event(), threading.Event(), []
    real = autosave.write_session

    def slow(path: Path, document: SessionDocument) -> None:
        reached.set()
        assert go_on.wait(10)
        written.append(len(document.regions))
        real(path, document)

    monkeypatch.setattr(autosave, "write_session", slow)
    for x in range(5):
        draw(sessions, float(x))
        clock.now_s += 2
        if x == 0:
            assert reached.wait(10)
    assert written == []
    go_on.set()
    until(lambda: places() == [0.0, 1.0, 2.0, 3.0, 4.0])
    # The latest wins: those in between are never written.
    assert written == [1, 5]
    until(lambda: told)
    sessions.close()
    bench.close()


def test_a_close_during_a_write_leaves_nothing_behind(
    engine: Engine, problems: ProblemList, until: Waiter, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Workbench(engine, problems, Settings())
    sessions = Sessions(bench)
    sessions.start()
    go_on, reached = threading.Event(), threading.Event()
    real = autosave.Autosave.write

    def slow(auto: autosave.Autosave, document: SessionDocument) -> None:
        reached.set()
        assert go_on.wait(10)
        real(auto, document)

    monkeypatch.setattr(autosave.Autosave, "write", slow)
    draw(sessions)
    assert reached.wait(10)
    bench.regions.list.mark_saved()
    sessions.close()
    go_on.set()
    until(lambda: not engine._board.active())
    bench.close()
    assert files("*") == []


def test_nothing_is_saved_while_a_session_opens(
    windows: Callable[[], Sessions], tmp_path: Path, clock: Clock
) -> None:
    """Killed in between, the state before the opening must be there, not half of the new one."""
    sessions, place = windows(), tmp_path / "x.nightglass.json"
    draw(sessions, 1.0)
    sessions.save(place)
    seen: list[list[float]] = []
    clock.now_s += 5
    sessions._bench.regions.list.changed.connect(lambda _: seen.append(places()))
    draw(sessions, 2.0)
    clock.now_s += 5
    sessions.open(place)
    assert seen == [[1.0], [1.0, 2.0]]
    assert places() == [1.0]


def test_an_old_state_is_removed_unasked(windows: Callable[[], Sessions], clock: Clock) -> None:
    first = windows()
    draw(first)
    kill(first)
    clock.now_s += 15 * DAY_S
    second = windows()
    assert second.recoverable() == ()
    assert files() == []
