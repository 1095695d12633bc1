"""Files of running windows, and of windows that died."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from nightglass.core.session.autosave import (
    KEPT_S,
    Autosave,
    Claim,
    Recovery,
    abandoned,
    contents,
    keep,
    last_kept,
    sessions_dir,
    tidy,
)
from nightglass.core.session.document import (
    CaptureRecord,
    FileRecord,
    RegionRecord,
    SessionDocument,
)

if TYPE_CHECKING:
    from pathlib import Path

NOW_S = 1_765_000_000.0


def document(count: int = 1, saved_s: float = NOW_S) -> SessionDocument:
    regions = (RegionRecord(kind="circle"),) * count
    return SessionDocument(saved_at=datetime.fromtimestamp(saved_s, UTC), regions=regions)


def die(auto: Autosave) -> None:
    """Lose the lock as a process does that is killed."""
    auto._claim._file.close()


@pytest.fixture
def folder() -> Path:
    return sessions_dir()


def names(folder: Path) -> list[str]:
    return sorted(path.name.partition("-")[0] + path.suffix for path in folder.iterdir())


def test_a_living_window_is_never_offered(folder: Path) -> None:
    one, other = Autosave(folder, NOW_S), Autosave(folder, NOW_S)
    assert one.path != other.path
    one.write(document(1))
    other.write(document(2))
    assert abandoned(folder, NOW_S) == ((), [])
    one.close()
    other.close()
    assert list(folder.iterdir()) == []


def test_a_dead_window_is_offered_once_newest_first(folder: Path) -> None:
    for count in (1, 2):
        auto = Autosave(folder, NOW_S)
        auto.write(document(count, NOW_S + count))
        die(auto)
    found, refused = abandoned(folder, NOW_S + 60)
    assert [len(recovery.document.regions) for recovery in found] == [2, 1]
    assert refused == []
    # Held by the one that offers them.
    assert abandoned(folder, NOW_S + 60) == ((), [])
    found[0].leave()
    again, _ = abandoned(folder, NOW_S + 60)
    assert [recovery.path for recovery in again] == [found[0].path]
    for recovery in (again[0], found[1]):
        recovery.put_away(keeps=False)
    assert list(folder.iterdir()) == []


def test_a_clean_end_leaves_nothing_and_later_writes_do_nothing(folder: Path) -> None:
    auto = Autosave(folder, NOW_S)
    auto.write(document())
    auto.close()
    auto.write(document())
    assert auto.close() is None
    assert list(folder.iterdir()) == []


def test_a_state_may_be_kept(folder: Path) -> None:
    auto = Autosave(folder, NOW_S)
    auto.write(document(3))
    kept = auto.close(keeps=True)
    assert kept == last_kept(folder)
    assert abandoned(folder, NOW_S) == ((), [])
    newer = keep(folder, document(4), NOW_S)
    assert newer not in (None, kept)
    os.utime(newer, ns=(10**18, 10**18 * 2))
    assert last_kept(folder) == newer
    assert names(folder) == ["kept.json", "kept.json"]


def test_a_window_that_saved_nothing_keeps_nothing(folder: Path) -> None:
    assert Autosave(folder, NOW_S).close(keeps=True) is None
    assert last_kept(folder) is None


def test_one_that_is_damaged_is_put_aside_and_told_of_once(folder: Path) -> None:
    auto = Autosave(folder, NOW_S)
    auto.write(document())
    auto.path.write_text('{"version": 1,')
    die(auto)
    found, refused = abandoned(folder, NOW_S)
    assert found == ()
    assert "damaged in line 1" in refused[0].text
    assert abandoned(folder, NOW_S) == ((), [])
    assert names(folder) == ["auto.unreadable"]


def test_what_is_two_weeks_old_goes(folder: Path) -> None:
    auto = Autosave(folder, NOW_S)
    auto.write(document())
    die(auto)
    kept = keep(folder, document(), NOW_S)
    broken = folder / "auto-x-0.nightglass.json.unreadable"
    broken.touch()
    half = folder / ".auto-x-abc.json"
    half.touch()
    for path in (kept, broken, half):
        os.utime(path, (NOW_S, NOW_S))
    tidy(folder, NOW_S + KEPT_S - 1)
    assert len(list(folder.glob("*"))) + 1 == 5
    tidy(folder, NOW_S + KEPT_S + 1)
    assert abandoned(folder, NOW_S + KEPT_S + 1) == ((), [])
    assert list(folder.iterdir()) == []


def test_the_state_of_a_living_window_stays_however_old(folder: Path) -> None:
    auto = Autosave(folder, NOW_S)
    auto.write(document())
    os.utime(auto.path, (NOW_S, NOW_S))
    tidy(folder, NOW_S + 2 * KEPT_S)
    assert abandoned(folder, NOW_S + 2 * KEPT_S) == ((), [])
    assert auto.path.exists()
    auto.close()


def test_nothing_worth_having_is_not_offered(folder: Path) -> None:
    auto = Autosave(folder, NOW_S)
    auto.write(document(0))
    die(auto)
    assert abandoned(folder, NOW_S) == ((), [])


def test_the_lock_of_a_window_that_died_early_is_removed(folder: Path) -> None:
    early, living = Autosave(folder, NOW_S), Autosave(folder, NOW_S)
    die(early)
    tidy(folder, NOW_S)
    assert names(folder) == ["auto.lock"]
    living.close()


def test_a_lock_that_was_removed_in_between_is_taken_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    path, real = folder / "x.lock", fcntl.flock
    calls: list[int] = []

    def flock(file: object, operation: int) -> None:
        calls.append(operation)
        if len(calls) == 1:
            path.unlink()
        real(file, operation)  # type: ignore[arg-type]

    monkeypatch.setattr(fcntl, "flock", flock)
    claim = Claim.take(path)
    assert claim is not None
    assert len(calls) == 2
    assert Claim.take(path) is None
    claim.release()
    assert not path.exists()


def test_a_disk_without_locks_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def flock(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(OSError, match="No locks"):
        Autosave(folder, NOW_S)


def test_windows_that_start_together_offer_each_state_once(folder: Path) -> None:
    for _ in range(20):
        auto = Autosave(folder, NOW_S)
        auto.write(document())
        die(auto)
    found: list[Recovery] = []
    gate = threading.Barrier(4)

    def look() -> None:
        gate.wait()
        found.extend(abandoned(folder, NOW_S)[0])

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len({recovery.path for recovery in found}) == 20
    for recovery in found:
        recovery.leave()


@pytest.mark.parametrize(
    ("regions", "captures", "told"),
    [
        (12, ["crab"], "12 regions on crab"),
        (1, ["crab", "vela", "bias"], "1 region on crab and 2 more"),
        (0, ["crab"], "crab"),
        (2, [], "2 regions"),
    ],
)
def test_what_a_session_holds_in_words(regions: int, captures: list[str], told: str) -> None:
    file = FileRecord(absolute="/x")
    records = tuple(CaptureRecord(name=name, file=file) for name in captures)
    assert contents(document(regions).model_copy(update={"captures": records})) == told
