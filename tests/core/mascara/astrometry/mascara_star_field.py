"""Star fields with their truth: another lens than that of the program, trails, coma, noise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from nightglass.core.mascara.astrometry.polynomial_fit import fit
from nightglass.core.mascara.camera.model import CameraModel, Distortion, nominal
from nightglass.core.mascara.camera.pointing import SCALE_PX, Pointing
from scipy.special import erf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

ZERO_POINT = 17.05
GAIN_E_ADU = 0.62
SKY_ADU = 150.0
READ_ADU = 19.0
CLIP_ADU = 65535.0
# Stars of a camera brighter than V.
_COUNTS = {3.0: 15, 4.0: 45, 5.0: 140, 6.0: 420, 7.0: 1250, 7.5: 2200, 8.0: 3700, 9.0: 10500}
_TRAIL = np.linspace(-0.5, 0.5, 5)


@dataclass(frozen=True)
class Lens:
    """A camera of which only the inventor of the sky knows the formula.

    The radius goes by a fraction of polynomials, the glass is tilted, the chip as well.
    """

    pointing: Pointing
    nx: int = 4008
    ny: int = 2672
    stretch: float = 1.011
    strength: float = 1.0

    def pixels(self, vectors: Numbers) -> tuple[Numbers, Numbers]:
        x, y, _ = self.pointing.project(vectors)
        scale = self.pointing.scale_px
        u, v = (x - self.pointing.x0) / scale, (y - self.pointing.y0) / scale
        squared = u * u + v * v
        bent = self.stretch * (1.0 - 0.026 * self.strength * squared / (1.0 + 0.35 * squared))
        p, q = 0.0036 * self.strength, -0.0016 * self.strength
        bent_u = bent * u + p * (3 * u * u + v * v) + 2 * q * u * v
        bent_v = bent * v + q * (u * u + 3 * v * v) + 2 * p * u * v
        depth = 1.0 + self.strength * (0.003 * bent_u + 0.0015 * bent_v)
        return self.pointing.x0 + scale * bent_u / depth, self.pointing.y0 + scale * bent_v / depth


@dataclass(frozen=True, eq=False)
class Sky:
    """Stars of a field: directions (n, 3), magnitudes, true pixels."""

    vectors: Numbers
    vmag: Numbers
    x: Numbers
    y: Numbers

    @property
    def isolated(self) -> NDArray[np.bool_]:
        """No neighbour brighter than V 8 within 10 px."""
        from scipy.spatial import KDTree

        places = np.stack([self.x, self.y], axis=-1)
        bright = self.vmag < 8.0
        nearest = KDTree(places[bright]).query(places, k=2)[0]
        return np.where(bright, nearest[:, 1], nearest[:, 0]) > 10.0


@dataclass(frozen=True)
class Weather:
    """What goes wrong on a frame."""

    cloud_below_x: float = 0.0
    hot_share: float = 0.0
    wrong_share: float = 0.0
    sky_adu: float = SKY_ADU
    slope_adu: float = 0.0
    masked: tuple[slice, slice] | None = None


def true_lens(
    camera: str = "LSE",
    size: tuple[int, int] = (4008, 2672),
    scale_px: float = SCALE_PX,
    strength: float = 1.0,
    stretch: float = 1.011,
    **askew: float,
) -> Lens:
    """Lens of a camera that was put up a little askew: alt, az and turn in degrees, x, y."""
    at = nominal(camera, *size).pointing
    pointing = Pointing(
        at.alt_deg + askew.get("alt", 0.0),
        at.az_deg + askew.get("az", 0.0),
        at.rotation_deg + askew.get("turn", 0.0),
        at.x0 + askew.get("x", 0.0),
        at.y0 + askew.get("y", 0.0),
        scale_px,
    )
    return Lens(pointing, *size, stretch, strength)


def small_lens() -> Lens:
    """The whole view on a third of the pixels, distorted by as many pixels."""
    return true_lens("LSE", (1336, 890), SCALE_PX / 3.0, strength=3.0)


def sky_of(lens: Lens, rng: np.random.Generator, dense: float = 1.0, faintest: float = 9.0) -> Sky:
    """Stars all over the view of a lens with the counts of the real sky."""
    edges = [edge for edge in _COUNTS if edge <= faintest]
    logs = np.log10([_COUNTS[edge] for edge in edges])
    # The view covers 8.67 % of the sphere at full size; stars fill a cap about its axis.
    radius = np.hypot(lens.nx, lens.ny) / 2.0 / lens.pointing.scale_px * 1.04
    cap = (1.0 - 1.0 / np.hypot(1.0, radius)) / 2.0
    total = rng.poisson(dense * 10 ** logs[-1] * cap / 0.0867)
    vmag = np.interp(logs[-1] + np.log10(rng.uniform(1e-9, 1.0, total)), logs, edges)
    depth = 1.0 - rng.uniform(0.0, 2.0 * cap, total)
    around, across = rng.uniform(0.0, 2 * np.pi, total), np.sqrt(1.0 - depth**2)
    own = np.stack([across * np.cos(around), across * np.sin(around), depth], axis=-1)
    vectors = own @ lens.pointing.matrix
    return Sky(vectors, vmag, *lens.pixels(vectors))


def draw(
    lens: Lens, sky: Sky, rng: np.random.Generator, weather: Weather = Weather()
) -> NDArray[np.float32]:
    """Frame, dark subtracted, of the stars through the lens."""
    image = np.full((lens.ny, lens.nx), float(weather.sky_adu))
    image += weather.slope_adu * np.arange(lens.nx)
    flux = 10 ** (0.4 * (ZERO_POINT - sky.vmag)) * (sky.x >= weather.cloud_below_x)
    x, y = _with_mistakes(sky, rng, weather.wrong_share)
    for star in np.flatnonzero((flux > 0) & _is_near(lens, sky.x, sky.y)):
        _add(image, lens, x[star], y[star], flux[star])
    electrons = np.maximum(image, 0.0) * GAIN_E_ADU
    noise = np.sqrt(electrons) / GAIN_E_ADU
    image += rng.standard_normal(image.shape) * np.hypot(noise, READ_ADU)
    hot = rng.random(image.shape) < weather.hot_share
    image[hot] += rng.uniform(50.0, 2000.0, int(hot.sum()))
    if weather.masked is not None:
        image[weather.masked] = 20.0
    return np.minimum(np.rint(image), CLIP_ADU).astype(np.float32)


def _is_near(lens: Lens, x: Numbers, y: Numbers) -> NDArray[np.bool_]:
    return (x > -15) & (x < lens.nx + 15) & (y > -15) & (y < lens.ny + 15)


def _with_mistakes(sky: Sky, rng: np.random.Generator, share: float) -> tuple[Numbers, Numbers]:
    """Places of the stars, some of them wrong by up to 6 px in any direction."""
    is_wrong = rng.random(sky.x.size) < share
    far, around = rng.uniform(1.0, 6.0, sky.x.size), rng.uniform(0.0, 2 * np.pi, sky.x.size)
    return sky.x + is_wrong * far * np.cos(around), sky.y + is_wrong * far * np.sin(around)


def _add(image: Numbers, lens: Lens, x: float, y: float, flux: float) -> None:
    """Add a trailed star with coma whose light has its middle at x, y."""
    off = np.array([x - lens.nx / 2, y - lens.ny / 2]) / lens.pointing.scale_px
    outward = min(float(np.hypot(*off)) / 0.9, 1.0)
    sigma = (2.8 + 2.2 * outward**2) / 2.3548
    trail = np.array([1.24, 0.35]) * (1.0 + float(off @ off))
    along = np.stack([np.array([x, y]) + trail * part for part in _TRAIL])
    places = np.concatenate([along + off * outward * shift for shift in (-0.25, 0.75)])
    sigmas = np.repeat([sigma, 1.3 * sigma], _TRAIL.size)
    half = int(np.ceil(5 * 1.3 * sigma)) + 2
    (columns, along_x), (rows, along_y) = (
        _profiles(middle, places[:, axis], sigmas, half, size)
        for axis, (middle, size) in enumerate(zip((x, y), image.shape[::-1], strict=True))
    )
    shares = np.repeat([0.75, 0.25], _TRAIL.size) * flux / _TRAIL.size
    image[rows, columns] += (along_y * shares[:, None]).T @ along_x


def _profiles(
    middle: float, places: Numbers, sigmas: Numbers, half: int, size: int
) -> tuple[slice, Numbers]:
    """Pixels about a place, and the share of each spot in each of them."""
    first = min(max(round(middle) - half, 0), size)
    last = max(min(round(middle) + half + 1, size), first)
    edges = np.arange(first, last + 1) - 0.5
    return slice(first, last), np.diff(
        erf((edges - places[:, None]) / (sigmas[:, None] * np.sqrt(2.0)))
    ) / 2.0


def rms_px(model: CameraModel, lens: Lens, sky: Sky) -> tuple[float, float]:
    """Distance of modelled from true places of all stars on the chip: rms and largest."""
    x, y, _ = model.pixels(sky.vectors)
    is_on = (sky.x > 0) & (sky.x < lens.nx - 1) & (sky.y > 0) & (sky.y < lens.ny - 1)
    off = np.hypot(x - sky.x, y - sky.y)[is_on]
    return float(np.sqrt(np.mean(off**2))), float(off.max())


def start_of(lens: Lens, sky: Sky, order: int = 6) -> CameraModel:
    """Model of an earlier night: the lens as well as polynomials can tell it."""
    model = CameraModel(lens.pointing, Distortion.identity(lens.nx, lens.ny))
    x, y, _ = model.pixels(sky.vectors)
    near = _is_near(lens, sky.x, sky.y)
    wanted = np.stack([sky.x - x, sky.y - y])[:, near]
    error = np.full(int(near.sum()), 0.1)
    fitted = fit(x[near], y[near], wanted, error, (lens.nx, lens.ny), order, 1e9)
    assert fitted is not None
    return replace(model, distortion=model.distortion.moved(fitted.tables_px))


def moved(model: CameraModel, x_px: float, y_px: float, turn: float = 0.0) -> CameraModel:
    """Model that is off by pixels, and by a turn in pixels at the edge."""
    tables = np.zeros((2, 2, 2))
    tables[:, 0, 0] = x_px, y_px
    tables[0, 0, 1], tables[1, 1, 0] = turn, -turn
    return replace(model, distortion=model.distortion.moved(tables))
