"""Files that lie beside cubes at the telescope without being cubes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..atomic import write_bytes

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, stem: str) -> None:
    """Write some stray files whose names begin as the capture's."""
    for name, content in (
        (f"{stem}_cube001.fits.gz", b"\x1f\x8b not really compressed"),
        (f"{stem}_cube001_proc.fits", b"SIMPLE  = a product of somebody's script"),
        (f"{stem}_notes.txt", b"clouds from the west\n"),
    ):
        write_bytes(folder / name, content)
