"""The TickTocker client over real sockets against the embedded service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from tests.harness import EmbeddedServer
from tui.services.errors import AuthenticationFailed, NotFound, RateLimited, Refused
from tui.services.throttle import Throttle, ThrottleRule
from tui.services.ticktocker import TickTocker, Tock
from tui.services.transport import Transport

START = datetime(2024, 5, 1, 12, tzinfo=UTC)


def connect(server: EmbeddedServer, **options: Any) -> TickTocker:
    """A client whose waiting moves the server's clock, so that its own throttle is content."""
    known = server.credentials
    server.clock.set(START)

    async def sleep(seconds: float) -> None:
        server.clock.advance(seconds=seconds)

    throttle = Throttle(
        rule=ThrottleRule(interval=0.25), clock=lambda: server.clock().timestamp(), sleep=sleep
    )
    options = {"throttle": throttle, "password": known.ticktocker_password, **options}
    return TickTocker(
        Transport("ticktocker", server.url("/ticktocker/api/1")),
        known.ticktocker_user,
        options.pop("application", known.ticktocker_application),
        **options,
    )


@pytest.fixture
async def ticker(server: EmbeddedServer) -> AsyncIterator[TickTocker]:
    server.reset()
    async with connect(server) as client:
        yield client


async def test_logging_in_by_itself_and_the_version(ticker: TickTocker) -> None:
    version = await ticker.version()
    assert (version.api_version, version.logged_in) == (1, True)
    assert version.calls is not None
    assert ticker.throttle.remaining == version.calls


async def pages(ask: Callable[[int], Awaitable[list[Tock]]]) -> list[Tock]:
    """All pages of a stream: behind the last one comes an empty one."""
    found, number = await ask(1), 1
    while page := await ask(number := number + 1):
        found += page
    return found


async def test_submitting_and_reading_back(ticker: TickTocker) -> None:
    start = START + timedelta(days=3)
    made = await ticker.submit(
        "Regatta & [b]breakfast",
        start,
        tags=["sailing", "food"],
        private=False,
        repeat="weekly",
        location="Auckland",
        timezone="Pacific/Auckland",
    )
    tock = await ticker.tock(made.short_url)
    assert tock.title == "Regatta & [b]breakfast"
    assert (tock.event_start, tock.event_end) == (start, start + timedelta(hours=1))
    assert (tock.tags, tock.repeat, tock.private) == (["sailing", "food"], "weekly", False)
    mine = await pages(partial(ticker.me, "mine", "latest"))
    assert made.short_url in [tock.short_url for tock in mine]
    with pytest.raises((NotFound, Refused)):
        await ticker.tock("nothing-here")


async def test_feeds_page_to_their_end(ticker: TickTocker) -> None:
    tocks = await pages(partial(ticker.community, "upcoming"))
    assert len(tocks) > len(await ticker.community("upcoming"))
    assert len({tock.short_url for tock in tocks}) == len(tocks)


async def test_following_is_a_toggle(ticker: TickTocker) -> None:
    feed = await ticker.community("fresh")
    other = next(tock for tock in feed if tock.author_url != "demo")
    before = (await ticker.tock(other.short_url)).author_followed
    await ticker.follow(other.author_url)
    assert (await ticker.tock(other.short_url)).author_followed is not before
    await ticker.follow(other.author_url)
    assert (await ticker.tock(other.short_url)).author_followed is before
    theirs = await ticker.user(other.author_url, "latest")
    assert {tock.author_url for tock in theirs} <= {other.author_url}


async def test_the_clients_throttle_keeps_the_service_content(ticker: TickTocker) -> None:
    for _ in range(25):
        await ticker.version()


async def test_without_a_throttle_the_service_says_no(server: EmbeddedServer) -> None:
    server.reset()
    free = Throttle(rule=ThrottleRule(interval=0, capacity=1000))
    async with connect(server, throttle=free, password=None,
                       apikey=server.credentials.ticktocker_key) as client:  # fmt: skip
        await client.version()
        with pytest.raises(RateLimited) as caught:
            await client.version()
    assert caught.value.code == "-5"


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"password": None, "apikey": "x"}, {"application": "x"}]
)
async def test_wrong_credentials(server: EmbeddedServer, wrong: dict[str, Any]) -> None:
    server.reset()
    async with connect(server, **wrong) as client:
        with pytest.raises(AuthenticationFailed):
            await client.community("hot")
