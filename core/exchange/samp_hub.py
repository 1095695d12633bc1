"""The SAMP hub of this computer: where it says that it listens, and a way to call it in time."""

from __future__ import annotations

import os
import socket
import xmlrpc.client
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ..errors import NightglassError

TIMEOUT_S = 5.0
_POOL = 4
_PREFIX = "std-lockurl:"
_URL, _SECRET = "samp.hub.xmlrpc.url", "samp.secret"


def profile_path() -> Path:
    """The file in which a hub says where it listens: SAMP_HUB, or ``.samp`` in the home folder.

    Raises
    ------
    NightglassError
        If SAMP_HUB names anything but a file of this computer.
    """
    told = os.environ.get("SAMP_HUB", "")
    if not told:
        return Path.home() / ".samp"
    path = local_path(told.removeprefix(_PREFIX)) if told.startswith(_PREFIX) else None
    if path is None:
        raise NightglassError(
            "No SAMP hub",
            f"SAMP_HUB is {told}, which is no file of this computer.",
            "Unset it, or let it name the hub's file: std-lockurl:file:///...",
        )
    return path


def local_path(url: str) -> Path | None:
    """The file of a ``file:`` address; None for one that lies elsewhere."""
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all
        return None
    if parts.scheme != "file" or parts.hostname not in (None, "localhost", _own_name()):
        return None
    return Path(url2pathname(parts.path))


def read_profile(path: Path) -> dict[str, str]:
    """What a hub tells its clients: its address and the secret of this user.

    Raises
    ------
    NightglassError
        If no hub has left such a file, it cannot be read, or the hub is on another computer.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise no_hub() from error
    pairs = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    profile = {key.strip(): value.strip().replace("\\", "") for key, _, value in pairs}
    if not profile.get(_URL) or not profile.get(_SECRET):
        raise no_hub()
    try:
        host = urlsplit(profile[_URL]).hostname or ""
        is_local = _is_local(host)
    except (TypeError, ValueError) as error:
        raise no_hub() from error
    if not is_local:
        raise NightglassError(
            "No SAMP hub",
            f"The SAMP hub named in {path} is on another computer ({host}).",
            "Start a hub on this one, for instance with DS9 or TOPCAT.",
            path,
        )
    return profile


def no_hub() -> NightglassError:
    """Nobody answers."""
    return NightglassError(
        "No SAMP hub",
        "No SAMP hub is running.",
        "Start one, for instance with TOPCAT or Aladin.",
    )


def hub_proxy() -> Any:
    """A proxy of pyvo that waits `TIMEOUT_S` for the hub, and not for ever."""
    from pyvo.samp.hub_proxy import SAMPHubProxy
    from pyvo.samp.utils import ServerProxyPool, get_safe_parser

    class Transport(xmlrpc.client.Transport):
        def getparser(self) -> Any:
            return get_safe_parser()

        def make_connection(self, host: Any) -> Any:
            connection = super().make_connection(host)
            connection.timeout = TIMEOUT_S
            return connection

    def proxy(url: str) -> Any:
        return xmlrpc.client.ServerProxy(url, transport=Transport(), allow_none=True)

    class Hub(SAMPHubProxy):  # type: ignore[misc]
        def connect(self, profile: dict[str, str]) -> None:
            self.proxy = ServerProxyPool(_POOL, proxy, profile[_URL])
            self.ping()
            self.lockfile = dict(profile)
            self._connected = True

    return Hub()


def _own_name() -> str:
    return socket.gethostname().lower()


def _is_local(host: str) -> bool:
    """Whether an address is of this computer: only then can a socket be bound to it."""
    if host in ("localhost", "127.0.0.1", "::1", _own_name()):
        return True
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return False
    return True
