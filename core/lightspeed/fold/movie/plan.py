"""What a phase movie keeps of the frames, so that it stays within the memory allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ....errors import NightglassError
from ...reduce.blocks import Window

if TYPE_CHECKING:
    from ...box import Box

MOST_BYTES = 256 << 20
# Sums of 32 bits, what has grown too large for them in 64, and a copy of 64 bits to be shown.
_BYTES_OF_PIXEL = 20
# With more pixels in one, a single frame could be too much for 32 bits.
_LARGEST_FACTOR = 256


@dataclass(frozen=True)
class Plan:
    """What of the frames is kept, and how coarsely.

    Attributes
    ----------
    frame_shape : tuple of int
        Rows and columns of the frames.
    window : Window
        The part of them that is kept.
    n_bins : int
        Bins in a turn.
    factor : int
        So many rows and columns are added up to one pixel of the images; what is left over at the
        upper and right edge makes smaller ones.
    most_bytes : int
        Memory allowed.
    """

    frame_shape: tuple[int, int]
    window: Window
    n_bins: int
    factor: int = 1
    most_bytes: int = MOST_BYTES

    @classmethod
    def of(
        cls,
        frame_shape: tuple[int, int],
        n_bins: int,
        box: Box | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Plan:
        """Choose the finest images that the memory allows.

        Parameters
        ----------
        frame_shape : tuple of int
            Rows and columns.
        n_bins : int
            At least 1.
        box : Box or None
            What to keep of the frames; what lies outside of them is cut away. All if None.
        most_bytes : int
            For all images together.

        Raises
        ------
        NightglassError
            If there is no bin, the box holds no pixel, or the memory is too little.
        """
        if n_bins < 1:
            raise refusal(f"{n_bins} bins are not possible.", "Choose one bin at least.")
        window = _window_of(frame_shape, box)
        plan = cls(frame_shape, window, n_bins, 1, most_bytes)
        while plan.size_bytes > most_bytes:
            plan = cls(frame_shape, window, n_bins, 2 * plan.factor, most_bytes)
            if plan.factor > _LARGEST_FACTOR:
                raise refusal(
                    f"{n_bins} images do not fit into {_told(most_bytes)}.", "Choose fewer bins."
                )
        return plan

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of an image."""
        rows, columns = self.window.shape
        return -(-rows // self.factor), -(-columns // self.factor)

    @property
    def size_bytes(self) -> int:
        """Memory that all images take at most."""
        rows, columns = self.shape
        return self.n_bins * rows * columns * _BYTES_OF_PIXEL

    @property
    def text(self) -> str:
        """What was given up to save memory, as a sentence; "" for nothing."""
        if self.factor == 1:
            return ""
        full = Plan(self.frame_shape, self.window, self.n_bins).size_bytes
        return (
            f"Pixels are added up {self.factor} x {self.factor}: {self.n_bins} images of every "
            f"pixel would take {_told(full)} of memory, {_told(self.most_bytes)} are allowed."
        )


def _window_of(frame_shape: tuple[int, int], box: Box | None) -> Window:
    rows, columns = frame_shape
    if box is None:
        return Window(0, rows, 0, columns)
    window = Window(
        max(box.bottom, 0), min(box.top, rows), max(box.left, 0), min(box.right, columns)
    )
    if min(window.shape) < 1:
        raise refusal("The box holds no pixel of the frames.", "Move it onto the frames.")
    return window


def _told(size_bytes: int) -> str:
    return f"{size_bytes / (1 << 20):,.0f} MB"


def refusal(text: str, hint: str) -> NightglassError:
    """Say why there is no movie."""
    return NightglassError("No phase movie", text, hint)
