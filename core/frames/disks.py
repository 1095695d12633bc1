"""On what kind of disk a file lies."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

# Only these are known to keep a mapped file alive: a page of a network, FUSE or removable disk can
# fail to arrive, which ends the process.
# fmt: off
_LOCAL_TYPES = frozenset({
    "bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs",
    "overlay", "ramfs", "reiserfs", "tmpfs", "xfs", "zfs",
})
# fmt: on
_MOUNTS = Path("/proc/self/mounts")


def is_local(path: str | os.PathLike[str]) -> bool:
    """Whether the file lies on a built-in disk, so that mapping it into memory is safe.

    Unknown file systems, network mounts (NFS, SMB, SSHFS ...) and systems that do not tell count
    as not local.
    """
    try:
        folder = Path(path).resolve().parent
        device = folder.stat().st_dev
    except OSError:
        return False
    return _type_of(str(folder), device) in _LOCAL_TYPES


@lru_cache(maxsize=256)
def _type_of(folder: str, _device: int) -> str:
    """File-system type of a folder; the device number makes a new mount a new question."""
    best, kind = "", ""
    for mount, mount_type in _mounts():
        inside = folder == mount or folder.startswith(mount.rstrip("/") + "/")
        # Of two mounts on one folder the later one is seen.
        if inside and len(mount) >= len(best):
            best, kind = mount, mount_type
    return kind


def _mounts() -> list[tuple[str, str]]:
    """Every mount point with its file-system type, in mount order."""
    try:
        lines = _MOUNTS.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return []
    words = [line.split(" ") for line in lines]
    return [(_unescape(word[1]), word[2]) for word in words if len(word) > 2]


def _unescape(text: str) -> str:
    """Undo the octal escapes the kernel writes for blanks in mount points."""
    for code, plain in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, plain)
    return text
