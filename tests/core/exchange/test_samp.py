"""A client of a SAMP hub: what it says, what it hears, and hubs that are not as they should be."""

from __future__ import annotations

import queue
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.exchange import samp_hub
from nightglass.core.exchange.samp import ImageHeard, PositionHeard, SampClient, SampDs9
from nightglass.core.exchange.samp_hub import local_path, profile_path, read_profile
from nightglass.core.exchange.samp_link import ImageShelf, LinkState, OrderDone, SampLink

from .other_programs import hub_process, partner, running_hub

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightglass.core.exchange.xpa import Ds9

PATIENCE_S = 20.0


@pytest.fixture
def heard() -> queue.SimpleQueue[Any]:
    return queue.SimpleQueue()


@pytest.fixture
def client(hub: object, heard: queue.SimpleQueue[Any]) -> Iterator[SampClient]:
    made = SampClient(heard.put)
    made.connect()
    yield made
    made.close()


def test_an_image_and_a_position_are_told_to_those_who_take_them(
    client: SampClient, tmp_path: Path
) -> None:
    assert client.send_position(83.6, -22.0) == ()
    with partner("image.load.fits", name="Viewer") as other:
        assert client.send_image(tmp_path / "a b.fits", "a b") == ("Viewer",)
        assert other.has_heard.wait(PATIENCE_S)
        mtype, words = other.heard[0]
        assert mtype == "image.load.fits"
        assert local_path(words["url"]) == tmp_path / "a b.fits"
        assert client.listeners("coord.pointAt.sky") == {}


def test_it_says_who_it_is(client: SampClient) -> None:
    with partner() as other:
        (ident,) = [
            one
            for one in other.client.get_registered_clients()
            if other.client.get_metadata(one)["samp.name"] == "Nightglass"
        ]
        assert {"image.load.fits", "coord.pointAt.sky"} <= set(
            other.client.get_subscriptions(ident)
        )


def test_messages_are_heard_and_answered(client: SampClient, heard, tmp_path: Path) -> None:
    with partner(name="Viewer") as other:
        (ident,) = other.client.get_subscribed_clients("coord.pointAt.sky")
        words = {"url": (tmp_path / "sky 1.fits").as_uri()}
        answer = other.client.ecall_and_wait(ident, "image.load.fits", "10", **words)
        assert answer["samp.status"] == "samp.ok"
        assert heard.get(timeout=PATIENCE_S) == ImageHeard(tmp_path / "sky 1.fits", "Viewer")
        other.client.enotify(ident, "coord.pointAt.sky", ra="83.5", dec="-22.25")
        assert heard.get(timeout=PATIENCE_S) == PositionHeard(83.5, -22.25, "Viewer")


@pytest.mark.parametrize(
    ("mtype", "words"),
    [
        ("image.load.fits", {"url": "https://example.org/a.fits"}),
        ("image.load.fits", {}),
        ("coord.pointAt.sky", {"ra": "here", "dec": "1"}),
        ("coord.pointAt.sky", {"ra": "nan", "dec": "1"}),
    ],
)
def test_messages_that_cannot_be_followed_are_refused(
    client: SampClient, heard, mtype: str, words: dict[str, str]
) -> None:
    with partner() as other:
        (ident,) = other.client.get_subscribed_clients(mtype)
        answer = other.client.ecall_and_wait(ident, mtype, "10", **words)
    assert answer["samp.status"] == "samp.error"
    assert heard.empty()


def test_a_position_just_heard_is_never_sent_back(client: SampClient, heard) -> None:
    with partner("coord.pointAt.sky") as other:
        (ident,) = other.client.get_subscribed_clients("coord.pointAt.sky")
        other.client.enotify(ident, "coord.pointAt.sky", ra="359.99999999", dec="-22.25")
        heard.get(timeout=PATIENCE_S)
        assert client.send_position(-1e-8, -22.25) is None
        assert client.send_position(359.5, -22.25) == ("Partner",)
        assert other.has_heard.wait(PATIENCE_S)
        assert [words["ra"] for _, words in other.heard] == ["359.500000000"]


def test_a_ds9_on_the_hub_understands_the_same_words(client: SampClient, tmp_path: Path) -> None:
    answer = tmp_path / "answer.reg"
    answer.write_text("# Region file\nimage\ncircle(1,2,3)\n")
    order = "regions -format ds9 -system image -sky fk5 -skyformat degrees"
    with partner("ds9.get", "ds9.set") as other:
        other.answers = {"fits size": {"value": "64 50"}, order: {"url": answer.as_uri()}}
        ds9 = SampDs9(client)
        assert ds9.shown().shape == (50, 64)
        assert ds9.regions() == "# Region file\nimage\ncircle(1,2,3)\n"
        ds9.send_regions("image\nbox(1,2,3,4,0)\n")
        ds9.clear_regions()
        assert [words["cmd"] for _, words in other.heard[-2:]] == ["regions", "regions delete all"]
        answer.unlink()
        with pytest.raises(NightglassError, match="cannot be read"):
            ds9.regions()


def test_no_ds9_on_the_hub_is_told(client: SampClient) -> None:
    with pytest.raises(NightglassError, match="No DS9 is on the SAMP hub"):
        SampDs9(client).clear_regions()


@pytest.mark.ds9
def test_a_real_ds9_on_the_hub_takes_and_gives_regions(
    real_ds9: Ds9, samp_home: Path, started_ds9: tuple[str, dict[str, str]]
) -> None:
    real_ds9.send_image(np.zeros((50, 64), np.uint8), name="crab.fits")
    home, client = Path(started_ds9[1]["HOME"], ".samp"), SampClient(print)
    # A process of its own: the hub of pyvo leaves the sockets of DS9 open.
    with hub_process():
        home.write_bytes((samp_home / ".samp").read_bytes())
        try:
            client.connect()
            real_ds9.set("samp", "connect")
            while not client.listeners("ds9.get"):
                client.ping()
            ds9 = SampDs9(client)
            assert ds9.shown() == real_ds9.shown()
            ds9.send_regions("image\ncircle(10.5,20.25,3)\n")
            assert ds9.regions() == real_ds9.regions()
            assert "circle(10.5,20.25,3)" in ds9.regions()
            ds9.set_crosshair(7.5, 8.25)
            assert ds9.crosshair() == (7.5, 8.25)
        finally:
            client.close()
            real_ds9.set("samp", "disconnect")
            home.unlink()


# Hubs that are not there


def test_no_hub_is_one_sentence(samp_home: Path) -> None:
    with pytest.raises(NightglassError, match=r"No SAMP hub is running.*TOPCAT"):
        SampClient(print).connect()


def test_a_file_of_a_hub_that_died_is_no_hub(samp_home: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    _write_profile(samp_home, f"http://127.0.0.1:{port}/")
    with pytest.raises(NightglassError, match="No SAMP hub is running"):
        SampClient(print).connect()


def test_a_hub_that_hangs_is_waited_for_only_so_long(samp_home: Path, monkeypatch) -> None:
    monkeypatch.setattr(samp_hub, "TIMEOUT_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        _write_profile(samp_home, f"http://127.0.0.1:{silent.getsockname()[1]}/")
        with pytest.raises(NightglassError, match="No SAMP hub is running"):
            SampClient(print).connect()


def test_a_hub_of_another_computer_is_left_alone(samp_home: Path) -> None:
    _write_profile(samp_home, "http://192.0.2.1:21012/")
    with pytest.raises(NightglassError, match=r"another computer \(192\.0\.2\.1\)"):
        SampClient(print).connect()


@pytest.mark.parametrize(
    "text",
    [
        "", "# nothing\n", "samp.secret=1\n", "\x00\xff",
        "samp.secret=1\nsamp.hub.xmlrpc.url=http://[::1\n",
        "samp.secret=1\nsamp.hub.xmlrpc.url=http://a\x00b/\n",
    ],
)  # fmt: skip
def test_a_file_without_a_hub_in_it_is_no_hub(samp_home: Path, text: str) -> None:
    (samp_home / ".samp").write_text(text)
    with pytest.raises(NightglassError, match="No SAMP hub is running"):
        read_profile(profile_path())


def test_the_variable_names_another_file_or_is_refused(samp_home: Path, monkeypatch) -> None:
    monkeypatch.setenv("SAMP_HUB", f"std-lockurl:{(samp_home / 'my hub').as_uri()}")
    assert profile_path() == samp_home / "my hub"
    monkeypatch.setenv("SAMP_HUB", "std-lockurl:http://example.org/hub")
    with pytest.raises(NightglassError, match="no file of this computer"):
        profile_path()


def test_a_hub_killed_in_the_middle_is_told_and_left(samp_home: Path) -> None:
    client = SampClient(print)
    with hub_process() as process:
        client.connect()
        client.ping()
        process.kill()
        process.wait(PATIENCE_S)
        with pytest.raises(NightglassError, match="No SAMP hub"):
            client.send_position(1.0, 2.0)
        with pytest.raises(NightglassError, match="No SAMP hub"):
            client.ping()
        client.close()
    client.close()
    with pytest.raises(NightglassError, match="No SAMP hub"):
        client.ping()


# The link that outlives hubs


class Told:
    """A link on a thread of its own, and what it tells."""

    def __init__(self) -> None:
        self.link = SampLink(look_s=0.02)
        self.words: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self.link.run, args=(self.words.put,))
        self.thread.start()

    def next(self) -> Any:
        return self.words.get(timeout=PATIENCE_S)

    def state(self) -> bool:
        """The next change of state."""
        while not isinstance(told := self.next(), LinkState):
            pass
        return told.is_connected


@pytest.fixture
def told(samp_home: Path) -> Iterator[Told]:
    made = Told()
    yield made
    made.link.stop()
    made.thread.join(PATIENCE_S)
    assert not made.thread.is_alive()


def test_a_hub_that_comes_later_is_joined_and_one_that_closes_is_left(told: Told) -> None:
    state = told.next()
    assert not state.is_connected
    assert state.text.startswith("No SAMP hub is running. Nightglass joins as soon as")
    for _ in range(2):
        with running_hub():
            assert told.state()
        assert not told.state()


def test_a_hub_that_is_killed_is_missed_and_the_next_one_joined(told: Told) -> None:
    assert not told.state()
    with hub_process() as process:
        assert told.state()
        process.kill()
        assert not told.state()
    with running_hub():
        assert told.state()


def test_orders_are_done_in_turn_and_refused_without_a_hub(told: Told) -> None:
    assert not told.state()
    told.link.ask(lambda client: client.send_position(1.0, 2.0), print)
    done = told.next()
    assert isinstance(done, OrderDone)
    assert done.callback is print
    assert str(done.error).startswith("Not on a SAMP hub")
    with running_hub():
        assert told.state()
        told.link.ask(lambda client: client.send_position(1.0, 2.0), print)
        assert told.next() == OrderDone(print, ())


def test_orders_left_at_the_end_are_refused(samp_home: Path) -> None:
    link, words = SampLink(look_s=60.0), []
    link.stop()
    link.ask(lambda client: None, print)
    link.run(words.append)
    assert [str(one.error)[:17] for one in words if isinstance(one, OrderDone)] == [
        "Not on a SAMP hub"
    ]


def test_what_is_heard_goes_through_the_link(told: Told) -> None:
    assert not told.state()
    with running_hub():
        assert told.state()
        with partner(name="Viewer") as other:
            other.client.enotify_all("coord.pointAt.sky", ra="1.5", dec="2.5")
            assert told.next() == PositionHeard(1.5, 2.5, "Viewer")


def test_a_shelf_keeps_the_last_five_images_and_ends_empty() -> None:
    shelf = ImageShelf()
    paths = [shelf.put(np.full((2, 3), n, np.uint16), {"LTV1": -4.0}, "a.fits") for n in range(7)]
    assert [path.exists() for path in paths] == [False] * 2 + [True] * 5
    assert len({path.name for path in paths}) == 7
    assert fits.getdata(paths[-1]).max() == 6
    assert fits.getheader(paths[-1])["LTV1"] == -4.0
    shelf.clear()
    assert not paths[-1].parent.exists()
    shelf.clear()


def _write_profile(home: Path, url: str) -> None:
    (home / ".samp").write_text(f"samp.secret=1\nsamp.hub.xmlrpc.url={url}\n")
