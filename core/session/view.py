"""What the observer looks at, as one frozen value, and the session that holds it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from psygnal import Signal

from ..picture.limits import Limits
from ..picture.stretch import Stretch

Layout = Literal["single", "tile", "blink"]
StackMethod = Literal["mean", "sum", "median", "max", "std"]


@dataclass(frozen=True)
class Stack:
    """The last frames that are combined into the one shown.

    Attributes
    ----------
    frames : int
        How many, the shown one included; 1 shows single frames.
    method : str
        How they are combined, pixel by pixel.
    """

    frames: int = 1
    method: StackMethod = "mean"


@dataclass(frozen=True)
class View:
    """Everything that decides what the frame view shows.

    Attributes
    ----------
    capture, other : str or None
        Keys of the capture shown and of the one tiled or blinked with it.
    frame : int
        Frame shown, counted from 0.
    live : bool
        Whether the newest frame is shown as it arrives.
    limits_locked : bool
        Whether the limits stay as they are when the frame changes.
    contrast, bias : float
        As in DS9; they act on the colour table alone. 1.0 and 0.5 leave it as it is.
    reference : int or None
        Frame subtracted from the one shown.
    play_range : tuple of int or None
        First and last frame of playback; None plays the whole capture.
    """

    capture: str | None = None
    other: str | None = None
    layout: Layout = "single"
    frame: int = 0
    live: bool = False
    limits: Limits = field(default_factory=Limits)
    limits_locked: bool = False
    stretch: Stretch = field(default_factory=Stretch)
    colour_map: str = "grey"
    inverted: bool = False
    contrast: float = 1.0
    bias: float = 0.5
    stack: Stack = field(default_factory=Stack)
    reference: int | None = None
    use_bias: bool = True
    use_dark: bool = True
    use_flat: bool = True
    show_saturation: bool = False
    play_range: tuple[int, int] | None = None


class Session:
    """Holds the view; every change goes through `change` and is told once.

    Only the thread that made the session may change it.
    """

    changed = Signal(View, View)

    def __init__(self, view: View | None = None) -> None:
        self._view = view or View()
        self._owner = threading.get_ident()

    @property
    def view(self) -> View:
        """The present view."""
        return self._view

    def change(self, **values: Any) -> frozenset[str]:
        """Set fields of the view and tell listeners, unless nothing differs.

        Returns
        -------
        frozenset of str
            The fields that changed.
        """
        if threading.get_ident() != self._owner:
            raise RuntimeError("the session belongs to another thread")
        before = self._view
        # A name that is no field differs, and `replace` refuses it.
        names = frozenset(name for name in values if getattr(before, name, ...) != values[name])
        if names:
            self._view = replace(before, **values)
            self.changed.emit(before, self._view)
        return names
