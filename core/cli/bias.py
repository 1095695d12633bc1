"""`nightglass bias`: bias and noise of every pixel from a capture of bias frames."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NightglassError
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse

    from ..engine.jobs import JobContext
    from ..lightspeed.noise.pixel_properties import PixelProperties

NAME = "bias"
HELP = "Measure bias and noise of every pixel from a capture of bias frames."
_BESIDE = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    parser.add_argument("--input", required=True, metavar="CUBE", help="any cube of the capture")
    parser.add_argument("--output", required=True, metavar="FILE", help="file to write")
    parser.add_argument("--clobber", action="store_true", help="replace existing outputs")
    parser.add_argument(
        "--map-noise", action="store_true", help="fit the telegraph noise of every pixel as well"
    )
    parser.add_argument(
        "--dbg-noise", nargs="?", const=_BESIDE, metavar="PNG",
        help="draw histograms of sample pixels and the noise model (default: beside the output)",
    )  # fmt: skip
    parser.add_argument("--min-index", type=int, metavar="N", help="lowest cube number to use")
    parser.add_argument("--max-index", type=int, metavar="N", help="highest cube number to use")
    parser.add_argument("--frames", type=int, metavar="N", help="use the first N frames only")
    parser.add_argument(
        "--gain", type=float, metavar="ADU/E", help="counts per electron (default: the header's)"
    )
    parser.add_argument(
        "--compat", choices=("v1", "v3"), default="", help="numbers as published versions gave them"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="threads to work with")
    add_json(parser)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Measure the pixels and write them."""
    from ..lightspeed.arguments import files_of
    from ..lightspeed.data_set import DataSet
    from ..lightspeed.noise.pixel_properties import PixelProperties
    from ..lightspeed.products import require_free, require_spared

    path = require_free(args.output, clobber=args.clobber)
    drawing = _drawing(args, path)
    if drawing is not None:
        require_free(drawing, clobber=args.clobber)
    source = DataSet.from_first(
        args.input, args.min_index, args.max_index, cut_cr=False, compat=args.compat,
        gain=args.gain, max_frames=args.frames, threads=args.threads,
    )  # fmt: skip
    for product in filter(None, (path, drawing)):
        require_spared(product, files_of(source))
    properties = PixelProperties.from_bias(
        source, map_noise=args.map_noise, ctx=ctx, threads=args.threads
    )
    properties.save(path, clobber=args.clobber, layout=args.compat or None)
    outputs = [path]
    if drawing is not None:
        from ..lightspeed.image.noise_drawing import draw_noise

        outputs.append(draw_noise(source, properties, drawing, ctx=ctx))
    summary = _summary(properties, source.num_frames(), source.adu_per_electron)
    line = (
        f"{summary['frames']:,} frames: bias {summary['median_bias_e']:.4f} electrons above the "
        f"offset, noise {summary['median_width_e']:.4f} electrons (medians)"
    )
    return Outcome(tuple(outputs), summary, (line,), (*source.notices, *properties.notices))


def _drawing(args: argparse.Namespace, path: Path) -> Path | None:
    if args.dbg_noise is None:
        return None
    drawing = Path(args.dbg_noise or path.with_name(path.stem + "-noise.png"))
    if drawing.absolute() == path.absolute():
        raise NightglassError(
            "Two outputs of one name", f"{path} can not be both the numbers and the drawing.",
            "Give --dbg-noise another name.", path,
        )  # fmt: skip
    return drawing


def _summary(properties: PixelProperties, frames: int, gain: float) -> dict[str, Any]:
    import numpy as np

    rows, columns = properties.shape
    summary: dict[str, Any] = {
        "frames": min(frames, properties.origin.frames or frames),
        "rows": rows,
        "columns": columns,
        "adu_per_electron": gain,
        "median_bias_e": float(np.median(properties.bias)),
        "spread_bias_e": float(np.std(properties.bias)),
        "median_width_e": float(np.median(properties.widths)),
    }
    if properties.params is not None:
        sides = properties.params[..., 4] + properties.params[..., 6]
        summary["telegraph_pixels"] = int(np.count_nonzero(sides > 0.0))
    return summary


def run(args: argparse.Namespace) -> int:
    """Measure the pixels, with a progress bar."""
    return finish(args, lambda ctx: execute(args, ctx))
