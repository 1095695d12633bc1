"""`nightglass photo`: flux of a source against time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..wording import counted
from .options import add_background, add_mode, add_psf, add_weight_limits
from .printing import finite
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse

    from ..engine.jobs import JobContext
    from ..lightspeed.lc import Table

NAME = "photo"
HELP = "Follow the flux of a source in time, alone or against a comparison star."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    from ..lightspeed.arguments import add_dataset_args

    add_dataset_args(parser)
    group = parser.add_argument_group("photometry")
    group.add_argument(
        "--src", "--roi", dest="src", required=True, metavar="FILE", help="region of the source"
    )
    add_background(group, "--bkg")
    group.add_argument("--comp", metavar="FILE", help="region of a comparison star")
    group.add_argument(
        "--rebin", type=int, default=1, metavar="N", help="frames in a bin (default: 1)"
    )
    add_mode(group)
    add_psf(group)
    add_weight_limits(group)
    add_json(parser)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Measure the source."""
    from ..lightspeed.arguments import get_dataset
    from ..lightspeed.lc import photometry
    from ..lightspeed.products import require_free

    path = require_free(args.output, clobber=args.clobber)
    data_set = get_dataset(args)
    table = photometry(
        data_set, args.src, background=args.background, comparison=args.comp, rebin=args.rebin,
        mode=args.mode, psf=args.psf, n_electrons=args.n_electrons,
        n_iterations=args.n_iterations, ctx=ctx,
    )  # fmt: skip
    table.save(path, clobber=args.clobber)
    summary = {"frames": data_set.num_frames(), **_told(table)}
    line = (
        f"{counted(summary['frames'], 'frame')} in {counted(summary['bins'], 'bin')}, "
        f"{summary['exposure_s']:.6g} s: mean {_number(summary['mean_flux'])} {summary['unit']}, "
        f"chi-square {_number(summary['chi2'])} for {summary['dof']} against a constant"
    )
    return Outcome((path,), summary, (line,), tuple(data_set.notices))


def _told(table: Table) -> dict[str, Any]:
    import numpy as np

    flux, error, exposure = table["FLUX"], table["ERROR"], table["EXPOSURE"]
    known = np.isfinite(flux) & (error > 0) & (exposure > 0)
    mean = float(np.average(flux[known], weights=exposure[known])) if known.any() else np.nan
    pulls = (flux[known] - mean) / error[known]
    return {
        "bins": len(table),
        "bins_without_flux": int(np.count_nonzero(~np.isfinite(flux))),
        "exposure_s": float(exposure.sum()),
        "bin_s": float(table.header["DURATION"]),
        "unit": table.units["FLUX"],
        "mean_flux": finite(mean),
        "chi2": finite(pulls @ pulls),
        "dof": max(int(known.sum()) - 1, 0),
        "lost_pixels": finite(table["NLOST"].sum()),
        "saturated_frames": finite(table["SATURATED"].sum()),
    }


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.5g}"


def run(args: argparse.Namespace) -> int:
    """Measure the source, with a progress bar."""
    return finish(args, lambda ctx: execute(args, ctx))
