"""The report of a night for the window, made in a process of its own.

Drawing a dozen pictures takes seconds in which a thread of this process would hold up the others.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...engine.jobs import JobContext


def report_html(output: Path, ctx: JobContext) -> str:
    """The report of the latest night in a folder; nothing is written.

    One that lies there is taken as it is where nothing happened in the night since.

    Raises
    ------
    NightglassError
        If the folder holds no night.
    """
    kept = _kept(output)
    return str(_elsewhere(ctx, make_html, output)) if kept is None else kept


def write_report(output: Path, ctx: JobContext) -> Path:
    """Write the report into the folder; gives its file.

    Raises
    ------
    NightglassError
        If the folder holds no night or cannot be written.
    """
    return Path(_elsewhere(ctx, make_file, output))


def mail_report(output: Path, ctx: JobContext) -> tuple[bool, str]:
    """Send the report.

    Returns
    -------
    sent : bool
    words : str
        What became of it, in sentences.

    Raises
    ------
    NightglassError
        If the folder holds no night.
    """
    sent, words = _elsewhere(ctx, make_mail, output)
    return bool(sent), str(words)


def make_html(_: JobContext, output: str) -> str:
    """The report as HTML; called in the process of its own."""
    from ...mascara.night.reading import read_night
    from ...mascara.night.request import journal_of
    from ...mascara.report.summary import night_html

    return night_html(read_night(journal_of(Path(output))), Path(output))


def make_file(_: JobContext, output: str) -> str:
    """Name of the report written; called in the process of its own."""
    from ...mascara.night.verbs import write_report as write

    return str(write(Path(output)).absolute())


def make_mail(_: JobContext, output: str) -> tuple[bool, str]:
    """What became of the mail; called in the process of its own."""
    from ...mascara.night.mailing import in_words
    from ...mascara.night.mailing import mail_report as mail

    delivery = mail(Path(output))
    return delivery.sent, in_words(delivery)


def _kept(output: Path) -> str | None:
    from ...mascara.night.layout import NightLayout

    layout = NightLayout(output)
    try:
        if layout.report.stat().st_mtime_ns < layout.journal.stat().st_mtime_ns:
            return None
        return layout.report.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _elsewhere(ctx: JobContext, function: Any, output: Path) -> Any:
    from ...engine.child import run_in_child

    target = f"{function.__module__}:{function.__name__}"
    return run_in_child(ctx, target, {"output": str(output)})
