"""What can be read off the picture at one place."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .desk import OpenCapture
    from .painter import FrameResult
    from .stand_in import Label
    from .workbench import Workbench

Pair = tuple[float, float] | tuple[None, None]
NOWHERE: tuple[None, None] = (None, None)


@dataclass(frozen=True)
class Reading:
    """Numbers at one place of one frame; None where there is none.

    Attributes
    ----------
    place : tuple of float
        x, y in the image, from 0, whole numbers at pixel centres.
    detector : tuple of float
        The same on the whole detector, subarray offset added.
    adu, electrons : float
        Value of the pixel, in `unit` and in electrons.
    unit : str
        "ADU", or that of an image.
    frame : int
        From 0; of an image of `label` where there is one.
    slot : int
        LST sequence number, of a frame of the all-sky station.
    utc : str
        ISO time of mid-exposure.
    time_quality : str
        Where that time comes from.
    sky : tuple of float
        Right ascension and declination, degrees.
    label : Label or None
        What is shown in place of a frame.
    """

    place: Pair = NOWHERE
    detector: Pair = NOWHERE
    adu: float | None = None
    electrons: float | None = None
    frame: int | None = None
    slot: int | None = None
    utc: str | None = None
    time_quality: str = ""
    sky: Pair = NOWHERE
    unit: str = "ADU"
    label: Label | None = None


class Readings:
    """Reads pictures."""

    def __init__(self, workbench: Workbench) -> None:
        self._bench = workbench

    def at(self, slot: str, place: tuple[float, float] | None) -> Reading:
        """Read the picture of a slot at an image position (None: frame and time only)."""
        result = self._bench.pictures.shown.get(slot)
        capture = None if result is None else self._bench.desk.get(result.capture)
        if result is None or capture is None:
            return Reading()
        of_frame = self._of_frame(capture, result)
        if place is None:
            return of_frame
        adu = result.value(math.floor(place[0] + 0.5), math.floor(place[1] + 0.5))
        return replace(
            of_frame,
            place=place,
            detector=self._detector(capture, place),
            adu=adu,
            electrons=self._electrons(capture, result, adu),
            sky=self._sky(capture, place),
        )

    def _of_frame(self, capture: OpenCapture, result: FrameResult) -> Reading:
        """What holds at every place of a picture."""
        if result.stand_in is not None:
            label = result.stand_in.label
            return Reading(frame=result.frame, unit=label.unit, label=label)
        time = capture.source.frame_time(result.frame)
        utc = None if time is None else time.iso()
        slot_of = getattr(capture.source, "slot_of", None)
        return Reading(
            frame=result.frame,
            slot=None if slot_of is None else slot_of(result.frame),
            utc=utc,
            time_quality=getattr(capture.source, "time_quality", "header" if time else ""),
            unit=capture.unit,
        )

    def _detector(self, capture: OpenCapture, place: tuple[float, float]) -> Pair:
        source = capture.lightspeed
        if source is None:
            return NOWHERE
        column, row = source.detector_offset
        return place[0] + column, place[1] + row

    def _electrons(
        self, capture: OpenCapture, result: FrameResult, adu: float | None
    ) -> float | None:
        """Electrons above the detector offset, which a sum holds once a frame."""
        from ..lightspeed.calibration import CountScale

        source, view = capture.lightspeed, self._bench.session.view
        if adu is None or source is None:
            return None
        scale = CountScale.of(source.header, self._bench.settings)
        gain = scale.adu_per_electron
        if result.stand_in is not None:
            if result.stand_in.label.kind == "ratio":
                return None
            return (adu - scale.offset_adu * result.has_offset) / gain
        is_spread = view.stack.frames > 1 and view.stack.method == "std"
        if is_spread or view.reference is not None or not result.has_offset:
            return adu / gain
        frames = 1
        if view.stack.frames > 1 and view.stack.method == "sum":
            frames = min(view.stack.frames, result.frame + 1)
        return (adu - frames * scale.offset_adu) / gain

    def _sky(self, capture: OpenCapture, place: tuple[float, float]) -> Pair:
        sky = self._bench.places.of(capture).sky
        if sky is None:
            return NOWHERE
        ra_deg, dec_deg = sky.sky(*place)
        return float(ra_deg), float(dec_deg)
