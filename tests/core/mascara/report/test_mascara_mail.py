"""Summaries by mail: through real servers on the loopback, and kept where that fails."""

from __future__ import annotations

import email
import shutil
import ssl
import subprocess
import sys
from base64 import b64encode
from email import policy
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from nightglass.core.mascara import credentials
from nightglass.core.mascara.credentials import find_credentials
from nightglass.core.mascara.report.mail import build_message, mail_settings, send_mail
from nightglass.core.mascara.report.send_summary import send_summary

from .mascara_journal import NIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    Server = Callable[..., "Inbox"]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PAGE = "<!DOCTYPE html><html><body><p>Überblick &lt;ok&gt;</p></body></html>"
SECRET = "correct horse"


class Inbox:
    """What a server received."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refused: set[str] = set()
        self.refuses_all = False

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, _: Any
    ) -> str:
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuses_all:
            return "554 no, thank you"
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


class Loopback(Controller):
    """A mail server at a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Start a mail server and set the environment up for it."""
    running: list[Loopback] = []

    def start(**options: Any) -> Inbox:
        inbox = Inbox()
        controller = Loopback(inbox, hostname="127.0.0.1", port=0, **options)
        controller.start()
        running.append(controller)
        host = "localhost" if "tls_context" in options else "127.0.0.1"
        set_up(monkeypatch, HOST=host, PORT=str(controller.port))
        return inbox

    yield start
    for controller in running:
        controller.stop()


def set_up(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    usual = {"FROM": "Station <station@example.org>", "TO": "a@example.org, B <b@example.org>"}
    for name, value in {**usual, **variables}.items():
        monkeypatch.setenv(f"NIGHTGLASS_SMTP_{name}", value)


def send(folder: Path) -> Any:
    return send_summary(folder, PAGE, "Überblick <ok>", "LPC", "LaPalma", NIGHT)


def test_a_summary_arrives_with_page_text_and_picture(server: Server, tmp_path: Path) -> None:
    inbox = server()
    (tmp_path / f"{NIGHT}LPCastro.png").write_bytes(PNG)
    delivery = send(tmp_path)
    assert delivery.sent, delivery.reason
    assert list(tmp_path.glob("*.eml")) == []
    (mail,) = inbox.mails
    assert inbox.recipients == [["a@example.org", "b@example.org"]]
    assert mail["Subject"] == "Reduction summary 20160130 LaPalma LPC"
    assert mail["From"] == "Station <station@example.org>"
    assert mail["Date"]
    assert mail["Message-ID"].endswith("@example.org>")
    assert mail.get_content_type() == "multipart/related"
    texts, picture = mail.iter_parts()
    assert texts.get_content_type() == "multipart/alternative"
    plain, page = texts.iter_parts()
    assert plain.get_content().strip() == "Überblick <ok>"
    assert 'src="cid:picture1@nightglass"' in page.get_content()
    assert picture["Content-ID"] == "<picture1@nightglass>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content() == PNG


def test_pictures_inside_the_page_become_parts_of_the_mail() -> None:
    data = b64encode(PNG).decode()
    page = f'<body><img src="data:image/png;base64,{data}"><img src="data:image/png;base64,{data}">'
    mail = build_message("x", page, "x", PNG)
    texts, *pictures = mail.iter_parts()
    content = texts.get_body(("html",)).get_content()
    assert "data:" not in content
    assert content.count("cid:") == len(pictures) == 2
    assert all(picture.get_content() == PNG for picture in pictures)


def test_a_mail_is_the_same_each_time_and_its_subject_one_line() -> None:
    mails = [build_message("two\r\nBcc: x@y.z", PAGE, "x", PNG) for _ in range(2)]
    assert mails[0].as_bytes() == mails[1].as_bytes()
    assert mails[0]["Subject"] == "two Bcc: x@y.z"
    assert mails[0]["Bcc"] is None


def test_a_mail_without_a_server_is_kept_and_can_be_opened(tmp_path: Path) -> None:
    delivery = send(tmp_path)
    assert not delivery.sent
    assert delivery.where == str(tmp_path / f"summary-{NIGHT}LPC.eml")
    assert "NIGHTGLASS_SMTP_HOST" in delivery.reason
    kept = email.message_from_bytes(Path(delivery.where).read_bytes(), policy=policy.default)
    assert kept["Subject"] == "Reduction summary 20160130 LaPalma LPC"
    assert kept["Date"] is None


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"HOST": "127.0.0.1", "PORT": "1"}, "could not be sent"),
        ({"HOST": "127.0.0.1", "PORT": "smtp"}, "NIGHTGLASS_SMTP_PORT is 'smtp'"),
        ({"HOST": "127.0.0.1", "STARTTLS": "maybe"}, "NIGHTGLASS_SMTP_STARTTLS is 'maybe'"),
        ({"HOST": "127.0.0.1", "TO": ""}, "Nobody is named"),
        ({"HOST": "127.0.0.1", "FROM": ""}, "No sender is named"),
        ({"HOST": "127.0.0.1", "FROM": "a@b.c\nBcc: x@y.z"}, "could not be sent"),
        (
            {"HOST": "mail.invalid", "USER": "u", "PASSWORD": SECRET, "STARTTLS": "no"},
            "unencrypted",
        ),
        ({"HOST": "mail.invalid"}, "could not be sent"),
    ],
)
def test_a_mail_that_cannot_go_is_kept_with_the_reason(
    variables: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_up(monkeypatch, **variables)
    delivery = send(tmp_path)
    assert not delivery.sent
    assert words in delivery.reason
    assert Path(delivery.where).exists()
    assert SECRET not in delivery.reason


def test_a_server_that_refuses_is_quoted(server: Server, tmp_path: Path) -> None:
    inbox = server()
    inbox.refused = {"a@example.org"}
    delivery = send(tmp_path)
    assert delivery.sent
    assert "refused a@example.org" in delivery.reason
    inbox.refuses_all = True
    delivery = send(tmp_path)
    assert not delivery.sent
    assert "554 no, thank you" in delivery.reason
    inbox.refused.add("b@example.org")
    assert "refused a@example.org, b@example.org" in send(tmp_path).reason


def test_where_nothing_can_be_kept_the_night_goes_on_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    delivery = send_mail(build_message("x", PAGE, "x"), tmp_path / "file" / "mail.eml")
    assert (delivery.sent, delivery.where) == (False, "")
    assert "No mail server is set up" in delivery.reason


@pytest.mark.expected_log  # of the server
def test_user_and_password_are_handed_over(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[tuple[bytes, bytes]] = []

    def check(
        _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == SECRET.encode(), handled=False)

    inbox = server(authenticator=check, auth_require_tls=False)
    set_up(monkeypatch, USER="observer", PASSWORD=SECRET)
    assert send(tmp_path).sent
    assert (seen[0], len(inbox.mails)) == ((b"observer", SECRET.encode()), 1)
    set_up(monkeypatch, PASSWORD="wrong")
    delivery = send(tmp_path)
    assert delivery.reason == "The mail server did not accept user and password."


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost, made for this test only."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl absent: no certificate can be made")
    path = tmp_path / "localhost.pem"
    key = tmp_path / "localhost.key"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-keyout", str(key), "-out", str(path), "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return path


@pytest.mark.expected_log  # of the server
def test_an_encrypted_connection_needs_a_certificate_that_is_trusted(
    server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    inbox = server(tls_context=context, require_starttls=True)
    assert not send(tmp_path).sent  # a loopback host is not encrypted unless told
    set_up(monkeypatch, STARTTLS="yes")
    delivery = send(tmp_path)
    assert not delivery.sent
    assert "certificate" in delivery.reason
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert send(tmp_path).sent
    assert len(inbox.mails) == 1


def test_connections_are_encrypted_unless_they_stay_in_the_computer() -> None:
    for host, encrypted in (("mail.example.org", True), ("localhost", False), ("::1", False)):
        settings = mail_settings({"NIGHTGLASS_SMTP_HOST": host})
        assert (settings.is_encrypted, settings.port) == (encrypted, 587)


def test_credentials_come_from_the_environment_and_show_no_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert find_credentials() == credentials.Credentials()
    set_up(monkeypatch, USER="observer", PASSWORD=SECRET)
    assert (credentials.user, credentials.password) == ("observer", SECRET)
    assert SECRET not in repr(find_credentials())
    with pytest.raises(AttributeError):
        _ = credentials.secret


def test_the_keyring_is_asked_where_the_environment_has_no_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, str | None]] = []

    def get_credential(service: str, user: str | None) -> Any:
        asked.append((service, user))
        return SimpleNamespace(username=user or "kept", password=SECRET)

    fake_keyring(monkeypatch, get_credential)
    assert find_credentials() == credentials.Credentials("kept", SECRET)
    set_up(monkeypatch, USER="observer")
    assert find_credentials() == credentials.Credentials("observer", SECRET)
    assert asked == [("nightglass", None), ("nightglass", "observer")]
    set_up(monkeypatch, PASSWORD="told")
    assert find_credentials().password == "told"
    assert len(asked) == 2


def test_a_keyring_that_is_locked_or_empty_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(monkeypatch, USER="observer")
    errors = fake_keyring(monkeypatch, lambda service, user: None)
    assert find_credentials() == credentials.Credentials("observer")

    def locked(service: str, user: str | None) -> None:
        raise errors.KeyringError

    fake_keyring(monkeypatch, locked).KeyringError = errors.KeyringError
    assert find_credentials() == credentials.Credentials("observer")


def fake_keyring(monkeypatch: pytest.MonkeyPatch, get_credential: Any) -> Any:
    keyring, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})
    keyring.get_credential, keyring.errors = get_credential, errors
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return errors
