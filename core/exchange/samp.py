"""A client of the SAMP hub of this computer: images, positions, and DS9's own orders.

Built on ``pyvo.samp``. It never starts a hub, never leaves this computer, and every wait ends.
"""

from __future__ import annotations

import logging
import math
import tempfile
import xmlrpc.client
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import NightglassError
from .ds9_words import Ds9Words
from .samp_hub import TIMEOUT_S, hub_proxy, local_path, no_hub, profile_path, read_profile

if TYPE_CHECKING:
    from collections.abc import Callable


T = TypeVar("T")

IMAGE, POSITION = "image.load.fits", "coord.pointAt.sky"
SET, GET = "ds9.set", "ds9.get"
_GONE = ("samp.hub.disconnect", "samp.hub.event.shutdown")
_SAME_DEG = 1e-7  # a position through text and a projection and back
_METADATA = {
    "samp.name": "Nightglass",
    "samp.description.text": "Quick look for high-speed and all-night cameras",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ImageHeard:
    """Another program asks to open an image."""

    path: Path
    sender: str


@dataclass(frozen=True)
class PositionHeard:
    """Another program points at a place on the sky, degrees."""

    ra_deg: float
    dec_deg: float
    sender: str


@dataclass(frozen=True)
class HubGone:
    """The hub says farewell."""


Heard = ImageHeard | PositionHeard | HubGone


class SampClient:
    """One registration with the hub; methods for one thread, `heard` is called from others.

    Parameters
    ----------
    heard : callable
        Gets every `Heard` on a thread of SAMP; must be quick.

    Raises
    ------
    NightglassError
        By every method but `close`, if the hub is not there or does not answer in time.
    """

    def __init__(self, heard: Callable[[Heard], None]) -> None:
        self._heard = heard
        self._client: Any = None
        self._last_heard: tuple[float, float] | None = None

    def connect(self) -> None:
        """Register with the hub that runs on this computer."""
        profile = read_profile(profile_path())
        from pyvo.samp import conf

        conf.use_internet = False  # it would ask a server far away whether there is a network
        hub = hub_proxy()
        try:
            _timely(lambda: hub.connect(profile))
            self._client = self._listening(hub)
            _timely(self._client.register)
        except BaseException:
            self.close()
            hub.disconnect()
            raise

    def close(self) -> None:
        """Leave the hub, gone or not, and end every thread."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            if client.is_registered:
                _timely(client.unregister)
        except NightglassError as error:
            _log.debug("left a hub that was gone: %s", error)
        finally:
            client.stop()
            client.hub.disconnect()

    def ping(self) -> None:
        """Find out whether the hub is still there."""
        _timely(self._hub.ping)

    def listeners(self, mtype: str) -> dict[str, str]:
        """Id and name of everybody who takes such messages, ourselves left out."""
        key = self._client.get_private_key()
        found = _timely(lambda: self._hub.get_subscribed_clients(key, mtype))
        return {ident: self._name_of(ident) for ident in found}

    # Sending

    def send_image(self, path: Path, name: str) -> tuple[str, ...]:
        """Ask everybody to load a FITS file; gives the names of those who take it."""
        return self._tell_all(IMAGE, {"url": path.as_uri(), "name": name, "image-id": path.name})

    def send_position(self, ra_deg: float, dec_deg: float) -> tuple[str, ...] | None:
        """Point at a place; gives who takes it, None for a place just heard, which is no news."""
        if self._last_heard is not None and _is_same(self._last_heard, (ra_deg, dec_deg)):
            return None
        return self._tell_all(POSITION, {"ra": f"{ra_deg:.9f}", "dec": f"{dec_deg:.9f}"})

    # How

    @property
    def _hub(self) -> Any:
        if self._client is None:
            raise no_hub()
        return self._client.hub

    def _listening(self, hub: Any) -> Any:
        """A client of pyvo with our ears, which listens already."""
        from pyvo.samp.client import SAMPClient
        from pyvo.samp.standard_profile import SAMPSimpleXMLRPCRequestHandler

        class Handler(SAMPSimpleXMLRPCRequestHandler):  # type: ignore[misc]
            timeout = TIMEOUT_S  # a caller that says nothing must not keep its thread

            def log_message(self, *words: object) -> None:
                _log.debug("SAMP: %s", words)

        client = SAMPClient(hub, metadata=dict(_METADATA), addr="127.0.0.1")
        client.client.RequestHandlerClass = Handler
        ears = {IMAGE: self._hear_image, POSITION: self._hear_position}
        for mtype in (*ears, *_GONE):
            ear = _ear(client, ears.get(mtype, self._hear_farewell))
            client.bind_receive_notification(mtype, ear, declare=False)
            client.bind_receive_call(mtype, ear, declare=False)
        client.start()
        return client

    def _hear_image(self, sender: str, words: dict[str, Any]) -> None:
        path = local_path(str(words["url"]))
        if path is None:
            raise ValueError(f"{words['url']} is no file of this computer")
        self._heard(ImageHeard(path, self._name_of(sender)))

    def _hear_position(self, sender: str, words: dict[str, Any]) -> None:
        place = float(words["ra"]), float(words["dec"])
        if not all(map(math.isfinite, place)):
            raise ValueError("the place is no number")
        self._last_heard = place
        self._heard(PositionHeard(*place, self._name_of(sender)))

    def _hear_farewell(self, sender: str, words: dict[str, Any]) -> None:  # noqa: ARG002
        self._heard(HubGone())

    def _name_of(self, ident: str) -> str:
        """What a client calls itself."""
        client = self._client
        if client is None:
            return "another program"
        try:
            words = _timely(lambda: client.hub.get_metadata(client.get_private_key(), ident))
        except NightglassError:
            return "another program"
        return str(_part(words, "samp.name") or "another program")

    def _tell_all(self, mtype: str, words: dict[str, str]) -> tuple[str, ...]:
        listeners = self.listeners(mtype)
        if listeners:  # some hubs take a message to nobody for an error
            key, message = self._client.get_private_key(), _message(mtype, words)
            _timely(lambda: self._hub.notify_all(key, message))
        return tuple(listeners.values())

    def ask_ds9(self, mtype: str, words: dict[str, str]) -> dict[str, Any]:
        """Send `SET` or `GET` to the first DS9 on the hub and give its result."""
        listeners = self.listeners(mtype)
        if not listeners:
            raise NightglassError(
                "DS9 is not running",
                "No DS9 is on the SAMP hub.",
                "Start DS9, and let it join: File, SAMP, Connect.",
            )
        key, message = self._client.get_private_key(), _message(mtype, words)
        wait_s = str(max(1, int(TIMEOUT_S) - 1))  # SAMP counts whole seconds
        ident = next(iter(listeners))
        answer = _timely(lambda: self._hub.call_and_wait(key, ident, message, wait_s))
        if _part(answer, "samp.status") != "samp.ok":
            told = _part(_part(answer, "samp.error"), "samp.errortxt") or "no reason"
            raise _refused(" ".join(str(told).split()))
        result = _part(answer, "samp.result")
        return result if isinstance(result, dict) else {}


class SampDs9(Ds9Words):
    """A DS9 on the hub; it must run on this computer, and takes no image this way.

    Parameters
    ----------
    client : SampClient
    """

    def __init__(self, client: SampClient) -> None:
        self._client = client

    def get(self, *words: str) -> str:  # noqa: D102
        answer = self._client.ask_ds9(GET, {"cmd": " ".join(words)})
        path = local_path(str(answer.get("url", "")))
        if path is None:
            return str(answer.get("value", "")).strip()
        try:
            return path.read_text(encoding="utf-8", errors="replace").strip()
        except OSError as error:
            raise _refused(f"its answer {path} cannot be read") from error

    def set(  # noqa: D102
        self,
        *words: str,
        data: bytes | None = None,
        timeout_s: float | None = None,  # noqa: ARG002
    ) -> None:
        order = {"cmd": " ".join(words)}
        if data is None:
            self._client.ask_ds9(SET, order)
            return
        with tempfile.TemporaryDirectory(prefix="nightglass-") as folder:
            path = Path(folder, "nightglass.reg")
            path.write_bytes(data)
            self._client.ask_ds9(SET, {**order, "url": path.as_uri()})


def _ear(client: Any, hear: Callable[[str, dict[str, Any]], None]) -> Callable[..., None]:
    """What pyvo calls for a message: a call is answered, nothing is ever raised."""

    def ear(key: str, sender: str, msg_id: str | None, mtype: str, words: Any, _: Any) -> None:
        status, error = "samp.ok", {}
        try:
            hear(sender, words)
        except (KeyError, TypeError, ValueError) as reason:
            _log.info("%s from %s is not understood: %s", mtype, sender, reason)
            status, error = "samp.error", {"samp.errortxt": str(reason)}
        if msg_id is not None:
            answer = {"samp.status": status, "samp.result": {}}
            client.hub.reply(key, msg_id, answer | ({"samp.error": error} if error else {}))

    return ear


def _timely(call: Callable[[], T]) -> T:
    """Call the hub; every way in which it can fail is one sentence."""
    from pyvo.samp import SAMPClientError, SAMPHubError
    from pyvo.samp.errors import SAMPProxyError

    try:
        return call()
    except SAMPProxyError as error:
        reason = getattr(error, "faultString", error)
        raise _refused(" ".join(str(reason).split()), "SAMP refused", "The SAMP hub") from error
    except (OSError, HTTPException, xmlrpc.client.Error, SAMPHubError, SAMPClientError) as error:
        raise no_hub() from error


def _message(mtype: str, words: dict[str, str]) -> dict[str, object]:
    return {"samp.mtype": mtype, "samp.params": words}


def _part(answer: object, name: str) -> object:
    """A part of an answer; None where somebody does not keep to the rules of SAMP."""
    return answer.get(name) if isinstance(answer, dict) else None


def _is_same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    turn = (one[0] - other[0] + 180.0) % 360.0 - 180.0
    return abs(turn) < _SAME_DEG and abs(one[1] - other[1]) < _SAME_DEG


def _refused(reason: str, title: str = "DS9 refused", who: str = "DS9") -> NightglassError:
    return NightglassError(title, f"{who} says: {reason}.", "Try again.")
