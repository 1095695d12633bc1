"""Signals and what listens to them, tied together and cut at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from psygnal import SignalInstance


class Ties:
    """Connects each signal with its slot for as long as its owner lives.

    Parameters
    ----------
    *ties : (SignalInstance, callable)
    """

    def __init__(self, *ties: tuple[SignalInstance, Callable[..., object]]) -> None:
        self._ties = ties
        for signal, slot in ties:
            signal.connect(slot)

    def cut(self) -> None:
        """Let no slot hear of anything any more; again without effect."""
        for signal, slot in self._ties:
            signal.disconnect(slot, missing_ok=True)
