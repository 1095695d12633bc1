"""Movies are read again after they are written."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.picture.movie import draw_caption, write_movie


def frames(count: int, shape=(120, 160), caption="2025-12-10T03:15:00.000000 UTC"):
    for k in range(count):
        colour = np.uint32(0xFF000000 | (20 * k) << 16 | 0x40)
        yield np.full(shape, colour, np.uint32), caption


class Work:
    def __init__(self, stop_after: int = 1000) -> None:
        self.told: list[tuple[int, int | None]] = []
        self.stop_after = stop_after

    def check(self) -> None:
        if len(self.told) >= self.stop_after:
            raise Cancelled

    def progress(self, done, total=None, text="") -> None:
        self.told.append((done, total))


def decoded(path) -> list[np.ndarray]:
    import av

    with av.open(str(path)) as movie:
        return [frame.to_ndarray(format="rgb24") for frame in movie.decode(video=0)]


@pytest.mark.parametrize("shape", [(120, 160), (121, 159), (33, 35)])
def test_mp4_holds_every_frame_in_even_size(tmp_path, shape) -> None:
    path = tmp_path / "night.mp4"
    assert write_movie(path, frames(9, shape), 25) == 9
    pictures = decoded(path)
    assert len(pictures) == 9
    assert pictures[0].shape == (shape[0] + shape[0] % 2, shape[1] + shape[1] % 2, 3)


def test_mp4_has_the_colours_and_the_speed_asked_for(tmp_path) -> None:
    import av

    path = tmp_path / "night.mp4"
    write_movie(path, frames(10, caption=""), 12.5)
    middle = decoded(path)[7][60, 80].astype(int)
    # H.264 with halved colours is good to a few levels.
    np.testing.assert_allclose(middle, [140, 0, 64], atol=6)
    with av.open(str(path)) as movie:
        assert float(movie.streams.video[0].average_rate) == pytest.approx(12.5)
        assert movie.streams.video[0].codec_context.pix_fmt == "yuv420p"


def test_gif_holds_every_frame_and_its_pace(tmp_path) -> None:
    from PIL import Image

    path = tmp_path / "night.gif"
    assert write_movie(path, frames(6), 10) == 6
    with Image.open(path) as movie:
        assert movie.n_frames == 6
        assert movie.size == (160, 120)
        assert movie.info["duration"] == 100
        movie.seek(5)
        assert movie.convert("RGB").getpixel((80, 10)) == (100, 0, 64)


def test_caption_is_burnt_into_the_lower_left_corner() -> None:
    from PIL import Image

    plain = Image.new("RGB", (640, 360), (90, 90, 90))
    drawn = np.asarray(draw_caption(plain.copy(), "frame 17"))
    changed = np.argwhere((drawn != 90).any(axis=2))
    assert (drawn == 255).any()
    assert changed[:, 0].min() > 300
    assert changed[:, 1].max() < 320
    assert draw_caption(plain, "") is plain


def test_long_caption_is_made_to_fit() -> None:
    from PIL import Image

    picture = draw_caption(Image.new("RGB", (240, 200), (90, 90, 90)), "frame 1 " * 6)
    changed = np.argwhere((np.asarray(picture) != 90).any(axis=2))
    assert changed[:, 1].max() < 239


def test_progress_is_told_frame_by_frame(tmp_path) -> None:
    work = Work()
    write_movie(tmp_path / "night.mp4", frames(4), 25, work, total=4)
    assert work.told == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("name", ["night.mp4", "night.gif"])
def test_cancelled_movie_leaves_nothing_and_spares_the_old_one(tmp_path, name) -> None:
    path = tmp_path / name
    path.write_bytes(b"the movie before")
    with pytest.raises(Cancelled):
        write_movie(path, frames(8), 25, Work(stop_after=3))
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == b"the movie before"


def mixed():
    yield from frames(2)
    yield from frames(1, (60, 60))


@pytest.mark.parametrize(
    ("name", "pictures", "fps", "words"),
    [
        ("night.avi", frames(1), 25, "neither .mp4 nor .gif"),
        ("night.mp4", frames(0), 25, "no frames"),
        ("night.gif", frames(0), 25, "no frames"),
        ("night.mp4", mixed(), 25, "size of the view changed"),
        ("night.mp4", frames(1), 0, "0 frames a second"),
        ("night.mp4", frames(1), float("nan"), "frames a second"),
    ],
)
def test_impossible_movies_are_refused_in_one_sentence(
    tmp_path, name, pictures, fps, words
) -> None:
    with pytest.raises(NightglassError, match=words):
        write_movie(tmp_path / name, pictures, fps)
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_is_told_in_plain_words(tmp_path) -> None:
    with pytest.raises(NightglassError, match="Could not write the movie"):
        write_movie(tmp_path / "gone" / "night.mp4", frames(2), 25)


def test_gif_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch) -> None:
    from nightglass.core.picture import movie

    monkeypatch.setattr(movie, "_MOST_GIF_PIXELS", 160 * 120 * 3)
    with pytest.raises(NightglassError, match="at most 3 frames"):
        write_movie(tmp_path / "night.gif", frames(5), 25)
