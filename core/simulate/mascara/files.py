"""Files of raw frames, whole or damaged as the plan says."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from ..hashing import Stream
from .header import BLOCK, header_bytes

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from ...timing.station import Station
    from .plan import Exposure

Piece = bytes | memoryview
_KEPT = 0.6
_GARBAGE_BYTES = 65536
_GZIP = 31


def write_frame(
    path: Path,
    exposure: Exposure,
    station: Station,
    shape: tuple[int, int],
    stored: NDArray[np.uint16],
) -> None:
    """Write a raw frame in place, as the camera does.

    Parameters
    ----------
    path : Path
    exposure : Exposure
    station : Station
    shape : tuple of int
        Rows and columns of the active window.
    stored : ndarray of uint16, shape (rows, columns)
        The raw frame in the bytes of FITS.
    """
    header = header_bytes(exposure, station, shape)
    rows = stored.shape[0] // 2 if exposure.fault == "wrong-size" else stored.shape[0]
    body = stored[:rows].data.cast("B")
    pieces: list[Piece] = [header, body, bytes(-len(body) % BLOCK)]
    with path.open("wb") as out:
        for piece in _damaged(exposure, pieces):
            out.write(piece)


def _damaged(exposure: Exposure, pieces: list[Piece]) -> list[Piece]:
    if exposure.fault == "empty":
        return []
    if exposure.fault == "garbage":
        stream = Stream(exposure.lstseq, f"garbage of {exposure.camera}")
        return [bytes(int(256 * stream.unit()) for _ in range(_GARBAGE_BYTES))]
    if exposure.fault == "truncated":
        pieces = [pieces[0], pieces[1][: int(_KEPT * len(pieces[1]))]]
    return _packed(pieces) if exposure.name.endswith(".gz") else pieces


def _packed(pieces: list[Piece]) -> list[Piece]:
    """Pack with gzip, without a time or a name in it."""
    packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    return [*(packer.compress(piece) for piece in pieces), packer.flush()]
