"""The options every command on captures has, and the data set they describe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .conventions import COMPATS
from .data_set import DataSet
from .noise.files import is_properties_file
from .products import require_spared
from .saved_masters import is_master_file, saved_bias, saved_dark, saved_flat

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from .corrections import Measured
    from .noise.pixel_properties import PixelProperties


# Options that name files to read, of whatever command.
_READ = ("bias", "dark", "flat", "bbox", "roi", "src", "background", "comp", "eph")


def add_dataset_args(parser: argparse.ArgumentParser) -> None:
    """Add the options of a data set to a parser.

    These are input, output, bias, self-bias, dark, flat, frames, min-index, max-index,
    timing-offset and clobber, and ours: allow-cr, cr-ceil, bbox, gain, row-delay, compat, threads.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        To which they are added.
    """
    _add_files(parser.add_argument_group("files"))
    _add_choice(parser.add_argument_group("frames"))
    _add_counts(parser.add_argument_group("counts"))


def _add_files(group: Any) -> None:
    group.add_argument("--input", required=True, metavar="CUBE", help="any cube of the capture")
    group.add_argument("--output", required=True, metavar="FILE", help="file to write")
    group.add_argument("--clobber", action="store_true", help="replace an existing output")
    group.add_argument(
        "--bias",
        metavar="FILE",
        help="a cube of a bias capture, what 'nightglass bias' wrote, or a bias the window saved",
    )
    group.add_argument("--dark", metavar="FILE", help="a cube of a dark capture, or a saved dark")
    group.add_argument("--flat", metavar="FILE", help="a cube of a flat capture, or a saved flat")
    add_self_bias(group)


def add_self_bias(group: Any) -> None:
    """Add --self-bias and --no-self-bias."""
    import argparse

    group.add_argument(
        "--self-bias", action=argparse.BooleanOptionalAction, default=False,
        help="estimate the bias from the frames themselves: fast frames of a faint source only",
    )  # fmt: skip


def _add_choice(group: Any) -> None:
    group.add_argument("--frames", type=int, metavar="N", help="use the first N frames only")
    group.add_argument("--min-index", type=int, metavar="N", help="lowest cube number to use")
    group.add_argument("--max-index", type=int, metavar="N", help="highest cube number to use")
    group.add_argument(
        "--timing-offset", type=float, default=0.0, metavar="S", help="seconds taken off all times"
    )
    group.add_argument(
        "--row-delay", action="store_true", help="time each row by itself (rolling shutter)"
    )
    group.add_argument("--bbox", metavar="FILE", help="crop to the box in this region file")


def _add_counts(group: Any) -> None:
    group.add_argument("--allow-cr", action="store_true", help="do not cut cosmic rays")
    group.add_argument(
        "--cr-ceil", type=float, metavar="E", help="cut every pixel above so many electrons"
    )
    group.add_argument(
        "--gain", type=float, metavar="ADU/E", help="counts per electron (default: the header's)"
    )
    group.add_argument(
        "--compat", choices=COMPATS, default="", help="numbers as the published versions gave them"
    )
    group.add_argument("--threads", type=int, metavar="N", help="threads to work with")


def get_dataset(args: argparse.Namespace) -> DataSet:
    """Open the data set that parsed arguments describe, with its bias, dark and flat.

    Parameters
    ----------
    args : argparse.Namespace
        From a parser given to `add_dataset_args`; what is missing counts as not given.

    Raises
    ------
    NightglassError
        If a file cannot be used, a calibration does not fit, or the output is one of them.
    """
    data_set = DataSet.from_first(
        args.input,
        getattr(args, "min_index", None),
        getattr(args, "max_index", None),
        **_keywords(args),
    )
    named = [getattr(args, name, None) for name in _READ]
    _spare(args, [*files_of(data_set), *filter(None, named)])
    _tell_losses(data_set)
    if data_set.header.cards.text("DEFECT CORRECT MODE") == "ON":
        data_set.notice(
            "The camera replaced defect pixels by their neighbours, whose noise they do not have."
        )
    _crop(data_set, getattr(args, "bbox", None))
    _calibrate(data_set, args)
    return data_set


def files_of(data_set: DataSet) -> list[Path]:
    """Give the cubes of the whole capture, also those not in use or left out."""
    left_out = [Path(error.path) for error in data_set.capture.left_out if error.path]
    return [*(cube.path for cube in data_set.capture.cubes), *left_out]


def _keywords(args: argparse.Namespace) -> dict[str, Any]:
    wanted = {
        "cut_cr": not getattr(args, "allow_cr", False),
        "cr_ceil": getattr(args, "cr_ceil", None),
        "compat": getattr(args, "compat", ""),
        "gain": getattr(args, "gain", None),
        "row_delay": getattr(args, "row_delay", False),
        "timing_offset": getattr(args, "timing_offset", 0.0),
        "max_frames": getattr(args, "frames", None),
        "threads": getattr(args, "threads", None),
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _tell_losses(data_set: DataSet) -> None:
    balance = data_set.capture.accounting()
    if balance.lost:
        gaps = f"{len(balance.gaps):,} gaps" if len(balance.gaps) > 1 else "one gap"
        data_set.notice(
            f"{balance.lost:,} frames were lost in {gaps} of the capture; the times of all others "
            "stay right."
        )
    if balance.duplicates:
        data_set.notice(f"{balance.duplicates:,} frames are stored twice.")


def _crop(data_set: DataSet, path: str | None) -> None:
    if path is None:
        return
    from .region import bounding_box

    data_set.options = data_set.options.changed(bbox=bounding_box(path, data_set))


def _spare(args: argparse.Namespace, files: Iterable[str | Path]) -> None:
    output = getattr(args, "output", None)
    if output is not None:
        require_spared(output, files)


def _calibrate(data_set: DataSet, args: argparse.Namespace) -> None:
    bias = _bias(getattr(args, "bias", None), data_set)
    if isinstance(bias, DataSet):
        _spare(args, files_of(bias))
    if bias is not None:
        data_set.set_bias(bias)
    elif getattr(args, "self_bias", False):
        data_set.set_self_bias()
    for kind, use in (("dark", data_set.set_dark), ("flat", data_set.set_flat)):
        path = getattr(args, kind, None)
        if path:
            made = _calibration(kind, path, data_set, bias)
            if isinstance(made, DataSet):
                _spare(args, files_of(made))
            use(made)


def _bias(path: str | None, data_set: DataSet) -> DataSet | PixelProperties | None:
    if not path:
        return None
    if Path(path).is_file() and is_properties_file(Path(path)):
        from .noise.pixel_properties import PixelProperties

        return PixelProperties.load(path, compat=data_set.options.compat)
    if is_master_file(Path(path)):
        return saved_bias(Path(path), data_set.adu_per_electron)
    return _like(path, data_set, cut_cr=False)


def _calibration(
    kind: str, path: str, data_set: DataSet, bias: DataSet | PixelProperties | None
) -> DataSet | Measured:
    if is_master_file(Path(path)):
        return (
            saved_dark(Path(path), data_set.adu_per_electron)
            if kind == "dark"
            else saved_flat(Path(path))
        )
    made = _like(path, data_set, cut_cr=True)
    if bias is not None:
        made.set_bias(bias)
    return made


def _like(path: str, data_set: DataSet, *, cut_cr: bool) -> DataSet:
    """Open a calibration capture with the gain and conventions of the frames."""
    options = data_set.options
    return DataSet.from_first(
        path,
        cut_cr=cut_cr,
        compat=options.compat,
        gain=data_set.adu_per_electron,
        threads=options.threads,
    )
