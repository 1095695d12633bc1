"""Which captures lie in a folder, around a cube, or in a list of files; by name, before opening."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NightglassError, translate
from .cube import CubeHeader, CubeName, parse_name, read_cube_header
from .times import parse_gps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..frames.positioned import PathLike

_FITS_ENDINGS = (".fits", ".fit", ".fts", ".fits.gz", ".fit.gz", ".fits.fz", ".fits.bz2")
_UNKNOWN_NAME = "its name is not OBJECT_YYYYMMDD_HHMMSS_cubeNNN.fits"


@dataclass(frozen=True)
class CaptureFiles:
    """The cube files of one capture.

    Attributes
    ----------
    object_name : str
        What the observer called it.
    start : str or None
        Local time in the file names, YYYYMMDD_HHMMSS; None when the files were renamed.
    folder : Path
        Where they lie.
    cubes : tuple of (int, Path)
        Number and file, in order of number.
    """

    object_name: str
    start: str | None
    folder: Path
    cubes: tuple[tuple[int, Path], ...]

    @property
    def name(self) -> str:
        """Short name of the capture."""
        return f"{self.object_name}_{self.start}" if self.start else self.object_name


@dataclass(frozen=True)
class Discovery:
    """What was found.

    Attributes
    ----------
    captures : tuple of CaptureFiles
        In order of start.
    problems : tuple of NightglassError
        What was asked for and cannot be used.
    ignored : tuple of NightglassError
        Files found beside the captures that belong to none, and why.
    """

    captures: tuple[CaptureFiles, ...]
    problems: tuple[NightglassError, ...] = ()
    ignored: tuple[NightglassError, ...] = ()


class _Finder:
    """Collects files by capture while paths are looked at."""

    def __init__(self) -> None:
        self.named: dict[Path, CubeName] = {}
        self.renamed: dict[Path, CubeHeader] = {}
        self.problems: list[NightglassError] = []
        self.ignored: list[NightglassError] = []

    def look_at_folder(self, folder: Path) -> None:
        """Take the captures in a folder, or in its sub-folders when it has none itself."""
        if self._take_folder(folder):
            return
        taken = [self._take_folder(path) for path in _entries(folder) if path.is_dir()]
        if not any(taken):
            self.problems.append(_nothing_in(folder))

    def _take_folder(self, folder: Path) -> bool:
        files = [path for path in _entries(folder) if _looks_like_fits(path)]
        found = {path: name for path in files if (name := parse_name(path)) is not None}
        strays = [path for path in files if path not in found]
        self.named.update(found)
        if found:
            self.ignored.extend(_stray(path) for path in strays)
            return True
        taken = [self._take_renamed(path, self.ignored) for path in strays]
        return any(taken)

    def look_at_file(self, path: Path) -> None:
        """Take a file that was asked for, whatever its name."""
        name = parse_name(path)
        if name is None:
            self._take_renamed(path, self.problems)
        else:
            self.named[path] = name

    def _take_renamed(self, path: Path, failures: list[NightglassError]) -> bool:
        """Take a file that is a cube by its content; else say why not."""
        try:
            self.renamed[path] = read_cube_header(path)
        except NightglassError as error:
            failures.append(error)
        return path in self.renamed

    def complete_single_files(self) -> None:
        """Add the rest of every capture of which exactly one file was asked for."""
        counts: dict[tuple[Path, str, str], int] = {}
        for path, name in self.named.items():
            key = _key(path, name)
            counts[key] = counts.get(key, 0) + 1
        single = {key for key, count in counts.items() if count == 1}
        for folder in {key[0] for key in single}:
            for path in _entries_or_none(folder):
                sibling = parse_name(path)
                if sibling is not None and _key(path, sibling) in single:
                    self.named.setdefault(path, sibling)

    def captures(self) -> list[CaptureFiles]:
        """Everything taken, by capture."""
        return [*self._named_captures(), *self._renamed_captures()]

    def _named_captures(self) -> list[CaptureFiles]:
        ordered = sorted(
            self.named.items(), key=lambda item: (_key(*item), item[1].number, item[0].name)
        )
        return [
            CaptureFiles(key[1], key[2], key[0], self._once([(n.number, p) for p, n in group]))
            for key, group in groupby(ordered, key=lambda item: _key(*item))
        ]

    def _renamed_captures(self) -> list[CaptureFiles]:
        ordered = sorted(
            self.renamed.values(), key=lambda header: (_identity(header), header.number)
        )
        return [
            CaptureFiles(
                key[1], None, Path(key[0]), self._once([(h.number, h.path) for h in group])
            )
            for key, group in groupby(ordered, key=_identity)
        ]

    def _once(self, cubes: list[tuple[int, Path]]) -> tuple[tuple[int, Path], ...]:
        """Keep one file for each number."""
        kept: dict[int, Path] = {}
        for number, path in cubes:
            if number in kept:
                why = f"{kept[number].name} already is cube {number}"
                self.ignored.append(_left_out(path, why))
            else:
                kept[number] = path
        return tuple(kept.items())


def find_captures(paths: PathLike | Iterable[PathLike]) -> Discovery:
    """Find captures from a cube, a folder, or several of both.

    One file stands for its whole capture. Several files of one capture stand for themselves.
    A folder stands for every capture in it, or in its sub-folders when it holds none itself.

    Parameters
    ----------
    paths : path-like or iterable of path-like
        Relative and bare file names are fine.

    Returns
    -------
    Discovery
        File names only are looked at, but for files that do not carry a cube's name.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    finder = _Finder()
    for item in dict.fromkeys(Path(os.path.abspath(path)) for path in given):  # noqa: PTH100 - keeps symbolic links
        try:
            (finder.look_at_folder if item.is_dir() else finder.look_at_file)(item)
        except OSError as error:
            finder.problems.append(translate(error, item))
    finder.complete_single_files()
    captures = sorted(finder.captures(), key=lambda files: (files.start or "", files.name))
    return Discovery(tuple(captures), tuple(finder.problems), tuple(finder.ignored))


def the_only_capture(paths: PathLike | Iterable[PathLike]) -> CaptureFiles:
    """Find one capture.

    Raises
    ------
    NightglassError
        If there is none, with the reason, or if there are several, with their names.
    """
    found = find_captures(paths)
    if len(found.captures) == 1:
        return found.captures[0]
    if not found.captures:
        raise (*found.problems, *found.ignored)[0]
    names = ", ".join(files.name for files in found.captures)
    raise NightglassError(
        "Several captures", f"There are {len(found.captures)}: {names}.", "Choose a cube of one."
    )


def _key(path: Path, name: CubeName) -> tuple[Path, str, str]:
    """What the cubes of one capture have in common."""
    return path.parent, name.object_name, name.start


def _identity(header: CubeHeader) -> tuple[str, str, str]:
    """What renamed cubes of one capture have in common."""
    started = parse_gps(header.gps_start)
    return str(header.path.parent), header.object_name, started.iso(9) if started else ""


def _entries(folder: Path) -> list[Path]:
    """Visible entries of a folder, by name."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    return [folder / name for name in names]


def _entries_or_none(folder: Path) -> list[Path]:
    """Visible entries; none when the folder cannot be listed, though a file in it may open."""
    try:
        return _entries(folder)
    except OSError:
        return []


def _looks_like_fits(path: Path) -> bool:
    return path.name.lower().endswith(_FITS_ENDINGS) and not path.is_dir()


def _left_out(path: Path, why: str) -> NightglassError:
    return NightglassError("A file was left out", f"{path.name} is left out: {why}.", "", path)


def _stray(path: Path) -> NightglassError:
    return _left_out(path, _UNKNOWN_NAME)


def _nothing_in(folder: Path) -> NightglassError:
    return NightglassError(
        "No capture",
        f"{folder} holds no LightSpeed cubes.",
        "Choose a folder with files named OBJECT_YYYYMMDD_HHMMSS_cubeNNN.fits.",
        folder,
    )
