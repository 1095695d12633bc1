"""The bytes of a raw frame in their order, unpacked where the file is packed with gzip.

Nothing is mapped into memory: the camera writes in place, and a page of a mapped file that its
writer has truncated kills the process.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...frames.cards import CARD_BYTES, Cards
from ...frames.fits_blocks import BLOCK_BYTES, damaged, padded
from ...frames.positioned import Handle, incomplete

if TYPE_CHECKING:
    from pathlib import Path

_GZIP = b"\x1f\x8b"
_GZIP_CONTAINER = 31
_PIECE_BYTES = 1 << 20
_END = b"END".ljust(CARD_BYTES)
_MOST_BLOCKS = 100


class RawBytes:
    """A file read from its beginning to its end.

    Parameters
    ----------
    path : Path
        A FITS file, plain or packed with gzip.

    Attributes
    ----------
    size : int
        Bytes on the disk.

    Raises
    ------
    NightglassError
        If it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = Handle(path)
        self.size = self._handle.status().st_size
        self._position = 0
        self._unpacker: Any = None
        if self._handle.read(0, len(_GZIP)) == _GZIP:
            self._unpacker = zlib.decompressobj(_GZIP_CONTAINER)

    def fill(self, view: memoryview) -> None:
        """Fill `view` with the next bytes.

        Raises
        ------
        IncompleteFileError
            If the file ends first.
        NightglassError
            If the disk fails or the packed data are damaged.
        """
        if self._unpacker is None:
            self._handle.read_into(self._position, view)
            self._position += len(view)
            return
        done = 0
        while done < len(view):
            piece = self._unpack(len(view) - done)
            view[done : done + len(piece)] = piece
            done += len(piece)

    def _unpack(self, most: int) -> bytes:
        """At least one and at most `most` unpacked bytes."""
        while True:
            packed = self._unpacker.unconsumed_tail or self._packed_piece()
            try:
                piece: bytes = self._unpacker.decompress(packed, min(most, _PIECE_BYTES))
            except zlib.error as error:
                raise damaged(self.path, "holds packed data that make no sense") from error
            if piece:
                return piece

    def _packed_piece(self) -> bytes:
        packed = self._handle.read(self._position, _PIECE_BYTES)
        if not packed or self._unpacker.eof:
            raise incomplete(self.path, self.size)
        self._position += len(packed)
        return packed

    def header(self) -> Cards:
        """Read the first header; what comes next are its data.

        Raises
        ------
        IncompleteFileError
            If the file is empty or ends inside the header.
        NightglassError
            If it is no FITS file, or its header has no end.
        """
        raw = bytearray()
        for _ in range(_MOST_BLOCKS):
            block = bytearray(BLOCK_BYTES)
            self.fill(memoryview(block))
            raw += block
            _check_start(self.path, raw)
            end = _end_of(raw, len(raw) - BLOCK_BYTES)
            if end is not None:
                return _shared_cards(bytes(raw[:end]))
        raise damaged(self.path, "has a header without an end")

    def is_whole(self, cards: Cards) -> bool:
        """Whether the file is as long as its header says, to the last block.

        Of a packed file the length of its content is looked at, which gzip writes last.
        """
        need = padded(len(cards.raw) + CARD_BYTES) + padded(data_bytes(cards))
        if self._unpacker is None:
            return self.size >= need
        return int.from_bytes(self._handle.read(self.size - 4, 4), "little") == need % (1 << 32)


def _check_start(path: Path, raw: bytearray) -> None:
    if not raw.startswith(b"SIMPLE  ="):
        raise damaged(path, "does not start like a FITS file")


def _end_of(raw: bytearray, start: int) -> int | None:
    """Offset of the END card at or after `start`."""
    for place in range(start, len(raw), CARD_BYTES):
        if raw[place : place + CARD_BYTES] == _END:
            return place
    return None


@lru_cache(maxsize=64)
def _shared_cards(raw: bytes) -> Cards:
    return Cards(raw)


def data_bytes(cards: Cards) -> int:
    """Bytes of the two-dimensional image that a header tells of; 0 if it tells of none."""
    shape = shape_of(cards)
    if shape is None:
        return 0
    return shape[0] * shape[1] * abs(cards.integer("BITPIX") or 0) // 8


def shape_of(cards: Cards) -> tuple[int, int] | None:
    """Rows and columns of the image of a header; None if it is not two-dimensional."""
    columns, rows = cards.integer("NAXIS1") or 0, cards.integer("NAXIS2") or 0
    if cards.integer("NAXIS") != 2 or min(columns, rows) < 1:
        return None
    return rows, columns
