"""`nightglass search`: looks for the period of the light in a region."""

from __future__ import annotations

import argparse
import math
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from .options import NotRequired, add_background, add_mode, add_observatory, positive, site_named
from .printing import finite
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.jobs import JobContext
    from ..lightspeed.data_set import DataSet
    from ..lightspeed.lc.periods import PeriodSearch
    from ..lightspeed.lc.search_light import Start
    from ..timing.search.result import Candidate

NAME = "search"
HELP = "Search for the period of the light in a region: around a prediction, or blind."

_STATISTICS = ("ef", "z2", "h")
_USUAL_TOP = 10
# Options that one of the two kinds of search does not have.
_AROUND_ONLY = (
    "eph", "f0", "f1", "span", "f1_span", "trials", "statistic", "harmonics", "bins",
)  # fmt: skip
_BLIND_ONLY = ("f_min", "f_max", "stretches")


class Reach(NamedTuple):
    """A span, in Hz (or Hz/s), or as a multiple of 1/T (or 1/T^2)."""

    value: float
    is_in_turns: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    from ..lightspeed.arguments import add_dataset_args

    parser.add_argument(
        "capture", nargs="?", metavar="CAPTURE",
        help="any cube of it, or its folder; may also be given by --input",
    )  # fmt: skip
    add_dataset_args(cast("argparse.ArgumentParser", NotRequired(parser)))
    group = parser.add_argument_group("light")
    group.add_argument("--roi", required=True, metavar="FILE", help="region of the source")
    add_background(group, "--background")
    add_mode(group, ("sum", "clip"))
    _add_start(parser.add_argument_group("around a prediction"))
    _add_blind(parser.add_argument_group("blind"))
    group = parser.add_argument_group("candidates")
    group.add_argument(
        "--top", type=int, default=_USUAL_TOP, metavar="N",
        help=f"candidates in the list (default: {_USUAL_TOP})",
    )  # fmt: skip
    add_json(parser)


def _add_start(group: Any) -> None:
    group.add_argument(
        "--eph", metavar="PAR",
        help="ephemeris of the pulsar: F0 and F1 are changed in its own time",
    )  # fmt: skip
    add_observatory(group)
    group.add_argument(
        "--f0", type=positive, metavar="HZ",
        help="instead of --eph: frequency at the telescope, at the mean time of the frames",
    )  # fmt: skip
    group.add_argument("--f1", type=float, metavar="HZ/S", help="its derivative (default: 0)")
    group.add_argument(
        "--span", type=reach_of, metavar="HZ",
        help="how far to search to each side of F0, in Hz or, as 20/T, in parts of the time "
        "covered (default: 50/T, but not more than half of F0)",
    )  # fmt: skip
    group.add_argument(
        "--f1-span", type=reach_of, metavar="HZ/S",
        help="to each side of F1, in Hz/s or as 8/T2 (default: 0, only F1 itself)",
    )  # fmt: skip
    group.add_argument(
        "--trials", type=int, metavar="N",
        help="frequencies tried (default: steps of 1/T over twice the highest harmonic)",
    )  # fmt: skip
    group.add_argument(
        "--statistic", choices=_STATISTICS,
        help="chi-square of the folded light (ef), Z^2 (z2) or H (h, the default)",
    )  # fmt: skip
    group.add_argument(
        "--harmonics", type=int, metavar="N",
        help="of Z^2 (default: 2), or most of H (default: 20)",
    )  # fmt: skip
    group.add_argument(
        "--bins", type=int, metavar="N", help="of epoch folding (default: 32)"
    )  # fmt: skip


def _add_blind(group: Any) -> None:
    group.add_argument(
        "--blind", action="store_true",
        help="search all frequencies: harmonic sums of the whitened power spectrum",
    )  # fmt: skip
    group.add_argument(
        "--f-min", type=positive, metavar="HZ", help="lowest frequency (default: 10/T)"
    )
    group.add_argument(
        "--f-max", type=positive, metavar="HZ",
        help="highest frequency (default: half the frame rate)",
    )  # fmt: skip
    group.add_argument(
        "--stretches", type=int, metavar="N",
        help="average the spectra of N stretches, for a period that drifts (default: 1)",
    )  # fmt: skip


def reach_of(text: str) -> Reach:
    """Read a span: a number, or one followed by /T or /T2."""
    match = re.fullmatch(r"([^/]+)(/T2?)?", text.strip(), re.IGNORECASE)
    try:
        value = float(match[1]) if match else math.nan
    except ValueError:
        value = math.nan
    if match is None or not (math.isfinite(value) and value >= 0.0):
        raise argparse.ArgumentTypeError(f"{text} is not a span such as 0.01 or 20/T")
    return Reach(value, match[2] is not None)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Search."""
    from ..lightspeed.arguments import get_dataset
    from ..lightspeed.products import require_free

    _settle_input(args)
    _require_fitting(args)
    path = None if args.output is None else require_free(args.output, clobber=args.clobber)
    data_set = get_dataset(args)
    made, notices = _blind(args, data_set, ctx) if args.blind else _around(args, data_set, ctx)
    if path is not None:
        made.save(path, clobber=args.clobber)
    return Outcome(
        () if path is None else (path,),
        _told(made, data_set),
        tuple(_lines(made)),
        tuple(dict.fromkeys((*data_set.notices, *notices))),
    )


def _blind(
    args: argparse.Namespace, data_set: DataSet, ctx: JobContext
) -> tuple[PeriodSearch, tuple[str, ...]]:
    from ..lightspeed.lc import blind_search
    from ..timing.search.blind import Band

    stretches = 1 if args.stretches is None else args.stretches
    made = blind_search(
        data_set, args.roi, Band(args.f_min, args.f_max), background=args.background,
        mode=args.mode, stretches=stretches, top=args.top, ctx=ctx,
    )  # fmt: skip
    return made, ()


def _around(
    args: argparse.Namespace, data_set: DataSet, ctx: JobContext
) -> tuple[PeriodSearch, tuple[str, ...]]:
    from ..lightspeed.lc import period_search
    from ..timing.search.grid import Extent
    from ..timing.search.statistic import Statistic

    span, f1_span = args.span or Reach(0.0, False), args.f1_span or Reach(0.0, False)
    kind = args.statistic or "h"
    unused = ("--harmonics", args.harmonics) if kind == "ef" else ("--bins", args.bins)
    if unused[1] is not None:
        raise _refusal(f"{unused[0]} has no part in --statistic {kind}.", "Leave one of them.")
    statistic = Statistic.of(kind, args.harmonics, args.bins)
    extent = Extent(
        None if args.span is None else span.value, span.is_in_turns, f1_span.value,
        f1_span.is_in_turns, args.trials,
    )  # fmt: skip
    start = _start(args, data_set)
    made = period_search(
        data_set, args.roi, start, statistic, extent, background=args.background, mode=args.mode,
        top=args.top, ctx=ctx,
    )  # fmt: skip
    return made, () if start.ephemeris is None else start.ephemeris.notices


def _start(args: argparse.Namespace, data_set: DataSet) -> Start:
    from ..lightspeed.ephemeris import Ephemeris
    from ..lightspeed.lc.search_light import Start

    if args.eph is None:
        return Start(None, args.f0, args.f1)
    site = site_named(args.observatory)
    return Start(Ephemeris(args.eph, data_set, site), args.f0, args.f1)


def _settle_input(args: argparse.Namespace) -> None:
    if (args.capture is None) == (args.input is None):
        raise _refusal(
            "No capture was named." if args.capture is None else "Two captures were named.",
            "Name one: nightglass search CAPTURE --roi FILE ...",
        )
    args.input = args.capture or args.input


def _require_fitting(args: argparse.Namespace) -> None:
    others = _AROUND_ONLY if args.blind else _BLIND_ONLY
    found = [f"--{name.replace('_', '-')}" for name in others if getattr(args, name) is not None]
    if found:
        raise _refusal(
            f"{', '.join(found)} and a blind search do not go together."
            if args.blind
            else f"{', '.join(found)} without --blind has no meaning.",
            "Leave out one or the other.",
        )


def _refusal(text: str, hint: str) -> Exception:
    from ..errors import NightglassError

    return NightglassError("Cannot search for a period", text, hint)


def _told(made: PeriodSearch, data_set: DataSet) -> dict[str, Any]:
    result = made.result
    return {
        "statistic": result.statistic,
        "trials": result.trials,
        "independent_trials": round(result.independent_trials, 1),
        "frames": result.frames,
        "frames_total": data_set.num_frames(),
        "span_s": result.span_s,
        "f0_step_hz": result.f0_step_hz,
        "f1_step_hz_s": result.f1_step_hz_s,
        "oversampling": result.oversampling,
        "predicted_hz": made.predicted_hz or None,
        "epoch_utc": made.epoch.iso(9),
        "pepoch_mjd": made.pepoch_mjd,
        "candidates": [_candidate(one) for one in result.candidates],
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    numbers = asdict(one)
    return {
        name: finite(value) if isinstance(value, float) else value
        for name, value in numbers.items()
    }


def _lines(made: PeriodSearch) -> Iterator[str]:
    result = made.result
    yield (
        f"{result.trials:,} trials, {result.independent_trials:,.0f} independent; "
        f"{result.frames:,} frames over T = {result.span_s:.6g} s; steps of "
        f"{result.f0_step_hz:.4g} Hz (1/T over {result.oversampling:.3g})"
    )
    where = "at PEPOCH" if made.pepoch_mjd is not None else f"at {made.epoch.iso(3)} UTC"
    yield f"F0 and F1 {where}; {result.statistic}; probability of noise in the whole search"
    for place, one in enumerate(result.candidates, start=1):
        yield _row(place, one)


def _row(place: int, one: Candidate) -> str:
    error = f" +- {one.f0_error_hz:.2g}" if math.isfinite(one.f0_error_hz) else ""
    f1 = f", F1 {one.f1_hz_s:.6g} Hz/s" if one.f1_hz_s else ""
    offset = f" ({one.offset_hz:+.4g})" if one.offset_hz != one.f0_hz else ""
    chance = f"{one.probability:.2g}" if one.probability > 0.0 else "below 1e-300"
    related = f", {one.ratio} of number {one.harmonic_of}" if one.harmonic_of else ""
    return (
        f"{place:2d}. {one.f0_hz:.12g}{error}{offset} Hz{f1}: {one.statistic} {one.value:.5g}, "
        f"probability {chance} ({one.sigma:.1f} sigma){related}"
    )


def run(args: argparse.Namespace) -> int:
    """Search, with a progress bar."""
    return finish(args, lambda ctx: execute(args, ctx), "steps")
