"""What may be done to a night from outside: orders to its driver, status, report, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NightglassError
from . import control
from .layout import NightLayout
from .ledger import Ledger
from .lock import holds_driver
from .reading import read_night
from .request import journal_of

if TYPE_CHECKING:
    from pathlib import Path

    from ..report.status import NightStatus
    from ..watching.snapshot import NightSnapshot

_SAID = {
    "stop": "the reduction was asked to stop",
    "pause": "the reduction starts nothing new until 'night resume'",
    "resume": "the reduction goes on",
}


def is_running(output: Path) -> bool:
    """Whether a driver works in this folder now."""
    return holds_driver(NightLayout(output))


def order(output: Path, what: str) -> str:
    """Hand a running reduction an order: stop, pause or resume.

    Returns
    -------
    str
        What was done, in words.

    Raises
    ------
    NightglassError
        If nothing runs there.
    """
    journal_of(output)
    if not is_running(output):
        raise NightglassError(
            "No reduction is running", f"Nothing works in {output} now.",
            "'nightglass night resume' starts it again.", output,
        )  # fmt: skip
    given = {"stop": control.Order("stop"), "pause": control.Order("pause")}
    control.give(NightLayout(output).control, given.get(what, control.Order("resume")))
    return _SAID[what]


def retry(output: Path, unit: str) -> str:
    """Have a unit made again, now or by the next run.

    Raises
    ------
    NightglassError
        If there is no such unit.
    """
    known = Ledger(read_night(journal_of(output)))
    if known.newest(unit) is None:
        raise NightglassError(
            "There is no such unit", f"The night in {output} has no unit '{unit}'.",
            "'nightglass night status' lists them.", output,
        )  # fmt: skip
    control.give(NightLayout(output).control, control.Order("retry", unit))
    return f"{unit} is made again {_when(output)}"


def mark(output: Path, file: str, *, is_bad: bool) -> str:
    """Leave a raw frame out of the reduction, or take it in again."""
    journal_of(output)
    control.give(NightLayout(output).control, control.Order("mark" if is_bad else "unmark", file))
    return f"{file} is {'left out' if is_bad else 'used again'} {_when(output)}"


def _when(output: Path) -> str:
    return "now" if is_running(output) else "by the next run ('night resume')"


def status_of(output: Path) -> NightStatus:
    """How a night stands, from its journal.

    Raises
    ------
    NightglassError
        If there is no night.
    """
    from ..report.status import NightStatus

    return NightStatus.of(read_night(journal_of(output)), is_running=is_running(output))


def snapshot_of(output: Path) -> NightSnapshot:
    """How a night stands, with its history and what is wrong: what the window shows.

    Raises
    ------
    NightglassError
        If there is no night.
    """
    from ..watching.watcher import NightWatcher

    journal_of(output)
    watcher = NightWatcher(output, is_window=False)
    try:
        return watcher.look()
    finally:
        watcher.close()


def report_text(output: Path) -> str:
    """The report of a night as text."""
    from ..report.summary import night_text

    return night_text(read_night(journal_of(output)))


def write_report(output: Path) -> Path:
    """Write ``report.html``, with its pictures inside."""
    from ..report import summary

    return summary.write_report(read_night(journal_of(output)), output)


def write_overviews(output: Path) -> list[Path]:
    """Plot the stars between V 4.75 and 4.80 of every camera."""
    from ..report.overview_picture import light_curve_overview

    nights = _merged_nights(output)
    return [light_curve_overview(folder, folder.name[:8]) for folder in nights]


def export(output: Path) -> list[Path]:
    """Write the light curves of every camera in the layout of La Silla."""
    from ..products.la_silla import export_la_silla

    written: list[Path] = []
    for folder in _merged_nights(output):
        name = folder.name
        written += export_la_silla(
            folder / "fLC" / f"fLC_{name}.hdf5",
            folder / "sLC" / f"sLC_{name}.hdf5",
            folder / "LS",
        )
    return written


def _merged_nights(output: Path) -> list[Path]:
    journal_of(output)
    folders = sorted(path.parent.parent for path in output.glob("*/fLC/fLC_*.hdf5"))
    if not folders:
        raise NightglassError(
            "There are no light curves yet",
            f"No camera's night in {output} is finished.",
            "'nightglass night status' tells how far it is.",
            output,
        )
    return folders
