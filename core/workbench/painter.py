"""What a working thread does for one picture: read, stack, subtract, render."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..picture.render import Picture, RenderRequest, render
from ..picture.stack import FrameStack

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ..engine.jobs import JobContext
    from ..frames.encoding import Encoding
    from ..frames.source import FrameSource
    from ..picture.counts import Correction
    from ..session.view import Stack
    from .stand_in import StandIn


@dataclass(frozen=True, eq=False)
class Reference:
    """A frame kept to be subtracted from others, float32, shape (rows, columns)."""

    capture: str
    frame: int
    values: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class FrameRequest:
    """Everything needed to make one picture, frozen.

    Attributes
    ----------
    capture : str
        Key of the capture.
    source : FrameSource
    frame : int
        Number of the frame, from 0.
    stack : Stack
        How many frames up to this one are combined, and how.
    render : RenderRequest
    reference : Reference or None
        What is subtracted.
    stand_in : StandIn or None
        What `source` and `frame` are when they are not those of the capture.
    """

    capture: str
    source: FrameSource
    frame: int
    stack: Stack
    render: RenderRequest
    reference: Reference | None = None
    stand_in: StandIn | None = None


@dataclass(frozen=True, eq=False)
class FrameResult:
    """A picture and the numbers behind it.

    Attributes
    ----------
    numbers : ndarray, shape (rows, columns)
        Stored numbers of `encoding`, or values where `encoding` is None.
    correction : Correction or None
        Calibration that the picture shows.
    reference : Reference or None
        What was subtracted before.
    stand_in : StandIn or None
        Of the request.
    """

    capture: str
    frame: int
    picture: Picture
    numbers: npt.NDArray[Any]
    encoding: Encoding | None
    correction: Correction | None = None
    reference: Reference | None = None
    stand_in: StandIn | None = None

    @property
    def has_offset(self) -> bool:
        """Whether the values still hold the detector offset of a count."""
        if self.stand_in is not None and self.stand_in.label.kind != "counts":
            return False
        return self.correction is None or self.correction.subtract is None

    def value(self, x: int, y: int) -> float | None:
        """Value shown of the pixel in column `x`, row `y` (from 0); None outside the frame."""
        rows, columns = self.numbers.shape
        if not (0 <= x < columns and 0 <= y < rows):
            return None
        where = slice(y, y + 1), slice(x, x + 1)
        pixel = self.numbers[where]
        pixel = pixel if self.encoding is None else self.encoding.decode(pixel)
        if self.correction is not None:
            pixel = self.correction.apply(pixel, where)
        return float(pixel[0, 0])

    def values(self) -> npt.NDArray[Any]:
        """All values before calibration, shape (rows, columns)."""
        return self.numbers if self.encoding is None else self.encoding.decode(self.numbers)

    def unsubtracted(self) -> npt.NDArray[np.float32]:
        """All values before calibration and before a reference was subtracted."""
        values = self.values().astype(np.float32)
        return values if self.reference is None else values + self.reference.values

    def calibrated(self) -> npt.NDArray[Any]:
        """All values as the picture shows them, shape (rows, columns)."""
        values = self.values()
        everywhere = slice(None), slice(None)
        return values if self.correction is None else self.correction.apply(values, everywhere)


class Painter:
    """Makes pictures on one thread; keeps the running stack between neighbouring frames.

    Parameters
    ----------
    executor : Executor or None
        Where a second thread may do half of the work.
    """

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor = executor
        self._stack: tuple[object, FrameStack] | None = None

    def paint(self, request: FrameRequest, ctx: JobContext) -> FrameResult:
        """Read what the request needs and render it.

        Raises
        ------
        NightglassError
            If a file cannot be read.
        Cancelled
            If the request is no longer wanted.
        """
        reference = request.reference
        if reference is not None and reference.values.shape != request.source.shape:
            reference = None
        numbers, encoding = self._numbers(request, reference, ctx)
        ctx.check()
        picture = render(numbers, encoding, request.render, self._executor)
        correction = request.render.correction
        return FrameResult(
            request.capture, request.frame, picture, numbers, encoding, correction, reference,
            request.stand_in,
        )  # fmt: skip

    def _numbers(
        self, request: FrameRequest, reference: Reference | None, ctx: JobContext
    ) -> tuple[npt.NDArray[Any], Encoding | None]:
        """Stored numbers of one frame, or values when frames are combined."""
        source = request.source
        if request.stack.frames > 1:
            values = self._stacked(request, ctx)
        elif reference is None:
            return source.read_raw(request.frame), source.encoding
        else:
            values = source.read(request.frame).astype(np.float32)
        return (values if reference is None else values - reference.values), None

    def _stacked(self, request: FrameRequest, ctx: JobContext) -> npt.NDArray[np.float32]:
        """The stack that ends with this frame; the sums are kept for its neighbours."""
        key = (request.capture, request.stack, id(request.source))
        if self._stack is None or self._stack[0] != key:
            stack = FrameStack(request.source, request.stack.method, request.stack.frames)
            self._stack = key, stack
        return self._stack[1].image(request.frame, ctx.check)
