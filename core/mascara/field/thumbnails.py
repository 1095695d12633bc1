"""Newest thumbnails of chosen stars of a camera, while the night runs and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..night.layout import NightLayout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..night.layout import CameraNight


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A star cut out of a binned image.

    Attributes
    ----------
    ascc : int
    group : str
        Of the list of targets.
    lstseq : int
        Slot of the image.
    pixels : ndarray of float32, shape (side, side)
        ADU; NaN beside the chip.
    """

    ascc: int
    group: str
    lstseq: int
    pixels: NDArray[np.float32]


def thumbnails_of(
    output: Path, night: str, camera: str, targets: Mapping[str, Sequence[int]]
) -> tuple[Thumbnail, ...]:
    """Newest thumbnail of each star of which there is one, in the order of the targets.

    Those of batches come from their own files, which the merge joins and removes; what goes while
    it is read is looked for in the joined file.

    Parameters
    ----------
    output : Path
        Folder of the products.
    night : str
        Evening date, YYYYMMDD.
    camera : str
    targets : mapping of str to sequence of int
        ASCC numbers by group.
    """
    place = NightLayout(output).camera_night(night, camera)
    return tuple(
        Thumbnail(star, group, *found)
        for group, stars in sorted(targets.items())
        for star, found in _newest(place, group, stars).items()
    )


_Found = tuple[int, "NDArray[np.float32]"]


def _newest(place: CameraNight, group: str, stars: Sequence[int]) -> dict[int, _Found]:
    """What there is of each star of a group; the newest files are read first."""
    found: dict[int, _Found] = {}
    for path in _files(place, group):
        wanted = [star for star in stars if star not in found]
        if not wanted:
            break
        found |= _read(path, wanted)
    return {star: found[star] for star in stars if star in found}


def _files(place: CameraNight, group: str) -> Iterator[Path]:
    """Files of a group: its batches from the newest on, then the joined one."""
    yield from reversed(place.group(group))
    yield place.folder / "thumbs" / f"{group}_{place.name}.hdf5"


def _read(path: Path, stars: Sequence[int]) -> dict[int, _Found]:
    """Newest thumbnails in a file; none where it is gone or not whole."""
    import h5py

    found: dict[int, _Found] = {}
    try:
        with h5py.File(path, "r") as file:
            for star in stars:
                group = file.get(f"stamps/{star}")
                if group is not None and len(group["lstseq"]):
                    pixels = np.asarray(group["stamps"][-1], np.float32)
                    found[star] = int(group["lstseq"][-1]), pixels
    except (OSError, KeyError):  # removed by the merge, or being replaced
        return {}
    return found
