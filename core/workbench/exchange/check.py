"""Whether DS9 counts the same pixels into our regions as we do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ...errors import NightglassError
from ...exchange.pixel_check import PixelCount, count_pixels, spare_frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...engine.jobs import JobContext
    from ...exchange.ds9_words import Ds9Words
    from ...regions.entries import RegionEntry

_NO_PIXELS = "it holds no pixels"
Outcome = Literal["same", "differs", "not comparable"]
_POLYGONS = "DS9 8.4 loses pixels of polygons; ours are exact"


@dataclass(frozen=True)
class PixelVerdict:
    """What the comparison of one region gave.

    Attributes
    ----------
    ident : int
        Number of the region.
    name : str
        Its kind, with its text where it has one.
    outcome : {"same", "differs", "not comparable"}
    count : PixelCount or None
        The numbers, None where there are none.
    why : str
        Why it cannot be compared.
    """

    ident: int
    name: str
    outcome: Outcome
    count: PixelCount | None = None
    why: str = ""

    def __str__(self) -> str:
        numbers = _numbers(self.count)
        if self.outcome == "same":
            return f"{self.name}: the same pixels ({numbers})"
        if self.outcome == "differs":
            return f"{self.name}: {numbers}"
        told = f" ({numbers})" if numbers else ""
        return f"{self.name}: not comparable, {self.why}{told}"


def check_same_pixels(
    ds9: Ds9Words,
    entries: Mapping[int, RegionEntry],
    shape: tuple[int, int],
    ctx: JobContext,
) -> tuple[PixelVerdict, ...]:
    """Send each region to DS9 by itself, in a frame of its own, and compare the pixels.

    DS9's own frames stay as they are.

    Parameters
    ----------
    ds9 : Ds9Words
    entries : mapping of int to RegionEntry
    shape : (rows, columns)
        Of the frame the regions lie on.
    ctx : JobContext

    Raises
    ------
    NightglassError
        If DS9 cannot be reached.
    """
    verdicts = []
    with spare_frame(ds9):
        for done, (ident, entry) in enumerate(entries.items()):
            ctx.check()
            ctx.progress(done, len(entries), entry.kind)
            verdicts.append(_verdict(ds9, ident, entry, shape))
    return tuple(verdicts)


def _verdict(ds9: Ds9Words, ident: int, entry: RegionEntry, shape: tuple[int, int]) -> PixelVerdict:
    from ...regions.masks import mask_of
    from ...regions.shapes import Polygon
    from ...regions.systems import Surroundings
    from ...regions.text.writer import write_regions

    name = f"{entry.kind} {ident}" + (f" “{entry.text}”" if entry.text else "")
    if not entry.has_pixels:
        return PixelVerdict(ident, name, "not comparable", None, _NO_PIXELS)
    bare = replace(entry, include=True, properties={}, tags=(), background=False, piece=None)
    try:
        mask = mask_of(bare, shape)
        text = write_regions([bare], Surroundings(), system="image")
    except NightglassError as error:
        return PixelVerdict(ident, name, "not comparable", None, error.text.rstrip("."))
    count = count_pixels(ds9, text, mask)
    if not count.differing:
        return PixelVerdict(ident, name, "same", count)
    if isinstance(entry.shape, Polygon):
        return PixelVerdict(ident, name, "not comparable", count, _POLYGONS)
    return PixelVerdict(ident, name, "differs", count)


def summary(verdicts: Sequence[PixelVerdict]) -> str:
    """One sentence about all of them."""
    bare = sum(verdict.why == _NO_PIXELS for verdict in verdicts)
    held = [verdict for verdict in verdicts if verdict.why != _NO_PIXELS]
    same = [verdict for verdict in held if verdict.outcome == "same"]
    left_out = f" {bare} without pixels left out." if bare else ""
    if not held:
        return "No region to compare holds pixels."
    if len(same) < len(held):
        others = "; ".join(str(verdict) for verdict in held if verdict.outcome != "same")
        count = f"{len(same)} of {len(held)} regions"
        return f"{count} hold the same pixels in DS9. {others}.{left_out}"
    pixels = sum(verdict.count.ours for verdict in same if verdict.count is not None)
    what = "The region holds" if len(same) == 1 else f"All {len(same)} regions hold"
    return f"{what} the same pixels in DS9 ({pixels}).{left_out}"


def _numbers(count: PixelCount | None) -> str:
    if count is None:
        return ""
    return f"{count.ours} pixels here, {count.theirs} in DS9, {count.differing} differ"
