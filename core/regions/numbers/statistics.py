"""Numbers of regions on one frame: counts, electrons, place and width of the light, flux."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..pairing import backgrounds, is_sky
from .aperture_flux import Counts, Light, flux_above
from .centroid import FWHM_OF_SIGMA, level_and_noise, settled_star
from .covers import CoverCache
from .summary import Summary
from .weights import box_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ..entries import RegionEntry
    from .aperture_flux import Flux
    from .covers import Cover
    from .weights import Method

    Numbers = NDArray[np.float64]

# Where a region has no sky of its own, the pixels around its box tell the level.
RIM_PX = 4
STAR_REACH_PX = 64
_LEAST_LIGHT_SNR = 3.0
_covers = CoverCache()


@dataclass(frozen=True)
class Values:
    """One number in counts, or the unit of the file, and in electrons; None where unknown."""

    adu: float | None = None
    electrons: float | None = None


NOTHING = Values()


@dataclass(frozen=True)
class RegionStatistics:
    """Numbers of one region on one frame; None where there is none.

    Attributes
    ----------
    kind : str
    npix : float
        Pixels that have a value, parts added up.
    sum, mean, median, std, min, max : Values
        Raw counts, offset included, and electrons above the offset. The standard deviation is
        that of these pixels as a population (division by npix), as DS9 has it.
    centroid : (x, y) or None
        1-based mean place of the light above the sky: that of its background regions, else the
        median around its box. None for sky, and where the light is less than 3 times its noise.
    fwhm_px : float or None
        2.3548 times the width of the Gaussian window that fits the light (`settled_star`);
        the width of the pixels is in it.
    saturated : int
        Pixels of it that are saturated.
    flux_e, flux_error_e, snr : float or None
        Electrons above the mean of its background regions; None without any.
    """

    kind: str
    npix: float = 0.0
    sum: Values = NOTHING
    mean: Values = NOTHING
    median: Values = NOTHING
    std: Values = NOTHING
    min: Values = NOTHING
    max: Values = NOTHING
    centroid: tuple[float, float] | None = None
    fwhm_px: float | None = None
    saturated: int = 0
    flux_e: float | None = None
    flux_error_e: float | None = None
    snr: float | None = None


def measure(
    image: NDArray[Any],
    entries: Mapping[int, RegionEntry],
    counts: Counts | None,
    *,
    corner: tuple[int, int] = (0, 0),
    method: Method = "center",
) -> dict[int, RegionStatistics]:
    """Measure regions on a frame.

    Parameters
    ----------
    image : ndarray, shape (rows, columns)
        Raw counts; what is not finite is left out.
    entries : mapping of int to RegionEntry
        Excluded ones are cut out of all others, and measured as they are.
    counts : Counts or None
        None for values that are no raw counts: then nothing is told in electrons.
    corner : (column, row)
        0-based image coordinates of the first pixel of `image`, for a part of the frame that
        holds `rows_needed`.
    method : {"center", "exact", "subpixel"}
        Which pixels belong to a region; see `weights.weights`.

    Returns
    -------
    dict of int to RegionStatistics
        For every entry; npix is 0 for what holds no pixel of the frame. Sums and squares beyond
        all numbers are None.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return _Frame(image, entries, counts, corner, method).measured()


def rows_needed(entries: Iterable[RegionEntry], shape: tuple[int, int]) -> slice:
    """Find the rows of a frame of `shape` that `measure` looks at; empty for no region."""
    rows = [box_of(entry.shape, shape)[0] for entry in entries if entry.shape and entry.has_pixels]
    rows = [part for part in rows if part.start < part.stop]
    if not rows:
        return slice(0, 0)
    first, last = min(part.start for part in rows), max(part.stop for part in rows)
    return slice(max(first - RIM_PX, 0), min(last + RIM_PX, shape[0]))


def covers_of(
    entries: Mapping[int, RegionEntry],
    shape: tuple[int, int],
    corner: tuple[int, int],
    method: Method,
) -> dict[int, Cover]:
    """Find the pixels of all regions that can have some, excluded ones cut out of the others."""
    found = {
        ident: _covers.get(entry.shape, shape, method, corner)
        for ident, entry in entries.items()
        if entry.shape is not None and entry.has_pixels
    }
    holes = [cover for ident, cover in found.items() if not entries[ident].include]
    return {
        ident: cover.without_all(holes) if entries[ident].include else cover
        for ident, cover in found.items()
    }


def in_both(counts: Counts | None, summary: Summary, saturated: int) -> dict[str, Any]:
    """Give the fields of `RegionStatistics` that are plain numbers of its pixels."""
    told: dict[str, Any] = {"npix": summary.weight, "saturated": saturated}
    for name in ("sum", "mean", "median", "std", "min", "max"):
        adu = getattr(summary, name)
        # The offset is in a sum once for each pixel, and not in a deviation.
        pixels = {"sum": summary.weight, "std": 0.0}.get(name, 1.0)
        electrons = None
        if counts is not None and adu is not None:
            electrons = counts.electrons(adu, pixels)
        told[name] = Values(_known(adu), _known(electrons))
    return told


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


class _Frame:
    """One frame and all regions on it."""

    def __init__(
        self,
        image: NDArray[Any],
        entries: Mapping[int, RegionEntry],
        counts: Counts | None,
        corner: tuple[int, int],
        method: Method,
    ) -> None:
        self._image = image
        self._entries = entries
        self._counts = counts
        self._corner = corner
        rows, columns = image.shape
        self._covers = covers_of(entries, (rows, columns), corner, method)
        self._lights = {ident: light_of(image, cover) for ident, cover in self._covers.items()}
        self._skies: dict[tuple[int, ...], _Sky | None] = {}

    def measured(self) -> dict[int, RegionStatistics]:
        skies = backgrounds(self._entries)
        return {
            ident: self._one(ident, entry, skies.get(ident, ()))
            for ident, entry in self._entries.items()
        }

    def _one(self, ident: int, entry: RegionEntry, skies: tuple[int, ...]) -> RegionStatistics:
        light = self._lights.get(ident)
        if light is None or not light.values.size:
            return RegionStatistics(entry.kind)
        numbers = in_both(self._counts, Summary.of(*light), self._saturated(light))
        if is_sky(entry):
            return RegionStatistics(entry.kind, **numbers)
        sky = self._sky(skies)
        centroid, fwhm_px = self._star(ident, sky)
        flux: Flux | tuple[None, None, None] | None = None
        if sky is not None and self._counts is not None:
            flux = flux_above(light, sky.light, self._counts)
        flux_e, error_e, snr = flux or (None, None, None)
        return RegionStatistics(
            entry.kind, **numbers, centroid=centroid, fwhm_px=fwhm_px,
            flux_e=flux_e, flux_error_e=error_e, snr=snr,
        )  # fmt: skip

    def _saturated(self, light: Light) -> int:
        if self._counts is None:
            return 0
        return int(np.count_nonzero(light.values >= self._counts.saturation_adu))

    def _sky(self, skies: tuple[int, ...]) -> _Sky | None:
        """Light of some sky regions, each pixel once; None where there is none."""
        if skies not in self._skies:
            lights = [self._lights[ident] for ident in skies[:1]]
            covers = [self._covers[ident] for ident in skies]
            lights += [
                light_of(self._image, cover.without_all(covers[:number]))
                for number, cover in enumerate(covers[1:], start=1)
            ]
            self._skies[skies] = _Sky.of(lights)
        return self._skies[skies]

    def _star(
        self, ident: int, sky: _Sky | None
    ) -> tuple[tuple[float, float] | None, float | None]:
        """Centroid and FWHM of the light above the sky."""
        cover = self._covers[ident]
        level, noise = self._level(cover, sky)
        net = _net(self._image, cover, level)
        total = float(net.sum())
        if not total > _LEAST_LIGHT_SNR * noise * np.sqrt(np.count_nonzero(cover.inside)):
            return None, None
        x = float(net.sum(axis=0) @ np.arange(net.shape[1])) / total
        y = float(net.sum(axis=1) @ np.arange(net.shape[0])) / total
        if not math.isfinite(x + y):
            return None, None
        near = _near(y, net.shape[0]), _near(x, net.shape[1])
        star = settled_star(net[near], noise, x - near[1].start, y - near[0].start)
        first_x = cover.columns.start + self._corner[0] + 1.0
        first_y = cover.rows.start + self._corner[1] + 1.0
        return (x + first_x, y + first_y), star and FWHM_OF_SIGMA * star.sigma_px

    def _level(self, cover: Cover, sky: _Sky | None) -> tuple[float, float]:
        """Sky level and its scatter from pixel to pixel."""
        if sky is not None:
            return sky.level, sky.noise
        around = _rim(self._image, cover)
        return level_and_noise(around if around.size else light_of(self._image, cover).values)


class _Sky(NamedTuple):
    """Pixels of sky, their mean and their scatter."""

    light: Light
    level: float
    noise: float

    @classmethod
    def of(cls, lights: Sequence[Light]) -> _Sky | None:
        """Put sky regions together; None for no pixel."""
        light = Light.joined(lights)
        if not light.values.size:
            return None
        level = float(np.average(light.values, weights=light.parts))
        return cls(light, *level_and_noise(light.values, level))


def light_of(image: NDArray[Any], cover: Cover) -> Light:
    """Take the pixels of a region that have a value."""
    box = image[cover.rows, cover.columns]
    inside = cover.inside & np.isfinite(box) if box.dtype.kind == "f" else cover.inside
    return Light(box[inside], None if cover.parts is None else cover.parts[inside])


def _net(image: NDArray[Any], cover: Cover, level: float) -> Numbers:
    """Light above the sky in the box of a region; 0 where there is no pixel of it."""
    box = image[cover.rows, cover.columns]
    is_lost = ~cover.inside
    if box.dtype.kind == "f":
        is_lost |= ~np.isfinite(box)
    net = box.astype(np.float64)
    net -= level
    net[is_lost] = 0.0
    if cover.parts is not None:
        net *= cover.parts
    return net


def _near(place: float, count: int) -> slice:
    """Indices around a place: a star does not need more of a large region."""
    middle = min(max(round(place), 0), count - 1)
    return slice(max(middle - STAR_REACH_PX, 0), middle + STAR_REACH_PX + 1)


def _rim(image: NDArray[Any], cover: Cover) -> NDArray[Any]:
    """Take the pixels around the box of a region that have a value."""
    rows, columns = cover.rows, cover.columns
    wide = slice(max(columns.start - RIM_PX, 0), columns.stop + RIM_PX)
    strips = (
        image[max(rows.start - RIM_PX, 0) : rows.start, wide],
        image[rows.stop : rows.stop + RIM_PX, wide],
        image[rows, wide.start : columns.start],
        image[rows, columns.stop : wide.stop],
    )
    values = np.concatenate([strip.ravel() for strip in strips])
    return np.asarray(values[np.isfinite(values)])
