"""Rows of the action table: the night of MASCARA, and the choice of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .action_spec import ActionSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = (
    ("plots", "&Plots", "timeline"),
    ("frames", "&Frames", "image"),
    ("sky", "&Sky", "sky"),
    ("curves", "&Light curves", "photometry"),
    ("report", "&Report", "result"),
)
"""Pages of the workspace: name, label, icon."""

# fmt: off
WORKSPACE_ROWS = (
    ActionSpec(
        "workspace.lightspeed", "LightSp&eed", "capture", ("Ctrl+1",), "Window",
        "Browse and fold the captures of the LightSpeed camera", True, "workspace", 3,
    ),
    ActionSpec(
        "workspace.mascara", "MASCARA", "sky", ("Ctrl+2",), "Window",
        "Reduce and watch a night of the MASCARA cameras", True, "workspace", 3,
    ),
)

_RUN = (
    ActionSpec(
        "night.start", "S&tart a night…", "play", ("Ctrl+Alt+B",), "Night",
        "Check raw frames and start their reduction",
    ),
    ActionSpec(
        "night.open", "&Watch a folder…", "folder", ("Ctrl+Alt+W",), "Night",
        "Watch the night in a folder of products, running or finished",
    ),
    ActionSpec("night.leave", "Close the &night", "close", (), "Night",
               "Watch it no more; its reduction goes on"),
    ActionSpec(
        "night.pause", "Pa&use", "pause", ("Ctrl+Alt+H",), "Night",
        "Start nothing new; what is at work ends", section=1,
    ),
    ActionSpec(
        "night.resume", "Re&sume", "play", (), "Night",
        "Let a paused reduction go on, or start one again that ended early", section=1,
    ),
    ActionSpec(
        "night.stop", "St&op…", "cancel", (), "Night",
        "End the reduction; what is done stays done", section=1,
    ),
    ActionSpec(
        "night.retry", "Retr&y a unit…", "reset", ("Ctrl+Alt+Y",), "Night",
        "Choose a unit that failed, or any other, and have it made again", section=2,
    ),
    ActionSpec(
        "night.mark", "&Mark a frame…", "exclude", ("Ctrl+Alt+D",), "Night",
        "Leave a frame or a dark out, or take it in again", section=2,
    ),
    ActionSpec(
        "night.find-star", "F&ind a star…", "search", ("/",), "Night",
        "Search by number or position for the light curve of a star", section=3,
    ),
    ActionSpec(
        "night.export-curve", "&Export the light curve…", "export", (), "Night",
        "Save the light curve shown as CSV, ECSV, FITS or PNG", section=3,
    ),
    ActionSpec(
        "night.report", "Write the &report", "result", (), "Night",
        "Write the report of the night as one HTML file, and open it", section=4,
    ),
    ActionSpec(
        "night.mail", "Mai&l the report", "send", (), "Night",
        "Send the report where NIGHTGLASS_SMTP_TO says", section=4,
    ),
    ActionSpec(
        "night.compare", "&Compare nights…", "compare", (), "Night",
        "Figures of this night and of another, side by side", section=4,
    ),
)


_OVERVIEW = ActionSpec(
    "night.overview", "Cameras and &batches", "collapse", ("Ctrl+Alt+0",), "Night/Page",
    "Show or hide the tiles of the cameras and the grid of the batches", True, section=6,
)


def _page_rows() -> Iterator[ActionSpec]:
    for place, (name, text, icon) in enumerate(PAGES, start=1):
        yield ActionSpec(
            f"night.page.{name}", text, icon, (f"Ctrl+Alt+{place}",), "Night/Page",
            f"Bring the page {text.replace('&', '').lower()} forward", section=5,
        )


# fmt: on
NIGHT_ROWS: tuple[ActionSpec, ...] = (*_RUN, *_page_rows(), _OVERVIEW)
