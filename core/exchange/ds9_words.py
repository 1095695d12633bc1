"""What DS9 is asked and told, whoever carries the words: XPA or SAMP.

What DS9 8.4 does, found by trying:

* ``fits NAME`` reads an image from standard input and shows it under that name: nothing needs to
  lie on a disk that both see. A frame without an image has ``fits size`` 0 0.
* ``crosshair`` in image coordinates keeps fractions; without an image it answers 0 0, and in
  ``fk5`` nothing where the frame has no sky.
* ``regions`` answers nothing for a system the frame does not know.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Ds9System = Literal["image", "physical", "fk5"]
Place = tuple[float, float]

IMAGE_TIMEOUT_S = 60.0
_REGION_HEADER = ("#", "global")


@dataclass(frozen=True)
class Shown:
    """What the current frame of DS9 holds.

    Attributes
    ----------
    file : str
        Name of its image; "" for none.
    shape : (rows, columns) or None
        None where it holds no image.
    has_sky : bool
        Whether it knows where its pixels lie on the sky.
    """

    file: str = ""
    shape: tuple[int, int] | None = None
    has_sky: bool = False


class Ds9Words(ABC):
    """One running DS9; every method blocks until it has answered.

    Every method raises `NightglassError` if DS9 cannot be reached, does not answer in time, or
    refuses.
    """

    @abstractmethod
    def get(self, *words: str) -> str:
        """Answer of DS9 to a request, such as ``get("fits", "size")``."""

    @abstractmethod
    def set(self, *words: str, data: bytes | None = None, timeout_s: float | None = None) -> None:
        """Give DS9 an order, with data where it takes any."""

    # Images

    def shown(self) -> Shown:
        """What the current frame holds."""
        columns, rows = (_numbers(self.get("fits", "size"), 2) or (0.0, 0.0))[:2]
        if columns < 1 or rows < 1:
            return Shown()
        has_sky = bool(self.get("crosshair", "fk5", "degrees"))
        return Shown(self.get("file"), (int(rows), int(columns)), has_sky)

    def send_image(
        self,
        image: NDArray[Any],
        cards: Mapping[str, object] | None = None,
        *,
        name: str = "nightglass.fits",
        is_new: bool = False,
    ) -> None:
        """Show an image.

        Parameters
        ----------
        image : ndarray, shape (rows, columns)
        cards : mapping or None
            Header cards that say where its pixels lie.
        name : str
            What DS9 calls it.
        is_new : bool
            Show it in a new frame, not in the current one.
        """
        words = ["fits", *(["new"] if is_new else []), name]
        self.set(*words, data=fits_bytes(image, cards or {}), timeout_s=IMAGE_TIMEOUT_S)

    # Regions

    def send_regions(self, text: str) -> None:
        """Add regions, in DS9's own words, to the current frame."""
        # Bytes of a file that are no UTF-8 go as they came.
        self.set("regions", data=text.encode("utf-8", "surrogateescape"))

    def regions(self, system: Ds9System = "image") -> str:
        """All regions of the current frame as DS9 text; "" where there is none."""
        words = ("-format", "ds9", "-system", system, "-sky", "fk5", "-skyformat", "degrees")
        text = self.get("regions", *words)
        lines = [line for line in text.splitlines() if not line.startswith(_REGION_HEADER)]
        return text + "\n" if len(lines) > 1 else ""

    def clear_regions(self) -> None:
        """Take all regions of the current frame away."""
        self.set("regions", "delete", "all")

    # The cursor

    def crosshair(self, system: Ds9System = "image") -> Place:
        """Where the crosshair stands: 1-based pixels, or degrees for ``fk5``."""
        words = ("fk5", "degrees") if system == "fk5" else (system,)
        place = _numbers(self.get("crosshair", *words), 2)
        if place is None:
            raise NightglassError(
                "No place in DS9",
                "The frame shown in DS9 does not know where it lies on the sky.",
                "Show an image with a sky in DS9, or send it this one.",
            )
        return place[0], place[1]

    def set_crosshair(self, x: float, y: float, system: Ds9System = "image") -> None:
        """Show the crosshair at a place: 1-based pixels, or degrees for ``fk5``."""
        self.set("crosshair", f"{x:.9f}", f"{y:.9f}", system)

    def pan_to(self, x: float, y: float, system: Ds9System = "image") -> None:
        """Let the view of DS9 centre on a place."""
        self.set("pan", "to", f"{x:.9f}", f"{y:.9f}", system)

    # Frames

    def current_frame(self) -> str:
        """Number of the frame shown, "" for none."""
        return self.get("frame")

    def new_frame(self) -> str:
        """Make an empty frame and give its number."""
        self.set("frame", "new")
        return self.current_frame()

    def show_frame(self, number: str) -> None:
        """Show a frame."""
        self.set("frame", number)

    def delete_frame(self, number: str) -> None:
        """Delete a frame and nothing else."""
        self.show_frame(number)
        if self.current_frame() == number:
            self.set("frame", "delete")


def fits_bytes(image: NDArray[Any], cards: Mapping[str, object]) -> bytes:
    """An image as the bytes of a FITS file.

    Parameters
    ----------
    image : ndarray, shape (rows, columns)
    cards : mapping
        Header cards beside those of the array itself.
    """
    from io import BytesIO

    from astropy.io import fits

    file = BytesIO()
    fits.PrimaryHDU(image, fits.Header(dict(cards))).writeto(file)
    return file.getvalue()


def _numbers(text: str, least: int) -> tuple[float, ...] | None:
    """The numbers of an answer; None where it holds fewer than expected or other words."""
    try:
        numbers = tuple(float(word) for word in text.split())
    except ValueError:
        return None
    return numbers if len(numbers) >= least and all(map(math.isfinite, numbers)) else None
