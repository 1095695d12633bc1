"""Header bytes of the three HDUs, made by astropy once and patched per cube.

The acquisition program writes every camera property under its driver name, as a text where the
driver has one and as a float otherwise (facts 2.2 to 2.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import telescope
from .camera import FILTERS, OFFSET_ADU, PIXEL_UM, SENSOR_COLUMNS, SENSOR_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .settings import CaptureSettings

BLOCK = 2880
_CARD = 80
Value = str | float | bool


def primary_bytes(settings: CaptureSettings, number: int, gps: str | None) -> bytes:
    """Return the primary header: object, GPS start (None leaves the card out), cube number."""
    from astropy.io import fits

    header = fits.PrimaryHDU().header
    header["OBJECT"] = settings.object_name
    if gps is not None:
        header["GPSSTART"] = gps
    header["CUBEIDX"] = number
    return _bytes(header)


def image_bytes(
    settings: CaptureSettings, bundles: int, words: Mapping[str, str], dtype: str = "uint16"
) -> bytes:
    """Return the header of DATA_CUBE for `bundles` bundles and the telescope's `words`."""
    import numpy as np
    from astropy.io import fits

    rows, columns = settings.shape
    header = fits.ImageHDU(np.zeros((1, 1, 1), dtype=dtype), name="DATA_CUBE").header
    header["NAXIS1"] = columns
    header["NAXIS2"] = rows * settings.bundle
    header["NAXIS3"] = bundles
    for name, value in {
        **camera_cards(settings),
        **instrument_cards(settings),
        **words,
    }.items():
        long = len(name) > 8 or " " in name
        header[f"HIERARCH {name}" if long else name] = value
    return _bytes(header)


def table_bytes(rows: int) -> bytes:
    """Return the header of TIMESTAMPS for `rows` bundles."""
    import numpy as np
    from astropy.io import fits

    columns = [
        fits.Column("TIMESTAMP", "D", array=np.zeros(0)),
        fits.Column("FRAMESTAMP", "K", array=np.zeros(0, dtype=np.int64)),
    ]
    header = fits.BinTableHDU.from_columns(columns, name="TIMESTAMPS").header
    header["NAXIS2"] = rows
    return _bytes(header)


def patched(header: bytes, **values: int) -> bytes:
    """Return header bytes with the values of fixed-format integer cards replaced."""
    for keyword, value in values.items():
        place = _card_place(header, keyword)
        card = f"{keyword:<8}= {value:>20}".encode()
        header = header[:place] + card + header[place + len(card) :]
    return header


def _card_place(header: bytes, keyword: str) -> int:
    start = f"{keyword:<8}=".encode()
    for place in range(0, len(header), _CARD):
        if header.startswith(start, place):
            return place
    raise KeyError(keyword)


def _bytes(header: Any) -> bytes:
    return str(header.tostring()).encode("ascii")


def camera_cards(settings: CaptureSettings) -> dict[str, Value]:
    """Return the driver's properties in the order it lists them."""
    return {
        **_sensor_cards(settings),
        **_trigger_cards(),
        **_subarray_cards(settings),
        **_timing_cards(settings),
        **_image_cards(settings),
    }


def _sensor_cards(settings: CaptureSettings) -> dict[str, Value]:
    return {
        "SENSOR MODE": "AREA",
        "READOUT SPEED": settings.scan.speed_code,
        "READOUT DIRECTION": "FORWARD",
        "BIT PER CHANNEL": 16.0,
        "DEFECT CORRECT MODE": "OFF",
        "HOT PIXEL CORRECT LEVEL": "MINIMUM",
        "SENSOR COOLER": "ON",
        "SENSOR COOLER STATUS": "READY",
        "SENSOR TEMPERATURE": float(settings.temperature_c),
        "SENSOR TEMPERATURE TARGET": -35.0,
        "CONVERSION FACTOR COEFF": 1.0 / settings.gain,
        "CONVERSION FACTOR OFFSET": OFFSET_ADU,
        "EXPOSURE TIME": float(settings.exposure_s),
    }


def _trigger_cards() -> dict[str, Value]:
    return {
        "TRIGGER SOURCE": "EXTERNAL",
        "TRIGGER MODE": "START",
        "TRIGGER ACTIVE": "EDGE",
        "TRIGGER POLARITY": "POSITIVE",
        "TRIGGER DELAY": 0.0,
        "OUTPUT TRIGGER KIND[0]": "PROGRAMABLE",
        "OUTPUT TRIGGER ACTIVE[0]": "EDGE",
        "OUTPUT TRIGGER POLARITY[0]": "POSITIVE",
        "OUTPUT TRIGGER DELAY[0]": 0.0,
        "OUTPUT TRIGGER PERIOD[0]": 1e-5,
        "OUTPUT TRIGGER SOURCE[0]": "VSYNC",
    }


def _subarray_cards(settings: CaptureSettings) -> dict[str, Value]:
    rows, columns = settings.shape
    top, left = settings.corner
    whole = settings.shape == (SENSOR_ROWS, SENSOR_COLUMNS)
    return {
        "BINNING": "1X1",
        "SUBARRAY HPOS": float(left),
        "SUBARRAY HSIZE": float(columns),
        "SUBARRAY VPOS": float(top),
        "SUBARRAY VSIZE": float(rows),
        "SUBARRAY MODE": "OFF" if whole else "ON",
        "FRAMEBUNDLE MODE": "ON" if settings.bundle > 1 else "OFF",
        "FRAMEBUNDLE NUMBER": float(settings.bundle),
        "FRAMEBUNDLE ROWBYTES": float(columns * 2),
        "FRAMEBUNDLE FRAME STEP BYTES": float(rows * columns * 2),
    }


def _timing_cards(settings: CaptureSettings) -> dict[str, Value]:
    interval = settings.interval_s
    return {
        "TIMING READOUT TIME": settings.readout_s,
        "TIMING CYCLIC TRIGGER PERIOD": interval,
        "TIMING MIN TRIGGER BLANKING": max(settings.readout_s - settings.exposure_s, 0.0),
        "TIMING MIN TRIGGER INTERVAL": interval,
        "TIMING GLOBAL EXPOSURE DELAY": settings.readout_s,
        "TIMING EXPOSURE": "AFTER READOUT",
        "TIMING INVALID EXPOSURE PERIOD": 0.0,
        "INTERNAL FRAME RATE": 1.0 / interval,
        "INTERNAL FRAME INTERVAL": interval,
        "INTERNAL LINE SPEED": 1.0 / settings.scan.line_s,
        "INTERNAL LINE INTERVAL": settings.scan.line_s,
        "TIME STAMP PRODUCER": "IMAGING DEVICE",
        "FRAME STAMP PRODUCER": "IMAGING DEVICE",
    }


def _image_cards(settings: CaptureSettings) -> dict[str, Value]:
    rows, columns = settings.shape
    return {
        "COLORTYPE": "B/W",
        "IMAGE WIDTH": float(columns),
        "IMAGE HEIGHT": float(rows),
        "IMAGE ROWBYTES": float(columns * 2),
        "IMAGE FRAMEBYTES": float(rows * columns * 2),
        "IMAGE TOP OFFSET BYTES": 0.0,
        "IMAGE PIXEL TYPE": "MONO16",
        "IMAGE DETECTOR PIXEL WIDTH": PIXEL_UM,
        "IMAGE DETECTOR PIXEL HEIGHT": PIXEL_UM,
        "IMAGE DETECTOR PIXEL NUM HORZ": float(SENSOR_COLUMNS),
        "IMAGE DETECTOR PIXEL NUM VERT": float(SENSOR_ROWS),
        "SYSTEM ALIVE": "ONLINE",
    }


def instrument_cards(settings: CaptureSettings) -> dict[str, Value]:
    """Return filter, shutter and the other parts of the instrument."""
    dark = settings.calibration in ("bias", "dark")
    return {
        "FILTER": f"{FILTERS.index(settings.filter_name)} ({settings.filter_name})",
        "SHUTTER": "Closed" if dark else "Open",
        "SLIT": "Out of beam",
        "HALPHA": "Neither",
        "POLSTAGE": "Neither",
        "ZREFSET": True,
        "FREFSET": True,
        "ZOOMPOS": 0.0,
        "FOCPOS": 118.5,
    }


def unavailable() -> dict[str, str]:
    """Return the telescope cards of a night without answers."""
    return dict.fromkeys(telescope.NAMES, telescope.NOT_AVAILABLE)
