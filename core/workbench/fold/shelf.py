"""The par files that are folded on, those used of late, and those of a folder to choose from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from psygnal import Signal

from ...errors import NightglassError
from .listing import ParListing, aim_of, read_listing
from .loading import Chosen, Want, import_pint, loaded, text_or_trouble, want_of, wants_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence

    from ...engine.engine import Engine
    from ...problems import ProblemList
    from ...session.view import Session, View
    from ...settings import Settings
    from ...timing.sites import Site
    from ..desk import Desk

MOST_CHOSEN = 4
_LOAD, _LIST, _READ = "load par files", "list par files", "read par file"
_PREPARE = "import PINT"


class EphemerisShelf:
    """Loads par files in the background and keeps those that are chosen; owner thread only.

    At most four are folded on at once. A file that has changed on the disk is loaded anew when
    it is chosen again; one that cannot be used goes to the problems, and what was chosen stays.

    Parameters
    ----------
    engine : Engine
    desk : Desk
        Its settings tell the site, the folder and what was used of late.
    session : Session
        The capture shown tells where the telescope points.
    problems : ProblemList
    keep : callable
        Takes settings with other par files used of late, or another folder.

    Attributes
    ----------
    chosen : tuple of Chosen
        In the order of choosing; the first one is edited and dragged.
    is_loading : bool
        Whether par files are being loaded; the first time it takes seconds.
    listing : ParListing
        What there is to choose from, as of the last `refresh`.

    Signals: `changed` when `chosen` is another, `loading_changed`, `listed` when `listing` is
    another, `site_changed`.
    """

    changed = Signal()
    loading_changed = Signal()
    listed = Signal()
    site_changed = Signal()

    def __init__(
        self,
        engine: Engine,
        desk: Desk,
        session: Session,
        problems: ProblemList,
        keep: Callable[[Settings], object],
    ) -> None:
        self._engine, self._desk, self._session = engine, desk, session
        self._problems, self._keep = problems, keep
        self.chosen: tuple[Chosen, ...] = ()
        self.is_loading = False
        self.listing = ParListing()
        self._wanted: tuple[Want, ...] = ()
        self._site: Site | None = None
        self._site_set = _site_of(desk.settings)
        self._is_listed = False
        session.changed.connect(self._on_view_changed)

    def close(self) -> None:
        """Stop all work and listen no more."""
        self._session.changed.disconnect(self._on_view_changed, missing_ok=True)
        for key in (_LOAD, _LIST, _READ, _PREPARE):
            self._engine.drop(key)

    # Where the camera stands

    @property
    def site(self) -> Site:
        """Where the camera stands: that of the settings, unless another was set.

        Raises
        ------
        NightglassError
            If the settings name a site that is not known.
        """
        from ...timing.sites import find_site

        settings = self._desk.settings
        return self._site or find_site(settings.site, settings.sites)

    @site.setter
    def site(self, site: Site | None) -> None:
        self._site = site
        self.site_changed.emit()

    # What is chosen

    def prepare(self) -> None:
        """Import PINT in the background: somebody is about to choose, and it takes seconds."""
        self._engine.latest(_PREPARE, lambda _: import_pint(), title="Load PINT", lane="watch")

    def choose(self, paths: Iterable[str | os.PathLike[str]]) -> None:
        """Fold on these par files, and on no others."""
        self._load(wants_of(paths))

    def add(self, path: str | os.PathLike[str]) -> None:
        """Fold on this one as well."""
        self._load((*self._wanted, *wants_of([path])))

    def remove(self, path: Path | None) -> None:
        """Fold on this one no more; None stands for a text without a file."""
        self._load([want for want in self._wanted if want.path != path])

    def use_text(self, text: str, name: str) -> None:
        """Fold on the text of a par file that is in no file, and on no other."""
        self._load([Want(None, name, text if "\n" in text else f"{text}\n")])

    def _load(self, wanted: Iterable[Want]) -> None:
        wants = tuple(dict.fromkeys(wanted))
        if len(wants) > MOST_CHOSEN:
            self._problems.report(_too_many(len(wants)))
            return
        self._wanted = wants
        if not wants:
            self._engine.drop(_LOAD)
            self._take([])
            return
        known = {want_of(one): one for one in self.chosen}
        self._set_loading(True)
        self._engine.latest(
            _LOAD,
            lambda ctx: loaded(wants, known, ctx),
            title=f"Load {', '.join(want.name for want in wants)}",
            lane="watch",
            policy="replace",
            quiet=False,
            on_result=self._take,
            on_error=lambda error: self._take([error]),
        )

    def _take(self, results: Sequence[Chosen | NightglassError]) -> None:
        for one in results:
            if isinstance(one, NightglassError):
                self._problems.report(one)
        usable = tuple(one for one in results if isinstance(one, Chosen))
        is_same = usable == self.chosen or (not usable and bool(results))
        if not is_same:
            self.chosen = usable
        self._wanted = tuple(map(want_of, self.chosen))
        self._remember([one.path for one in usable if one.path is not None])
        self._set_loading(False)
        if not is_same:
            self.changed.emit()

    def _set_loading(self, is_loading: bool) -> None:
        if is_loading != self.is_loading:
            self.is_loading = is_loading
            self.loading_changed.emit()

    def _remember(self, paths: Sequence[Path]) -> None:
        settings = self._desk.settings
        names = [str(path) for path in paths]
        kept = [name for name in settings.recent_pars if name not in names]
        recent = (names + kept)[: settings.max_recent]
        if recent != settings.recent_pars:
            self._keep(settings.changed(recent_pars=recent))
            self._list_again()

    # What there is to choose from

    @property
    def folder(self) -> Path | None:
        """Folder to choose from: the one chosen last, else that of the par file used last."""
        settings = self._desk.settings
        if settings.par_folder is not None or not settings.recent_pars:
            return settings.par_folder
        return Path(settings.recent_pars[0]).parent

    def look_in(self, folder: Path) -> None:
        """Choose from this folder from now on."""
        folder = folder.absolute()
        if folder != self._desk.settings.par_folder:
            self._keep(self._desk.settings.changed(par_folder=folder))
        self.refresh()

    def refresh(self) -> None:
        """Read the folder and what was used of late anew, in the background."""
        self._is_listed = True
        folder = self.folder
        recent = [Path(name) for name in self._desk.settings.recent_pars]
        shown = self._desk.get(self._session.view.capture)
        aim, path = aim_of(shown), None if shown is None else shown.source.path
        self._engine.latest(
            _LIST,
            lambda _: read_listing(folder, recent, aim, path),
            title="Read the folder of par files",
            lane="watch",
            policy="replace",
            on_result=self._take_listing,
        )

    def read(self, path: Path, on_text: Callable[[str], object]) -> None:
        """Read the text of a par file in the background; trouble is told in place of it."""
        self._engine.latest(
            _READ,
            lambda _: text_or_trouble(path),
            title=f"Read {path.name}",
            lane="watch",
            policy="replace",
            on_result=on_text,
        )

    def use_settings(self) -> None:
        """Take note of other settings: of the site above all."""
        before, self._site_set = self._site_set, _site_of(self._desk.settings)
        if self._site is None and before != self._site_set:
            self.site_changed.emit()

    def _take_listing(self, listing: ParListing) -> None:
        if listing != self.listing:
            self.listing = listing
            self.listed.emit()

    def _list_again(self) -> None:
        """Keep a list that somebody has looked at up to date."""
        if self._is_listed:
            self.refresh()

    def _on_view_changed(self, before: View, after: View) -> None:
        if before.capture != after.capture:
            self._list_again()


def _site_of(settings: Settings) -> tuple[object, ...]:
    return settings.site, settings.sites


def _too_many(count: int) -> NightglassError:
    return NightglassError(
        "Too many par files",
        f"{count} par files were chosen; at most {MOST_CHOSEN} are folded on at once.",
        "Choose fewer, or take one away first.",
    )
