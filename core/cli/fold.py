"""`nightglass fold`: the fold of the window, headless."""

from __future__ import annotations

import logging
import signal
import threading
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..errors import NightglassError
from ..wording import counted
from .arguments import seconds
from .options import add_background, add_observatory, site_named
from .printing import finite
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ..engine.jobs import JobContext
    from ..lightspeed.fold.request import FoldRequest
    from ..lightspeed.fold.result import FoldResult, SourceFold
    from ..lightspeed.fold.settings import FoldSettings

NAME = "fold"
HELP = "Fold regions on par files as the window does, also while the camera writes."
_SILENT = logging.NullHandler()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    parser.add_argument(
        "capture", metavar="CAPTURE",
        help="any cube of it, or its folder; with --live a folder, which may be empty or absent",
    )  # fmt: skip
    parser.add_argument(
        "--eph", metavar="PAR", action="append", required=True,
        help="ephemeris of the pulsar; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--roi", metavar="FILE", required=True,
        help="region file, or DS9 text: each region is folded, or marked as sky",
    )  # fmt: skip
    add_background(parser, "--background")
    _add_fold(parser)
    parser.add_argument("--live", action="store_true", help="follow the folder as cubes come")
    parser.add_argument(
        "--until", type=seconds, metavar="SECONDS",
        help="with --live: end after so long, with every cube that is complete then "
        "(Ctrl-C does the same)",
    )  # fmt: skip
    parser.add_argument(
        "--output", metavar="FILE", help="write the fold: .fits, .ecsv, .csv or .bestprof"
    )
    parser.add_argument("--clobber", action="store_true", help="replace an existing output")
    add_json(parser)


def _add_fold(parser: argparse.ArgumentParser) -> None:
    from ..lightspeed.fold.settings import LEAST_BINS, MOST_BINS, STAMPS, FoldSettings

    usual = FoldSettings()
    group = parser.add_argument_group("folding")
    group.add_argument(
        "--bins", type=int, default=usual.n_bins, metavar="N",
        help=f"bins in a turn, {LEAST_BINS} to {MOST_BINS} (default: {usual.n_bins})",
    )  # fmt: skip
    group.add_argument(
        "--f0", type=float, metavar="HZ",
        help="in place of F0 of the (first) par file, at its PEPOCH; the phase at the start of "
        "the capture stays that of the par file",
    )  # fmt: skip
    group.add_argument("--f1", type=float, metavar="HZ/S", help="in place of F1")
    group.add_argument(
        "--phase-offset", type=float, default=0.0, metavar="TURNS", help="added to all phases"
    )
    group.add_argument(
        "--timing-offset", type=float, default=0.0, metavar="S", help="taken off all times"
    )
    group.add_argument(
        "--stamp", choices=STAMPS, default=usual.stamp,
        help="the instant of an exposure that is given the phase (default: middle)",
    )  # fmt: skip
    group.add_argument(
        "--row-delay", action="store_true",
        help="time a region by the rolling shutter at its own rows",
    )  # fmt: skip
    group.add_argument("--on", metavar="A-B", help="phases of the pulse, as 0.9-0.1")
    group.add_argument("--off", metavar="A-B", help="phases without pulse")
    add_observatory(group)


def run(args: argparse.Namespace) -> int:
    """Fold, with a progress bar, and tell the numbers; exit code 0."""
    begun_s = monotonic()
    # What goes wrong is told at the end, as notices; without a handler it would be told twice.
    logging.getLogger("nightglass").addHandler(_SILENT)
    return finish(args, lambda ctx: execute(args, ctx, begun_s))


def execute(args: argparse.Namespace, ctx: JobContext, begun_s: float | None = None) -> Outcome:
    """Fold.

    Parameters
    ----------
    args : Namespace
    ctx : JobContext
    begun_s : float or None
        From when ``--until`` counts, by `time.monotonic`; None for now.

    Raises
    ------
    NightglassError
        If something cannot be read, there is nothing to fold, or the output is there already.
    Cancelled
        If the job was cancelled.
    """
    from ..workbench.fold.headless import HeadlessFold, fold_headless

    _check_words(args)
    output = _output(args)
    wanted = HeadlessFold(
        Path(args.capture), tuple(map(Path, args.eph)), args.roi, args.background,
        settings_of(args), live=args.live, until_s=args.until,
        begun_s=monotonic() if begun_s is None else begun_s,
    )  # fmt: skip
    site = site_named(args.observatory)
    with _interruptible(ctx) if args.live else nullcontext():
        request, result = fold_headless(wanted, site, ctx)
    written = () if output is None else _write(request, result, output, args)
    return Outcome(written, summary(result), tuple(_lines(result)), result.notices)


def _check_words(args: argparse.Namespace) -> None:
    """Refuse words that mean nothing together."""
    if args.until is not None and not args.live:
        raise NightglassError(
            "Nothing to wait for", "--until is the end of a live fold.", "Add --live, or leave it."
        )


def _output(args: argparse.Namespace) -> Path | None:
    """Check, before anything is computed, that the output can be written."""
    from ..lightspeed.fold.files.bestprof import BESTPROF_SUFFIX
    from ..lightspeed.fold.files.tables import TABLE_SUFFIXES, require_suffix
    from ..lightspeed.products import require_free, require_spared

    if args.output is None:
        return None
    require_suffix(args.output, (*TABLE_SUFFIXES, BESTPROF_SUFFIX), "a fold")
    output = require_free(args.output, clobber=args.clobber)
    require_spared(output, _inputs(args))
    return output


def _inputs(args: argparse.Namespace) -> Iterator[str | Path]:
    """Files that are read."""
    from ..lightspeed.discovery import find_captures
    from ..workbench.fold.headless import is_text

    yield from args.eph
    yield from (words for words in (args.roi, args.background) if words and not is_text(words))
    for found in find_captures(args.capture).captures:
        yield from (path for _, path in found.cubes)


@contextmanager
def _interruptible(ctx: JobContext) -> Iterator[None]:
    """Let Ctrl-C end a live fold with its numbers; a second one stops it."""

    def stop(*_: object) -> None:
        if not ctx.token.cancel():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _write(
    request: FoldRequest, result: FoldResult, output: Path, args: argparse.Namespace
) -> tuple[Path, ...]:
    """Write the fold in the format that the name of the file asks for."""
    from ..lightspeed.fold.files.command_line import command_of
    from ..lightspeed.fold.files.products import Folded, write_product
    from ..lightspeed.fold.files.provenance import Origin
    from ..lightspeed.fold.frames import clocks_of

    command = command_of(
        result, args.roi, args.background, capture=args.capture, observatory=args.observatory
    )
    folded = Folded(result, Origin(request.site, command), clocks_of(request))
    return write_product("fold", output, folded, clobber=args.clobber)


def settings_of(args: argparse.Namespace) -> FoldSettings:
    """Make settings of the command's words.

    Raises
    ------
    NightglassError
        If a value makes no sense.
    """
    from ..lightspeed.fold.settings import FoldSettings
    from ..timing.pulse.ranges import PhaseRange

    on, off = (None if text is None else PhaseRange.parse(text) for text in (args.on, args.off))
    return FoldSettings(
        n_bins=args.bins, f0_hz=args.f0, f1_hz_s=args.f1, phase_offset=args.phase_offset,
        timing_offset_s=args.timing_offset, stamp=args.stamp, row_delay=args.row_delay,
        on=on, off=off,
    )  # fmt: skip


def summary(result: FoldResult) -> dict[str, Any]:
    """Numbers of a fold for JSON; those of the first region and par file stand at the top."""
    folds = [_of_source(fold, result) for fold in result.folds]
    return {
        **folds[0],
        "frames_missing": result.frames_missing,
        "time_covered_s": result.span_s,
        "start_utc": result.start.iso(9),
        "frame_s": result.frame_s,
        "interval_s": result.interval_s,
        "bins": result.settings.n_bins,
        "time_note": result.time_note,
        "folds": folds,
    }


def _of_source(fold: SourceFold, result: FoldResult) -> dict[str, Any]:
    profile, settings = fold.profile, result.settings
    chi2, h = profile.chi_square(), fold.moments.h_test()
    fraction = fold.pulsed_fraction
    ratio = profile.signal_to_noise(settings.on, settings.off)
    return {
        "region": fold.name,
        "psr": fold.psr,
        "frames_counted": fold.frames_counted,
        "profile": [finite(value) for value in profile.rate],
        "errors": [finite(value) for value in profile.error],
        "exposure_s": [finite(value) for value in profile.exposure_s],
        "unit": "e-/s",
        "sky_rate": finite(fold.sky_rate),
        "chi2_dof": finite(chi2.reduced),
        "chi2_probability": finite(chi2.probability),
        "h_test": finite(h.h),
        "h_harmonics": h.harmonics,
        "h_probability": finite(h.probability),
        "pulsed_fraction": finite(fraction.value),
        "pulsed_fraction_error": finite(fraction.error),
        "pulsed_fraction_is": fraction.text,
        "signal_to_noise": finite(ratio.value),
        "signal_to_noise_is": ratio.text,
        "f0_hz": fold.f0_hz,
        "f1_hz_s": fold.f1_hz_s,
        "frequency_hz": fold.frequency_hz,
    }


def _lines(result: FoldResult) -> Iterator[str]:
    missing = f", {counted(result.frames_missing, 'frame')} missing"
    yield (
        f"{counted(result.frames_counted, 'frame')} counted"
        f"{missing if result.frames_missing else ''}, {result.span_s:.6g} s covered"
    )
    for fold in result.folds:
        told = _of_source(fold, result)
        yield (
            f"{fold.name} on {fold.psr}: chi2/dof {_figure(told['chi2_dof'])}, "
            f"H {_figure(told['h_test'])} (probability {_figure(told['h_probability'])}), "
            f"pulsed fraction {_figure(told['pulsed_fraction'])} "
            f"+- {_figure(told['pulsed_fraction_error'])}"
        )
    yield f"times: {result.time_note}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
