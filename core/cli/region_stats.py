"""`nightglass regions stats`: numbers of the regions of a file on one frame, or on all."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from ..engine.jobs import JobContext
from ..engine.meter import Meter
from ..errors import NightglassError
from ..wording import counted
from .printing import finite, printable
from .science import Outcome, add_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..frames.fits_image import FitsImageSource
    from ..frames.source import FrameSource
    from ..lightspeed.capture import Capture
    from ..regions.entries import RegionFile
    from ..regions.numbers.aperture_flux import Counts
    from ..regions.numbers.statistics import RegionStatistics
    from ..settings import Settings

HELP = "numbers of every region of a file on a frame"
_MOST_DIGITS = 18
_NUMBERS = ("sum", "mean", "median", "std", "min", "max")
_COLUMNS = (
    "region", "npix", *_NUMBERS, "x", "y", "FWHM", "saturated", "flux e-", "error e-", "S/N",
)  # fmt: skip


def add_stats(commands: Any) -> None:
    """Declare the command's words among those of `nightglass regions`."""
    from ..regions.numbers.weights import METHODS

    parser = commands.add_parser(
        "stats", help=HELP,
        description="Tell pixels, sum, mean, median, standard deviation, extremes, place, width "
        "and flux of every region of a file, in counts (offset included) and electrons.",
    )  # fmt: skip
    parser.add_argument("capture", metavar="CAPTURE", help="any cube of it, or a FITS image")
    parser.add_argument("--roi", required=True, metavar="FILE", help="region file")
    frames = parser.add_mutually_exclusive_group()
    frames.add_argument(
        "--frame", type=_number, default=0, metavar="N", help="frame, from 0 (default: 0)"
    )
    frames.add_argument("--all", action="store_true", help="all pixels of all frames together")
    parser.add_argument(
        "--method", choices=METHODS, default="center",
        help="pixels whose centres lie inside, as in DS9 (default), or parts of pixels: their "
        "area, or 5 x 5 places in each",
    )  # fmt: skip
    add_json(parser)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Measure the regions.

    Raises
    ------
    NightglassError
        If a file cannot be read or there is no such frame.
    Cancelled
        If the job was cancelled.
    """
    from ..lightspeed.open_capture import open_frames
    from ..problems import ProblemList
    from ..settings import load_settings

    settings = load_settings(ProblemList())
    source = open_frames(args.capture)
    try:
        file = _regions(args.roi, source, settings)
        entries = dict(enumerate(file.entries))
        counts = _counts(source, settings)
        told: dict[str, Any]
        if args.all:
            from ..regions.numbers.many_frames import measure_all

            n_frames = source.n_frames
            found = measure_all(source, entries, counts, ctx, method=args.method)
            told = {"frames": n_frames}
        else:
            found = _on_frame(source, args.frame, entries, counts, args.method)
            told = {"frame": args.frame}
    finally:
        source.close()
    rows = [_told(entries[ident].text, found[ident]) for ident in entries]
    summary = {"regions": rows, **told, "unit": _unit(source), "method": args.method}
    return Outcome((), summary, tuple(_lines(summary)), tuple(_notices(source, summary)))


def run(args: argparse.Namespace) -> int:
    """Measure the regions, with a progress bar, and print the numbers; exit code 0."""
    with Meter("frames") as meter:
        outcome = execute(args, JobContext(on_progress=meter))
    for notice in outcome.notices:
        print(printable(f"nightglass: {notice}"), file=sys.stderr)
    if args.json:
        print(json.dumps(outcome.summary, allow_nan=False))
    for line in () if args.json else outcome.lines:
        print(printable(line))
    return 0


def _number(text: str) -> int:
    """Read a number of a frame."""
    # More digits than any capture has frames; the language itself refuses thousands of them.
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text} is not the number of a frame, from 0")
    return int(text)


def _regions(roi: str, source: Capture | FitsImageSource, settings: Settings) -> RegionFile:
    from ..lightspeed.surroundings import surroundings_of
    from ..regions.text.reader import read_regions

    return read_regions(roi, surroundings_of(source, settings.plate_scale_arcsec))


def _counts(source: Capture | FitsImageSource, settings: Settings) -> Counts | None:
    """Scale of the counts; None for an image of something else."""
    from ..lightspeed.calibration import CountScale
    from ..lightspeed.capture import Capture
    from ..regions.numbers.aperture_flux import Counts

    if isinstance(source, Capture):
        scale = CountScale.of(source.header, settings)
    elif _unit(source) == "ADU":
        scale = CountScale.of(None, settings)
    else:
        return None
    return Counts.of(scale, float(settings.saturation_adu), settings.read_noise_e)


def _unit(source: FrameSource) -> str:
    """Unit of the values: ADU for counts, "" for numbers that no file explains."""
    from ..workbench.desk import COUNT_WORDS

    told = str(getattr(source, "unit", "ADU")).strip()
    if told.lower() not in COUNT_WORDS:
        return told
    # Whole numbers are counts; others without a unit may be anything.
    return "ADU" if told or source.encoding.storage.kind in "iu" else ""


def _on_frame(
    source: FrameSource, index: int, entries: Any, counts: Counts | None, method: Any
) -> dict[int, RegionStatistics]:
    from ..regions.numbers.statistics import measure, rows_needed

    if index >= source.n_frames:
        raise NightglassError(
            "No such frame",
            f"{source.name} has no frame {index}: its frames are 0 to {source.n_frames - 1}.",
            "Choose one of them.",
            source.path,
        )
    rows = rows_needed(entries.values(), source.shape)
    values = source.read(index, rows)
    return measure(values, entries, counts, corner=(0, rows.start), method=method)


def _told(text: str, found: RegionStatistics) -> dict[str, Any]:
    """Numbers of one region for JSON."""
    told: dict[str, Any] = {"kind": found.kind, "text": text}
    # Whole pixels are told as a whole number.
    told["npix"] = int(found.npix) if float(found.npix).is_integer() else found.npix
    for name in _NUMBERS:
        values = getattr(found, name)
        told[name] = {"adu": _or_none(values.adu), "electrons": _or_none(values.electrons)}
    x_y = found.centroid
    told["centroid"] = None if x_y is None else {"x": x_y[0], "y": x_y[1]}
    for name in ("fwhm_px", "saturated", "flux_e", "flux_error_e", "snr"):
        told[name] = getattr(found, name)
    return told


def _or_none(value: float | None) -> float | None:
    return None if value is None else finite(value)


def _lines(summary: dict[str, Any]) -> Iterable[str]:
    """Tell the numbers as a table, counts above electrons."""
    if "frames" in summary:
        over = f"all of {counted(summary['frames'], 'frame')}"
    else:
        over = f"frame {summary['frame']}"
    yield f"{counted(len(summary['regions']), 'region')} on {over}"
    table: list[tuple[str, ...]] = [_COLUMNS]
    for told in summary["regions"]:
        table += _rows_of(told, summary["unit"])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join((row[0].ljust(widths[0]), *cells)).rstrip()


def _rows_of(told: dict[str, Any], unit: str) -> Sequence[tuple[str, ...]]:
    centroid = told["centroid"] or {"x": None, "y": None}
    beside = (
        _cell(centroid["x"], ".2f"), _cell(centroid["y"], ".2f"), _cell(told["fwhm_px"], ".2f"),
        str(told["saturated"]), _cell(told["flux_e"]), _cell(told["flux_error_e"]),
        _cell(told["snr"], ".1f"),
    )  # fmt: skip
    name = told["text"] or told["kind"]
    adu = [_cell(told[key]["adu"], ".10g" if key == "sum" else ".7g") for key in _NUMBERS]
    first = (f"{name}, {unit}" if unit else name, _cell(told["npix"]), *adu, *beside)
    if told["sum"]["electrons"] is None:
        return (first,)
    electrons = [_cell(told[key]["electrons"]) for key in _NUMBERS]
    return first, ("  electrons", "", *electrons, *([""] * len(beside)))


def _cell(value: float | None, form: str = ".7g") -> str:
    return "-" if value is None else format(value, form)


def _notices(source: FrameSource, summary: dict[str, Any]) -> Iterable[str]:
    for error in getattr(source, "left_out", ()):
        yield str(error)
    medians = (told["median"]["adu"] for told in summary["regions"] if told["npix"])
    if "frames" in summary and None in medians:
        yield "The median over all frames is told for whole counts of 8 or 16 bits only."
