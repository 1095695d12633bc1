"""Room on the disk, asked for before HDF5 writes: in the middle of a file it dies without it."""

from __future__ import annotations

import errno
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TABLES_BYTES = 4_000_000


def require_space(path: Path, content_bytes: int) -> None:
    """Check that a file fits on its disk.

    Parameters
    ----------
    path : Path
        The file; its folder must be there.
    content_bytes : int
        Size of the large arrays in it. A tenth and some megabytes are added for the rest.

    Raises
    ------
    OSError
        ENOSPC, as the write would; or what keeps the folder from being looked at.
    """
    needed = content_bytes + content_bytes // 10 + _TABLES_BYTES
    if shutil.disk_usage(path.parent).free < needed:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))
