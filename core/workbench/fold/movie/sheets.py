"""Which image stands in for the frames, and the series it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...stand_in import StandIn
from .source import DIFFERENCE, RATIO, OnMinusOffSeries, PhaseSeries

if TYPE_CHECKING:
    from ....timing.pulse.ranges import PhaseRange
    from .source import TurnedImages
    from .state import Sheet

_PLACES = {"difference": DIFFERENCE, "ratio": RATIO}


class Sheets:
    """Gives images by sheet and keeps the series shown last, with what it has computed."""

    def __init__(self) -> None:
        self._phases: PhaseSeries | None = None
        self._difference: OnMinusOffSeries | None = None

    def clear(self) -> None:
        """Let go of all images."""
        self._phases = self._difference = None

    def image(
        self,
        sheet: Sheet,
        images: TurnedImages,
        place: int,
        ranges: tuple[PhaseRange | None, PhaseRange | None],
    ) -> StandIn | None:
        """Give the image of a sheet.

        Parameters
        ----------
        sheet : {"movie", "difference", "ratio"}
        images : TurnedImages
        place : int
            Bin of the movie.
        ranges : tuple of PhaseRange or None
            On and off.
        """
        if sheet == "movie":
            return StandIn(self._movie(images), min(place, images.n_bins - 1))
        on, off = ranges
        if on is None or off is None:
            return None
        return StandIn(self._on_minus_off(images, on, off), _PLACES[sheet])

    def _movie(self, images: TurnedImages) -> PhaseSeries:
        if self._phases is None or self._phases.images != images:
            self._phases = PhaseSeries(images)
        return self._phases

    def _on_minus_off(
        self, images: TurnedImages, on: PhaseRange, off: PhaseRange
    ) -> OnMinusOffSeries:
        known, wanted = self._difference, (images, on, off)
        if known is None or (known.images, known.on, known.off) != wanted:
            known = self._difference = OnMinusOffSeries(*wanted)
        return known
