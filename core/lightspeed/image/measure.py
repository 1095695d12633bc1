"""Rates of the pixels in groups of frames, in each of the three modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..modes import Mode, check_mode
from .rates import RateMap, Scale, rates, read_noise_e

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..reduce.stacks import Stack

# A pixel that reaches the full well has at least this part of it on average, or it is a ray.
_LEAST_PART_OF_WELL = 0.02


@dataclass(frozen=True)
class Style:
    """How rates are measured.

    Attributes
    ----------
    mode : str
        "sum", "clip" or "weight".
    is_photons : bool
        Whether the internal quantum efficiency is undone; always so in weight mode.
    n_electrons : int or None
        Weight mode: electrons the likelihood goes up to; None for as many as needed.
    n_iterations : int
        Weight mode: most steps.
    """

    mode: Mode = "sum"
    is_photons: bool = True
    n_electrons: int | None = None
    n_iterations: int = 25

    def __post_init__(self) -> None:
        check_mode(self.mode, self.n_electrons, self.n_iterations)


class Measured(NamedTuple):
    """Rates of each group, and which pixels reached the full well in some frame."""

    maps: tuple[RateMap, ...]
    saturated: NDArray[np.bool_]


def measure(
    data_set: DataSet,
    style: Style,
    *,
    groups: NDArray[np.int16] | None = None,
    n_groups: int = 1,
    ctx: JobContext | None = None,
) -> Measured:
    """Measure the rates of the pixels.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    style : Style
        How.
    groups : ndarray of int16, shape (n_frames,), or None
        Group of each frame, -1 for none; None for all frames in group 0.
    n_groups : int
        How many groups there are.
    ctx : JobContext or None
        Told of the progress; checked.

    Raises
    ------
    NightglassError
        If a frame cannot be read, or there is no exposure time.
    Cancelled
        If the job was cancelled.
    """
    from ..reduce.stacks import stack

    is_clipped = style.mode == "clip"
    chosen = data_set.groups(groups)
    made = stack(
        data_set.cubes, data_set.recipe(), groups=chosen, n_groups=n_groups, clip=is_clipped,
        ctx=ctx, threads=data_set.options.threads,
    )  # fmt: skip
    saturated = _saturated(data_set, made, chosen, n_groups, ctx)
    scale = _scale(data_set, style, is_alone=n_groups == 1)
    if style.mode == "weight":
        from .weighted import weighted_rates

        return Measured(weighted_rates(data_set, made, style, scale, chosen, ctx), saturated)
    widths = read_noise_e(data_set)
    maps = [rates(*pair, widths, scale) for pair in zip(made.sum_e, made.good, strict=True)]
    return Measured(tuple(maps), saturated)


def _scale(data_set: DataSet, style: Style, *, is_alone: bool) -> Scale:
    """The noise of the bias matters to an image by itself; in a difference it cancels."""
    properties = data_set.corrections.properties
    return Scale(
        data_set.exposure_s,
        style.is_photons,
        style.mode == "clip",
        data_set.conventions.name,
        data_set.adu_per_electron,
        properties.origin.frames if properties is not None and is_alone else 0,
    )


def _saturated(
    data_set: DataSet,
    made: Stack,
    groups: NDArray[np.int16] | None,
    n_groups: int,
    ctx: JobContext | None,
) -> NDArray[np.bool_]:
    """Find the pixels that reached the full well; only bright ones are read again for it."""
    from ..reduce.moments import histograms

    recipe = data_set.recipe(cut_cr=False, cr_ceil=None)
    well_e = (recipe.saturation_adu - recipe.offset_adu) / recipe.adu_per_electron
    flags = np.zeros(made.good.shape[1:], np.bool_)
    for total, good in zip(made.sum_e, made.good, strict=True):
        flags |= (total >= 0.5 * well_e) & (total >= _LEAST_PART_OF_WELL * well_e * good)
    if not flags.any():
        return flags
    counted = histograms(
        data_set.cubes, recipe, flags, groups=groups, n_groups=n_groups,
        low_adu=recipe.saturation_adu, high_adu=recipe.saturation_adu, ctx=ctx,
        threads=data_set.options.threads,
    )  # fmt: skip
    reached = counted.counts.any(axis=(0, 2)) | counted.above.any(axis=0)
    flags.reshape(-1)[counted.pixels] = reached
    return flags
