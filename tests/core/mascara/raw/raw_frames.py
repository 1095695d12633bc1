"""Small raw frames as the cameras write them, for tests."""

import gzip
import io

import numpy as np
from astropy.io import fits

X0, Y0, NX, NY = 5, 3, 40, 24
SHAPE = NY + 2 * Y0, NX + 2 * X0
CARDS = {
    "LSTSEQ": 48506263,
    "LST": 21.83338055802537,
    "LSTIDX": 763,
    "JD": 2459876.516233906,
    "UTC-OBS": "2022-10-24 00:23:22.609478",
    "EXPTIME": 6.382928100414574,
    "CCDTEMP": -15.0,
    "DWLDTIME": 1.5,
    "MARGTIME": 0.25,
    "SITE-OBS": "LaSilla",
    "CAMERA": "C",
    "X0": X0,
    "XSIZE": NX,
    "Y0": Y0,
    "YSIZE": NY,
    "APIVER": "1.71",
    "AVERSION": "2017.00",
}


def sky_counts(seed=1, level=1150, sigma=25, shape=SHAPE):
    numbers = np.random.default_rng(seed).normal(level, sigma, shape)
    return np.clip(numbers.round(), 0, 65535).astype(np.uint16)


def content(counts=None, **cards):
    """Bytes of a frame; a card that is None is left out."""
    hdu = fits.PrimaryHDU(sky_counts() if counts is None else counts)
    for keyword, value in (CARDS | cards).items():
        if value is not None:
            hdu.header[keyword.replace("_", "-")] = value
    file = io.BytesIO()
    hdu.writeto(file)
    return file.getvalue()


def write_raw(path, counts=None, **cards):
    data = content(counts, **cards)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path
