"""`nightglass events`: a table of all frames with their times and phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .options import add_background, add_mode, add_observatory, site_named
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse

    from ..engine.jobs import JobContext

NAME = "events"
HELP = "List every frame: UTC, barycentric TDB and phase of a par file, light of a region."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    from ..lightspeed.arguments import add_dataset_args

    add_dataset_args(parser)
    group = parser.add_argument_group("table (FITS, .csv or .ecsv by the name of the output)")
    group.add_argument(
        "--eph", metavar="PAR", help="par file: adds barycentric times, turns and phases"
    )
    add_observatory(group)
    group.add_argument("--roi", metavar="FILE", help="region file: adds the light of its source")
    add_background(group, "--background")
    add_mode(group, ("sum", "clip"))
    add_json(parser)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Make the table."""
    from ..lightspeed.arguments import get_dataset
    from ..lightspeed.ephemeris import Ephemeris
    from ..lightspeed.lc import event_table
    from ..lightspeed.products import require_free

    path = require_free(args.output, clobber=args.clobber)
    site = site_named(args.observatory)
    data_set = get_dataset(args)
    ephemeris = None if args.eph is None else Ephemeris(args.eph, data_set, site)
    table = event_table(
        data_set, ephemeris=ephemeris, roi=args.roi, background=args.background,
        clip=args.mode == "clip", ctx=ctx,
    )  # fmt: skip
    table.save(path, clobber=args.clobber)
    times = data_set.frame_times()
    summary: dict[str, Any] = {
        "frames": len(table),
        "columns": list(table.columns),
        "first_utc": times.iso(0, 9),
        "last_utc": times.iso(len(table) - 1, 9),
        "time_quality": times.quality,
    }
    notices = (*data_set.notices, *(() if ephemeris is None else ephemeris.notices))
    line = f"{len(table):,} frames from {summary['first_utc']} to {summary['last_utc']} (UTC)"
    return Outcome((path,), summary, (line,), tuple(dict.fromkeys(notices)))


def run(args: argparse.Namespace) -> int:
    """Make the table, with a progress bar."""
    return finish(args, lambda ctx: execute(args, ctx))
