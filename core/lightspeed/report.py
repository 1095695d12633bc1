"""What a folder, a cube or a list of files holds, and what is wrong with it, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import NightglassError
from ..frames.fits_image import FitsImageSource
from .cube import NotACubeError, parse_name
from .discovery import find_captures
from .open_capture import open_capture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..frames.positioned import PathLike
    from ..frames.times import FrameTime
    from .accounting import Accounting
    from .capture import Capture
    from .times import ConstantTerm

CaptureEntry = dict[str, object]

_NANOSECONDS = 9


@dataclass(frozen=True)
class Report:
    """Entries of all captures, and what was found besides.

    Attributes
    ----------
    captures : tuple of dict
        As `nightglass info --json` prints them.
    failures : tuple of NightglassError
        What was asked for and could not be read.
    ignored : tuple of NightglassError
        Files beside the captures that belong to none.
    """

    captures: tuple[CaptureEntry, ...]
    failures: tuple[NightglassError, ...] = ()
    ignored: tuple[NightglassError, ...] = ()

    @property
    def found_trouble(self) -> bool:
        """Whether anything is wrong with what was asked for."""
        return bool(self.failures) or any(entry["problems"] for entry in self.captures)

    def as_dict(self) -> dict[str, object]:
        """The report for JSON."""
        return {"captures": list(self.captures)}


def survey(paths: PathLike | Iterable[PathLike], constant: ConstantTerm | None = None) -> Report:
    """Look at everything in `paths` without reading a pixel or changing a file.

    Parameters
    ----------
    paths : path-like or iterable of path-like
        As for `find_captures`; a file that is another kind of FITS image is described as such.
    constant : ConstantTerm or None
        Constant part of the time model.
    """
    found = find_captures(paths)
    entries: list[CaptureEntry] = []
    failures: list[NightglassError] = []
    for files in found.captures:
        try:
            capture = open_capture(files, constant=constant)
            entries.append(capture_entry(capture))
            capture.close()
        except NightglassError as error:
            failures.append(error)
    for problem in found.problems:
        try:
            entries.append(_entry_of_other(problem))
        except NightglassError as error:
            failures.append(error)
    return Report(tuple(entries), tuple(failures), found.ignored)


def describe(paths: PathLike | Iterable[PathLike]) -> dict[str, object]:
    """Give the report on `paths` as JSON-able dictionary `{"captures": [...]}`."""
    return survey(paths).as_dict()


def capture_entry(capture: Capture) -> CaptureEntry:
    """Everything about one capture that JSON can carry."""
    header, balance = capture.header, capture.accounting()
    return {
        "object": capture.object_name,
        "cubes": len(capture.cubes),
        "frames": capture.n_frames,
        "frames_per_bundle": capture.frames_per_bundle,
        "shape": list(capture.shape),
        "exposure_s": capture.exposure_s,
        "interval_s": capture.interval_s or None,
        "start_utc": _iso(capture.start_time()),
        "time_quality": capture.time_quality,
        "missing_cubes": list(absent_cubes(capture)),
        "lost_frames": balance.lost,
        "mode": header.mode,
        "gain": header.gain_adu_per_e,
        "filter": header.filter,
        "temperature_c": header.temperature_c,
        "problems": capture_problems(capture),
    }


def absent_cubes(capture: Capture) -> tuple[int, ...]:
    """Numbers between the lowest and the highest of which there is no file at all."""
    unusable = {name.number for error in capture.left_out if (name := parse_name(error.path or ""))}
    return tuple(number for number in capture.missing_cubes if number not in unusable)


def capture_problems(capture: Capture) -> list[str]:
    """Sentences on everything that is not as it should be with a capture."""
    balance, model = capture.accounting(), capture.time_model()
    sentences = [*_file_problems(capture), *_frame_problems(balance, capture)]
    if model.note:
        sentences.append(model.note)
    return sentences


def _file_problems(capture: Capture) -> list[str]:
    """What is wrong with single files, and which numbers are absent."""
    sentences = [str(error) for error in capture.left_out]
    sentences += [
        f"{header.path.name} {note}." for header in capture.cubes for note in header.notes
    ]
    absent = absent_cubes(capture)
    if absent:
        verb = "are" if len(absent) > 1 else "is"
        sentences.append(f"{numbers_in_words(absent).capitalize()} {verb} missing.")
    return sentences


def _frame_problems(balance: Accounting, capture: Capture) -> list[str]:
    """What the stamps say about lost, doubled and untimed frames."""
    sentences = []
    if balance.lost:
        first = balance.gaps[0]
        where = f"{len(balance.gaps)} gaps, the first" if len(balance.gaps) > 1 else "a gap"
        sentences.append(
            f"{balance.lost} frames are lost in {where} after frame {first.after_frame + 1} "
            f"({first.reason})."
        )
    if balance.duplicates:
        sentences.append(f"{balance.duplicates} frames are stored twice, by FRAMESTAMP.")
    if balance.steps_back:
        sentences.append(f"FRAMESTAMP goes backwards {balance.steps_back} times.")
    untimed = capture.n_frames - capture.frame_times().known
    if untimed:
        sentences.append(f"{untimed} frames have no readable TIMESTAMP and so no time.")
    return sentences


def numbers_in_words(absent: tuple[int, ...]) -> str:
    """Cube numbers in words, neighbours drawn together: `cubes 3 and 5 to 7`.

    Parameters
    ----------
    absent : tuple of int
        In order, at least one.
    """
    runs: list[list[int]] = []
    for number in absent:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
    text = ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]
    return ("cubes " if len(absent) > 1 else "cube ") + text


def _entry_of_other(problem: NightglassError) -> CaptureEntry:
    """Entry of a FITS image of another kind that was asked for.

    Raises
    ------
    NightglassError
        If it is no image either; the first finding, when the file is no FITS at all.
    """
    if not isinstance(problem, NotACubeError) or problem.path is None:
        raise problem
    source = FitsImageSource(problem.path)
    entry: CaptureEntry = {
        "object": source.object_name or source.path.stem,
        "cubes": 1,
        "frames": source.n_frames,
        "frames_per_bundle": 1,
        "shape": list(source.shape),
        "exposure_s": source.exposure_s,
        "interval_s": None,
        "start_utc": _iso(source.start_time()),
        "time_quality": source.frame_times().quality,
        "missing_cubes": [],
        "lost_frames": 0,
        "mode": None,
        "gain": None,
        "filter": source.cards.text("FILTER") or source.primary.text("FILTER"),
        "temperature_c": None,
        "problems": [],
    }
    source.close()
    return entry


def _iso(when: FrameTime | None) -> str | None:
    return None if when is None else when.iso(_NANOSECONDS)


def _quality(entry: CaptureEntry) -> str:
    return f"{entry['start_utc'] or 'unknown'} ({entry['time_quality']})"


def _shape(entry: CaptureEntry) -> str:
    shape = entry["shape"]
    rows, columns = shape if isinstance(shape, list) else (0, 0)
    return f"{rows} rows x {columns} columns"


def _value(key: str, unit: str = "") -> Callable[[CaptureEntry], str]:
    """Reader of one figure; a dash where it is not known."""

    def text(entry: CaptureEntry) -> str:
        value = entry[key]
        if value is None:
            return "-"
        return f"{value:.9g}{unit}" if isinstance(value, float) else f"{value}{unit}"

    return text


def _missing(entry: CaptureEntry) -> str:
    absent = entry["missing_cubes"]
    return numbers_in_words(tuple(absent)) if isinstance(absent, list) and absent else "none"


_LINES: tuple[tuple[str, Callable[[CaptureEntry], str]], ...] = (
    ("cubes", _value("cubes")),
    ("missing", _missing),
    ("frames", _value("frames")),
    ("lost frames", _value("lost_frames")),
    ("frame", _shape),
    ("frames per bundle", _value("frames_per_bundle")),
    ("exposure", _value("exposure_s", " s")),
    ("frame interval", _value("interval_s", " s")),
    ("start (UTC)", _quality),
    ("readout mode", _value("mode")),
    ("gain", _value("gain", " ADU per electron")),
    ("filter", _value("filter")),
    ("sensor temperature", _value("temperature_c", " C")),
)


def format_text(report: dict[str, object]) -> str:
    """Lay out the report for people, one block for each capture."""
    captures = report["captures"]
    blocks = [_block(entry) for entry in captures] if isinstance(captures, list) else []
    return "\n\n".join(blocks)


def _block(entry: CaptureEntry) -> str:
    lines = [f"{entry['object']}"]
    lines += [f"  {label:<20}{read(entry)}" for label, read in _LINES]
    problems = entry["problems"]
    if isinstance(problems, list):
        lines += [f"  ! {sentence}" for sentence in problems]
    return "\n".join(lines)
