"""Movies of what the screen shows: MP4 for talks, GIF for mails, with the time burnt in."""

from __future__ import annotations

import math
from contextlib import ExitStack, suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ..atomic import replacing
from ..errors import NightglassError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

    from .codes import Colours

    Picture = tuple[Colours, str]

_FONTS = ("DejaVuSansMono.ttf", "DejaVuSans.ttf")
# Constant rate factor: visually lossless for a camera's grain, a tenth of the raw size.
_QUALITY = "18"
_MOST_FPS = 240.0
# Pillow holds all frames of a GIF in memory.
_MOST_GIF_PIXELS = 1 << 29


class Work(Protocol):
    """What a movie asks of the job that makes it."""

    def check(self) -> None:
        """Raise to give up."""

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Tell how many frames are written."""


class _Writer(Protocol):
    def add(self, picture: Image) -> None: ...

    def finish(self) -> None: ...

    def close(self) -> None: ...


def write_movie(
    path: str | os.PathLike[str],
    frames: Iterable[Picture],
    fps: float,
    ctx: Work | None = None,
    total: int | None = None,
) -> int:
    """Write pictures as a movie; the file is complete or absent.

    Parameters
    ----------
    path : path-like
        Ends in ".mp4" (H.264, plays everywhere) or ".gif".
    frames : iterable of (uint32 ndarray of shape (height, width), str)
        Colours as 0xffRRGGBB, all of one size, and a caption; an empty one draws nothing. They
        are asked for one at a time.
    fps : float
        Frames a second of the movie, 0 to 240.
    ctx : job context or None
        Told of the progress, asked whether to go on.
    total : int or None
        Number of frames, if known.

    Returns
    -------
    int
        Frames written.

    Raises
    ------
    NightglassError
        If the name ends otherwise, there are no frames, their sizes differ, or the file cannot be
        written.
    Cancelled
        If the job is cancelled; nothing is left behind.
    """
    target = Path(path)
    if not 0 < fps <= _MOST_FPS:
        raise _refusal(
            target, f"{fps:g} frames a second is not a speed of a movie.", "Use 1 to 60."
        )
    if target.suffix.lower() not in _WRITERS:
        raise _refusal(target, f"{target.name} is neither .mp4 nor .gif.", "Choose one of the two.")
    try:
        with replacing(target) as temporary:
            return _write(temporary, target, frames, fps, ctx, total)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refusal(target, f"{reason}.", "Choose another folder or free some space.") from error


def _refusal(path: Path, text: str, hint: str) -> NightglassError:
    return NightglassError("Could not write the movie", text, hint, path)


def _write(
    temporary: Path,
    target: Path,
    frames: Iterable[Picture],
    fps: float,
    ctx: Work | None,
    total: int | None,
) -> int:
    count = 0
    with ExitStack() as closing:
        writer: _Writer | None = None
        for picture in _captioned(frames, target):
            if ctx is not None:
                ctx.check()
            if writer is None:
                writer = _WRITERS[target.suffix.lower()](temporary, picture.size, fps)
                closing.callback(writer.close)
            writer.add(picture)
            count += 1
            if ctx is not None:
                ctx.progress(count, total, "frames written")
        if writer is None:
            raise _refusal(target, "There are no frames in this range.", "Choose a longer range.")
        writer.finish()
    return count


def _captioned(frames: Iterable[Picture], target: Path) -> Iterator[Image]:
    """Pictures of even size with their captions drawn in."""
    shape: tuple[int, ...] | None = None
    for colours, caption in frames:
        shape = shape or colours.shape
        if colours.shape != shape:
            text = "The size of the view changed while the movie was written."
            raise _refusal(target, text, "Leave the window as it is and try again.")
        yield draw_caption(_image(colours), caption)


def _image(colours: Colours) -> Image:
    """RGB picture; an odd last row or column is repeated, as H.264 halves the colours."""
    from PIL import Image

    height, width = colours.shape
    # Little-endian 0xffRRGGBB is the bytes B, G, R, 255.
    pixels = colours.astype("<u4").view(np.uint8).reshape(height, width, 4)[..., 2::-1]
    even: NDArray[np.uint8] = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), "edge")
    return Image.fromarray(even)


def draw_caption(picture: Image, caption: str) -> Image:
    """Draw the caption into the lower left corner, readable on any background."""
    from PIL.ImageDraw import Draw

    if not caption:
        return picture
    pen = Draw(picture)
    size = _fitting_size(picture, caption, pen)
    font = _font(size)
    left, top, right, bottom = pen.textbbox((0, 0), caption, font=font)
    margin = size // 2
    corner = (margin, picture.height - (bottom - top) - 2 * margin)
    far = (corner[0] + right - left + margin // 2, picture.height - margin)
    pen.rectangle((corner[0] - margin // 2, corner[1] - margin // 2, *far), fill=(0, 0, 0))
    pen.text((corner[0] - left, corner[1] - top), caption, fill=(255, 255, 255), font=font)
    return picture


def _fitting_size(picture: Image, caption: str, pen: ImageDraw) -> int:
    """Size of the letters: a part of the height, smaller where the line would be too long."""
    size = max(12, picture.height // 32)
    room = picture.width - 2 * size
    length = pen.textlength(caption, font=_font(size))
    return size if length <= room else max(6, int(size * room / length))


def _font(size: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    for name in _FONTS:
        with suppress(OSError):
            return ImageFont.truetype(name, size)
    return ImageFont.load_default(size)


class _Mp4:
    """H.264 in an MP4, with the index in front so that it starts at once over a network."""

    def __init__(self, path: Path, size: tuple[int, int], fps: float) -> None:
        import av

        self._file = av.open(str(path), "w", format="mp4", options={"movflags": "faststart"})
        rate = Fraction(fps).limit_denominator(1000)
        self._stream = self._file.add_stream("libx264", rate=rate, options={"crf": _QUALITY})
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"

    def add(self, picture: Image) -> None:
        import av

        frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
        self._file.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self._file.mux(self._stream.encode())

    def close(self) -> None:
        self._file.close()


class _Gif:
    """A GIF that loops; one palette a frame."""

    def __init__(self, path: Path, size: tuple[int, int], fps: float) -> None:
        self._path = path
        self._most = _MOST_GIF_PIXELS // (size[0] * size[1])
        # A GIF counts in hundredths of a second; most viewers slow down below two.
        self._duration_ms = max(20, 10 * math.floor(100 / fps + 0.5))
        self._frames: list[Image] = []

    def add(self, picture: Image) -> None:
        if len(self._frames) == self._most:
            text = f"A GIF of this size holds at most {self._most} frames."
            raise _refusal(self._path, text, "Write an MP4 or choose a shorter range.")
        self._frames.append(picture.quantize(256))

    def finish(self) -> None:
        first, *others = self._frames
        first.save(
            self._path, "GIF", save_all=True, append_images=others,
            duration=self._duration_ms, loop=0,
        )  # fmt: skip

    def close(self) -> None:
        self._frames.clear()


_WRITERS: dict[str, type[_Mp4 | _Gif]] = {".mp4": _Mp4, ".gif": _Gif}
