"""`nightglass psf`: how sharp a star in an image is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .image import plate_scale_arcsec
from .options import positive
from .printing import finite
from .science import Outcome, add_json, finish

if TYPE_CHECKING:
    import argparse

    from ..engine.jobs import JobContext
    from ..lightspeed.image.psf import StarFit

NAME = "psf"
HELP = "Measure width, place and flux of a star in an image."
_SIZES = ("x", "y", "major_px", "minor_px", "angle_deg", "slope", "amplitude", "background", "flux")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's words."""
    parser.add_argument("--input", required=True, metavar="IMAGE", help="a FITS image")
    parser.add_argument(
        "--roi", required=True, metavar="REGION", help="region file with a circle around the star"
    )
    parser.add_argument(
        "--profile", choices=("moffat", "gaussian"), default="moffat", help="default: moffat"
    )
    parser.add_argument(
        "--plate-scale", type=positive, metavar="ARCSEC",
        help="of an unbinned pixel (default: as the image says, else the setting)",
    )  # fmt: skip
    add_json(parser)


def execute(args: argparse.Namespace, ctx: JobContext) -> Outcome:
    """Measure the star."""
    from ..lightspeed.image import Image, fit_star
    from ..lightspeed.image.star_region import pixel_scale_arcsec, star_mask

    ctx.check()
    image = Image.load(args.input)
    mask = star_mask(args.roi, image)
    fit = fit_star(image.data, mask, error=image.error, profile=args.profile)
    scale = pixel_scale_arcsec(image, args.plate_scale, lambda: plate_scale_arcsec(args))
    summary: dict[str, Any] = {name: finite(getattr(fit, name)) for name in _SIZES}
    summary |= {f"{name}_error": finite(fit.errors[name]) for name in _SIZES}
    summary |= {
        "profile": fit.profile, "major_arcsec": fit.major_px * scale,
        "minor_arcsec": fit.minor_px * scale,
        "pixel_scale_arcsec": scale, "reduced_chi2": finite(fit.reduced_chi2),
        "pixels": fit.pixels, "unit": image.unit,
    }  # fmt: skip
    return Outcome((), summary, _lines(fit, scale, image.unit))


def _lines(fit: StarFit, scale_arcsec: float, unit: str) -> tuple[str, str]:
    errors, wide, narrow = fit.errors, fit.major_px * scale_arcsec, fit.minor_px * scale_arcsec
    sharpness = (
        f'FWHM {wide:.3f}" x {narrow:.3f}" @ {fit.angle_deg:.1f} deg '
        f"({fit.major_px:.3f} +- {errors['major_px']:.3f} x {fit.minor_px:.3f} +- "
        f"{errors['minor_px']:.3f} pixels)"
    )
    place = (
        f"centre ({fit.x:.3f} +- {errors['x']:.3f}, {fit.y:.3f} +- {errors['y']:.3f}), "
        f"flux {fit.flux:.6g} +- {errors['flux']:.2g} {unit}, "
        f"background {fit.background:.4g} per pixel"
    )
    return sharpness, place


def run(args: argparse.Namespace) -> int:
    """Measure the star and print it."""
    return finish(args, lambda ctx: execute(args, ctx), "images")
