"""The summary as a mail: pictures embedded, sent where a server is set up, kept where it is not."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from base64 import b64decode
from copy import deepcopy
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, getaddresses, make_msgid
from typing import TYPE_CHECKING

from ...atomic import write_bytes
from ...errors import NightglassError, translate
from ..credentials import Credentials, find_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PREFIX = "NIGHTGLASS_SMTP_"
TIMEOUT_S = 30.0

_DATA_PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_IMPLICIT_TLS_PORT, _SUBMISSION_PORT = 465, 587
_WORDS = {"1": True, "yes": True, "true": True, "on": True,
          "0": False, "no": False, "false": False, "off": False}  # fmt: skip


@dataclass(frozen=True)
class MailSettings:
    """Where mails go.

    Parameters
    ----------
    host : str
        Of the mail server; empty: mails are kept as files.
    port : int
        465 is encrypted from the start.
    sender : str
    recipients : tuple of str
    is_encrypted : bool
        Whether the connection must be encrypted (STARTTLS, or from the start).
    """

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    is_encrypted: bool


@dataclass(frozen=True)
class Delivery:
    """What became of a mail.

    Parameters
    ----------
    sent : bool
    where : str
        The server it went to, or the file it is kept in; empty where neither was possible.
    reason : str
        Why it was not sent, in a sentence.
    """

    sent: bool
    where: str
    reason: str = ""


def mail_settings(environment: Mapping[str, str] = os.environ) -> MailSettings:
    """Read ``NIGHTGLASS_SMTP_HOST``, ``_PORT``, ``_FROM``, ``_TO`` and ``_STARTTLS`` (yes, no).

    Without ``_STARTTLS`` a connection is encrypted unless it stays in this computer.

    Raises
    ------
    NightglassError
        If a value is not understood; the variable is named.
    """
    host = environment.get(f"{PREFIX}HOST", "").strip()
    sender = environment.get(f"{PREFIX}FROM", "").strip()
    recipients = [address for _, address in getaddresses([environment.get(f"{PREFIX}TO", "")])]
    return MailSettings(
        host,
        _port(environment.get(f"{PREFIX}PORT", "").strip()),
        sender,
        tuple(filter(None, recipients)),
        _choice(environment.get(f"{PREFIX}STARTTLS", "").strip(), host not in _LOOPBACK),
    )


def _port(text: str) -> int:
    if not text:
        return _SUBMISSION_PORT
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise _misunderstood("PORT", text, "Give the number of a port, such as 587.")
    return int(text)


def _choice(text: str, usual: bool) -> bool:
    if text and text.lower() not in _WORDS:
        raise _misunderstood("STARTTLS", text, "Say yes or no.")
    return _WORDS.get(text.lower(), usual)


def _misunderstood(name: str, text: str, hint: str) -> NightglassError:
    return NightglassError(
        "The mail is not set up well", f"{PREFIX}{name} is {text!r}, which is not understood.", hint
    )


def build_message(
    subject: str, html: str, plain: str, png: bytes | None = None, name: str = "astrometry.png"
) -> EmailMessage:
    """Make a mail of the kind multipart/related.

    Parameters
    ----------
    subject : str
    html : str
        A page; PNG pictures inside it (data URIs, which mail readers do not show) become parts
        of the mail and are referred to.
    plain : str
        The same as text, for readers without HTML.
    png : bytes or None
        Shown below the page where it has no picture of its own.
    name : str
        File name of that picture.

    Returns
    -------
    email.message.EmailMessage
        The same for the same input: no date, and fixed boundaries.
    """
    html, pictures = _separated(html, png)
    text = EmailMessage(policy.SMTP)
    text.set_content(plain)
    text.add_alternative(html, subtype="html")
    text.set_boundary("nightglass-texts")
    mail = EmailMessage(policy.SMTP)
    mail["Subject"] = " ".join(subject.split())
    mail.make_related()
    mail.attach(text)
    for k, content in enumerate(pictures):
        mail.add_related(
            content, "image", "png", cid=f"<{_cid(k)}>", disposition="inline",
            filename=name if k == 0 else f"{k + 1}-{name}",
        )  # fmt: skip
    mail.set_boundary("nightglass-parts")
    return mail


def _cid(number: int) -> str:
    return f"picture{number + 1}@nightglass"


def _separated(html: str, png: bytes | None) -> tuple[str, list[bytes]]:
    """The page with references, and its pictures."""
    pictures: list[bytes] = []

    def refer(found: re.Match[str]) -> str:
        pictures.append(b64decode(found[1]))
        return f"cid:{_cid(len(pictures) - 1)}"

    html = _DATA_PICTURE.sub(refer, html)
    if png is not None and not pictures:
        pictures.append(png)
        shown = f'<p><img src="cid:{_cid(0)}" alt="Astrometry"></p>'
        head, end, tail = html.rpartition("</body>")
        html = f"{head}{shown}{end}{tail}" if end else html + shown
    return html, pictures


def send_mail(mail: EmailMessage, keep: Path) -> Delivery:
    """Send a mail as the environment says; keep it as a file where that does not work.

    Parameters
    ----------
    mail : EmailMessage
        Of `build_message`; sender and recipients are filled in.
    keep : Path
        File for a mail that cannot go, ending in ``.eml``.

    Returns
    -------
    Delivery
        Never raises: a night does not end for a mail.
    """
    try:
        settings, credentials = mail_settings(), find_credentials()
        _address(mail, settings, credentials)
        reason = _obstacle(settings, credentials)
        if not reason:
            reason = _send(mail, settings, credentials)
            return Delivery(sent=True, where=f"{settings.host}:{settings.port}", reason=reason)
    except Exception as error:  # noqa: BLE001 - whatever a server answers, the night goes on
        reason = _sentence(error)
    return _kept(mail, keep, reason)


def _address(mail: EmailMessage, settings: MailSettings, credentials: Credentials) -> None:
    del mail["From"], mail["To"]
    mail["From"] = settings.sender or credentials.user
    mail["To"] = ", ".join(settings.recipients)


def _obstacle(settings: MailSettings, credentials: Credentials) -> str:
    """Why a mail cannot be tried, in a sentence; empty when it can."""
    if not settings.host:
        return f"No mail server is set up ({PREFIX}HOST is not set)."
    if not settings.recipients:
        return f"Nobody is named to send it to ({PREFIX}TO is not set)."
    if not (settings.sender or credentials.user):
        return f"No sender is named ({PREFIX}FROM is not set)."
    if credentials.password and not settings.is_encrypted and settings.host not in _LOOPBACK:
        return f"The password would travel unencrypted ({PREFIX}STARTTLS is off)."
    return ""


def _send(mail: EmailMessage, settings: MailSettings, credentials: Credentials) -> str:
    """Send a dated copy; a sentence about the recipients that the server did not want."""
    sender = mail["From"].addresses[0].addr_spec
    dated = deepcopy(mail)
    dated["Date"] = formatdate(usegmt=True)
    dated["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "nightglass")
    with _connected(settings) as server:
        if credentials.password:
            server.login(credentials.user, credentials.password)
        refused = server.send_message(dated, sender, list(settings.recipients))
    return f"The mail server refused {', '.join(refused)}." if refused else ""


def _connected(settings: MailSettings) -> smtplib.SMTP:
    if not settings.is_encrypted:
        return smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S)
    context = ssl.create_default_context()
    if settings.port == _IMPLICIT_TLS_PORT:
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S)
    try:
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _sentence(error: Exception) -> str:
    """What went wrong, without a password that a server might echo."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server did not accept user and password."
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
        return f"The mail server refused the mail: {error.smtp_code} {text}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"The mail server refused {', '.join(error.recipients)}."
    if isinstance(error, NightglassError):
        return str(error)
    return f"The mail could not be sent: {str(error) or type(error).__name__}."


def _kept(mail: EmailMessage, keep: Path, reason: str) -> Delivery:
    try:
        keep.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(keep, mail.as_bytes())
    except Exception as error:  # noqa: BLE001 - a full disk is met by the night itself
        return Delivery(sent=False, where="", reason=f"{reason} {translate(error, keep)}")
    return Delivery(sent=False, where=str(keep), reason=reason)
