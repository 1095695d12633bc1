"""The two documented programs of the reduction; both are thin over the units of `night`."""

from __future__ import annotations

import logging
import logging.handlers
from contextlib import contextmanager
from pathlib import Path
from queue import Full
from typing import TYPE_CHECKING, Any, Protocol

from .night.layout import NightLayout
from .night.request import NightRequest, driver_of
from .night.source import CameraChoice, QueueSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from queue import Queue

    from ..engine.journal import Record
    from .site import Site

__all__ = ["Reduction", "SaveItAll"]

_log = logging.getLogger(__name__)


class Event(Protocol):
    """What `threading.Event` and `multiprocessing.Event` have in common."""

    def is_set(self) -> bool:
        """Whether somebody asked for an end."""
        ...


def reduction(
    directory: str | Path,
    done_queue: Queue[tuple[str, str, str] | None] | None = None,
    site: Site | None = None,
    savout: Queue[Any] | None = None,
    event: Event | None = None,
    qlog: Queue[Any] | None = None,
    *,
    output: str | Path | None = None,
    catalogue: str | Path | None = None,
    config: str | Path | None = None,
    workers: int = 2,
) -> None:
    """Reduce raw images, those of a directory or those a camera process hands over.

    Parameters
    ----------
    directory : path-like
        Folder of the raw images.
    done_queue : queue of (tag, camera, filename), optional
        Live: filled by the camera process; None in it ends the night. The tag is science, dark,
        bias or flat. Without a queue every file of the directory is reduced.
    site : Site, optional
        The station: cameras of another one are left out. Without, every camera's name tells.
    savout : queue, optional
        Is handed the temporary file of each finished batch, for `SaveItAll`, and None at the end.
    event : event, optional
        When it is set the reduction stops; what is done stays done.
    qlog : queue, optional
        Is handed the log records.
    output : path-like, optional
        Folder of the products, ``directory/products`` without.
    catalogue, config : path-like, optional
        Star catalogue and settings file.
    workers : int
        Processes at the same time.

    Raises
    ------
    NightglassError
        If catalogue or settings are not usable, or the output cannot be written.
    """
    raw = Path(directory)
    request = NightRequest(
        raw=(raw,),
        output=Path(output) if output else raw / "products",
        catalogue=Path(catalogue) if catalogue else None,
        config=Path(config) if config else None,
        workers=workers,
        is_live=done_queue is not None,
        resume=True,
        station="" if site is None else site.station.code,
    )
    choice = CameraChoice(station=request.station)
    source = QueueSource(done_queue, raw, choice) if done_queue is not None else None
    try:
        with _logging_to(qlog):
            driver = driver_of(request, source, _handing_over(request, savout))
            driver.reduce(event.is_set if event is not None else None)
    finally:
        if savout is not None:
            _hand_over(savout, None)


def _handing_over(
    request: NightRequest, savout: Queue[Any] | None
) -> Callable[[Record], None] | None:
    """Tell the saver of each finished batch."""
    if savout is None:
        return None
    layout = NightLayout(request.output)

    def tell(record: Record) -> None:
        if record["kind"] == "unit" and record["state"] != "failed":
            place = layout.camera_night(record["night"], record["camera"])
            _hand_over(savout, str(place.batch("fast", record["bin"])))

    return tell


def _hand_over(savout: Queue[Any], what: str | None) -> None:
    """Give the saver something; one that takes nothing any more never holds up the night."""
    try:
        savout.put_nowait(what)
    except (Full, ValueError, OSError) as error:  # a full queue, or a closed one
        _log.warning("The saver takes nothing: %s was not handed over (%r)", what, error)


@contextmanager
def _logging_to(qlog: Queue[Any] | None) -> Iterator[None]:
    if qlog is None:
        yield
        return
    handler = logging.handlers.QueueHandler(qlog)
    logger = logging.getLogger(__package__)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def save_it_all(
    PathfLC: str | Path,  # noqa: N803 - documented
    PathsLC: str | Path,  # noqa: N803 - documented
    StarID: Mapping[Any, Any],  # noqa: N803 - documented
    minobs: int = 51,
) -> None:
    """Create or update the FITS light curve of every star of a dictionary.

    Parameters
    ----------
    PathfLC, PathsLC : path-like
        Folders with the temporary files of the batches so far; the light curves go into their
        folders ``lightcurves``.
    StarID : mapping
        The keys are stellar identifiers.
    minobs : int
        Stars seen in fewer exposures are left out.

    Raises
    ------
    NightglassError
        If a temporary file cannot be read or a light curve cannot be written.
    """
    from .products.star_fits import write_stars

    stars = [int(star) for star in StarID]
    for kind, folder in (("fast", Path(PathfLC)), ("slow", Path(PathsLC))):
        batches = sorted(folder.glob(f"tmp_{kind}*.hdf5")) or sorted(folder.glob("tmpdb*.h5"))
        if batches:
            write_stars(batches, folder / "lightcurves", kind, minobs, stars)


Reduction = reduction
SaveItAll = save_it_all
