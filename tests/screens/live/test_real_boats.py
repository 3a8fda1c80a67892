"""Real boats on Live: followed once they are heard, and what Health says of their sources."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace

from tests.deck import locations_in
from tui.config.load import load
from tui.live.feed import Health
from tui.screens.live.screen import LiveScreen
from tui.screens.live.status import health_line
from tui.screens.live.watch import MOST_DEVICES, Watching
from tui.services.igtimi.sources import Source
from tui.spoken_keys import key_for, speak_of
from tui.workspace.live.live import LiveRoom, Place
from tui.workspace.live.sources import said_of, stands
from tui.workspace.live.units import Unit, UnitAnswer, answer_text, unit_text, waiting_text
from tui.workspace.workspace import Workspace

ONE = Source(
    id=1, address="udp://:1", kept=True, state="receiving", boats=1, serial_numbers=["SO-AA-AAAA"],
    lost={}, lost_words={},
)  # fmt: skip


class Feed(SimpleNamespace):
    """A feed that follows what it is told."""

    serials: tuple[str, ...] = ()

    async def follow(self, serials: list[str]) -> None:
        self.serials = tuple(serials)

    async def start(self) -> None:
        """It runs."""

    def subscribe(self, _news: object) -> Any:
        return lambda: None


class Room(SimpleNamespace):
    """An account with a simulated boat, and what is heard beside it."""

    def __init__(self) -> None:
        super().__init__(sources=self, heard_now=[], there=True, made=["GA-EN-AAAA"])

    async def heard(self) -> list[Source]:
        return list(self.heard_now)

    async def devices(self) -> list[Place]:
        return [Place(serial, serial) for serial in self.made]

    def feed(self, serials: list[str]) -> Feed:
        return Feed(serials=tuple(serials))


async def test_while_sources_hear_nobody_yet_no_simulated_boat_stands_beside_them() -> None:
    room = Room()
    nobody = replace(ONE, state="waiting", serial_numbers=[])
    room.heard_now = [nobody]
    watching = Watching(cast(LiveRoom, room))
    await watching.follow(())
    assert watching.listening
    assert tuple(watching.serials) == ()
    assert not await watching.look_for_boats()
    room.made += ["SO-AA-AAAA"]
    room.heard_now = [ONE]
    assert await watching.look_for_boats()
    assert tuple(watching.serials) == ("SO-AA-AAAA",)
    # A source that is begun anew has nobody for a moment; once it has ended there are the others.
    room.heard_now = [nobody]
    assert not await watching.look_for_boats()
    assert tuple(watching.serials) == ("SO-AA-AAAA",)
    room.heard_now = [replace(nobody, state="ended")]
    assert await watching.look_for_boats()
    assert not watching.listening
    assert set(watching.serials) == set(room.made)


async def test_boats_that_are_heard_are_followed_where_nobody_chose_others() -> None:
    room = Room()
    watching = Watching(cast(LiveRoom, room))
    await watching.follow(())
    assert tuple(watching.serials) == ("GA-EN-AAAA",)
    assert not await watching.look_for_boats()
    # A boat is heard, then another one, and in the end none any more.
    room.made += ["SO-AA-AAAA", "SO-AA-AAAB"]
    room.heard_now = [replace(ONE, waiting=["DC-GD-AAAB"])]
    assert await watching.look_for_boats()
    assert tuple(watching.serials) == ("SO-AA-AAAA",)
    assert watching.waiting == ("DC-GD-AAAB",)
    assert not await watching.look_for_boats()
    room.heard_now = [ONE, replace(ONE, id=2, serial_numbers=["SO-AA-AAAB"])]
    assert await watching.look_for_boats()
    assert tuple(watching.serials) == ("SO-AA-AAAA", "SO-AA-AAAB")
    room.heard_now = []
    assert await watching.look_for_boats()
    assert set(watching.serials) == set(room.made)
    # What a person chose stays, and that none of it is what is heard is said.
    await watching.follow(["GA-EN-AAAA"])
    room.heard_now = [ONE]
    assert not await watching.look_for_boats()
    assert tuple(watching.serials) == ("GA-EN-AAAA",)
    assert watching.unwatched == 1
    await watching.follow(["GA-EN-AAAA", "SO-AA-AAAA"])
    assert not await watching.look_for_boats()
    assert watching.unwatched == 0


async def test_of_more_boats_than_are_followed_of_themselves_the_others_are_counted() -> None:
    room = Room()
    watching = Watching(cast(LiveRoom, room))
    await watching.follow(())
    fleet = [f"SO-AA-AA{number:02}" for number in range(MOST_DEVICES + 20)]
    room.made += fleet
    room.heard_now = [replace(ONE, serial_numbers=fleet)]
    assert await watching.look_for_boats()
    assert list(watching.serials) == fleet[:MOST_DEVICES]
    assert watching.unwatched == 20
    # That stands: what is shown is not opened anew with every look.
    assert not await watching.look_for_boats()
    assert watching.unwatched == 20
    # Of those that a person chose out of them the others are no news.
    await watching.follow(fleet[:2])
    assert not await watching.look_for_boats()
    assert watching.unwatched == 0
    await watching.follow(())
    room.heard_now = [replace(ONE, serial_numbers=fleet[20:])]
    assert await watching.look_for_boats()
    assert list(watching.serials) == fleet[20:]
    assert watching.unwatched == 0


def test_real_boats_that_nobody_watches_are_said_above_the_wall() -> None:
    runs = health_line(Health(), str, 80, unwatched=12).cells(80)
    said = f" ! 12 real boats heard, not watched: {key_for('live.devices')} to choose "
    assert (said, "warn") in runs
    assert not any("heard" in text for text, _ in health_line(Health(), str, 80).cells(80))


def test_a_source_says_what_a_person_would_act_on() -> None:
    assert (
        stands(replace(ONE, rate=34.2, error="old")) == "receiving · 34.2 lines a second · 1 boat"
    )
    assert stands(replace(ONE, rate=1.0, clock_offset=3_600_000)).endswith("clock +1 h")
    assert stands(replace(ONE, state="retrying", retry_in=8.4, boats=0, error="refused")) == (
        "again in 8 s · refused"
    )
    assert stands(replace(ONE, state="silent", age=42.0)) == "silent for 42 s · 1 boat"
    waiting = replace(ONE, state="waiting", listens_at="127.0.0.1:1", boats=0)
    assert stands(waiting) == "waiting at 127.0.0.1:1"
    lossy = replace(
        ONE,
        address="udp://\x1b[2J",
        waiting=["DD-EE-AAHA"],
        lost={"bare": 1200, "double": 9, "no_type": 8},
        lost_words={"bare": "no checksum"},
    )
    waits = Unit(serial_number="DD-EE-AAHA\x1b", accepted=False, connected=True, messages=3)
    known = Unit(serial_number="A", name="Petrel", accepted=True, connected=True, age=2.0)
    said = said_of([lossy], [waits, known], "c")
    assert "\x1b" not in "".join(said)
    assert [line.strip() for line in said[1:]] == [
        "1,200 left out: no checksum",
        "?lenient=1 reads lines whose checksum is missing or of the address only",
        "! unit DD-EE-AAHA␛ waiting: c to accept it",
        "unit DD-EE-AAHA␛: waits to be accepted · 3 messages",
        "unit Petrel A: connected · heard 2 s ago",
        "",
    ]
    assert said_of([lossy], [known], "c")[-2] == "c has a unit do something"
    assert said_of([], [], "c") == []
    units = [replace(known, name=name) for name in ("Boat 10", "Boat 2")]
    listed = said_of([lossy], [*units, waits], "c")
    assert [line[5:12] for line in listed if line.startswith("unit ")] == [
        "DD-EE-A", "Boat 2 ", "Boat 10",
    ], "who waits first, then in their natural order"  # fmt: skip


def test_what_a_unit_answered_is_said_with_its_age() -> None:
    def told(command: str, state: str, text: str = "", age: float = 12.0) -> str:
        return answer_text(UnitAnswer(command=command, state=state, text=text, age=age))

    assert told("BATTERY_VOLTAGE", "answered", "3.9 V\n\x1b[2J") == (
        "BATTERY_VOLTAGE: 3.9 V ␛[2J (12 s ago)"
    )
    assert told("GPS OFF", "refused", "not now, code 403", 130.0).endswith("403 (2 min ago)")
    assert told("GPS ON", "silent") == "GPS ON: no answer within 10 s (12 s ago)"
    assert "it went off" in told("POWER OFF", "gone")
    assert "hung up before it answered" in told("GPS ON", "gone")
    waits = Unit(serial_number="A", accepted=False, connected=True, messages=1)
    assert unit_text(waits) == "waits to be accepted · 1 message"
    assert unit_text(replace(waits, accepted=True, connected=False)) == "not connected"
    assert waiting_text(["A", "B"], "c") == "2 units waiting: c to accept them"
    assert waiting_text([], "c") == ""


@pytest.mark.parametrize("keys", [{}, {"live.health": ["f5"], "health.units": ["x"]}])
def test_a_unit_that_waits_is_said_above_the_wall_with_the_keys_that_accept_it(
    keys: dict[str, list[str]],
) -> None:
    speak_of(keys)
    try:
        to_it = "f5 x" if keys else f"{key_for('live.health')} c"
        one = health_line(Health(), str, 80, ["DC-GD-AAAB\x1b"])
        two = health_line(Health(), str, 80, ["DC-GD-AAAB", "DC-GD-AAAC"])
        # As long as a connection may say; the keys stand all the same.
        long = health_line(Health(), str, 80, ["é" * 64])
    finally:
        speak_of({})
    said = [line.right[0].text for line in (one, two, long)]
    assert said[0] == f" ! unit DC-GD-AAAB␛ waiting: {to_it} to accept it "
    assert said[1] == f" ! 2 units waiting: {to_it} to accept them "
    assert said[2].endswith(f"ééé… waiting: {to_it} to accept it ")
    assert all("msg/s" in "".join(text for text, _ in one.cells(80)) for one in (one, two, long))


def test_an_address_is_shown_as_it_is_read_and_never_as_a_control_sequence() -> None:
    said = said_of([replace(ONE, address="udp://:1?boat=N%C3%A4h%20%1B%5B31m%0A%FF")], [], "U")
    assert said[0].startswith("udp://:1?boat=Näh ␛[31m↵\N{REPLACEMENT CHARACTER}  receiving")
    assert all(line.isprintable() for line in said)


def test_however_many_look_for_the_first_boat_one_look_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each that began another of its own came to more and more of them a second."""
    places = locations_in(tmp_path)
    screen = LiveScreen(Workspace(load(places.config_file(), environment={}), places))
    waits: list[object] = []

    def set_timer(_seconds: float, _look: object) -> SimpleNamespace:
        timer = SimpleNamespace(stop=lambda: waits.remove(timer))
        waits.append(timer)
        return timer

    monkeypatch.setattr(screen, "set_timer", set_timer)
    watching = SimpleNamespace(listening=True, serials=())
    screen.picture.watching = cast(Watching, watching)
    for _ in range(3):
        screen._await_first_boat()
        assert len(waits) == 1
    watching.serials = ("SO-AA-AAAA",)
    screen._await_first_boat()
    assert waits == []
