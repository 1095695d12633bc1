"""The life of a SAMP connection on one thread: waits for a hub, serves it, outlives it."""

from __future__ import annotations

import queue
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NightglassError
from .ds9_words import fits_bytes
from .samp import HubGone, SampClient

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from .samp import Heard

LOOK_S = 2.0
_KEPT_IMAGES = 5


@dataclass(frozen=True)
class LinkState:
    """Whether the hub is there, and the sentence about it."""

    is_connected: bool
    text: str


@dataclass(frozen=True)
class OrderDone:
    """What came of an order: the callback with its result, or with why it failed."""

    callback: Callable[[Any], object]
    result: Any = None
    error: NightglassError | None = None


Told = LinkState | OrderDone | HubGone
_Order = tuple["Callable[[SampClient], Any]", "Callable[[Any], object]"]


class SampLink:
    """Stays on the hub for as long as `run` runs; `ask` and `stop` may be called from any thread.

    Parameters
    ----------
    look_s : float
        Seconds between two looks whether the hub has come or gone.
    make_client : callable
        Makes the client of one connection.
    """

    def __init__(
        self,
        look_s: float = LOOK_S,
        make_client: Callable[[Callable[[Heard], None]], SampClient] = SampClient,
    ) -> None:
        self._look_s = look_s
        self._make_client = make_client
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._client: SampClient | None = None
        self._is_stopped = False
        self._is_gone = False

    def ask(self, order: Callable[[SampClient], Any], callback: Callable[[Any], object]) -> None:
        """Let the thread of the link do something with the client.

        Parameters
        ----------
        order : callable
            Called with the client on the thread of `run`.
        callback : callable
            Handed back with the result in an `OrderDone`.
        """
        self._orders.put((order, callback))

    def stop(self) -> None:
        """Leave the hub; `run` returns soon."""
        self._is_stopped = True
        self._orders.put(None)

    def run(self, tell: Callable[[Told | Heard], None]) -> None:
        """Connect whenever there is a hub, until `stop`.

        Parameters
        ----------
        tell : callable
            Gets every change of state, everything heard and every order done; called from this
            thread and from those of SAMP.
        """
        try:
            self._look(tell, is_first=True)
            while not self._is_stopped:
                self._serve(tell)
        finally:
            self._leave()
            self._refuse_the_rest(tell)

    def _serve(self, tell: Callable[[Told | Heard], None]) -> None:
        """Do orders until the next look is due."""
        deadline_s = time.monotonic() + self._look_s
        while not self._is_stopped:
            try:
                order = self._orders.get(timeout=max(0.0, deadline_s - time.monotonic()))
            except queue.Empty:
                break
            if order is None:
                break
            self._do(order, tell)
        if not self._is_stopped:
            self._look(tell)

    def _look(self, tell: Callable[[Told | Heard], None], *, is_first: bool = False) -> None:
        """Notice a hub that went, or try the one that may have come."""
        try:
            if self._client is None:
                self._join(tell)
            elif self._is_gone:
                raise NightglassError("No SAMP hub", "The SAMP hub has been closed.")
            else:
                self._client.ping()
        except NightglassError as error:
            if self._client is not None or is_first:
                self._leave()
                tell(LinkState(False, f"{error.text} Nightglass joins as soon as one is there."))

    def _join(self, tell: Callable[[Told | Heard], None]) -> None:
        def hear(heard: Heard) -> None:
            if isinstance(heard, HubGone):
                self._is_gone = True
                self._orders.put(None)
            else:
                tell(heard)

        self._is_gone = False
        client = self._make_client(hear)
        client.connect()
        self._client = client
        tell(LinkState(True, "Connected to the SAMP hub."))

    def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _do(self, order: _Order, tell: Callable[[Told | Heard], None]) -> None:
        work, callback = order
        try:
            if self._client is None:
                raise not_connected()
            done = OrderDone(callback, work(self._client))
        except NightglassError as error:
            done = OrderDone(callback, error=error)
        tell(done)

    def _refuse_the_rest(self, tell: Callable[[Told | Heard], None]) -> None:
        while not self._orders.empty():
            order = self._orders.get()
            if order is not None:
                self._do(order, tell)


class ImageShelf:
    """Files for programs that load an image when they find the time: the last five are kept."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._paths: deque[Path] = deque()
        self._serial = 0

    def put(self, image: NDArray[Any], cards: Mapping[str, object], name: str) -> Path:
        """Write an image as FITS under a name never used before."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="nightglass-")
        self._serial += 1
        path = Path(self._folder.name, f"{self._serial}-{name}")
        path.write_bytes(fits_bytes(image, cards))
        self._paths.append(path)
        if len(self._paths) > _KEPT_IMAGES:
            self._paths.popleft().unlink(missing_ok=True)
        return path

    def clear(self) -> None:
        """Remove all files."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
            self._paths.clear()


def not_connected() -> NightglassError:
    """Nobody can be asked."""
    return NightglassError(
        "Not on a SAMP hub",
        "Nightglass is not connected to a SAMP hub.",
        "Start a hub, for instance with TOPCAT, and choose SAMP: connect.",
    )
