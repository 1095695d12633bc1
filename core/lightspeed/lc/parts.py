"""Which pixels are added up together, with their noise, and frames read a chunk at a time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from ..image.rates import LEAST_FLAT, read_noise_e, rounded_variance
from ..region import apertures
from ..rolling_shutter import row_delay_s

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..cube_header import CubeHeader
    from ..data_set import DataSet
    from ..reduce import ApertureSums
    from ..region import SourceMask

    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]

# Frames whose sums are held at a time: about 12 bytes each for every part.
_CHUNK_VALUES = 1 << 24


class Part(NamedTuple):
    """Pixels that are timed together.

    `delay_s` is their time less that of the frame's middle row, `noise_e2` the variance of their
    sum in a frame without light, and `scale` the mean of what electrons are multiplied by.
    """

    mask: Mask
    pixels: int
    delay_s: float = 0.0
    noise_e2: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True, eq=False)
class Source:
    """A source, in parts: one, or one for each row where rows are timed by themselves."""

    region: SourceMask
    parts: tuple[Part, ...]

    @property
    def pixels(self) -> int:
        """Pixels of all parts."""
        return sum(part.pixels for part in self.parts)


@dataclass(frozen=True, eq=False)
class Plan:
    """All that is added up in each frame.

    Attributes
    ----------
    sources : tuple of Source
    sky : Part or None
    weights : ndarray of float64, shape (rows, columns), or None
        What electrons are multiplied by: one over the flat.
    is_clipped : bool
        Whether they are rounded to whole numbers first.
    """

    sources: tuple[Source, ...]
    sky: Part | None
    weights: Numbers | None
    is_clipped: bool

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts of the sources in order, then the sky if there is any."""
        of_sources = tuple(part for source in self.sources for part in source.parts)
        return of_sources if self.sky is None else (*of_sources, self.sky)

    def area(self, source: Source) -> float:
        """Pixels of the source over those of the sky."""
        return 0.0 if self.sky is None else source.pixels / self.sky.pixels


def make_plan(
    data_set: DataSet,
    roi: str | os.PathLike[str],
    background: str | os.PathLike[str] | None = None,
    *,
    clip: bool = False,
    by_rows: bool = False,
    only_first: bool = False,
) -> Plan:
    """Find what is added up for the sources of a region file.

    Natively the flat, if there is one, divides the electrons of each pixel, and pixels it shows
    dark are left out; under published conventions it is ignored.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    roi : path-like
        Region file of the sources, and of the sky where regions are marked as background.
    background : path-like or None
        Region file all of which is sky.
    clip : bool
        Whether electrons are rounded to whole numbers.
    by_rows : bool
        Whether a source is parted into its rows.
    only_first : bool
        Whether the first source alone is meant; a notice tells of others.

    Raises
    ------
    NightglassError
        If a file cannot be used, or a region holds no usable pixel of the frame.
    """
    found = apertures(roi, data_set, background)
    weights = _weights(data_set)
    lit = np.ones(data_set.shape, np.bool_) if weights is None else weights > 0
    noise = noise_variance(data_set, clip=clip)
    timed = data_set if by_rows else None
    sky = None
    if found.sky is not None:
        sky = _part(_usable(found.sky, lit, "the sky"), 0.0, noise, weights)
    sources = tuple(
        Source(region, _parts(_usable(region.mask, lit, region.name), timed, noise, weights))
        for region in (found.sources[:1] if only_first else found.sources)
    )
    if len(found.sources) > len(sources):
        data_set.notice(f"Only the first of {len(found.sources)} regions in {roi} is used.")
    return Plan(sources, sky, weights, clip)


def noise_variance(data_set: DataSet, *, clip: bool) -> Numbers:
    """Variance of every pixel in a frame without light, shape (rows, columns)."""
    widths = np.broadcast_to(np.asarray(read_noise_e(data_set), np.float64), data_set.shape)
    return rounded_variance(widths) if clip else np.square(widths)


def used_cubes(data_set: DataSet) -> tuple[CubeHeader, ...]:
    """Cubes that hold frames in use, which `max_frames` may limit."""
    wanted, found = data_set.num_frames(), []
    for cube in data_set.cubes:
        if wanted <= 0:
            break
        found.append(cube)
        wanted -= cube.n_frames
    return tuple(found)


class Chunk(NamedTuple):
    """Sums of consecutive cubes: number of the first frame, sums, and the frames of each cube."""

    first: int
    sums: ApertureSums
    cubes: tuple[slice, ...]


def measured(data_set: DataSet, plan: Plan, ctx: JobContext | None = None) -> Iterator[Chunk]:
    """Add up the electrons of all parts, some cubes at a time.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    plan : Plan
        What is added up.
    ctx : JobContext or None
        Told of the progress, which starts again for each chunk; checked.

    Yields
    ------
    Chunk
        Cubes are slices into the sums; frames that are not in use are cut off.

    Raises
    ------
    NightglassError
        If a frame cannot be read, or no frame is in use.
    """
    from ..reduce import aperture_sums

    if not data_set.num_frames():
        raise NightglassError("No frames", "There is no frame to use.", "Use more cubes.")
    parts = plan.parts
    weights = None if plan.weights is None else [plan.weights] * len(parts)
    first = 0
    for cubes in _chunks(used_cubes(data_set), max(1, _CHUNK_VALUES // len(parts))):
        sums = aperture_sums(
            cubes, data_set.recipe(), [part.mask for part in parts], clip=plan.is_clipped,
            ctx=ctx, threads=data_set.options.threads, weights=weights,
        )  # fmt: skip
        count = min(sums.flux_e.shape[1], data_set.num_frames() - first)
        kept = sums._replace(
            flux_e=sums.flux_e[:, :count],
            lost=sums.lost[:, :count],
            saturated=sums.saturated[:count],
        )
        yield Chunk(first, kept, slices_of(cubes, count))
        first += count


def variances(part: Part, flux_e: Numbers, lost: NDArray[np.int32]) -> Numbers:
    """Variance of the sum of a part in each frame.

    Poisson of the detected electrons plus the read noise, larger where pixels were lost and the
    sum was re-scaled. It is not kept above zero here: that would bias a mean over frames.
    """
    good = np.maximum(part.pixels - lost, 1)
    return np.asarray((part.scale * flux_e + part.noise_e2) * (part.pixels / good), np.float64)


def _weights(data_set: DataSet) -> Numbers | None:
    flat = data_set.flat()
    if flat is None or not data_set.conventions.is_native:
        return None
    lit = np.isfinite(flat) & (flat >= LEAST_FLAT)
    return np.divide(1.0, flat, out=np.zeros(flat.shape), where=lit)


def _usable(mask: Mask, lit: Mask, name: str) -> Mask:
    usable = mask & lit
    if not usable.any():
        raise NightglassError(
            "No pixel to use", f"The flat is dark in all pixels of {name}.",
            "Draw the region elsewhere, or leave out --flat.",
        )  # fmt: skip
    return usable


def row_delays(mask: Mask, data_set: DataSet) -> tuple[tuple[Mask, float], ...]:
    """Part a mask into its rows, each with its time less that of the middle row, seconds.

    See `row_delay_s`.
    """
    header, box = data_set.header, data_set.options.bbox
    bottom = 0 if box is None else box.bottom
    made = []
    for row in np.flatnonzero(mask.any(axis=1)).tolist():
        of_row = np.zeros_like(mask)
        of_row[row] = mask[row]
        made.append((of_row, row_delay_s(bottom + row, header.rows, header.readout_s)))
    return tuple(made)


def _parts(
    mask: Mask, data_set: DataSet | None, noise: Numbers, weights: Numbers | None
) -> tuple[Part, ...]:
    """One part, or one for each row of the frames of a data set."""
    rows = ((mask, 0.0),) if data_set is None else row_delays(mask, data_set)
    return tuple(_part(of_row, delay_s, noise, weights) for of_row, delay_s in rows)


def _part(mask: Mask, delay_s: float, noise: Numbers, weights: Numbers | None) -> Part:
    pixels = int(np.count_nonzero(mask))
    if weights is None:
        return Part(mask, pixels, delay_s, float(noise[mask].sum()))
    factor = weights[mask]
    noise_e2 = float((factor**2 * noise[mask]).sum())
    return Part(mask, pixels, delay_s, noise_e2, float(factor.mean()))


def _chunks(cubes: Sequence[CubeHeader], most_frames: int) -> Iterator[tuple[CubeHeader, ...]]:
    """Whole cubes of together not many more frames than that."""
    waiting: list[CubeHeader] = []
    frames = 0
    for cube in cubes:
        waiting.append(cube)
        frames += cube.n_frames
        if frames >= most_frames:
            yield tuple(waiting)
            waiting, frames = [], 0
    if waiting:
        yield tuple(waiting)


def slices_of(cubes: Sequence[CubeHeader], count: int) -> tuple[slice, ...]:
    """Where the frames of each cube lie among the first `count` frames of all."""
    ends = np.minimum(np.cumsum([0, *(cube.n_frames for cube in cubes)]), count).tolist()
    return tuple(slice(*pair) for pair in pairwise(ends))
