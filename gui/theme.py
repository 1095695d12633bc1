"""Colour roles, the three themes, the type and the one style sheet of the program."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib.resources import files
from string import Template

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QFont, QPalette, QPen
from PyQt6.QtWidgets import QApplication, QStyle, QStyleFactory, QWidget

GRID_PX = 4
"""Every margin and gap is a multiple of this."""

FONT_POINTS = 9.5
"""Size of the text of the program; headings and numbers do not differ from it."""

Dash = tuple[float, ...]

SOLID: Dash = ()
DASHED: Dash = (6.0, 3.0)
DOTTED: Dash = (1.5, 3.0)
DASH_DOT: Dash = (7.0, 3.0, 1.5, 3.0)


@dataclass(frozen=True)
class LineCue:
    """How one of several lines is told from the others: by colour and by dash."""

    color: str
    dash: Dash = SOLID

    def pen(self) -> QPen:
        """Pen one device pixel wide; two pixels cost four times as much to draw."""
        pen = QPen(QColor(self.color), 1.0)
        pen.setCosmetic(True)
        if self.dash:
            pen.setDashPattern(list(self.dash))
        return pen


@dataclass(frozen=True)
class Roles:
    """What each colour is for; widgets ask for a role, never for a colour."""

    name: str
    background: str
    panel: str
    field: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    good: str
    warn: str
    bad: str
    view_background: str
    selection: str
    lines: tuple[LineCue, ...]


# The colour set of Okabe and Ito (2008), which people with any colour vision tell apart.
ORANGE, SKY, GREEN, YELLOW = "#e69f00", "#56b4e9", "#009e73", "#f0e442"
BLUE, VERMILION, PURPLE = "#0072b2", "#d55e00", "#cc79a7"

_LIGHT_LINES = (
    LineCue(BLUE),
    LineCue(VERMILION),
    LineCue(GREEN, DASHED),
    LineCue(PURPLE, DASHED),
    LineCue("#000000", DOTTED),
    LineCue(ORANGE, DOTTED),
    LineCue(SKY, DASH_DOT),
)
_DARK_LINES = (
    LineCue(SKY),
    LineCue(ORANGE),
    LineCue(GREEN, DASHED),
    LineCue(YELLOW, DASHED),
    LineCue(VERMILION, DOTTED),
    LineCue(PURPLE, DOTTED),
    LineCue("#ffffff", DASH_DOT),
)
# At night colour is spent: brightness and dash tell the lines apart.
_RED_LINES = (
    LineCue("#dc311e"),
    LineCue("#8f1a0c"),
    LineCue("#dc311e", DASHED),
    LineCue("#8f1a0c", DASHED),
    LineCue("#dc311e", DOTTED),
    LineCue("#8f1a0c", DOTTED),
    LineCue("#dc311e", DASH_DOT),
)

THEMES: dict[str, Roles] = {
    "dark": Roles(
        name="dark",
        background="#15181c",
        panel="#1c2025",
        field="#111417",
        line="#343a42",
        text="#dfe3e8",
        muted="#949da8",
        accent="#56b4e9",
        on_accent="#0b0d0f",
        good="#2fb98d",
        warn="#e69f00",
        bad="#f0703a",
        view_background="#0a0c0e",
        selection="#24506b",
        lines=_DARK_LINES,
    ),
    "light": Roles(
        name="light",
        background="#eceef0",
        panel="#f7f8f9",
        field="#ffffff",
        line="#c3c9cf",
        text="#171b20",
        muted="#596470",
        accent="#005f96",
        on_accent="#ffffff",
        good="#00704f",
        warn="#8a5300",
        bad="#b03c00",
        view_background="#d9dde1",
        selection="#bfdff3",
        lines=_LIGHT_LINES,
    ),
    "red": Roles(
        name="red",
        background="#000000",
        panel="#0a0000",
        field="#000000",
        line="#4a0c06",
        text="#e6301e",
        muted="#b02413",
        accent="#ff3c28",
        on_accent="#000000",
        good="#c4281a",
        warn="#e6301e",
        bad="#ff4a36",
        view_background="#000000",
        selection="#540e07",
        lines=_RED_LINES,
    ),
}

DEFAULT_THEME = "dark"

_wardrobe = {"worn": THEMES[DEFAULT_THEME]}


def worn() -> Roles:
    """Colours of the theme that is worn now."""
    return _wardrobe["worn"]


def tabular_font(base: QFont | None = None) -> QFont:
    """Font whose digits are all equally wide, so that a running number does not jump."""
    font = QFont(base) if base is not None else QFont(QApplication.font())
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def style_sheet(roles: Roles) -> str:
    """Style sheet of the program in the colours of `roles`."""
    colours = {key: value for key, value in asdict(roles).items() if isinstance(value, str)}
    resources = files("nightglass.resources")
    # Arrows and ticks of the sheet are pictures; Qt wants forward slashes on every system.
    colours["folder"] = str(resources / "icons").replace("\\", "/")
    found = (p for p in (resources / "qss").iterdir() if p.name.endswith(".qss"))
    parts = sorted(found, key=lambda p: p.name)
    return "\n".join(Template(p.read_text("utf-8")).substitute(colours) for p in parts)


def palette(roles: Roles) -> QPalette:
    """Palette in the colours of `roles`; no group is left in the colours of the desktop."""
    made = QPalette()
    for group in (
        QPalette.ColorGroup.Active,
        QPalette.ColorGroup.Inactive,
        QPalette.ColorGroup.Disabled,
    ):
        for role, colour in _palette_colours(roles).items():
            made.setColor(group, role, QColor(colour))
    for role in _TEXT_ROLES:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(faded(roles)))
    return made


def faded(roles: Roles) -> str:
    """Colour of what cannot be used now: half way between muted text and the panel."""
    front, back = QColor(roles.muted), QColor(roles.panel)
    mixed = (
        (front.red() + back.red()) // 2,
        (front.green() + back.green()) // 2,
        (front.blue() + back.blue()) // 2,
    )
    return QColor(*mixed).name()


_TEXT_ROLES = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.HighlightedText,
)


def _palette_colours(roles: Roles) -> dict[QPalette.ColorRole, str]:
    role = QPalette.ColorRole
    return {
        role.Window: roles.background,
        role.WindowText: roles.text,
        role.Base: roles.field,
        role.AlternateBase: roles.panel,
        role.Text: roles.text,
        role.PlaceholderText: roles.muted,
        role.Button: roles.panel,
        role.ButtonText: roles.text,
        role.BrightText: roles.bad,
        role.Highlight: roles.selection,
        role.HighlightedText: roles.text,
        role.Link: roles.accent,
        role.LinkVisited: roles.accent,
        role.ToolTipBase: roles.panel,
        role.ToolTipText: roles.text,
        # Bevels, which the style draws round the arrows of boxes, melt into their ground.
        role.Light: roles.field,
        role.Midlight: roles.field,
        role.Mid: roles.line,
        role.Dark: roles.field,
        role.Shadow: roles.field,
        role.Accent: roles.accent,
    }


def apply_theme(app: QApplication, name: str) -> Roles:
    """Dress the whole program in theme `name` (the default one if unknown); gives its roles."""
    roles = THEMES.get(name, THEMES[DEFAULT_THEME])
    style: QStyle | None = QStyleFactory.create("Fusion")
    if style is not None and not app.styleSheet():
        app.setStyle(style)
    font = tabular_font(app.font())
    font.setPointSizeF(FONT_POINTS)
    app.setFont(font)
    app.setPalette(palette(roles))
    app.setStyleSheet(style_sheet(roles))
    _wardrobe["worn"] = roles
    return roles


def set_cue(widget: QWidget, cue: str) -> None:
    """Colour the text of `widget` by role: "muted", "good", "warn", "bad", "accent" or ""."""
    if (widget.property("cue") or "") == cue:
        return
    widget.setProperty("cue", cue)
    style = widget.style()
    if style is not None:
        style.unpolish(widget)
        style.polish(widget)


def spaced(steps: int) -> int:
    """Length of `steps` steps of the grid, in logical pixels."""
    return GRID_PX * steps


def icon_side(widget: QWidget) -> int:
    """Side of an icon that stands beside the text of `widget`, in logical pixels."""
    return max(16, GRID_PX * round(widget.fontMetrics().height() * 1.25 / GRID_PX))


ALIGN_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
"""Numbers stand on the right of their column."""
