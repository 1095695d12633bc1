"""The documented way to send a summary."""

from __future__ import annotations

from pathlib import Path

from .mail import Delivery, build_message, send_mail


def send_summary(
    logpath: str | Path, message: str, alternate: str, camera: str, site: str, night: str
) -> Delivery:
    """Send the summary of a reduction, with the night's astrometry embedded.

    Parameters
    ----------
    logpath : path-like
        The log or its folder: there a mail that cannot go is kept, and there the picture of
        the astrometry is taken from where the message has none.
    message, alternate : str
        The summary as HTML and as text.
    camera, site, night : str

    Returns
    -------
    Delivery
        Whether it went, and where it is; never raises for a mail that cannot go.
    """
    path = Path(logpath)
    folder = path if path.is_dir() else path.parent
    subject = " ".join(filter(None, ("Reduction summary", night, site, camera)))
    pictures = sorted(folder.glob(f"*{night}*astro.png"))
    mail = build_message(subject, message, alternate, _content(pictures[0]) if pictures else None)
    return send_mail(mail, folder / f"summary-{night}{camera}.eml")


def _content(picture: Path) -> bytes | None:
    try:
        return picture.read_bytes()
    except OSError:
        return None
