"""`nightglass fft`: power spectrum of the light in a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..wording import counted
from .options import add_background, add_mode, positive
from .printing import finite
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse

    from ..engine.jobs import JobContext
    from ..lightspeed.lc import Table

NAME = "fft"
HELP = "Power spectrum (Leahy, averaged segments) of the light in a region."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    from ..lightspeed.arguments import add_dataset_args

    add_dataset_args(parser)
    group = parser.add_argument_group("power spectrum")
    group.add_argument("--roi", required=True, metavar="FILE", help="region of the source")
    add_background(group, "--background")
    group.add_argument(
        "--segment", type=positive, metavar="S",
        help="length of a segment in seconds (default: a 16th of the longest stretch without "
        "gaps, but 256 frames if there are so many)",
    )  # fmt: skip
    group.add_argument(
        "--max-freq", type=positive, metavar="HZ", help="leave out frequencies above HZ"
    )
    group.add_argument(
        "--rebin", type=int, default=1, metavar="N",
        help="average N neighbouring frequencies (default: 1)",
    )  # fmt: skip
    add_mode(group, ("sum", "clip"))
    add_json(parser)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Make the power spectrum."""
    from ..lightspeed.arguments import get_dataset
    from ..lightspeed.lc import power_spectrum
    from ..lightspeed.products import require_free

    path = require_free(args.output, clobber=args.clobber)
    data_set = get_dataset(args)
    table = power_spectrum(
        data_set, args.roi, background=args.background, segment_s=args.segment,
        max_freq_hz=args.max_freq, rebin=args.rebin, mode=args.mode, ctx=ctx,
    )  # fmt: skip
    table.save(path, clobber=args.clobber)
    told = {"frames": data_set.num_frames(), **_told(table)}
    noise = (
        f"{counted(told['segments'], 'segment')} of {told['segment_s']:.5g} s: noise "
        f"{told['noise_ratio']:.4g} times the variance expected"
    )
    peak = (
        f"Highest power {told['peak_power']:.5g} at {told['peak_hz']:.7g} Hz; "
        f"chance {told['peak_chance']:.2g} in all {len(table):,} frequencies"
    )
    return Outcome((path,), told, (noise, peak), tuple(data_set.notices))


def _told(table: Table) -> dict[str, Any]:
    import numpy as np

    header = table.header
    highest = int(np.argmax(np.nan_to_num(table["POWER"])))
    peak = float(table["POWER"][highest])
    return {
        "frequencies": len(table),
        "segments": header["NSEGMENT"],
        "segment_s": header["SEGTIME"],
        "frames_used": header["NUSED"],
        "exposure_s": header["EXPTIME"],
        "live_fraction": header["LIVEFRAC"],
        "noise_ratio": finite(header["NOISEVAR"] / header["EXPECVAR"]),
        "mean_electrons": header["MEANFLUX"],
        "peak_hz": float(table["FREQ"][highest]),
        "peak_power": finite(peak),
        "peak_chance": finite(_chance(peak, int(table["AVERAGED"][highest]), len(table))),
    }


def _chance(peak: float, averaged: int, trials: int) -> float:
    """Chance that noise alone gives such a power somewhere: the sum has a chi-square."""
    import numpy as np
    from scipy.stats import chi2

    once = chi2.logsf(averaged * peak, 2 * averaged)
    return float(-np.expm1(trials * np.log1p(-np.exp(once))))


def run(args: argparse.Namespace) -> int:
    """Make the power spectrum, with a progress bar."""
    return finish(args, lambda ctx: execute(args, ctx))
