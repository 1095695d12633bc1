"""Which raw frames there are: camera, slot and kind, from file names and headers.

Two generations of names are read. At La Silla and the bRing stations a name begins with the slot
(``48506263LSC.fits``), at La Palma with the time (``20160130T203012LPC.fits``), so that the slot
comes from the header. Calibration frames have their kind in the name (``48506263LSCdark.fits``);
only the name of the file counts, never that of its folder.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from ...errors import NightglassError, translate
from ...timing.stations import find_station
from .raw_bytes import RawBytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...frames.cards import Cards

Kind = Literal["science", "dark", "bias", "flat"]
_TAGS: tuple[Kind, ...] = get_args(Kind)[1:]
_SUFFIXES = (".fits", ".fits.gz")
_CAMERA = re.compile(r"(?<![A-Z])[A-Z]{2}[NESWC](?![A-Z])")
_SLOT = re.compile(r"(?<!\d)\d{8}(?=[A-Z]{2}[NESWC](?![A-Z]))")
_NIGHT_FOLDER = re.compile(r"\d{8}[A-Z]{2}[NESWC]")
_PLACE = attrgetter("camera", "lstseq", "kind", "path")
_PRODUCTS = ("MASTER", "BINIMAGE")


@dataclass(frozen=True, order=True)
class RawFile:
    """One raw frame on the disk.

    Attributes
    ----------
    camera : str
        Camera id such as ``LPC``.
    lstseq : int
        Its slot.
    kind : {"science", "dark", "bias", "flat"}
    path : Path
    size : int
        Bytes on the disk.
    mtime_ns : int
        Time of its last change, nanoseconds.
    is_whole : bool
        Whether it is as long as its header says, or is no FITS file and never will be.
    """

    camera: str
    lstseq: int
    kind: Kind
    path: Path
    size: int
    mtime_ns: int
    is_whole: bool = True

    @cached_property
    def name(self) -> str:
        """Name of the file; kept, because many thousand of these are sorted again and again."""
        return self.path.name

    @cached_property
    def digest(self) -> str:
        """Changes with name, size or time of the file; not with its folder."""
        text = f"{self.name}:{self.size}:{self.mtime_ns}"
        return sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Told:
    """What the camera process says of a file; "" where it says nothing."""

    tag: str = ""
    camera: str = ""


@dataclass(frozen=True)
class _Look:
    """A file as it was when it was last looked at; neither file nor reason: it is no raw frame."""

    size: int
    mtime_ns: int
    file: RawFile | None = None
    reason: str = ""


class RawFolders:
    """Raw frames of some folders; a header is read once for each size of a file.

    Folders inside, such as ``20160130LPC``, are looked into when they have the name of a night.

    Parameters
    ----------
    folders : sequence of Path
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._told: dict[str, _Told] = {}
        self._looks: dict[str, _Look] = {}

    def add(self, path: Path, tag: str = "", camera: str = "") -> None:
        """Look at this file as well from now on, in whatever folder it is.

        Parameters
        ----------
        path : Path
        tag : str
            Kind of frame; what names none of dark, bias and flat means science.
        camera : str
            Camera id or its letter; "" leaves it to name and header.
        """
        self._told[str(path)] = _Told(tag, camera)

    def scan(self) -> list[RawFile]:
        """Look again.

        Returns
        -------
        list of RawFile
            Everything that is there now, by camera and slot; files that are still growing too.

        Raises
        ------
        NightglassError
            If a folder cannot be read.
        """
        looks: dict[str, _Look] = {}
        for path, status in self._entries():
            known = self._looks.get(path)
            if known is None or (known.size, known.mtime_ns) != (
                status.st_size,
                status.st_mtime_ns,
            ):
                known = _look(Path(path), status, self._told.get(path, _Told()))
            looks[path] = known
        self._looks = looks
        return sorted((look.file for look in looks.values() if look.file), key=_PLACE)

    def unreadable(self) -> dict[str, str]:
        """Files of the last `scan` that cannot be placed (yet), by name, with the reason."""
        found = ((Path(path).name, look.reason) for path, look in self._looks.items())
        return {name: reason for name, reason in sorted(found) if reason}

    def _entries(self) -> Iterator[tuple[str, os.stat_result]]:
        for folder in self._folders:
            try:
                yield from _files_of(folder, is_outer=True)
            except OSError as error:
                raise translate(error, folder) from error
        for path in self._told:
            with suppress(OSError):  # gone again, or not there yet
                yield path, os.stat(path)  # noqa: PTH116 - thousands of these, many times


def _files_of(folder: str | Path, *, is_outer: bool) -> Iterator[tuple[str, os.stat_result]]:
    """Files with names of FITS files in a folder and, from the outer one, in its nights."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(_SUFFIXES) and not entry.name.startswith("."):
                with suppress(FileNotFoundError):  # removed meanwhile
                    yield entry.path, entry.stat()
            elif is_outer and _NIGHT_FOLDER.fullmatch(entry.name) and entry.is_dir():
                yield from _files_of(entry.path, is_outer=False)


def _look(path: Path, status: os.stat_result, told: _Told) -> _Look:
    """Read the header of a file and find out what it is."""
    look = _Look(status.st_size, status.st_mtime_ns)
    cards, whole, trouble = _header(path)
    if cards is not None and (cards.text("IMAGETYP") or "").upper().startswith(_PRODUCTS):
        return look
    camera = _camera(path, cards, told)
    lstseq = _lstseq(path, cards)
    if camera is None or lstseq is None:
        what = trouble or f"neither name nor header tells its {'slot' if camera else 'camera'}"
        return replace(look, reason=what)
    file = RawFile(
        camera, lstseq, _kind(path, cards, told), path, status.st_size, status.st_mtime_ns, whole
    )
    in_header = cards and cards.integer("LSTSEQ")
    if in_header is not None and in_header != lstseq:
        return replace(look, reason=f"its name tells slot {lstseq}, its header {in_header}")
    return replace(look, file=file)


def _header(path: Path) -> tuple[Cards | None, bool, str]:
    """Cards of a file, whether it is whole, and what is wrong with it.

    What does not even start like a FITS file counts as whole: there is nothing to wait for.
    """
    from ...frames.positioned import IncompleteFileError

    try:
        raw = RawBytes(path)
        cards = raw.header()
    except IncompleteFileError as error:
        return None, False, error.text
    except NightglassError as error:
        return None, True, error.text
    return cards, raw.is_whole(cards), ""


def _camera(path: Path, cards: Cards | None, told: _Told) -> str | None:
    """Camera id: the one told, else that of the name, else that of the header."""
    for text in (told.camera, path.name):
        if found := _CAMERA.search(text):
            return found.group()
    letter = cards and cards.text("CAMERA")
    site = cards and cards.text("SITE-OBS")
    if not letter or not site:
        return None
    with suppress(NightglassError):
        return f"{find_station(site).code}{letter[-1].upper()}"
    return None


def _lstseq(path: Path, cards: Cards | None) -> int | None:
    if named := _SLOT.search(path.name):
        return int(named.group())
    return cards.integer("LSTSEQ") if cards else None


def _kind(path: Path, cards: Cards | None, told: _Told) -> Kind:
    """Kind of frame: as told, else by the name of the file, else by its header."""
    texts = (told.tag,) if told.tag else (path.name, (cards and cards.text("IMAGETYP")) or "")
    for text in texts:
        for tag in _TAGS:
            if tag in text.lower():
                return tag
    return "science"
