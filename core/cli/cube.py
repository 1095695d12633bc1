"""`nightglass cube`: cubes split into bundles, calibrated, or with a star held still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..wording import counted
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse

    from ..engine.jobs import JobContext

NAME = "cube"
HELP = "Rewrite cubes: split them, calibrate them, or hold a star still."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    from ..lightspeed.arguments import add_dataset_args

    tools = parser.add_subparsers(dest="tool", required=True, metavar="TOOL")
    split = tools.add_parser(
        "split", help="one file per bundle of a cube",
        description="Write every bundle of a cube as a cube of its own.",
    )  # fmt: skip
    split.add_argument("--input", required=True, metavar="CUBE", help="the cube")
    split.add_argument("--output", required=True, metavar="FOLDER", help="folder for the files")
    split.add_argument("--clobber", action="store_true", help="replace existing files")
    cube = tools.add_parser(
        "cube", help="all frames in electrons, over the flat, as one cube",
        description="Write all frames of a capture, in electrons and over the flat, as one cube.",
    )  # fmt: skip
    add_dataset_args(cube)
    shift = tools.add_parser(
        "shift", help="follow a star and hold it still by whole pixels",
        description="Write every cube in electrons, moved by whole pixels so that a star stands "
        "still. --output is a folder here, other than that of the cubes.",
    )  # fmt: skip
    add_dataset_args(shift)
    shift.add_argument(
        "--roi", required=True, metavar="REGION", help="region file with a circle around the star"
    )
    shift.add_argument("--noshift", action="store_true", help="measure the star only")
    for tool in (split, cube, shift):
        add_json(tool)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Run one of the tools."""
    return {"split": _split, "cube": _cube, "shift": _shift}[args.tool](args, ctx)


def _split(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    from ..lightspeed.image import split_cube

    paths = split_cube(args.input, args.output, clobber=args.clobber, ctx=ctx)
    return Outcome(paths, {"bundles": len(paths)})


def _cube(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    from ..lightspeed.arguments import get_dataset
    from ..lightspeed.image import calibrated_cube
    from ..lightspeed.products import require_free

    path = require_free(args.output, clobber=args.clobber)
    data_set = get_dataset(args)
    calibrated_cube(data_set, path, clobber=args.clobber, ctx=ctx)
    rows, columns = data_set.shape
    summary = {"frames": data_set.num_frames(), "rows": rows, "columns": columns}
    line = f"{counted(summary['frames'], 'frame')} of {rows} rows x {columns} columns in electrons"
    return Outcome((path,), summary, (line,), tuple(data_set.notices))


def _shift(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    from ..lightspeed.arguments import get_dataset
    from ..lightspeed.image import shifted_cubes

    data_set = get_dataset(args)
    made = shifted_cubes(
        data_set, args.roi, args.output, shift=not args.noshift, clobber=args.clobber, ctx=ctx
    )
    summary = {
        "frames": made.frames, "found": made.found, "largest_shift_px": made.largest_px,
        "shifted": not args.noshift,
    }  # fmt: skip
    line = (
        f"The star was found in {made.found:,} of {counted(made.frames, 'frame')}; "
        f"largest shift {counted(made.largest_px, 'pixel')}"
    )
    return Outcome(made.paths, summary, (line,), tuple(data_set.notices))


def run(args: argparse.Namespace) -> int:
    """Run one of the tools, with a progress bar."""
    return finish(args, lambda ctx: execute(args, ctx))
