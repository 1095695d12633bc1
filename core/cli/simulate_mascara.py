"""`nightglass simulate mascara`: nights of the all-sky station with their truth."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from ..wording import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from ..simulate.mascara.night import NightReport

_NOT_SETTINGS = ("camera", "output", "live", "json", "clobber")


def add_words(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group("output")
    group.add_argument("--output", required=True, metavar="DIR", help="folder for the files")
    group.add_argument(
        "--live", nargs="?", const=1.0, type=float, metavar="SPEED",
        help="write at the sky's pace, or SPEED times as fast",
    )  # fmt: skip
    group.add_argument("--clobber", action="store_true", help="replace an earlier night")
    group.add_argument("--json", action="store_true", help="print a JSON report")
    _add_night(parser)
    _add_camera(parser)


def _add_night(parser: argparse.ArgumentParser) -> None:
    from ..simulate.mascara.defects import DEFECTS, FRAME_DEFECTS
    from ..simulate.mascara.settings import SITES

    group = parser.add_argument_group("night")
    group.add_argument("--site", choices=SITES, help="station (default: LaPalma)")
    group.add_argument(
        "--cameras", type=_letters, metavar="C,E,...", help="letters of N, E, S, W, C (default: C)"
    )
    group.add_argument(
        "--start", metavar="LSTSEQ|UTC",
        help="first slot, as its LST sequence number or a time in it, ISO with T",
    )  # fmt: skip
    group.add_argument("--frames", type=int, metavar="N", help="slots per camera (default: 50)")
    group.add_argument(
        "--catalogue", metavar="FILE", help="stars (default: a made-up sky); see 'catalogue'"
    )
    group.add_argument("--seed", type=int, metavar="N", help="same seed and start, same bytes")
    group.add_argument(
        "--defect", dest="defects", action="extend", nargs="+", metavar="NAME[:FRAME]",
        help=f"damage the night: {', '.join(DEFECTS)}; a frame number from 1 may follow "
        f"{', '.join(FRAME_DEFECTS)}",
    )  # fmt: skip
    for kind in ("darks", "biases", "flats"):
        group.add_argument(
            f"--{kind}", type=int, metavar="N", help=f"{kind} before the first frame (default: 20)"
        )


def _add_camera(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("cameras and sky")
    for option, dest, metavar, text in (
        ("--scale", "scale", "S", "size of the chip over the real one, 0.1 to 1"),
        ("--gain", "gain", "E/ADU", "electrons per count"),
        ("--sky", "sky_adu", "ADU", "moonless sky at the zenith, per pixel and frame"),
        ("--read-noise", "read_noise_e", "E", "electrons"),
        ("--hot-pixels", "hot_fraction", "F", "part of the pixels that are hot"),
        ("--intrapixel", "intrapixel_mag", "MAG", "half range of the response within pixels"),
        ("--satellites", "satellites_per_hour", "N", "trails an hour on a full-size chip"),
        ("--variables", "variable_fraction", "F", "part of the stars that vary"),
        ("--faintest", "faintest_vmag", "V", "faintest star of a made-up sky"),
        ("--density", "density", "F", "stars of a made-up sky over those of the real one"),
    ):
        group.add_argument(option, dest=dest, type=float, metavar=metavar, help=text)


def _letters(text: str) -> tuple[str, ...]:
    return tuple(letter.strip().upper() for letter in text.split(",") if letter.strip())


def run(args: argparse.Namespace, teller: Callable[[str], Callable[[int, int], None]]) -> int:
    """Write the night; 0 when all of it was written, 1 when it was stopped early."""
    from ..simulate.mascara.night import simulate_night, simulate_night_live
    from ..simulate.mascara.settings import from_json

    given = {name: value for name, value in vars(args).items() if value is not None}
    settings = from_json({k: _plain(v) for k, v in given.items() if k not in _NOT_SETTINGS})
    if args.live is None:
        report = simulate_night(
            settings, args.output, teller("frames written"), clobber=args.clobber
        )
    else:
        report = simulate_night_live(
            settings, args.output, args.live, teller("frames written live"), clobber=args.clobber
        )
    _tell(report)
    if args.json:
        print(json.dumps(report.as_json()))
    return 1 if report.stopped else 0


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _tell(report: NightReport) -> None:
    words = [
        f"{counted(report.frames, 'frame')} in {counted(len(report.files), 'file')}",
        f"{report.frames_per_s:,.1f} a second, {counted(report.stars, 'star')}",
    ]
    if report.latest_s:
        words.append(f"the latest file {report.latest_s:.2f} s behind the sky")
    if report.stopped:
        words.append("stopped before the end")
    print(f"nightglass: {', '.join(words)}; truth in {report.truth}", file=sys.stderr)
