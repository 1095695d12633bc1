"""`nightglass lc`: folded light curves, and the sum of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .options import (
    NotRequired,
    add_background,
    add_mode,
    add_observatory,
    add_psf,
    add_weight_limits,
    site_named,
)
from .printing import finite
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from ..engine.jobs import JobContext
    from ..lightspeed.lc import Lightcurve

NAME = "lc"
HELP = "Fold the light of regions with a par file, or add folded light curves (lc add)."
# What folding needs; `lc add` has words of its own.
_NEEDED = ("input", "output", "roi", "eph", "bins")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    from ..lightspeed.arguments import add_dataset_args

    add_dataset_args(cast("argparse.ArgumentParser", NotRequired(parser)))
    group = parser.add_argument_group(
        "folding", f"{', '.join(f'--{name}' for name in _NEEDED)} are needed"
    )
    group.add_argument(
        "--roi", metavar="FILE", help="region file: every region is a source, or marked as sky"
    )
    group.add_argument("--eph", metavar="PAR", help="ephemeris of the pulsar")
    add_observatory(group)
    group.add_argument("--bins", type=int, metavar="N", help="bins in a turn")
    add_background(group, "--background")
    add_mode(group)
    add_psf(group)
    add_weight_limits(group)
    group.add_argument(
        "--qe", action="store_true",
        help="photo-electrons instead of detected electrons (weight always gives them)",
    )  # fmt: skip
    _add_errors(group)
    add_json(parser)
    _add_adding(parser)


def _add_errors(group: Any) -> None:
    import argparse

    group.add_argument(
        "--errors", action=argparse.BooleanOptionalAction, default=False,
        help="errors from resampled blocks of time instead of the noise expected",
    )  # fmt: skip
    group.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of the resampling (default: 0)"
    )


def _add_adding(parser: argparse.ArgumentParser) -> None:
    further = parser.add_subparsers(dest="action", metavar="add", title="instead of folding")
    adding = further.add_parser(
        "add", help="average light curves that are there, weighted by exposure",
        description="Average light curves bin by bin, weighted by exposure.",
    )  # fmt: skip
    adding.add_argument("--inputs", nargs="+", required=True, metavar="FILE", help="light curves")
    adding.add_argument("--output", required=True, metavar="FILE", help="file to write")
    adding.add_argument("--clobber", action="store_true", help="replace an existing output")
    add_json(adding)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Fold, or add."""
    return _add(args) if args.action == "add" else _fold(args, ctx)


def _fold(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    from ..lightspeed.arguments import get_dataset
    from ..lightspeed.ephemeris import Ephemeris
    from ..lightspeed.lc import light_curve, save_light_curves
    from ..lightspeed.products import require_free

    _require_words(args)
    path = require_free(args.output, clobber=args.clobber)
    site = site_named(args.observatory)
    data_set = get_dataset(args)
    ephemeris = Ephemeris(args.eph, data_set, site)
    curves = light_curve(
        data_set, args.roi, ephemeris, args.bins, mode=args.mode, background=args.background,
        psf=args.psf, n_electrons=args.n_electrons, n_iterations=args.n_iterations, qe=args.qe,
        errors=args.errors, seed=args.seed, ctx=ctx,
    )  # fmt: skip
    save_light_curves(curves, path, clobber=args.clobber)
    summary = {
        "frames": data_set.num_frames(),
        "pulsar": ephemeris.solution.psr,
        "observatory": site.name,
        "frequency_hz": ephemeris.frequency_hz(data_set.frame_times()),
        "adu_per_electron": data_set.adu_per_electron,
        **_told(curves),
    }
    notices = (*data_set.notices, *ephemeris.notices)
    return Outcome((path,), summary, _lines(curves), tuple(dict.fromkeys(notices)))


def _add(args: argparse.Namespace) -> Outcome:
    from ..lightspeed.lc import load_light_curves, save_light_curves
    from ..lightspeed.products import require_free, require_spared

    path = require_free(args.output, clobber=args.clobber)
    require_spared(path, args.inputs)
    files = [load_light_curves(name) for name in args.inputs]
    _require_alike(args.inputs, files)
    curves: list[Lightcurve] = [
        sum(parts[1:], start=parts[0]) for parts in zip(*files, strict=True)
    ]
    for curve in curves:
        _tell_inputs(curve, args.inputs)
    save_light_curves(curves, path, clobber=args.clobber)
    return Outcome((path,), {"added": len(files), **_told(curves)}, _lines(curves))


def _tell_inputs(curve: Lightcurve, names: Sequence[str]) -> None:
    """Put the files added in the place of the cubes of the first one."""
    from ..lightspeed.card_text import write_lines

    header = curve.header
    if header is None:
        return
    for card in list(header):
        if card.startswith("INP") and card[3:].isdigit():
            header.remove(card)
    header["NINPUTS"] = (len(names), "light curves added")
    write_lines(header, "INP", map(str, names))


def _require_alike(names: Sequence[str], files: Sequence[Sequence[Lightcurve]]) -> None:
    from ..errors import NightglassError

    for name, curves in zip(names, files, strict=True):
        if len(curves) != len(files[0]):
            raise NightglassError(
                "Cannot add the light curves",
                f"{names[0]} holds {len(files[0])} light curves, {name} holds {len(curves)}.",
                "Fold all of them with the same regions.",
            )


def _require_words(args: argparse.Namespace) -> None:
    from ..errors import NightglassError

    missing = [f"--{name}" for name in _NEEDED if getattr(args, name) is None]
    if missing:
        raise NightglassError(
            "An option is missing", f"nightglass lc needs {', '.join(missing)}.",
            "'nightglass lc --help' tells more.",
        )  # fmt: skip


def _told(curves: Sequence[Lightcurve]) -> dict[str, Any]:
    exposure_s = float(curves[0].exposure.sum())
    return {
        "bins": curves[0].n_bins,
        "exposure_s": exposure_s,
        "unit": curves[0].unit,
        "sources": [_source(curve) for curve in curves],
    }


def _source(curve: Lightcurve) -> dict[str, Any]:
    """Give the numbers of a light curve for JSON."""
    import numpy as np

    chi2, dof = curve.chi_square()
    fraction, fraction_error = curve.pulsed_fraction()
    known = np.isfinite(curve.flux)
    sky = curve.columns.get("SKY")
    return {
        "name": curve.name,
        "mean_flux": finite(curve.flux[known].mean()) if known.any() else None,
        "mean_sky": None if sky is None else finite(np.nanmean(sky) if known.any() else np.nan),
        "chi2": finite(chi2),
        "dof": finite(dof),
        "chi2_per_dof": finite(chi2 / dof) if dof > 0 else None,
        "pulsed_fraction_rms": finite(fraction),
        "pulsed_fraction_error": finite(fraction_error),
        "bins_without_exposure": int(np.count_nonzero(curve.exposure <= 0)),
        "lost_pixels": _total(curve, "NLOST"),
        "saturated_frames": _total(curve, "SATURATED"),
    }


def _total(curve: Lightcurve, name: str) -> float | None:
    return finite(curve.columns[name].sum()) if name in curve.columns else None


def _lines(curves: Sequence[Lightcurve]) -> tuple[str, ...]:
    return tuple(_line(curve) for curve in curves)


def _line(curve: Lightcurve) -> str:
    told = _source(curve)
    words = [f"{curve.name or 'light curve'}: {curve.exposure.sum():.6g} s"]
    if told["mean_flux"] is not None:
        words.append(f"mean {told['mean_flux']:.5g} {curve.unit}")
    if told["chi2"] is not None:
        words.append(f"chi-square {told['chi2']:.1f} for {told['dof']:.1f} against a constant")
    if told["pulsed_fraction_rms"] is not None:
        words.append(f"rms pulsed fraction {told['pulsed_fraction_rms']:.3f}")
    if told["lost_pixels"]:
        words.append(f"{told['lost_pixels']:,.0f} pixels lost to cosmic rays")
    if told["saturated_frames"]:
        words.append(f"{told['saturated_frames']:,.0f} saturated frames")
    return ", ".join(words)


def run(args: argparse.Namespace) -> int:
    """Fold or add, with a progress bar."""
    return finish(args, lambda ctx: execute(args, ctx))
