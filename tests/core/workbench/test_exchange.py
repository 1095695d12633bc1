"""Images, regions and the cursor between the workbench and other programs."""

from __future__ import annotations

import os
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from nightglass.core.engine import CancelToken, JobContext
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.exchange import samp_link
from nightglass.core.exchange.ds9_words import Ds9Words, Shown
from nightglass.core.exchange.pixel_check import PixelCount
from nightglass.core.exchange.samp_hub import local_path
from nightglass.core.exchange.xpa import Ds9
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Point
from nightglass.core.regions.shapes import Circle, Polygon
from nightglass.core.regions.systems import Surroundings
from nightglass.core.workbench.exchange.check import (
    PixelVerdict,
    check_same_pixels,
    summary,
)
from nightglass.core.workbench.exchange.exchange import TAG, Exchange
from nightglass.core.workbench.exchange.image import (
    Outgoing,
    common_system,
    outgoing,
    place_cards,
    sky_at,
)

from ..exchange.other_programs import (
    ADDRESS,
    FakeXpa,
    fake_xpa_on_path,
    own_samp_home,
    partner,
    running_hub,
)
from ..running_ds9 import running_ds9
from .night import COLUMNS, ROWS, WHOLE, frames_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nightglass.core.problems import ProblemList
    from nightglass.core.workbench import Workbench

    from .night import Waiter

NAME = "crab_20251210_001500_frame1.fits"
ANSWER = "regions -format ds9 -system {} -sky fk5 -skyformat degrees"
PATIENCE_S = 20.0


@pytest.fixture
def xpa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeXpa:
    """Stand-ins of the XPA programs; one DS9 runs and shows nothing."""
    made = fake_xpa_on_path(tmp_path / "xpa", monkeypatch)
    made.answer("fits size", "0 0")
    return made


@pytest.fixture
def exchange(bench: Workbench, capture_folder: Path) -> Iterator[Exchange]:
    """The exchange of a workbench that shows a capture; everything has happened at once."""
    bench.open([capture_folder])
    made = Exchange(bench)
    yield made
    made.close()


@pytest.fixture
def busy(busy_bench: Workbench, until: Waiter, capture_folder: Path) -> Iterator[Exchange]:
    """The exchange of a workbench with threads that shows a capture."""
    busy_bench.open([capture_folder])
    until(lambda: busy_bench.capture is not None)
    made = Exchange(busy_bench)
    yield made
    made.close()


@pytest.fixture
def samp_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home where no hub runs; a link looks for one all the time."""
    own_samp_home(tmp_path, monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    link = samp_link.SampLink
    monkeypatch.setattr(samp_link, "SampLink", lambda: link(look_s=0.02))
    return tmp_path


def drawn(x: float = 10.0, **more: Any) -> RegionEntry:
    return RegionEntry("circle", Circle(x, 12.0, 3.2), **more)


def told(exchange: Exchange, severity: str = "notice") -> list[str]:
    entries = exchange._bench.problems.entries()
    return [entry.text for entry in entries if entry.severity == severity]


def said(xpa: FakeXpa) -> list[str]:
    """The orders DS9 got."""
    return [order.removeprefix("-p ").removeprefix(f"{ADDRESS} ") for order in xpa.orders]


def shows(xpa: FakeXpa, file: str = NAME, sky: str = "") -> None:
    """DS9 shows a frame of the size of the capture."""
    xpa.answer("fits size", f"{COLUMNS} {ROWS}")
    xpa.answer("file", file)
    xpa.answer("crosshair fk5 degrees", sky)


# Images


def test_the_frame_goes_to_ds9_under_its_name(exchange: Exchange, xpa: FakeXpa) -> None:
    exchange.send_image()
    assert said(xpa) == [f"fits {NAME}"]
    np.testing.assert_array_equal(fits.getdata(BytesIO(xpa.data)), frames_of()[0])
    assert told(exchange) == [f"DS9 shows {NAME}."]


def test_an_image_of_somebody_else_gets_company_and_ours_is_replaced(
    exchange: Exchange, xpa: FakeXpa
) -> None:
    shows(xpa, "/data/other.fits")
    exchange.send_image()
    shows(xpa)
    exchange._bench.session.change(frame=4)
    exchange.send_image()
    assert said(xpa) == [f"fits new {NAME}", f"fits {NAME.replace('frame1', 'frame5')}"]


def test_what_is_shown_goes_and_not_what_lies_below_it(exchange: Exchange, xpa: FakeXpa) -> None:
    bench = exchange._bench
    bench.pictures.look("main", WHOLE)
    bench.session.change(frame=2, stack=bench.session.view.stack.__class__(3, "sum"))
    exchange.send_image()
    assert xpa.orders[0].endswith("frame3_sum3.fits")
    sent = fits.getdata(BytesIO(xpa.data))
    np.testing.assert_allclose(sent, frames_of()[:3].sum(axis=0))


def test_the_cards_say_where_the_pixels_lie(bench: Workbench, capture_folder: Path) -> None:
    bench.open([capture_folder])
    image = outgoing(bench)
    cards = image.cards()
    source = bench.capture.lightspeed
    column, row = source.detector_offset
    # DS9 follows image = LTM x physical + LTV, so the first pixel is sensor pixel corner + 1.
    assert (1 - cards["LTV1"]) / cards["LTM1_1"] == column + 1
    assert (1 - cards["LTV2"]) / cards["LTM2_2"] == row + 1
    wcs = WCS(fits.Header(cards))
    np.testing.assert_allclose(
        wcs.pixel_to_world_values(3.25, 20.5),
        sky_at(image.surroundings, (3.25, 20.5), "icrs"),
        atol=1e-9,
    )


def test_an_image_with_a_sky_of_its_own_takes_it_along(bench: Workbench, tmp_path: Path) -> None:
    header = fits.Header(
        {
            "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 83.63, "CRVAL2": -22.01,
            "CRPIX1": 3.5, "CRPIX2": 2.5, "CD1_1": -1e-4, "CD1_2": 2e-5, "CD2_1": 2e-5,
            "CD2_2": 1e-4, "RADESYS": "ICRS",
        }
    )  # fmt: skip
    fits.writeto(tmp_path / "sky.fits", np.ones((5, 6), np.float32), header)
    bench.open([tmp_path / "sky.fits"])
    image = outgoing(bench)
    theirs = WCS(fits.Header(image.cards()))
    expected = WCS(header).pixel_to_world_values(4.25, 3.5)
    np.testing.assert_allclose(theirs.pixel_to_world_values(4.25, 3.5), expected, atol=1e-10)
    np.testing.assert_allclose(
        sky_at(image.surroundings, (4.25, 3.5), "icrs"), expected, atol=1e-10
    )


def test_cards_the_file_brought_are_kept() -> None:
    cards = {"LTM1_1": 0.5, "LTV1": 7.0, "OBJECT": "x"}
    assert place_cards(Surroundings(None, cards, (9, 9))) == {"LTM1_1": 0.5, "LTV1": 7.0}


def test_without_a_capture_everything_says_so(bench: Workbench) -> None:
    exchange = Exchange(bench)
    verbs = [
        exchange.send_image, exchange.send_regions, exchange.take_regions, exchange.take_cursor,
        exchange.check, exchange.samp.send_image,
    ]  # fmt: skip
    for verb in verbs:
        with pytest.raises(NightglassError, match="No capture is open"):
            verb()


# Regions


def test_regions_go_in_image_pixels_to_an_image_of_ours(exchange: Exchange, xpa: FakeXpa) -> None:
    regions = exchange._bench.regions.list
    regions.add([drawn(), drawn(20.0)], "Draw")
    regions.select([])
    exchange.send_image()
    shows(xpa, sky="83.6 -22")
    exchange.send_regions()
    assert said(xpa)[-2:] == [f"regions group {TAG} delete", "regions"]
    text = xpa.data.decode()
    assert "image" in text.splitlines()
    assert text.count(f"tag={{{TAG}}}") == text.count("circle(") == 2
    assert told(exchange)[-1] == "2 regions went to DS9 in image pixels."


def test_selected_regions_go_alone_and_by_the_sky(exchange: Exchange, xpa: FakeXpa) -> None:
    exchange._bench.regions.list.add([drawn()], "Draw")
    exchange._bench.regions.list.add([drawn(20.0)], "Draw")
    shows(xpa, "/data/other.fits", sky="83.6 -22")
    exchange.send_regions()
    assert xpa.data.decode().count("circle(") == 1
    assert "fk5" in xpa.data.decode().splitlines()
    assert told(exchange)[-1] == "1 region went to DS9 in sky coordinates."


def test_regions_taken_stand_in_the_place_of_ours_as_one_step(
    exchange: Exchange, xpa: FakeXpa
) -> None:
    regions = exchange._bench.regions.list
    regions.add([drawn()], "Draw")
    shows(xpa)
    text = f"image\ncircle(5,6,2) # color=red tag={{{TAG}}} tag={{mine}}\npoint(3,4)\n"
    xpa.answer(ANSWER.format("image"), text)
    exchange.take_regions()
    first, second = regions.entries.values()
    assert first.shape == Circle(5.0, 6.0, 2.0)
    assert first.tags == ("mine",)
    assert first.properties["color"] == "red"
    assert second.shape == Point(3.0, 4.0)
    assert regions.undo_label == "Take regions of DS9"
    regions.undo()
    assert [entry.shape for entry in regions.entries.values()] == [drawn().shape]
    exchange.take_regions(add=True)
    assert len(regions) == 3
    assert told(exchange)[-1] == "2 regions came from DS9 in image pixels."


def test_no_regions_in_ds9_leave_ours_alone(exchange: Exchange, xpa: FakeXpa) -> None:
    exchange._bench.regions.list.add([drawn()], "Draw")
    shows(xpa)
    exchange.take_regions()
    assert len(exchange._bench.regions.list) == 1
    assert told(exchange)[-1] == "The frame shown in DS9 has no regions."


def test_nothing_to_send_is_told(exchange: Exchange, xpa: FakeXpa) -> None:
    with pytest.raises(NightglassError, match="There is no region to send"):
        exchange.send_regions()


# The cursor


def test_the_cursor_goes_there_and_comes_back_counted_from_one(
    exchange: Exchange, xpa: FakeXpa
) -> None:
    shows(xpa)
    exchange.send_cursor((9.25, 6.5))
    assert said(xpa) == [
        "crosshair 10.250000000 7.500000000 image",
        "pan to 10.250000000 7.500000000 image",
    ]
    places: list[tuple[float, float]] = []
    exchange.pointed.connect(lambda x, y: places.append((x, y)))
    xpa.answer("crosshair image", "10.25 7.5")
    exchange.take_cursor()
    assert places == [(9.25, 6.5)]
    xpa.answer("crosshair image", "500 7.5")
    exchange.take_cursor()
    assert len(places) == 1
    assert told(exchange)[-1] == "DS9 points at a place outside this frame."


def test_the_cursor_comes_by_the_sky_from_another_image(exchange: Exchange, xpa: FakeXpa) -> None:
    surroundings = exchange._bench.regions.surroundings()
    ra_deg, dec_deg = sky_at(surroundings, (9.25, 6.5), "fk5")
    shows(xpa, "/data/other.fits", sky=f"{ra_deg:.9f} {dec_deg:.9f}")
    places: list[tuple[float, float]] = []
    exchange.pointed.connect(lambda x, y: places.append((x, y)))
    exchange.take_cursor()
    np.testing.assert_allclose(places, [(9.25, 6.5)], atol=1e-3)
    exchange.send_cursor((9.25, 6.5))
    assert xpa.orders[0].endswith(f"crosshair {ra_deg:.9f} {dec_deg:.9f} fk5")


def test_no_cursor_is_told(exchange: Exchange, xpa: FakeXpa) -> None:
    with pytest.raises(NightglassError, match="The crosshair is not on the frame"):
        exchange.send_cursor(None)


# Which coordinates


@pytest.mark.parametrize(
    ("shown", "has_sky", "system"),
    [
        (Shown("ours.fits", (4, 5), has_sky=True), True, "image"),
        (Shown("theirs.fits", (4, 5), has_sky=True), True, "fk5"),
        (Shown("theirs.fits", (9, 9), has_sky=True), True, "fk5"),
        (Shown("ours.fits", (9, 9), has_sky=True), True, "fk5"),
        (Shown("theirs.fits", (4, 5), has_sky=True), False, "image"),
        (Shown("theirs.fits", (4, 5), has_sky=False), True, "image"),
    ],
)
def test_coordinates_are_those_both_understand(shown: Shown, has_sky: bool, system: str) -> None:
    assert common_system(shown, image_of(has_sky=has_sky), frozenset({"ours.fits"})) == system


@pytest.mark.parametrize(
    ("shown", "words"),
    [(Shown(), "is empty"), (Shown("theirs.fits", (9, 8)), "theirs.fits of 8 x 9 pixels")],
)
def test_frames_with_nothing_in_common_are_told(shown: Shown, words: str) -> None:
    with pytest.raises(NightglassError, match=words):
        common_system(shown, image_of(has_sky=True), frozenset())


def image_of(*, has_sky: bool) -> Outgoing:
    sky: Any = object() if has_sky else None
    return Outgoing("ours.fits", (4, 5), Surroundings(sky), lambda: np.zeros((4, 5)))


# Nobody there


def test_no_ds9_is_a_warning_and_a_state(exchange: Exchange, xpa: FakeXpa, expected_log) -> None:
    changes: list[int] = []
    exchange.changed.connect(lambda: changes.append(1))
    assert exchange.ds9.text == "not looked for"
    exchange.ds9.look()
    assert exchange.ds9.text == "running (ds9)"
    xpa.names()
    exchange.send_image()
    exchange.take_cursor()
    assert exchange.ds9.text == "not running"
    assert len(changes) == 2
    (entry,) = [one for one in exchange._bench.problems.entries() if one.severity == "warning"]
    assert str(entry) == ("DS9 is not running: No DS9 answers by XPA. Start DS9, then try again.")
    assert entry.count == 2


def test_no_hub_is_told_when_something_is_sent(exchange: Exchange) -> None:
    with pytest.raises(NightglassError, match="Nightglass is not connected to a SAMP hub"):
        exchange.samp.send_position((3.0, 4.0))
    assert not exchange.samp.is_wanted
    assert exchange.samp.text == "not connected"


# The hub


def test_the_hub_is_waited_for_joined_missed_and_left(
    busy: Exchange, until: Waiter, samp_home: Path, expected_log
) -> None:
    samp = busy.samp
    samp.connect()
    samp.connect()
    until(lambda: told(busy, "warning"))
    assert samp.text == "waiting for a hub"
    assert told(busy, "warning")[0].startswith("No SAMP hub is running. Nightglass joins")
    for _ in range(2):
        with running_hub():
            until(lambda: samp.is_connected)
            assert samp.text == "connected"
        until(lambda: not samp.is_connected)
    assert told(busy, "warning")[-1].startswith("The SAMP hub has been closed.")
    samp.disconnect()
    assert samp.text == "not connected"
    assert not samp.is_wanted


@pytest.fixture
def joined(busy: Exchange, until: Waiter, samp_home: Path) -> Iterator[Exchange]:
    """An exchange on a hub."""
    with running_hub():
        busy.samp.connect()
        until(lambda: busy.samp.is_connected)
        job = busy.samp._job
        yield busy
        busy.close()
        assert job._finished.wait(PATIENCE_S)


def test_the_image_goes_to_everybody_on_the_hub(joined: Exchange, until: Waiter) -> None:
    joined.samp.send_image()
    until(lambda: told(joined)[-1] == "No program on the hub takes it; nothing was sent.")
    with partner("image.load.fits", name="Viewer") as other:
        joined.samp.send_image()
        until(lambda: told(joined)[-1] == "The image went to Viewer.")
        assert other.has_heard.wait(PATIENCE_S)
        path = local_path(other.heard[0][1]["url"])
        np.testing.assert_array_equal(fits.getdata(path), frames_of()[0])
    job = joined.samp._job
    joined.samp.disconnect()
    assert job._finished.wait(PATIENCE_S)
    assert not path.parent.exists()


def test_a_position_goes_out_but_never_back(joined: Exchange, until: Waiter) -> None:
    places: list[tuple[float, float]] = []
    joined.pointed.connect(lambda x, y: places.append((x, y)))
    ra_deg, dec_deg = sky_at(joined._bench.regions.surroundings(), (9.25, 6.5), "icrs")
    with partner("coord.pointAt.sky", name="Viewer") as other:
        other.client.enotify_all("coord.pointAt.sky", ra=f"{ra_deg:.9f}", dec=f"{dec_deg:.9f}")
        until(lambda: places)
        np.testing.assert_allclose(places, [(9.25, 6.5)], atol=1e-4)
        joined.samp.send_position(places[0])
        until(lambda: told(joined)[-1].startswith("This position has just come"))
        joined.samp.send_position((3.0, 4.0))
        until(lambda: told(joined)[-1] == "The position went to Viewer.")
        assert other.has_heard.wait(PATIENCE_S)
        other.client.enotify_all("coord.pointAt.sky", ra="200", dec="50")
        until(lambda: told(joined)[-1] == "Viewer points at a place outside this frame.")
        joined._bench.desk.close_all()
        other.client.enotify_all("coord.pointAt.sky", ra="200", dec="51")
        until(lambda: told(joined)[-1].endswith("200.00000 +51.00000, which has no place here."))
    (sent,) = other.heard
    np.testing.assert_allclose(float(sent[1]["ra"]), ra_deg, atol=0.01)


def test_an_image_of_somebody_else_is_opened(
    joined: Exchange, until: Waiter, tmp_path: Path
) -> None:
    fits.writeto(tmp_path / "sky.fits", np.ones((5, 6), np.float32))
    with partner(name="Viewer") as other:
        other.client.enotify_all("image.load.fits", url=(tmp_path / "sky.fits").as_uri())
        until(lambda: joined._bench.capture.source.name == "sky.fits")
    assert "Viewer sends sky.fits." in told(joined)


def test_a_ds9_that_is_only_on_the_hub_gets_regions_there(joined: Exchange, until: Waiter) -> None:
    joined._bench.regions.list.add([drawn()], "Draw")
    with partner("ds9.get", "ds9.set", name="DS9") as other:
        other.answers = {
            "fits size": {"value": f"{COLUMNS} {ROWS}"},
            ANSWER.format("image"): {"value": "image\ncircle(5,6,2)\n"},
        }
        joined.send_regions()
        until(lambda: told(joined)[-1] == "1 region went to DS9 in image pixels.")
        joined.take_regions()
        until(lambda: told(joined)[-1] == "1 region came from DS9 in image pixels.")
    (entry,) = joined._bench.regions.list.entries.values()
    assert entry.shape == Circle(5.0, 6.0, 2.0)


def test_no_ds9_anywhere_is_a_warning(joined: Exchange, until: Waiter, expected_log) -> None:
    joined.take_cursor()
    until(lambda: told(joined, "warning") == ["No DS9 is on the SAMP hub."])


# The same pixels


def test_verdicts_are_sentences() -> None:
    same = PixelVerdict(1, "circle 1", "same", PixelCount(29, 29, 0))
    off = PixelVerdict(2, "box 2", "differs", PixelCount(20, 21, 1))
    lost = PixelVerdict(3, "polygon 3", "not comparable", PixelCount(9, 7, 2), "DS9 is off")
    bare = PixelVerdict(4, "point 4", "not comparable", None, "it holds no pixels")
    assert summary([same]) == "The region holds the same pixels in DS9 (29)."
    assert summary([same, same]) == "All 2 regions hold the same pixels in DS9 (58)."
    assert str(same) == "circle 1: the same pixels (29 pixels here, 29 in DS9, 0 differ)"
    assert summary([same, off, lost, bare]) == (
        "1 of 3 regions hold the same pixels in DS9. "
        "box 2: 20 pixels here, 21 in DS9, 1 differ; "
        "polygon 3: not comparable, DS9 is off (9 pixels here, 7 in DS9, 2 differ). "
        "1 without pixels left out."
    )
    assert summary([same, bare, bare]) == (
        "The region holds the same pixels in DS9 (29). 2 without pixels left out."
    )
    assert summary([bare]) == "No region to compare holds pixels."


class FramesOnly(Ds9Words):
    """A DS9 that knows frames and nothing else."""

    def __init__(self) -> None:
        self.frames, self.current = ["1", "2"], "2"

    def get(self, *words: str) -> str:
        assert words == ("frame",)
        return self.current

    def set(self, *words: str, data: bytes | None = None, timeout_s: float | None = None) -> None:
        match words:
            case ("frame", "new"):
                self.frames.append("3")
                self.current = "3"
            case ("frame", "delete"):
                self.frames.remove(self.current)
                self.current = self.frames[0]
            case ("frame", number):
                self.current = number
            case _:
                raise NightglassError("DS9 refused", f"{words} is not known.")


def test_a_comparison_that_ends_early_puts_the_frames_back() -> None:
    ds9, token = FramesOnly(), CancelToken()
    with pytest.raises(NightglassError, match="DS9 refused"):
        check_same_pixels(ds9, {1: drawn()}, (ROWS, COLUMNS), JobContext())
    assert (ds9.frames, ds9.current) == (["1", "2"], "2")
    token.cancel()
    with pytest.raises(Cancelled):
        check_same_pixels(ds9, {1: drawn()}, (ROWS, COLUMNS), JobContext(token))
    assert (ds9.frames, ds9.current) == (["1", "2"], "2")


def test_regions_outside_the_frame_have_nothing_to_compare() -> None:
    entry = RegionEntry("circle", Circle(900.0, 12.0, 3.2))
    (verdict,) = check_same_pixels(FramesOnly(), {1: entry}, (ROWS, COLUMNS), JobContext())
    assert verdict.outcome == "not comparable"
    assert "holds no pixel of the frame" in str(verdict)


@pytest.fixture
def real_ds9(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ds9]:
    """A real DS9 of its own."""
    title = f"workbench{os.getpid()}"
    with running_ds9(title, tmp_path_factory.mktemp("workbench-ds9")) as environment:
        for name in ("XPA_METHOD", "XPA_TMPDIR"):
            monkeypatch.setenv(name, environment[name])
        yield Ds9(title, timeout_s=30.0)


@pytest.mark.ds9
def test_a_real_ds9_shows_takes_and_counts_the_same(
    bench: Workbench, capture_folder: Path, real_ds9: Ds9, problems: ProblemList
) -> None:
    bench.open([capture_folder])
    exchange = Exchange(bench, lambda: Ds9(real_ds9.target, 30.0))
    regions = bench.regions.list
    shapes = (
        "circle(12.3,10.4,4.6)\nbox(15.2,12.1,9.3,5.4,33)\nellipse(14.1,11.7,7.2,3.9,-20)\n"
        "annulus(16.2,12.4,2.1,4.3,7.7)\n-box(10.1,10.3,4.2,4.4,0)\nbox(15,12,4,5,8,9,15)\n"
        "ellipse(15.1,12.2,2,3,5,6,40)\npoint(3,3)\npolygon(10.3,10.2,30.4,12.7,22.1,20.6)\n"
    )
    bench.regions.paste(f"image\n{shapes}")
    exchange.send_image()
    assert real_ds9.shown() == Shown(NAME, (ROWS, COLUMNS), has_sky=True)
    exchange.send_regions()
    exchange.send_regions()
    before = real_ds9.regions(), real_ds9.get("frame", "all")
    assert sum("(" in line for line in before[0].splitlines()) == len(regions)
    exchange.check()
    assert (real_ds9.regions(), real_ds9.get("frame", "all")) == before
    outcomes = {verdict.name.split()[0]: verdict for verdict in exchange.verdicts}
    assert outcomes.pop("point").outcome == "not comparable"
    polygon = outcomes.pop("polygon")
    assert polygon.outcome == "not comparable"
    assert polygon.count.differing > 0
    assert {verdict.outcome for verdict in outcomes.values()} == {"same"}
    assert told(exchange)[-1].startswith("7 of 8 regions hold the same pixels in DS9.")
    ours = [entry.shape for entry in regions.entries.values()]
    exchange.take_regions()
    for mine, theirs in zip(ours, regions.entries.values(), strict=True):
        assert type(theirs.shape) is type(mine)
        assert TAG not in theirs.tags
        np.testing.assert_allclose(theirs.shape.bounds(), mine.bounds(), atol=1e-3)
    assert isinstance(ours[-1], Polygon)
    exchange.send_cursor((9.25, 6.5))
    places: list[tuple[float, float]] = []
    exchange.pointed.connect(lambda x, y: places.append((x, y)))
    exchange.take_cursor()
    np.testing.assert_allclose(places, [(9.25, 6.5)], atol=1e-4)
    # The same place by the sky: the cards that went with the image are those of our frame.
    np.testing.assert_allclose(
        real_ds9.crosshair("fk5"),
        sky_at(bench.regions.surroundings(), (9.25, 6.5), "fk5"),
        atol=2e-6,
    )
    corner = bench.capture.lightspeed.detector_offset
    np.testing.assert_allclose(
        real_ds9.crosshair("physical"), (10.25 + corner[0], 7.5 + corner[1]), atol=1e-4
    )
