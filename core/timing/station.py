"""A place with cameras: where it is on the Earth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Station:
    """A place with cameras.

    Parameters
    ----------
    name : str
        Such as LaPalma.
    code : str
        The two letters with which the ids of its cameras begin, such as LP.
    latitude_deg, longitude_deg : float
        Geodetic (WGS84), east positive.
    elevation_m : float
        Height above the sea.
    """

    name: str
    code: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
