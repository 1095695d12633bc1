"""The readout: where the cursor is, what lies there and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QGridLayout, QLabel, QMenu, QToolButton, QWidget

from ..clipboard import put_on_clipboard
from ..theme import set_cue, spaced
from ..widgets.number_label import NumberLabel
from .readout_text import (
    ONE_BASED_TIP,
    PHASE_TIP,
    TIME_TIP,
    declination,
    grouped,
    one_based,
    python_index,
    right_ascension,
    value_text,
)

if TYPE_CHECKING:
    from ...core.workbench.stand_in import Label


class _Row(NamedTuple):
    """One line of the readout: one or two numbers, each with its unit."""

    label: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    widest: str
    tip: str


_DETECTOR_TIP = "On the whole detector, counted from 1."
_VALUE_TIP = "The value of the pixel as displayed, in counts and in electrons."
_FRAME_TIP = "Counted from 1 in the whole capture."
_SKY_TIP = "From the telescope's pointing, ICRS."
_WIDE = "-99999.99"

_ROWS: tuple[_Row, ...] = (
    _Row("x, y", ("x", "y"), ("", "px"), _WIDE, ONE_BASED_TIP),
    _Row("detector", ("detector_x", "detector_y"), ("", "px"), _WIDE, _DETECTOR_TIP),
    _Row("value", ("adu", "electrons"), ("ADU", "e−"), _WIDE, _VALUE_TIP),
    _Row("RA, Dec", ("ra", "dec"), ("", ""), "+23:59:59.999", _SKY_TIP),
    _Row("frame", ("frame",), ("",), "999,999,999", _FRAME_TIP),
    _Row("UTC", ("time",), ("",), "2025-12-10 03:15:00.069600", TIME_TIP),
)


class ReadoutPanel(QWidget):
    """Numbers under the cursor; it is told everything and asks for nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: dict[str, NumberLabel] = {}
        self._units: dict[str, QLabel] = {}
        self._captions: dict[str, QLabel] = {}
        self._place: tuple[float, float] | None = None
        self._time: str | None = None
        self._has_sky = False
        grid = QGridLayout(self)
        grid.setContentsMargins(spaced(2), spaced(2), spaced(2), spaced(2))
        grid.setHorizontalSpacing(spaced(2))
        grid.setVerticalSpacing(spaced(1))
        for number, row in enumerate(_ROWS):
            self._add_row(grid, number, row)
        grid.addWidget(self._made_copy_button(), len(_ROWS), 0, 1, 2)
        grid.setRowStretch(len(_ROWS) + 1, 1)
        grid.setColumnStretch(5, 1)

    def _add_row(self, grid: QGridLayout, number: int, row: _Row) -> None:
        """Put a caption and the numbers; a lone number takes the room of two."""
        caption = self._captions[row.names[0]] = _muted(row.label, row.tip)
        grid.addWidget(caption, number, 0)
        span = 1 if len(row.names) == 2 else 3
        for place, (name, unit) in enumerate(zip(row.names, row.units, strict=True)):
            label = NumberLabel(row.widest)
            label.setToolTip(row.tip)
            self._fields[name] = label
            grid.addWidget(label, number, 1 + 2 * place, 1, span)
            self._units[name] = _muted(unit, row.tip)
            grid.addWidget(self._units[name], number, 1 + 2 * place + span)

    def _made_copy_button(self) -> QToolButton:
        button = QToolButton()
        button.setText("Copy")
        button.setToolTip("Copy the place or the time")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for text, slot in (
            ("x, y as shown (from 1, as in DS9)", self.copy_one_based),
            ("Array index for Python (from 0)", self.copy_python),
            ("RA, Dec", self.copy_sky),
            ("Time (UTC)", self.copy_time),
        ):
            action = QAction(text, menu)
            action.triggered.connect(slot)
            menu.addAction(action)
        button.setMenu(menu)
        return button

    def text_of(self, name: str) -> str:
        """What a field shows."""
        return self._fields[name].text()

    def tip_of(self, name: str) -> str:
        """The tool tip of a field."""
        return self._fields[name].toolTip()

    def cue_of(self, name: str) -> str:
        """The role a field is coloured by, "" for plain text."""
        return str(self._fields[name].property("cue") or "")

    def set_position(self, x: float | None, y: float | None) -> None:
        """Show a place of the image, 0-based; None when there is none."""
        self._place = None if x is None or y is None else (x, y)
        self._show_pair(("x", "y"), self._place)

    def set_detector(self, x: float | None, y: float | None) -> None:
        """Show the same place on the whole detector, 0-based."""
        self._show_pair(("detector_x", "detector_y"), None if x is None or y is None else (x, y))

    def _show_pair(self, names: tuple[str, str], place: tuple[float, float] | None) -> None:
        for number, name in enumerate(names):
            self._fields[name].show_text(None if place is None else one_based(place[number]))

    def set_value(self, adu: float | None, electrons: float | None, unit: str = "ADU") -> None:
        """Show the value of the pixel in its unit and in electrons."""
        self._units["adu"].setText(unit)
        self._fields["adu"].show_text(None if adu is None else value_text(adu, 2))
        self._fields["electrons"].show_text(None if electrons is None else value_text(electrons, 2))

    def set_frame(self, number: int | None, slot: int | None = None) -> None:
        """Show the number of the frame, 0-based (it is written from 1), and its LST slot."""
        shown = None if number is None else grouped(number + 1)
        self._fields["frame"].show_text(shown if slot is None else f"{shown}, slot {slot}")

    def set_image(self, number: int, label: Label) -> None:
        """Show an image in place of a frame: its number (0-based), and its phase or what it is."""
        phase, self._time = label.phase, None
        self._name_rows(*(("image", "shows") if phase is None else ("bin", "phase")))
        self.set_frame(number)
        self._fields["time"].show_text(label.title if phase is None else f"{phase:.4f} turns")
        self._fields["time"].setToolTip(label.caption if phase is None else PHASE_TIP)
        set_cue(self._fields["time"], "")

    def _name_rows(self, frame: str, time: str) -> None:
        self._captions["frame"].setText(frame)
        self._captions["time"].setText(time)

    def set_time(self, utc: str | None, quality: str = "") -> None:
        """Show the time of the frame in ISO form, with where it comes from as the tool tip."""
        self._name_rows("frame", "UTC")
        self._time = utc
        self._fields["time"].show_text(None if utc is None else utc.replace("T", " "))
        origin = f" Its source: {quality}." if quality else ""
        self._fields["time"].setToolTip(TIME_TIP + origin)
        set_cue(self._fields["time"], "" if quality in {"", "gps", "station"} else "warn")

    def set_sky(self, ra_deg: float | None, dec_deg: float | None) -> None:
        """Show the place on the sky in degrees, or that the pointing is unknown."""
        is_known = self._has_sky = ra_deg is not None and dec_deg is not None
        self._fields["ra"].show_text(right_ascension(ra_deg or 0.0) if is_known else None)
        self._fields["dec"].show_text(declination(dec_deg or 0.0) if is_known else None)

    def clear(self) -> None:
        """Show that there is nothing to read."""
        self._place = self._time = None
        self._has_sky = False
        for field in self._fields.values():
            field.show_text(None)

    def copy_one_based(self) -> None:
        """Copy x and y as shown."""
        if self._place is not None:
            put_on_clipboard(f"{self.text_of('x')}, {self.text_of('y')}")

    def copy_python(self) -> None:
        """Copy the array index of the pixel, 0-based, row first."""
        if self._place is not None:
            put_on_clipboard(python_index(*self._place))

    def copy_sky(self) -> None:
        """Copy right ascension and declination, where they are known."""
        if self._has_sky:
            put_on_clipboard(f"{self.text_of('ra')} {self.text_of('dec')}")

    def copy_time(self) -> None:
        """Copy the time of the frame."""
        if self._time is not None:
            put_on_clipboard(self._time)


def _muted(text: str, tip: str) -> QLabel:
    label = QLabel(text)
    label.setToolTip(tip)
    set_cue(label, "muted")
    return label
