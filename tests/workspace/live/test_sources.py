"""The boats that sources hear: which are taken, and how long the first one is waited for."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import pytest

from tui.cli.streams import serials_of
from tui.live.supervisor import LiveFeed
from tui.services.errors import ConnectionFailed, NotFound
from tui.services.igtimi.sources import Source
from tui.workspace.connections.connections import Connections
from tui.workspace.live import joining
from tui.workspace.live import sources as module
from tui.workspace.live.live import LiveRoom, Place
from tui.workspace.live.sources import Sources


class Heard(Sources):
    """Sources that stand each time as was said; in the end as the last time."""

    there = True

    def __init__(self, *stood: list[Source]) -> None:
        super().__init__(cast(Connections, None))
        self._stood = list(stood)
        self.looks = 0

    async def heard(self) -> list[Source]:
        self.looks += 1
        return self._stood.pop(0) if len(self._stood) > 1 else self._stood[0]


def source(number: int, *serials: str, state: str = "receiving") -> Source:
    return Source(
        id=number, address="udp://:1", kept=True, state=state, boats=len(serials),
        serial_numbers=list(serials), lost={}, lost_words={},
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.0)


async def test_the_first_boats_are_waited_for_until_no_more_come() -> None:
    waits: list[int] = []
    heard = Heard(
        [source(1, state="starting")],
        [source(1, state="waiting")],
        [source(1, "SO-AA-AAAA")],
        [source(1, "SO-AA-AAAA"), source(2, "SO-AA-AAAB", "SO-AA-AAAA")],
    )
    assert await heard.boats(lambda: waits.append(1)) == ["SO-AA-AAAA", "SO-AA-AAAB"]
    assert len(waits) == 1, "said once"
    assert heard.looks == 5


async def test_nobody_is_waited_for_in_vain() -> None:
    def never() -> None:
        pytest.fail("there is nothing to wait for")

    assert await Heard([]).boats(never) is None
    assert await Heard([source(1, state="failed")]).boats(never) == []
    assert await Heard([source(1, state="waiting")]).boats(never, 0.0) == []


async def test_boats_that_are_heard_later_are_followed_beside_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(joining, "EVERY", 0.0)
    a, b, c = ("SO-AA-AAAA", "SO-AA-AAAB", "SO-AA-AAAC")
    followed: list[list[str]] = []
    told: list[list[str]] = []
    looked: list[int] = []
    feed = SimpleNamespace(serials=(a,))

    async def follow(serials: list[str]) -> None:
        followed.append(serials)
        feed.serials = tuple(serials)

    async def devices() -> list[Place]:
        looked.append(1)
        if len(looked) == 1:
            raise ConnectionFailed("nobody there")
        return []

    async def joined(others: Sequence[str]) -> None:
        told.append([*others])
        if c in others:
            raise LookupError("what goes wrong there is heard")

    feed.follow = follow
    heard = Heard([source(1, a)], [source(1, b)], [source(1, b)], [source(1, a), source(2, b, c)])
    room = cast(LiveRoom, SimpleNamespace(sources=heard, devices=devices))
    with pytest.raises(LookupError):
        await joining.join_boats(room, cast(LiveFeed, feed), joined)
    assert followed == [[a, b], [a, b, c]]
    assert told == [[b], [c]]
    heard.there = False
    await joining.join_boats(room, cast(LiveFeed, feed), joined)


async def test_beside_real_sources_no_simulated_boat_is_meant() -> None:
    every = argparse.Namespace(device=[], session=None)

    def room(*stood: list[Source]) -> LiveRoom:
        async def devices() -> list[Place]:
            return [Place(serial, serial) for serial in ("GA-EN-AAAA", "SO-AA-AAAA")]

        made = SimpleNamespace(sources=Heard(*stood), devices=devices, names={"GA-EN-AAAA": "K"})
        return cast(LiveRoom, made)

    assert await serials_of(room([]), every) == ["GA-EN-AAAA", "SO-AA-AAAA"]
    heard = room([source(1, state="starting")], [source(1, "SO-AA-AAAA")])
    assert await serials_of(heard, every) == ["SO-AA-AAAA"]
    with pytest.raises(NotFound, match=r"no boat was heard within 0 s \(udp://:1: waiting\)"):
        await serials_of(room([source(1, state="waiting")]), every, 0.0)
    both = [source(1, state="waiting"), source(2, state="retrying")]
    with pytest.raises(NotFound, match=r"waiting.*retrying"):
        await serials_of(room(both), every, 0.0)
    with pytest.raises(ConnectionFailed, match="retrying"):
        await serials_of(room([source(1, state="retrying")]), every, 0.0)
    named = argparse.Namespace(device=["K"], session=None)
    assert await serials_of(room([source(1)]), named) == ["GA-EN-AAAA"], "who is named is meant"
