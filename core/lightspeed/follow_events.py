"""What the follower of a folder tells: names of captures and the events about their cubes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from .cube import CubeHeader


class CaptureName(NamedTuple):
    """What the file names of one capture share; sorts by time, then by object.

    Attributes
    ----------
    stamp : str
        'YYYYMMDD_HHMMSS', local clock of the acquisition computer.
    object_name : str
        As it was typed at the console.
    """

    stamp: str
    object_name: str

    def seconds(self) -> float:
        """Give the stamp as a number of seconds to compare with another; NaN for a false date."""
        try:
            moment = datetime.strptime(self.stamp, "%Y%m%d_%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return float("nan")
        return moment.timestamp()


@dataclass(frozen=True)
class CaptureStarted:
    """A capture was seen for the first time; its cubes are told of only when `followed`."""

    capture: CaptureName
    path: Path
    followed: bool


@dataclass(frozen=True)
class CubeReady:
    """A cube is whole and may be read."""

    capture: CaptureName
    header: CubeHeader


@dataclass(frozen=True)
class CubeRewritten:
    """A cube told of before has new content, whole again: what was read of it is void."""

    capture: CaptureName
    header: CubeHeader


@dataclass(frozen=True)
class CubeDeleted:
    """A cube is gone; `was_ready` tells whether it had been told of as whole."""

    capture: CaptureName
    path: Path
    number: int
    was_ready: bool


@dataclass(frozen=True)
class Waiting:
    """A cube is there but cannot be taken yet, and why; it is looked at again."""

    capture: CaptureName
    path: Path
    why: str


@dataclass(frozen=True)
class FolderMissing:
    """The folder cannot be listed (not made yet, unplugged, no permission); it is retried."""

    path: Path
    why: str


@dataclass(frozen=True)
class FolderBack:
    """The folder can be listed again; cubes changed meanwhile are told of as usual."""

    path: Path


Event = (
    CaptureStarted | CubeReady | CubeRewritten | CubeDeleted | Waiting | FolderMissing | FolderBack
)
