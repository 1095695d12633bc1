"""The rows about DS9 and SAMP, and the crosshair that other programs move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QMenu

from ..action_spec import plain
from ..actions import tool_tip

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...core.workbench.exchange.exchange import Exchange
    from ..actions import ActionSet
    from ..frame.view import FrameView

LOOK, SAMP = "exchange.look", "exchange.samp"


class ExchangeController(QObject):
    """Sends and takes on demand, and shows in the menu who is there.

    Parameters
    ----------
    exchange : Exchange
    view : FrameView
        Whose crosshair is sent and moved.
    actions : ActionSet
    """

    def __init__(
        self,
        exchange: Exchange,
        view: FrameView,
        actions: ActionSet,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._exchange = exchange
        self._view = view
        self._actions = actions
        self._specs = {spec.key: spec for spec in actions.specs}
        exchange.changed.connect(self._show_states)
        exchange.pointed.connect(self._on_pointed)
        for thing in actions.action(LOOK).associatedObjects():
            if isinstance(thing, QMenu):
                thing.aboutToShow.connect(exchange.ds9.look)
        self._show_states()

    def rows(self) -> dict[str, Callable[[bool], Any]]:
        """What each row does."""
        exchange, samp = self._exchange, self._exchange.samp
        return {
            LOOK: lambda _: exchange.ds9.look(),
            "exchange.send-image": lambda _: exchange.send_image(),
            "exchange.send-regions": lambda _: exchange.send_regions(),
            "exchange.take-regions": lambda _: exchange.take_regions(),
            "exchange.add-regions": lambda _: exchange.take_regions(add=True),
            "exchange.send-cursor": lambda _: exchange.send_cursor(self._view.marker),
            "exchange.take-cursor": lambda _: exchange.take_cursor(),
            "exchange.check": lambda _: exchange.check(),
            SAMP: self._join,
            "exchange.samp-image": lambda _: samp.send_image(),
            "exchange.samp-position": lambda _: samp.send_position(self._view.marker),
        }

    def stop(self) -> None:
        """Show nothing new any more, and leave the hub."""
        self._exchange.changed.disconnect(self._show_states)
        self._exchange.pointed.disconnect(self._on_pointed)
        self._exchange.close()

    def _join(self, is_wanted: bool) -> None:
        if is_wanted:
            self._exchange.samp.connect()
        else:
            self._exchange.samp.disconnect()

    def _on_pointed(self, x: float, y: float) -> None:
        self._view.set_marker(x, y)
        # Brings it into view and tells the readout, but rounds it to the centre of a pixel.
        self._view.nudge_cursor(0, 0)
        self._view.set_marker(x, y)

    def _show_states(self) -> None:
        samp = self._exchange.samp
        self._say(LOOK, f"DS9: {self._exchange.ds9.text}")
        self._say(SAMP, f"SA&MP: {samp.text}")
        self._actions.set_checked(SAMP, samp.is_wanted)

    def _say(self, key: str, text: str) -> None:
        """Show a state in the text of a row, and in its tip where the text is not seen."""
        action = self._actions.action(key)
        action.setText(text)
        tip = tool_tip(self._specs[key], self._actions.keys_of(key))
        action.setToolTip(f"{plain(text)}. {tip}")
