"""The keywords of a data set: what is done to its frames on the way to electrons."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from ..errors import NightglassError
from .conventions import Conventions, conventions
from .reduce.recipe import CosmicRule

if TYPE_CHECKING:
    from .box import Box

# Beyond, times leave the years that phases can be computed for.
_MOST_OFFSET_S = 1e9


@dataclass(frozen=True)
class ReadOptions:
    """How the frames of a data set are read.

    Attributes
    ----------
    cut_cr : bool
        Whether cosmic rays are cut.
    cr_thresh : float or None
        Threshold of the cosmic-ray rule; None takes that of the conventions.
    cr_ceil : float or None
        Cut every pixel above so many electrons instead of using the rule.
    bbox : Box or None
        Crop to this part of the frame.
    compat : str
        "v1" or "v3" for the numbers of the published versions.
    gain : float or None
        Counts per electron; None takes the header's conversion factor, else 8.5.
    saturation_adu : int
        Counts from which a pixel is called saturated (the full well is about 60,000).
    row_delay : bool
        Whether each row is timed by itself, as the rolling shutter reads it.
    timing_offset : float
        Seconds taken off every time.
    max_frames : int or None
        Use so many frames only.
    threads : int or None
        Working threads; None takes as many as there are processors. Results do not depend on it.
    """

    cut_cr: bool = True
    cr_thresh: float | None = None
    cr_ceil: float | None = None
    bbox: Box | None = None
    compat: str = ""
    gain: float | None = None
    saturation_adu: int = 60_000
    row_delay: bool = False
    timing_offset: float = 0.0
    max_frames: int | None = None
    threads: int | None = None

    def __post_init__(self) -> None:
        for name, value in (
            ("--gain", self.gain),
            ("cr_thresh", self.cr_thresh),
            ("--cr-ceil", self.cr_ceil),
        ):
            if value is not None and not (math.isfinite(value) and value > 0):
                raise _refused(name, "a number above zero", value)
        for name, count in (
            ("--frames (max_frames)", self.max_frames),
            ("--threads", self.threads),
        ):
            if count is not None and count < 1:
                raise _refused(name, "1 or more", count)
        if not abs(self.timing_offset) <= _MOST_OFFSET_S:
            words = f"a number of seconds, at most {_MOST_OFFSET_S:g}"
            raise _refused("--timing-offset", words, self.timing_offset)
        conventions(self.compat)

    def changed(self, **keywords: Any) -> ReadOptions:
        """Give a copy with some keywords replaced.

        Raises
        ------
        TypeError
            For a keyword there is not.
        NightglassError
            For a value that makes no sense.
        """
        known = {field.name for field in fields(self)}
        unknown = sorted(set(keywords) - known)
        if unknown:
            raise TypeError(
                f"unknown keyword {unknown[0]!r}; a data set knows {', '.join(sorted(known))}"
            )
        return replace(self, **keywords)

    @property
    def conventions(self) -> Conventions:
        """What `compat` stands for."""
        return conventions(self.compat)

    @property
    def cosmic(self) -> CosmicRule | None:
        """The rule that cuts cosmic rays; None where they are left alone."""
        if self.cr_ceil is not None:
            return CosmicRule("ceiling", self.cr_ceil, temporal=False)
        if not self.cut_cr:
            return None
        rule = self.conventions.cosmic
        return rule if self.cr_thresh is None else replace(rule, threshold=self.cr_thresh)


def _refused(name: str, what: str, value: float) -> NightglassError:
    return NightglassError(
        "An option makes no sense", f"{name} has to be {what}, not {value:g}.", ""
    )
