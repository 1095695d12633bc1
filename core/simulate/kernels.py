"""Compiled pixel arithmetic; every value depends only on key, frame and pixel.

Random numbers are SplitMix64 with a counter (see `hashing`): pixel p of frame f uses counter
f * pixels + p, so neither the number of threads nor the order of frames changes a byte.
Further draws of one pixel come from mixing its bits with a tag per purpose.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_F = TypeVar("_F", bound=Callable[..., Any])


def _compiled(function: _F) -> _F:
    return cast("_F", njit(nogil=True, cache=True, error_model="numpy")(function))


U64 = np.uint64
GOLDEN = U64(0x9E3779B97F4A7C15)
_TAG_NOISE = U64(0xA0761D6478BD642F)
_TAG_PULSAR = U64(0xE7037ED1A0B428DB)
_TAG_TRAPS = U64(0x8EBC6AF09C88C6E3)
_TAG_TELEGRAPH = U64(0x589965CC75374CC3)
_STEP = 2.0**-53
LARGE_MEAN = 12.0
"""Means from here on are drawn by rejection; below, by inversion."""


class Detector(NamedTuple):
    """Per-pixel arrays, flattened row by row."""

    light: NDArray[np.float32]
    """Mean electrons per frame of everything steady, dark charge included."""
    none: NDArray[np.float64]
    """exp(-light), the chance of no electron; 0 for means drawn by rejection."""
    base: NDArray[np.float32]
    """Offset in counts with the pixel's own bias, plus one half for rounding."""
    slot: NDArray[np.int32]
    """Place in the telegraph arrays, -1 for quiet pixels."""
    step: NDArray[np.float64]
    up: NDArray[np.float64]
    down: NDArray[np.float64]
    """Telegraph step in counts and the chances of the upper and the lower level."""


class Readout(NamedTuple):
    """Numbers common to all pixels."""

    gain: float
    noise: float
    """Read noise in counts."""
    full_well: float
    traps: int
    trap_chance: float


class Pulsar(NamedTuple):
    """The pulsar's light: mean electrons per frame in a box of the frame."""

    weights: NDArray[np.float64]
    top: int
    left: int


class Hits(NamedTuple):
    """Cosmic-ray charge: place in the block of frames, pixel and electrons."""

    frame: NDArray[np.int64]
    pixel: NDArray[np.int64]
    electrons: NDArray[np.int64]


def _ziggurat(layers: int = 256, edge: float = 3.6541528853610088) -> NDArray[np.float64]:
    """Edges of a ziggurat of equal areas under exp(-x*x/2) (Marsaglia and Tsang 2000)."""
    area = edge * math.exp(-edge * edge / 2) + math.sqrt(math.pi / 2) * math.erfc(
        edge / math.sqrt(2)
    )
    x = [area * math.exp(edge * edge / 2), edge]
    while len(x) < layers:
        x.append(math.sqrt(-2 * math.log(area / x[-1] + math.exp(-x[-1] * x[-1] / 2))))
    return np.array([*x, 0.0])


_EDGE = _ziggurat()
_RATIO = _EDGE[1:] / _EDGE[:-1]


@_compiled
def mix(z: np.uint64) -> np.uint64:
    """Mix 64 bits (SplitMix64's finaliser)."""
    z = (z ^ (z >> U64(30))) * U64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> U64(27))) * U64(0x94D049BB133111EB)
    return z ^ (z >> U64(31))


@_compiled
def unit(bits: np.uint64) -> float:
    """Turn 64 bits into a number in [0, 1)."""
    return np.float64(bits >> U64(11)) * _STEP


@_compiled
def _gaussian_rest(bits: np.uint64) -> float:
    """Finish a draw that fell on the rim of the ziggurat (Doornik 2005, ZIGNOR)."""
    while True:
        layer = np.int64(bits & U64(255))
        u = 2.0 * unit(bits) - 1.0
        if abs(u) < _RATIO[layer]:
            return float(u * _EDGE[layer])
        bits = mix(bits + GOLDEN)
        if layer == 0:
            return math.copysign(_gaussian_tail(bits), u)
        x = u * _EDGE[layer]
        outer = math.exp(-0.5 * (_EDGE[layer] * _EDGE[layer] - x * x))
        inner = math.exp(-0.5 * (_EDGE[layer + 1] * _EDGE[layer + 1] - x * x))
        if inner + unit(bits) * (outer - inner) < 1.0:
            return float(x)
        bits = mix(bits + GOLDEN)


@_compiled
def _gaussian_tail(bits: np.uint64) -> float:
    """Draw beyond the last edge (Marsaglia 1964)."""
    while True:
        x = -math.log(1.0 - unit(bits)) / _EDGE[1]
        bits = mix(bits + GOLDEN)
        y = -math.log(1.0 - unit(bits))
        if 2.0 * y > x * x:
            return float(_EDGE[1] + x)
        bits = mix(bits + GOLDEN)


@_compiled
def gaussian(bits: np.uint64) -> float:
    """Draw from the normal distribution."""
    layer = np.int64(bits & U64(255))
    u = 2.0 * unit(bits) - 1.0
    if abs(u) < _RATIO[layer]:
        return float(u * _EDGE[layer])
    return _gaussian_rest(bits)


@_compiled
def _poisson_inverted(mean: float, none: float, u: float) -> int:
    """Count by walking the cumulative distribution; `none` is exp(-mean)."""
    count = 0
    chance = none
    total = none
    while u >= total and (count < mean or chance > 1e-17):
        count += 1
        chance *= mean / count
        total += chance
    return count


@_compiled
def _poisson_rejected(mean: float, bits: np.uint64) -> int:
    """Count by transformed rejection, PTRS (Hoermann 1993), for means from 10."""
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    while True:
        u = unit(bits) - 0.5
        bits = mix(bits + GOLDEN)
        v = 1.0 - unit(bits)
        us = 0.5 - abs(u)
        count = math.floor((2.0 * a / us + b) * u + mean + 0.43) if us > 0.0 else -1
        if us >= 0.07 and v <= 0.9277 - 3.6224 / (b - 2.0):
            return int(count)
        if count >= 0 and (us >= 0.013 or v <= us):
            level = math.log(v * (1.1239 + 1.1328 / (b - 3.4)) / (a / (us * us) + b))
            if level <= count * math.log(mean) - mean - math.lgamma(count + 1.0):
                return int(count)
        bits = mix(bits + GOLDEN)


@_compiled
def poisson(mean: float, bits: np.uint64) -> int:
    """Draw a Poisson count of any mean."""
    if mean >= LARGE_MEAN:
        return _poisson_rejected(mean, bits)
    u = unit(bits)
    if u < 1.0 - mean:  # exp(-mean) is never less: most faint pixels need no exponential
        return 0
    return _poisson_inverted(mean, math.exp(-mean), u)


@_compiled
def after_traps(electrons: int, traps: int, chance: float, bits: np.uint64) -> int:
    """Electrons left when each may fill one of the free traps (facts 4.4)."""
    free = traps
    left = electrons
    for _ in range(electrons):
        if free == 0:
            break
        bits = mix(bits + GOLDEN)
        if unit(bits) >= (1.0 - chance) ** free:
            free -= 1
            left -= 1
    return left


@_compiled
def _telegraph(step: float, up: float, down: float, bits: np.uint64) -> float:
    """Counts a telegraph pixel is off its middle level in one frame."""
    u = unit(mix(bits ^ _TAG_TELEGRAPH))
    if u < up:
        return step
    return -step if u >= 1.0 - down else 0.0


@_compiled
def _electrons(light: float, none: float, pulse: float, bits: np.uint64) -> int:
    """Photo-electrons of one pixel: steady light of mean `light`, pulsar of mean `pulse`."""
    u = unit(bits)
    count = 0
    if none == 0.0:
        count = _poisson_rejected(light, bits)
    elif u >= none:
        count = _poisson_inverted(light, none, u)
    if pulse > 0.0:
        count += poisson(pulse, mix(bits ^ _TAG_PULSAR))
    return count


@_compiled
def _counts(electrons: int, base: float, readout: Readout, bits: np.uint64) -> np.uint16:
    """Digitise electrons: traps, full well, gain, read noise, ceiling."""
    if readout.traps > 0 and electrons > 0:
        chance = readout.trap_chance
        electrons = after_traps(electrons, readout.traps, chance, mix(bits ^ _TAG_TRAPS))
    value = base + readout.gain * min(float(electrons), readout.full_well)
    value += readout.noise * gaussian(mix(bits ^ _TAG_NOISE))
    return np.uint16(min(max(math.floor(value), 0.0), 65535.0))


@_compiled
def _stored(counts: np.uint16) -> np.uint16:
    """Bytes as FITS stores them: 32768 subtracted, most significant byte first."""
    signed = np.uint32(counts) ^ np.uint32(0x8000)
    return np.uint16((signed >> np.uint32(8)) | ((signed & np.uint32(0xFF)) << np.uint32(8)))


@_compiled
def render(
    out: NDArray[np.uint16],
    frames: NDArray[np.int64],
    columns: int,
    key: np.uint64,
    detector: Detector,
    readout: Readout,
    pulsar: Pulsar,
    pulse: NDArray[np.float64],
) -> None:
    """Fill `out` (frames, pixels) with stored bytes of the camera frames `frames`.

    `pulse` (frames, 1 or rows) is the pulsar's brightness over its mean.
    """
    # Arrays leave their tuples once: taken out inside the loops, each costs two counter updates.
    light, none, base, slot = detector.light, detector.none, detector.base, detector.slot
    step, up, down = detector.step, detector.up, detector.down
    weights, top, left = pulsar.weights, pulsar.top, pulsar.left
    high, wide = weights.shape
    for i in range(frames.shape[0]):
        counter = key + U64(frames[i]) * U64(out.shape[1]) * GOLDEN
        for y in range(out.shape[1] // columns):
            level = pulse[i, y % pulse.shape[1]]
            lit = 0 <= y - top < high
            for x in range(columns):
                p = y * columns + x
                bits = mix(counter + U64(p) * GOLDEN)
                mean = 0.0
                if lit and 0 <= x - left < wide:
                    mean = weights[y - top, x - left] * level
                offset = float(base[p])
                if slot[p] >= 0:
                    offset += _telegraph(step[slot[p]], up[slot[p]], down[slot[p]], bits)
                electrons = _electrons(light[p], none[p], mean, bits)
                out[i, p] = _stored(_counts(electrons, offset, readout, bits))


@_compiled
def strike(
    out: NDArray[np.uint16],
    frames: NDArray[np.int64],
    columns: int,
    key: np.uint64,
    detector: Detector,
    readout: Readout,
    pulsar: Pulsar,
    pulse: NDArray[np.float64],
    hits: Hits,
) -> None:
    """Write the pixels cosmic rays hit again, with the same draws and the extra charge."""
    high, wide = pulsar.weights.shape
    for j in range(hits.pixel.shape[0]):
        i, p = hits.frame[j], hits.pixel[j]
        y, x = p // columns - pulsar.top, p % columns - pulsar.left
        bits = mix(key + (U64(frames[i]) * U64(out.shape[1]) + U64(p)) * GOLDEN)
        mean = 0.0
        if 0 <= y < high and 0 <= x < wide:
            mean = pulsar.weights[y, x] * pulse[i, (p // columns) % pulse.shape[1]]
        offset = float(detector.base[p])
        slot = detector.slot[p]
        if slot >= 0:
            offset += _telegraph(detector.step[slot], detector.up[slot], detector.down[slot], bits)
        electrons = _electrons(detector.light[p], detector.none[p], mean, bits)
        electrons += hits.electrons[j]
        out[i, p] = _stored(_counts(electrons, offset, readout, bits))


@_compiled
def add_star(
    image: NDArray[np.float64],
    x: float,
    y: float,
    total: float,
    width: float,
    beta: float,
    radius: float,
) -> None:
    """Add a Moffat star of `total` light, each pixel by 2 x 2 Gauss points.

    Intensity (beta - 1) / (pi width^2) * (1 + r^2 / width^2)^-beta (Moffat 1969), out to
    `radius` pixels; `x`, `y` are 0-based pixel coordinates.
    """
    scale = total * (beta - 1.0) / (math.pi * width * width) / 4.0
    offset = 0.5 / math.sqrt(3.0)
    rows, columns = image.shape
    for i in range(max(0, math.ceil(y - radius)), min(rows, math.floor(y + radius) + 1)):
        for j in range(max(0, math.ceil(x - radius)), min(columns, math.floor(x + radius) + 1)):
            for sign_y in (-offset, offset):
                for sign_x in (-offset, offset):
                    r2 = (i + sign_y - y) ** 2 + (j + sign_x - x) ** 2
                    image[i, j] += scale * (1.0 + r2 / (width * width)) ** -beta


@_compiled
def fill_unit(out: NDArray[np.float64], key: np.uint64, top: int, left: int, width: int) -> None:
    """Fill `out` with uniform numbers tied to detector pixels, so that subarrays agree."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            counter = U64((top + i) * width + left + j)
            out[i, j] = unit(mix(key + counter * GOLDEN))


@_compiled
def fill_normal(out: NDArray[np.float64], key: np.uint64, top: int, left: int, width: int) -> None:
    """Fill `out` with normal numbers tied to detector pixels, so that subarrays agree."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            counter = U64((top + i) * width + left + j)
            out[i, j] = gaussian(mix(key + counter * GOLDEN))


@_compiled
def poisson_numbers(
    out: NDArray[np.int64], counters: NDArray[np.int64], mean: float, key: np.uint64
) -> None:
    """Fill `out` with Poisson numbers of one mean, each tied to its counter."""
    for i in range(out.shape[0]):
        out[i] = poisson(mean, mix(key + U64(counters[i]) * GOLDEN))
