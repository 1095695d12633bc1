"""The strip that says where every frame went."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from .theme import set_cue, spaced
from .widgets.number_label import NumberLabel

NONE_LOST, SOME_LOST = "✓", "▲"
SHORT_OF_DISK_HOURS = 1.0
FAR_BEHIND_FRAMES = 1000


@dataclass(frozen=True)
class Field:
    """One number of the strip: its word, its unit, the room it keeps, what it means."""

    key: str
    word: str
    unit: str
    widest: str
    tip: str


FIELDS = (
    Field("captured", "captured", "", "8,888,888", "Frames in complete cubes on the disk"),
    Field("read", "read", "", "8,888,888", "Frames whose counts were read"),
    Field("counted", "counted", "", "8,888,888", "Frames in the light curve"),
    Field("painted", "painted", "", "888,888", "Frames shown on the screen"),
    Field(
        "lost", "lost", "", f"{SOME_LOST} 88,888",
        "Frames missing by FRAMESTAMP, TIMESTAMP or absent cubes; hatched on the timeline. "
        "Click to list them",
    ),
    Field("behind", "behind", "frames", "88,888", "Frames between the one shown and the newest"),
    Field(
        "rate", "", "frames/s", "88,888",
        "Frames arriving each second while live, frames painted each second otherwise",
    ),
    Field(
        "disk", "disk", "", "8,888 GB (888 h)",
        "Free space where the data are written, and how long it lasts at this rate",
    ),
)  # fmt: skip


class AccountingStrip(QWidget):
    """Frames captured, read, counted, painted and lost; how far behind; rate; free disk."""

    lostClicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("accountingStrip")
        self._numbers: dict[str, NumberLabel] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(spaced(2), spaced(1), spaced(2), spaced(1))
        self._row.setSpacing(spaced(1))
        for field in FIELDS:
            self._add(field)
            if field.key in ("lost", "rate"):
                self._row.addStretch(1)
        self.clear()

    def text(self, key: str) -> str:
        """What stands at field `key` now."""
        return self._numbers[key].text()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Take a click on the lost frames."""
        is_click = (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
            and isinstance(watched, QWidget)
            and watched.rect().contains(event.position().toPoint())
        )
        if is_click:
            self.lostClicked.emit()
        return super().eventFilter(watched, event)

    def clear(self) -> None:
        """Show that nothing is known."""
        for number in self._numbers.values():
            number.show_text(None)
            set_cue(number, "")

    def set_counts(self, captured: int, read: int, counted: int, painted: int, lost: int) -> None:
        """Show the balance, in frames."""
        for key, count in (
            ("captured", captured),
            ("read", read),
            ("counted", counted),
            ("painted", painted),
        ):
            self._show(key, f"{count:,}")
        self._show(
            "lost", f"{SOME_LOST if lost else NONE_LOST} {lost:,}", "bad" if lost else "good"
        )

    def set_behind(self, frames: int | None) -> None:
        """Show how far the picture is behind the newest frame (None: nothing is followed)."""
        cue = "warn" if frames is not None and frames >= FAR_BEHIND_FRAMES else ""
        self._show("behind", None if frames is None else f"{frames:,}", cue)

    def set_rate(self, frames_per_second: float | None) -> None:
        """Show frames a second."""
        self._show("rate", None if frames_per_second is None else f"{frames_per_second:,.0f}")

    def set_disk(self, free_gb: float | None, hours: float | None = None) -> None:
        """Show free space in GB and how many hours it lasts (None: nothing is written)."""
        if free_gb is None:
            self._show("disk", None)
            return
        lasts = "" if hours is None else f" ({min(hours, 999):,.{0 if hours >= 10 else 1}f} h)"
        is_short = hours is not None and hours < SHORT_OF_DISK_HOURS
        self._show("disk", f"{free_gb:,.0f} GB{lasts}", "bad" if is_short else "")

    def _add(self, field: Field) -> None:
        parts: list[QWidget] = [QLabel(field.word)]
        number = NumberLabel(field.widest)
        self._numbers[field.key] = number
        parts.append(number)
        if field.unit:
            parts.append(QLabel(field.unit))
        for part in parts:
            part.setToolTip(field.tip)
            if part is not number:
                set_cue(part, "muted")
            if field.key == "lost":
                part.setCursor(Qt.CursorShape.PointingHandCursor)
                part.installEventFilter(self)
            self._row.addWidget(part)
        number.setAccessibleName(f"Frames {field.word}" if field.word else field.unit)
        self._row.addSpacing(spaced(2))

    def _show(self, key: str, text: str | None, cue: str = "") -> None:
        number = self._numbers[key]
        number.show_text(text)
        set_cue(number, cue)
        # A number that once needed more room keeps it, so that nothing moves back and forth.
        number.setMinimumWidth(max(number.minimumWidth(), number.sizeHint().width()))
