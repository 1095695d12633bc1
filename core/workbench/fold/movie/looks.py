"""The limits of the picture, which are others for frames, for a movie and for a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....picture.limits import Limits

if TYPE_CHECKING:
    from ....session.view import Session
    from .state import Sheet


MOVIE_PERCENT = 99.9


class Looks:
    """Keeps the limits an observer gave to each sheet; owner thread only.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept: dict[Sheet | None, tuple[Limits, bool]] = {}

    def change(self, before: Sheet | None, after: Sheet | None) -> None:
        """Keep the limits of one sheet (None for the frames) and give the picture those of another.

        On a sheet that was not shown before limits are found as for frames, but for a movie: all
        its bins have the same, and the brightest pixels of a star may not be one white spot.
        """
        view = self._session.view
        self._kept[before] = view.limits, view.limits_locked
        first = (Limits("percentile", MOVIE_PERCENT), True)
        of_frames = self._kept.get(None, (view.limits, False))[0]
        usual = first if after == "movie" else (_found(of_frames), False)
        limits, is_locked = self._kept.get(after, usual)
        self._session.change(limits=limits, limits_locked=is_locked)

    def knows(self, sheet: Sheet) -> bool:
        """Whether a sheet was shown before."""
        return sheet in self._kept


def _found(limits: Limits) -> Limits:
    """Limits that are found, in place of those typed in for something else."""
    return Limits() if limits.mode == "manual" else limits
