"""The skeleton of a FITS file, found by reading its headers and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from ..errors import NightglassError
from .cards import CARD_BYTES, Cards
from .positioned import Handle, PathLike, incomplete

BLOCK_BYTES = 2880
# The two headers of a camera cube together: usually one read is enough.
_FIRST_READ = 6 * BLOCK_BYTES
_LONGEST_HEADER = 4000 * BLOCK_BYTES
_MOST_HDUS = 10_000
_END = re.compile(rb"END {77}")

HduKind = Literal["image", "table", "compressed image", "other"]


@dataclass(frozen=True)
class HduInfo:
    """One header and data unit: its cards and where its data lie.

    Attributes
    ----------
    index : int
        Position in the file, 0 for the primary.
    kind : str
        "image", "table", "compressed image" or "other".
    data_offset, data_bytes : int
        First byte and length of the data, without padding.
    """

    index: int
    kind: HduKind
    cards: Cards
    data_offset: int
    data_bytes: int

    @property
    def name(self) -> str:
        """EXTNAME in capitals, empty when it has none."""
        return (self.cards.text("EXTNAME") or "").upper()

    @property
    def axes(self) -> tuple[int, ...]:
        """Lengths of the axes in array order, slowest first."""
        count = self.cards.integer("NAXIS") or 0
        lengths = [self.cards.integer(f"NAXIS{axis}") or 0 for axis in range(count, 0, -1)]
        return tuple(lengths)

    @property
    def end(self) -> int:
        """First byte after the data and their padding."""
        return self.data_offset + padded(self.data_bytes)


def padded(count: int) -> int:
    """Round a number of bytes up to whole FITS blocks."""
    return -(-count // BLOCK_BYTES) * BLOCK_BYTES


def damaged(path: PathLike, what: str) -> NightglassError:
    """Say what is wrong with the headers of `path`."""
    return NightglassError(
        "The file is damaged", f"{Path(path).name} {what}.", "Copy it again.", path
    )


def scan(handle: Handle) -> list[HduInfo]:
    """Read every header of a FITS file, and no data.

    Parameters
    ----------
    handle : Handle
        The open file.

    Returns
    -------
    list of HduInfo
        In file order; the data of every unit are wholly inside the file.

    Raises
    ------
    IncompleteFileError
        If the file is empty or ends inside a header or before the end of some data.
    NightglassError
        If it is no FITS file, a header makes no sense, or the disk fails.
    """
    size = handle.status().st_size
    first = _check_start(handle, size)
    found: list[HduInfo] = []
    position = 0
    while position < size and len(found) < _MOST_HDUS:
        if found and not handle.read(position, 8).startswith(b"XTENSION"):
            break  # the standard allows other records after the last unit
        hdu = _read_hdu(handle, position, len(found), first, size)
        found.append(hdu)
        position = hdu.end
    return found


def _check_start(handle: Handle, size: int) -> bytes:
    """Make sure that the file starts like FITS; returns its first bytes."""
    if size == 0:
        raise incomplete(handle.path, 0)
    first = handle.read(0, _FIRST_READ)
    if first.startswith(b"SIMPLE  ="):
        return first
    if b"SIMPLE  =".startswith(first):
        raise incomplete(handle.path, size, BLOCK_BYTES)
    if first.startswith(b"\x1f\x8b"):
        raise NightglassError(
            "Packed file",
            f"{handle.path.name} is compressed with gzip.",
            "Unpack it with gunzip first.",
            handle.path,
        )
    raise NightglassError(
        "Not a FITS file",
        f"{handle.path.name} does not start like a FITS file.",
        "Choose a FITS file.",
        handle.path,
    )


def _read_hdu(handle: Handle, position: int, index: int, first: bytes, size: int) -> HduInfo:
    """Read the unit whose header starts at `position`."""
    raw = _read_header(handle, position, first, size)
    cards = _shared_cards(raw)
    hdu = HduInfo(
        index,
        _kind(cards),
        cards,
        position + padded(len(raw) + CARD_BYTES),
        _data_bytes(handle, cards),
    )
    if hdu.data_offset + hdu.data_bytes > size:
        raise incomplete(handle.path, size, hdu.data_offset + hdu.data_bytes)
    return hdu


@lru_cache(maxsize=64)
def _shared_cards(raw: bytes) -> Cards:
    """Cards of a header; the same object for the same text, as cube after cube repeats it."""
    return Cards(raw)


def _read_header(handle: Handle, position: int, first: bytes, size: int) -> bytes:
    """Header text at `position` without its END card, taken from `first` when it is in there."""
    raw = first[position:]
    start = 0
    while (end := _find_end(raw, start)) is None:
        start = len(raw) - len(raw) % CARD_BYTES
        if len(raw) > _LONGEST_HEADER:
            raise damaged(handle.path, "has a header without an end")
        more = handle.read(position + len(raw), max(2 * BLOCK_BYTES, len(raw)))
        if not more:
            raise incomplete(handle.path, size)
        raw += more
    return raw[:end]


def _find_end(raw: bytes, start: int) -> int | None:
    """Offset of the END card at or after `start`, a multiple of the card length."""
    for match in _END.finditer(raw, start):
        if match.start() % CARD_BYTES == 0:
            return match.start()
    return None


def _kind(cards: Cards) -> HduKind:
    """What a unit holds, from its first cards."""
    extension = cards.text("XTENSION")
    if extension == "BINTABLE":
        return "compressed image" if cards.get("ZIMAGE") is True else "table"
    return "image" if extension in (None, "IMAGE") else "other"


def _data_bytes(handle: Handle, cards: Cards) -> int:
    """Length of the data (FITS standard 4.0, eq. 1 and 2)."""
    bitpix, axes = cards.integer("BITPIX"), cards.integer("NAXIS")
    if bitpix not in (8, 16, 32, 64, -32, -64) or axes is None or not 0 <= axes <= 999:
        raise damaged(handle.path, "has a header without a valid BITPIX or NAXIS")
    if axes == 0:
        return 0
    count = 1
    for axis in range(1, axes + 1):
        length = cards.integer(f"NAXIS{axis}")
        if length is None or length < 0:
            raise damaged(handle.path, f"has no valid NAXIS{axis}")
        count *= length
    extra = max(cards.integer("PCOUNT") or 0, 0)
    groups = max(cards.integer("GCOUNT") or 1, 1)
    return abs(bitpix) // 8 * groups * (extra + count)
