"""Rows of the action table: regions, and everything that can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .action_spec import ActionSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

TOOLS = (
    ("select", "&Select and move", "V", "Choose, move and change regions"),
    ("circle", "&Circle", "Shift+C", "Draw a circle: press in the middle and drag"),
    ("ellipse", "&Ellipse", "Shift+E", "Draw an ellipse: press in the middle and drag"),
    ("box", "&Box", "Shift+R", "Draw a box: drag from corner to corner"),
    ("polygon", "&Polygon", "Shift+P", "Draw a polygon: click its corners, double click the last"),
    ("annulus", "&Annulus", "Shift+A", "Draw a ring: press in the middle and drag"),
    ("ellipse-annulus", "Ell&iptical annulus", "", "Draw a ring between two ellipses"),
    ("box-annulus", "B&ox annulus", "", "Draw a ring between two boxes"),
    ("line", "&Line", "Shift+L", "Draw a line: press at one end, drag to the other"),
    ("vector", "&Vector", "Shift+V", "Draw an arrow: press at its foot and drag"),
    ("point", "Poin&t", "Shift+O", "Mark a place with a click"),
    ("text", "Te&xt", "Shift+X", "Write words on the picture"),
    ("ruler", "&Ruler", "Shift+U", "Measure a length: press at one end, drag to the other"),
)
"""Tools of the hand: name, label, key, what it does."""

COLOURS = ("green", "red", "blue", "cyan", "magenta", "yellow", "white", "black")
"""The colours DS9 knows by name."""

DIRECTIONS = ("left", "down", "up", "right")

# fmt: off
EDIT_ROWS: tuple[ActionSpec, ...] = (
    ActionSpec("edit.undo", "&Undo", "undo", ("Ctrl+Z",), "Edit", "Take the last change back",
               repeats=True),
    ActionSpec("edit.redo", "&Redo", "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit",
               "Do again what was taken back", repeats=True),
    ActionSpec("edit.cut", "Cu&t", "cut", ("Ctrl+X",), "Edit",
               "Take the selected regions away and keep them on the clipboard", section=1),
    ActionSpec("edit.copy", "&Copy", "copy", ("Ctrl+C",), "Edit",
               "Copy the selected regions as DS9 text, or the picture where none is selected",
               section=1),
    ActionSpec("edit.paste", "&Paste", "paste", ("Ctrl+V",), "Edit",
               "Add the regions on the clipboard, from here or from DS9", section=1),
    ActionSpec("edit.duplicate", "&Duplicate", "duplicate", ("Ctrl+Shift+D",), "Edit",
               "Add a copy of the selected regions beside them", section=1),
    ActionSpec("edit.delete", "De&lete", "delete", ("Del", "Backspace"), "Edit",
               "Take the selected regions away", section=1),
    ActionSpec("edit.select-all", "Select &all", "select-all", ("Ctrl+A",), "Edit",
               "Select every region", section=2),
    ActionSpec("edit.select-none", "Select &none", "select-none", ("Ctrl+Shift+A",), "Edit",
               "Select no region", section=2),
    ActionSpec("edit.select-others", "In&vert selection", "select-invert", ("Ctrl+Alt+I",), "Edit",
               "Select the regions that are not selected now", section=2),
)


def _tool_rows() -> Iterator[ActionSpec]:
    for name, text, key, tip in TOOLS:
        yield ActionSpec(
            f"region.tool.{name}", text, f"region-{name}", (key,) if key else (), "Region/Draw",
            tip, True, "tool",
        )


_FILE = (
    ActionSpec("region.open", "&Open regions…", "region-open", ("Ctrl+Alt+O",), "Region",
               "Read a region file of DS9 or CIAO", section=1),
    ActionSpec("region.save", "&Save regions", "region-save", ("Ctrl+Alt+S",), "Region",
               "Write the regions to their file", section=1),
    ActionSpec("region.save-as", "Save regions &as…", "region-save", ("Ctrl+Alt+Shift+S",),
               "Region", "Write the regions to another file, for DS9 or CIAO", section=1),
    ActionSpec("region.export", "Export &table…", "export", ("Ctrl+Alt+E",), "Region",
               "Write the numbers of all regions as CSV or ECSV", section=1),
    ActionSpec("region.copy-table", "Copy tab&le", "table", ("Ctrl+Alt+C",), "Region",
               "Copy the numbers of the regions as text", section=1),
)

_LOOK = (
    ActionSpec("region.properties", "&Properties…", "properties", ("Ctrl+Return",), "Region",
               "Place, size, name, colour and tags of a region in numbers", section=2),
    ActionSpec("region.group", "&Group…", "group", ("G",), "Region",
               "Give the selected regions a tag in common", section=2),
    ActionSpec("region.ungroup", "&Ungroup", "ungroup", ("Shift+G",), "Region",
               "Take the tags of the selected regions away", section=2),
)

_MEANING = (
    ActionSpec("region.include", "&Include", "include", ("I",), "Region",
               "The pixels of the selected regions count", section=3),
    ActionSpec("region.exclude", "&Exclude", "exclude", ("E",), "Region",
               "The pixels of the selected regions are cut out of all others", section=3),
    ActionSpec("region.source", "Sou&rce", "source", ("S",), "Region",
               "The selected regions hold sources", section=3),
    ActionSpec("region.background", "Sk&y background", "sky", ("Y",), "Region",
               "The selected regions hold sky, to be subtracted from the sources of their tag",
               section=3),
)

_HELP = (
    ActionSpec("region.sky-annulus", "A&dd sky annulus", "sky-annulus", ("Ctrl+Alt+A",), "Region",
               "Add a ring of sky round each selected region and pair the two", section=4),
    ActionSpec("region.comparison", "&Comparison star", "comparison", ("Ctrl+Alt+M",), "Region",
               "Light curves are divided by the comparison stars, or no longer", section=4),
    ActionSpec("region.lock", "Loc&k to the star", "region-lock", ("Ctrl+Alt+K",), "Region",
               "The region follows its star from frame to frame, or no longer", section=4),
    ActionSpec("region.snap", "S&nap to star", "snap", ("O",), "Region",
               "Centre the selected regions on the star nearest to each", section=4),
    ActionSpec("region.front", "Bring to &front", "front", ("Ctrl+Alt+Up",), "Region",
               "Draw the selected regions over all others", section=5),
    ActionSpec("region.back", "Send to &back", "back", ("Ctrl+Alt+Down",), "Region",
               "Draw the selected regions under all others", section=5),
)


def _colour_rows() -> Iterator[ActionSpec]:
    for name in COLOURS:
        yield ActionSpec(
            f"region.colour.{name}", name.capitalize(), "colour", (), "Region/Colour",
            f"Draw the selected regions in {name}", section=2,
        )


def _nudge_rows() -> Iterator[ActionSpec]:
    for name in DIRECTIONS:
        yield ActionSpec(
            f"region.nudge-{name}", f"A tenth of a pixel {name}", f"cursor-{name}",
            (f"Ctrl+{name.capitalize()}",), "Region/Move",
            f"Move the selected regions 0.1 pixel {name}; the arrow keys move them 1, "
            "with Shift 10",
            section=5, repeats=True,
        )


# fmt: on

REGION_ROWS: tuple[ActionSpec, ...] = (
    *_tool_rows(),
    *_FILE,
    *_LOOK,
    *_colour_rows(),
    *_MEANING,
    *_HELP,
    *_nudge_rows(),
)

NEEDS_SELECTION = frozenset(
    [
        *("edit.cut", "edit.duplicate", "edit.delete", "edit.select-none", "region.properties"),
        *("region.group", "region.ungroup", "region.front", "region.back"),
        *(row.key for row in (*_MEANING, *_HELP, *_colour_rows(), *_nudge_rows())),
    ]
)
"""Rows that do something to the selected regions."""

NEEDS_REGIONS = frozenset(
    [
        *("edit.select-all", "edit.select-others"),
        *("region.save", "region.save-as", "region.export", "region.copy-table"),
    ]
)
"""Rows that need a region, selected or not."""
