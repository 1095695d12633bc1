"""A look before the night: whether folders can be reduced, and what will be missing."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from ...errors import NightglassError, translate
from ...timing.sidereal import SOLAR_SLOT_S, datetime_from, jd_of
from ...wording import counted
from ..settings import load_settings
from .frame_checks import check_frame, usual_window, window_of
from .plan import Plan, plan
from .request import layout_of, source_of
from .room import products_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..raw.names import RawFile
    from ..settings import ReductionSettings
    from .frame_checks import Window
    from .plan import CameraPlan, Sequence
    from .request import NightRequest

Level = Literal["good", "notice", "trouble"]
_SIGNS: dict[Level, str] = {"good": "  ok", "notice": "note", "trouble": "  NO"}
_EXAMPLES = 3
_EXPOSURE_S = 0.05


@dataclass(frozen=True)
class Finding:
    """One sentence about a night that is to be reduced.

    Parameters
    ----------
    level : {"good", "notice", "trouble"}
        Trouble means the reduction would not start, or a camera would give nothing.
    text : str
    """

    level: Level
    text: str

    @property
    def is_trouble(self) -> bool:
        """Whether something has to be done first."""
        return self.level == "trouble"

    def as_json(self) -> dict[str, str]:
        """Fields by name."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{_SIGNS[self.level]}  {self.text}"


def check_night(request: NightRequest, settings: ReductionSettings | None = None) -> list[Finding]:
    """Look at settings, files, darks, catalogue, clock and disk.

    Parameters
    ----------
    request : NightRequest
    settings : ReductionSettings or None
        Used in place of those that the request names.

    Returns
    -------
    list of Finding
    """
    try:
        settings = settings or load_settings(request.config)
        source = source_of(request)
        files = source.files()
    except NightglassError as error:
        return [Finding("trouble", str(error))]
    found = plan(files)
    findings = [*_files(found, request), *_unreadable(source.unreadable())]
    for camera in found.cameras:
        findings += [*_gaps(camera), *_odd_frames(camera), *_darks(camera, settings)]
    return [*findings, _catalogue(request), _disk(request, settings, found)]


def _files(found: Plan, request: NightRequest) -> Iterator[Finding]:
    if not found.cameras:
        folders = ", ".join(str(folder) for folder in request.raw)
        level: Level = "notice" if request.is_live else "trouble"
        cameras = f" of {', '.join(request.cameras)}" if request.cameras else ""
        yield Finding(level, f"No raw frame{cameras} in {folders}.")
    for camera in found.cameras:
        frames = sum(len(batch.files) for batch in camera.batches)
        if not frames:
            # At dusk the darks are there first.
            yield Finding("notice" if request.is_live else "trouble", f"{camera.camera}: no frame.")
            continue
        words = f"{camera.camera}: {counted(frames, 'frame')} in batches: {len(camera.batches):,}"
        first, last = camera.batches[0].files[0].lstseq, camera.batches[-1].files[-1].lstseq
        yield Finding("good", f"{words}, {_when(first)} to {_when(last)}.")
    if found.duplicates:
        yield Finding("notice", f"{counted(len(found.duplicates), 'file')} double: left out.")


def _when(slot: int) -> str:
    return datetime_from(float(jd_of(slot + 0.5))).strftime("%Y-%m-%d %H:%M:%S UTC")


def _unreadable(files: dict[str, str]) -> Iterator[Finding]:
    if files:
        words = _examples([f"{name} ({reason.rstrip('.')})" for name, reason in files.items()])
        yield Finding("notice", f"{counted(len(files), 'file')} no raw frame: {words}.")


def _examples(texts: list[str]) -> str:
    """The first three, and how many more there are."""
    more = len(texts) - _EXAMPLES
    return ", ".join(texts[:_EXAMPLES]) + (f" and {more:,} more" if more > 0 else "")


def _odd_frames(camera: CameraPlan) -> Iterator[Finding]:
    """Frames that would be left out, by what is wrong with them."""
    odd: dict[str, list[str]] = {}
    frames = 0
    for batch in camera.batches:
        window = usual_window(file.path for file in batch.files)
        for file in batch.files:
            frames += 1
            if fault := _fault(file, window):
                odd.setdefault(fault, []).append(file.path.name)
    for fault, names in odd.items():
        level: Level = "trouble" if len(names) == frames else "notice"
        words = f"{counted(len(names), 'frame')} left out: {fault} ({_examples(names)})."
        yield Finding(level, f"{camera.camera}: {words}")


def _fault(file: RawFile, window: Window | None) -> str:
    """What is wrong with a frame, in few words; empty for nothing."""
    from ..raw.header import read_header

    if not file.is_whole:
        return "not whole"
    try:
        header = read_header(file.path)
        check_frame(header, file.path, file.camera, window or window_of(header))
    except NightglassError as error:
        return error.title[0].lower() + error.title[1:]
    return ""


def _gaps(camera: CameraPlan) -> Iterator[Finding]:
    slots = [file.lstseq for batch in camera.batches for file in batch.files]
    if not slots:
        return
    missing = slots[-1] - slots[0] + 1 - len(slots)
    if missing:
        share = missing / (slots[-1] - slots[0] + 1)
        yield Finding(
            "notice", f"{camera.camera}: {missing:,} exposures missing in between ({share:.1%})."
        )


def _darks(camera: CameraPlan, settings: ReductionSettings) -> Iterator[Finding]:
    if not camera.batches:
        return
    first = camera.batches[0].first_frame
    darks = [one for one in camera.sequences if one.kind == "dark" and one.last_slot < first]
    if not darks:
        yield Finding(
            "notice",
            f"{camera.camera}: no darks before the first frame: the overscan would be taken off.",
        )
        return
    newest = darks[-1]
    words = f"{camera.camera}: {counted(len(newest.files), 'dark')} of {_when(newest.first_slot)}"
    faults = list(_faults_of_darks(camera, newest, settings))
    told = f": {', '.join(faults)}: they would not be used" if faults else ""
    yield Finding("notice" if faults else "good", f"{words}{told}.")


def _faults_of_darks(
    camera: CameraPlan, darks: Sequence, settings: ReductionSettings
) -> Iterator[str]:
    """What is wrong with a sequence, as far as one of its headers tells."""
    from ..raw.header import read_header

    if len(darks.files) < settings.min_calibration_frames:
        yield f"{settings.min_calibration_frames} are needed"
    try:
        dark = read_header(darks.files[0].path)
    except NightglassError as error:
        yield f"header not readable ({error.text.rstrip('.')})"
        return
    if abs(dark.ccdtemp_c - settings.ccd_set_point_c) > settings.dark_temperature_c:
        yield f"taken at {dark.ccdtemp_c:.1f} C instead of {settings.ccd_set_point_c:g} C"
    if abs(dark.exptime_s - SOLAR_SLOT_S) > _EXPOSURE_S:
        yield f"exposed {dark.exptime_s:.2f} s instead of {SOLAR_SLOT_S:.2f} s"
    if window_of(dark) != usual_window(file.path for file in camera.batches[0].files):
        yield "of another size than the frames"


def _catalogue(request: NightRequest) -> Finding:
    from ...stars.library import find_catalogue

    try:
        return Finding("good", f"Catalogue {find_catalogue(request.catalogue, request.raw)}.")
    except NightglassError as error:
        return Finding("trouble", str(error))


def _disk(request: NightRequest, settings: ReductionSettings, found: Plan) -> Finding:
    frames = sum(len(batch.files) for camera in found.cameras for batch in camera.batches)
    batches = sum(len(camera.batches) for camera in found.cameras)
    need = products_bytes(frames, batches)
    folder = layout_of(request.output, settings).output
    while not folder.exists():
        folder = folder.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("trouble", str(translate(error, folder)))
    words = f"Products need at most {need / 1e9:.1f} GB, {free / 1e9:.1f} GB are free."
    return Finding("good" if need < free else "trouble", words)
