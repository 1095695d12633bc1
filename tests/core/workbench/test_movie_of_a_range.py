"""Movies of the play range, decoded again by the libraries they are made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.picture.limits import Limits
from nightglass.core.picture.viewport import Viewport
from nightglass.core.workbench import exports
from PIL import Image

from .night import COLUMNS, ROWS, frames_of

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench

    from .night import Waiter

VIEW = Viewport(0.0, 0.0, float(COLUMNS), float(ROWS), 8 * COLUMNS, 8 * ROWS)


@pytest.fixture
def shown(bench: Workbench, capture_folder: Path) -> Workbench:
    bench.pictures.look("main", VIEW)
    bench.open([capture_folder])
    bench.session.change(limits=Limits("manual", low=0.0, high=65535.0))
    return bench


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]


def test_an_mp4_holds_every_frame_of_the_range(shown: Workbench, tmp_path: Path) -> None:
    shown.transport.set_range(5, 16)
    done: list[Path] = []
    shown.export_movie(tmp_path / "crab.mp4", fps=10, on_done=done.append)
    assert done == [tmp_path / "crab.mp4"]
    frames = decoded(done[0])
    assert len(frames) == 12
    assert frames[0].shape == (8 * ROWS, 8 * COLUMNS)
    for number, picture in zip(range(5, 17), frames, strict=True):
        # The caption lies over the lower part; the upper half is the counts, top row first.
        expected = frames_of()[number][::-1][: ROWS // 2].repeat(8, axis=0).repeat(8, axis=1)
        assert np.abs(picture[: 4 * ROWS] - expected / 65535 * 255).mean() < 2.0


def test_every_third_frame(shown: Workbench, tmp_path: Path) -> None:
    shown.export_movie(tmp_path / "crab.mp4", fps=10, step=3)
    assert len(decoded(tmp_path / "crab.mp4")) == 10


def test_a_gif_plays_for_ever_at_its_speed(shown: Workbench, tmp_path: Path) -> None:
    shown.transport.set_range(0, 5)
    shown.export_movie(tmp_path / "crab.gif", fps=20)
    with Image.open(tmp_path / "crab.gif") as movie:
        assert (movie.n_frames, movie.size) == (6, (8 * COLUMNS, 8 * ROWS))
        assert movie.info["duration"] == 50
        assert movie.info["loop"] == 0


def test_each_frame_carries_its_number_and_its_time(shown, tmp_path, monkeypatch) -> None:
    captions: list[str] = []
    import nightglass.core.picture.movie as movie

    written = movie.write_movie

    def listen(path, pictures, *rest):
        def each():
            for colours, caption in pictures:
                captions.append(caption)
                yield colours, caption

        return written(path, each(), *rest)

    monkeypatch.setattr(movie, "write_movie", listen)
    shown.transport.set_range(8, 9)
    shown.export_movie(tmp_path / "crab.mp4", fps=10)
    first, second = captions
    assert first == "crab_20251210_001500  frame 9  2025-12-10T03:15:00.045400 UTC"
    assert second.startswith("crab_20251210_001500  frame 10  2025-12-10T03:15:00.0505")


@pytest.mark.expected_log
def test_too_many_frames_are_refused_before_anything_is_written(
    shown: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_MOVIE_FRAMES", 20)
    shown.export_movie(tmp_path / "crab.mp4", fps=10)
    (problem,) = shown.problems.entries()
    assert problem.text == "30 frames are too many for one movie."
    assert "crab.mp4" in str(problem.path)
    assert not (tmp_path / "crab.mp4").exists()
    shown.export_movie(tmp_path / "crab.mp4", fps=10, step=2)
    assert len(decoded(tmp_path / "crab.mp4")) == 15


@pytest.mark.expected_log
def test_a_folder_that_is_not_there_is_one_problem(shown: Workbench, tmp_path: Path) -> None:
    shown.export_movie(tmp_path / "nowhere" / "crab.mp4", fps=10)
    (problem,) = shown.problems.entries()
    assert problem.title == "Could not write the movie"


def test_no_picture_is_no_movie(bench: Workbench, tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="no picture"):
        bench.export_movie(tmp_path / "crab.mp4", fps=10)


def test_a_movie_that_is_cancelled_leaves_nothing(
    busy_bench: Workbench, until: Waiter, capture_folder: Path, tmp_path: Path
) -> None:
    busy_bench.pictures.look("main", VIEW)
    busy_bench.open([capture_folder])
    until(lambda: "main" in busy_bench.pictures.shown)
    job = busy_bench.export_movie(tmp_path / "crab.mp4", fps=10)
    until(lambda: job.progress.done >= 1)
    job.cancel()
    until(lambda: not busy_bench.engine._board.active())
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []
    assert busy_bench.problems.entries() == ()
