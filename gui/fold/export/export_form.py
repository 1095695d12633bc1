"""What of a fold can be exported, how, and under what name: plain values of the dialog."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from ....core.errors import NightglassError

ExportKind = Literal["profile", "raster", "toas", "phases", "plot"]

REPLACE = "Replace files of these names"

_ODD = re.compile(r"[^\w.+-]+")


@dataclass(frozen=True)
class ExportLine:
    """One thing that can be exported.

    Attributes
    ----------
    kind : str
    label : str
        With the letter of its key.
    about : str
        What is in it.
    ending : str
        Of the names offered.
    formats : tuple of (str, str)
        What each kind of file is called, and its suffix; the first is the usual one.
    """

    kind: ExportKind
    label: str
    about: str
    ending: str
    formats: tuple[tuple[str, str], ...]

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Suffixes of its files."""
        return tuple(suffix for _, suffix in self.formats)


_FITS, _ECSV, _CSV = ("FITS", ".fits"), ("ECSV", ".ecsv"), ("CSV", ".csv")

LINES: tuple[ExportLine, ...] = (
    ExportLine(
        "profile", "Pro&file", "Rate, error, exposure and frames of every bin",
        "profile", (_FITS, _ECSV, _CSV, ("PRESTO", ".bestprof")),
    ),
    ExportLine(
        "raster", "&Raster", "Rate, error and exposure against phase and time",
        "raster", (_FITS, _ECSV, _CSV),
    ),
    ExportLine(
        "toas", "&Times of arrival", "For PINT and TEMPO2, with errors",
        "toas", (("TEMPO2", ".tim"),),
    ),
    ExportLine(
        "phases", "P&hases of frames", "UTC, turns, phase, light and error of every frame",
        "phases", (_FITS, _ECSV, _CSV, ("HDF5", ".h5")),
    ),
    ExportLine(
        "plot", "&Plot", "The plots as they stand in the window",
        "fold", (("PDF", ".pdf"), ("PNG", ".png"), ("SVG", ".svg")),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class ExportSubject:
    """The fold that is exported.

    Attributes
    ----------
    capture, psr : str
        For the names of files.
    folder : Path
        Where they go unless told otherwise.
    rows : int
        Of the raster.
    row_s : float
        Seconds that each lasts.
    place : str
        Where times of arrival are told for beside the centre of the Earth; "" for nowhere.
    missing : mapping of str to str
        Kinds that cannot be exported, and why.
    """

    capture: str
    psr: str
    folder: Path
    rows: int
    row_s: float
    place: str = ""
    missing: tuple[tuple[ExportKind, str], ...] = ()

    def name(self, line: ExportLine, suffix: str) -> str:
        """Name offered for a product."""
        parts = (self.capture, self.psr, line.ending)
        return "_".join(_plain(part) for part in parts if part) + suffix


@dataclass(frozen=True)
class ExportItem:
    """One file that is wanted."""

    kind: ExportKind
    path: Path


@dataclass(frozen=True)
class ExportWish:
    """The answer of the dialog.

    Attributes
    ----------
    items : tuple of ExportItem
    may_replace : bool
        Whether files of these names may be replaced.
    toa_rows : int or None
        Rows of the raster for each time of arrival; None for one of all light.
    is_geocentric : bool
        Whether times of arrival are told for the centre of the Earth.
    is_white : bool
        Whether the plot is on white paper.
    """

    items: tuple[ExportItem, ...]
    may_replace: bool = False
    toa_rows: int | None = None
    is_geocentric: bool = False
    is_white: bool = True


def told(error: NightglassError) -> str:
    """Failure in the words of the dialog, which has a box in place of an option."""
    return str(error).replace("add --clobber to replace it", f"tick '{REPLACE}'")


def _plain(text: str) -> str:
    """Text without what makes trouble in names of files."""
    return _ODD.sub("_", text).strip("_.")
