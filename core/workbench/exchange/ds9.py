"""The way to a running DS9: by XPA, or over the SAMP hub when it answers only there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from psygnal import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...engine.engine import Engine
    from ...engine.jobs import JobContext
    from ...errors import NightglassError
    from ...exchange.ds9_words import Ds9Words
    from ...exchange.samp import SampClient
    from ...exchange.xpa import Ds9
    from .samp import SampDesk

T = TypeVar("T")


class Ds9Desk:
    """Talks to DS9 on working threads; owner thread only.

    Parameters
    ----------
    engine : Engine
    samp : SampDesk
    complain : callable
        Gets what went wrong.
    make_ds9 : callable
        Makes the way to DS9 of one job.

    Attributes
    ----------
    text : str
        Whether one runs, in a few words; `changed` tells when it is another one.
    """

    changed = Signal()

    def __init__(
        self,
        engine: Engine,
        samp: SampDesk,
        complain: Callable[[NightglassError], object],
        make_ds9: Callable[[], Ds9],
    ) -> None:
        self._engine = engine
        self._samp = samp
        self._complain = complain
        self._make_ds9 = make_ds9
        self.text = "not looked for"

    def look(self) -> None:
        """Find out whether a DS9 runs; `changed` tells when `text` is another one."""

        def names(ctx: JobContext) -> tuple[str, ...]:
            ds9 = self._make_ds9()
            ctx.on_cancel(ds9.stop)
            return ds9.names()

        self._engine.latest(
            "ds9", names, title="Look for DS9", lane="watch", on_result=self._take_names
        )

    def _take_names(self, names: tuple[str, ...]) -> None:
        text = f"running ({', '.join(names)})" if names else "not running"
        if text != self.text:
            self.text = text
            self.changed.emit()

    def ask(
        self,
        work: Callable[[Ds9Words, Any], T],
        title: str,
        on_result: Callable[[T], object],
    ) -> None:
        """Do it by XPA, or over the hub when DS9 is only there."""
        if not self._samp.is_connected:
            self.ask_by_xpa(work, title, on_result)
            return

        def over_samp(client: SampClient) -> T:
            from ...exchange.samp import SampDs9

            return work(SampDs9(client), None)

        def choose(is_there: bool) -> None:
            # The hub may have been left meanwhile; then XPA says why it does not work.
            if is_there or not self._samp.is_connected:
                self.ask_by_xpa(work, title, on_result)
            else:
                self._samp.ask(over_samp, on_result)

        self._engine.submit(
            lambda _: self._make_ds9().is_there(),
            title="Look for DS9",
            lane="watch",
            quiet=True,
            on_result=choose,
        )

    def ask_by_xpa(
        self,
        work: Callable[[Ds9Words, JobContext], T],
        title: str,
        on_result: Callable[[T], object],
        *,
        ends_gently: bool = False,
    ) -> None:
        """Let a working thread talk to DS9; a cancel ends the talk at once, or at its next check.

        A talk that has something of DS9's to put back must end gently.
        """

        def job(ctx: JobContext) -> T:
            ds9 = self._make_ds9()
            if not ends_gently:
                ctx.on_cancel(ds9.stop)
            return work(ds9, ctx)

        self._engine.submit(
            job, title=title, lane="watch", on_result=on_result, on_error=self._on_error
        )

    def _on_error(self, error: NightglassError) -> None:
        self._complain(error)
        self.look()
