"""The TrackMyPeople client over real sockets against the embedded service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.harness import EmbeddedServer
from tui.services.errors import AuthenticationFailed, NotFound, Refused
from tui.services.trackmypeople import OverlapRefused, TrackMyPeople
from tui.services.transport import Transport


def connect(server: EmbeddedServer, **options: Any) -> TrackMyPeople:
    known = server.credentials
    options.setdefault("password", known.trackmypeople_password)
    return TrackMyPeople(
        Transport("trackmypeople", server.url("/trackmypeople/api")),
        known.trackmypeople_user,
        **options,
    )


@pytest.fixture(params=["json", "xml"])
async def timer(
    server: EmbeddedServer, request: pytest.FixtureRequest
) -> AsyncIterator[TrackMyPeople]:
    server.reset()
    method = "GET" if request.param == "xml" else "POST"
    async with connect(server, format=request.param, method=method) as client:
        yield client


async def test_a_working_day(timer: TrackMyPeople) -> None:
    trackers = await timer.trackers()
    assert len(trackers) > 3
    assert {tracker.depth for tracker in trackers} >= {0, 1}
    assert not any(tracker.name.startswith(("-", "→", ">")) for tracker in trackers)
    if (await timer.status()).running:
        await timer.stop()
    before = await timer.total()
    started = await timer.start(trackers[1].id)
    assert started.running
    with pytest.raises(Refused):
        await timer.start(trackers[1].id)
    switched = await timer.switch(trackers[2].id, description="first & foremost")
    assert switched.last_block is not None
    assert switched.last_block.tracker is not None
    assert switched.last_block.tracker.id == trackers[2].id
    state = await timer.status()
    assert state.running
    assert state.default_tracker is not None
    await timer.stop(description="done")
    assert not (await timer.status()).running
    with pytest.raises(Refused):
        await timer.stop()
    assert await timer.total() >= before


async def test_adding_time_and_the_block_in_the_way(timer: TrackMyPeople) -> None:
    trackers = await timer.trackers()
    start = datetime(2001, 2, 3, 9, tzinfo=UTC)
    stop = start + timedelta(hours=2)
    added = await timer.add(start, stop=stop, tracker_id=trackers[1].id, description="Lay-out <é>")
    assert (added.time_in, added.time_out, added.total) == (start, stop, 7200)
    assert (added.description, added.free) == ("Lay-out <é>", False)
    with pytest.raises(OverlapRefused) as caught:
        await timer.add(start + timedelta(hours=1), stop=stop + timedelta(hours=1))
    assert caught.value.link
    assert str(added.id) in caught.value.link
    with pytest.raises(Refused) as refused:
        await timer.add(stop, stop=start)
    assert not isinstance(refused.value, OverlapRefused)
    free = await timer.addfree(Decimal("7.5"), date=start.date() + timedelta(days=1))
    assert (free.free, free.total) == (True, 27000)
    report = await timer.report(start=start.date(), stop=start.date() + timedelta(days=2))
    assert {block.id for block in report} == {added.id, free.id}
    only_free = await timer.report(
        start=start.date(), stop=start.date() + timedelta(days=2), free=True
    )
    assert [block.id for block in only_free] == [free.id]


async def test_people_and_versions(timer: TrackMyPeople) -> None:
    people = await timer.reportees()
    assert people
    assert all(person.first_name for person in people)
    theirs = await timer.report(profile_id=people[0].id)
    assert {block.profile_id for block in theirs} == {people[0].id}
    checked = await timer.version("Terminal_0.0.1")
    assert checked.current or checked.url


async def test_a_wrong_password_and_a_wrong_path(server: EmbeddedServer) -> None:
    async with connect(server, password="wrong") as client:
        with pytest.raises(AuthenticationFailed):
            await client.status()
    async with connect(server, paths={"status": "nowhere"}) as client:
        with pytest.raises(NotFound):
            await client.status()
