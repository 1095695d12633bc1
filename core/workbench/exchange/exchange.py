"""Images, regions and the cursor to and from DS9, and everything on a SAMP hub."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psygnal import Signal

from ...errors import NightglassError
from ...exchange.xpa import Ds9
from ...wording import counted
from .ds9 import Ds9Desk
from .image import common_system, in_words, is_inside, outgoing, pixel_at, required, sky_at
from .samp import SampDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ...engine.jobs import JobContext
    from ...exchange.ds9_words import Ds9System, Ds9Words
    from ...problems import Severity
    from ...regions.entries import RegionEntry
    from ..workbench import Workbench
    from .check import PixelVerdict
    from .image import Place

TAG = "Nightglass"
"""Group in DS9 of the regions that came from here: sent again, they take their own place."""


@dataclass(frozen=True)
class _Taken:
    """Regions that DS9 told."""

    text: str
    system: Ds9System


class Exchange:
    """What the observer can do with other programs; owner thread only.

    DS9 is reached by XPA, or over the SAMP hub when it answers only there. Trouble is told as a
    warning of the problem list, what was done as a notice.

    Signals: `changed` when the state of a connection is another one; `pointed` with the 0-based
    image position where the cursor should go.

    Parameters
    ----------
    bench : Workbench
    make_ds9 : callable
        Makes the way to DS9 of one job.

    Attributes
    ----------
    ds9 : Ds9Desk
    samp : SampDesk
    verdicts : tuple of PixelVerdict
        What the last comparison with DS9 gave.
    """

    changed = Signal()
    pointed = Signal(float, float)

    def __init__(self, bench: Workbench, make_ds9: Callable[[], Ds9] = Ds9) -> None:
        self._bench = bench
        self._sent: set[str] = set()
        self.verdicts: tuple[PixelVerdict, ...] = ()
        self.samp = SampDesk(
            bench, self._point, self._complain, lambda text: self._note(text, "SAMP")
        )
        self.ds9 = Ds9Desk(bench.engine, self.samp, self._complain, make_ds9)
        self.samp.changed.connect(self.changed.emit)
        self.ds9.changed.connect(self.changed.emit)

    def close(self) -> None:
        """Leave the hub."""
        self.samp.close()

    # Images and regions

    def send_image(self) -> None:
        """Show the picture in DS9: in a new frame, or in the place of the one sent before.

        Raises
        ------
        NightglassError
            If no frame is shown.
        """
        image = outgoing(self._bench)
        sent = frozenset(self._sent)
        self._sent.add(image.name)

        def send(ds9: Ds9Words, _: JobContext) -> str:
            shown = ds9.shown()
            is_new = shown.shape is not None and shown.file not in sent
            ds9.send_image(image.values(), image.cards(), name=image.name, is_new=is_new)
            return f"DS9 shows {image.name}."

        # An order over SAMP carries a file: DS9 gets images there as everybody does.
        self.ds9.ask_by_xpa(send, "Send the image to DS9", self._note)

    def send_regions(self, idents: Iterable[int] | None = None) -> None:
        """Show regions in DS9, in the place of those sent before; its own stay.

        Parameters
        ----------
        idents : iterable of int or None
            None takes the selected ones, or all where none is.

        Raises
        ------
        NightglassError
            If there is no region, or no frame is shown.
        """
        image, entries = outgoing(self._bench), self._chosen(idents)
        sent = frozenset(self._sent)
        tagged = [replace(one, tags=(*one.tags, TAG), piece=None) for one in entries.values()]

        def send(ds9: Ds9Words, _: JobContext) -> str:
            from ...regions.text.writer import write_regions

            system = common_system(ds9.shown(), image, sent)
            text = write_regions(tagged, image.surroundings, system=system)
            ds9.set("regions", "group", TAG, "delete")
            ds9.send_regions(text)
            return f"{counted(len(tagged), 'region')} went to DS9 in {in_words(system)}."

        self.ds9.ask(send, "Send regions to DS9", self._note)

    def take_regions(self, *, add: bool = False) -> None:
        """Take the regions of the frame that DS9 shows, as one step to undo.

        Parameters
        ----------
        add : bool
            Put them beside those there are, not in their place.

        Raises
        ------
        NightglassError
            If no frame is shown.
        """
        image, sent = outgoing(self._bench), frozenset(self._sent)

        def take(ds9: Ds9Words, _: JobContext) -> _Taken:
            system = common_system(ds9.shown(), image, sent)
            return _Taken(ds9.regions(system), system)

        self.ds9.ask(
            take, "Take regions from DS9", lambda taken: self._take_regions(taken, add=add)
        )

    def _take_regions(self, taken: _Taken, *, add: bool) -> None:
        if not taken.text:
            self._note("The frame shown in DS9 has no regions.")
            return
        regions = self._bench.regions
        try:
            entries = [_untagged(entry) for entry in regions.parsed(taken.text)]
        except NightglassError as error:
            self._complain(error)
            return
        if add:
            regions.list.add(entries, "Add regions of DS9")
        else:
            regions.list.replace_all(entries, None, "Take regions of DS9")
        self._note(f"{counted(len(entries), 'region')} came from DS9 in {in_words(taken.system)}.")

    def _chosen(self, idents: Iterable[int] | None) -> dict[int, RegionEntry]:
        regions = self._bench.regions.list
        wanted = frozenset(idents) if idents is not None else regions.selection
        found = {i: one for i, one in regions.entries.items() if i in wanted or not wanted}
        found = {i: one for i, one in found.items() if one.shape is not None}
        if not found:
            raise NightglassError(
                "No region", "There is no region to send.", "Draw or open some first."
            )
        return found

    # The cursor

    def send_cursor(self, place: Place | None) -> None:
        """Let the crosshair of DS9 stand at a place of our frame.

        Parameters
        ----------
        place : (x, y) or None
            0-based image position.

        Raises
        ------
        NightglassError
            If there is no place, or no frame is shown.
        """
        here = required(place)
        image, sent = outgoing(self._bench), frozenset(self._sent)

        def send(ds9: Ds9Words, _: JobContext) -> str:
            system = common_system(ds9.shown(), image, sent)
            x, y = here[0] + 1.0, here[1] + 1.0
            if system == "fk5":
                x, y = sky_at(image.surroundings, here, "fk5")
            ds9.set_crosshair(x, y, system)
            ds9.pan_to(x, y, system)
            return "The crosshair of DS9 is at this place."

        self.ds9.ask(send, "Send the cursor to DS9", self._note)

    def take_cursor(self) -> None:
        """Move our cursor to the crosshair of DS9; `pointed` tells where.

        Raises
        ------
        NightglassError
            If no frame is shown.
        """
        image, sent = outgoing(self._bench), frozenset(self._sent)

        def take(ds9: Ds9Words, _: JobContext) -> Place:
            system = common_system(ds9.shown(), image, sent)
            x, y = ds9.crosshair(system)
            if system == "fk5":
                return pixel_at(image.surroundings, x, y, "fk5")
            return x - 1.0, y - 1.0

        self.ds9.ask(
            take, "Take the cursor of DS9", lambda place: self._point(place, image.shape, "DS9")
        )

    def _point(self, place: Place, shape: tuple[int, int], who: str) -> None:
        if is_inside(place, shape):
            self.pointed.emit(*place)
        else:
            self._note(f"{who} points at a place outside this frame.", "Cursor")

    # The same pixels

    def check(self, idents: Iterable[int] | None = None) -> None:
        """Compare the pixels of regions with those that DS9 counts; `verdicts` keeps the outcome.

        Parameters
        ----------
        idents : iterable of int or None
            None takes the selected ones, or all where none is.

        Raises
        ------
        NightglassError
            If there is no region, or no frame is shown.
        """
        image, entries = outgoing(self._bench), self._chosen(idents)

        def compare(ds9: Ds9Words, ctx: JobContext) -> tuple[PixelVerdict, ...]:
            from .check import check_same_pixels

            return check_same_pixels(ds9, entries, image.shape, ctx)

        self.ds9.ask_by_xpa(
            compare, "Compare pixels with DS9", self._take_verdicts, ends_gently=True
        )

    def _take_verdicts(self, verdicts: tuple[PixelVerdict, ...]) -> None:
        from .check import summary

        self.verdicts = verdicts
        differs = any(verdict.outcome == "differs" for verdict in verdicts)
        severity: Severity = "warning" if differs else "notice"
        self._bench.problems.note(severity, "Compared with DS9", summary(verdicts))

    # How

    def _complain(self, error: NightglassError) -> None:
        self._bench.problems.note("warning", error.title, error.text, error.hint, error.path)

    def _note(self, text: str, title: str = "DS9") -> None:
        self._bench.problems.note("notice", title, text)


def _untagged(entry: RegionEntry) -> RegionEntry:
    """A region of DS9 as one of ours."""
    tags = tuple(tag for tag in entry.tags if tag != TAG)
    return replace(entry.detached(), tags=tags)
