"""Rows of the action table: which frames are shown, and what is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .action_spec import ActionSpec, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

STACKS = (
    ("none", "&Single"),
    ("mean", "&Mean"),
    ("sum", "S&um"),
    ("median", "Med&ian"),
    ("max", "Ma&x"),
    ("std", "St&d"),
)

# fmt: off
_FRAME = (
    ActionSpec(
        "frame.play", "&Play", "play", ("Space",), "Frame", "Play or pause", checkable=True
    ),
    ActionSpec(
        "frame.play-backward", "Play &backward", "play-backward", ("Shift+Space",), "Frame",
        "Play backward or pause", checkable=True,
    ),
    ActionSpec(
        "frame.next", "&Next frame", "next", ("+", "="), "Frame", "Step one frame on",
        section=1, repeats=True,
    ),
    ActionSpec(
        "frame.previous", "Pre&vious frame", "previous", ("-",), "Frame", "Step one frame back",
        section=1, repeats=True,
    ),
    ActionSpec(
        "frame.forward", "&100 frames on", "faster", ("PgDown",), "Frame", "Step 100 frames on",
        section=1, repeats=True,
    ),
    ActionSpec(
        "frame.back", "100 frames bac&k", "slower", ("PgUp",), "Frame", "Step 100 frames back",
        section=1, repeats=True,
    ),
    ActionSpec(
        "frame.first", "&First frame", "first", ("Home",), "Frame", "First frame, or the start "
        "of the range", section=1,
    ),
    ActionSpec(
        "frame.last", "&Last frame", "last", ("End",), "Frame", "Last frame, or the end of the "
        "range", section=1,
    ),
    ActionSpec(
        "frame.live", "Live (ne&west)", "live", ("N",), "Frame",
        "Stay on the newest frame of the capture being written", checkable=True, section=1,
    ),
    ActionSpec(
        "frame.go-to", "&Go to frame…", "go-to", ("Ctrl+G",), "Frame",
        "Type a frame number", section=2,
    ),
    ActionSpec(
        "frame.go-to-utc", "Go to &UTC…", "clock", ("Ctrl+T",), "Frame",
        "Type a time", section=2,
    ),
    ActionSpec(
        "frame.slower", "&Slower", "slower", (",",), "Frame", "Next slower speed",
        section=3, repeats=True,
    ),
    ActionSpec(
        "frame.faster", "F&aster", "faster", (".",), "Frame", "Next faster speed",
        section=3, repeats=True,
    ),
    ActionSpec(
        "ending.stop", "Stop at the &end", "once", (), "Frame/At the end",
        "Stop at the end of the range", True, "ending", 3,
    ),
    ActionSpec(
        "ending.loop", "&Loop", "loop", ("Ctrl+L",), "Frame/At the end",
        "Start again at the other end", True, "ending", 3,
    ),
    ActionSpec(
        "ending.bounce", "&Bounce", "bounce", ("Ctrl+Shift+L",), "Frame/At the end",
        "Turn round at the ends", True, "ending", 3,
    ),
    ActionSpec(
        "range.in", "Range starts &here", "range-in", ("Ctrl+[",), "Frame/Range",
        "The play range starts at this frame", section=3,
    ),
    ActionSpec(
        "range.out", "Range ends h&ere", "range-out", ("Ctrl+]",), "Frame/Range",
        "The play range ends at this frame", section=3,
    ),
    ActionSpec(
        "range.clear", "&All frames", "range", ("Ctrl+\\",), "Frame/Range",
        "Play the whole capture", section=3,
    ),
    ActionSpec(
        "capture.next", "Next &capture", "blink", ("B", "Tab"), "Frame",
        "Show the next open capture", section=4,
    ),
    ActionSpec(
        "capture.previous", "Previous cap&ture", "blink-back", ("Shift+B", "Shift+Tab"), "Frame",
        "Show the previous open capture", section=4,
    ),
)


def _stack_rows() -> Iterator[ActionSpec]:
    for name, text in STACKS:
        yield ActionSpec(
            f"stack.{name}", text, "stack", (), "Frame/Stack",
            "Show each frame by itself" if name == "none" else f"{plain(text)} of the last frames",
            True, "stack", 5,
        )
    yield ActionSpec(
        "stack.depth", "How man&y frames…", "stack", ("Ctrl+K",), "Frame/Stack",
        "How many frames are stacked", section=6,
    )
    yield ActionSpec(
        "difference.show", "Difference to the &reference", "difference", ("Ctrl+D",),
        "Frame/Stack", "Subtract the reference frame", True, section=7,
    )
    yield ActionSpec(
        "difference.set", "Take as re&ference", "difference", ("Ctrl+R",), "Frame/Stack",
        "This picture becomes the reference", section=7,
    )
    for name in ("bias", "dark", "flat"):
        yield ActionSpec(
            f"calibration.{name}", f"&{name.capitalize()}", name, (), "Frame/Calibration",
            f"Apply the {name} to the picture", True, section=5,
        )


# fmt: on

FRAME_ROWS: tuple[ActionSpec, ...] = (*_FRAME, *_stack_rows())
