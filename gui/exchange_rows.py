"""Rows of the action table: images, regions and the cursor to and from other programs."""

from __future__ import annotations

from .action_spec import ActionSpec

EXCHANGE_MENU = "Region/DS9 and SAMP"

# fmt: off
EXCHANGE_ROWS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "exchange.look", "Look for &DS9", "magnifier", (), EXCHANGE_MENU,
        "Look whether a DS9 is running", section=20,
    ),
    ActionSpec(
        "exchange.send-image", "Send &image to DS9", "send-image", ("Ctrl+Alt+F",), EXCHANGE_MENU,
        "Show this picture in DS9, in a frame of its own", section=21,
    ),
    ActionSpec(
        "exchange.send-regions", "Send &regions to DS9", "send", ("Ctrl+Alt+R",), EXCHANGE_MENU,
        "Show the selected regions in DS9, or all where none is selected", section=21,
    ),
    ActionSpec(
        "exchange.take-regions", "&Take regions from DS9", "receive", ("Ctrl+Alt+G",),
        EXCHANGE_MENU, "Replace the regions by those of the frame shown in DS9", section=21,
    ),
    ActionSpec(
        "exchange.add-regions", "&Add regions from DS9", "receive", (), EXCHANGE_MENU,
        "Put the regions of the frame shown in DS9 beside those there are", section=21,
    ),
    ActionSpec(
        "exchange.send-cursor", "Send &cursor to DS9", "send-cursor", ("Ctrl+Alt+V",),
        EXCHANGE_MENU, "Move the crosshair of DS9 to the crosshair here", section=22,
    ),
    ActionSpec(
        "exchange.take-cursor", "Ta&ke cursor from DS9", "take-cursor", ("Ctrl+Alt+X",),
        EXCHANGE_MENU, "Move the crosshair here to that of DS9", section=22,
    ),
    ActionSpec(
        "exchange.check", "Compare &pixels with DS9", "compare", ("Ctrl+Alt+U",), EXCHANGE_MENU,
        "Let DS9 count the pixels of the selected regions, or of all, and compare", section=23,
    ),
    ActionSpec(
        "exchange.samp", "SA&MP: connect", "hub", (), EXCHANGE_MENU,
        "Join the SAMP hub, now or as soon as there is one", True, section=24,
    ),
    ActionSpec(
        "exchange.samp-image", "Send image b&y SAMP", "send-image", (), EXCHANGE_MENU,
        "Ask every program on the SAMP hub to load this picture", section=24,
    ),
    ActionSpec(
        "exchange.samp-position", "Send p&osition by SAMP", "send-cursor", (), EXCHANGE_MENU,
        "Let every program on the SAMP hub point at the crosshair", section=24,
    ),
)
# fmt: on
