"""What the headers of one LightSpeed cube tell, read without touching a pixel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from ..errors import NightglassError
from ..frames.encoding import Encoding
from ..frames.fits_blocks import HduInfo, damaged, scan
from ..frames.positioned import Handle, PathLike
from .camera import (
    Subarray,
    binning_of,
    frames_per_bundle,
    gain_of,
    mode_of,
    subarray_of,
)

if TYPE_CHECKING:
    import os

    from ..frames.cards import Cards

_Fact = TypeVar("_Fact")

_NAME = re.compile(
    r"(?P<object>.*)_(?P<start>\d{8}_\d{6})_cube(?P<number>\d{3,})\.fits", re.I | re.S
)

# A hundred days: anything longer is a damaged card.
_LONGEST_S = 8.64e6

# FITS table column types (FITS standard 4.0, table 18) as numpy types, and their bytes.
# fmt: off
_COLUMN_TYPES = {
    "L": "u1", "B": "u1", "I": ">i2", "J": ">i4", "K": ">i8", "A": "S1",
    "E": ">f4", "D": ">f8", "C": ">c8", "M": ">c16", "P": ">i8", "Q": ">c16",
}
# fmt: on


class NotACubeError(NightglassError):
    """A FITS file that is sound, but holds something else than a LightSpeed cube."""


class CubeName(NamedTuple):
    """What the name of a cube file says: object, local start (YYYYMMDD_HHMMSS), number."""

    object_name: str
    start: str
    number: int


@dataclass(frozen=True, slots=True)
class StampTable:
    """Where the TIMESTAMPS table lies in the file and what its rows look like."""

    offset: int
    row: np.dtype[Any]
    rows: int


@dataclass(frozen=True, slots=True)
class CubeHeader:
    """Everything the headers of one cube tell; None where they are silent.

    Attributes
    ----------
    number : int
        Place in the capture, from the file name, else from CUBEIDX.
    start : str or None
        Local time in the file name, YYYYMMDD_HHMMSS.
    rows, columns : int
        Of one frame.
    interval_s : float or None
        INTERNAL FRAME INTERVAL.
    mode : str or None
        "standard", "ultra-quiet" or "photon-number".
    gain_adu_per_e : float or None
        1 / CONVERSION FACTOR COEFF.
    gps_start : str or None
        GPSSTART as written; None when absent or N/A.
    cards : Cards
        The DATA_CUBE header; `primary` is the primary one.
    size_bytes : int
        Size of the file when its headers were read. The file was whole then.
    modified_ns : int
        Modification time of the file at that moment.
    notes : tuple of str
        Sentences on what is odd about this cube.
    """

    path: Path
    number: int
    object_name: str
    start: str | None
    frames_per_bundle: int
    bundles: int
    rows: int
    columns: int
    bundle_rows: int
    encoding: Encoding
    exposure_s: float | None
    readout_s: float | None
    interval_s: float | None
    subarray: Subarray | None
    binning: int
    mode: str | None
    gain_adu_per_e: float | None
    filter: str | None
    temperature_c: float | None
    gps_start: str | None
    primary: Cards
    cards: Cards
    data_offset: int
    stamps: StampTable
    size_bytes: int
    modified_ns: int
    notes: tuple[str, ...] = ()

    @property
    def n_frames(self) -> int:
        """Frames in the file."""
        return self.bundles * self.frames_per_bundle

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of one frame."""
        return self.rows, self.columns

    @property
    def detector_offset(self) -> tuple[int, int]:
        """Detector column and row of the first pixel (SUBARRAY HPOS, VPOS)."""
        return (self.subarray.hpos, self.subarray.vpos) if self.subarray else (0, 0)


def parse_name(path: PathLike) -> CubeName | None:
    """Read object, local start and number from the right end of a file name.

    The object is whatever the observer typed, underscores included. None for any other name.
    """
    match = _NAME.fullmatch(Path(path).name)
    if match is None or match["object"].startswith("."):
        return None
    # Interned, as ten thousand names of a folder say the same but for the number.
    return CubeName(intern(match["object"]), intern(match["start"]), int(match["number"]))


def read_cube_header(path: PathLike) -> CubeHeader:
    """Read the headers of one cube and no pixels.

    Parameters
    ----------
    path : path-like
        A cube file.

    Returns
    -------
    CubeHeader
        Of a file that was whole when it was read.

    Raises
    ------
    IncompleteFileError
        If the file is empty, cut short or still being written.
    NotACubeError
        If it is a sound FITS file of another kind.
    NightglassError
        If it is damaged, holds no frames, or cannot be read.
    """
    handle = Handle(path)
    status = handle.status()
    hdus = scan(handle)
    image = _find_image(handle.path, hdus)
    return _assemble(handle.path, hdus, image, status)


def _not_a_cube(path: Path, why: str) -> NotACubeError:
    return NotACubeError(
        "Not a LightSpeed cube", f"{path.name} {why}.", "Open it as a plain FITS image.", path
    )


def _find_image(path: Path, hdus: list[HduInfo]) -> HduInfo:
    """The unit with the frames: DATA_CUBE by name, else the first 3-D image extension."""
    images = [hdu for hdu in hdus[1:] if hdu.kind == "image"]
    named = [hdu for hdu in images if hdu.name == "DATA_CUBE"]
    cubes = named or [hdu for hdu in images if len(hdu.axes) == 3]
    if not cubes:
        raise _not_a_cube(path, "has no DATA_CUBE extension")
    image = cubes[0]
    if len(image.axes) not in (2, 3):
        raise _not_a_cube(path, f"has a DATA_CUBE with {len(image.axes)} axes instead of 3")
    if image.cards.integer("BITPIX") not in (8, 16):
        bits = image.cards.integer("BITPIX")
        raise _not_a_cube(path, f"holds numbers of BITPIX {bits} instead of 8- or 16-bit counts")
    return image


def _find_stamps(path: Path, hdus: list[HduInfo]) -> StampTable:
    """The table with the time stamps: TIMESTAMPS by name, else the first with such a column."""
    tables = [hdu for hdu in hdus if hdu.kind == "table"]
    named = [hdu for hdu in tables if hdu.name == "TIMESTAMPS"]
    for hdu in named or tables:
        row = _row_type(path, hdu.cards)
        names = row.names or ()
        if "TIMESTAMP" in names and row["TIMESTAMP"].shape == ():
            table: StampTable = _shared(StampTable(hdu.data_offset, row, hdu.axes[0]))
            return table
    raise _not_a_cube(path, "has no TIMESTAMPS table")


def _row_type(path: Path, cards: Cards) -> np.dtype[Any]:
    """Type of one table row (FITS standard 4.0, section 7.3)."""
    fields: list[tuple[str, str, tuple[int, ...]]] = []
    for column in range(1, (cards.integer("TFIELDS") or 0) + 1):
        form = re.match(r"(\d*)([LXBIJKAEDCMPQ])", cards.text(f"TFORM{column}") or "")
        if form is None:
            raise damaged(path, f"has a table without a valid TFORM{column}")
        repeat, letter = int(form[1] or 1), form[2]
        kind, count = ("u1", -(-repeat // 8)) if letter == "X" else (_COLUMN_TYPES[letter], repeat)
        name = (cards.text(f"TTYPE{column}") or "").upper()
        # Equal or absent names are told apart by the column number; nobody asks for them.
        taken = not name or any(name == field[0] for field in fields)
        fields.append((f"#{column}" if taken else name, kind, () if count == 1 else (count,)))
    row = _row_of(tuple(fields))
    if row.itemsize != (cards.integer("NAXIS1") or 0):
        raise damaged(path, "has a table whose columns do not add up to its row length")
    return row


@lru_cache(maxsize=64)
def _row_of(fields: tuple[tuple[str, str, tuple[int, ...]], ...]) -> np.dtype[Any]:
    """Type with these fields; the same object for all cubes of a capture."""
    return np.dtype([field if field[2] else field[:2] for field in fields])


def _assemble(
    path: Path, hdus: list[HduInfo], image: HduInfo, status: os.stat_result
) -> CubeHeader:
    """Put the facts of all headers together."""
    primary, cards = hdus[0].cards, image.cards
    stamps = _find_stamps(path, hdus)
    bundles, bundle_rows, columns = (1, *image.axes)[-3:]
    if 0 in (bundles, bundle_rows, columns):
        raise NightglassError(
            "An empty cube", f"{path.name} holds no frames.", "Leave it out or take it again.", path
        )
    per_bundle, notes = frames_per_bundle(path, cards, bundle_rows)
    name = parse_name(path)
    number, number_notes = _number_of(name, primary)
    return CubeHeader(
        path=path,
        number=number,
        object_name=name.object_name if name else primary.text("OBJECT") or path.stem,
        start=name.start if name else None,
        frames_per_bundle=per_bundle,
        bundles=bundles,
        rows=bundle_rows // per_bundle,
        columns=columns,
        bundle_rows=bundle_rows,
        encoding=_shared(Encoding.from_cards(cards)),
        exposure_s=_duration(cards, "EXPOSURE TIME"),
        readout_s=_duration(cards, "TIMING READOUT TIME"),
        interval_s=_duration(cards, "INTERNAL FRAME INTERVAL") or None,
        subarray=_shared(subarray_of(cards)),
        binning=binning_of(cards),
        mode=mode_of(cards),
        gain_adu_per_e=gain_of(cards),
        filter=cards.text("FILTER"),
        temperature_c=cards.number("SENSOR TEMPERATURE"),
        gps_start=primary.text("GPSSTART"),
        primary=primary,
        cards=cards,
        data_offset=image.data_offset,
        stamps=stamps,
        size_bytes=status.st_size,
        modified_ns=status.st_mtime_ns,
        notes=(*notes, *number_notes, *_table_notes(stamps, bundles)),
    )


@lru_cache(maxsize=256)
def _shared(fact: _Fact) -> _Fact:
    """The first fact equal to this one: thousands of cubes share what they have in common."""
    return fact


def _duration(cards: Cards, keyword: str) -> float | None:
    """Duration in seconds; None when it is absent or no camera would do it."""
    number = cards.number(keyword)
    return number if number is not None and 0 <= number < _LONGEST_S else None


def _number_of(name: CubeName | None, primary: Cards) -> tuple[int, tuple[str, ...]]:
    """Number of a cube: its name decides, because the name is what orders a folder."""
    told = primary.integer("CUBEIDX")
    if name is None:
        return (told if told is not None and told >= 0 else 1), ()
    if told is not None and told != name.number:
        return name.number, (f"is number {name.number} by its name but says CUBEIDX {told}",)
    return name.number, ()


def _table_notes(stamps: StampTable, bundles: int) -> tuple[str, ...]:
    if stamps.rows >= bundles:
        return ()
    return (f"has time stamps for {stamps.rows} of its {bundles} bundles only",)
