"""The window itself: panels, themes, settings, help."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QApplication, QMessageBox

from ... import __version__
from ...core.settings import save_settings
from ..specs import DOCKS
from ..theme import apply_theme
from .frames import SLOTS

if TYPE_CHECKING:
    from ...core.settings import Settings
    from ...core.workbench import Workbench
    from ..main_window import MainWindow
    from ..theme import Roles
    from .commands import Command
    from .radial import RadialController

ABOUT = (
    "<h3>Nightglass {version}</h3>"
    "<p>Quick look for high-speed and all-night cameras.</p>"
    "<p>BSD 3-Clause License. Frame times are UTC, mid-exposure, with the constant term of the "
    "settings. Site: {site}.</p>"
)


class ShellController(QObject):
    """Panels, themes, settings and help."""

    def __init__(
        self,
        workbench: Workbench,
        window: MainWindow,
        radial: RadialController,
        app: QApplication,
        roles: Roles,
    ) -> None:
        super().__init__(window)
        self._bench = workbench
        self._window = window
        self._radial = radial
        self._app = app
        self._roles = roles
        window.set_roles(roles)
        window.status.problemsRequested.connect(lambda: window.show_dock("problems", True))
        window.toasts.detailsRequested.connect(self._show_details)
        for view, slot in zip(window.area.views, SLOTS, strict=True):
            view.doubleClicked.connect(partial(self._measure, slot))
        radial.measured.connect(self._show_radial)
        workbench.settings_changed.connect(self._on_settings_changed)
        self._on_settings_changed(workbench.settings)
        window.actions_set.set_checked(f"theme.{roles.name}")

    def stop(self) -> None:
        """Close what stands beside the window."""

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that this controller answers for."""
        window = self._window
        rows: dict[str, Command] = {
            "file.quit": lambda _: window.close(),
            "edit.settings": lambda _: self._edit_settings(),
            "help.shortcuts": lambda _: self._show_shortcuts(),
            "help.about": lambda _: self._show_about(),
            "view.full-screen": self._fill_screen,
            "view.picture-only": window.show_only_picture,
            "window.reset": lambda _: window.reset_arrangement(),
            "window.next-panel": lambda _: window.focus_panel(1),
            "window.previous-panel": lambda _: window.focus_panel(-1),
        }
        for name, *_ in DOCKS:
            rows[f"dock.{name}"] = partial(window.show_dock, name)
        for theme in ("light", "dark", "red"):
            rows[f"theme.{theme}"] = partial(self._wear, theme)
        return rows

    def _fill_screen(self, is_full: bool) -> None:
        state = self._window.windowState()
        full = Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state | full if is_full else state & ~full)

    def _wear(self, theme: str, _: bool) -> None:
        self._bench.use_settings(self._bench.settings.changed(theme=theme))

    def _on_settings_changed(self, settings: Settings) -> None:
        self._window.actions_set.set_overrides(settings.keys)
        self._window.actions_set.set_recent(settings.recent)
        if settings.theme != self._roles.name:
            self._roles = apply_theme(self._app, settings.theme)
            self._window.set_roles(self._roles)
            self._window.actions_set.set_checked(f"theme.{settings.theme}")

    def _edit_settings(self) -> None:
        from ...core.picture.colour import names
        from ...core.timing.sites import site_names
        from ..settings_dialog import SettingsDialog

        settings = self._bench.settings
        choices = {"site": site_names(settings.sites), "colour_map": names()}
        dialog = SettingsDialog(settings, choices, parent=self._window)
        dialog.applied.connect(self._apply_settings)
        dialog.exec()
        dialog.deleteLater()

    def _apply_settings(self, settings: Settings) -> None:
        self._bench.use_settings(settings)
        try:
            save_settings(settings)
        except OSError as error:
            self._bench.problems.report(error)

    def _show_shortcuts(self) -> None:
        from ..shortcuts import ShortcutSheet

        sheet = ShortcutSheet(self._window.actions_set, self._window)
        sheet.set_roles(self._roles)
        sheet.exec()
        sheet.deleteLater()

    def _show_about(self) -> None:
        text = ABOUT.format(version=__version__, site=self._bench.settings.site)
        QMessageBox.about(self._window, "About Nightglass", text)

    def _show_details(self, problem: object) -> None:
        self._window.show_dock("problems", True)
        self._window.problems.show_details(problem)  # type: ignore[arg-type]

    def _measure(self, slot: str, x: float, y: float) -> None:
        self._radial.measure((x, y), slot)

    def _show_radial(self) -> None:
        """The panel is made when first needed: its plotting library takes a while."""
        if self._window.radial.widget is None:
            from ..frame.radial import RadialProfilePlot

            plot = RadialProfilePlot()
            self._window.radial.hold(plot, plot)
            self._radial.set_plot(plot)
        self._window.show_dock("radial", True)
