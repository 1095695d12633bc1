"""After the last unit of a night: the report is written and the summary mailed."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from ...errors import NightglassError, translate
from .reading import read_night

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ...engine.journal import Record
    from .layout import NightLayout

_log = logging.getLogger(__name__)


def mails(layout: NightLayout, merges: Iterable[Record]) -> Iterator[Record]:
    """Mail the summary of each merged camera, where a server is set up; gives journal records.

    A mail that cannot go is kept beside the log and never stops the night.
    """
    from ..report.mail import mail_settings

    if not mail_settings().host:
        return
    for merge in merges:
        night, camera = merge["night"], merge["camera"]
        try:
            yield _mail(layout.camera_night(night, camera).folder / "log", camera, night)
        except NightglassError as error:
            _log.warning("%s", error)


def _mail(folder: Path, camera: str, night: str) -> Record:
    from ...timing.stations import find_station
    from ..report.send_summary import send_summary
    from ..report.summary import reduction_summary

    site = find_station(camera).name
    html, text = (
        reduction_summary(folder, site, camera, night, night, form) for form in ("html", "text")
    )
    sent = send_summary(folder, html, text, camera, site, night)
    where = sent.where if sent.sent else folder.name
    return {
        "kind": "mail", "camera": camera, "night": night, "sent": sent.sent, "where": where,
        "reason": sent.reason, "at": round(time.time(), 3),
    }  # fmt: skip


def write_report(layout: NightLayout) -> None:
    """Write ``report.html``; a night is not lost for want of a report."""
    from ..report import summary

    try:
        summary.write_report(read_night(layout.journal), layout.output)
    except (NightglassError, OSError) as error:
        _log.warning("%s", translate(error, layout.output))
