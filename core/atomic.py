"""Files that are either complete or absent: temporary name, fsync, rename."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile


def _mode_of_new_files() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


# Read once at import: asking for the mask sets it, which is not safe beside other threads.
_MODE = _mode_of_new_files()


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path beside `path`; it takes the name when the block ends well.

    The temporary file exists (empty) on entry and is removed when the block raises, so that
    a reader of `path` sees the old content or the whole new content, never a part.

    Raises
    ------
    OSError
        If the folder cannot be written or the disk is full.
    """
    final = Path(path)
    with NamedTemporaryFile(
        dir=final.parent, prefix=f".{final.stem}-", suffix=final.suffix, delete=False
    ) as handle:
        temporary = Path(handle.name)
    try:
        yield temporary
        _settle(temporary)
        os.chmod(temporary, _MODE)
        os.replace(temporary, final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _settle(final.parent)


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write `content` so that the file is complete or absent."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: str | os.PathLike[str], content: str) -> None:
    """Write UTF-8 text so that the file is complete or absent."""
    write_bytes(path, content.encode())


def _settle(path: Path) -> None:
    """Force a file or a folder entry to the disk; not every system can sync a folder."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:
        if path.is_dir():
            return
        raise
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

