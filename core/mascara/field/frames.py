"""The raw frames of a camera, and its binned images, as sources that the frame view can show."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError, translate
from ...frames.encoding import Encoding
from ...timing.sidereal import BATCH, jd_from, sequence
from ..night.layout import NightLayout
from ..raw.header import header_of
from ..raw.names import RawFolders
from ..raw.raw_bytes import RawBytes, shape_of
from .slots import SlotFile, SlotFrames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["BinnedFrames", "CameraFrames"]

_COUNTS = Encoding(">i2", bzero=32768.0)
_MEANS = Encoding(">f4")
_ENDS = (".fits", ".fits.gz")
_OTHER_KIND = re.compile("dark|bias|flat", re.IGNORECASE)
_ANY_CAMERA = re.compile(r"(?<![A-Z])[A-Z]{2}[NESWC](?![A-Z])")
_NIGHT_FOLDER = re.compile(r"\d{8}[A-Z]{2}[NESWC]")
_BINNED = re.compile(r"(\d{8}T\d{6})[A-Z]{3}\.fits")


class CameraFrames(SlotFrames):
    """Science frames of a camera as it wrote them, without the overscan around them.

    A pixel has the numbers that it has in the products. Nothing is taken off: the counts are
    those of the file. Frames that are still growing are left out until they are whole.

    Parameters
    ----------
    folders : sequence of Path
        Of raw frames; nights inside are looked into, as the reduction does.
    camera : str
        Its id, such as LPC.
    """

    def __init__(self, folders: Sequence[Path], camera: str) -> None:
        super().__init__(f"{camera} raw frames", _COUNTS)
        self.camera = camera
        self._folders = tuple(folders)
        # Told of names that can be frames of this camera: nobody waits for headers of the others.
        self._known = RawFolders(())
        self._seen: set[str] = set()

    def _listed(self) -> Sequence[SlotFile]:
        for folder in self._folders:
            try:
                self._look_into(folder, is_outer=True)
            except OSError as error:
                raise translate(error, folder) from error
        found = {
            file.lstseq: SlotFile(file.lstseq, file.path)
            for file in self._known.scan()
            if file.camera == self.camera and file.kind == "science" and file.is_whole
        }
        return sorted(found.values())

    def _look_into(self, folder: str | Path, *, is_outer: bool) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                if is_outer and self._is_night(entry.name):
                    self._look_into(entry.path, is_outer=False)
                elif entry.path not in self._seen:
                    self._seen.add(entry.path)
                    if self._is_candidate(entry.name):
                        self._known.add(Path(entry.path))

    def _is_night(self, name: str) -> bool:
        return name.endswith(self.camera) and _NIGHT_FOLDER.fullmatch(name) is not None

    def _is_candidate(self, name: str) -> bool:
        if not name.endswith(_ENDS) or name.startswith(".") or _OTHER_KIND.search(name):
            return False
        return self.camera in name or not _ANY_CAMERA.search(name)

    def _pixels(self, file: SlotFile) -> tuple[NDArray[Any], float | None]:
        from ..raw.frame import check_counts

        raw = RawBytes(file.path)
        cards = raw.header()
        header = header_of(cards, file.path)
        check_counts(cards, file.path)
        counts = np.empty(shape_of(cards) or (0, 0), _COUNTS.storage)
        raw.fill(counts.reshape(-1).view(np.uint8).data)
        return counts[header.active].copy(), header.jd


class BinnedFrames(SlotFrames):
    """Binned images of a camera in a night: means of the frames of a batch.

    Parameters
    ----------
    output : Path
        Folder of the products.
    night : str
        Evening date, YYYYMMDD.
    camera : str
    """

    def __init__(self, output: Path, night: str, camera: str) -> None:
        super().__init__(f"{camera} binned images", _MEANS)
        self.camera = camera
        self._folder = NightLayout(output).camera_night(night, camera).folder / "binned"

    def _listed(self) -> Sequence[SlotFile]:
        try:
            paths = list(self._folder.iterdir())
        except FileNotFoundError:  # no batch is finished yet
            return ()
        except OSError as error:
            raise translate(error, self._folder) from error
        named = ((path, _BINNED.fullmatch(path.name)) for path in paths)
        return sorted(SlotFile(_slot_of(match[1]), path) for path, match in named if match)

    def _pixels(self, file: SlotFile) -> tuple[NDArray[Any], float | None]:
        from ...frames.fits_image import FitsImageSource

        image = FitsImageSource(file.path)
        try:
            if image.encoding.native.kind != "f":
                raise NightglassError(
                    "Not a binned image",
                    f"{file.path.name} does not hold means of counts.",
                    "Have its batch made again.",
                    file.path,
                )
            return image.read(0).astype(_MEANS.storage), image.cards.number("JD")
        finally:
            image.close()


def _slot_of(stamp: str) -> int:
    """Slot that stands for a batch, from the time in the name of its image.

    The name leaves out parts of a second, so the batch is told by the time and the slot by it.
    """
    moment = datetime.strptime(stamp, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    number = int(np.floor(float(sequence(float(jd_from(moment))))))
    return number // BATCH * BATCH + BATCH // 2
