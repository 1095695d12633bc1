"""Calibration frames taken one after the other belong together."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ...timing.sidereal import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..raw.names import RawFile

MOST_SLOTS_BETWEEN = BATCH
"""Frames further apart are of two sequences; some may be lost within one."""


def sequences(files: Iterable[RawFile]) -> list[list[RawFile]]:
    """Cut calibration frames of one camera and kind where a long time passed between two.

    Parameters
    ----------
    files : iterable of RawFile

    Returns
    -------
    list of list of RawFile
        In order of time.
    """
    ordered = sorted(files, key=lambda file: file.lstseq)
    if not ordered:
        return []
    cuts = [
        place
        for place, (one, other) in enumerate(pairwise(ordered), start=1)
        if other.lstseq - one.lstseq > MOST_SLOTS_BETWEEN
    ]
    return [ordered[a:b] for a, b in pairwise([0, *cuts, len(ordered)])]
