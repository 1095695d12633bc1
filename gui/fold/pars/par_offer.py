"""What an empty fold says while no par file is chosen: those that suit, to fold on at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal

from ...theme import set_cue, spaced
from ...widgets.elided_label import cut
from ...widgets.empty_state import EmptyState
from .par_model import separation_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QResizeEvent

    from ....core.workbench.fold.listing import ParRow

OFFERS = ("offer.first", "offer.second")
NEAR_DEG = 1.0
"""Farther from the pointing a pulsar is not in the picture."""
LONGEST_NAME = 24
TEXT = "Choose the par file of the pulsar."


class ParOffer(EmptyState):
    """Offers the par files nearest to the pointing, and all others in a dialog.

    Signals: `parChosen` with the path of a par file; `chosen` with the key of an action.
    """

    parChosen = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__(
            TEXT, (*((key, "") for key in OFFERS), ("fold.choose", "Choose par file…"))
        )
        self._offers: dict[str, ParRow] = {}
        set_cue(self.buttons[OFFERS[0]], "accent")
        self.set_rows((), ())

    @property
    def is_offering(self) -> bool:
        """Whether there is a par file to fold on at once."""
        return bool(self._offers)

    def set_rows(self, rows: Sequence[ParRow], recent: Sequence[ParRow]) -> None:
        """Offer what suits of a folder, the nearest first, and of those used of late."""
        self._offers = dict(zip(OFFERS, offered(rows, recent), strict=False))
        for key, row in self._offers.items():
            self.buttons[key].setText(offer_text(row).replace("&", "&&"))
            self.buttons[key].setToolTip(str(row.path))
        self._fit()

    def _fit(self) -> None:
        """Show the buttons that have room side by side; the dialog is always offered."""
        room = self.width() - self.buttons["fold.choose"].sizeHint().width() - spaced(6)
        for key in OFFERS:
            room -= self.buttons[key].sizeHint().width() + spaced(2)
            self.buttons[key].setVisible(key in self._offers and (room >= 0 or key == OFFERS[0]))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Use the room there is now."""
        super().resizeEvent(event)
        self._fit()

    def _on_button_clicked(self) -> None:
        sender = self.sender()
        row = None if sender is None else self._offers.get(sender.objectName())
        if row is None:
            super()._on_button_clicked()
        else:
            self.parChosen.emit(row.path)


def offered(rows: Sequence[ParRow], recent: Sequence[ParRow]) -> list[ParRow]:
    """The nearest usable ones of those in the picture; else, of unknown place, the last used."""
    usable = [row for row in (*rows, *recent) if row.is_usable]
    near = sorted((row for row in usable if _separation(row) <= NEAR_DEG), key=_separation)
    unplaced = [row for row in recent if row.is_usable and row.separation_deg is None]
    return list({row.path: row for row in near or unplaced}.values())[: len(OFFERS)]


def _separation(row: ParRow) -> float:
    return float("inf") if row.separation_deg is None else row.separation_deg


def offer_text(row: ParRow) -> str:
    """What the button of a par file says."""
    name = cut(row.psr or row.name, LONGEST_NAME)
    if row.separation_deg is None:
        return f"Fold on {name}, used last"
    return f"Fold on {name}, {separation_text(row.separation_deg)} from the telescope"
