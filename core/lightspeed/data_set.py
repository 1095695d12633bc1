"""A contiguous observation in the documented interface: files in, frames in electrons out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engine.jobs import JobContext
from ..engine.meter import Meter
from ..errors import NightglassError
from .corrections import Corrections, Measured, dark_rate, flat_response
from .cube_choice import cubes_between
from .frame import Frame
from .frame_clock import FrameClock
from .open_capture import capture_of, open_capture
from .options import ReadOptions
from .reduce.recipe import Recipe, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from ..frames.positioned import PathLike
    from ..frames.times import FrameTimes
    from .capture import Capture
    from .conventions import Conventions
    from .cube import CubeHeader
    from .noise.pixel_properties import PixelProperties

DEFAULT_ADU_PER_ELECTRON = 8.5
_log = logging.getLogger(__name__)


class DataSet:
    """One contiguous observation; never loaded into memory as a whole.

    Parameters
    ----------
    filenames : iterable of path-like
        The cubes, in any order.
    cut_cr : bool
        Whether cosmic rays are cut.
    **keywords
        Further fields of `ReadOptions`: cr_thresh, cr_ceil, bbox, compat, gain, row_delay, ...

    Attributes
    ----------
    capture : Capture
        All cubes known of the observation, which the times come from.
    cubes : tuple of CubeHeader
        The cubes in use, in order of number; after `bootstrap` some of them several times.
    notices : list of str
        What was left out, did not match or was assumed, as sentences.

    Raises
    ------
    NightglassError
        If not one file is a readable cube.
    TypeError
        For an unknown keyword.
    """

    def __init__(self, filenames: Iterable[PathLike], cut_cr: bool = True, **keywords: Any) -> None:
        options = ReadOptions().changed(cut_cr=cut_cr, **keywords)
        self._set_up(capture_of(filenames), options)

    def _set_up(self, capture: Capture, options: ReadOptions) -> None:
        self.capture = capture
        self.options = options
        self.cubes: tuple[CubeHeader, ...] = capture.cubes
        self.notices: list[str] = []
        self._corrections = Corrections()
        self._clock: FrameClock | None = None
        self._is_bootstrapped = False
        for error in capture.left_out:
            told = "left out" in error.text
            self.notice(
                error.text if told else f"{error.text} It is left out. {error.hint}".strip()
            )

    @classmethod
    def of_capture(cls, capture: Capture, **keywords: Any) -> DataSet:
        """Make a data set of a capture that is open already."""
        made = cls.__new__(cls)
        made._set_up(capture, ReadOptions().changed(**keywords))  # noqa: SLF001 - of its own
        return made

    @classmethod
    def from_first(
        cls,
        filename: PathLike,
        min_index: int | None = None,
        max_index: int | None = None,
        **keywords: Any,
    ) -> DataSet:
        """Take all files of a capture.

        Parameters
        ----------
        filename : path-like
            Any cube of it.
        min_index, max_index : int or None
            Lowest and highest cube number to use. Absolute times do not depend on them.
        **keywords
            As for `DataSet`.
        """
        return cls._found(filename, min_index, max_index, keywords)

    @classmethod
    def from_dir(cls, directory: PathLike, **keywords: Any) -> DataSet:
        """Take all files of a folder, which has to hold one capture only."""
        return cls._found(directory, None, None, keywords)

    @classmethod
    def _found(
        cls, path: PathLike, low: int | None, high: int | None, keywords: dict[str, Any]
    ) -> DataSet:
        capture = open_capture(path)
        made = cls.of_capture(capture, **keywords)
        made.cubes = tuple(cubes_between(capture, low, high))
        return made

    @property
    def header(self) -> CubeHeader:
        """Header of the first cube in use."""
        return self.cubes[0]

    @property
    def filenames(self) -> list[str]:
        """Paths of the cubes in use."""
        return [str(cube.path) for cube in self.cubes]

    @property
    def conventions(self) -> Conventions:
        """Ours, or those of a published version."""
        return self.options.conventions

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of a frame, after cropping."""
        return shape_of(self.header, self.recipe(cut_cr=False, corrected=False))

    @property
    def exposure_s(self) -> float:
        """Exposure time of one frame.

        Raises
        ------
        NightglassError
            If the header does not tell it.
        """
        exposure_s = self.header.exposure_s
        if not exposure_s:
            raise NightglassError(
                "No exposure time",
                f"The header of {self.header.path.name} has no valid EXPOSURE TIME.",
                "Rates need it: use a capture whose headers are whole.",
                self.header.path,
            )
        return exposure_s

    @property
    def adu_per_electron(self) -> float:
        """Gain in use: the one given, that of the conventions, the header's, or 8.5."""
        told = (
            self.options.gain,
            self.conventions.adu_per_electron,
            self.header.gain_adu_per_e,
        )
        return next((gain for gain in told if gain is not None), DEFAULT_ADU_PER_ELECTRON)

    @property
    def gain_source(self) -> str:
        """Where the gain comes from: "given", "compat", "header" or "default"."""
        if self.options.gain is not None:
            return "given"
        if self.conventions.adu_per_electron is not None:
            return "compat"
        return "default" if self.header.gain_adu_per_e is None else "header"

    def num_frames(self) -> int:
        """Count the frames in use."""
        stored = sum(cube.n_frames for cube in self.cubes)
        return min(stored, self.options.max_frames or stored)

    def display_filenames(self) -> None:
        """Print the paths of the cubes in use."""
        print("\n".join(self.filenames))  # noqa: T201 - that is what it is for

    def apply_timing_offset(self, timing_offset: float = 0) -> None:
        """Take seconds off all times: a frame read at `timing_offset` gets time 0."""
        self.options = self.options.changed(timing_offset=float(timing_offset))
        self._clock = None

    def clock(self) -> FrameClock:
        """Give what turns frame numbers into times."""
        if self._clock is None:
            self._clock = FrameClock.of(self.capture, self.cubes, self.options)
        return self._clock

    def frame_times(self) -> FrameTimes:
        """Give the middle of every exposure in use as UTC."""
        return self.clock().utc().part(0, self.num_frames())

    def timestamps(self) -> NDArray[np.float64]:
        """Give the middle of every exposure in seconds after the camera's start."""
        return self.clock().timestamps()[: self.num_frames()]

    @property
    def pixel_properties(self) -> PixelProperties:
        """Bias and noise of each pixel; the default ones where no bias was set."""
        from .noise.pixel_properties import PixelProperties

        return self._corrections.properties or PixelProperties.default(self)

    def set_bias(self, bias: DataSet | PixelProperties) -> None:
        """Set the bias, cut to the subarray of these frames.

        Parameters
        ----------
        bias : DataSet or PixelProperties
            A bias observation, or what was made of one.

        Raises
        ------
        NightglassError
            If it does not cover the frames or is binned differently.
        """
        from .noise.pixel_properties import PixelProperties

        made = (
            bias.trimmed(self.header, self.adu_per_electron)
            if isinstance(bias, PixelProperties)
            else PixelProperties.from_bias(bias, self)
        )
        self._use_properties(made)

    def set_self_bias(self) -> None:
        """Estimate the bias from these frames: right for fast frames of a faint source only."""
        from .noise.pixel_properties import PixelProperties

        self._use_properties(PixelProperties.from_data(self, self))

    def _use_properties(self, made: PixelProperties) -> None:
        self._corrections = self._corrections.changed(properties=made)
        for notice in made.notices:
            self.notice(notice)

    def set_dark(self, dark_data_set: DataSet | Measured) -> None:
        """Set the dark, cut to the subarray of these frames and scaled to their exposure.

        Parameters
        ----------
        dark_data_set : DataSet or Measured
            A dark observation, or the rate that was measured on one.
        """
        given = dark_data_set
        rate = given if isinstance(given, Measured) else dark_rate(given)
        fitted, told = rate.fitted(self.header)
        self._corrections = self._corrections.changed(dark=fitted)
        for sentence in told:
            self.notice(sentence)

    def set_flat(self, flat_data_set: DataSet | Measured) -> None:
        """Set the flat, cut to the subarray of these frames; its median is 1.

        It is kept for those who divide by it (images); frames and stacks are not divided.

        Parameters
        ----------
        flat_data_set : DataSet or Measured
            A flat observation, or the response that was measured on one.
        """
        given = flat_data_set
        response = given if isinstance(given, Measured) else flat_response(given)
        fitted, told = response.fitted(self.header)
        self._corrections = self._corrections.changed(flat=fitted)
        for sentence in told:
            self.notice(sentence)

    @property
    def corrections(self) -> Corrections:
        """The bias, dark and flat in use, in electrons."""
        return self._corrections

    def flat(self) -> NDArray[np.float64] | None:
        """Give the response of the pixels of the cropped frame, median 1; None without a flat."""
        flat = self._corrections.flat
        return None if flat is None else _cropped(flat, self.options)

    def recipe(self, *, corrected: bool = True, **keywords: Any) -> Recipe:
        """Say how counts of these frames become electrons.

        Parameters
        ----------
        corrected : bool
            Whether the bias and the dark are taken off.
        **keywords
            Replace fields of the options for this recipe.
        """
        options = self.options.changed(**keywords)
        pedestal = self._corrections.pedestal_e(self.header.exposure_s) if corrected else None
        return Recipe(
            adu_per_electron=self.adu_per_electron,
            pedestal_e=None if pedestal is None else _cropped(pedestal, options),
            cosmic=options.cosmic,
            saturation_adu=options.saturation_adu,
            box=options.bbox,
            rescale=options.conventions.rescale,
        )

    def groups(self, wanted: NDArray[np.int16] | None = None) -> NDArray[np.int16] | None:
        """Give the group of every stored frame, -1 beyond `max_frames`; None when all count."""
        stored = sum(cube.n_frames for cube in self.cubes)
        count = self.num_frames()
        if wanted is None and count == stored:
            return None
        groups = np.full(stored, -1, np.int16)
        groups[:count] = 0 if wanted is None else wanted
        return groups

    def stack(self, **keywords: Any) -> NDArray[np.float64]:
        """Average all frames.

        Parameters
        ----------
        **keywords
            As for `DataSet`; those not given are as the data set has them.

        Returns
        -------
        ndarray of float64, shape (rows, columns)
            Electrons per frame, bias and dark taken off; NaN where every frame was cut.
        """
        from .reduce.stacks import stack

        ctx = keywords.pop("ctx", None)
        made = stack(
            self.cubes, self.recipe(**keywords), groups=self.groups(), ctx=ctx,
            threads=self.options.threads,
        )  # fmt: skip
        good = made.good[0]
        mean = np.full(good.shape, np.nan)
        np.divide(made.sum_e[0], good, out=mean, where=good > 0)
        return mean

    def iterator(
        self, max_frames: int | None = None, use_bar: bool = True, **keywords: Any
    ) -> Iterator[Frame]:
        """Go through all frames.

        Parameters
        ----------
        max_frames : int or None
            At most so many frames.
        use_bar : bool
            Whether a progress bar is shown on standard error.
        **keywords
            As for `DataSet`; those not given are as the data set has them.

        Yields
        ------
        Frame
        """
        from .reduce.frames import electrons

        recipe = self.recipe(**keywords)
        count = min(self.num_frames(), self.num_frames() if max_frames is None else max_frames)
        times, stamps = self.frame_times(), self.timestamps()
        duration_s = self.header.exposure_s or 0.0
        known = times.quality != "none"
        with Meter("frames") if use_bar else Meter.silent() as meter:
            ctx = JobContext(on_progress=meter)
            # The count comes first: `zip` must not read a frame that nobody takes.
            for index, (image, is_saturated) in zip(
                range(count), electrons(self.cubes, recipe), strict=False
            ):
                utc = times[index] if known else None
                yield Frame(
                    image, float(stamps[index]), duration_s, utc=utc, is_saturated=is_saturated
                )
                ctx.progress(index + 1, count)

    def __iter__(self) -> Iterator[Frame]:
        return self.iterator()

    def bootstrap(self, seed: int | None = None) -> None:
        """Resample the cubes, with replacement, in place.

        Parameters
        ----------
        seed : int or None
            Of the random choice; None takes one from the system.

        Raises
        ------
        NightglassError
            When it is done a second time: resample a copy of the original (`copy.deepcopy`).
        """
        if self._is_bootstrapped:
            raise NightglassError(
                "Resampled already",
                "This data set was bootstrapped before; twice would make the scatter too large.",
                "Keep the original and bootstrap a copy.deepcopy of it each time.",
            )
        chosen = np.random.default_rng(seed).integers(len(self.cubes), size=len(self.cubes))
        self.cubes = tuple(self.cubes[place] for place in sorted(chosen.tolist()))
        self._clock = None
        self._is_bootstrapped = True

    def __deepcopy__(self, memo: dict[int, Any]) -> DataSet:
        """Copy all that may change; files and masters are shared, as they never do."""
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        vars(twin).update(vars(self))
        twin.notices = list(self.notices)
        return twin

    def notice_times(self) -> None:
        """Keep what is uncertain about the times, for products that hold them."""
        note = self.frame_times().note
        if note:
            self.notice(note)

    def notice(self, sentence: str) -> None:
        """Keep a sentence for whoever tells the user; once."""
        if sentence not in self.notices:
            self.notices.append(sentence)
            _log.info("%s", sentence)


def _cropped(image: NDArray[np.float64], options: ReadOptions) -> NDArray[np.float64]:
    box = options.bbox
    if box is None:
        return image
    return np.ascontiguousarray(image[box.bottom : box.top, box.left : box.right])
