"""The SAMP hub: joined on demand, waited for while there is none, told and listened to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from psygnal import Signal

from .image import outgoing, pixel_at, required, sky_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...engine.jobs import Job, JobContext
    from ...errors import NightglassError
    from ...exchange.samp import SampClient
    from ...exchange.samp_link import ImageShelf, LinkState, OrderDone, SampLink
    from ..workbench import Workbench
    from .image import Place

T = TypeVar("T")


class SampDesk:
    """The connection with the hub, on a working thread; owner thread only.

    Parameters
    ----------
    bench : Workbench
    point : callable
        Gets a 0-based image position, the shape of the frame, and who points there.
    complain : callable
        Gets what went wrong.
    note : callable
        Gets a sentence about what was done.
    """

    changed = Signal()

    def __init__(
        self,
        bench: Workbench,
        point: Callable[[Place, tuple[int, int], str], object],
        complain: Callable[[NightglassError], object],
        note: Callable[[str], object],
    ) -> None:
        self._bench = bench
        self._point = point
        self._complain = complain
        self._note = note
        self._link: SampLink | None = None
        self._job: Job[None] | None = None
        self._shelf: ImageShelf | None = None
        self._state: LinkState | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether the observer asked for the hub; there may be none yet."""
        return self._link is not None

    @property
    def is_connected(self) -> bool:
        """Whether the hub is there."""
        return self._state is not None and self._state.is_connected

    @property
    def text(self) -> str:
        """State in a few words."""
        if not self.is_wanted:
            return "not connected"
        return "connected" if self.is_connected else "waiting for a hub"

    def connect(self) -> None:
        """Join the hub, now or as soon as there is one."""
        if self._link is not None:
            return
        from ...exchange.samp_link import ImageShelf, SampLink

        link, shelf = SampLink(), ImageShelf()
        self._link, self._shelf = link, shelf

        def run(ctx: JobContext) -> None:
            ctx.on_cancel(link.stop)
            try:
                link.run(ctx.publish)
            finally:
                shelf.clear()

        self._job = self._bench.engine.submit(
            run,
            title="SAMP",
            lane="watch",
            quiet=True,
            on_partial=lambda told: self._take(link, told),
            on_error=self._on_failure,
        )
        self.changed.emit()

    def disconnect(self) -> None:
        """Leave the hub, and wait for none."""
        job = self._job
        self._link = self._job = self._shelf = self._state = None
        if job is not None:
            job.cancel()
            self.changed.emit()

    def close(self) -> None:
        """Leave the hub at the end of the program."""
        self.disconnect()

    def ask(self, order: Callable[[SampClient], T], on_result: Callable[[T], object]) -> None:
        """Let the connection do something; its failure is told as a warning.

        Raises
        ------
        NightglassError
            If the observer did not ask for the hub.
        """
        if self._link is None:
            from ...exchange.samp_link import not_connected

            raise not_connected()
        self._link.ask(order, on_result)

    def send_image(self) -> None:
        """Ask every program on the hub to load the picture.

        Raises
        ------
        NightglassError
            If no frame is shown, or the observer did not ask for the hub.
        """
        image, shelf = outgoing(self._bench), self._shelf

        def send(client: SampClient) -> tuple[str, ...]:
            assert shelf is not None  # for the type checker; there is a link
            path = shelf.put(image.values(), image.cards(), image.name)
            return client.send_image(path, image.name)

        self.ask(send, lambda names: self._note(_told("The image went", names)))

    def send_position(self, place: Place | None) -> None:
        """Let every program on the hub point at a 0-based image position of our frame.

        Raises
        ------
        NightglassError
            If there is no place, the frame has none on the sky, or the observer did not ask for
            the hub.
        """
        ra_deg, dec_deg = sky_at(self._bench.regions.surroundings(), required(place), "icrs")

        def tell(names: tuple[str, ...] | None) -> None:
            if names is None:
                self._note("This position has just come from the hub; nothing was sent.")
            else:
                self._note(_told("The position went", names))

        self.ask(lambda client: client.send_position(ra_deg, dec_deg), tell)

    # What the connection tells

    def _take(self, link: SampLink, told: Any) -> None:
        from ...exchange.samp import ImageHeard, PositionHeard
        from ...exchange.samp_link import LinkState, OrderDone

        if link is not self._link:
            return
        if isinstance(told, LinkState):
            self._take_state(told)
        elif isinstance(told, OrderDone):
            self._take_done(told)
        elif isinstance(told, ImageHeard):
            self._note(f"{told.sender} sends {told.path.name}.")
            self._bench.open([told.path])
        elif isinstance(told, PositionHeard):
            self._take_position(told.ra_deg, told.dec_deg, told.sender)

    def _take_state(self, state: LinkState) -> None:
        self._state = state
        if state.is_connected:
            self._note(state.text)
        else:
            self._bench.problems.note(
                "warning", "No SAMP hub", state.text, "Start one, for instance with TOPCAT."
            )
        self.changed.emit()

    def _take_done(self, done: OrderDone) -> None:
        if done.error is not None:
            self._complain(done.error)
        else:
            done.callback(done.result)

    def _take_position(self, ra_deg: float, dec_deg: float, who: str) -> None:
        capture = self._bench.capture
        surroundings = self._bench.regions.surroundings()
        if capture is None or surroundings.sky is None:
            self._note(f"{who} points at {ra_deg:.5f} {dec_deg:+.5f}, which has no place here.")
            return
        place = pixel_at(surroundings, ra_deg, dec_deg, "icrs")
        self._point(place, capture.source.shape, who)

    def _on_failure(self, error: NightglassError) -> None:
        self._complain(error)
        self.disconnect()


def _told(what: str, names: tuple[str, ...]) -> str:
    if not names:
        return "No program on the hub takes it; nothing was sent."
    return f"{what} to {', '.join(names)}."
