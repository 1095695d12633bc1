"""The few questions the follower asks a disk, in one place so that tests can answer them."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .cube import CubeHeader


class Glance(NamedTuple):
    """What tells one content of a file from another without reading it."""

    size_bytes: int
    mtime_ns: int
    is_file: bool = True


class Listing(NamedTuple):
    """Names in a folder with their inode numbers, and the device the folder lies on."""

    device: int
    inodes: Mapping[str, int]


class Disk(Protocol):
    """A folder that can be listed, and files in it that can be looked at."""

    def listing(self, folder: Path) -> Listing:
        """List a folder; raises OSError where it cannot."""
        ...

    def glance(self, path: Path) -> Glance:
        """Look at one file; raises OSError where it cannot."""
        ...

    def header(self, path: Path) -> CubeHeader:
        """Read the headers of a cube; raises NightglassError or OSError where it cannot."""
        ...


class LocalDisk:
    """The operating system's answers; works the same on network mounts (no notifications)."""

    def listing(self, folder: Path) -> Listing:
        """List a folder without a question about each file (the inode comes with the name)."""
        with os.scandir(folder) as entries:
            inodes = {entry.name: entry.inode() for entry in entries}
        return Listing(folder.stat().st_dev, inodes)

    def glance(self, path: Path) -> Glance:
        """Look at one file."""
        status = path.stat()
        return Glance(status.st_size, status.st_mtime_ns, stat.S_ISREG(status.st_mode))

    def header(self, path: Path) -> CubeHeader:
        """Read the headers of a cube."""
        from .cube import read_cube_header

        return read_cube_header(path)
