"""Files that are either complete or absent: temporary name, fsync, rename."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def _mode_of_new_files() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


# Read once at import: asking for the mask sets it, which is not safe beside other threads.
_MODE = _mode_of_new_files()
# A name may have 255 bytes; the temporary one adds a few to the beginning of the real one.
_STEM_KEPT = 40


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path beside `path`; it takes the name when the block ends well.

    The temporary file exists (empty, with a name that starts with a dot) on entry and is
    removed when the block raises, so that a reader of `path` sees the old content or the
    whole new content, never a part. A file that is replaced passes its mode on; a symbolic
    link stays one, and the file behind it is replaced.

    Raises
    ------
    OSError
        If the folder cannot be written or the disk is full.
    """
    final = Path(os.path.realpath(path))
    if final.exists() and not (final.is_file() or final.is_dir()):
        # As root the rename below would put a file in the place of a device.
        raise FileExistsError(errno.EEXIST, "it is a device or a pipe", str(final))
    with NamedTemporaryFile(
        dir=final.parent, prefix=f".{final.stem[:_STEM_KEPT]}-", suffix=final.suffix, delete=False
    ) as handle:
        temporary = Path(handle.name)
    try:
        yield temporary
        _settle_file(temporary)
        temporary.chmod(_mode_for(final))
        temporary.replace(final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _settle_folder(final.parent)


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write `content` so that the file is complete or absent."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: str | os.PathLike[str], content: str) -> None:
    """Write UTF-8 text so that the file is complete or absent."""
    write_bytes(path, content.encode())


def _mode_for(final: Path) -> int:
    try:
        return stat.S_IMODE(final.stat().st_mode)
    except FileNotFoundError:
        return _MODE


def _settle_file(path: Path) -> None:
    """Force the content to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _settle_folder(folder: Path) -> None:
    """Force the new name to the disk; the file is there, so a system that cannot is no failure."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
