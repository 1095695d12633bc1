"""What a working thread does for a phase movie: phases of cubes, and their frames added up."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ....errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ....engine.jobs import JobContext
    from ....lightspeed.calibration import CountScale
    from ....lightspeed.capture import Capture
    from ....lightspeed.cube_header import CubeHeader
    from ....lightspeed.fold.movie.movie import PhaseMovie
    from ....lightspeed.fold.movie.phase_images import PhaseImages
    from ....lightspeed.fold.movie.plan import Plan
    from ....lightspeed.fold.phases import FramePhases
    from ....lightspeed.fold.settings import FoldSettings
    from ....lightspeed.times import TimeModel
    from ....timing.ephemeris import Ephemeris
    from ....timing.sites import Site

MOST_BINS = 64
SHOWN_EVERY_S = 0.5
COPY_REST = 10.0
"""Images that take 50 ms to copy are given once every half a second."""
_TEXT = "Adding frames up by phase"


@dataclass(frozen=True, eq=False)
class Recipe:
    """All that the sums of a phase movie depend on.

    Attributes
    ----------
    settings : FoldSettings
        Ranges and phase offset do not matter.
    model : TimeModel
        Of the capture.
    exposure_s : float
    readout_s : float or None
    shape : tuple of int
        Rows and columns of the frames.
    """

    ephemeris: Ephemeris = field(repr=False)
    site: Site
    settings: FoldSettings
    model: TimeModel
    exposure_s: float
    readout_s: float | None
    shape: tuple[int, int]

    @property
    def n_bins(self) -> int:
        """Bins in a turn: those of the fold, at most 64."""
        return min(self.settings.n_bins, MOST_BINS)

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for recipes that give the same sums."""
        one = self.settings
        edits = one.f0_hz, one.f1_hz_s, one.timing_offset_s, one.stamp, one.row_delay
        times = self.model, self.exposure_s, self.readout_s if one.row_delay else None
        return self.ephemeris.key, self.site, self.n_bins, self.shape, *edits, *times

    def plan(self) -> Plan:
        """What of the frames is kept.

        Raises
        ------
        NightglassError
            If the memory allowed is too little.
        """
        from ....lightspeed.fold.movie.plan import Plan

        return Plan.of(self.shape, self.n_bins)

    def clock(self, capture: Capture) -> FramePhases:
        """What gives the phases; calls PINT."""
        from ....lightspeed.fold.phases import FramePhases, pivot_of
        from ....timing.edits import PivotedPhases

        one, pivot = self.settings, pivot_of(self.model, capture.path)
        pulsar = PivotedPhases(self.ephemeris, self.site, pivot, one.f0_hz, one.f1_hz_s)
        return FramePhases(self.model, pulsar, one, self.exposure_s)

    def row_delays(self, frequency_hz: float) -> NDArray[np.float64] | None:
        """Turns by which each row is read after the middle one, (rows,); None without."""
        from ....lightspeed.rolling_shutter import row_delay_s

        if not self.settings.row_delay:
            return None
        rows = self.shape[0]
        delays_s = [row_delay_s(row, rows, self.readout_s) for row in range(rows)]
        return np.array(delays_s) * frequency_hz


class Grown(NamedTuple):
    """How far a movie is.

    Attributes
    ----------
    images : PhaseImages
    cubes : tuple of CubeHeader
        What there was to add.
    lost : tuple of (CubeHeader, str)
        Cubes that could not be read, and why.
    """

    images: PhaseImages
    cubes: tuple[CubeHeader, ...]
    lost: tuple[tuple[CubeHeader, str], ...]


class Growing:
    """A movie that takes the cubes of a capture as they come; one thread at a time.

    Parameters
    ----------
    recipe : Recipe
    capture : Capture
    """

    def __init__(self, recipe: Recipe, capture: Capture) -> None:
        self.recipe, self._capture = recipe, capture
        self.plan = recipe.plan()
        self._clock: FramePhases | None = None
        self._movie: PhaseMovie | None = None
        self._added: dict[int, CubeHeader] = {}
        self._lost: dict[int, tuple[CubeHeader, str]] = {}
        self._shown_s = -np.inf
        self._copy_s = 0.0

    def grow(
        self,
        cubes: tuple[CubeHeader, ...],
        scale: CountScale,
        read_noise_e: float,
        ctx: JobContext,
        *,
        shows_growth: bool,
    ) -> Grown:
        """Add the cubes that are missing, and publish images now and then.

        What cannot be read is tried again, after a pause each time.

        Parameters
        ----------
        cubes : tuple of CubeHeader
            All there are; where one added before is not among them, all are added anew.
        scale : CountScale
        read_noise_e : float
        ctx : JobContext
        shows_growth : bool
            Whether images that lack cubes are wanted.

        Raises
        ------
        NightglassError
            If there are no phases.
        Cancelled
            If the job was cancelled.
        """
        from ....lightspeed.counting import RETRY_SECONDS
        from ....lightspeed.warm import warm

        warm(ctx)
        clock, movie = self._made()
        self._keep(cubes, movie)
        for pause_s in (0.0, *RETRY_SECONDS):
            if pause_s and self._lost:
                ctx.rest(pause_s)
                self._lost.clear()
            for done, header in enumerate(self._missing(cubes)):
                ctx.check()
                if shows_growth and done:
                    self._show(movie, cubes, scale, read_noise_e, ctx)
                self._add(header, clock, movie, ctx)
                ctx.progress(len(self._added) + len(self._lost), len(cubes), _TEXT)
        ctx.check()
        return self._grown(movie, cubes, scale, read_noise_e)

    def try_again(self) -> None:
        """Read cubes that could not be read again with the next ones."""
        self._lost.clear()

    def _made(self) -> tuple[FramePhases, PhaseMovie]:
        from ....lightspeed.fold.movie.movie import PhaseMovie
        from ....lightspeed.reduce.pool import threads_of

        if self._clock is None or self._movie is None:
            self._clock = self.recipe.clock(self._capture)
            delays = self.recipe.row_delays(self._clock.frequency_hz)
            self._movie = PhaseMovie(self.plan, delays, threads_of(None))
        return self._clock, self._movie

    def _keep(self, cubes: tuple[CubeHeader, ...], movie: PhaseMovie) -> None:
        """Begin again where a cube that was added has gone or was written anew."""
        now = {header.number: header for header in cubes}
        if any(now.get(number) is not header for number, header in self._added.items()):
            self._forget(movie)
        self._lost = {n: one for n, one in self._lost.items() if now.get(n) is one[0]}

    def _forget(self, movie: PhaseMovie) -> None:
        movie.clear()
        self._added.clear()

    def _missing(self, cubes: tuple[CubeHeader, ...]) -> Iterable[CubeHeader]:
        """Cubes to be added; more than at first where one has spoilt the sums."""
        while True:
            known = self._added.keys() | self._lost.keys()
            following = next((header for header in cubes if header.number not in known), None)
            if following is None:
                return
            yield following

    def _add(
        self, header: CubeHeader, clock: FramePhases, movie: PhaseMovie, ctx: JobContext
    ) -> None:
        try:
            clock_s = self._capture.stamps(header).clock_s
        except NightglassError as error:
            self._lost[header.number] = header, str(error)
            return
        phases = clock.phases([self.recipe.model.elapsed(clock_s)])[0]
        try:
            movie.add(header, phases, ctx.check)
        except NightglassError as error:
            self._lost[header.number] = header, str(error)
            if movie.cubes < len(self._added):
                self._added.clear()
        else:
            self._added[header.number] = header

    def _show(
        self,
        movie: PhaseMovie,
        cubes: tuple[CubeHeader, ...],
        scale: CountScale,
        read_noise_e: float,
        ctx: JobContext,
    ) -> None:
        now_s = monotonic()
        if now_s - self._shown_s < max(SHOWN_EVERY_S, COPY_REST * self._copy_s):
            return
        ctx.publish(self._grown(movie, cubes, scale, read_noise_e))
        self._shown_s, self._copy_s = monotonic(), monotonic() - now_s

    def _grown(
        self,
        movie: PhaseMovie,
        cubes: tuple[CubeHeader, ...],
        scale: CountScale,
        read_noise_e: float,
    ) -> Grown:
        return Grown(movie.images(scale, read_noise_e), cubes, tuple(self._lost.values()))
