"""Headers of raw frames, as the two stations write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...timing.sidereal import SLOTS_PER_DAY, datetime_from, local_h
from .chip import LEFT, TOP, raw_shape

if TYPE_CHECKING:
    from ...timing.station import Station
    from .plan import Exposure

BLOCK = 2880
_CARD = 80
_DOWNLOAD_S, _MARGIN_S = 4.871, 0.114
_VERSIONS = {"LaPalma": ("1.27", "2015.02"), "LaSilla": ("1.104", "2017.11")}
Value = str | int | float | bool


def header_bytes(exposure: Exposure, station: Station, shape: tuple[int, int]) -> bytes:
    """Return the header of a raw frame around an active window of (rows, columns)."""
    rows, columns = raw_shape(shape)
    if exposure.fault == "wrong-size":
        rows //= 2
    cards: dict[str, Value] = {
        "SIMPLE": True, "BITPIX": 16, "NAXIS": 2, "NAXIS1": columns, "NAXIS2": rows,
        "BSCALE": 1, "BZERO": 32768, "X0": LEFT, "XSIZE": shape[1], "Y0": TOP, "YSIZE": shape[0],
    }  # fmt: skip
    cards |= _camera_cards(exposure, station) | _time_cards(exposure, station)
    if exposure.fault == "no-card":
        del cards["JD"]
    text = "".join(_card(name, value) for name, value in cards.items()) + f"{'END':<80}"
    return text.ljust(-(-len(text) // BLOCK) * BLOCK).encode("ascii")


def _camera_cards(exposure: Exposure, station: Station) -> dict[str, Value]:
    api, acquisition = _VERSIONS[station.name]
    site = "Leiden" if exposure.fault == "wrong-site" else station.name
    return {
        "SITE-OBS": site,
        "CAMERA": exposure.camera[2],
        "EXPTIME": round(exposure.exposure_s, 6),
        "CCDTEMP": round(exposure.ccd_c, 3),
        "DWLDTIME": _DOWNLOAD_S,
        "MARGTIME": _MARGIN_S,
        "APIVER": api,
        "AVERSION": acquisition,
    }


def _time_cards(exposure: Exposure, station: Station) -> dict[str, Value]:
    """La Palma writes the Julian date as a text and the index; La Silla neither."""
    lst_h = float(local_h(exposure.jd, station.longitude_deg))
    when = datetime_from(exposure.jd).strftime("%Y-%m-%d %H:%M:%S.%f")
    cards: dict[str, Value] = {"LSTSEQ": exposure.lstseq, "LST": lst_h, "UTC-OBS": when}
    if station.name == "LaPalma":
        return cards | {"LSTIDX": exposure.lstseq % SLOTS_PER_DAY, "JD": repr(exposure.jd)}
    return cards | {"JD": exposure.jd}


def _card(name: str, value: Value) -> str:
    if isinstance(value, bool):
        text = f"{'T' if value else 'F':>20}"
    elif isinstance(value, str):
        text = f"'{value:<8}'"
    else:
        text = f"{value!r:>20}"
    return f"{name:<8}= {text}".ljust(_CARD)
