"""Rows of the action table: the session as a file."""

from __future__ import annotations

from .action_spec import ActionSpec

# fmt: off
SESSION_ROWS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "file.new-session", "&New session", "", ("Ctrl+Alt+N",), "File/Session",
        "Close all captures and clear all regions", section=1,
    ),
    ActionSpec(
        "file.open-session", "&Open session…", "session", ("Ctrl+Shift+U",), "File/Session",
        "Captures, view and regions as they were saved", section=1,
    ),
    ActionSpec(
        "file.reopen-session", "&Reopen last session", "undo", ("Ctrl+Shift+T",), "File/Session",
        "What was left last with regions that were not saved", section=1,
    ),
    ActionSpec(
        "file.save-session", "&Save session", "session", ("Ctrl+Shift+S",), "File/Session",
        "Save captures, view and regions as they are now", section=1,
    ),
    ActionSpec(
        "file.save-session-as", "Save session &as…", "", (), "File/Session",
        "Save the session under another name", section=1,
    ),
)
# fmt: on
