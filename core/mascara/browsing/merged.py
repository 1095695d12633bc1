"""What a night file tells of its stars, and the points of one of them; nothing stays open."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError, translate
from ...timing.sidereal import BATCH
from ..products.records import star_dtype
from ..products.rows import data_dtype
from .batch_learning import NOT_AS_WRITTEN, narrow, radii_of
from .batch_rows import ReplacedError, Signature

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import h5py
    from numpy.typing import NDArray

    Table = NDArray[np.void]

_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
_NEEDED = data_dtype(0).names or ()


@dataclass(frozen=True, eq=False)
class MergedStars:
    """Stars of a night file in columns of shape (n,), sorted by number.

    Attributes
    ----------
    signature : Signature
        Of the file.
    ascc : ndarray of int32 or int64
    facts : structured ndarray of `products.records.star_dtype`
    points : ndarray of int32
    flagged : ndarray of int32
        -1 where the file does not tell.
    flags : ndarray of uint8
    flux, scatter : ndarray of float64
        NaN where the file does not tell.
    batches : frozenset of int
        Numbers of the batches that are in it.
    """

    signature: Signature
    ascc: NDArray[np.integer[Any]]
    facts: Table
    points: NDArray[np.int32]
    flagged: NDArray[np.int32]
    flags: NDArray[np.uint8]
    flux: NDArray[np.float64]
    scatter: NDArray[np.float64]
    batches: frozenset[int]


def signature_of(path: Path | str) -> Signature | None:
    """That of a file; None where there is none."""
    try:
        return Signature.of(os.stat(path))  # noqa: PTH116 - of hundreds of files at a time
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise


def read_stars(path: Path) -> MergedStars:
    """Read the small tables of a night file.

    Raises
    ------
    ReplacedError
        If the file is gone, or is another one meanwhile.
    NightglassError
        If it is damaged.
    """
    before = signature_of(path)
    with _opened(path) as file:
        stars = _stars(file, before)
    if before is None or signature_of(path) != before:
        raise ReplacedError
    return stars


def read_points(path: Path, ascc: int) -> tuple[Table | None, tuple[float, ...]]:
    """Read the points of a star, None where it is not in the file, and the radii of apertures.

    Raises
    ------
    ReplacedError
        If the file is gone.
    NightglassError
        If it is damaged.
    """
    with _opened(path) as file:
        name = f"data/{ascc}"
        points = _points(file[name]) if name in file else None
        return points, radii_of(file["global"].attrs)


def _points(data: h5py.Dataset) -> Table:
    points = np.asarray(data[:])
    if not set(_NEEDED) <= set(points.dtype.names or ()):
        raise ValueError("no points of a light curve")
    return points


@contextmanager
def _opened(path: Path) -> Iterator[h5py.File]:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            yield file
    except FileNotFoundError as error:
        raise ReplacedError from error
    except NOT_AS_WRITTEN as error:
        raise _unreadable(path, error) from error


def _stars(file: h5py.File, signature: Any) -> MergedStars:
    header = {name: data[:] for name, data in file["header_table"].items()}
    ascc = header["ascc"].astype(np.int64)
    # Names of datasets are sorted as texts, rows as numbers; an older file may differ.
    order = np.argsort(ascc, kind="stable")
    facts = np.zeros(len(ascc), star_dtype())
    for name in set(facts.dtype.names or ()) & set(header):
        facts[name] = header[name].astype(facts.dtype[name])
    quality = _quality(file, len(ascc))
    slots = file["station"]["lstseq"][:].astype(np.int64)
    return MergedStars(
        signature=signature,
        ascc=narrow(ascc[order]),
        facts=facts[order],
        points=header["nobs"].astype(np.int32)[order],
        **{name: values[order] for name, values in quality.items()},
        batches=frozenset(np.unique(slots // BATCH).tolist()),
    )


def _quality(file: h5py.File, count: int) -> dict[str, NDArray[Any]]:
    unknown: dict[str, NDArray[Any]] = {
        "flagged": np.full(count, -1, np.int32), "flags": np.zeros(count, np.uint8),
        "flux": np.full(count, np.nan), "scatter": np.full(count, np.nan),
    }  # fmt: skip
    if "quality" not in file:
        return unknown
    group = file["quality"]
    return {name: group[name][:].astype(values.dtype) for name, values in unknown.items()}


def _unreadable(path: Path, error: Exception) -> NightglassError:
    if isinstance(error, OSError) and error.errno:
        return translate(error, path)
    return NightglassError(
        "Cannot read the light curves of a night",
        f"{path.name} is damaged or has another layout.",
        "Make it again: 'nightglass night reduce --resume' does when it is deleted.",
        path,
    )
