"""Which pictures are wanted, and their way to the screen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal

import numpy as np
from psygnal import Signal

from ..errors import NightglassError
from ..picture.counts import Correction
from ..picture.render import RenderRequest
from ..session.view import Stack
from .painter import FrameRequest, FrameResult, Painter, Reference

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..picture.viewport import Viewport
    from ..session.view import Session, View
    from .calibrations import Calibrations
    from .desk import Desk, OpenCapture
    from .stand_in import StandIn

Slot = Literal["main", "other", "panner", "magnifier"]
_LOOKS = frozenset(
    {
        "capture",
        "frame",
        "limits",
        "limits_locked",
        "stretch",
        "stack",
        "reference",
        "use_bias",
        "use_dark",
        "use_flat",
        "show_saturation",
    }
)


class Pictures:
    """Asks for a new picture whenever the view changes; owner thread only.

    Each slot is a latest-wins lane: pictures may be skipped, the newest always arrives.

    Parameters
    ----------
    engine : Engine
    session : Session
    desk : Desk
    calibrations : Calibrations
    """

    ready = Signal(str, FrameResult)

    def __init__(
        self, engine: Engine, session: Session, desk: Desk, calibrations: Calibrations
    ) -> None:
        self._engine = engine
        self._session = session
        self._desk = desk
        self._calibrations = calibrations
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="picture-half")
        self._painter = Painter(self._executor)
        self._viewports: dict[str, Viewport] = {}
        self._reference: Reference | None = None
        self._locked: tuple[float, float] | None = None
        self._shares_scale = True
        self.shown: dict[str, FrameResult] = {}
        session.changed.connect(self._on_view_changed)
        desk.closed.connect(self._on_closed)
        calibrations.changed.connect(self.refresh)

    def close(self) -> None:
        """Let the second thread go."""
        self._executor.shutdown()

    def look(self, slot: Slot, viewport: Viewport | None) -> None:
        """Say what part of the frame a slot shows; None when it is hidden."""
        if viewport is None:
            self._viewports.pop(slot, None)
            self._engine.drop(("picture", slot))
        else:
            self._viewports[slot] = viewport
            self._ask(slot)

    def refresh(self) -> None:
        """Make the pictures of both captures anew; magnifier and panner ask for themselves."""
        self._ask("main")
        if not self._other_waits():
            self._ask("other")

    def take_reference(self) -> None:
        """Keep the frame or the stack shown, to be subtracted from others.

        Raises
        ------
        NightglassError
            If nothing is shown, or something in place of a frame.
        """
        result = self.shown.get("main")
        if result is None:
            raise _no_picture()
        if result.stand_in is not None:
            raise NightglassError(
                "Not from this picture",
                f"“{result.stand_in.label.caption}” is no frame of the capture.",
                "Go back to the frames first.",
            )
        self._reference = Reference(result.capture, result.frame, result.unsubtracted())
        if not self._session.change(reference=result.frame):
            self.refresh()

    def take_reference_unless_kept(self) -> None:
        """Subtract the reference kept for this capture, or keep the picture shown as one."""
        kept, key = self._reference, self._session.view.capture
        if kept is not None and kept.capture == key:
            self._session.change(reference=kept.frame)
        else:
            self.take_reference()

    def set_scale_lock(self, is_locked: bool) -> None:
        """Let a second capture share the limits of the first, or find its own."""
        self._shares_scale = is_locked
        self._ask("other")

    def request(self, slot: Slot = "main") -> FrameRequest:
        """The request of what a slot shows.

        Raises
        ------
        NightglassError
            If it shows nothing.
        """
        request = self._request(slot)
        if request is None:
            raise _no_picture()
        return request

    def show_stand_in(self, capture: OpenCapture, shown: StandIn | None) -> None:
        """Show an image in place of the frames of a capture, or its frames again."""
        before, capture.stand_in = capture.stand_in, shown
        if (before and before.label.kind) != (shown and shown.label.kind):
            # What is on its way has another scale, which must not become the locked one.
            self._engine.drop(("picture", "main"))
            self._locked = None
        self._ask("main")

    def play_span(self) -> tuple[int, int]:
        """First and last number of the images that a movie of what is shown holds.

        Raises
        ------
        NightglassError
            If nothing is shown.
        """
        look = self.request()
        whole = 0, look.source.n_frames - 1
        return whole if look.stand_in is not None else self._session.view.play_range or whole

    def _on_closed(self, key: str) -> None:
        """Forget its pictures; none of them may go on reading from files that are closed."""
        for slot in tuple(self._viewports):
            self._engine.drop(("picture", slot))
        self.shown = {slot: one for slot, one in self.shown.items() if one.capture != key}
        if self._reference is not None and self._reference.capture == key:
            self._reference = None
        self.refresh()

    def _on_view_changed(self, before: View, after: View) -> None:
        if before.capture != after.capture:
            self._engine.drop(("picture", "main"))
        if (after.limits, after.limits_locked) != (before.limits, before.limits_locked):
            self._locked = None
        if any(getattr(before, name) != getattr(after, name) for name in _LOOKS):
            self.refresh()
        elif before.other != after.other or before.layout != after.layout:
            self._ask("other")

    def _ask(self, slot: str) -> None:
        request = self._request(slot)
        if request is not None:
            self._engine.latest(
                ("picture", slot),
                lambda ctx: self._painter.paint(request, ctx),
                title=f"Picture of frame {request.frame + 1}",
                on_result=lambda result: self._take(slot, result),
            )

    def _take(self, slot: str, result: FrameResult) -> None:
        if self._desk.get(result.capture) is not None:
            self.shown[slot] = result
            if slot == "main":
                self._take_main()
            self.ready.emit(slot, result)

    def _take_main(self) -> None:
        if self._locked is None and self._session.view.limits_locked:
            self._locked = self._limits_shown()
        if self._other_waits():
            self._ask("other")

    def _other_waits(self) -> bool:
        """Whether the second capture uses limits that the main picture has to find first."""
        view = self._session.view
        if self._has_stand_in():
            return False
        are_known = view.limits.mode == "manual" or (
            view.limits_locked and self._locked is not None
        )
        return self._shares_scale and not are_known

    def _has_stand_in(self) -> bool:
        """Whether the main picture has a scale that frames do not share."""
        capture = self._desk.get(self._session.view.capture)
        return capture is not None and capture.stand_in is not None

    def _request(self, slot: str) -> FrameRequest | None:
        view, viewport = self._session.view, self._viewports.get(slot)
        capture = self._desk.get(view.other if slot == "other" else view.capture)
        if viewport is None or capture is None or capture.captured == 0:
            return None
        if capture.stand_in is not None and slot != "other":
            return self._request_of_stand_in(slot, capture, capture.stand_in, viewport)
        frame = min(view.frame, capture.captured - 1)
        return FrameRequest(
            capture.key,
            capture.source,
            frame,
            view.stack,
            self._look_of(slot, self._correction(capture, frame, view), viewport),
            self._reference if view.reference is not None else None,
        )

    def _request_of_stand_in(
        self, slot: str, capture: OpenCapture, shown: StandIn, viewport: Viewport
    ) -> FrameRequest:
        """An image made of many frames: neither stacked nor subtracted from."""
        made = self._calibrations.correction(capture.key, self._session.view)
        if made is not None and shown.label.kind != "counts":
            made = Correction(None, made.multiply if shown.label.kind == "difference" else None)
        look = self._look_of(slot, made, viewport)
        return FrameRequest(capture.key, shown.source, shown.frame, Stack(), look, stand_in=shown)

    def _look_of(
        self, slot: str, correction: Correction | None, viewport: Viewport
    ) -> RenderRequest:
        view = self._session.view
        return RenderRequest(
            viewport,
            view.limits,
            view.stretch,
            float(self._desk.settings.saturation_adu) if view.show_saturation else None,
            correction,
            self._lock(slot, view),
        )

    def _lock(self, slot: str, view: View) -> tuple[float, float] | None:
        """Limits found before: the locked ones, or those of the main picture for the others."""
        if view.limits.mode == "manual" or (slot == "other" and self._has_stand_in()):
            return None
        if view.limits_locked and self._locked is not None:
            return self._locked
        shares = slot != "main" and (slot != "other" or self._shares_scale)
        return self._limits_shown() if shares else None

    def _limits_shown(self) -> tuple[float, float] | None:
        main = self.shown.get("main")
        return None if main is None else (main.picture.low, main.picture.high)

    def _correction(self, capture: OpenCapture, frame: int, view: View) -> Correction | None:
        """Calibration for what is shown: a difference or a scatter has lost its pedestal."""
        made = self._calibrations.correction(capture.key, view)
        if made is None or made.subtract is None:
            return made
        if view.reference is not None or (view.stack.method == "std" and view.stack.frames > 1):
            return Correction(None, made.multiply)
        if view.stack.method == "sum":
            frames = np.float32(min(view.stack.frames, frame + 1))
            return Correction(made.subtract * frames, made.multiply)
        return made

    def find_limits_again(self) -> None:
        """Take the limits of the frame shown, also while they are locked."""
        # Those of a picture on its way are of what was shown before.
        self._engine.drop(("picture", "main"))
        self._locked = None
        self._ask("main")


def _no_picture() -> NightglassError:
    return NightglassError("There is no picture", "No frame is shown.", "Open a capture.")
