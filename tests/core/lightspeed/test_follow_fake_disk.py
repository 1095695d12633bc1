"""The follower's judgement, on a disk of our own with a clock of our own."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from nightglass.core.frames.positioned import incomplete
from nightglass.core.lightspeed.cube import parse_name
from nightglass.core.lightspeed.follow import GROWING, NOT_A_FILE, Follower
from nightglass.core.lightspeed.follow_disk import Glance, Listing
from nightglass.core.lightspeed.follow_events import (
    CaptureName,
    CaptureStarted,
    CubeDeleted,
    CubeReady,
    CubeRewritten,
    FolderBack,
    FolderMissing,
    Waiting,
)

FOLDER = Path("/data/captures_2026_01_11")
WHOLE = 10_000
STEP_S = 0.1


@dataclass
class FakeHeader:
    path: Path
    number: int
    version: int
    size_bytes: int
    modified_ns: int


@dataclass
class FakeFile:
    inode: int
    version: int
    size: int
    mtime_ns: int
    is_file: bool = True


@dataclass
class FakeDisk:
    """Files in one folder; every change gets its own time and every content its own version."""

    files: dict[str, FakeFile] = field(default_factory=dict)
    device: int = 1
    trouble: OSError | None = None
    file_trouble: OSError | None = None
    glances: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    _ticks: count = field(default_factory=lambda: count(1))
    _versions: count = field(default_factory=lambda: count(1))
    _inodes: count = field(default_factory=lambda: count(1))

    def listing(self, folder: Path) -> Listing:
        assert folder == FOLDER
        if self.trouble is not None:
            raise self.trouble
        return Listing(self.device, {name: file.inode for name, file in self.files.items()})

    def glance(self, path: Path) -> Glance:
        self.glances.append(path.name)
        if self.file_trouble is not None:
            raise self.file_trouble
        file = self._file(path)
        return Glance(file.size, file.mtime_ns, file.is_file)

    def header(self, path: Path) -> FakeHeader:
        self.headers.append(path.name)
        file = self._file(path)
        if file.size < WHOLE:
            raise incomplete(path, file.size, WHOLE)
        return FakeHeader(path, parse_name(path).number, file.version, file.size, file.mtime_ns)

    def write(self, name: str, size: int = WHOLE) -> None:
        self.files[name] = FakeFile(
            next(self._inodes), next(self._versions), size, next(self._ticks)
        )

    def grow(self, name: str, size: int) -> None:
        self.files[name].size = size
        self.files[name].mtime_ns = next(self._ticks)

    def overwrite(self, name: str, size: int = WHOLE) -> None:
        self.files[name].version = next(self._versions)
        self.grow(name, size)

    def rename(self, old: str, new: str) -> None:
        self.files[new] = self.files.pop(old)

    def _file(self, path: Path) -> FakeFile:
        if path.name not in self.files:
            raise FileNotFoundError(errno.ENOENT, "No such file", str(path))
        return self.files[path.name]


class Bench:
    """A follower, its disk and a clock that goes one scan interval per look."""

    def __init__(self) -> None:
        self.disk = FakeDisk()
        self.follower = Follower(FOLDER, scan_interval_s=STEP_S, disk=self.disk)
        self.now_s = 0.0

    def look(self, times: int = 1) -> list:
        events = []
        for _ in range(times):
            events += self.follower.look(self.now_s)
            self.now_s += STEP_S
        return events


def cube(number: int, stamp: str = "20260111_020000", name: str = "crab") -> str:
    return f"{name}_{stamp}_cube{number:03d}.fits"


def numbers(events: list, kind: type = CubeReady) -> list[int]:
    return [event.header.number for event in events if isinstance(event, kind)]


def of(events: list, kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_whole_cube_is_told_of_at_the_second_look(bench: Bench) -> None:
    bench.disk.write(cube(1))
    first, second = bench.look(), bench.look()
    assert [type(event) for event in first] == [CaptureStarted]
    assert first[0].followed
    assert numbers(second) == [1]
    assert bench.look(20) == []


def test_two_looks_in_no_time_are_not_two_looks(bench: Bench) -> None:
    bench.disk.write(cube(1))
    assert numbers(bench.follower.look(0.0) + bench.follower.look(0.001)) == []
    assert numbers(bench.follower.look(0.1)) == [1]


def test_a_growing_cube_waits_until_it_is_whole(bench: Bench) -> None:
    bench.disk.write(cube(1), 5000)
    events = bench.look()
    for size in range(5100, 7100, 100):
        bench.disk.grow(cube(1), size)
        events += bench.look()
    assert numbers(events) == []
    assert [event.why for event in of(events, Waiting)] == [GROWING]
    bench.disk.grow(cube(1), WHOLE)
    assert numbers(bench.look(2)) == [1]


def test_a_half_written_cube_that_stands_still_is_named_once_and_taken_later(bench: Bench) -> None:
    bench.disk.write(cube(1), 5000)
    assert [event.why for event in of(bench.look(100), Waiting)] == [
        f"{cube(1)} ends after 5000 of at least 10000 bytes."
    ]
    assert len(bench.disk.headers) < 12
    bench.disk.grow(cube(1), WHOLE)
    assert numbers(bench.look(2)) == [1]


def test_a_cube_that_changes_while_its_header_is_read_is_looked_at_again(bench: Bench) -> None:
    bench.disk.write(cube(1))
    bench.look()
    read = bench.disk.header

    def overtaken(path: Path) -> FakeHeader:
        bench.disk.header = read
        bench.disk.overwrite(path.name)
        return read(path)

    bench.disk.header = overtaken
    assert bench.look() == []
    (event,) = bench.look(3)
    assert event.header.version == 2


def test_cubes_are_told_of_as_they_become_whole_whatever_their_order(bench: Bench) -> None:
    bench.disk.write(cube(1), 5000)
    bench.disk.write(cube(2))
    assert numbers(bench.look(3)) == [2]
    bench.disk.write(cube(1000))
    bench.disk.write(cube(999))
    bench.disk.grow(cube(1), WHOLE)
    assert numbers(bench.look(3)) == [1, 999, 1000]


@pytest.mark.parametrize("new_file", [True, False])
def test_a_rewritten_cube_is_told_of_again(bench: Bench, new_file: bool) -> None:
    bench.disk.write(cube(1))
    bench.look(3)
    (bench.disk.write if new_file else bench.disk.overwrite)(cube(1), 5000)
    assert numbers(bench.look(3), CubeRewritten) == []
    bench.disk.grow(cube(1), WHOLE)
    assert numbers(bench.look(3), CubeRewritten) == [1]
    assert bench.look(3) == []


def test_a_replaced_cube_among_thousands_is_seen_by_its_inode(bench: Bench) -> None:
    for number in range(1, 3001):
        bench.disk.write(cube(number))
    while bench.follower.busy or bench.now_s < 0.3:
        bench.look()
    bench.disk.write(cube(7))
    assert numbers(bench.look(3), CubeRewritten) == [7]


def test_a_cube_overwritten_in_place_among_thousands_is_found_in_turn(bench: Bench) -> None:
    for number in range(1, 1001):
        bench.disk.write(cube(number))
    while bench.follower.busy or bench.now_s < 0.3:
        bench.look()
    bench.disk.overwrite(cube(7))
    assert numbers(bench.look(12), CubeRewritten) == [7]


def test_a_deleted_cube_is_told_of(bench: Bench) -> None:
    bench.disk.write(cube(1))
    bench.disk.write(cube(2), 100)
    bench.look(3)
    bench.disk.files.clear()
    events = bench.look(3)
    assert [(event.number, event.was_ready) for event in events] == [(1, True), (2, False)]
    assert {type(event) for event in events} == {CubeDeleted}
    bench.disk.write(cube(1))
    assert numbers(bench.look(3)) == [1]


def test_a_name_missing_from_one_listing_only_is_not_a_deletion(bench: Bench) -> None:
    bench.disk.write(cube(1))
    bench.look(3)
    kept = bench.disk.files.pop(cube(1))
    bench.look()
    bench.disk.files[cube(1)] = kept
    assert bench.look(5) == []


def test_a_temporary_name_is_no_cube_until_it_is_renamed(bench: Bench) -> None:
    bench.disk.write(cube(1) + ".part")
    assert bench.look(3) == []
    bench.disk.rename(cube(1) + ".part", cube(1))
    assert numbers(bench.look(2)) == [1]


def test_a_folder_with_the_name_of_a_cube_is_left_alone(bench: Bench) -> None:
    bench.disk.write(cube(1))
    bench.disk.files[cube(1)].is_file = False
    assert [event.why for event in of(bench.look(30), Waiting)] == [NOT_A_FILE]


def test_a_folder_that_does_not_exist_yet_is_waited_for(bench: Bench) -> None:
    bench.disk.trouble = FileNotFoundError(errno.ENOENT, "No such file", str(FOLDER))
    (event,) = bench.look(5)
    assert isinstance(event, FolderMissing)
    assert str(FOLDER) in event.why
    bench.disk.trouble = None
    bench.disk.write(cube(1))
    events = bench.look(2)
    assert isinstance(events[0], FolderBack)
    assert numbers(events) == [1]


def test_an_unplugged_disk_loses_nothing(bench: Bench) -> None:
    for number in (1, 2, 3):
        bench.disk.write(cube(number))
    bench.look(3)
    bench.disk.trouble = OSError(errno.EIO, "Input/output error")
    assert [type(event) for event in bench.look(5)] == [FolderMissing]
    bench.disk.write(cube(4))
    bench.disk.overwrite(cube(2))
    del bench.disk.files[cube(3)]
    bench.disk.trouble = None
    events = bench.look(4)
    assert isinstance(events[0], FolderBack)
    assert numbers(events) == [4]
    assert numbers(events, CubeRewritten) == [2]
    assert [event.number for event in of(events, CubeDeleted)] == [3]


def test_an_empty_mount_point_is_not_taken_for_deleted_cubes(bench: Bench) -> None:
    bench.disk.write(cube(1))
    bench.look(3)
    files, bench.disk.files, bench.disk.device = bench.disk.files, {}, 2
    (event,) = bench.look(5)
    assert event == FolderMissing(FOLDER, f"{FOLDER} is gone: the disk was unplugged.")
    bench.disk.files, bench.disk.device = files, 3
    assert bench.look(5) == [FolderBack(FOLDER)]


def test_a_new_disk_with_other_cubes_is_followed(bench: Bench) -> None:
    bench.disk.write(cube(1))
    bench.look(3)
    bench.disk.files, bench.disk.device = {}, 2
    bench.disk.write(cube(2))
    events = bench.look(3)
    assert numbers(events) == [2]
    assert [event.number for event in of(events, CubeDeleted)] == [1]


def test_a_failing_disk_is_retried_and_says_why(bench: Bench) -> None:
    bench.disk.write(cube(1))
    bench.look()
    bench.disk.file_trouble = OSError(errno.EIO, "Input/output error")
    (event,) = bench.look(30)
    assert "the disk reports an error" in event.why
    bench.disk.file_trouble = None
    assert numbers(bench.look(80)) == [1]
    bench.disk.file_trouble = OSError(errno.EIO, "Input/output error")
    assert bench.look(5) == []


def test_only_the_newest_of_the_captures_already_there_is_followed(bench: Bench) -> None:
    bench.disk.write(cube(1, "20260111_010000", "old"))
    bench.disk.write(cube(1, "20260111_020000", "new"))
    events = bench.look(3)
    assert [(event.capture.object_name, event.followed) for event in of(events, CaptureStarted)] \
        == [("old", False), ("new", True)]  # fmt: skip
    assert [event.capture.object_name for event in of(events, CubeReady)] == ["new"]
    assert [name.object_name for name, files in bench.follower.captures] == ["old", "new"]


def test_an_older_capture_can_be_asked_for(bench: Bench) -> None:
    bench.disk.write(cube(1, "20260111_010000", "old"))
    bench.disk.write(cube(1, "20260111_020000", "new"))
    bench.look(3)
    bench.follower.follow(CaptureName("20260111_010000", "old"))
    events = bench.look(3)
    assert of(events, CaptureStarted)[0].followed
    assert numbers(events) == [1]


def test_captures_that_start_later_are_followed_and_late_cubes_still_counted(bench: Bench) -> None:
    bench.disk.write(cube(1, "20260111_020000"))
    bench.look(3)
    bench.disk.write(cube(2, "20260111_020000"), 5000)
    bench.disk.write(cube(1, "20260111_021000", "b"))
    bench.disk.write(cube(1, "20260111_022000", "a"))
    events = bench.look(3)
    assert bench.follower.newest == CaptureName("20260111_022000", "a")
    assert all(event.followed for event in of(events, CaptureStarted))
    assert [event.capture.object_name for event in of(events, CubeReady)] == ["b", "a"]
    bench.disk.grow(cube(2, "20260111_020000"), WHOLE)
    assert numbers(bench.look(3)) == [2]


def test_an_older_night_copied_into_the_folder_is_only_listed(bench: Bench) -> None:
    bench.disk.write(cube(1))
    bench.look(3)
    bench.disk.write(cube(1, "20260110_020000"))
    (event,) = bench.look(5)
    assert not event.followed


def test_a_capture_begun_after_the_clock_went_back_is_followed(bench: Bench) -> None:
    bench.disk.write(cube(1, "20260111_020000"))
    bench.look(3)
    bench.disk.write(cube(1, "20260111_010500"))
    assert numbers(bench.look(3)) == [1]
    assert bench.follower.newest is not None
    assert bench.follower.newest.stamp == "20260111_010500"


def test_a_name_with_a_false_date_does_not_confuse_the_order(bench: Bench) -> None:
    bench.disk.write(cube(1, "20260111_020000"))
    bench.look(3)
    bench.disk.write(cube(1, "20251399_999999"))
    assert not bench.look(2)[0].followed


def test_a_look_asks_only_about_what_is_new(bench: Bench) -> None:
    for number in range(1, 2001):
        bench.disk.write(cube(number))
        bench.disk.write(f"stray{number}.txt")
    while bench.follower.busy or bench.now_s < 0.3:
        bench.look()
    bench.disk.glances.clear()
    bench.disk.write(cube(2001))
    bench.look()
    assert len(bench.disk.glances) <= 101
    assert cube(2001) in bench.disk.glances


def test_a_folder_full_of_cubes_is_taken_in_short_looks(bench: Bench) -> None:
    for number in range(1, 1001):
        bench.disk.write(cube(number))
    bench.look()
    found = numbers(bench.look())
    assert found == list(range(1, 101))
    assert bench.follower.busy
    while bench.follower.busy:
        found += numbers(bench.look())
    assert found == list(range(1, 1001))


NAMES = [
    cube(number, stamp)
    for stamp in ("20260111_020000", "20260111_030000")
    for number in (1, 2, 9)
]  # fmt: skip


class Writer(RuleBasedStateMachine):
    """A writer that does anything to six names, and a follower that looks now and then."""

    names = Bundle("names")

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench()
        self.disk = self.bench.disk
        self.told: dict[str, int] = {}
        self.ever: set[tuple[str, int, int]] = set()
        self.life: dict[str, int] = {}
        self.followed: set[CaptureName] = set()

    def take(self, times: int = 1) -> None:
        for event in self.bench.look(times):
            if isinstance(event, CaptureStarted) and event.followed:
                self.followed.add(event.capture)
            elif isinstance(event, (CubeReady, CubeRewritten)):
                self.take_cube(event)
            elif isinstance(event, CubeDeleted):
                assert event.was_ready == (event.path.name in self.told)
                self.told.pop(event.path.name, None)
                self.life[event.path.name] = self.life.get(event.path.name, 0) + 1

    def take_cube(self, event: CubeReady | CubeRewritten) -> None:
        name, version = event.header.path.name, event.header.version
        assert isinstance(event, CubeRewritten) == (name in self.told)
        key = (name, version, self.life.get(name, 0))
        assert key not in self.ever, "told twice of one content"
        self.ever.add(key)
        self.told[name] = version

    @rule(target=names, name=st.sampled_from(NAMES), size=st.sampled_from([0, 100, 5000, WHOLE]))
    def create(self, name: str, size: int) -> str:
        self.disk.write(name, size)
        return name

    @rule(name=names, share=st.floats(0.1, 0.9))
    def grow(self, name: str, share: float) -> None:
        file = self.disk.files.get(name)
        if file is not None and file.size < WHOLE:
            self.disk.grow(name, int(file.size + (WHOLE - file.size) * share))

    @rule(name=names)
    def finish(self, name: str) -> None:
        if name in self.disk.files and self.disk.files[name].size < WHOLE:
            self.disk.grow(name, WHOLE)

    @rule(name=names, size=st.sampled_from([0, 5000, WHOLE]))
    def rewrite(self, name: str, size: int) -> None:
        if name in self.disk.files:
            self.disk.overwrite(name, size)

    @rule(target=names, old=names, new=st.sampled_from([*NAMES, "crab.part"]))
    def rename(self, old: str, new: str) -> str | object:
        if old not in self.disk.files:
            return multiple()
        self.disk.rename(old, new)
        return new

    @rule(name=names)
    def delete(self, name: str) -> None:
        self.disk.files.pop(name, None)

    @rule()
    def unplug(self) -> None:
        self.disk.trouble = OSError(errno.EIO, "Input/output error")

    @rule()
    def fail(self) -> None:
        self.disk.file_trouble = OSError(errno.ESTALE, "Stale file handle")

    @rule()
    def mend(self) -> None:
        self.disk.trouble = self.disk.file_trouble = None

    @rule(times=st.integers(1, 4))
    def look(self, times: int) -> None:
        self.take(times)

    @invariant()
    def nothing_unfinished_is_told_of(self) -> None:
        for name, version in self.told.items():
            file = self.disk.files.get(name)
            assert file is None or file.version != version or file.size == WHOLE

    def teardown(self) -> None:
        self.mend()
        self.take(80)
        whole = {
            name: file.version
            for name, file in self.disk.files.items()
            if file.size == WHOLE and (parts := parse_name(name)) is not None
            and CaptureName(parts.start, parts.object_name) in self.followed
        }  # fmt: skip
        assert {name: self.told[name] for name in whole} == whole
        assert self.told.keys() <= self.disk.files.keys()
        super().teardown()


Writer.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyWriterIsFollowedExactlyOnce = Writer.TestCase


@pytest.mark.slow
def test_any_writer_is_followed_exactly_once_over_many_histories() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Writer, settings=settings(max_examples=2000, stateful_step_count=60, deadline=None)
    )
