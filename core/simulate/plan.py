"""Which bundles go into which file, and what is wrong with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import instant
from .defects import FILE_FAULTS, Defect, parse
from .hashing import Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .settings import CaptureSettings

NOT_AVAILABLE = "N/A"
_LATE_CUBES = 2
_LONG_LOSS = 3


@dataclass(frozen=True, eq=False)
class CubePlan:
    """One file: its number, the camera bundles in it, its GPSSTART and its fault."""

    number: int
    name: str
    bundles: NDArray[np.int64]
    gps: str | None
    fault: str = ""

    @property
    def whole(self) -> bool:
        """Whether a reader finds everything in it."""
        return not self.fault


@dataclass(frozen=True, eq=False)
class CapturePlan:
    """All files of a capture, faulty and missing ones included."""

    stem: str
    cubes: tuple[CubePlan, ...]
    lost: tuple[int, ...]
    """Camera bundles that reached no file."""
    duplicated: tuple[int, ...]
    telescope_answers: bool
    stray_files: bool

    @property
    def present(self) -> tuple[CubePlan, ...]:
        """The cubes that are written at all."""
        return tuple(cube for cube in self.cubes if cube.fault != "missing-cube")


def make_plan(settings: CaptureSettings) -> CapturePlan:
    """Lay out a capture with its defects; the same settings give the same plan."""
    wanted = parse(settings.defects)
    names = {defect.name for defect in wanted}
    lost = _lost(settings) if "lost-frames" in names else ()
    duplicated = _duplicated(settings, lost) if "duplicate-frames" in names else ()
    stored = _stored(settings.bundles, lost, duplicated)
    size = settings.frames_per_cube
    groups = [stored[first : first + size] for first in range(0, stored.size, size)]
    faults = _faults(wanted, len(groups))
    stem = f"{settings.object_name}_{instant.parse(settings.start).stamp(settings.utc_offset_h)}"
    cubes = tuple(
        CubePlan(
            number,
            f"{stem}_cube{number:03d}.fits",
            bundles,
            _gps(settings, names, number <= min(_LATE_CUBES, max(1, len(groups) - 1))),
            faults.get(number, ""),
        )
        for number, bundles in enumerate(groups, start=1)
    )
    return CapturePlan(
        stem, cubes, lost, duplicated, "no-telescope" not in names, "stray-files" in names
    )


def _stored(bundles: int, lost: tuple[int, ...], duplicated: tuple[int, ...]) -> NDArray[np.int64]:
    """Camera bundles in the order they reach the files."""
    times = np.ones(bundles, dtype=np.int64)
    times[list(lost)] = 0
    times[list(duplicated)] = 2
    return np.repeat(np.arange(bundles, dtype=np.int64), times)


def _lost(settings: CaptureSettings) -> tuple[int, ...]:
    """One single bundle and one run, away from both ends so that stamps betray them."""
    bundles = settings.bundles
    if bundles < 4:
        return (bundles // 2,) if bundles > 2 else ()
    stream = Stream(settings.seed, "lost bundles")
    single = 1 + int(stream.unit() * (bundles // 2 - 1))
    longest = min(_LONG_LOSS, bundles - bundles // 2 - 1)
    first = bundles // 2 + int(stream.unit() * (bundles - bundles // 2 - longest))
    return tuple(sorted({single, *range(first, min(first + longest, bundles - 1))}))


def _duplicated(settings: CaptureSettings, lost: tuple[int, ...]) -> tuple[int, ...]:
    kept = [bundle for bundle in range(settings.bundles) if bundle not in lost]
    return (kept[int(Stream(settings.seed, "duplicates").unit() * len(kept))],)


def _gps(settings: CaptureSettings, names: set[str], early: bool) -> str | None:
    if "gps-absent" in names:
        return None
    if "no-gps" in names or ("late-gps" in names and early):
        return NOT_AVAILABLE
    return instant.parse(settings.start).iso()


def _faults(wanted: tuple[Defect, ...], cubes: int) -> dict[int, str]:
    """Give every file fault a cube of its own as long as there are enough."""
    faults: dict[int, str] = {}
    for defect in wanted:
        if defect.name in FILE_FAULTS:
            usual = defect.cube or _usual_cube(defect.name, cubes)
            free = [number for number in range(cubes, 0, -1) if number not in faults]
            number = usual if usual not in faults or not free else free[0]
            if number <= cubes:
                faults[number] = defect.name
    return faults


def _usual_cube(name: str, cubes: int) -> int:
    """The middle cube goes missing, the last one is cut, others suffer early."""
    if name == "missing-cube":
        return (cubes + 1) // 2
    return cubes if name in ("truncated", "half-written") else min(2, cubes)
