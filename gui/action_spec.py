"""What one row of the action table says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionSpec:
    """One thing the observer can do.

    Parameters
    ----------
    key : str
        Name of the action; what stands before the first full stop is its family.
    text : str
        Label in the menu, with its mnemonic.
    icon : str
        Name of a drawing in `resources/icons`, or "".
    shortcuts : tuple of str
        Key sequences in Qt's portable spelling; the first one is shown.
    menu : str
        Where it hangs: "File", or "View/Zoom" for a menu inside a menu.
    tip : str
        What it does, as a phrase; the tool tip adds the key.
    checkable : bool
        Whether it stays pressed.
    group : str
        Actions of one group exclude each other; "" for none.
    section : int
        A line is drawn in the menu where this number changes.
    repeats : bool
        Whether holding the key down repeats it.
    """

    key: str
    text: str
    icon: str = ""
    shortcuts: tuple[str, ...] = ()
    menu: str = ""
    tip: str = ""
    checkable: bool = False
    group: str = ""
    section: int = 0
    repeats: bool = False


def plain(text: str) -> str:
    """Label without the marks of its mnemonic and its dots."""
    return text.replace("&", "").rstrip("…")
