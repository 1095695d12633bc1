"""Where on the sky a pixel lies, from the telescope's own words in the header.

Convention
----------
The telescope pointing is the centre of the frame, pixel ``((columns - 1) / 2, (rows - 1) / 2)``
in 0-based array coordinates. Before rotation north is up (+y) and east is left (-x). The frame
is rotated by ``rho = TELPA + ROTENC``, so that with the plate scale ``s`` in degrees a pixel,
measured from the centre, is carried to the tangent plane (xi east, eta north) by ::

    [ xi  ]   [ -s cos(rho)   -s sin(rho) ] [ dx ]
    [ eta ] = [ -s sin(rho)    s cos(rho) ] [ dy ]

This is the CD matrix of FITS paper II (Calabretta & Greisen 2002) for CDELT = (-s, s) and
CROTA2 = rho, and north then points rho degrees anticlockwise of up. The sense of the rotation
is the one in which the published image tool turns its pictures. That tool mirrors the array
top to bottom first; `flip_y` does the same (dy changes its sign) for whoever finds on the sky
that it is needed.

The zoom ring moves the scale by an amount nobody has calibrated: its position is recorded, the
scale is a setting (0.05 arcsec for an unbinned pixel).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

FloatArray = npt.NDArray[np.float64]
Coordinate = float | FloatArray

PLATE_SCALE_ARCSEC = 0.05
_SEXAGESIMAL = re.compile(r"([+-]?)(\d{1,3})[: ](\d{1,2})[: ](\d{1,2}(?:\.\d*)?)")


@dataclass(frozen=True)
class Pointing:
    """A gnomonic (TAN) projection about the telescope pointing.

    Attributes
    ----------
    ra_deg, dec_deg : float
        Pointing in degrees, in the equinox of the telescope (`equinox`, J2000 as a rule).
    rotation_deg : float
        TELPA + ROTENC; 0 where the header has neither (`rotation_known` is then False).
    scale_arcsec : float
        Arcseconds a pixel of the image, binning included.
    centre_px : tuple of float
        0-based (x, y) of the pointing in the frame.
    zoom : float or None
        ZOOMPOS as recorded; it does not change the scale.
    """

    ra_deg: float
    dec_deg: float
    rotation_deg: float
    scale_arcsec: float
    centre_px: tuple[float, float]
    rotation_known: bool = True
    equinox: float | None = None
    zoom: float | None = None
    flip_y: bool = False

    @classmethod
    def from_cards(
        cls,
        cards: Mapping[str, object],
        shape: tuple[int, int],
        *,
        binning: int = 1,
        plate_scale_arcsec: float = PLATE_SCALE_ARCSEC,
        flip_y: bool = False,
    ) -> Pointing | None:
        """Read the telescope block of a header.

        Parameters
        ----------
        cards : mapping
            Header cards; TELRA, TELDEC, TELPA, ROTENC, TELEQUIN and ZOOMPOS are looked at.
        shape : (rows, columns)
            One frame.
        binning : int
            Sensor pixels along one side of an image pixel.
        plate_scale_arcsec : float
            Arcseconds an unbinned pixel.
        flip_y : bool
            Mirror the frame top to bottom before it is laid on the sky.

        Returns
        -------
        Pointing or None
            None when TELRA or TELDEC is missing, 'N/A' or not understood.
        """
        ra_deg = parse_ra(cards.get("TELRA"))
        dec_deg = parse_dec(cards.get("TELDEC"))
        if ra_deg is None or dec_deg is None:
            return None
        turns = [_number(cards.get(name)) for name in ("TELPA", "ROTENC")]
        rows, columns = shape
        return cls(
            ra_deg=ra_deg,
            dec_deg=dec_deg,
            rotation_deg=sum(turn for turn in turns if turn is not None),
            scale_arcsec=plate_scale_arcsec * binning,
            centre_px=((columns - 1) / 2, (rows - 1) / 2),
            rotation_known=None not in turns,
            equinox=_number(cards.get("TELEQUIN")),
            zoom=_number(cards.get("ZOOMPOS")),
            flip_y=flip_y,
        )

    @property
    def frame(self) -> str:
        """Frame of the coordinates; ICRS for J2000, as good as a telescope points."""
        return "icrs" if self.equinox in {None, 2000.0} else "fk5"

    def cd_matrix(self) -> FloatArray:
        """Give the CD matrix, float64 (2, 2), degrees a pixel: CD1_1, CD1_2; CD2_1, CD2_2."""
        scale = self.scale_arcsec / 3600.0
        cosine, sine = _cosine_sine(self.rotation_deg)
        up = -scale if self.flip_y else scale
        return np.array([[-scale * cosine, -up * sine], [-scale * sine, up * cosine]])

    def sky(self, x: Coordinate, y: Coordinate) -> tuple[Coordinate, Coordinate]:
        """Give the right ascension and declination of 0-based pixel coordinates.

        Parameters
        ----------
        x, y : float or float64 array of any equal shape
            0-based image coordinates; whole numbers are pixel centres.

        Returns
        -------
        ra_deg, dec_deg : float or float64 array
            Degrees; right ascension in [0, 360).

        Notes
        -----
        Closed form of the gnomonic deprojection (Calabretta & Greisen 2002, section 5.1.3).
        """
        if isinstance(x, float) and isinstance(y, float):
            return self._sky_of_one(x, y)
        (xx, xy), (yx, yy) = np.radians(self.cd_matrix())
        dx = np.asarray(x, dtype=np.float64) - self.centre_px[0]
        dy = np.asarray(y, dtype=np.float64) - self.centre_px[1]
        xi, eta = xx * dx + xy * dy, yx * dx + yy * dy
        cosine, sine = _cosine_sine(self.dec_deg)
        depth = cosine - eta * sine
        ra_deg = np.mod(self.ra_deg + np.degrees(np.arctan2(xi, depth)), 360.0)
        dec_deg = np.degrees(np.arctan2(sine + eta * cosine, np.hypot(xi, depth)))
        return _like(ra_deg), _like(dec_deg)

    def _sky_of_one(self, x: float, y: float) -> tuple[float, float]:
        """`sky` in plain numbers, many times faster for one pixel."""
        (xx, xy), (yx, yy) = self._matrix
        dx, dy = x - self.centre_px[0], y - self.centre_px[1]
        xi, eta = math.radians(xx * dx + xy * dy), math.radians(yx * dx + yy * dy)
        cosine, sine = _cosine_sine(self.dec_deg)
        depth = cosine - eta * sine
        ra_deg = (self.ra_deg + math.degrees(math.atan2(xi, depth))) % 360.0
        return ra_deg, math.degrees(math.atan2(sine + eta * cosine, math.hypot(xi, depth)))

    def pixel(self, ra_deg: Coordinate, dec_deg: Coordinate) -> tuple[Coordinate, Coordinate]:
        """Give the 0-based pixel coordinates of a place on the sky.

        Parameters
        ----------
        ra_deg, dec_deg : float or float64 array of any equal shape
            Degrees.

        Returns
        -------
        x, y : float or float64 array
            0-based image coordinates; NaN for a place 90 degrees or more from the pointing,
            which the projection cannot show.
        """
        if isinstance(ra_deg, float) and isinstance(dec_deg, float):
            return self._pixel_of_one(ra_deg, dec_deg)
        hour = np.radians(np.asarray(ra_deg, dtype=np.float64) - self.ra_deg)
        dec = np.radians(np.asarray(dec_deg, dtype=np.float64))
        cosine, sine = _cosine_sine(self.dec_deg)
        depth = sine * np.sin(dec) + cosine * np.cos(dec) * np.cos(hour)
        depth = np.where(depth > 0.0, depth, np.nan)
        xi = np.degrees(np.cos(dec) * np.sin(hour) / depth)
        eta = np.degrees((cosine * np.sin(dec) - sine * np.cos(dec) * np.cos(hour)) / depth)
        (xx, xy), (yx, yy) = self._inverse
        x = self.centre_px[0] + xx * xi + xy * eta
        y = self.centre_px[1] + yx * xi + yy * eta
        return _like(x), _like(y)

    def _pixel_of_one(self, ra_deg: float, dec_deg: float) -> tuple[float, float]:
        """`pixel` in plain numbers, many times faster for one place."""
        hour, dec = math.radians(ra_deg - self.ra_deg), math.radians(dec_deg)
        cosine, sine = _cosine_sine(self.dec_deg)
        up, across = math.sin(dec), math.cos(dec)
        depth = sine * up + cosine * across * math.cos(hour)
        if not depth > 0.0:
            return math.nan, math.nan
        xi = math.degrees(across * math.sin(hour) / depth)
        eta = math.degrees((cosine * up - sine * across * math.cos(hour)) / depth)
        (xx, xy), (yx, yy) = self._inverse
        return (
            self.centre_px[0] + xx * xi + xy * eta,
            self.centre_px[1] + yx * xi + yy * eta,
        )

    @cached_property
    def _matrix(self) -> tuple[tuple[float, float], tuple[float, float]]:
        (xx, xy), (yx, yy) = self.cd_matrix().tolist()
        return (xx, xy), (yx, yy)

    @cached_property
    def _inverse(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Pixels a degree: the inverse of the CD matrix."""
        (xx, xy), (yx, yy) = np.linalg.inv(self.cd_matrix()).tolist()
        return (xx, xy), (yx, yy)


def parse_ra(text: object) -> float | None:
    """Read 'hh:mm:ss.ss' as degrees in [0, 360); None where it is not a right ascension."""
    hours = _parse_sexagesimal(text)
    return hours * 15.0 if hours is not None and 0.0 <= hours < 24.0 else None


def parse_dec(text: object) -> float | None:
    """Read '±dd:mm:ss.s' as degrees; None where it is not a declination.

    The sign is taken from the text, not from the number of degrees: '-00:30:00' is -0.5.
    """
    degrees = _parse_sexagesimal(text)
    return degrees if degrees is not None and abs(degrees) <= 90.0 else None


def format_ra(ra_deg: float, decimals: int = 2) -> str:
    """Write degrees as 'hh:mm:ss.ss'; rounding carries over and 24 h is written as 0 h."""
    unit = 10**decimals
    ticks = round(ra_deg / 15.0 * 3600 * unit) % (24 * 3600 * unit)
    return _clock(ticks, unit, decimals)


def format_dec(dec_deg: float, decimals: int = 1) -> str:
    """Write degrees as '±dd:mm:ss.s'; rounding carries over and the sign is always there."""
    unit = 10**decimals
    ticks = round(abs(dec_deg) * 3600 * unit)
    return ("-" if dec_deg < 0 and ticks else "+") + _clock(ticks, unit, decimals)


def _clock(ticks: int, unit: int, decimals: int) -> str:
    whole, part = divmod(ticks, unit)
    text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{part:0{decimals}d}" if decimals else text


def _parse_sexagesimal(text: object) -> float | None:
    match = _SEXAGESIMAL.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        return None
    sign, whole, minutes, seconds = match.groups()
    if int(minutes) >= 60 or float(seconds) >= 60.0:
        return None
    value = int(whole) + (int(minutes) + float(seconds) / 60.0) / 60.0
    return -value if sign == "-" else value


def _number(value: object) -> float | None:
    """Read a card that may be a number, a numeric string or 'N/A'."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _cosine_sine(angle_deg: float) -> tuple[float, float]:
    angle = math.radians(angle_deg)
    return math.cos(angle), math.sin(angle)


def _like(values: FloatArray) -> Coordinate:
    """Give a plain float back to who asked about one pixel."""
    return float(values) if np.ndim(values) == 0 else values
