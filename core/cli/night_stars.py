"""`nightglass night stars` and `nightglass night curve`: the stars of a night and their light."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NightglassError
from ..wording import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ..mascara.browsing.index import StarIndex
    from ..mascara.browsing.search import StarSearch
    from ..mascara.browsing.stars import NightStars, StarFilter

_HEADINGS = {
    "ascc": "ASCC", "hd": "HD", "hip": "HIP", "ra_deg": "RA", "dec_deg": "Dec", "vmag": "V",
    "spectype": "Type", "cameras": "Cameras", "fast_points": "Points", "slow_points": "Slow",
    "flagged_percent": "Flagged %", "mean_flux": "ADU", "scatter_mag": "Scatter mag",
}  # fmt: skip
_SORTS = {
    "ascc": "ascc", "hd": "hd", "hip": "hip", "v": "vmag", "cameras": "cameras",
    "points": "fast_points", "flagged": "flagged_percent", "scatter": "scatter_mag",
}  # fmt: skip


def add_verbs(verbs: Any) -> None:
    """Declare the two verbs and their options."""
    stars = verbs.add_parser("stars", help="list and search the stars of a night")
    stars.add_argument("folder", metavar="DIR", type=Path, help="output folder of the night")
    stars.add_argument(
        "text", nargs="*", metavar="TEXT",
        help="(the beginning of) a number such as HD 189733 or 807144, or a place such as "
        "20:00:43.7 +22:42:39 or 300.18 22.71, r 30' behind it for a radius (default: all stars)",
    )  # fmt: skip
    stars.add_argument("--bright", type=float, metavar="V", help="no star brighter than this")
    stars.add_argument("--faint", type=float, metavar="V", help="no star fainter than this")
    stars.add_argument("--camera", default="", metavar="ID", help="seen by it, such as LPC")
    stars.add_argument("--points", type=int, default=0, metavar="N", help="fast points at least")
    stars.add_argument(
        "--flags", choices=("any", "none", "some"), default="any", help="of the fast points"
    )
    stars.add_argument("--sort", choices=tuple(_SORTS), help="by this column (default: best first)")
    stars.add_argument("--descending", action="store_true", help="sort the other way")
    stars.add_argument("--limit", type=int, default=50, metavar="N", help="0: all (default 50)")
    stars.add_argument("--json", action="store_true", help="print them as JSON")
    curve = verbs.add_parser("curve", help="write the light curve of a star")
    curve.add_argument("folder", metavar="DIR", type=Path, help="output folder of the night")
    curve.add_argument("star", nargs="+", metavar="STAR", help="its number or place, as for stars")
    curve.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help=".csv, .ecsv or .fits"
    )
    curve.add_argument("--slow", action="store_true", help="of the binned images")
    curve.add_argument("--clobber", action="store_true", help="replace the file if it exists")


def _stars(args: argparse.Namespace) -> int:
    from ..mascara.browsing.search import flagged_percent

    stars = _stars_of(_index(args.folder), args.folder)
    search = _search(stars)
    rows = search.find(" ".join(args.text), _limits(args))
    if args.sort:
        rows = search.order(rows, _SORTS[args.sort], descending=args.descending)
    shown = rows[: args.limit] if args.limit > 0 else rows
    percents = flagged_percent(stars)
    entries = [_entry(stars, int(row), percents) for row in shown]
    if args.json:
        told = {"found": len(rows), "explanation": search.explanation, "stars": entries}
        print(json.dumps(told))
    else:
        _print(entries, len(rows), search.explanation)
    return 0 if len(rows) else 1


def _index(folder: Path) -> StarIndex:
    from ..mascara.browsing.index import StarIndex

    return StarIndex(folder)


def _stars_of(index: StarIndex, folder: Path) -> NightStars:
    stars = index.refresh()
    if not len(stars):
        raise NightglassError(
            "There are no stars",
            f"{folder} holds no light curves.",
            "Give the output folder of a reduction with at least one reduced batch.",
            folder,
        )
    return stars


def _search(stars: NightStars) -> StarSearch:
    from ..mascara.browsing.search import StarSearch

    return StarSearch(stars)


def _limits(args: argparse.Namespace) -> StarFilter:
    from ..mascara.browsing.stars import StarFilter

    given = {"brightest_vmag": args.bright, "faintest_vmag": args.faint}
    limits = {name: value for name, value in given.items() if value is not None}
    return StarFilter(
        **limits, camera=args.camera.upper(), least_points=args.points, flags=args.flags
    )


def _entry(stars: NightStars, row: int, percents: NDArray[np.float64]) -> dict[str, Any]:
    """One star as plain values, None where something is not known."""
    from ..mascara.finite import finite_or_none

    places = enumerate(stars.camera_names)
    return {
        "ascc": int(stars.ascc[row]),
        "hd": int(stars.hd[row]) or None,
        "hip": int(stars.hip[row]) or None,
        "ra_deg": finite_or_none(stars.ra_deg[row], 5),
        "dec_deg": finite_or_none(stars.dec_deg[row], 5),
        "vmag": finite_or_none(stars.vmag[row], 3),
        "spectype": stars.spectype[row].decode("ascii", "replace").strip() or None,
        "cameras": [name for place, name in places if stars.cameras[row] >> place & 1],
        "fast_points": int(stars.fast_points[row]),
        "slow_points": int(stars.slow_points[row]),
        "flagged_percent": finite_or_none(percents[row], 2),
        "mean_flux": finite_or_none(stars.mean_flux[row], 2),
        "scatter_mag": finite_or_none(stars.scatter_mag[row], 4),
    }


def _print(entries: Sequence[dict[str, Any]], found: int, explanation: str) -> None:
    from ..mascara.report.status_text import table
    from .printing import printable

    if entries:
        rows = [[_text(entry[name]) for name in _HEADINGS] for entry in entries]
        print(printable("\n".join(table(tuple(_HEADINGS.values()), rows))))
    if found > len(entries):
        print(f"nightglass: {found - len(entries):,} more, see --limit", file=sys.stderr)
    print(f"nightglass: {explanation or counted(found, 'star')}", file=sys.stderr)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "-" if value is None else str(value)


def _curve(args: argparse.Namespace) -> int:
    from ..mascara.browsing.export import write_curve

    index = _index(args.folder)
    ascc = _number_of(_stars_of(index, args.folder), " ".join(args.star))
    curve = index.curve(ascc, "slow" if args.slow else "fast")
    source = str(args.folder.absolute())
    print(write_curve(curve, args.output, source=source, clobber=args.clobber))
    return 0


def _number_of(stars: NightStars, text: str) -> int:
    """The one star that is meant: that of the very number, or the nearest to a place."""
    search = _search(stars)
    rows = search.find(text)
    if not len(rows):
        raise NightglassError(
            "There is no such star", search.explanation, "'nightglass night stars DIR' lists them."
        )
    first = int(rows[0])
    if len(rows) > 1 and not search.explanation and not _is_exact(stars, first, text):
        raise NightglassError(
            "Several stars are meant",
            f"{counted(len(rows), 'star')} have a number that begins with {text!r}.",
            "Give the whole number.",
        )
    return int(stars.ascc[first])


def _is_exact(stars: NightStars, row: int, text: str) -> bool:
    digits = "".join(letter for letter in text if letter.isdigit())
    return digits in {str(numbers[row]) for numbers in (stars.ascc, stars.hd, stars.hip)}


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {"stars": _stars, "curve": _curve}
