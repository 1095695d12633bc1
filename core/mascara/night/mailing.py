"""The report of a whole night as a mail, at any time and as often as it is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import read_night
from .request import journal_of

if TYPE_CHECKING:
    from pathlib import Path

    from ..report.mail import Delivery


def mail_report(output: Path) -> Delivery:
    """Send the report of the latest night in a folder, its pictures inside.

    Parameters
    ----------
    output : Path
        Folder of the products; there a mail that cannot go is kept.

    Returns
    -------
    Delivery
        Whether it went, and where it is.

    Raises
    ------
    NightglassError
        If the folder holds no night.
    """
    from ..report.mail import build_message, send_mail
    from ..report.records import night_records
    from ..report.summary import night_html, night_text

    records = read_night(journal_of(output))
    night = night_records(records)
    subject = " ".join(filter(None, ("Night", night.night, night.site)))
    mail = build_message(
        subject, night_html(records, output), night_text(records), name="night.png"
    )
    return send_mail(mail, output / f"report-{night.night or 'empty'}.eml")


def in_words(delivery: Delivery) -> str:
    """What became of a mail, in sentences."""
    if delivery.sent:
        return " ".join(filter(None, (f"The report went to {delivery.where}.", delivery.reason)))
    if not delivery.where:
        return f"The report was not sent. {delivery.reason}"
    return f"The report was not sent. {delivery.reason} It is kept as {delivery.where}."
