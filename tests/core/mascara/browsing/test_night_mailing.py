"""The report of a whole night by mail: sent, or kept with the reason."""

from __future__ import annotations

import email
import json
from email import policy

import pytest
from aiosmtpd.controller import Controller
from nightglass.__main__ import main
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.night.mailing import in_words, mail_report
from nightglass.core.mascara.report import summary
from nightglass.core.mascara.report.mail import Delivery

from ..watching.made_night import write_journal


class Inbox:
    """What a server received."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


class Loopback(Controller):
    """A mail server at a port that the system chooses."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def inbox(monkeypatch):
    box = Inbox()
    controller = Loopback(box, hostname="127.0.0.1", port=0)
    controller.start()
    for name, value in {
        "HOST": "127.0.0.1", "PORT": str(controller.port), "FROM": "station@example.org",
        "TO": "observer@example.org",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"NIGHTGLASS_SMTP_{name}", value)
    yield box
    controller.stop()


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    output = tmp_path_factory.mktemp("mailing") / "night"
    write_journal(output, "C", 2, frames=3, is_whole=True)
    return output


def test_report_arrives_with_its_pictures(night, inbox):
    delivery = mail_report(night)
    assert delivery.sent, delivery.reason
    (mail,) = inbox.mails
    assert mail["Subject"] == "Night 20160130 LaPalma"
    texts, *pictures = mail.iter_parts()
    plain, page = texts.iter_parts()
    assert "LPC" in plain.get_content()
    assert page.get_content().count("cid:picture") == len(pictures) >= 3
    assert in_words(delivery).startswith("The report went to 127.0.0.1:")


def test_without_a_server_it_is_kept_and_the_reason_told(night, capsys, monkeypatch):
    monkeypatch.setattr(summary, "night_html", lambda *_: "<body></body>")
    assert main(["night", "mail", str(night), "--json"]) == 1
    said = capsys.readouterr()
    kept = night / "report-20160130.eml"
    assert json.loads(said.out)["where"] == str(kept)
    assert email.message_from_bytes(kept.read_bytes())["Subject"] == "Night 20160130 LaPalma"
    assert "NIGHTGLASS_SMTP_HOST is not set" in said.err
    assert f"It is kept as {kept}." in said.err


def test_words_for_a_mail_that_could_not_even_be_kept():
    words = in_words(Delivery(sent=False, where="", reason="The disk is full."))
    assert words == "The report was not sent. The disk is full."


def test_a_folder_without_a_night_is_told(tmp_path):
    with pytest.raises(NightglassError, match="no night"):
        mail_report(tmp_path)
