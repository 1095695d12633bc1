"""A look at what is asked for before a night is started: what will be wrong, and what is there."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import NightglassError
from .remembered import look_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...mascara.night.check import Finding
    from ...mascara.night.plan import Plan
    from ...mascara.night.request import NightRequest
    from ...mascara.settings import ReductionSettings

_ODD_CLOCK_S = 600.0
"""A frame of a live night this far from the computer's clock is worth a word."""


@dataclass(frozen=True)
class Preflight:
    """What is known of a night that is to be reduced.

    Attributes
    ----------
    findings : tuple of Finding
        Trouble means that it would not start.
    cameras : mapping of str to int
        Science frames of every camera in the raw folders, chosen or not.
    night, site : str
        Evening date (YYYYMMDD) and station of the newest frames; empty while there are none.
    proposed : Path
        Where the products could go.
    is_held : bool
        Whether the output holds a night already, with which the reduction would go on.
    """

    findings: tuple[Finding, ...]
    cameras: Mapping[str, int]
    night: str
    site: str
    proposed: Path
    is_held: bool

    @property
    def trouble(self) -> str:
        """The first reason why it would not start; empty where it would."""
        return next((one.text for one in self.findings if one.is_trouble), "")


def look_before(request: NightRequest, settings: ReductionSettings) -> Preflight:
    """Look at raw folders, output, darks, catalogue and disk.

    Parameters
    ----------
    request : NightRequest
        With one raw folder at least; where it has no output (``Path()``), the proposed one is
        looked at.
    settings : ReductionSettings

    Returns
    -------
    Preflight
    """
    from ...mascara.night.check import check_night
    from ...mascara.night.plan import summary_of

    found = _what_is_there(request)
    told = summary_of(found)
    proposed = _proposed(request.raw[0], told["night"])
    if request.output == Path():
        request = replace(request, output=proposed)
    folders = _about_raw(request) or check_night(request, settings)
    output, is_held = _about_output(request, told["night"])
    clock = _about_clock(found) if request.is_live else []
    frames = {one.camera: sum(len(batch.files) for batch in one.batches) for one in found.cameras}
    return Preflight(
        (*output, *folders, *clock), frames, told["night"], told["site"], proposed, is_held
    )


def _what_is_there(request: NightRequest) -> Plan:
    """All that lies in the raw folders, of every camera."""
    from ...mascara.night.plan import Plan, plan
    from ...mascara.night.request import source_of

    try:
        return plan(source_of(replace(request, cameras=(), station="")).files())
    except NightglassError:  # the check tells it
        return Plan()


def _proposed(raw: Path, night: str) -> Path:
    """Beside the raw frames, or at home where nothing can be written there."""
    parent = raw.absolute().parent
    if not os.access(parent, os.W_OK):
        parent = Path.home()
    return parent / f"reduced-{night or raw.absolute().name}"


def _about_raw(request: NightRequest) -> list[Finding]:
    """What `night reduce` would refuse about the folders."""
    from ...mascara.night.check import Finding
    from ...mascara.night.request import check_folders

    try:
        check_folders(replace(request, resume=True))
    except NightglassError as error:
        return [Finding("trouble", f"{error.title}: {error.text}")]
    return []


def _about_output(request: NightRequest, night: str) -> tuple[list[Finding], bool]:
    """Whether a night is in the output, and which."""
    from ...mascara.night.check import Finding

    output = request.output
    (held,) = look_at([output])
    if held.is_running:
        return [Finding("trouble", f"A reduction works in {output} now: watch it.")], True
    if held.state in {"missing", "empty"}:
        return [*_about_place(output)], False
    name = f"the night of {held.night}" if held.night else "a night"
    words = f"{output} holds {name} already ({held.state}): the reduction goes on with it."
    if held.night and night and held.night != night:
        words = f"{output} holds another night already ({held.night}): {night} is added to it."
    return [Finding("notice", words)], True


def _about_place(output: Path) -> list[Finding]:
    """Whether the folder can be made and written."""
    from ...mascara.night.check import Finding

    place = output.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        return [Finding("trouble", f"{place} is a file: products need a folder.")]
    if not os.access(place, os.W_OK):
        return [Finding("trouble", f"{place} cannot be written by this user.")]
    return []


def _about_clock(found: Plan) -> list[Finding]:
    """Whether the newest frame of a live night was exposed about now."""
    from ...mascara.night.arrivals import newest_slot
    from ...mascara.night.check import Finding
    from ...mascara.report.moments import in_words, mid_slot_jd
    from ...timing.sidereal import datetime_from

    slot = max((newest_slot(camera) for camera in found.cameras), default=0)
    if not slot:
        return []
    age_s = time.time() - datetime_from(mid_slot_jd(slot)).timestamp()
    if abs(age_s) <= _ODD_CLOCK_S:
        return [Finding("good", "The newest frame agrees with the computer's clock.")]
    way = "old" if age_s > 0.0 else "in the future"
    words = f"The newest frame is {in_words(abs(age_s))} {way}"
    return [Finding("notice", f"{words}: the cameras are silent, or a clock is wrong.")]
