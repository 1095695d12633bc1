"""`nightglass onoff`: frames while a pulsar is on minus frames while it is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .image import add_picture_options, image_summary, picture_keywords
from .options import add_observatory, site_named
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse

    from ..engine.jobs import JobContext

NAME = "onoff"
HELP = "Image of a pulse: the mean of the on phases minus that of the off phases."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    from ..lightspeed.arguments import add_dataset_args

    add_dataset_args(parser)
    group = parser.add_argument_group("phases")
    group.add_argument("--eph", required=True, metavar="PAR", help="ephemeris of the pulsar")
    group.add_argument(
        "--range", required=True, metavar="LO:HI,LO:HI",
        help="on phases, then off phases, in turns (0 to 1); LO above HI goes through 0; several "
        "ranges of a side are joined by | (in quotes)",
    )  # fmt: skip
    add_observatory(group)
    add_picture_options(parser, qe=False)
    add_json(parser)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Make the image."""
    from ..lightspeed.arguments import get_dataset
    from ..lightspeed.ephemeris import Ephemeris
    from ..lightspeed.image import PhaseRanges, on_off
    from ..lightspeed.products import require_free

    path = require_free(args.output, clobber=args.clobber)
    ranges, site = PhaseRanges.parse(args.range), site_named(args.observatory)
    data_set = get_dataset(args)
    ephemeris = Ephemeris(args.eph, data_set, site)
    for notice in ephemeris.notices:
        data_set.notice(notice)
    image = on_off(data_set, ephemeris, ranges, **picture_keywords(args), ctx=ctx)
    image.save(path, clobber=args.clobber)
    header = image.header
    summary = image_summary(image, data_set) | {
        "pulsar": ephemeris.solution.psr,
        "range": str(ranges),
        "frames_off": header["NOFF"],
        "exposure_off_s": header["OFFTIME"],
    }
    line = (
        f"{header['NFRAMES']:,} frames on ({header['EXPTIME']:.6g} s), {header['NOFF']:,} off "
        f"({header['OFFTIME']:.6g} s)"
    )
    return Outcome((path,), summary, (line,), tuple(data_set.notices))


def run(args: argparse.Namespace) -> int:
    """Make the image, with a progress bar."""
    return finish(args, lambda ctx: execute(args, ctx))
