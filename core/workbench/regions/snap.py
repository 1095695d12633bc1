"""Regions put onto the stars nearest to them, on the frame shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NightglassError
from ...regions.geometry.placement import middle
from ..stand_in import on_screen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...engine.jobs import Job
    from ...frames.source import FrameSource
    from ...regions.entries import RegionEntry
    from ..workbench import Workbench

    Places = dict[int, tuple[float, float]]

LEAST_REACH_PX = 8.0
"""A star this near is found whatever the size of the region."""


def snap_selected(bench: Workbench) -> Job[Places]:
    """Centre the selected regions on the stars nearest to them, as one step to undo.

    Raises
    ------
    NightglassError
        If no capture is shown.
    """
    from ...session.region_deeds import put_at

    regions, capture = bench.regions.list, bench.desk.require(bench.session.view.capture)
    chosen = regions.chosen()
    source, frame = on_screen(capture, bench.session.view.frame)

    def take(places: Places) -> None:
        put_at(regions, places, "Snap")
        if len(places) < len(chosen):
            missed = len(chosen) - len(places)
            what = "the region" if len(chosen) == 1 else f"{missed} of {len(chosen)} regions"
            bench.problems.note(
                "notice", "No star there", f"No star was found near {what}.",
                "Move it closer to a star, or choose a brighter frame.",
            )  # fmt: skip

    return bench.engine.submit(
        lambda _: stars_near(source, frame, chosen),
        title="Look for the stars",
        lane="watch",
        quiet=True,
        on_result=take,
    )


def stars_near(source: FrameSource, frame: int, entries: Mapping[int, RegionEntry]) -> Places:
    """Find the star nearest to the middle of each region on one frame.

    Parameters
    ----------
    source : FrameSource
    frame : int
        From 0.
    entries : mapping of int to RegionEntry

    Returns
    -------
    dict of int to (x, y)
        1-based image pixels; regions without a star near are left out.

    Raises
    ------
    NightglassError
        If the capture has no frame yet, or it cannot be read.
    """
    from ...regions.numbers.centroid import snap

    if frame < 0:
        raise NightglassError("No frame yet", f"{source.name} has no frame.", "Wait for the first.")
    image = source.read(frame, slice(0, source.shape[0]))
    found = {}
    for ident, entry in entries.items():
        if entry.shape is None:
            continue
        left, bottom, right, top = entry.shape.bounds()
        reach = max(LEAST_REACH_PX, (right - left) / 2, (top - bottom) / 2)
        star = snap(image, *middle(entry.shape), reach)
        if star is not None:
            found[ident] = star
    return found
