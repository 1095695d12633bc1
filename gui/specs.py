"""Everything the observer can do, as rows of data: menus, toolbars and keys come from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .action_spec import ActionSpec, plain
from .exchange_rows import EXCHANGE_ROWS
from .fold_rows import FOLD_ROWS
from .frame_rows import FRAME_ROWS
from .night_rows import NIGHT_ROWS, WORKSPACE_ROWS
from .region_rows import EDIT_ROWS, REGION_ROWS
from .session_rows import SESSION_ROWS
from .view_rows import PICTURE_ROWS, VIEW_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

MENUS = (
    *("File", "Edit", "View", "Frame", "Scale", "Colour", "Region", "Fold", "Measure"),
    *("Night", "Tools", "Window", "Help"),
)
"""Menus of the bar, in order."""

MNEMONICS = {
    "File": "&File",
    "Edit": "&Edit",
    "View": "&View",
    "Frame": "F&rame",
    "Scale": "&Scale",
    "Colour": "&Colour",
    "Region": "Re&gion",
    "Fold": "F&old",
    "Measure": "&Measure",
    "Night": "&Night",
    "Tools": "&Tools",
    "Window": "&Window",
    "Help": "&Help",
}

RECENT_MENU = "File/Open recent"

# fmt: off
_FILE = (
    ActionSpec(
        "file.open", "&Open…", "open", ("Ctrl+O",), "File", "Open cubes or other FITS images"
    ),
    ActionSpec(
        "file.open-folder", "Open fol&der…", "folder", ("Ctrl+Shift+O",), "File",
        "List every capture in a folder",
    ),
    ActionSpec(
        "file.follow", "&Follow folder…", "follow", ("Ctrl+F",), "File",
        "Show new cubes as the camera writes them",
    ),
    ActionSpec("file.close", "&Close capture", "close", ("Ctrl+W",), "File", "Close this capture"),
    ActionSpec(
        "file.save-view", "&Save view…", "save-image", ("Ctrl+S",), "File",
        "Save the picture as PNG or PDF", section=1,
    ),
    ActionSpec(
        "file.export-movie", "&Export movie…", "movie", ("Ctrl+E",), "File",
        "Save the play range as MP4 or GIF with the time burnt in", section=1,
    ),
    ActionSpec("file.quit", "&Quit", "quit", ("Ctrl+Q",), "File", "Leave Nightglass", section=2),
)

_EDIT = (
    ActionSpec(
        "edit.copy-image", "Copy p&icture", "copy", (), "Edit",
        "Copy the picture to the clipboard", section=3,
    ),
    ActionSpec(
        "edit.copy-pixel", "Copy pixel for P&ython", "copy", ("Ctrl+Shift+C",), "Edit",
        "Copy the pixel under the cursor, counted from 0, as array[y, x]", section=3,
    ),
    ActionSpec(
        "edit.settings", "&Settings…", "settings", ("Ctrl+,",), "Edit",
        "Site, timing, folders, look and keys", section=4,
    ),
)

_MEASURE = (
    ActionSpec(
        "measure.image", "&Image…", "image", ("Ctrl+I",), "Measure",
        "Average all frames to an image of rates, with errors",
    ),
    ActionSpec(
        "measure.onoff", "&On-pulse minus off-pulse…", "on-off", ("Ctrl+Shift+I",), "Measure",
        "Image of a pulse: the mean of the on phases minus that of the off phases",
    ),
    ActionSpec(
        "measure.lc", "&Light curve (fold)…", "fold", ("Ctrl+Shift+F",), "Measure",
        "Fold the light of sources with a par file", section=1,
    ),
    ActionSpec(
        "measure.photo", "&Photometry…", "photometry", ("Ctrl+Shift+P",), "Measure",
        "Flux of sources against time", section=1,
    ),
    ActionSpec(
        "measure.fft", "Power &spectrum…", "spectrum", ("Ctrl+P",), "Measure",
        "Leahy power of a source’s light against frequency", section=1,
    ),
    ActionSpec(
        "measure.search", "Period sear&ch…", "search", ("Ctrl+Shift+Q",), "Measure",
        "Look for the period of a source, around a predicted one or everywhere", section=1,
    ),
    ActionSpec(
        "measure.events", "&Event times…", "events", ("Ctrl+Shift+E",), "Measure",
        "Time of every frame, at the barycentre and with its phase", section=1,
    ),
    ActionSpec(
        "measure.result", "Last &result", "result", ("Ctrl+Shift+R",), "Measure",
        "Curve and numbers of what was measured last", section=2,
    ),
)

_TOOLS = (
    ActionSpec(
        "mouse.pan", "Pa&n", "pan", (), "Tools",
        "Dragging with the left button moves the picture; a click marks a pixel", True, "mouse",
    ),
    ActionSpec(
        "mouse.crosshair", "Cross&hair", "readout", (), "Tools",
        "Dragging with the left button moves the crosshair", True, "mouse",
    ),
    ActionSpec(
        "tool.radial-profile", "&Radial profile", "radial", ("R",), "Tools",
        "Radial profile and FWHM of the star under the cursor", section=1,
    ),
    ActionSpec(
        "tool.freeze", "&Freeze the readout", "freeze", ("F",), "Tools",
        "The readout stays at this pixel", True, section=1,
    ),
    ActionSpec(
        "tool.print", "Print &coordinates", "print", ("C",), "Tools",
        "Write the pixel under the cursor to the log", section=1,
    ),
)

DOCKS = (
    ("captures", "&Captures", "capture", "F2"),
    ("calibration", "Cali&bration", "calibrate", "F3"),
    ("regions", "Re&gions", "region-circle", "Shift+F4"),
    ("readout", "&Readout", "readout", "F4"),
    ("histogram", "&Histogram", "histogram", "F5"),
    ("radial", "Radial pro&file", "radial", "Shift+F5"),
    ("timeline", "&Timeline", "timeline", "F7"),
    ("fold", "F&old", "fold", "Ctrl+F7"),
    ("stamps", "Time &stamps", "clock", "Shift+F7"),
    ("night", "N&ight", "night", "Shift+F2"),
    ("messages", "&Messages", "notice", "Shift+F8"),
    ("problems", "Jobs and &problems", "problems", "F8"),
    ("log", "&Log", "log", "F9"),
)
"""Panels round the picture: name, label, icon, key."""


def _window_rows() -> Iterator[ActionSpec]:
    for name, text, icon, key in DOCKS:
        yield ActionSpec(
            f"dock.{name}", text, icon, (key,), "Window",
            f"Show or hide the panel {plain(text).lower()}", True,
        )
    yield ActionSpec(
        "window.next-panel", "&Next panel", "panel", ("F6",), "Window",
        "Move the keyboard to the next panel", section=1,
    )
    yield ActionSpec(
        "window.previous-panel", "Pre&vious panel", "panel", ("Shift+F6",), "Window",
        "Move the keyboard to the previous panel", section=1,
    )
    yield ActionSpec(
        "window.reset", "Reset the &arrangement", "reset", (), "Window",
        "All panels where they were at the first start", section=1,
    )
    for name, text, icon, key in (
        ("light", "&Light", "theme", ""),
        ("dark", "&Dark", "dark", ""),
        ("red", "&Red (night)", "night", "Ctrl+Shift+N"),
    ):
        yield ActionSpec(
            f"theme.{name}", text, icon, (key,) if key else (), "Window/Theme",
            f"{plain(text)} colours", True, "theme", 2,
        )


_HELP = (
    ActionSpec(
        "help.shortcuts", "&Keys and mouse", "keyboard", ("?", "F1"), "Help",
        "List of all keys and mouse habits",
    ),
    ActionSpec(
        "help.simulate", "&Try a simulated camera", "follow", (), "Help",
        "Follow two minutes of a simulated pulsar field, written live",
    ),
    ActionSpec("help.about", "&About Nightglass", "about", (), "Help", "Version and licence"),
)

# fmt: on

SPECS: tuple[ActionSpec, ...] = (
    *_FILE[:-1],
    *SESSION_ROWS,
    _FILE[-1],
    *EDIT_ROWS,
    *_EDIT,
    *VIEW_ROWS,
    *FRAME_ROWS,
    *PICTURE_ROWS,
    *REGION_ROWS,
    *EXCHANGE_ROWS,
    *FOLD_ROWS,
    *_MEASURE,
    *NIGHT_ROWS,
    *_TOOLS,
    *WORKSPACE_ROWS,
    *_window_rows(),
    *_HELP,
)

TOOLBAR = (
    "file.open",
    "file.follow",
    "|",
    "@limits",
    "scale.lock",
    "@stretch",
    "@colour",
    "colouring.invert",
    "|",
    "@stack",
    "difference.show",
    "|",
    "@tool",
    "edit.undo",
    "edit.redo",
    "|",
    "mouse.crosshair",
    "mouse.pan",
    "zoom.fit",
    "zoom.1",
    "view.magnifier",
    "view.panner",
    "view.saturation",
    "|",
    "view.tile",
    "view.blink",
    "view.lock",
    "|",
    "file.save-view",
    "file.export-movie",
)
"""Toolbar of the window: action keys, "|" for a line, "@group" for a button that lists a group."""
