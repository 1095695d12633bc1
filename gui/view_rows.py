"""Rows of the action table: how the picture looks (zoom, stretch, limits, colours)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .action_spec import ActionSpec, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

STRETCHES = (
    ("linear", "&Linear"),
    ("log", "L&og"),
    ("sqrt", "Square &root"),
    ("squared", "S&quared"),
    ("asinh", "&Asinh"),
    ("sinh", "&Sinh"),
    ("power", "&Power"),
    ("histogram", "&Histogram"),
)

PERCENTILES = ("99.9", "99.5", "99", "98", "97", "96", "95", "92.5", "90")

DS9_COLOUR_MAPS = (
    "grey",
    "red",
    "green",
    "blue",
    "a",
    "b",
    "bb",
    "he",
    "i8",
    "aips0",
    "sls",
    "hsv",
    "heat",
    "cool",
    "rainbow",
    "standard",
    "staircase",
    "color",
)

PERCEPTUAL_COLOUR_MAPS = ("viridis", "inferno", "magma", "plasma", "cividis", "turbo")

# fmt: off
_ZOOMS = tuple(
    ActionSpec(
        f"zoom.{n}", f"&{n} : 1", "zoom-one" if n == 1 else "", (str(n),), "View/Zoom",
        f"{n} screen pixel{'s' if n > 1 else ''} for each pixel", section=1,
    )
    for n in range(1, 10)
) + tuple(
    ActionSpec(
        f"zoom.1-{n}", f"1 : {n}", "", (f"Alt+{n}",), "View/Zoom",
        f"{n} pixels for each screen pixel", section=2,
    )
    for n in (2, 4, 8)
)

_CURSOR = tuple(
    ActionSpec(
        f"cursor.{name}", f"Cursor &{name}", f"cursor-{name}", keys, "View/Cursor",
        f"Move the cursor one pixel {name}", repeats=True,
    )
    for name, keys in (
        ("left", ("Left", "H")),
        ("down", ("Down", "J")),
        ("up", ("Up", "K")),
        ("right", ("Right", "L")),
    )
)

_PAN = tuple(
    ActionSpec(
        f"pan.{name}", f"Pan &{name}", f"cursor-{name}", (f"Shift+{name.capitalize()}",),
        "View/Pan", f"Move the view one screen {name}", repeats=True,
    )
    for name in ("left", "down", "up", "right")
)

_VIEW = (
    ActionSpec("zoom.in", "Zoom &in", "zoom-in", ("Z",), "View", "Zoom in", repeats=True),
    ActionSpec(
        "zoom.out", "Zoom &out", "zoom-out", ("Shift+Z",), "View", "Zoom out", repeats=True
    ),
    ActionSpec("zoom.fit", "Zoom to &fit", "zoom-fit", ("`",), "View", "Show the whole frame"),
    *_ZOOMS,
    *_PAN,
    *_CURSOR,
    ActionSpec(
        "view.flip-x", "Flip &left and right", "flip-x", ("[",), "View",
        "Mirror the picture left and right", True, section=1,
    ),
    ActionSpec(
        "view.flip-y", "Flip &up and down", "flip-y", ("]",), "View",
        "Mirror the picture up and down", True, section=1,
    ),
    ActionSpec(
        "view.magnifier", "&Magnifier", "magnifier", ("M",), "View",
        "Enlarge the pixels round the cursor", True, section=2,
    ),
    ActionSpec(
        "view.panner", "&Panner", "panner", ("P",), "View",
        "Small picture of the whole frame", True, section=2,
    ),
    ActionSpec(
        "view.saturation", "&Saturated pixels", "saturation", ("Shift+S",), "View",
        "Mark pixels at or above the saturation level", True, section=2,
    ),
    ActionSpec(
        "view.tile", "&Tile captures", "tile", ("T",), "View",
        "Show two captures side by side", True, section=3,
    ),
    ActionSpec(
        "view.blink", "&Blink captures", "blink", ("Ctrl+B",), "View",
        "Show the open captures in turn", True, section=3,
    ),
    ActionSpec(
        "view.lock", "Lock view and scal&e", "lock", ("Ctrl+Shift+K",), "View",
        "Tiled and blinked captures share zoom, position and scale", True, section=3,
    ),
    ActionSpec(
        "view.full-screen", "Full sc&reen", "full-screen", ("F11",), "View", "Fill the screen",
        True, section=4,
    ),
    ActionSpec(
        "view.picture-only", "Only the pi&cture", "picture-only", ("F12",), "View",
        "Hide all panels; once more brings them back", True, section=4,
    ),
)


def _scale_rows() -> Iterator[ActionSpec]:
    for name, text in STRETCHES:
        tip = "Equal numbers of pixels for equal steps" if name == "histogram" else ""
        yield ActionSpec(
            f"stretch.{name}", text, "stretch", (), "Scale",
            tip or f"{plain(text)} stretch", True, "stretch",
        )
    yield ActionSpec(
        "limits.zscale", "&Zscale", "limits", (), "Scale",
        "Limits as the zscale of DS9 and IRAF sets them", True, "limits", 1,
    )
    yield ActionSpec(
        "limits.minmax", "Mi&nmax", "limits", (), "Scale",
        "From the lowest to the highest pixel", True, "limits", 1,
    )
    for percent in PERCENTILES:
        yield ActionSpec(
            f"limits.{percent}", f"{percent} %", "limits", (), "Scale/Percentile",
            f"Keep the central {percent} % of the pixels", True, "limits", 1,
        )
    yield ActionSpec(
        "limits.manual", "&Manual…", "limits", (), "Scale", "Type the limits", True, "limits", 1
    )
    yield ActionSpec(
        "scale.auto", "Limits from this &frame", "auto", ("A",), "Scale",
        "Find the limits again from the frame shown", section=2,
    )
    yield ActionSpec(
        "scale.lock", "Loc&k the limits", "lock", ("Ctrl+Alt+L",), "Scale",
        "Keep the limits while frames change", True, section=2,
    )
    yield ActionSpec(
        "scale.reset", "Reset s&tretch", "reset", ("Shift+D",), "Scale",
        "Linear stretch, zscale limits", section=2,
    )


def _colour_rows() -> Iterator[ActionSpec]:
    for section, names in enumerate((DS9_COLOUR_MAPS, PERCEPTUAL_COLOUR_MAPS)):
        for name in names:
            yield ActionSpec(
                f"colour.{name}", name, "colour", (), "Colour", f"Colour map {name}",
                True, "colour", section,
            )
    yield ActionSpec(
        "colouring.invert", "&Invert", "invert", ("Shift+I",), "Colour",
        "Swap dark and bright", True, section=2,
    )
    yield ActionSpec(
        "colouring.reset", "Reset &contrast and bias", "contrast", ("Shift+T",), "Colour",
        "Contrast 1, bias 0.5", section=2,
    )


# fmt: on

VIEW_ROWS: tuple[ActionSpec, ...] = _VIEW
PICTURE_ROWS: tuple[ActionSpec, ...] = (*_scale_rows(), *_colour_rows())
