"""`nightglass info`: what is in a capture and what is wrong with it, before it is loaded."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from .printing import printable

if TYPE_CHECKING:
    import argparse

NAME = "info"
HELP = "Tell what a capture holds: cubes, frames, times, lost frames, and what is wrong."

_ALL_WELL, _TROUBLE, _COULD_NOT_RUN = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    parser.add_argument("path", nargs="+", help="a cube, a folder of captures, or several files")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: argparse.Namespace) -> int:
    """Print the report; 0 all well, 1 trouble was found, 2 there is nothing to report on."""
    from ..lightspeed.report import format_text, survey

    report = survey(args.path)
    content = report.as_dict()
    if args.json:
        print(json.dumps(content, indent=2, allow_nan=False))
    elif report.captures:
        print(printable(format_text(content)))
    for error in (*report.failures, *report.ignored):
        print(printable(f"nightglass: {error}"), file=sys.stderr)
    if not report.captures:
        return _COULD_NOT_RUN
    return _TROUBLE if report.found_trouble else _ALL_WELL
