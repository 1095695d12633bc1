"""One phase movie at a time, built in the background and kept up with its capture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psygnal import Signal

from ....errors import NightglassError
from .work import Growing, Recipe

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ....engine.engine import Engine
    from ....engine.jobs import Job
    from ....lightspeed.calibration import CountScale
    from ....lightspeed.capture import Capture
    from ....lightspeed.fold.movie.phase_images import PhaseImages
    from ....problems import ProblemList
    from ...desk import Desk, OpenCapture
    from ..desk import FoldDesk
    from .work import Grown


class MovieBuilding:
    """Adds the frames of one capture up by phase, cube by cube; owner thread only.

    Only cubes that are new are added. When the sums depend on something that has changed they are
    built anew, and the images there are stay until that is done. Memory is that of the plan, and
    at most as much again as a copy of the images while they are replaced.

    Parameters
    ----------
    engine : Engine
    desk : Desk
    fold : FoldDesk
    problems : ProblemList

    Attributes
    ----------
    capture : OpenCapture or None
        What the movie is of.
    images : PhaseImages or None
        The newest there are.
    factor : int
        Rows and columns of the frames in one of the images.
    note : str
        What was given up to save memory.
    is_old : bool
        Whether the images are not what would be built now.
    is_stopped : bool
        Whether the observer stopped the work, or it failed.
    has_lost : bool
        Whether cubes could not be read.

    Signals: `changed` when images are others, or the work begins or ends; `built` when images hold
    all frames for the first time.
    """

    changed = Signal()
    built = Signal()

    def __init__(self, engine: Engine, desk: Desk, fold: FoldDesk, problems: ProblemList) -> None:
        self._engine, self._desk, self._fold, self._problems = engine, desk, fold, problems
        self.capture: OpenCapture | None = None
        self.images: PhaseImages | None = None
        self.factor, self.note = 1, ""
        self.is_old = self.is_stopped = self.has_lost = False
        self._images_of: Hashable = None
        self._wanted: Hashable = None
        self._growing: Growing | None = None
        self._grown_to: object = None
        self._job: Job[Grown] | None = None
        self._is_running = False
        self._told: set[tuple[int, int]] = set()

    @property
    def progress(self) -> float | None:
        """Part of the work that is done; None while there is none."""
        if not self._is_running:
            return None
        return (self._job.progress.fraction if self._job is not None else None) or 0.0

    def begin(self, capture: OpenCapture) -> None:
        """Build the movie of a capture, or go on with it.

        Raises
        ------
        NightglassError
            If it has no times, or no par file is chosen.
        """
        recipe = self._recipe(capture)
        if capture is not self.capture:
            self.forget()
            self.capture = capture
        self._try_again()
        self._begin(recipe)

    def renew(self) -> None:
        """Take in new cubes, or begin anew where the sums depend on something that has changed."""
        if self.capture is None:
            return
        try:
            recipe = self._recipe(self.capture)
        except NightglassError:
            self._stop()  # the images there are stay
            self.is_old = self.images is not None
            return
        is_other = recipe.key != self._wanted
        if is_other or not self.is_stopped:
            self.is_stopped = self.is_stopped and not is_other
            self._begin(recipe)

    def go_on(self) -> None:
        """Go on after the work was stopped, or cubes could not be read."""
        self._try_again()
        self.renew()

    def _try_again(self) -> None:
        self.is_stopped = False
        if self.has_lost and not self._is_running and self._growing is not None:
            self._growing.try_again()
            self._grown_to = None

    def forget(self) -> None:
        """Stop all work and let go of all images."""
        self._stop()
        self._growing = self.capture = self.images = None
        self._images_of = self._wanted = self._grown_to = None
        self.is_old = self.is_stopped = self.has_lost = False
        self._told.clear()

    def _begin(self, recipe: Recipe) -> None:
        capture = self.capture
        if capture is None or capture.lightspeed is None:
            return
        if self._growing is None or recipe.key != self._wanted:
            self._stop()
            self._wanted = recipe.key
            self._growing, self._grown_to = Growing(recipe, capture.lightspeed), None
        self.is_old = self.images is not None and self._images_of != recipe.key
        self._rescale(capture)
        self._grow(capture.lightspeed)

    def _grow(self, source: Capture) -> None:
        growing, cubes = self._growing, source.cubes
        if growing is None or self._is_running or cubes is self._grown_to:
            return
        scale, read_noise_e = self._scale(source), self._desk.settings.read_noise_e
        # A movie that is replaced is whole until the new one is.
        shows_growth = self.images is None or self._images_of == growing.recipe.key
        self._is_running = True
        job = self._engine.submit(
            lambda ctx: growing.grow(cubes, scale, read_noise_e, ctx, shows_growth=shows_growth),
            title=f"Phase movie of {source.name}",
            lane="watch",
            on_partial=lambda grown: self._take(growing, grown),
            on_result=lambda grown: self._take_end(growing, grown),
            on_error=self._take_failure,
        )
        if not job.state.is_finished:
            self._job = job
            job.token.on_cancel(lambda: self._engine.mailbox.append(self._on_cancelled, job))
        self.changed.emit()

    def _stop(self) -> None:
        job, self._job, self._is_running = self._job, None, False
        if job is not None:
            job.cancel()
            # What it had added of a cube cannot be told apart any more.
            self._growing, self._grown_to = None, None

    def _take(self, growing: Growing, grown: Grown) -> None:
        self.images, self._images_of = grown.images, growing.recipe.key
        self.factor, self.note = growing.plan.factor, growing.plan.text
        self.is_old = False
        self.changed.emit()

    def _take_end(self, growing: Growing, grown: Grown) -> None:
        self._job, self._is_running = None, False
        is_first, self._grown_to = self._grown_to is None, grown.cubes
        self.has_lost = bool(grown.lost)
        self._tell_lost(grown)
        self._take(growing, grown)
        if is_first:
            self.built.emit()
        if self.capture is not None and self.capture.lightspeed is not None:
            self._grow(self.capture.lightspeed)  # what has arrived meanwhile

    def _take_failure(self, error: NightglassError) -> None:
        self._problems.report(error)
        self._end_early()

    def _on_cancelled(self, job: Job[Grown]) -> None:
        """The observer stopped it in the list of jobs."""
        if job is self._job:
            self._end_early()

    def _end_early(self) -> None:
        self._job, self._is_running, self.is_stopped = None, False, True
        self._growing, self._grown_to = None, None
        self.changed.emit()

    def _tell_lost(self, grown: Grown) -> None:
        for header, why in grown.lost:
            version = header.number, header.modified_ns
            if version not in self._told:
                self._told.add(version)
                self._problems.note(
                    "warning", "A cube is not in the phase movie",
                    f"{header.n_frames} frames are missing from it: {why}",
                    "Check the disk, then open the capture again.", header.path,
                )  # fmt: skip

    def _rescale(self, capture: OpenCapture) -> None:
        """Make electrons by the settings of now."""
        images = self.images
        if images is None or capture.lightspeed is None:
            return
        scale, noise_e = self._scale(capture.lightspeed), self._desk.settings.read_noise_e
        if (images.scale, images.read_noise_e) != (scale, noise_e):
            self.images = replace(images, scale=scale, read_noise_e=noise_e)

    def _scale(self, source: Capture) -> CountScale:
        from ....lightspeed.calibration import CountScale

        return CountScale.of(source.header, self._desk.settings)

    def _recipe(self, capture: OpenCapture) -> Recipe:
        """What the movie depends on now.

        Raises
        ------
        NightglassError
            If something is missing.
        """
        source, chosen = capture.lightspeed, self._fold.shelf.chosen
        if source is None:
            raise NightglassError(
                "No phase movie", f"{capture.source.name} has no times.", "Show a capture."
            )
        if not chosen:
            raise NightglassError(
                "No phase movie", "No par file is chosen.", "Choose the par file of the pulsar."
            )
        model = source.time_model()
        return Recipe(
            chosen[0].ephemeris, self._fold.shelf.site, self._fold.settings, model,
            source.exposure_s or model.interval_s, source.readout_s, source.shape,
        )  # fmt: skip
