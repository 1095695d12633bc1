"""Where a night lives on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from glob import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

JOURNAL = "journal.jsonl"
_FOLDERS = ("fLC", "sLC", "binned", "lightcurves", "thumbs", "log", "tmp")


def unit_of(camera: str, batch: int) -> str:
    """Name of the unit of one batch: ``LPC-00212021``."""
    return f"{camera}-{batch:08d}"


def camera_of_unit(unit: str) -> str:
    """Camera of a unit; empty where its name does not begin with one."""
    head, dash, _ = unit.partition("-")
    return head if dash and " " not in head else ""


def batch_of_unit(unit: str) -> int | None:
    """Number of the batch that a unit is; None for a unit that is no batch."""
    parts = unit.split("-")
    return int(parts[1]) if len(parts) == 2 and parts[1].isdecimal() else None


def merge_unit(night: str, camera: str) -> str:
    """Name of the unit that joins a camera's night: ``LPC-merge-20160130``."""
    return f"{camera}-merge-{night}"


@dataclass(frozen=True)
class CameraNight:
    """The folder of one camera in one night.

    Parameters
    ----------
    folder : Path
        ``DIR/<date><cam>``.
    night : str
        Evening date, YYYYMMDD.
    camera : str
        Camera id such as ``LPC``.
    """

    folder: Path
    night: str
    camera: str

    @property
    def name(self) -> str:
        """``<date><cam>``."""
        return f"{self.night}{self.camera}"

    def make(self) -> None:
        """Make its folders."""
        for name in _FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def batch(self, kind: str, batch: int) -> Path:
        """Temporary file of one batch; `kind` is fast or slow."""
        return self.folder / "tmp" / f"tmp_{kind}{batch:08d}.hdf5"

    def has_batch(self, batch: int) -> bool:
        """Whether both temporary files of a batch are there."""
        return self.batch("fast", batch).exists() and self.batch("slow", batch).exists()

    def batches(self, kind: str) -> list[Path]:
        """The temporary files that are there, in order of time."""
        return sorted((self.folder / "tmp").glob(f"tmp_{kind}*.hdf5"))

    def group(self, group: str) -> list[Path]:
        """The temporary thumbnails of a group that are there, in order of time."""
        digits = "[0-9]" * 8
        return sorted((self.folder / "tmp").glob(f"thumbs_{escape(group)}{digits}.hdf5"))

    def thumbnails(self, group: str, batch: int) -> Path:
        """Temporary file of the thumbnails of a group of stars in one batch."""
        return self.folder / "tmp" / f"thumbs_{group}{batch:08d}.hdf5"

    @property
    def fast_file(self) -> Path:
        """Fast light curves of the night."""
        return self.folder / "fLC" / f"fLC_{self.name}.hdf5"

    @property
    def slow_file(self) -> Path:
        """Slow light curves of the night."""
        return self.folder / "sLC" / f"sLC_{self.name}.hdf5"


@dataclass(frozen=True)
class NightLayout:
    """The output folder of a reduction.

    Parameters
    ----------
    output : Path
    calibration : Path or None
        Folder of the master frames, when they are kept elsewhere.
    """

    output: Path
    calibration_elsewhere: Path | None = None

    @property
    def journal(self) -> Path:
        """The record of finished units."""
        return self.output / JOURNAL

    @property
    def report(self) -> Path:
        """The report of the night."""
        return self.output / "report.html"

    @property
    def lock(self) -> Path:
        """Held by the one driver."""
        return self.output / "driver.lock"

    @property
    def control(self) -> Path:
        """Folder of what users ask of the driver."""
        return self.output / "control"

    @property
    def calibration(self) -> Path:
        """Folder of the master frames and their look-up tables."""
        return self.calibration_elsewhere or self.output / "calibration"

    def camera_night(self, night: str, camera: str) -> CameraNight:
        """The folder of one camera in one night."""
        return CameraNight(self.output / f"{night}{camera}", night, camera)


def is_night(path: Path) -> bool:
    """Whether a path is the output folder of a reduction."""
    return NightLayout(path).journal.is_file()
