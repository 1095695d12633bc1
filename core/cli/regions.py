"""`nightglass regions`: region files in other coordinates, and the numbers of their regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..wording import counted
from . import region_stats
from .region_stats import add_stats
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse

    from ..engine.jobs import JobContext
    from ..regions.systems import Surroundings
    from ..regions.text.document import RegionDocument

NAME = "regions"
HELP = "Rewrite region files in other coordinates, or measure their regions (regions stats)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    from ..regions.systems import CHOICES

    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    convert = commands.add_parser(
        "convert", help="a region file in other coordinates or another format",
        description="Write a region file in another coordinate system or format. Comments, "
        "properties and lines that mean nothing here are carried along.",
    )  # fmt: skip
    convert.add_argument("input", metavar="IN", help="region file of DS9 or CIAO")
    convert.add_argument("output", metavar="OUT", help="file to write")
    convert.add_argument(
        "--system", choices=CHOICES, help="coordinates of all regions (default: as they are)"
    )
    convert.add_argument(
        "--format", choices=("ds9", "ciao"), default="ds9", help="of OUT (default: ds9)"
    )
    convert.add_argument(
        "--frame-of", metavar="CAPTURE",
        help="a cube or FITS image that tells the sky and the sensor under its pixels; needed "
        "between pixels and sky, and for detector pixels",
    )  # fmt: skip
    convert.add_argument("--clobber", action="store_true", help="replace an existing OUT")
    add_json(convert)
    add_stats(commands)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Convert, or measure."""
    return region_stats.execute(args, ctx) if args.action == "stats" else _convert(args)


def _convert(args: argparse.Namespace) -> Outcome:
    from ..lightspeed.products import require_free, require_spared
    from ..regions.text.document import save_text

    path = require_free(args.output, clobber=args.clobber)
    require_spared(path, [args.input, *([args.frame_of] if args.frame_of else [])])
    text, document = _converted(args)
    save_text(path, text)
    left_out = _left_out(document) if args.format == "ciao" else []
    kept = _kept(document, args.system) if args.system and args.format == "ds9" else []
    notices = []
    if not document.entries:
        notices.append(f"{args.input} has no region.")
    if left_out:
        notices.append(f"CIAO files have no word for {', '.join(left_out)}: left out.")
    if kept:
        notices.append(f"Not understood and left as they were: {', '.join(kept)}.")
    count = len(document.entries)
    summary = {"regions": count, "left_out": left_out, "kept": kept}
    return Outcome((path,), summary, (counted(count, "region"),), tuple(notices))


def _converted(args: argparse.Namespace) -> tuple[str, RegionDocument]:
    from ..regions.systems import SKY
    from ..regions.text.globe import GLOBE
    from ..regions.text.writer import write_regions

    target = args.system or ("physical" if args.format == "ciao" else None)
    surroundings = _frame_of(args.frame_of)
    document = _read(args, surroundings, target)
    if args.frame_of is None and target in SKY:
        surroundings = GLOBE
    whole = document if args.format == "ds9" else None
    text = write_regions(
        document.entries, surroundings, document=whole, system=args.system, style=args.format
    )
    return text, document


def _read(
    args: argparse.Namespace, surroundings: Surroundings, target: str | None
) -> RegionDocument:
    """Read the file; where no frame is known, numbers of one kind alone can be turned."""
    from ..regions.systems import SKY
    from ..regions.text.document import read_document
    from ..regions.text.globe import GLOBE

    document = read_document(args.input, surroundings)
    if args.frame_of is not None or target is None:
        return document
    on_sky = read_document(args.input, GLOBE)
    wants_sky = target in SKY
    for flat, round_one in zip(document.entries, on_sky.entries, strict=True):
        others = {flat.system, target}
        is_amiss = round_one.shape is None if wants_sky else flat.shape is None
        is_known = (flat.shape or round_one.shape) is not None
        is_sensor = "detector" in others and others != {"detector"}
        if is_known and (is_amiss or is_sensor):
            raise _needs_frame(args.input, flat.line, flat.system, target)
    return on_sky if wants_sky else document


def _needs_frame(path: str, line: int, system: str, target: str) -> Exception:
    from ..errors import NightglassError

    return NightglassError(
        "A frame is needed",
        f"Line {line} of {path} is in {system} coordinates, and {target} coordinates of it "
        "depend on the frame it was drawn on.",
        "Name a cube or FITS image of the field with --frame-of.",
        path,
    )


def _frame_of(path: str | None) -> Surroundings:
    from ..lightspeed.surroundings import surroundings_at
    from ..problems import ProblemList
    from ..regions.systems import Surroundings
    from ..settings import load_settings

    if path is None:
        return Surroundings()
    return surroundings_at(path, load_settings(ProblemList()).plate_scale_arcsec)


def _left_out(document: RegionDocument) -> list[str]:
    from ..regions.text.ciao import is_of_ciao

    return sorted({entry.kind for entry in document.entries if not is_of_ciao(entry)})


def _kept(document: RegionDocument, system: str) -> list[str]:
    from ..regions.text.phrasing import system_for

    return sorted({entry.kind for entry in document.entries if system_for(entry, system) != system})


def run(args: argparse.Namespace) -> int:
    """Convert, or measure with a progress bar."""
    if args.action == "stats":
        return region_stats.run(args)
    return finish(args, lambda ctx: execute(args, ctx))
