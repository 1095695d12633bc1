"""Counts in regions, frame by frame: exact sums, and apertures that follow a star."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .region_spots import UNMOVED, Lead, Shift, Spot, placed_mask, reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from .region_frames import Check, Frames, Numbers

# A block of a star that is followed: long enough to see it, short against the wind.
BLOCK_S = 0.5
LEAST_BLOCK = 200


class SpotSums(NamedTuple):
    """Counts of one spot, shape (n_frames,) both.

    Attributes
    ----------
    sums : ndarray of int64, or of float64 for images that are no counts
        ADU, offset included; whole numbers are exact.
    pixels : ndarray of int64
        Pixels added up; it changes where the aperture moves by parts of a pixel.
    """

    sums: NDArray[Any]
    pixels: Numbers


@dataclass
class Counts:
    """Counts of several spots in the same frames.

    Attributes
    ----------
    of : dict of Spot to SpotSums
    ends : dict of Lead to tuple of float
        How far each star had moved in the last of the frames.
    """

    of: dict[Spot, SpotSums] = field(default_factory=dict)
    ends: dict[Lead, Shift] = field(default_factory=dict)


def block_frames(interval_s: float | None) -> int:
    """Frames whose mean is looked at for the star: half a second, at least 200."""
    if interval_s is None or not interval_s > 0.0:
        return LEAST_BLOCK
    return max(LEAST_BLOCK, round(BLOCK_S / interval_s))


def count_spots(
    source: Frames,
    frames: Numbers,
    spots: Iterable[Spot],
    starts: Mapping[Lead, Shift],
    block: int | None,
    check: Check = lambda: None,
) -> Counts:
    """Add up the counts of each spot in each frame.

    A spot with a lead moves block by block: its star is looked for in the mean of the block's
    frames, no farther than `Lead.most_px` from its place in the block before, and the masks of all
    spots with that lead are made anew with the same shift (parts of a pixel included). The shapes
    that cut them move along. Where the star is not found they stay where they were.

    Parameters
    ----------
    source : Frames
    frames : ndarray of int64, shape (n_frames,)
        Ascending.
    spots : iterable of Spot
    starts : mapping of Lead to tuple of float
        How far each star had moved before; not at all where nothing is said.
    block : int or None
        Frames of a block; what is left over is spread over all blocks. None looks for no star:
        every aperture stays where `starts` says.
    check : callable
        Called now and then; ends the work by raising.

    Returns
    -------
    Counts
        Independent of how the frames are read.

    Raises
    ------
    NightglassError
        If the frames cannot be read.
    """
    counts = Counts()
    groups: dict[Lead | None, list[Spot]] = {}
    for spot in spots:
        groups.setdefault(spot.lead, []).append(spot)
    for lead, group in groups.items():
        shift = UNMOVED if lead is None else starts.get(lead, UNMOVED)
        if lead is None or block is None:
            counts.of.update(_counted(source, frames, group, shift, check))
        else:
            _follow(source, frames, group, lead, shift, block, counts, check)
    return counts


def _counted(
    source: Frames, frames: Numbers, spots: Sequence[Spot], shift: Shift, check: Check
) -> dict[Spot, SpotSums]:
    masks = [placed_mask(spot.aperture, source.shape, shift) for spot in spots]
    sums, pixels = source.mask_sums(frames, masks, check)
    return {spot: SpotSums(sums[i], pixels[i]) for i, spot in enumerate(spots)}


def _follow(
    source: Frames,
    frames: Numbers,
    spots: Sequence[Spot],
    lead: Lead,
    shift: Shift,
    block: int,
    counts: Counts,
    check: Check,
) -> None:
    """Count the spots of one star block by block."""
    parts: dict[Spot, list[SpotSums]] = {spot: [] for spot in spots}
    for some in np.array_split(frames, max(1, len(frames) // block)):
        shift = _moved(source, some, lead, shift, check)
        for spot, sums in _counted(source, some, spots, shift, check).items():
            parts[spot].append(sums)
    counts.ends[lead] = shift
    counts.of.update({spot: joined(some) for spot, some in parts.items()})


def joined(parts: Sequence[SpotSums]) -> SpotSums:
    """Counts of frames that follow one another."""
    return SpotSums(*(np.concatenate(some) for some in zip(*parts, strict=True)))


def _moved(source: Frames, frames: Numbers, lead: Lead, shift: Shift, check: Check) -> Shift:
    """Where the star of a lead is in some frames; where it was if it is not seen."""
    from ..regions.numbers.centroid import snap

    centre = lead.aperture.centre
    x, y = centre[0] + shift[0], centre[1] + shift[1]
    left, bottom, right, top = lead.aperture.bounds
    room = lead.most_px
    window = reach((left - room, bottom - room, right + room, top + room), source.shape, shift)
    image = source.mean(frames, window, check)
    star = snap(image, x, y, room, corner=(window.first_column, window.first_row))
    if star is None or math.hypot(star[0] - x, star[1] - y) > room:
        return shift
    return star[0] - centre[0], star[1] - centre[1]
