"""One camera through a night: from stars and weather to the counts of a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..hashing import key
from . import mounts
from .chip import LEFT, TOP, Chip, dark_factor, make_chip, raw_shape
from .optics import Optics
from .places import StarPlaces, drift
from .plan import EXPOSURE_S
from .satellites import Satellites
from .variables import variations
from .weather import Moment, Weather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...stars.table import StarTable
    from ...timing.station import Station
    from .plan import Exposure, NightPlan

    Numbers = NDArray[np.float64]
    Image = NDArray[np.float32]

ZERO_POINTS = {"LSC": 17.08, "LSN": 17.09, "LSE": 17.01, "LSW": 17.00, "LSS": 16.86}
"""V of a star that gives one count within 4.5 px, as measured at La Silla."""
_TYPICAL_LOSS_MAG = 0.45
"""Air, lens and aperture at a usual place on the chip; zero points are without them."""
_COLOUR_TERM, _MEAN_COLOUR = 0.06, 0.6
TRUTH_RADII_PX = (2.5, 4.5)
_SKY_STEP_PX = 32
_MARGIN_PX = 32.0
_FAINT_HALF, _MIDDLE_HALF, _BRIGHT_HALF = 11, 16, 28
_MIDDLE_VMAG, _BRIGHT_VMAG = 7.0, 4.0
_FLAT_ADU = 25000.0
_LEAK_ADU = 300.0
_SATELLITE_SIGMA_PX = 1.5
_MOON_RADIUS_RAD = 0.00453
_MOON_LEVEL_ADU = 20000.0
_LOWEST_UP = 0.02


class FrameTruth(NamedTuple):
    """What is in a frame: arrays over the stars that are told of, and numbers of the frame.

    Attributes
    ----------
    x, y : ndarray of float32
        Flux centroids, pixels of the active window; NaN off the chip.
    flux : ndarray of float32
        Counts of the whole star.
    sums : ndarray of float32, shape (n, radii)
        What of it lies in apertures around (x, y).
    numbers : dict
    """

    x: Image
    y: Image
    flux: Image
    sums: Image
    numbers: dict[str, float]


class Light(NamedTuple):
    """Stars of one moment: pixels, flux and shape (see `frame_kernels.paint_stars`)."""

    star: NDArray[np.int64]
    x: Numbers
    y: Numbers
    flux: Numbers
    shape: Numbers


class CameraScene:
    """Everything in front of, and in, one camera.

    Parameters
    ----------
    plan : NightPlan
    camera : str
        Camera id.
    station : Station
    stars : StarTable
        Stars the camera may see.
    """

    def __init__(self, plan: NightPlan, camera: str, station: Station, stars: StarTable) -> None:
        settings = plan.settings
        self._settings, self._faults, self._camera = settings, plan.faults, camera
        self._station = station
        self.stars = stars
        self.optics = Optics.of(settings.shape, settings.seed, camera)
        nominal = mounts.nominal(settings.site, camera[2], station.latitude_deg)
        self.mount = mounts.Mount(nominal, settings.seed, camera, settings.drift_arcmin)
        self.chip: Chip = make_chip(settings, camera, obstructed=plan.faults.night("obstruction"))
        exposures = plan.of(camera)
        middle_jd = exposures[-1 - settings.frames // 2].jd
        self._places = StarPlaces(stars.ra_deg, stars.dec_deg, station, middle_jd)
        self.weather = Weather(settings, station, plan.faults, nominal[2])
        self.satellites = Satellites(settings, camera, plan.faults)
        self.variations = variations(
            stars.ascc, settings.seed, settings.variable_fraction, middle_jd
        )
        self.told = np.flatnonzero(stars.vmag <= settings.truth_vmag)

    @property
    def zero_point_mag(self) -> float:
        """V of a star that would give one count a frame, without air and in the middle."""
        return ZERO_POINTS[f"LS{self._camera[2]}"] + _TYPICAL_LOSS_MAG

    def counts(self, exposure: Exposure) -> tuple[NDArray[np.uint16], FrameTruth | None]:
        """Expose: raw frame (rows, columns) in the bytes of FITS, and what is in it."""
        if exposure.kind == "science":
            image, truth = self._science(exposure)
            return self._exposed(image, exposure), truth
        return self._exposed(self._calibration(exposure), exposure), None

    def _exposed(self, image: Image, exposure: Exposure) -> NDArray[np.uint16]:
        from .frame_kernels import expose

        out = np.empty(raw_shape(self._settings.shape), np.uint16)
        frame_key = np.uint64(
            key(self._settings.seed, f"{self._camera} {exposure.kind} {exposure.lstseq}")
        )
        chip, settings = self.chip, self._settings
        expose(
            image, chip.response, chip.dark_e, chip.offset_adu, TOP, LEFT, settings.gain,
            dark_factor(exposure.ccd_c) * exposure.exposure_s / EXPOSURE_S,
            settings.read_noise_e, frame_key, out,
        )  # fmt: skip
        return out

    def _calibration(self, exposure: Exposure) -> Image:
        shape = self._settings.shape
        if exposure.kind == "flat":
            return self._smooth(_FLAT_ADU * self._vignetting(*self._nodes()))
        leak = exposure.kind == "dark" and self._faults.night("bright-darks")
        return np.full(shape, _LEAK_ADU if leak else 0.0, np.float32)

    def _science(self, exposure: Exposure) -> tuple[Image, FrameTruth]:
        from .frame_kernels import paint_stars

        moment = Moment(exposure.jd, exposure.frame, exposure.lstseq)
        orientation = self.orientation(moment)
        image, sky = self._sky(orientation, moment)
        light = self._starlight(orientation, moment)
        told = np.isin(light.star, self.told).astype(np.uint8)
        sums = np.zeros((light.star.size, len(TRUTH_RADII_PX)))
        paint_stars(
            image, light.x, light.y, light.flux, light.shape, _halves(self.stars.vmag[light.star]),
            np.array(TRUTH_RADII_PX), told, sums,
        )  # fmt: skip
        self._add_satellites(image, moment)
        self._add_moon(image, orientation, moment)
        numbers = {"sky_adu": sky, "ccdtemp_c": exposure.ccd_c, "jd": exposure.jd}
        return image, self._truth(light, sums, numbers)

    def orientation(self, moment: Moment) -> Numbers:
        """Orientation (3, 3) of the camera at a moment."""
        bumped = self._faults.since("bump", moment.frame) is not None
        return self.mount.orientation(moment.jd, bumped=bumped)

    def _nodes(self) -> tuple[Numbers, Numbers]:
        """Pixels x, y of the grid on which the sky is worked out, a step beyond the chip."""
        rows, columns = self._settings.shape
        x, y = (np.arange(-(-size // _SKY_STEP_PX) + 2) * _SKY_STEP_PX for size in (columns, rows))
        return tuple(np.meshgrid(x.astype(np.float64), y.astype(np.float64)))  # type: ignore[return-value]

    def _smooth(self, grid: Numbers) -> Image:
        from .frame_kernels import paint_smooth

        image = np.empty(self._settings.shape, np.float32)
        paint_smooth(image, grid.astype(np.float32), _SKY_STEP_PX)
        return image

    def _vignetting(self, x: Numbers, y: Numbers) -> Numbers:
        """Part of the light that passes the lens to pixels."""
        lost_mag = self._settings.vignetting_mag * self.optics.field(x, y) ** 2
        return np.asarray(10.0 ** (-0.4 * lost_mag))

    def _sky(self, orientation: Numbers, moment: Moment) -> tuple[Image, float]:
        x, y = self._nodes()
        directions = self.optics.directions(orientation, x, y)
        grid = self.weather.sky_adu(directions, moment) * self._vignetting(x, y)
        return self._smooth(grid), float(np.median(grid))

    def _starlight(self, orientation: Numbers, moment: Moment) -> Light:
        vectors = self._places.vectors(moment.jd)
        x, y = self.optics.project(orientation, vectors)
        rows, columns = self._settings.shape
        on = (x > -_MARGIN_PX) & (x < columns + _MARGIN_PX) & (vectors[:, 2] > _LOWEST_UP)
        index = np.flatnonzero(on & (y > -_MARGIN_PX) & (y < rows + _MARGIN_PX))
        x, y, vectors = x[index], y[index], vectors[index]
        flux = self._flux(index, moment.jd) * self.weather.transparency(vectors, moment)
        flux *= self._vignetting(x, y) * self._intrapixel(x, y)
        return Light(index, x, y, flux, self._shape(orientation, vectors, x, y))

    def _flux(self, index: NDArray[np.int64], jd: float) -> Numbers:
        """Counts of whole stars above the air."""
        stars = self.stars
        colour = np.nan_to_num(stars.bmag[index] - stars.vmag[index], nan=_MEAN_COLOUR)
        mag = stars.vmag[index] - _COLOUR_TERM * (colour - _MEAN_COLOUR)
        varying = self.variations.factor(jd)[index]
        return np.asarray(10.0 ** (-0.4 * (mag - self.zero_point_mag)) * varying)

    def _intrapixel(self, x: Numbers, y: Numbers) -> Numbers:
        """Response by where in its pixel a star's centre is; it differs over the chip."""
        half = self._settings.intrapixel_mag * np.log(10.0) / 2.5
        slow = 0.7 + 0.3 * np.sin(x / 700.0 + 1.0) * np.cos(y / 500.0)
        wave = np.cos(2.0 * np.pi * x) + 0.6 * np.sin(2.0 * np.pi * y)
        return np.asarray(1.0 + half * slow * wave / 1.6)

    def _shape(self, orientation: Numbers, vectors: Numbers, x: Numbers, y: Numbers) -> Numbers:
        half_s = EXPOSURE_S / 2.0
        ends = [
            self.optics.project(orientation, drift(vectors, self._station.latitude_deg, s))
            for s in (-half_s, half_s)
        ]
        spread = self.optics.spread(x, y)
        sigma = spread.sigma
        return np.ascontiguousarray(
            np.stack([
                ends[1][0] - ends[0][0], ends[1][1] - ends[0][1], sigma, spread.coma,
                spread.coma_x, spread.coma_y, sigma * spread.coma_width,
                np.full_like(sigma, spread.wing), sigma * spread.wing_width,
            ], axis=1)
        )  # fmt: skip

    def _add_satellites(self, image: Image, moment: Moment) -> None:
        from .frame_kernels import paint_trail

        for track in self.satellites.tracks(moment.frame):
            length = np.hypot(track.end_x - track.x, track.end_y - track.y)
            per_px = 10.0 ** (-0.4 * (track.vmag - self.zero_point_mag)) / length
            paint_trail(image, *track[:4], per_px, _SATELLITE_SIGMA_PX)

    def moon_pixel(self, orientation: Numbers, moment: Moment) -> tuple[float, float]:
        """Where the Moon is; NaN when it is not near the chip or not up."""
        towards, _ = self.weather.moon(moment.jd)
        x, y = (float(v[0]) for v in self.optics.project(orientation, towards[None]))
        rows, columns = self._settings.shape
        near = -400 < x < columns + 400 and -400 < y < rows + 400 and towards[2] > 0.0
        return (x, y) if near else (np.nan, np.nan)

    def _add_moon(self, image: Image, orientation: Numbers, moment: Moment) -> None:
        from .frame_kernels import paint_moon

        x, y = self.moon_pixel(orientation, moment)
        if np.isfinite(x):
            rows, columns = image.shape
            level = _MOON_LEVEL_ADU * self.weather.moon(moment.jd)[1] ** 3
            radius = _MOON_RADIUS_RAD * self.optics.focal_px
            paint_moon(image, x, y, radius, level, columns / 2, rows / 2)

    def _truth(self, light: Light, sums: Numbers, numbers: dict[str, float]) -> FrameTruth:
        """Spread what is on the chip over the stars that are told of."""
        rows, columns = self._settings.shape
        on = (light.x > -0.5) & (light.x < columns - 0.5)
        on &= (light.y > -0.5) & (light.y < rows - 0.5)
        place = np.full(len(self.stars), -1)
        place[self.told] = np.arange(self.told.size)
        to = place[light.star]
        keep = on & (to >= 0)
        columns_of = [light.x, light.y, light.flux, *sums.T]
        out = np.full((len(columns_of), self.told.size), np.nan, np.float32)
        for row, values in zip(out, columns_of, strict=True):
            row[to[keep]] = values[keep]
        return FrameTruth(out[0], out[1], out[2], out[3:].T, numbers)


def _halves(vmag: Numbers) -> NDArray[np.int64]:
    """Half sizes of the boxes stars are painted in."""
    fainter = np.where(vmag > _MIDDLE_VMAG, _FAINT_HALF, _MIDDLE_HALF)
    return np.where(vmag < _BRIGHT_VMAG, _BRIGHT_HALF, fainter).astype(np.int64)
