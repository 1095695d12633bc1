"""What decides how stars are found on a frame and when a solution is believed."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class AstrometrySettings:
    """Limits of the astrometry.

    Parameters
    ----------
    bright_vmag, faint_vmag : float
        Stars that are used.
    isolation_px : float
        Least distance of their neighbours brighter than V 8; the caller selects by it.
    search_px : int
        Radius in which a star is looked for about its place by the start.
    gate_px : int
        The same, once drift, turn and scale are known.
    box_px : int
        Diameter of the circle whose centroid is taken, an odd number.
    sky_radii_px : tuple of int
        Inner and outer radius of the ring that gives the sky of a star.
    clip_sigma : float
        Stars are left out that are off by more standard deviations of the others than this.
    min_snr : float
        Least signal to noise of a star.
    saturation_adu : float
        Stars with a pixel from here on are left out.
    gain_e_adu : float
        Electrons per count.
    min_fraction : float
        Least share of the expected stars; in the middle of the chip if not on the whole.
    min_stars : int
        Least number of stars.
    max_order : int
        Highest degree of the distortion.
    stars_per_term : float
        Stars for each coefficient of an axis; the degree follows their number.
    max_error_px : float
        Largest error of the fitted places over the chip, rms, as far as the noise decides it.
    max_rms_px : float
        Largest residual of the stars, rms.
    max_median_adu : float
        Brighter frames are not tried.
    bright_percentile_adu, bright_std_adu : float
        A frame has bright parts above either: its 95th percentile, its standard deviation.
    masks : tuple of (lowest x, highest x, lowest y, highest y)
        Parts of the chip with something in the view.
    """

    bright_vmag: float = 4.0
    faint_vmag: float = 7.5
    isolation_px: float = 10.0
    search_px: int = 10
    gate_px: int = 4
    box_px: int = 15
    sky_radii_px: tuple[int, int] = (11, 15)
    clip_sigma: float = 4.0
    min_snr: float = 8.0
    saturation_adu: float = 60000.0
    gain_e_adu: float = 0.62
    min_fraction: float = 0.6
    min_stars: int = 20
    max_order: int = 7
    stars_per_term: float = 10.0
    max_error_px: float = 0.05
    max_rms_px: float = 2.0
    max_median_adu: float = 20000.0
    bright_percentile_adu: float = 9500.0
    bright_std_adu: float = 2000.0
    masks: tuple[Box, ...] = ()

    @property
    def radius_px(self) -> int:
        """Radius of the circle whose centroid is taken."""
        return self.box_px // 2

    @property
    def margin_px(self) -> int:
        """Distance from the edge of the chip from which stars are expected to be found."""
        return max(self.gate_px + 10, self.radius_px + self.gate_px + 4)
