"""Rows of the action table: the fold."""

from __future__ import annotations

from .action_spec import ActionSpec

# fmt: off
FOLD_ROWS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "fold.choose", "&Choose par file…", "ephemeris", ("Ctrl+Alt+P",), "Fold",
        "Par files of a folder, the nearest to the telescope’s pointing first",
    ),
    ActionSpec(
        "fold.par-text", "Show par &file", "ephemeris", (), "Fold",
        "The par file in use, as plain text",
    ),
    ActionSpec(
        "fold.more-bins", "&More bins", "", ("Alt+]",), "Fold",
        "Twice as many bins in a turn", section=1, repeats=True,
    ),
    ActionSpec(
        "fold.fewer-bins", "Fe&wer bins", "", ("Alt+[",), "Fold",
        "Half as many bins in a turn", section=1, repeats=True,
    ),
    ActionSpec(
        "fold.reset", "&Reset F0, F1 and phase", "reset", ("Ctrl+Shift+0",), "Fold",
        "Back to the numbers of the par file", section=1,
    ),
    ActionSpec(
        "fold.movie", "&Phase movie", "movie", ("Ctrl+Shift+M",), "Fold",
        "The capture as images by phase, in the picture: the pulsar blinks", section=2,
    ),
    ActionSpec(
        "fold.on-off", "&On minus off", "on-off", ("Ctrl+M",), "Fold",
        "Image of the on phases minus that of the off phases, and its S/N", section=2,
    ),
    ActionSpec(
        "fold.back", "&Back to the frames", "image", ("Ctrl+Shift+B",), "Fold",
        "Leave the phase movie for the capture it was made of", section=2,
    ),
    ActionSpec(
        "fold.search", "&Search the period…", "search", (), "Fold",
        "Look for the period around that of the par file", section=3,
    ),
    ActionSpec(
        "fold.self-check", "Self-chec&k", "check", (), "Fold",
        "Put a known pulse into the sky of the region and see what comes out", section=3,
    ),
    ActionSpec(
        "fold.export", "&Export…", "export", (), "Fold",
        "Profile, raster, times of arrival, phases of frames, or the plot", section=4,
    ),
    ActionSpec(
        "fold.copy-par", "Copy as p&ar", "copy", (), "Fold",
        "The par file with F0, F1 and phase as they are now", section=4,
    ),
    ActionSpec(
        "fold.copy-command", "Copy as comma&nd", "copy", (), "Fold",
        "The command line that makes the same fold without the window", section=4,
    ),
)
# fmt: on
