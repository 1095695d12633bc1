"""Stand-ins of the XPA programs, and SAMP hubs of our own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

ADDRESS = "/tmp/xpa/DS9_ds9.1"
_ACCESS = '#!/bin/sh\ncat "{0}/access"\n'
_GET = """#!/bin/sh
if [ "$1" = xpans ]; then cat "{0}/xpans"; exit 0; fi
if [ -e "{0}/trouble" ]; then cat "{0}/trouble" >&2; exit 1; fi
shift
cat "{0}/answer-$(echo "$*" | tr ' ' '-')" 2>/dev/null
exit 0
"""
_SET = """#!/bin/sh
if [ -e "{0}/trouble" ]; then cat "{0}/trouble" >&2; exit 1; fi
echo "$*" >> "{0}/orders"
cat > "{0}/data"
"""


class FakeXpa:
    """XPA programs on a PATH of their own that answer from files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.install("xpaaccess", _ACCESS)
        self.install("xpaget", _GET)
        self.install("xpaset", _SET)
        self.names("ds9")

    def install(self, program: str, script: str) -> None:
        path = self.folder / program
        path.write_text(script.format(self.folder))
        path.chmod(0o755)

    def names(self, *names: str) -> None:
        """These DS9 run."""
        addresses = [f"/tmp/xpa/DS9_{name}.1" for name in names]
        self._write("access", "".join(f"{one}\n" for one in addresses))
        rows = [f"DS9 {name} gs {one} user\n" for name, one in zip(names, addresses, strict=True)]
        self._write("xpans", "OTHER thing gs /tmp/xpa/other user\n" + "".join(rows))

    def answer(self, words: str, text: str) -> None:
        self._write(f"answer-{words.replace(' ', '-')}", text)

    def trouble(self, text: str) -> None:
        self._write("trouble", text)

    @property
    def orders(self) -> list[str]:
        path = self.folder / "orders"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def data(self) -> bytes:
        return (self.folder / "data").read_bytes()

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)


def fake_xpa_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> FakeXpa:
    """Put stand-ins before everything else on the PATH."""
    made = FakeXpa(folder)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return made


def own_samp_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hub and clients of this test meet in a folder, and look at no network."""
    from pyvo.samp import conf

    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("SAMP_HUB", raising=False)
    monkeypatch.setattr(conf, "use_internet", False)


@contextmanager
def running_hub() -> Iterator[Any]:
    """A hub in this process."""
    from pyvo.samp import SAMPHubServer

    hub = SAMPHubServer(web_profile=False, addr="127.0.0.1")
    hub.start()
    try:
        yield hub
    finally:
        if hub.is_running:
            hub.stop()


_HUB = """
import sys
from pyvo.samp import SAMPHubServer, conf
conf.use_internet = False
hub = SAMPHubServer(web_profile=False, addr="127.0.0.1")
hub.start()
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def hub_process() -> Iterator[subprocess.Popen[str]]:
    """A hub in a process that can be killed; killed in any case at the end."""
    command = [sys.executable, "-c", _HUB]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            while process.stdout.readline().strip() not in ("ready", ""):
                pass
            yield process
        finally:
            process.kill()


class Partner:
    """Another program on the hub that notes what it hears."""

    def __init__(self, *mtypes: str, name: str = "Partner") -> None:
        from pyvo.samp import SAMPIntegratedClient

        self.heard: list[tuple[str, dict[str, str]]] = []
        self.has_heard = threading.Event()
        self.answers: dict[str, dict[str, Any]] = {}
        self.client = SAMPIntegratedClient(name=name, addr="127.0.0.1")
        self.client.connect()
        for mtype in mtypes:
            self.client.bind_receive_notification(mtype, self._hear)
            self.client.bind_receive_call(mtype, self._hear)

    def _hear(self, key, sender, msg_id, mtype, words, extra) -> None:
        self.heard.append((mtype, dict(words)))
        if msg_id is not None:
            answer = self.answers.get(words.get("cmd", ""), {"value": ""})
            self.client.reply(msg_id, {"samp.status": "samp.ok", "samp.result": answer})
        self.has_heard.set()

    def close(self) -> None:
        self.client.disconnect()


@contextmanager
def partner(*mtypes: str, name: str = "Partner") -> Iterator[Partner]:
    """Somebody else on the hub."""
    made = Partner(*mtypes, name=name)
    try:
        yield made
    finally:
        made.close()
