"""`nightglass catalogue`: take in a star catalogue, and tell what one holds."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from ..wording import counted
from .printing import finite, printable

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from ..stars.table import StarTable

NAME = "catalogue"
HELP = "Import a star catalogue for the MASCARA cameras, or tell what one holds."

_LIMITS_VMAG = (4.0, 6.0, 7.5, 8.4, 10.0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare one word per verb, and its options."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    taken = verbs.add_parser(
        "import",
        help="make a catalogue the one that is used where no other is named",
        description="Read ASCC-2.5 (VizieR I/280B as FITS, VOTable or CSV), a bringcat file, or "
        "any table with number, position and V, and keep a copy.",
    )
    taken.add_argument("file", metavar="FILE", help="the catalogue")
    taken.add_argument(
        "--faintest", type=float, metavar="V", help="leave out fainter stars (default: 11)"
    )
    told = verbs.add_parser("info", help="tell what a catalogue holds")
    told.add_argument(
        "file", metavar="FILE", nargs="?", help="the catalogue (default: the imported one)"
    )
    for verb in (taken, told):
        verb.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Import or tell; 0 when it was done."""
    from ..stars.library import FAINTEST_VMAG, find_catalogue, import_catalogue
    from ..stars.table import read_catalogue

    if args.verb == "import":
        limit = FAINTEST_VMAG if args.faintest is None else args.faintest
        path = import_catalogue(args.file, limit)
        print(printable(f"nightglass: {args.file} imported as {path}"), file=sys.stderr)
    else:
        path = find_catalogue(args.file)
    content = _content(path, read_catalogue(path))
    print(
        json.dumps(content, indent=2, allow_nan=False) if args.json else printable(_text(content))
    )
    return 0


def _content(path: Path, table: StarTable) -> dict[str, Any]:
    from ..stars.table import astrometry_stars

    return {
        "file": str(path),
        "stars": len(table),
        "brighter_than": {f"{v:g}": int(np.sum(table.vmag <= v)) for v in _LIMITS_VMAG},
        "for_astrometry": int(np.sum(astrometry_stars(table))),
        "always_measured": int(np.sum(table.included)),
        "brightest_vmag": finite(table.vmag.min()),
        "faintest_vmag": finite(table.vmag.max()),
        "declination_deg": [finite(table.dec_deg.min()), finite(table.dec_deg.max())],
        "with_proper_motion": int(np.sum((table.pmra_masyr != 0) | (table.pmdec_masyr != 0))),
    }


def _text(content: dict[str, Any]) -> str:
    south, north = content["declination_deg"]
    counts = ", ".join(f"{n:,} to V {limit}" for limit, n in content["brighter_than"].items())
    heading = (
        f"{content['file']}: {counted(content['stars'], 'star')}, V "
        f"{content['brightest_vmag']:.2f} to {content['faintest_vmag']:.2f}, "
        f"declination {south:.1f} to {north:.1f} degrees"
    )
    last = (
        f"  {content['for_astrometry']:,} isolated ones for the astrometry, "
        f"{content['always_measured']:,} measured whatever their magnitude, "
        f"{content['with_proper_motion']:,} with proper motion"
    )
    return f"{heading}\n  {counts}\n{last}"
