"""What somebody asks for when a night is to be reduced, and how it is made ready."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import NightglassError, translate
from ..letters import LETTERS
from ..settings import load_settings
from .driver import Driver, NightRun
from .layout import NightLayout
from .reading import read_night
from .source import CameraChoice, FolderSource
from .star_file import save_stars

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...engine.journal import Record
    from ...stars.table import StarTable
    from ..settings import ReductionSettings
    from .source import Source

TARGETS = "targets.dat"
"""Beside the raw frames: groups of stars of which thumbnails are kept."""
IDLE_S = 1200.0
"""A live night is over when no camera wrote anything for so long."""


@dataclass(frozen=True)
class NightRequest:
    """One reduction, as asked for.

    Parameters
    ----------
    raw : tuple of Path
        Folders of raw frames.
    output : Path
        Folder of the products.
    cameras : tuple of str
        Letters (C) or ids (LPC); empty means all that are found.
    catalogue : Path or None
        Star catalogue; None: the one in a raw folder, else the imported one.
    config : Path or None
        Settings file.
    workers : int
        Units at the same time.
    is_live : bool
        Whether the cameras still write.
    idle_s : float
        Live: silence after which the night is over, seconds.
    resume : bool
        Go on where an earlier run in the same folder ended.
    station : str
        Code of the only station whose cameras are reduced; empty for all.
    """

    raw: tuple[Path, ...]
    output: Path
    cameras: tuple[str, ...] = ()
    catalogue: Path | None = None
    config: Path | None = None
    workers: int = 2
    is_live: bool = False
    idle_s: float = IDLE_S
    resume: bool = False
    station: str = ""

    def as_json(self) -> dict[str, Any]:
        """Fields as JSON can carry them, paths absolute."""
        return {
            "raw": [str(folder.absolute()) for folder in self.raw],
            "output": str(self.output.absolute()),
            "cameras": list(self.cameras),
            "catalogue": self.catalogue and str(self.catalogue.absolute()),
            "config": self.config and str(self.config.absolute()),
            "workers": self.workers,
            "is_live": self.is_live,
            "idle_s": self.idle_s,
            "station": self.station,
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any], *, resume: bool) -> NightRequest:
        """The same again, from a journal."""
        return cls(
            raw=tuple(Path(folder) for folder in fields["raw"]),
            output=Path(fields["output"]),
            cameras=tuple(fields["cameras"]),
            catalogue=fields["catalogue"] and Path(fields["catalogue"]),
            config=fields["config"] and Path(fields["config"]),
            workers=fields["workers"],
            is_live=fields["is_live"],
            idle_s=fields["idle_s"],
            resume=resume,
            station=fields["station"],
        )


def start(request: NightRequest, tell: Callable[[Record], None] | None = None) -> Driver:
    """Make a driver for a request of raw folders.

    Raises
    ------
    NightglassError
        If folders, catalogue or settings are not usable, or the folder holds another night.
    """
    check_folders(request)
    return driver_of(request, None, tell)


def driver_of(
    request: NightRequest,
    source: Source | None = None,
    tell: Callable[[Record], None] | None = None,
) -> Driver:
    """Make a driver for a request and a source of frames (None: its raw folders)."""
    settings = _with_targets(load_settings(request.config), request.raw)
    layout = layout_of(request.output, settings)
    catalogue, key = prepared_catalogue(request, settings, layout)
    run = NightRun(
        layout=layout,
        settings=settings,
        catalogue=catalogue,
        catalogue_key=key,
        workers=request.workers,
        is_live=request.is_live,
        header=header_of(request, settings),
    )
    return Driver(run, source or source_of(request), tell)


def _with_targets(settings: ReductionSettings, raw: tuple[Path, ...]) -> ReductionSettings:
    """Add the groups of stars of a ``targets.dat`` in a raw folder; the settings win."""
    from ..stacking.targets import read_targets

    found: dict[str, tuple[int, ...]] = {}
    for folder in raw:
        if (folder / TARGETS).exists():
            found |= read_targets(folder / TARGETS)
    return settings.model_copy(update={"targets": found | settings.targets})


def header_of(request: NightRequest, settings: ReductionSettings) -> dict[str, Any]:
    """What the first line of a run tells besides its time."""
    from .... import __version__

    return {
        "program": __version__,
        "request": request.as_json(),
        "config": settings.model_dump(mode="json"),
    }


def layout_of(output: Path, settings: ReductionSettings) -> NightLayout:
    """Folders of the products."""
    kept = settings.calibration_folder
    return NightLayout(output, Path(kept).expanduser() if kept else None)


def source_of(request: NightRequest) -> Source:
    """The raw folders, watched when the request is live."""
    idle_s = request.idle_s if request.is_live else None
    choice = CameraChoice(request.cameras, request.station)
    return FolderSource(request.raw, choice, idle_s)


def check_folders(request: NightRequest) -> None:
    """Refuse raw folders that are not there and an output that holds another night."""
    for folder in request.raw:
        if not folder.is_dir():
            raise NightglassError(
                "There is no such raw folder",
                f"{folder} {'is not a folder' if folder.exists() else 'is not there'}.",
                "Check the path; several folders may be given.",
                folder,
            )
        if request.output.resolve() == folder.resolve():
            raise NightglassError(
                "Products must not go into the raw folder",
                f"{folder} is both raw folder and output.",
                "Choose another folder with --output.",
                folder,
            )
    journal = NightLayout(request.output).journal
    if journal.exists() and not request.resume:
        raise NightglassError(
            "This folder holds a night already",
            f"{journal} is the record of an earlier run.",
            "Go on with it by --resume, or choose another folder with --output.",
            request.output,
        )


def prepared_catalogue(
    request: NightRequest, settings: ReductionSettings, layout: NightLayout
) -> tuple[Path, str]:
    """The stars that matter, with blending values, where every worker reads them at once.

    Returns
    -------
    path : Path
    digest : str
        Of the stars and their facts.
    """
    from ...stars.library import find_catalogue
    from ...stars.table import read_catalogue

    found = find_catalogue(request.catalogue, request.raw)
    table = read_catalogue(found)
    stars = _wanted(table, settings)
    if len(stars) == 0:
        raise NightglassError(
            "The catalogue has no usable star",
            f"None of the {len(table):,} stars in {found.name} is brighter than "
            f"V {settings.slow_limit_vmag:g}.",
            "Check its magnitudes, or raise the limit in the settings.",
            found,
        )
    folder = layout.output / "work"
    try:
        return save_stars(folder, stars)
    except OSError as error:
        raise translate(error, folder) from error


def _wanted(table: StarTable, settings: ReductionSettings) -> StarTable:
    """Stars of the slow light curves and targets; neighbours count before they are left out."""
    from ...stars.table import with_blending, with_targets

    targets = {number for group in settings.targets.values() for number in group}
    whole = with_targets(with_blending(table, max(settings.fast_radii_px)), targets)
    return whole.select((whole.vmag <= settings.slow_limit_vmag) | whole.included)


def last_request(output: Path) -> NightRequest:
    """The request of the newest run in a folder, which may have been moved since.

    Raises
    ------
    NightglassError
        If no night was ever reduced there, or the request is not whole.
    """
    runs = [record for record in read_night(NightLayout(output).journal) if "request" in record]
    if not runs:
        raise no_night(output)
    try:
        request = NightRequest.from_json(runs[-1]["request"], resume=True)
    except (KeyError, TypeError) as error:
        raise NightglassError(
            "Cannot go on with this night",
            f"The journal in {output} does not tell how it was begun.",
            "Start it again with 'nightglass night reduce ... --resume'.",
            output,
        ) from error
    return replace(request, output=output)


def journal_of(output: Path) -> Path:
    """The journal of the night in a folder.

    Raises
    ------
    NightglassError
        If there is none.
    """
    path = NightLayout(output).journal
    if not path.exists():
        raise no_night(output)
    return path


def no_night(output: Path) -> NightglassError:
    """The refusal of everything that needs a night in a folder."""
    return NightglassError(
        "There is no night in this folder",
        f"{output} has no journal.jsonl.",
        "Give the folder that was --output of 'nightglass night reduce'.",
        output,
    )


def camera_words(text: str) -> tuple[str, ...]:
    """Cameras from a comma list of letters or ids: ``C,E`` or ``LPC``.

    Raises
    ------
    NightglassError
        If a word is neither.
    """
    words = tuple(word.strip().upper() for word in text.split(",") if word.strip())
    for word in words:
        if len(word) not in {1, 3} or word[-1] not in LETTERS:
            raise NightglassError(
                "There is no such camera",
                f"'{word}' is neither a letter (N, E, S, W, C) nor an id such as LPC.",
                "Give letters or ids, with commas between them.",
            )
    return words
