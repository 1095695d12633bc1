"""`nightglass simulate`: synthetic captures with their truth."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from ..wording import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from ..simulate.lightspeed import SimulationReport

NAME = "simulate"
HELP = "Write a synthetic capture, with every injected value in truth.json beside it."

_SAY_EVERY_S = 1.0
_NOT_SETTINGS = ("camera", "output", "live", "json", "clobber")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare one word per camera, and its options."""
    from . import simulate_mascara

    cameras = parser.add_subparsers(dest="camera", required=True, metavar="camera")
    lightspeed = cameras.add_parser(
        "lightspeed",
        help="the high-speed qCMOS camera at the Magellan Clay telescope",
        description="Write a capture as the acquisition program of the high-speed camera does.",
    )
    _add_output(lightspeed)
    _add_capture(lightspeed)
    _add_camera(lightspeed)
    _add_sky(lightspeed)
    _add_detector(lightspeed)
    simulate_mascara.add_words(
        cameras.add_parser(
            "mascara",
            help="the all-sky cameras of MASCARA",
            description="Write raw frames as the cameras of a station do, with calibrations and "
            "a catalogue of the stars.",
        )
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    group.add_argument("--output", required=True, metavar="DIR", help="folder for the files")
    group.add_argument(
        "--live", nargs="?", const=1.0, type=float, metavar="SPEED",
        help="write at the camera's pace, or SPEED times as fast",
    )  # fmt: skip
    group.add_argument("--clobber", action="store_true", help="replace an earlier capture")
    group.add_argument("--json", action="store_true", help="print a JSON report")
    group.add_argument(
        "--truth-maps", action="store_true", default=None,
        help="also write the properties of every pixel, as truth_maps.npz",
    )  # fmt: skip


def _add_capture(parser: argparse.ArgumentParser) -> None:
    from ..simulate.defects import DEFECTS, FILE_FAULTS

    group = parser.add_argument_group("capture")
    group.add_argument("--object", dest="object_name", metavar="NAME", help="name of the object")
    group.add_argument("--start", metavar="UTC", help="start of the first exposure, ISO with T")
    group.add_argument("--frames", type=int, metavar="N", help="camera frames to expose")
    group.add_argument("--bundle", type=int, metavar="N", help="camera frames per bundle")
    group.add_argument(
        "--frames-per-cube", type=int, metavar="N", help="bundles per file (default 100)"
    )
    group.add_argument(
        "--calibration", choices=("bias", "dark", "flat"), help="take one of these, not the sky"
    )
    group.add_argument(
        "--era", choices=("2025-09", "2025-12"), help="habits of the acquisition program"
    )
    group.add_argument("--seed", type=int, metavar="N", help="same seed and start, same bytes")
    group.add_argument(
        "--defect", dest="defects", action="extend", nargs="+", metavar="NAME[:CUBE]",
        help=f"damage the capture: {', '.join(DEFECTS)}; a cube number may follow "
        f"{', '.join(FILE_FAULTS)}",
    )  # fmt: skip


def _add_camera(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("camera")
    group.add_argument(
        "--shape", nargs=2, type=int, metavar=("ROWS", "COLS"), help="one frame, multiples of 4"
    )
    group.add_argument(
        "--subarray-position", dest="position", nargs=2, type=int, metavar=("ROW", "COL"),
        help="detector row and column of the first pixel (default: the middle of the sensor)",
    )  # fmt: skip
    group.add_argument("--exposure", dest="exposure_s", type=float, metavar="S", help="seconds")
    group.add_argument(
        "--interval", dest="interval_s", type=float, metavar="S",
        help="seconds from frame to frame (default: the exposure)",
    )  # fmt: skip
    group.add_argument("--mode", choices=("standard", "ultra-quiet"), help="scan mode")
    group.add_argument(
        "--rolling-shutter", action="store_true", default=None,
        help="let every row see the sky at its own time",
    )  # fmt: skip
    group.add_argument("--filter", dest="filter_name", metavar="NAME", help="such as g'")


def _add_sky(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("sky")
    group.add_argument("--par", metavar="FILE", help="the pulse follows this ephemeris")
    for option, dest, metavar, text in (
        ("--star-rate", "star_rate", "E/S", "mean rate of the pulsar; field stars scale with it"),
        ("--pulsed-fraction", "pulsed_fraction", "F", "pulsed part of its light, 0 to 1"),
        ("--sky", "sky_rate", "E/S", "sky electrons per pixel per second"),
        ("--seeing", "seeing_arcsec", "ARCSEC", "full width at half maximum of stars"),
        ("--flat-level", "flat_level_adu", "ADU", "mean level of a flat above the offset"),
    ):
        group.add_argument(option, dest=dest, type=float, metavar=metavar, help=text)
    group.add_argument("--stars", type=int, metavar="N", help="field stars besides the pulsar")


def _add_detector(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("detector")
    for option, dest, metavar, text in (
        ("--gain", "gain", "ADU/E", "counts per electron"),
        ("--read-noise", "read_noise_e", "E", "instead of the mode's own"),
        ("--bias-spread", "bias_spread_e", "E", "pixel-to-pixel scatter of the offset"),
        ("--full-well", "full_well_e", "E", "electrons a pixel holds"),
        ("--dark-rate", "dark_rate", "E/S", "dark electrons per pixel per second"),
        ("--hot-pixels", "hot_fraction", "F", "part of the pixels that are hot"),
        ("--telegraph", "telegraph_fraction", "F", "part of the pixels with telegraph noise"),
        ("--cosmic-rays", "cosmic_ray_rate", "RATE", "hits per square centimetre per second"),
    ):
        group.add_argument(option, dest=dest, type=float, metavar=metavar, help=text)
    group.add_argument(
        "--traps", nargs="?", const=4, type=int, metavar="N",
        help="charge traps per pixel (4 when no number follows)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Write what was asked for; 0 when all of it was written, 1 when it was stopped early."""
    from . import simulate_mascara

    if args.camera == "mascara":
        return simulate_mascara.run(args, _teller)
    return _run_lightspeed(args)


def _run_lightspeed(args: argparse.Namespace) -> int:
    from ..simulate.lightspeed import simulate_capture, simulate_live
    from ..simulate.settings import from_json

    given = {name: value for name, value in vars(args).items() if value is not None}
    settings = from_json({k: v for k, v in given.items() if k not in _NOT_SETTINGS})
    if args.live is None:
        report = simulate_capture(
            settings, args.output, progress=_teller("frames written"), clobber=args.clobber
        )
    else:
        report = simulate_live(
            settings,
            args.output,
            args.live,
            progress=_teller("frames written live"),
            clobber=args.clobber,
        )
    _tell(report)
    if args.json:
        print(json.dumps(report.as_json()))
    return 1 if report.stopped else 0


def _teller(what: str) -> Callable[[int, int], None]:
    """Return a progress listener that speaks once a second, on standard error."""
    spoken = [time.monotonic()]

    def tell(done: int, total: int) -> None:
        now = time.monotonic()
        if now - spoken[0] >= _SAY_EVERY_S:
            spoken[0] = now
            print(f"nightglass: {done:,} of {total:,} {what}", file=sys.stderr, flush=True)

    return tell


def _tell(report: SimulationReport) -> None:
    rate = f"{report.frames_per_s:,.0f} a second"
    words = [f"{counted(report.frames, 'frame')} in {counted(len(report.files), 'file')}, {rate}"]
    if report.lost_frames:
        words.append(f"{report.lost_frames:,} frames lost as asked")
    if report.latest_s:
        words.append(f"the latest file {report.latest_s * 1000:.0f} ms behind the camera")
    if report.stopped:
        words.append("stopped before the end")
    print(f"nightglass: {', '.join(words)}; truth in {report.truth}", file=sys.stderr)
