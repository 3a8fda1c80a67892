"""What the Health page says of holes, of what is asked for again, and of values that contradict."""

from __future__ import annotations

from datetime import UTC
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tui.live.day import DayEvent
from tui.live.feed import DeviceHealth, FeedState, Health, Phase
from tui.live.silences import Hole
from tui.live.store import FeedStore
from tui.screens.live.alarms import Alarm, Alarms
from tui.screens.live.health import health_text
from tui.screens.live.status import recording_piece, state_line
from tui.screens.live.watch import Watching

START = 1_384_906_719_000


def watched(holes: list[Hole], health: Health) -> Watching:
    """A screen's watching, with a feed that says this."""
    feed = SimpleNamespace(
        store=FeedStore(), health=lambda: health, standing=lambda: holes, states=[], serials=()
    )
    room = SimpleNamespace(name=lambda _: "Pet\x1b[31mrel", recorder=None)
    made = Watching(cast(Any, room))
    made.live = cast(Any, feed)
    return made


def test_holes_and_contradictions_are_said_and_nothing_where_there_are_none() -> None:
    hole = Hole("GA-DK-AAAD", START, START + 90_000)
    watching = watched([hole, hole], Health(conflicts=3, asked_later=2))
    said = health_text(watching, UTC)
    assert "(GA-DK-AAAD): nothing from 2013-11-20 00:18:39 to 00:20:09" in said
    assert "silence that is asked for again later: 2" in said
    assert "3 values came for times that had others: what came first stands" in said
    assert "\x1b" not in said
    assert watching.holes_text() == "; 2 holes left, i names them"
    watching = watched([], Health())
    assert watching.holes_text() == ""
    assert not any(word in health_text(watching, UTC) for word in ("nothing from", "again later"))


def test_who_could_not_be_asked_for_is_called_as_people_do_and_marks_to_come_are_not_told() -> None:
    failed = Health(holes=1, hole_failure=("GA-DK-AAAD", "HTTP 503"))
    watching = watched([], failed)
    assert "rel could not be filled: HTTP 503" in health_text(watching, UTC)
    watching.know([DayEvent(START, "Mark 1"), DayEvent(START + 60_000, "Mark 2")])
    assert "Mark 2" in health_text(watching, UTC), "live, all of them were"
    watching.replay = cast(
        Any,
        SimpleNamespace(
            store=FeedStore(), health=Health, now=START + 59_999, source=SimpleNamespace(serials=())
        ),
    )
    said = health_text(watching, UTC)
    assert "Mark 1" in said
    assert "Mark 2" not in said


def test_the_longest_silence_comes_first_and_who_is_heard_stays_in_place() -> None:
    def page(**ages: int | None) -> list[str]:
        devices = tuple(
            DeviceHealth(serial, None if age is None else START, age)
            for serial, age in ages.items()
        )
        watching = watched([], Health(devices=devices))
        watching.room = cast(Any, SimpleNamespace(name=str, recorder=None))
        return [line.split()[0] for line in health_text(watching, UTC).split("\n\n")[0].split("\n")]

    first = page(B10=900, B2=1100, B1=40, gone=300_000, late=9_000, never=None, A=4_999)
    assert first == ["never", "gone", "late", "A", "B1", "B2", "B10"]
    assert page(B10=1200, B2=10, B1=1500, gone=301_000, late=9_900, never=None, A=20) == first


def test_a_replay_is_not_told_as_what_is_live_but_what_is_recorded_beside_it_is() -> None:
    watching = watched([], Health(messages=7))
    assert watching.live is not None
    connection = [(("GA-DK-AAAD",), FeedState(Phase.LIVE, server="wss://boats"))]
    cast(Any, watching.live).states = connection
    assert "connection of 1 device: live wss://boats" in health_text(watching, UTC)
    assert "7 messages" in health_text(watching, UTC)
    source = SimpleNamespace(serials=())
    played = SimpleNamespace(store=FeedStore(), health=Health, now=START, source=source)
    watching.replay = cast(Any, played)
    said = health_text(watching, UTC)
    assert not any(word in said for word in ("connect", "message"))
    watching.room.recorder = cast(Any, SimpleNamespace())
    said = health_text(watching, UTC)
    assert "recorded meanwhile, beside this replay:\nconnection of 1 device: live" in said


def test_what_rang_stands_until_it_is_over_or_was_read_and_health_names_it() -> None:
    alarms = Alarms()
    silent = Alarm(("silence", "A"), "Kōtare silent since 14:02:10", START)
    fast = Alarm(("limit", "B", "SOG", "0"), "Petrel: SOG 12.1 kn is above 10.0 kn", START + 5)
    alarms.stand([silent, fast])
    assert alarms.unread == [fast, silent], "the newest first"
    alarms.read()
    assert (alarms.unread, alarms.standing) == ([], [fast, silent])
    later = fast._replace(text="Petrel: SOG 12.9 kn is above 10.0 kn")
    alarms.stand([later])
    assert (alarms.unread, alarms.standing) == ([], [later]), "the same one goes on"
    alarms.stand([silent, later])
    assert alarms.unread == [silent], "one that was over is news again"
    watching = watched([], Health())
    watching.alarms.stand([silent])
    watching.alarms.rang.append((START, "Petrel silent for 0:30"))
    said = health_text(watching, UTC)
    assert said.startswith("! Kōtare silent since 14:02:10\n00:18:39  rang: Petrel silent for 0:30")


@pytest.mark.parametrize("width", [80, 120, 240])
def test_the_line_of_the_state_has_room_for_an_alarm_and_for_the_key_to_all(width: int) -> None:
    state = FeedState(Phase.LIVE, since=START)
    recording = [recording_piece(3725, 12_345_678, None, ascii_only=False)]
    alarms = ["Sailing Team of the Western Isles silent since 14:02:10", "another"]
    line = state_line(
        state, "14 devices", 0.0, UTC, ascii_only=False, recording=recording, alarms=alarms,
        width=width, held="held at 14:02:11",
    )  # fmt: skip
    said = "".join(text for text, _ in line.cells(width))
    assert "● live" in said
    assert " +1: i " in said
    assert "REC 1:02:05" in said
    assert " ! Sailing Team" in said
    assert ("14:02:10" in said) is (width > 120), "where there is room it is whole"
