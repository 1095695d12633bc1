"""Which pixels DS9 counts into a region, counted against a mask of ours.

DS9 tells no list of pixels, but the sum and the number of pixels of a region. Over an image that
is 1 on the pixels of our mask M and 0 elsewhere, the sum over DS9's pixels D is |M and D|, so that
|M| + |D| - 2 |M and D| pixels are in one and not in the other: exact, with one image and one
region.
"""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .ds9_words import Ds9Words

MOST_PIXELS = 999_999
"""DS9 writes its sums with six digits."""

# XPA has no word for the statistics of a region: the script writes them where we read them.
_SCRIPT = """\
set nightglass_out [open {%s} w]
$current(frame) marker select all
foreach nightglass_id [$current(frame) get marker select] {
    puts $nightglass_out [$current(frame) get marker $nightglass_id analysis stats image fk5]
}
close $nightglass_out
"""
_TABLE = re.compile(r"npix.*\n---.*\n((?:\d+\t.*\n?)+)")


@dataclass(frozen=True)
class PixelCount:
    """Pixels of one region.

    Attributes
    ----------
    ours, theirs : int
        How many pixels the mask and DS9 hold.
    differing : int
        How many only one of them holds.
    """

    ours: int
    theirs: int
    differing: int


@contextmanager
def spare_frame(ds9: Ds9Words) -> Iterator[str]:
    """A frame of DS9 that is gone afterwards; the one shown before is shown again."""
    before = ds9.current_frame()
    number = ds9.new_frame()
    try:
        yield number
    finally:
        ds9.delete_frame(number)
        if before:
            ds9.show_frame(before)


def count_pixels(ds9: Ds9Words, text: str, mask: NDArray[np.bool_]) -> PixelCount:
    """Let DS9 count one region and compare with a mask.

    Parameters
    ----------
    ds9 : Ds9Words
        On this machine. Its current frame (`spare_frame`) is overwritten.
    text : str
        The region in image coordinates, in DS9's words and without properties.
    mask : ndarray of bool, shape (rows, columns)

    Raises
    ------
    NightglassError
        If DS9 refuses, gives no numbers, or the mask is too large for its six digits.
    """
    ours = int(mask.sum())
    if ours > MOST_PIXELS:
        raise NightglassError(
            "Too large to compare",
            f"The region holds {ours} pixels; DS9 tells six digits only.",
            "Compare a smaller one.",
        )
    ds9.send_image(mask.astype(np.uint8), name="nightglass-check.fits")
    ds9.clear_regions()
    ds9.send_regions(text)
    shared, theirs = _sums(_statistics(ds9))
    return PixelCount(ours, theirs, ours + theirs - 2 * shared)


def _statistics(ds9: Ds9Words) -> str:
    with tempfile.TemporaryDirectory(prefix="nightglass-") as folder:
        script, out = Path(folder, "check.tcl"), Path(folder, "out.txt")
        script.write_text(_SCRIPT % out, encoding="utf-8")
        ds9.set("source", str(script))
        try:
            return out.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise _no_numbers() from error


def _sums(statistics: str) -> tuple[int, int]:
    """Sum and number of pixels over every ring; nothing at all for a region without pixels."""
    if "center=" not in statistics and "npix" not in statistics:
        raise _no_numbers()
    rows = [line.split("\t") for table in _TABLE.findall(statistics) for line in table.splitlines()]
    try:
        return round(sum(float(row[1]) for row in rows)), round(sum(float(row[2]) for row in rows))
    except (IndexError, ValueError, OverflowError) as error:
        raise _no_numbers() from error


def _no_numbers() -> NightglassError:
    return NightglassError(
        "DS9 gave no numbers",
        "DS9 did not tell the pixels of the region.",
        "It must run on this computer; try again.",
    )
