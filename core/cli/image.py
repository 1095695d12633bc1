"""`nightglass image`: the mean image of a capture in photons per second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .options import add_mode, add_weight_limits, positive
from .printing import finite
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse

    from ..engine.jobs import JobContext
    from ..lightspeed.data_set import DataSet
    from ..lightspeed.image import Image

NAME = "image"
HELP = "Average all frames of a capture to an image in photons per second."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    from ..lightspeed.arguments import add_dataset_args

    add_dataset_args(parser)
    add_picture_options(parser, qe=True)
    add_json(parser)


def add_picture_options(parser: argparse.ArgumentParser, *, qe: bool) -> None:
    """Add the options of every command that makes an image; `qe` is what holds without --qe."""
    import argparse

    group = parser.add_argument_group("image")
    add_mode(group)
    add_weight_limits(group)
    group.add_argument(
        "--qe", action=argparse.BooleanOptionalAction, default=qe,
        help="undo the internal quantum efficiency: photons instead of detected electrons"
        f" (default: {'yes' if qe else 'no'}; weight always does)",
    )  # fmt: skip
    group.add_argument(
        "--wcs", action="store_true", help="write world coordinates, from the telescope's pointing"
    )
    group.add_argument(
        "--plate-scale", type=positive, metavar="ARCSEC",
        help="of an unbinned pixel (default: the setting plate_scale_arcsec)",
    )  # fmt: skip
    group.add_argument(
        "--smooth", type=positive, metavar="SIGMA", help="smooth by a Gaussian of SIGMA pixels"
    )
    group.add_argument(
        "--fill", action=argparse.BooleanOptionalAction, default=None,
        help="paint over pixels without a value (default: only with --compat)",
    )  # fmt: skip


def picture_keywords(args: argparse.Namespace) -> dict[str, Any]:
    """Give the keywords of `mean_image` and `on_off` that the options stand for."""
    return {
        "mode": args.mode,
        "n_electrons": args.n_electrons,
        "n_iterations": args.n_iterations,
        "qe": args.qe,
        "wcs": args.wcs,
        "smooth": args.smooth,
        "fill": args.fill,
        "plate_scale_arcsec": plate_scale_arcsec(args),
    }


def plate_scale_arcsec(args: argparse.Namespace) -> float:
    """Give the scale of an unbinned pixel: the one named, else that of the settings."""
    if args.plate_scale is not None:
        return float(args.plate_scale)
    from ..problems import ProblemList
    from ..settings import load_settings

    return float(load_settings(ProblemList()).plate_scale_arcsec)


def image_summary(image: Image, data_set: DataSet) -> dict[str, Any]:
    """Give the numbers of an image for JSON."""
    import numpy as np

    known = np.isfinite(image.data)
    values = image.data[known]
    header = image.header
    return {
        "frames": header["NFRAMES"],
        "exposure_s": header["EXPTIME"],
        "rows": image.shape[0],
        "columns": image.shape[1],
        "unit": image.unit,
        "qe_corrected": header["QECORR"] == "T",
        "flat_corrected": header["FLATCORR"] == "T",
        "adu_per_electron": data_set.adu_per_electron,
        "median": finite(np.median(values)) if values.size else None,
        "total": finite(values.sum()),
        "brightest": finite(values.max()) if values.size else None,
        "pixels_without_value": int(np.count_nonzero(~known)),
        "saturated_pixels": header["NSATPIX"],
    }


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Make the image."""
    from ..lightspeed.arguments import get_dataset
    from ..lightspeed.image import mean_image
    from ..lightspeed.products import require_free

    path = require_free(args.output, clobber=args.clobber)
    data_set = get_dataset(args)
    image = mean_image(data_set, **picture_keywords(args), ctx=ctx)
    image.save(path, clobber=args.clobber)
    summary = image_summary(image, data_set)
    line = (
        f"{summary['frames']:,} frames, {summary['exposure_s']:.6g} s: "
        f"median {_number(summary['median'])} {image.unit} per pixel"
    )
    return Outcome((path,), summary, (line,), tuple(data_set.notices))


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4g}"


def run(args: argparse.Namespace) -> int:
    """Make the image, with a progress bar."""
    return finish(args, lambda ctx: execute(args, ctx))
